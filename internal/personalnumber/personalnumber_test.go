package personalnumber

import (
	"testing"

	"yrkesresan/internal/clock"
)

var words = map[error]string{ErrForm: "form", ErrCheck: "check", ErrDay: "day", ErrReserve: "reserve", ErrCentury: "century"}

func TestNumbersAreReadAsPeopleWriteThem(t *testing.T) {
	const same = "198507099805"
	today := clock.Date(2026, 3, 2)
	for _, c := range []struct {
		name, cell   string
		want         string // twelve digits, or a word for the error
		coordination bool
	}{
		{"twelve digits", "198507099805", same, false},
		{"twelve with a hyphen", "19850709-9805", same, false},
		{"ten with a hyphen", "850709-9805", same, false},
		{"ten with a dash of a word processor", "850709–9805", same, false},
		{"with spaces", " 19850709 9805 ", same, false},
		{"ten alone, of working age in one century", "8507099805", same, false},
		{"a co-ordination number", "701063-2391", "197010632391", true},
		{"a co-ordination number in twelve digits", "196408833231", "196408833231", true},

		{"plus is a hundred years and more", "120302+1231", "191203021231", false},
		{"minus is the latest century", "120302-1231", "201203021231", false},
		{"plus for who turns a hundred this year", "260303+1234", "192603031234", false},
		{"minus for who turned ninety-nine last year is who was born then", "250302-1236", "202503021236", false},
		{"born today", "260302-1235", "202603021235", false},
		{"born tomorrow", "260303-1234", "day", false},
		{"plus for somebody of a hundred and forty", "850709+9805", "188507099805", false},

		{"ten alone, eighty", "4603021231", "194603021231", false},
		{"ten alone, eighty-one tomorrow", "4503031231", "194503031231", false},
		{"ten alone, eighty-one today", "4503021232", "century", false},
		{"ten alone, fifteen today", "1103021232", "201103021232", false},
		{"ten alone, fifteen tomorrow", "1103031231", "century", false},
		{"ten alone, a child or a hundred and more", "1203021231", "century", false},

		{"a wrong check digit", "198507099806", "check", false},
		{"a day that there is not", "850230-1230", "day", false},
		{"the last day of a leap year", "000229-1235", "200002291235", false},
		{"29 February in another", "010229-1234", "day", false},
		{"the 32nd", "850732-1233", "day", false},
		{"a co-ordination number of the 31st", "850791-1231", "198507911231", true},
		{"a co-ordination number of the 32nd", "850792-1230", "day", true},
		{"a co-ordination number of day nought", "850760-1238", "day", false},
		{"the thirteenth month", "851309-1234", "day", false},
		{"nobody has 000", "700101-0003", "check", false},

		{"a reserve number with a letter", "19850709-98R5", "reserve", false},
		{"a reserve number in small letters", "850709-t805", "reserve", false},
		{"a reserve number of a century that is no one's", "998507099805", "reserve", false},
		{"the first century", "188507099805", "188507099805", false},
		{"before it", "178507099805", "reserve", false},
		{"after the last", "218507099805", "reserve", false},

		{"too short", "850709-980", "form", false},
		{"too long", "1985070998055", "form", false},
		{"twelve with a plus", "19850709+9805", "form", false},
		{"a hyphen elsewhere", "8507-099805", "form", false},
		{"words", "saknas", "form", false},
		{"digits of another writing", "٨٥٠٧٠٩-٩٨٠٥", "form", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, err := Read(c.cell, today)
			got := n.Digits
			if err != nil {
				got = words[err]
				if n != (Number{}) {
					t.Errorf("beside the error there is %+v", n)
				}
			}
			if got != c.want || len(c.want) == 12 && n.Coordination != c.coordination {
				t.Errorf("%q is %s (%t), want %s (%t)", c.cell, got, n.Coordination, c.want, c.coordination)
			}
		})
	}
}

func FuzzNumbers(f *testing.F) {
	for _, seed := range []string{"198507099805", "850709-9805", "120302+1232", "701063-2391", "R", "-", "8507-09980å"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		n, err := Read(cell, clock.Date(2026, 3, 2))
		if err == nil && (len(n.Digits) != 12 || !areDigits(n.Digits) || !checks(n.Digits[2:])) {
			t.Errorf("%q is read as %q", cell, n.Digits)
		}
	})
}
