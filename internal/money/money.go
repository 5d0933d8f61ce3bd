// Package money keeps amounts as whole öre and divides them without losing any.
//
// All amounts of the programme exclude VAT. How an amount is written for people
// (196 950 kr) belongs to i18n; String and Parse are for files and options.
package money

import (
	"cmp"
	"fmt"
	"math/bits"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Ore is an amount in whole öre, one hundredth of a krona.
type Ore int64

// Kronor is n whole kronor.
func Kronor(n int64) Ore { return Ore(n) * 100 }

// String writes the amount in kronor with a point and two decimals: "196950.00", "-0.50".
func (o Ore) String() string {
	sign, size := o.parts()
	return fmt.Sprintf("%s%d.%02d", sign, size/100, size%100)
}

func (o Ore) parts() (sign string, size uint64) {
	if o < 0 {
		return "-", -uint64(o) //nolint:gosec // wraps to the right size, for the smallest int64 too, which has no positive twin
	}
	return "", uint64(o)
}

var amount = regexp.MustCompile(`^(-?[0-9]+)(?:[.,]([0-9]{1,2}))?$`)

// Parse reads kronor with at most two decimals after a comma or a point: "400", "400,50".
// It fails on anything else, thousands separators included, and on amounts too large for Ore.
func Parse(s string) (Ore, error) {
	m := amount.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return 0, fmt.Errorf("reading %q as an amount: expected kronor with at most two decimals, like 400 or 400,50", s)
	}
	ore, err := strconv.ParseInt(m[1]+(m[2] + "00")[:2], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("reading %q as an amount: too large", s)
	}
	return Ore(ore), nil
}

// Split divides total in proportion to weights by largest remainder: every part is first
// rounded towards zero, then the öre that are left go one each to the parts that lost most,
// the earlier one first among equals. The parts are in the order of weights and sum to total
// exactly; each is less than one öre from its exact share; a greater weight never gets less;
// a zero weight gets nothing. A negative total is split as the mirror image of the positive one.
//
// Split panics when a weight is negative, when none is positive or when their sum does not fit
// 64 bits: whoever owns the weights refuses such weights before.
func Split(total Ore, weights []int64) []Ore {
	var sum, carry uint64
	for _, w := range weights {
		if w < 0 {
			panic(fmt.Sprintf("money: splitting by the negative weight %d", w))
		}
		if sum, carry = bits.Add64(sum, uint64(w), 0); carry != 0 {
			panic("money: splitting by weights whose sum does not fit 64 bits")
		}
	}
	if sum == 0 {
		panic("money: splitting without a positive weight")
	}

	_, size := total.parts()
	parts := make([]uint64, len(weights))
	lost := make([]uint64, len(weights))
	order := make([]int, len(weights))
	left := size
	for i, w := range weights {
		hi, lo := bits.Mul64(size, uint64(w)) //nolint:gosec // not negative, and 128 bits hold every product
		parts[i], lost[i] = bits.Div64(hi, lo, sum)
		left -= parts[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(lost[b], lost[a]) })
	for _, i := range order[:left] {
		parts[i]++
	}

	split := make([]Ore, len(parts))
	for i, p := range parts {
		split[i] = Ore(p) //nolint:gosec // at most the size of total
		if total < 0 {
			split[i] = -split[i]
		}
	}
	return split
}
