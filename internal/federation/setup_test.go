package federation_test

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"encoding/xml"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/crewjam/saml"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/federation"
	"yrkesresan/internal/federation/federationtest"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/vault"
)

func operator() access.Viewer {
	return access.Viewer{PersonID: 1, Grants: []access.Grant{{Role: access.Operator, Level: access.Nation, OrganisationID: organisation.NationID}}}
}

func TestWhoSetsUpAMunicipalitysSignIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		m := p.municipality(falun)
		regional := access.Viewer{PersonID: 1, Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: dalarna, RegionID: dalarna}}}
		for _, each := range []struct {
			name   string
			viewer access.Viewer
			want   error
		}{
			{"its administrator", admin(falun), nil},
			{"who runs the product", operator(), nil},
			{"the neighbour's administrator", admin(borlange), fault.NotFound},
			{"the region's administrator", regional, fault.Forbidden},
			{"an employee", access.Viewer{PersonID: 1}, fault.Forbidden},
		} {
			ctx, q := t.Context(), d.Reader()
			calls := map[string]func() error{
				"reads":          func() error { _, err := federation.Of(ctx, q, each.viewer, m); return err },
				"saves":          func() error { return p.f.Save(ctx, each.viewer, m, p.settings(falun), p.now) },
				"counts":         func() error { _, err := federation.Linked(ctx, q, each.viewer, m); return err },
				"reads attempts": func() error { _, err := federation.Troubles(ctx, q, each.viewer, m, 5); return err },
				"opens": func() error {
					return d.Write(ctx, func(tx *db.Tx) error { return federation.TurnOn(ctx, tx, each.viewer, m, p.now) })
				},
			}
			for what, call := range calls {
				if err := call(); !errors.Is(err, each.want) || each.want == nil && err != nil {
					t.Errorf("%s %s: %v", each.name, what, err)
				}
			}
			if _, err := federation.Tried(ctx, q, each.viewer, m, "x"); each.want != nil && !errors.Is(err, each.want) {
				t.Errorf("%s reads a try: %v", each.name, err)
			}
		}
	})
}

func TestADomainIsOneMunicipalitys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		save := func(viewer access.Viewer, id int64, domains ...string) error {
			s := p.settings(id)
			s.Domains = domains
			return p.f.Save(t.Context(), viewer, p.municipality(id), s, p.now)
		}
		key := func(err error) string {
			if f := fault.Of(err); f != nil {
				if len(f.Fields) > 0 {
					return f.Fields[0].Key
				}
				return f.Key
			}
			return ""
		}
		if err := save(admin(borlange), borlange, "borlange.example.org", "Falun.example.org"); key(err) != "federation.domain_taken" {
			t.Errorf("another's domain: %v", err)
		}
		if still, err := federation.Of(t.Context(), d.Reader(), admin(borlange), p.municipality(borlange)); err != nil || len(still.Domains) != 1 {
			t.Errorf("a refused form changed %+v, %v", still.Domains, err)
		}
		p.add("cy@shared.example.org", falun)
		p.add("di@shared.example.org", borlange)
		if err := save(admin(borlange), borlange, "borlange.example.org", "shared.example.org"); err != nil {
			t.Errorf("as many here as elsewhere: %v", err)
		}
		p.check(save(admin(borlange), borlange, "borlange.example.org"))
		p.add("ed@shared.example.org", falun)
		if err := save(admin(borlange), borlange, "borlange.example.org", "shared.example.org"); key(err) != "federation.domain_of_others" {
			t.Errorf("more elsewhere: %v", err)
		}
		if err := save(operator(), borlange, "borlange.example.org", "shared.example.org"); err != nil {
			t.Errorf("who runs the product may: %v", err)
		}
		if err := save(admin(borlange), borlange, "borlange.example.org", "shared.example.org"); err != nil {
			t.Errorf("what it has it keeps: %v", err)
		}
		for _, wrong := range []string{"falun", "a b.se", "*.se", "x.se/y", "-x.se", "192.0.2.1", strings.Repeat("a", 64) + ".se"} {
			if err := save(admin(borlange), borlange, wrong); key(err) != "federation.domain_wrong" {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		if err := save(admin(borlange), borlange, " "); key(err) != "federation.domain_missing" {
			t.Errorf("none: %v", err)
		}
		found, err := federation.ByAddress(t.Context(), d.Reader(), " Nobody@SHARED.example.org")
		if err != nil || found.ID != borlange {
			t.Errorf("the address leads to %+v, %v", found, err)
		}
		for _, nowhere := range []string{"", "shared.example.org", "@shared.example.org", "x@a.shared.example.org"} {
			if found, err := federation.ByAddress(t.Context(), d.Reader(), nowhere); !errors.Is(err, fault.NotFound) {
				t.Errorf("%q leads to %+v", nowhere, found)
			}
		}
	})
}

func TestAProviderOfAFederationIsPickedOut(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	p := newPlace(t, d)
	anna := p.add("anna@falun.example.org", falun)
	federationKey := federationtest.Provider{Keys: []federationtest.Key{federationtest.NewKey(t, p.now.Time())}}
	signer := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: federationKey.Keys[0].Certificate}))
	plain := federationtest.Aggregate(300, p.providers[falun], p.providers[borlange])
	signed := federationKey.Sign(t, plain)
	expired := strings.Replace(plain, `ID="aggregate-1"`, `ID="aggregate-1" validUntil="2026-11-23T07:59:59Z"`, 1)
	entity := p.providers[falun].EntityID
	for _, each := range []struct {
		name, text, entity, signers string
		want                        string
	}{
		{"signed, and asked for", signed, entity, signer, ""},
		{"the certificate without its frame", signed, entity, base64.StdEncoding.EncodeToString(federationKey.Keys[0].Certificate), ""},
		{"not signed, and not asked to be", plain, entity, "", ""},
		{"not signed", plain, entity, signer, "federation.metadata_unsigned"},
		{"changed after signing", strings.Replace(signed, "idp.falun.example.org/sso", "idp.evil.example.org/sso", 1), entity, signer, "federation.metadata_unsigned"},
		{"signed by another", p.providers[borlange].Sign(t, plain), entity, signer, "federation.metadata_unsigned"},
		{"nobody says which", signed, "", signer, "federation.metadata_several"},
		{"one that is not in it", signed, "https://idp.mora.example.org", signer, "federation.metadata_without"},
		{"too old", expired, entity, "", "federation.metadata_expired"},
		{"a document type", "<!DOCTYPE x>" + p.providers[falun].Metadata(), "", "", "federation.metadata_unreadable"},
		{"no XML", "hello", "", "", "federation.metadata_unreadable"},
		{"no key", strings.ReplaceAll(p.providers[falun].Metadata(), `use="signing"`, `use="encryption"`), "", "", "federation.metadata_no_key"},
		{"no way to ask", strings.ReplaceAll(p.providers[falun].Metadata(), "HTTP-Redirect", "HTTP-POST"), "", "", "federation.metadata_no_redirect"},
		{"asked without TLS", strings.ReplaceAll(p.providers[falun].Metadata(), `Location="https`, `Location="ftp`), "", "", "federation.metadata_unreadable"},
		{"no provider", `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x"/>`, "", "", "federation.metadata_no_provider"},
		{"signers that are none", signed, entity, "hello", "federation.signers_unreadable"},
	} {
		s := p.settings(falun)
		s.Metadata, s.EntityID, s.MetadataSigners = []byte(each.text), each.entity, each.signers
		err := p.f.Save(t.Context(), admin(falun), p.municipality(falun), s, p.now)
		got := ""
		if f := fault.Of(err); f != nil && len(f.Fields) > 0 {
			got = f.Fields[0].Key
		} else if err != nil {
			got = err.Error()
		}
		if got != each.want {
			t.Errorf("%s: %q, want %q", each.name, got, each.want)
		}
		if each.want == "" {
			if o := p.signIn(falun, nil); o.PersonID != anna {
				t.Errorf("%s: nobody comes in: %+v", each.name, o)
			}
			if o := p.signIn(falun, func(a *federationtest.Answer) { a.Attributes[principal] = "anna@falun.example.org" }); o.PersonID != anna {
				t.Errorf("%s: the scope is not honoured: %+v, %+v", each.name, o, p.last(falun))
			}
		}
	}
}

// TestScopesOfTheMetadataAreHonoured holds that a domain of the municipality is not
// enough where its metadata says which scopes are its own.
func TestScopesOfTheMetadataAreHonoured(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	p := newPlace(t, d)
	p.add("anna@falun.example.org", falun)
	s := p.settings(falun)
	s.Domains = append(s.Domains, "skola.example.org")
	p.open(falun, s)
	by := func(name string) federation.Outcome {
		return p.signIn(falun, func(a *federationtest.Answer) { a.Attributes[principal] = name })
	}
	if o := by("anna@skola.example.org"); o.Cause != identity.CauseWrongOrganisation || p.last(falun).Detail != "scope" {
		t.Errorf("a scope that the metadata does not have: %+v, %+v", o, p.last(falun))
	}
	if o := by("anna@FALUN.example.org"); o.PersonID == 0 {
		t.Errorf("its own: %+v, %+v", o, p.last(falun))
	}
	s.Metadata = []byte(strings.ReplaceAll(p.providers[falun].Metadata(), `regexp="false"`, `regexp="true"`))
	p.open(falun, s)
	if o := by("anna@falun.example.org"); o.Cause != identity.CauseWrongOrganisation || p.last(falun).Detail != "scope" {
		t.Errorf("a pattern fits nothing: %+v", o)
	}
}

func TestAnotherProviderIsTriedBeforeItIsOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		on := func() bool {
			t.Helper()
			saved, err := federation.Of(t.Context(), d.Reader(), admin(falun), p.municipality(falun))
			p.check(err)
			return saved.On()
		}
		p.check(p.f.Save(t.Context(), admin(falun), p.municipality(falun), p.settings(falun), p.now))
		if !on() {
			t.Error("the same provider is closed when it is saved again")
		}
		s := p.settings(falun)
		s.Metadata = nil // what was read before
		p.check(p.f.Save(t.Context(), admin(falun), p.municipality(falun), s, p.now))
		if !on() {
			t.Error("it is closed when no file is sent")
		}
		s.Metadata = []byte(strings.ReplaceAll(p.providers[falun].Metadata(), "https://idp.falun.example.org\"", "https://new.falun.example.org\""))
		p.check(p.f.Save(t.Context(), admin(falun), p.municipality(falun), s, p.now))
		if on() {
			t.Error("another provider is open to all before anybody tried it")
		}
		if all, err := federation.Offered(t.Context(), d.Reader()); err != nil || len(all) != 1 || all[0].Name != "Borlänge" {
			t.Errorf("offered are %+v, %v", all, err)
		}
	})
}

// TestAnAdministratorTries holds what the administrator reads, and that trying links
// and lets in nobody.
func TestAnAdministratorTries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		p.write(func(tx *db.Tx) error {
			return federation.TurnOff(t.Context(), tx, admin(falun), p.municipality(falun), p.now)
		})
		try := func(change func(a *federationtest.Answer)) federation.Report {
			t.Helper()
			address, err := p.f.Begin(t.Context(), federation.Begun{MunicipalityID: falun, Slug: "falun", Browser: browser, Tester: 1}, p.now)
			p.check(err)
			state, request := asked(t, address)
			a := p.says(request, "ada@falun.example.org")
			if change != nil {
				change(&a)
			}
			o := p.finish(state, p.providers[falun].Form(t, a))
			if o.PersonID != 0 || !o.Tried || o.Reference != "" {
				t.Errorf("trying ends in %+v", o)
			}
			if _, err := federation.Tried(t.Context(), d.Reader(), access.Viewer{PersonID: 2, Grants: admin(falun).Grants}, p.municipality(falun), state); !errors.Is(err, fault.NotFound) {
				t.Errorf("another administrator reads it: %v", err)
			}
			report, err := federation.Tried(t.Context(), d.Reader(), admin(falun), p.municipality(falun), state)
			p.check(err)
			return report
		}
		if r := try(nil); !r.Found || !r.Lasting || !r.Email || !r.Own || r.Given || r.Cause != "" || strings.Join(r.Names, " ") != "NameID "+mail {
			t.Errorf("all is well: %+v", r)
		}
		if r := try(func(a *federationtest.Answer) { a.Format = federationtest.Transient }); r.Lasting || r.Cause != identity.CauseAttributeMissing {
			t.Errorf("without a lasting name: %+v", r)
		}
		if r := try(func(a *federationtest.Answer) { a.Attributes[mail] = "ada@example.org" }); r.Own || r.Cause != identity.CauseWrongOrganisation {
			t.Errorf("an address of another domain: %+v", r)
		}
		if n, err := federation.Linked(t.Context(), d.Reader(), admin(falun), p.municipality(falun)); err != nil || n != 0 {
			t.Errorf("trying has linked %d: %v", n, err)
		}
		if last := p.last(falun); last.Cause != "" {
			t.Errorf("trying is no failed sign-in: %+v", last)
		}
	})
}

// TestWhatWeSayOfOurselves holds what an IT department reads.
func TestWhatWeSayOfOurselves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := federation.New(federation.Config{DB: d, Clock: clock.Fixed(clock.Date(2026, 11, 23).At(9, 0)), Base: base})
		first, err := f.OurMetadata(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// Another program over the same database says the same.
		other := federation.New(federation.Config{DB: d, Clock: clock.Fixed(clock.Date(2026, 12, 23).At(9, 0)), Base: base})
		if again, err := other.OurMetadata(t.Context()); err != nil || !bytes.Equal(first, again) {
			t.Errorf("a second program says something else: %v\n%s", err, again)
		}
		var e saml.EntityDescriptor
		if err := xml.Unmarshal(first, &e); err != nil {
			t.Fatal(err)
		}
		sp := e.SPSSODescriptors[0]
		if e.EntityID != base+"/sign-in/saml/metadata" || len(sp.AssertionConsumerServices) != 1 || sp.AssertionConsumerServices[0].Location != base+"/sign-in/saml" ||
			!*sp.AuthnRequestsSigned || !*sp.WantAssertionsSigned || len(sp.KeyDescriptors) != 1 || sp.KeyDescriptors[0].Use != "signing" ||
			len(sp.AttributeConsumingServices[0].RequestedAttributes) != 3 || !e.ValidUntil.IsZero() {
			t.Errorf("it says\n%s", first)
		}
	})
}

// TestAProviderThatIsAwayIsSaid holds that nobody else waits for it.
func TestAProviderThatIsAwayIsSaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		anna := p.add("anna@falun.example.org", falun)
		up := true
		var server *httptest.Server
		server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if !up {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"issuer":"` + server.URL + `","authorization_endpoint":"` + server.URL + `/a","token_endpoint":"` + server.URL + `/t","jwks_uri":"` + server.URL + `/k"}`))
		}))
		defer server.Close()
		oidc := federation.Settings{Kind: federation.OIDC, Issuer: server.URL, ClientID: "yrkesresan", ClientSecret: "s", Domains: []string{"borlange.example.org"}, Vouches: true}
		p.open(borlange, oidc)
		begin := func(f *federation.Federation) error {
			_, err := f.Begin(t.Context(), federation.Begun{MunicipalityID: borlange, Slug: "borlange", Browser: browser}, p.now)
			return err
		}
		p.check(begin(p.f))
		for _, query := range []string{`SELECT client_secret FROM federation_provider WHERE client_secret <> ''`, `SELECT secret FROM federation_state WHERE secret <> ''`} {
			rows, err := db.Rows(t.Context(), p.d.Reader(), db.One[string], query)
			p.check(err)
			if len(rows) == 0 {
				t.Errorf("%s: nothing", query)
			}
			for _, r := range rows {
				if _, ok := vault.KeyOf(r); !ok {
					t.Errorf("%s: in clear: %q", query, r)
				}
			}
		}
		keys := p.d.Keys
		other, err := vault.New(p.now.Time())
		p.check(err)
		p.d.Keys = other
		var lost *federation.Stopped
		if err := begin(p.f); !errors.As(err, &lost) || lost.Cause != identity.CauseProviderDown {
			t.Errorf("with the secret lost: %v", err)
		}
		p.d.Keys = keys
		up = false
		p.now = p.now.Add(2 * time.Hour)
		p.check(begin(p.f)) // what it said of itself is known
		fresh := federation.New(p.f.Config)
		var stopped *federation.Stopped
		if err := begin(fresh); !errors.As(err, &stopped) || stopped.Cause != identity.CauseProviderDown || stopped.Reference == "" {
			t.Errorf("a program that has just started: %v", err)
		}
		if last := p.last(borlange); last.Cause != identity.CauseProviderDown {
			t.Errorf("the administrator reads %+v", last)
		}
		p.f = fresh
		if o := p.signIn(falun, nil); o.PersonID != anna {
			t.Errorf("the other municipality: %+v", o)
		}
		if err := p.f.Save(t.Context(), admin(borlange), p.municipality(borlange), oidc, p.now); fault.Of(err) == nil || fault.Of(err).Fields[0].Key != "federation.issuer_silent" {
			t.Errorf("it is saved: %v", err)
		}
	})
}
