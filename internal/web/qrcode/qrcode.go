// Package qrcode draws the codes that phones scan.
package qrcode

import (
	"bytes"
	"encoding/xml"
	"fmt"

	"github.com/boombuler/barcode/qr"
)

// quiet is the white margin that readers need, in modules (ISO/IEC 18004).
const quiet = 4

// Run is a stretch of dark modules in a row of a QR code, from its upper left corner.
type Run struct{ X, Y, Length int }

// Modules are the dark modules of the text's QR code, which has so many modules a side, the
// white margin among them.
func Modules(text string) (size int, runs []Run, err error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return 0, nil, fmt.Errorf("draw the code: %w", err)
	}
	side := code.Bounds().Dx()
	for y := range side {
		for x := 0; x < side; x++ {
			run := 0
			for x+run < side {
				if r, _, _, _ := code.At(x+run, y).RGBA(); r != 0 {
					break
				}
				run++
			}
			if run > 0 {
				runs = append(runs, Run{x + quiet, y + quiet, run})
				x += run
			}
		}
	}
	return side + 2*quiet, runs, nil
}

// SVG is a QR code of the text, dark on white in every scheme.
func SVG(text string) ([]byte, error) {
	size, runs, err := Modules(text)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges"><title>`, size)
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		return nil, err
	}
	b.WriteString(`</title><rect width="100%" height="100%" fill="#fff"/><path fill="#000" d="`)
	for _, r := range runs {
		fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", r.X, r.Y, r.Length, r.Length)
	}
	b.WriteString(`"/></svg>`)
	return b.Bytes(), nil
}
