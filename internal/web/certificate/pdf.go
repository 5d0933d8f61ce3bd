package certificate

import (
	"bytes"
	"net/http"
	"strconv"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/web/qrcode"
	"yrkesresan/internal/web/visit"
)

// PDF is what the file is called, below the certificate's address and where it is saved.
const PDF = "intyg.pdf"

// File is the certificate as a PDF. It says where and with which code it is checked, since
// a file cannot know what happens later; of one that holds no more there is none.
func File(v *visit.Visit) error {
	c, err := learning.CheckCertificate(v.Context(), v.Reader(), v.PathValue("code"))
	if err == nil && c.Revoked {
		err = fault.NotFound
	}
	if err == nil {
		c, err = named(v, c)
	}
	if err != nil {
		return err
	}
	file, err := document(v, c)
	if err != nil {
		return err
	}
	h := v.W.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `inline; filename="`+PDF+`"`)
	h.Set("Content-Length", strconv.Itoa(len(file)))
	h.Set("X-Robots-Tag", "noindex")
	v.W.WriteHeader(http.StatusOK)
	_, _ = v.W.Write(file) // nobody left to tell
	return nil
}

// The sheet, in millimetres of an upright A4.
const (
	margin  = 25.0
	width   = 210 - 2*margin
	picture = 36.0
)

// document draws what the page says.
func document(v *visit.Visit, c learning.Certificate) ([]byte, error) {
	site := v.Server.Site.Base
	size, runs, err := qrcode.Modules(site + visit.CertificatePath(c.Code))
	if err != nil {
		return nil, err
	}
	did, what := words(v, c)
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetTitle(v.T("learning.certificate.title")+": "+c.Name+", "+what, true)
	pdf.SetAuthor(v.T("learning.certificate.programme"), true)
	pdf.SetSubject(site+visit.CertificatePath(c.Code), true)
	pdf.SetLang(v.Lang.Code())
	pdf.SetCatalogSort(true) // the same certificate is the same file, but for its dates
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(false, margin)
	pdf.AddUTF8FontFromBytes("go", "", goregular.TTF)
	pdf.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	pdf.AddPage()

	dark, accent, quiet := [3]int{32, 33, 36}, [3]int{11, 82, 88}, [3]int{85, 88, 92}
	write := func(style string, points, line float64, colour [3]int, text string) {
		pdf.SetFont("go", style, points)
		pdf.SetTextColor(colour[0], colour[1], colour[2])
		pdf.MultiCell(width, line, text, "", "L", false)
	}
	pdf.SetFillColor(accent[0], accent[1], accent[2])
	pdf.Rect(margin, margin, width, 2, "F")
	pdf.SetY(margin + 12)
	write("B", 14, 7, accent, v.T("learning.certificate.title"))
	pdf.Ln(6)
	write("B", 28, 12, dark, c.Name)
	pdf.Ln(4)
	write("", 13, 7, dark, did)
	pdf.Ln(1)
	write("B", 18, 9, dark, what)
	pdf.Ln(10)
	for _, fact := range facts(v, c) {
		write("", 10, 5, quiet, fact.Term)
		write("", 13, 7, dark, fact.Value)
		pdf.Ln(3)
	}
	pdf.Ln(8)

	top, module := pdf.GetY(), picture/float64(size)
	pdf.SetFillColor(0, 0, 0)
	for _, r := range runs {
		pdf.Rect(margin+float64(r.X)*module, top+float64(r.Y)*module, float64(r.Length)*module, module, "F")
	}
	pdf.LinkString(margin, top, picture, picture, site+visit.CertificatePath(c.Code))
	pdf.SetLeftMargin(margin + picture + 6)
	pdf.SetY(top + 6)
	beside := func(style, text string) {
		pdf.SetFont("go", style, 12)
		pdf.SetTextColor(dark[0], dark[1], dark[2])
		pdf.MultiCell(width-picture-6, 6, text, "", "L", false)
	}
	beside("", v.T("learning.certificate.code"))
	beside("B", learning.FormatCode(c.Code))
	pdf.Ln(2)
	beside("", v.T("learning.certificate.check_at"))
	beside("", site+visit.CertificatesPath)

	var b bytes.Buffer
	err = pdf.Output(&b)
	return b.Bytes(), err
}
