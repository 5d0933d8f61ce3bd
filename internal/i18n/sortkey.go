package i18n

import (
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// swedishOrder is the reformed order of 2006 (Svenska Akademiens ordlista):
// v and w are letters of their own.
var swedishOrder = language.MustParse("sv-u-co-reformed")

// A collator keeps state while it works, so each caller takes one of its own.
var collators = sync.Pool{New: func() any { return collate.New(swedishOrder) }}

// SortKey is s as bytes whose order is the Swedish one: å ä ö last, v before w,
// upper and lower case together. Stored beside a name it gives the same order
// in every database. Different strings have different keys.
func SortKey(s string) []byte {
	c, _ := collators.Get().(*collate.Collator)
	defer collators.Put(c)
	var buf collate.Buffer
	key := c.KeyFromString(&buf, s)
	out := make([]byte, 0, len(key)+1+len(s))
	out = append(out, key...)
	out = append(out, 0)
	return append(out, s...)
}
