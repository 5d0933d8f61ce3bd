package text

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold is the text as it is compared when somebody looks for it: in small letters and
// without marks, whichever way the letters were composed. So å and ä are a, ö and ø
// are o, é is e.
func Fold(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unmarked[r] != "":
			out.WriteString(unmarked[r])
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// unmarked are letters that Unicode takes for letters of their own and a keyboard
// without them writes so.
var unmarked = map[rune]string{'ø': "o", 'æ': "ae", 'œ': "oe", 'ß': "ss", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ı': "i"}

// Words are the folded words of a text, each once, by which it is found: "Ann-Sofie
// O’Brien" by ann, sofie, annsofie, o, brien and obrien. An e-mail address is found by
// the words before its @ and as a whole.
func Words(s string) []string {
	var words []string
	add := func(word string) {
		if word != "" && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	for _, run := range strings.Fields(Fold(s)) {
		if before, _, is := strings.Cut(run, "@"); is {
			add(address(run))
			run = before
		} else {
			add(joined(run))
		}
		for _, word := range strings.FieldsFunc(run, outside) {
			add(word)
		}
	}
	return words
}

// joined is a run without its apostrophes and hyphens, when nothing else parts it.
func joined(run string) string {
	run = strings.Trim(strings.Map(func(r rune) rune {
		if apostrophe(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, run), ".,;:!?()[]\"”“»«")
	if strings.ContainsFunc(run, outside) {
		return ""
	}
	return run
}

func address(run string) string { return strings.Trim(run, "<>()[],;:\"'") }

func outside(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

func apostrophe(r rune) bool { return strings.ContainsRune("'’‘ʼ`´′", r) }

// Sought is what somebody looks for: folded words, each of which must be found.
type Sought []string

// Seek reads what somebody looks for.
func Seek(s string) Sought {
	var sought Sought
	for _, run := range strings.Fields(Fold(s)) {
		if strings.Contains(run, "@") {
			sought = append(sought, address(run))
			continue
		}
		run = strings.Map(func(r rune) rune {
			if apostrophe(r) {
				return -1
			}
			return r
		}, run)
		sought = append(sought, strings.FieldsFunc(run, outside)...)
	}
	return sought[:min(len(sought), mostSought)]
}

// mostSought is how many words are looked for: more say no more about anybody.
const mostSought = 8

// How well a text fits what is sought, the best first.
const (
	Begun  = iota // each word begins one of its words
	Within        // each stands at least inside a word: "underlag" in "faktureringsunderlag"
	Slip          // but for one slip in a word
	Nowhere
)

// Shortest words, in letters, for which less than a beginning is enough: shorter ones
// are inside of or one slip from nearly everything.
const (
	shortestWithin = 4
	shortestSlip   = 5
)

// Fits tells how well the text fits: as its worst word does.
func (q Sought) Fits(s string) int {
	if len(q) == 0 {
		return Nowhere
	}
	words, worst := Words(s), Begun
	for _, sought := range q {
		best := Nowhere
		for _, word := range words {
			best = min(best, fits(sought, word))
		}
		worst = max(worst, best)
	}
	return worst
}

func fits(sought, word string) int {
	letters := []rune(sought)
	switch {
	case strings.HasPrefix(word, sought):
		return Begun
	case len(letters) >= shortestWithin && strings.Contains(word, sought):
		return Within
	case len(letters) >= shortestSlip && slipped(letters, []rune(word)):
		return Slip
	}
	return Nowhere
}

// slipped tells whether the word begins as the letters do but for one slip: a letter
// too much, too few, another one, or two that changed places.
func slipped(a, b []rune) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	begins := func(a, b []rune) bool { return len(a) <= len(b) && slices.Equal(a, b[:len(a)]) }
	switch {
	case i == len(a):
		return true
	case begins(a[i+1:], b[i:]): // too much
		return true
	case i == len(b):
		return false
	case begins(a[i:], b[i+1:]), begins(a[i+1:], b[i+1:]): // too few, another
		return true
	default:
		return i+1 < len(a) && i+1 < len(b) && a[i] == b[i+1] && a[i+1] == b[i] && begins(a[i+2:], b[i+2:])
	}
}

// Slips are the words that are one slip away from the word, for an index that is asked
// for whole words; none for a short word. Letters are those that Fold leaves of names
// in Latin script.
func Slips(word string) []string {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	w := []rune(word)
	if len(w) < shortestSlip || len(w) > 40 || strings.Contains(word, "@") {
		return nil
	}
	var all []string
	for i := range len(w) + 1 {
		head, tail := string(w[:i]), w[i:]
		if len(tail) > 0 {
			all = append(all, head+string(tail[1:]))
		}
		if len(tail) > 1 {
			all = append(all, head+string(tail[1])+string(tail[0])+string(tail[2:]))
		}
		for _, r := range letters {
			all = append(all, head+string(r)+string(tail))
			if len(tail) > 0 {
				all = append(all, head+string(r)+string(tail[1:]))
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
