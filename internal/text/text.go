package text

import (
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Line is the text of a field of one line: in Unicode form C, a space where a line
// broke or a tab stood, without other control characters, without what turns the
// direction of writing for more than itself, and trimmed. Bytes that are no UTF-8
// become U+FFFD.
func Line(s string) string { return tidy(s, false) }

// Lines is the text of a field of several lines: as Line, but lines end with a
// line feed alone and tabs stay.
func Lines(s string) string { return tidy(s, true) }

func tidy(s string, many bool) string {
	if plain(s) {
		return strings.Trim(s, " ")
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, string(utf8.RuneError)), "\r\n", "\n")
	var out strings.Builder
	out.Grow(len(s))
	for _, r := range s {
		switch {
		case breaks(r) && many:
			out.WriteByte('\n')
		case r == '\t' && many:
			out.WriteByte('\t')
		case breaks(r) || r == '\t':
			out.WriteByte(' ')
		case !hidden(r):
			out.WriteRune(r)
		}
	}
	return strings.TrimSpace(norm.NFC.String(out.String()))
}

// plain tells whether the text is printable ASCII, as most is.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// breaks tells whether a line ends at the character (Unicode annex 14, classes BK,
// CR, LF and NL).
func breaks(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

// hidden tells whether a character is left out: controls, what embeds, overrides or
// isolates a direction of writing (Unicode annex 9), and what is as wide as nothing
// and makes two names look the same. Joiners stay: names in Persian and pictures of
// families are made with them.
func hidden(r rune) bool {
	switch {
	case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		return true
	case r == '\u200b', r == '\u2060', r == '\ufeff':
		return true
	}
	return false
}

// Tag is the key of a struct field's tag that says how its texts are made fit:
// `text:"lines"` for several lines, there and in what lies inside; nothing for one.
const Tag = "text"

// Tidy makes every text that can be reached from the pointer fit to keep, in place:
// the fields of structs, in slices and pointers and the values of maps. Keys of maps
// are names of ours and stay.
func Tidy(pointer any) { tidyValue(reflect.ValueOf(pointer), false) }

func tidyValue(v reflect.Value, many bool) {
	switch v.Kind() { //nolint:exhaustive // the others hold no text
	case reflect.Pointer:
		if !v.IsNil() {
			tidyValue(v.Elem(), many)
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString(tidy(v.String(), many))
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			tidyValue(v.Index(i), many)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			value := reflect.New(v.Type().Elem()).Elem()
			value.Set(v.MapIndex(key))
			tidyValue(value, many)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() {
				tidyValue(v.Field(i), many || field.Tag.Get(Tag) == "lines")
			}
		}
	}
}
