package i18n

import "slices"

// Letters are what a list in Swedish order is found by.
var Letters = func() []string {
	var all []string
	for r := 'A'; r <= 'Z'; r++ {
		all = append(all, string(r))
	}
	return append(all, "Å", "Ä", "Ö")
}()

// LetterKeys are the sort keys between which those under the letter stand: from
// the first one on and before the second one. What stands before A is under A,
// and what stands after Ö is under Ö, so that everything is under some letter:
// there the key is nil. Both are nil for what is no letter.
func LetterKeys(letter string) (from, until []byte) {
	at := slices.Index(Letters, letter)
	if at > 0 {
		from = primary(Letters[at])
	}
	if at >= 0 && at < len(Letters)-1 {
		until = primary(Letters[at+1])
	}
	return from, until
}

// SameKeys are the sort keys between which those stand that are the same but for
// case and accents: from the first one on and before the second one.
func SameKeys(s string) (from, until []byte) {
	key := primary(s)
	return append(slices.Clone(key), 0, 0), append(slices.Clone(key), 0, 1)
}

// primary is the beginning of the sort keys of all that begin with the letter,
// whatever its case: the weight of the letter alone, before the first zero.
func primary(s string) []byte {
	key := SortKey(s)
	for i := 0; i+1 < len(key); i += 2 {
		if key[i] == 0 && key[i+1] == 0 {
			return key[:i]
		}
	}
	return key
}
