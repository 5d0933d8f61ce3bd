package certificate

import (
	"testing"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// A letter that the font lacks would be an empty box in somebody's name.
func TestTheFontsHaveTheLettersOfNames(t *testing.T) {
	for name, file := range map[string][]byte{"regular": goregular.TTF, "bold": gobold.TTF} {
		font, err := sfnt.Parse(file)
		if err != nil {
			t.Fatal(err)
		}
		var b sfnt.Buffer
		for _, letter := range "åäöÅÄÖéèüßæøñçžšćłőğıțđŠŽČ–’”: 0123456789" {
			if glyph, err := font.GlyphIndex(&b, letter); err != nil || glyph == 0 {
				t.Errorf("the %s font has no %c (%v)", name, letter, err)
			}
		}
	}
}
