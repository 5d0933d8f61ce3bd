// Package personalnumber reads Swedish personal identity numbers, as people and systems write
// them. The product keeps none of them: see package intake.
package personalnumber

import (
	"errors"
	"strings"
	"time"

	"yrkesresan/internal/clock"
)

// Who works is between these ages, both of them included: by that a number without a century
// is read.
const (
	youngest = 15
	oldest   = 80
)

// Number is somebody's Swedish personal identity number (personnummer), or the co-ordination
// number (samordningsnummer) of who has none.
type Number struct {
	Digits       string // twelve
	Coordination bool
}

// Why a number is not read. None of them holds anything of it.
var (
	ErrForm    = errors.New("it is not written as a number is")
	ErrCheck   = errors.New("the check digit does not fit the others")
	ErrDay     = errors.New("the date of birth does not exist, or is still to come")
	ErrReserve = errors.New("it is a reserve number, which holds in one region only")
	ErrCentury = errors.New("nobody can know the century: ask")
)

// Read reads a personal identity number as people and systems write it (Skatteverket,
// SKV 704 and 707): twelve digits, or ten with "-" or, from the year in which somebody becomes
// a hundred, "+" before the last four. Ten digits alone are read when one century alone makes
// somebody of working age; otherwise it is ErrCentury. The errors are those above.
func Read(cell string, today clock.Day) (n Number, err error) {
	compact := strings.ToUpper(strings.NewReplacer(" ", "", "–", "-", "−", "-").Replace(cell))
	sign := ""
	if at := len(compact) - 5; at > 0 && (compact[at] == '-' || compact[at] == '+') {
		sign = compact[at : at+1]
		compact = compact[:at] + compact[at+1:]
	}
	if len(compact) != 10 && len(compact) != 12 {
		return n, ErrForm
	}
	born, last := compact[:len(compact)-4], compact[len(compact)-4:]
	switch {
	case !areDigits(born), strings.Trim(last, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		return n, ErrForm
	case !areDigits(last), len(born) == 8 && (born[:2] < "18" || born[:2] > "20"):
		// Regions make reserve numbers with letters at the end or centuries that are no one's.
		return n, ErrReserve
	case len(born) == 8 && sign == "+":
		return n, ErrForm
	case !checks(born[len(born)-6:]+last) || last[:3] == "000":
		return n, ErrCheck
	}
	if len(born) == 8 {
		n, ok := dated(born, last, today)
		if !ok {
			return Number{}, ErrDay
		}
		return n, nil
	}
	year, _, _ := today.Date()
	var fitting, working []Number
	for _, century := range []string{"18", "19", "20"} {
		n, ok := dated(century+born, last, today)
		if !ok {
			continue
		}
		turns := year - number(century+born[:2])
		switch {
		case sign == "-" && turns < 100, sign == "+" && turns >= 100 && turns < 200, sign == "":
			fitting = append(fitting, n)
		}
		if age := n.age(today); age >= youngest && age <= oldest {
			working = append(working, n)
		}
	}
	switch {
	case len(fitting) == 0:
		return n, ErrDay
	case sign != "":
		return fitting[0], nil
	case len(working) == 1:
		return working[0], nil
	}
	return n, ErrCentury
}

// dated is the number when its date is one, and not to come. Sixty are added to the day of a
// co-ordination number.
func dated(born, last string, today clock.Day) (Number, bool) {
	n := Number{Digits: born + last}
	day := number(born[6:])
	if day > 60 {
		n.Coordination, day = true, day-60
	}
	year, month := number(born[:4]), number(born[4:6])
	if month < 1 || month > 12 || day < 1 || day > lastOf(year, month) {
		return n, false
	}
	return n, n.born() <= today
}

// lastOf is how many days the month has.
func lastOf(year, month int) int { return clock.Date(year, time.Month(month)+1, 0).Time().Day() }

// born is the day of birth.
func (n Number) born() clock.Day {
	day := number(n.Digits[6:8])
	if n.Coordination {
		day -= 60
	}
	return clock.Date(number(n.Digits[:4]), time.Month(number(n.Digits[4:6])), day)
}

// age is how many birthdays there have been.
func (n Number) age(today clock.Day) int {
	year, month, day := today.Date()
	y, m, d := n.born().Date()
	age := year - y
	if month < m || month == m && day < d {
		age--
	}
	return age
}

func areDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// number is the value of digits.
func number(digits string) (n int) {
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n
}

// checks tells whether the last of ten digits is the check digit of the others: every other is
// doubled, and the digits of all are added to a multiple of ten (Luhn).
func checks(ten string) bool {
	sum := 0
	for i, d := range ten {
		v := int(d - '0')
		if i%2 == 0 {
			v *= 2
		}
		sum += v/10 + v%10
	}
	return sum%10 == 0
}
