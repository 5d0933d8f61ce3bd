package visit

import (
	"bytes"
	"encoding/xml"
	"fmt"

	"github.com/boombuler/barcode/qr"
)

// quiet is the white margin that readers need, in modules (ISO/IEC 18004).
const quiet = 4

// DrawCode is a QR code of the text as SVG, dark on white in every scheme.
func DrawCode(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("draw the code: %w", err)
	}
	size := code.Bounds().Dx()
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges"><title>`, size+2*quiet)
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		return nil, err
	}
	b.WriteString(`</title><rect width="100%" height="100%" fill="#fff"/><path fill="#000" d="`)
	for y := range size {
		for x := 0; x < size; x++ {
			run := 0
			for x+run < size {
				if r, _, _, _ := code.At(x+run, y).RGBA(); r != 0 {
					break
				}
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.Bytes(), nil
}
