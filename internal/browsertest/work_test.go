package browsertest

import (
	"context"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/crewjam/saml/testsaml"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/federation"
	"yrkesresan/internal/federation/federationtest"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web"
	"yrkesresan/internal/web/visit"
)

// Somebody signs in at their municipality's provider, which is on another site: its form
// comes without any cookie of ours, and yet each tab ends on the page that it began with.
func TestSigningInAtAProviderOnAnotherSite(t *testing.T) {
	ctx, d := t.Context(), sqlite(t)
	files := loadDemo(t, d)
	federationtest.LendOurKey(t, d)
	server, err := visit.NewServer(ctx, visit.Config{
		DB: d, Clock: clock.System, Sessions: identity.NewSessions(d, clock.System, false), Files: files, Loopback: true, Personas: offered(t, d),
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Ready: func(context.Context) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(web.Handler(server))
	defer s.Close()
	server.Site.Base, server.Work.Base = s.URL, s.URL

	provider := federationtest.Provider{EntityID: "https://idp.example.org", Keys: []federationtest.Key{federationtest.NewKey(t, clock.System().Time())}}
	idp := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/sso":
		case "/slo":
			agree(t, provider, s.URL, w, r)
			return
		default:
			http.NotFound(w, r) // the browser asks for a picture, too
			return
		}
		question, err := testsaml.ParseRedirectRequest(r.URL)
		var named struct {
			ID string `xml:"ID,attr"`
		}
		if err == nil {
			err = xml.Unmarshal(question, &named)
		}
		if err != nil {
			t.Error(err)
			return
		}
		form := provider.Form(t, federationtest.Answer{
			Request: named.ID, Service: s.URL + address.SAMLMetadata, Recipient: s.URL + address.SAMLAnswer, Subject: "S-anna",
			Attributes: map[string]string{"mail": "anna@falun.example.org"}, At: clock.System().Time(),
		})
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, `<form method="post" action="%s"><input type="hidden" name="SAMLResponse" value="%s"><input type="hidden" name="RelayState" value="%s"><button>Anna</button></form>`,
			s.URL+address.SAMLAnswer, form, r.URL.Query().Get("RelayState"))
	}))
	defer idp.Close()
	there := strings.Replace(idp.URL, "127.0.0.1", "localhost", 1) // another site than ours
	provider.SSO, provider.Ends = there+"/sso", []federationtest.End{{Binding: federationtest.Redirect, Location: there + "/slo"}}

	falun, err := organisation.BySlug(ctx, d.Reader(), organisation.Municipality, "falun")
	if err != nil {
		t.Fatal(err)
	}
	now, system := clock.System(), access.Viewer{Grants: []access.Grant{{Role: access.Operator, Level: access.Nation, OrganisationID: organisation.NationID}}}
	save := func() {
		t.Helper()
		if err := server.Work.Save(ctx, system, falun, federation.Settings{
			Kind: federation.SAML, Metadata: []byte(provider.Metadata()), Domains: []string{"falun.example.org"}, Vouches: true,
		}, now); err != nil {
			t.Fatal(err)
		}
	}
	save()
	if err := d.Write(ctx, func(tx *db.Tx) error {
		if _, err := people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: "Anna", FamilyName: "Ek", Email: "anna@falun.example.org"}, falun.ID, now.Day(), "", now); err != nil {
			return err
		}
		return federation.TurnOn(ctx, tx, system, falun, now)
	}); err != nil {
		t.Fatal(err)
	}

	b, a := Open(t), &album{folder: os.Getenv(pictures)}
	b.Size(360, 740)
	checked := func(what string) {
		t.Helper()
		if wrong := b.Axe(); len(wrong) > 0 {
			t.Errorf("%s: %v", what, wrong)
		}
		if wide := b.Overflow(); wide > 0 {
			t.Errorf("%s is %d pixels too wide", what, wide)
		}
	}
	b.Visit(s.URL + "/my/page")
	checked("the sign-in page")
	b.Follow(func() { b.Click(`#work a, section a[href^="/sign-in/work"]`) })
	checked("the page that asks where")
	b.Type("#f-email", "anna@falun.example.org")
	b.Follow(func() { b.Press("\r") })
	checked("the page before the provider")
	if !strings.Contains(b.Text(), "Logga in hos Falun") {
		t.Fatalf("the address leads to:\n%s", b.Text())
	}
	b.Follow(func() { b.Click(`a.button[href^="/sign-in/work/falun"]`) })
	b.Follow(func() { b.Click("button") })
	if path := b.Path(); path != "/my/page" || !strings.Contains(b.Text(), "anna@falun.example.org") {
		t.Fatalf("signed in, one is at %s:\n%s", path, b.Text())
	}

	// Out here, and then there: by an address, and by a form.
	for i, binding := range []string{federationtest.Redirect, federationtest.Post} {
		if i > 0 {
			provider.Ends[0].Binding = binding
			save()
			b.Visit(s.URL + "/sign-in/work/falun")
			b.Follow(func() { b.Click("button") })
		}
		b.Follow(func() { Eval[bool](b, `document.querySelector('[action="/session/end"]').requestSubmit(); true`) })
		checked("the page after signing out")
		a.take(b, "out-here")
		if text := b.Text(); !strings.HasPrefix(b.Path(), address.SignedOut) || !strings.Contains(text, "Du är utloggad här") || !strings.Contains(text, "Du är kvar inloggad hos Falun") {
			t.Fatalf("signed out, one is at %s:\n%s", b.Path(), text)
		}
		b.Follow(func() { b.Click(`a.button[href^="` + address.WorkSignOut + `"]`) })
		if binding == federationtest.Post {
			checked("the page with the form")
			a.take(b, "form")
			b.Follow(func() { b.Click(`form[action$="/slo"] button`) })
		}
		b.wait("the provider's answer", `location.pathname === "`+address.SignedOut+`"`)
		checked("the page after the provider")
		a.take(b, "out-there")
		if text := b.Text(); !strings.Contains(text, "Du är utloggad hos Falun också") {
			t.Fatalf("back from the provider (%s), one reads\n%s", binding, text)
		}
	}
	b.Visit(s.URL + address.SAMLSignOut)
	checked("the page that says that nothing was taken")
	b.Visit(s.URL + address.WorkDone + "?state=x")
	checked("the page that says why not")
	if !strings.Contains(b.Text(), "Du kom inte in") {
		t.Errorf("a state that there is not gives:\n%s", b.Text())
	}
	b.signIn(s.URL, "drift@example.org")
	for _, page := range []string{"/municipalities/falun/sign-in", "/municipalities/falun/sign-in?kind=oidc", "/municipalities/borlange/sign-in"} {
		b.Visit(s.URL + page)
		checked(page)
	}
}

// agree is a provider's page for signing out: it answers our question, which comes in an
// address or a form, in an address.
func agree(t *testing.T, provider federationtest.Provider, site string, w http.ResponseWriter, r *http.Request) {
	var question []byte
	if r.Method == http.MethodPost {
		question, _ = base64.StdEncoding.DecodeString(r.PostFormValue("SAMLRequest"))
	} else {
		question = []byte(federationtest.Unpacked(t, r.URL.String(), "SAMLRequest"))
	}
	var named struct {
		ID string `xml:"ID,attr"`
	}
	if err := xml.Unmarshal(question, &named); err != nil {
		t.Error(err)
		return
	}
	answer := provider.Logout(federationtest.Logout{ID: "answer-" + named.ID, Answers: named.ID, Destination: site + address.SAMLSignOut, At: clock.System().Time()})
	http.Redirect(w, r, site+address.SAMLSignOut+"?"+provider.Query(t, "SAMLResponse", answer, r.FormValue("RelayState")), http.StatusSeeOther)
}
