package i18n_test

import (
	"bytes"
	"testing"

	"yrkesresan/internal/i18n"
)

func TestEveryNameStandsUnderItsLetter(t *testing.T) {
	for name, want := range map[string]string{
		"Alm": "A", "alm": "A", "A": "A", "Ásgeir": "A", "B": "B", "von Essen": "V", "V": "V", "W": "W", "Wallin": "W", "Z": "Z", "Zetterlund": "Z",
		"Åberg": "Å", "å": "Å", "Ärlig": "Ä", "Ær": "Ä", "Öberg": "Ö", "Ørsted": "Ö", "Müller": "M", "Łuczak": "L", "S": "S", "Söder": "S", "Östen": "Ö",
		"3G": "A", "Яна": "Ö", "É": "E",
	} {
		key, under := i18n.SortKey(name+" Test"), []string{}
		for _, letter := range i18n.Letters {
			from, until := i18n.LetterKeys(letter)
			if bytes.Compare(key, from) >= 0 && (until == nil || bytes.Compare(key, until) < 0) {
				under = append(under, letter)
			}
		}
		if len(under) != 1 || under[0] != want {
			t.Errorf("%s stands under %v and not %s", name, under, want)
		}
	}
	for _, none := range []string{"", "AB", "a", "1"} {
		if from, until := i18n.LetterKeys(none); from != nil || until != nil {
			t.Errorf("%q is no letter", none)
		}
	}
}
