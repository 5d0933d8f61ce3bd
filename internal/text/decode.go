package text

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"golang.org/x/text/encoding"
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
	kind, mark := Kind(raw[:min(len(raw), headBytes)])
	if kind != nil {
		if mark == 0 && len(raw)%2 != 0 {
			return "", ErrUnreadable
		}
		return decoded(kind.NewDecoder().Bytes(raw[mark:]))
	}
	raw = raw[mark:]
	if utf8.Valid(raw) {
		return decoded(raw, nil)
	}
	return decoded(charmap.Windows1252.NewDecoder().Bytes(raw))
}

const headBytes = 1 << 10 // of a file, they tell how it is written

// Kind tells from a file's first kilobyte how it is written, and how long the byte order
// mark is that it begins with: UTF-16 or UTF-32; nil for what is one byte a letter or
// UTF-8, which only the whole file tells apart.
func Kind(head []byte) (kind encoding.Encoding, mark int64) {
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE, 0, 0}):
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), 4
	case bytes.HasPrefix(head, []byte{0, 0, 0xFE, 0xFF}):
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), 4
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), 2
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), 2
	case bytes.HasPrefix(head, []byte("\ufeff")):
		return nil, 3
	}
	if order, ok := sixteen(head); ok {
		return unicode.UTF16(order, unicode.IgnoreBOM), 0
	}
	return nil, 0
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
	head := raw[:min(len(raw), headBytes)]
	if len(head) < 4 || len(head)%2 != 0 {
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
