package certificate

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/qrcode"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// certifier makes a certificate, or finds the one that was made.
type certifier func(context.Context, *db.Tx, access.Viewer, int64, clock.Instant) (learning.Certificate, error)

// OfCourse leads to the certificate of a completion, which is made the
// first time that somebody asks for it.
func OfCourse(v *visit.Visit) error {
	return openCertificate(v, "completion", learning.Certify)
}

// OfStep leads to the certificate of a step, in the same way.
func OfStep(v *visit.Visit) error {
	return openCertificate(v, "levelup", learning.CertifyStep)
}

func openCertificate(v *visit.Visit, name string, certify certifier) error {
	id, err := v.ID(name)
	if err != nil {
		return err
	}
	var c learning.Certificate
	if err := v.Write(func(tx *db.Tx) (err error) {
		c, err = certify(v.Context(), tx, v.Viewer, id, v.Now)
		return err
	}); err != nil {
		return err
	}
	return v.Redirect(visit.CertificatePath(c.Code), "")
}

// Check asks for a code, and sends who has typed one to its
// certificate. It is open to everybody who holds a paper.
func Check(v *visit.Visit) error {
	typed := strings.TrimSpace(v.FormValue("code"))
	if typed == "" {
		return askForCode(v, http.StatusOK, "", nil)
	}
	code := learning.ReadCode(typed)
	if code == "" {
		return askForCode(v, http.StatusUnprocessableEntity, typed, fault.Invalid("code", "learning.certificate.code_wrong"))
	}
	return v.Redirect(visit.CertificatePath(code), "")
}

// askForCode is the form for a code; wrong is what was the matter with the one
// typed.
func askForCode(v *visit.Visit, status int, typed string, wrong error) error {
	errs := ui.ErrorsOf(v.Lang, wrong)
	f := v.Frame(v.T("learning.certificate.check"))
	f.Reading, f.Failed = true, len(errs) > 0
	return v.PageStatus(status, f, errs.View(v.Lang),
		ui.PageHead{Title: v.T("learning.certificate.check"), Lead: v.T("learning.certificate.check_lead")}.View(v.Lang),
		codeForm(v, ui.Field{
			Name: "code", Label: v.T("learning.certificate.code"), Hint: v.T("learning.certificate.code_hint"), Value: typed, Error: errs.For("code"), Autocomplete: "off",
		}))
}

// Show is what the paper says, for anybody who holds it: whose it is,
// what they completed and when, and whether it still holds.
func Show(v *visit.Visit) error {
	c, err := learning.CheckCertificate(v.Context(), v.Reader(), v.PathValue("code"))
	if errors.Is(err, fault.NotFound) {
		return askForCode(v, http.StatusNotFound, v.PathValue("code"), fault.Invalid("code", "learning.certificate.unknown"))
	}
	if err == nil {
		c, err = named(v, c)
	}
	if err != nil {
		return err
	}
	picture, err := qrcode.SVG(v.Server.Site.Base + visit.CertificatePath(c.Code))
	if err != nil {
		return err
	}
	f := v.Frame(v.T("learning.certificate.title"))
	f.Reading, f.Organisation = true, v.T("learning.certificate.title")
	if v.SignedIn() && v.Viewer.PersonID == c.PersonID {
		f.Crumbs = []ui.Crumb{{Label: v.T("journey.title"), Href: visit.MyJourneyPath}, {Label: v.T("learning.certificate.title")}}
	}
	// It names somebody: who has the paper finds it, a search engine does not.
	v.W.Header().Set("X-Robots-Tag", "noindex")
	parts := []templ.Component{validNow(v)}
	if c.Revoked {
		parts[0] = ui.Notice{Tone: ui.Negative, Title: v.T("learning.certificate.revoked"), Text: v.T("learning.certificate.revoked_help")}.View(v.Lang)
	}
	parts = append(parts, sheet(v, c, string(picture), v.Server.Site.Base+visit.CertificatesPath))
	if !c.Revoked {
		parts = append(parts, take(v, c, v.Server.Site.Base+visit.CertificatePath(c.Code)))
	}
	return v.Page(f, parts...)
}

// facts are the lines of the document.
func facts(v *visit.Visit, c learning.Certificate) ui.Summary {
	lines := ui.Summary{}
	if c.Edition > 0 {
		lines = append(lines, ui.Fact{Term: v.T("learning.certificate.edition"), Value: visit.ID(int64(c.Edition))})
	}
	return append(lines, ui.Fact{Term: v.T("learning.certificate.on"), Value: v.Lang.Day(c.On)},
		ui.Fact{Term: v.T("learning.certificate.issuer"), Value: v.T("learning.certificate.programme")})
}

// named is the certificate with whose it is. Somebody whose identity is protected is named to
// themselves alone, and to those who look after it.
func named(v *visit.Visit, c learning.Certificate) (learning.Certificate, error) {
	if c.Name != "" {
		return c, nil
	}
	d, err := people.Get(v.Context(), v.Reader(), v.Viewer, c.PersonID, v.Today)
	switch {
	case fault.Of(err) != nil:
		c.Name, err = v.T("learning.certificate.no_name"), nil
	case err == nil:
		c.Name = d.Name()
	}
	return c, err
}

// words say what was completed.
func words(v *visit.Visit, c learning.Certificate) (did, what string) {
	if c.Course != "" {
		return v.T("learning.certificate.did_course"), c.Course
	}
	return v.T("learning.certificate.did_step"), v.T("learning.certificate.step", "Journey", c.Journey, "Step", c.Step)
}
