package money_test

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"yrkesresan/internal/money"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		name    string
		total   money.Ore
		weights []int64
		want    []money.Ore
	}{
		{"a lead trainer and a trainer share 7 600 kr as 3 to 2", money.Kronor(7600), []int64{150, 100}, []money.Ore{456000, 304000}},
		{"a team of three shares 5 600 kr in whole kronor", money.Kronor(5600), []int64{150, 100, 100}, []money.Ore{240000, 160000, 160000}},
		{"the öre left over goes to the part that lost most", 440000, []int64{150, 100, 100}, []money.Ore{188572, 125714, 125714}},
		{"among equals the earlier ones take what is left", 101, []int64{1, 1, 1}, []money.Ore{34, 34, 33}},
		{"a zero weight gets nothing even when öre are left", 101, []int64{0, 1, 0, 1}, []money.Ore{0, 51, 0, 50}},
		{"one alone takes all", 12345, []int64{7}, []money.Ore{12345}},
		{"nothing splits into nothing", 0, []int64{150, 100}, []money.Ore{0, 0}},
		{"a negative total is the mirror image", -101, []int64{1, 1, 1}, []money.Ore{-34, -34, -33}},
		{"the largest amount does not overflow", math.MaxInt64, []int64{math.MaxInt64, math.MaxInt64}, []money.Ore{math.MaxInt64/2 + 1, math.MaxInt64 / 2}},
		{"the smallest amount does not overflow", math.MinInt64, []int64{math.MaxInt64, 0}, []money.Ore{math.MinInt64, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := money.Split(c.total, c.weights); !slices.Equal(got, c.want) {
				t.Errorf("Split(%d, %v) = %v, want %v", c.total, c.weights, got, c.want)
			}
		})
	}
}

func TestSplitRefusesWeightsThatCarryNothing(t *testing.T) {
	for name, weights := range map[string][]int64{
		"no weights":         nil,
		"only zero weights":  {0, 0},
		"a negative weight":  {2, -1},
		"a sum over 64 bits": {math.MaxInt64, math.MaxInt64, 2},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Errorf("Split(1, %v) did not panic", weights)
				}
			}()
			money.Split(1, weights)
		})
	}
}

// drawSplit draws small weights half of the time, so that equal weights and remainders are common.
func drawSplit(t *rapid.T) (money.Ore, []int64) {
	most := rapid.SampledFrom([]int64{3, 200, math.MaxInt64 / 8}).Draw(t, "most")
	weights := rapid.SliceOfN(rapid.Int64Range(0, most), 1, 8).Draw(t, "weights")
	weights = append(weights, rapid.Int64Range(1, most).Draw(t, "positive"))
	total := rapid.OneOf(rapid.Int64Range(-50, 50), rapid.Int64Min(-math.MaxInt64)).Draw(t, "total")
	return money.Ore(total), weights
}

func TestSplitProperties(t *testing.T) {
	t.Run("parts sum to the whole and are within one öre of the exact share", rapid.MakeCheck(func(t *rapid.T) {
		total, weights := drawSplit(t)
		parts := money.Split(total, weights)
		sum, whole := new(big.Int), new(big.Int)
		for i := range weights {
			sum.Add(sum, big.NewInt(int64(parts[i])))
			whole.Add(whole, big.NewInt(weights[i]))
		}
		if sum.Cmp(big.NewInt(int64(total))) != 0 {
			t.Fatalf("parts %v sum to %v, want %d", parts, sum, total)
		}
		for i, w := range weights {
			exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(int64(total)), big.NewInt(w)), whole)
			off := exact.Sub(exact, new(big.Rat).SetInt64(int64(parts[i])))
			if off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("part %d is %d, %s öre from its exact share", i, parts[i], off.FloatString(3))
			}
			if w == 0 && parts[i] != 0 {
				t.Fatalf("a zero weight got %d", parts[i])
			}
		}
	}))

	t.Run("a greater weight never gets less, and among equals the earlier never", rapid.MakeCheck(func(t *rapid.T) {
		total, weights := drawSplit(t)
		parts := money.Split(total, weights)
		for i := range weights {
			for j := range weights {
				ahead := weights[i] > weights[j] || weights[i] == weights[j] && i < j
				more := parts[i] >= parts[j]
				if total < 0 {
					more = parts[i] <= parts[j]
				}
				if ahead && !more {
					t.Fatalf("weights %v of %d gave %v: %d before %d", weights, total, parts, j, i)
				}
			}
		}
	}))

	t.Run("another order moves at most the öre that equal remainders compete for", rapid.MakeCheck(func(t *rapid.T) {
		total, weights := drawSplit(t)
		parts := money.Split(total, weights)
		places := make([]int, len(weights))
		for i := range places {
			places[i] = i
		}
		places = rapid.Permutation(places).Draw(t, "places")
		moved := make([]int64, len(weights))
		for to, from := range places {
			moved[to] = weights[from]
		}
		var remainders []string // of the parts that changed
		for to, part := range money.Split(total, moved) {
			was := parts[places[to]]
			if part == was {
				continue
			}
			if part != was+1 && part != was-1 {
				t.Fatalf("weight %d got %d, and %d in another order", moved[to], was, part)
			}
			remainders = append(remainders, remainder(total, moved[to], weights))
		}
		for _, r := range remainders {
			if r != remainders[0] {
				t.Fatalf("parts with different remainders changed: %v", remainders)
			}
		}
	}))

	t.Run("a negative total is the mirror image", rapid.MakeCheck(func(t *rapid.T) {
		total, weights := drawSplit(t)
		mirror := money.Split(-total, weights)
		for i, p := range money.Split(total, weights) {
			if p != -mirror[i] {
				t.Fatalf("%d against %d", p, mirror[i])
			}
		}
	}))
}

// remainder is what rounding towards zero loses of one part, as a number to compare.
func remainder(total money.Ore, weight int64, weights []int64) string {
	sum := new(big.Int)
	for _, w := range weights {
		sum.Add(sum, big.NewInt(w))
	}
	product := new(big.Int).Mul(big.NewInt(int64(total)), big.NewInt(weight))
	return product.Rem(product, sum).String()
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       money.Ore
		ok         bool
	}{
		{"whole kronor", "400", money.Kronor(400), true},
		{"a Swedish decimal comma", "400,50", 40050, true},
		{"a point and one decimal", "2.4", 240, true},
		{"less than a krona below zero", "-0,05", -5, true},
		{"spaces around", " 650 ", money.Kronor(650), true},
		{"the largest amount", "92233720368547758.07", math.MaxInt64, true},
		{"one öre more than the largest amount", "92233720368547758.08", 0, false},
		{"three decimals", "2,375", 0, false},
		{"a thousands separator", "1 000", 0, false},
		{"a unit", "400 kr", 0, false},
		{"nothing", "", 0, false},
		{"no digits before the comma", ",50", 0, false},
		{"not a number", "NaN", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := money.Parse(c.text)
			if got != c.want || (err == nil) != c.ok {
				t.Errorf("Parse(%q) = %d, %v", c.text, got, err)
			}
		})
	}

	t.Run("reads what String writes", rapid.MakeCheck(func(t *rapid.T) {
		want := money.Ore(rapid.Int64().Draw(t, "öre"))
		if got, err := money.Parse(want.String()); got != want || err != nil {
			t.Fatalf("Parse(%q) = %d, %v", want, got, err)
		}
	}))
}

func TestString(t *testing.T) {
	for want, ore := range map[string]money.Ore{
		"196950.00": money.Kronor(196950), "0.05": 5, "-0.50": -50, "0.00": 0,
		"-92233720368547758.08": math.MinInt64,
	} {
		if got := ore.String(); got != want {
			t.Errorf("%d öre is %q, want %q", int64(ore), got, want)
		}
	}
}
