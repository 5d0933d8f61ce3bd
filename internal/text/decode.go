package text

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// ErrUnreadable is a file that is no text in any way of writing that Decode knows.
var ErrUnreadable = errors.New("the file is no text that can be read")

// Decode is the text of a file, whichever way a program here writes it: UTF-8 and
// UTF-16 with or without a byte order mark, UTF-32 with one, and else Windows-1252,
// of which Latin-1 is a part. ErrUnreadable for what is none of them.
func Decode(raw []byte) (string, error) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE, 0, 0}):
		return decoded(utf32.UTF32(utf32.LittleEndian, utf32.UseBOM).NewDecoder().Bytes(raw))
	case bytes.HasPrefix(raw, []byte{0, 0, 0xFE, 0xFF}):
		return decoded(utf32.UTF32(utf32.BigEndian, utf32.UseBOM).NewDecoder().Bytes(raw))
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}), bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		return decoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(raw))
	}
	if order, ok := sixteen(raw); ok {
		return decoded(unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Bytes(raw))
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if utf8.Valid(raw) {
		return decoded(raw, nil)
	}
	return decoded(charmap.Windows1252.NewDecoder().Bytes(raw))
}

// decoded refuses what holds NUL or what had no meaning in its way of writing.
func decoded(text []byte, err error) (string, error) {
	if err != nil || bytes.IndexByte(text, 0) >= 0 || bytes.ContainsRune(text, utf8.RuneError) {
		return "", ErrUnreadable
	}
	return string(text), nil
}

// sixteen tells whether the file is UTF-16 without a byte order mark, and which way
// round: what is written here is mostly Latin letters, of which every other byte is
// nought.
func sixteen(raw []byte) (order unicode.Endianness, ok bool) {
	head := raw[:min(len(raw), 1<<10)]
	if len(raw) < 4 || len(raw)%2 != 0 {
		return order, false
	}
	var noughts [2]int
	for i, b := range head {
		if b == 0 {
			noughts[i%2]++
		}
	}
	most := len(head) / 2
	switch {
	case noughts[0] == 0 && noughts[1]*10 >= most*7:
		return unicode.LittleEndian, true
	case noughts[1] == 0 && noughts[0]*10 >= most*7:
		return unicode.BigEndian, true
	}
	return order, false
}
