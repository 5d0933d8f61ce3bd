package federation_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/federation"
	"yrkesresan/internal/federation/federationtest"
	"yrkesresan/internal/identity"
)

// TestOnlyAnAnswerThatIsReadInOneWayIsTaken forges answers in the ways that have let
// strangers into other products.
func TestOnlyAnAnswerThatIsReadInOneWayIsTaken(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t)) // what is refused is not of the database
	p := newPlace(t, d)
	const victim = "anna@falun.example.org"
	p.add(victim, falun)
	mallory := p.add("mallory@falun.example.org", falun)
	idp := p.providers[falun]
	signed := func(a federationtest.Answer) string { return idp.Sign(t, idp.Assertion(a, "a-1")) }
	respond := func(a federationtest.Answer, inside string) string {
		return federationtest.Encode(idp.Response(a, "r-1", inside))
	}
	own := func(a federationtest.Answer) federationtest.Answer { // what mallory gets of the provider
		a.Subject, a.Attributes = "S-mallory", map[string]string{mail: "mallory@falun.example.org"}
		return a
	}
	assertionOf := func(a federationtest.Answer, id string) string { return idp.Assertion(a, id) }
	const malformed, unsigned = "malformed", "unsigned"
	for _, each := range []struct {
		name          string
		forge         func(a federationtest.Answer) string // a: the answer about the victim
		cause, detail string
	}{
		{"nothing is signed", func(a federationtest.Answer) string { return respond(a, assertionOf(a, "a-1")) }, identity.CauseSignature, unsigned},
		{"another key than the metadata's", func(a federationtest.Answer) string {
			other := idp
			other.Keys = []federationtest.Key{federationtest.NewKey(t, p.now.Time())}
			return respond(a, other.Sign(t, idp.Assertion(a, "a-1")))
		}, identity.CauseUnknownKey, ""},
		{"a value that was changed after signing", func(a federationtest.Answer) string {
			return respond(a, strings.ReplaceAll(signed(own(a)), "mallory@", "anna@"))
		}, identity.CauseSignature, unsigned},
		{"a comment that cuts the subject in two", func(a federationtest.Answer) string {
			text := signed(federationtest.Answer{Request: a.Request, Service: a.Service, Recipient: a.Recipient, At: a.At, Subject: "S-" + victim + ".evil", Attributes: a.Attributes})
			return respond(a, strings.Replace(text, victim+".evil", victim+"<!---->.evil", 1))
		}, identity.CauseSignature, malformed},
		{"a comment in an attribute", func(a federationtest.Answer) string {
			text := signed(own(a))
			return respond(a, strings.Replace(text, "mallory@falun", "mallory<!-- x -->@falun", 1))
		}, identity.CauseSignature, malformed},
		{"a comment elsewhere", func(a federationtest.Answer) string { return respond(a, "<!-- x -->"+signed(a)) }, identity.CauseSignature, malformed},
		{"a part that is not read as markup", func(a federationtest.Answer) string {
			return respond(a, strings.Replace(signed(own(a)), "mallory@falun", "<![CDATA[mallory]]>@falun", 1))
		}, identity.CauseSignature, malformed},
		{"a processing instruction", func(a federationtest.Answer) string {
			return respond(a, strings.Replace(signed(a), "S-anna", "S-anna<?x y?>", 1))
		}, identity.CauseSignature, malformed},
		{"a document type", func(a federationtest.Answer) string {
			return federationtest.Encode(`<!DOCTYPE r [<!ENTITY e "anna">]>` + idp.Response(a, "r-1", signed(a)))
		}, identity.CauseSignature, malformed},
		{"an unsigned assertion before the signed one", func(a federationtest.Answer) string { return respond(a, assertionOf(a, "a-2")+signed(own(a))) }, identity.CauseSignature, malformed},
		{"and after it", func(a federationtest.Answer) string { return respond(a, signed(own(a))+assertionOf(a, "a-2")) }, identity.CauseSignature, malformed},
		{"two in a response that is signed", func(a federationtest.Answer) string {
			return federationtest.Encode(idp.Sign(t, idp.Response(a, "r-1", assertionOf(a, "a-1")+assertionOf(own(a), "a-2"))))
		}, identity.CauseSignature, malformed},
		{"under the same ID", func(a federationtest.Answer) string { return respond(a, assertionOf(a, "a-1")+signed(own(a))) }, identity.CauseSignature, malformed},
		{"the signed one wrapped in another", func(a federationtest.Answer) string {
			evil := assertionOf(a, "a-2")
			return respond(a, strings.Replace(evil, "</saml:Assertion>", "<saml:Advice>"+signed(own(a))+"</saml:Advice></saml:Assertion>", 1))
		}, identity.CauseSignature, malformed},
		{"the signed one in the signature of another", func(a federationtest.Answer) string {
			text := signed(own(a))
			signature := text[strings.Index(text, "<ds:Signature"):strings.Index(text, "</ds:Signature>")]
			evil := assertionOf(a, "a-2")
			at := strings.Index(evil, "<saml:Subject>")
			return respond(a, evil[:at]+signature+"<ds:Object>"+text+"</ds:Object></ds:Signature>"+evil[at:])
		}, identity.CauseSignature, malformed},
		{"the signed one in an extension", func(a federationtest.Answer) string {
			return respond(a, "<samlp:Extensions>"+signed(own(a))+"</samlp:Extensions>"+assertionOf(a, "a-2"))
		}, identity.CauseSignature, malformed},
		{"the signature of another assertion", func(a federationtest.Answer) string {
			text := signed(own(a))
			signature := text[strings.Index(text, "<ds:Signature") : strings.Index(text, "</ds:Signature>")+len("</ds:Signature>")]
			evil := assertionOf(a, "a-1")
			at := strings.Index(evil, "<saml:Subject>")
			return respond(a, evil[:at]+signature+evil[at:])
		}, identity.CauseSignature, unsigned},
		{"two IDs alike elsewhere", func(a federationtest.Answer) string {
			return federationtest.Encode(idp.Response(a, "a-1", signed(a)))
		}, identity.CauseSignature, malformed},
		{"it is encrypted", func(a federationtest.Answer) string { return respond(a, "<saml:EncryptedAssertion/>") }, identity.CauseSignature, "encrypted"},
		{"there is no assertion", func(a federationtest.Answer) string { return respond(a, "") }, identity.CauseSignature, malformed},
		{"it is no response", func(a federationtest.Answer) string { return federationtest.Encode(signed(a)) }, identity.CauseSignature, malformed},
		{"it is no XML", func(federationtest.Answer) string { return federationtest.Encode("<samlp:Response") }, identity.CauseSignature, malformed},
		{"it is no base64", func(federationtest.Answer) string { return "<>" }, identity.CauseSignature, malformed},
		{"it is empty", func(federationtest.Answer) string { return "" }, identity.CauseSignature, malformed},
		{"it is larger than any", func(a federationtest.Answer) string {
			return respond(a, signed(a)+strings.Repeat(" ", 192<<10))
		}, identity.CauseSignature, malformed},
		{"for another service", func(a federationtest.Answer) string { a.Service = "https://other.example.org"; return idp.Form(t, a) }, identity.CauseWrongOrganisation, "audience"},
		{"sent to another address", func(a federationtest.Answer) string {
			a.Recipient = "https://other.example.org/acs"
			a.Destination = base + address.SAMLAnswer
			return idp.Form(t, a)
		}, identity.CauseWrongOrganisation, "destination"},
		{"a response for another address", func(a federationtest.Answer) string {
			a.Destination = "https://other.example.org/acs"
			return idp.Form(t, a)
		}, identity.CauseWrongOrganisation, "destination"},
		{"an answer to no question", func(a federationtest.Answer) string { a.Request = ""; return idp.Form(t, a) }, identity.CauseReplay, ""},
		{"the provider says no", func(a federationtest.Answer) string {
			return federationtest.Encode(strings.Replace(idp.Response(a, "r-1", ""), "status:Success", "status:Responder", 1))
		}, identity.CauseCancelled, "provider"},
	} {
		state, request := p.begin(falun, "/")
		o, last := p.finish(state, each.forge(p.says(request, victim))), p.last(falun)
		if o.PersonID != 0 || o.Cause != each.cause || last.Detail != each.detail || o.Reference == "" || last.Reference != o.Reference {
			t.Errorf("%s: %+v, the administrator reads %+v, want %s %q", each.name, o, last, each.cause, each.detail)
		}
	}

	// What is right is taken: each signed alone, and both.
	for _, each := range []struct {
		name string
		make func(a federationtest.Answer) string
	}{
		{"the assertion is signed", func(a federationtest.Answer) string { return idp.Form(t, a) }},
		{"the response is signed", func(a federationtest.Answer) string {
			return federationtest.Encode(idp.Sign(t, idp.Response(a, "r-1", idp.Assertion(a, "a-1"))))
		}},
		{"both are signed", func(a federationtest.Answer) string {
			return federationtest.Encode(idp.Sign(t, idp.Response(a, "r-1", signed(a))))
		}},
		{"in lines, as some send it", func(a federationtest.Answer) string {
			form := idp.Form(t, a)
			return form[:76] + "\r\n" + form[76:]
		}},
	} {
		state, request := p.begin(falun, "/")
		if o := p.finish(state, each.make(own(p.says(request, victim)))); o.PersonID != mallory {
			t.Errorf("%s: %+v, %+v", each.name, o, p.last(falun))
		}
	}
}

// TestClocksMayBeOffALittle holds how far, and that the administrator is told by how
// many seconds a clock is off.
func TestClocksMayBeOffALittle(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	p := newPlace(t, d)
	anna := p.add("anna@falun.example.org", falun)
	for _, each := range []struct {
		name          string
		off           time.Duration // the provider's clock against ours
		late          time.Duration // how long after the provider's answer it comes
		cause, detail string
	}{
		{"three minutes ahead", 3 * time.Minute, 0, "", ""},
		{"a second more", 3*time.Minute + time.Second, 0, identity.CauseClock, "181"},
		{"an hour ahead", time.Hour, 0, identity.CauseClock, "3600"},
		{"a minute and a half behind", -90 * time.Second, 0, "", ""},
		{"a second more", -91 * time.Second, 0, identity.CauseClock, "91"},
		{"an hour behind", -time.Hour, 0, identity.CauseClock, "3600"},
		{"an answer that comes late", 0, 92 * time.Second, identity.CauseExpired, ""},
	} {
		state, request := p.begin(falun, "/")
		a := p.says(request, "anna@falun.example.org")
		a.At = p.now.Add(each.off).Time()
		form := p.providers[falun].Form(t, a)
		began := p.now
		p.now = p.now.Add(each.late)
		o := p.finish(state, form)
		if want := map[bool]int64{true: anna}[each.cause == ""]; o.PersonID != want || o.Cause != each.cause {
			t.Errorf("%s: %+v", each.name, o)
		}
		if each.cause != "" && p.last(falun).Detail != each.detail {
			t.Errorf("%s: the administrator reads %+v", each.name, p.last(falun))
		}
		p.now = began
	}
}

// TestAProviderChangesItsKey holds that metadata at an address is read anew once when
// a key is unknown, and not again for a while.
func TestAProviderChangesItsKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		anna := p.add("anna@falun.example.org", falun)
		idp := p.providers[falun]
		var asked, down atomic.Int64
		var text atomic.Value
		text.Store(idp.Metadata())
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			if down.Load() > 0 {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			_, _ = w.Write([]byte(text.Load().(string)))
		}))
		defer server.Close()
		s := p.settings(falun)
		s.Metadata, s.MetadataAddress = nil, server.URL
		p.open(falun, s)
		p.now = p.now.Add(5 * time.Minute)
		by := func(k federationtest.Key) federation.Outcome {
			idp.Keys[0] = k
			p.providers[falun] = idp
			return p.signIn(falun, nil)
		}
		old, second, third := idp.Keys[0], federationtest.NewKey(t, p.now.Time()), federationtest.NewKey(t, p.now.Time())
		expect := func(what string, o federation.Outcome, want, times int64) {
			t.Helper()
			if o.PersonID != want || asked.Load() != times {
				t.Errorf("%s: %+v, %+v; asked %d times, want %d", what, o, p.last(falun), asked.Load(), times)
			}
		}
		expect("the known key", by(old), anna, 1)
		idp.Keys = []federationtest.Key{old, second}
		text.Store(idp.Metadata()) // both, while it goes from one to the next
		expect("a key that the metadata names now", by(second), anna, 2)
		idp.Keys = []federationtest.Key{second}
		expect("the old one while both stand", by(old), anna, 2)
		expect("a key that it does not name", by(third), 0, 2)
		expect("again: it is not asked", by(third), 0, 2)
		p.now = p.now.Add(5*time.Minute - time.Microsecond)
		expect("just before five minutes", by(third), 0, 2)
		p.now = p.now.Add(time.Microsecond)
		expect("after five minutes it is asked once", by(third), 0, 3)
		if last := p.last(falun); last.Cause != identity.CauseUnknownKey {
			t.Errorf("the administrator reads %+v", last)
		}
		down.Store(1)
		p.now = p.now.Add(25 * time.Hour)
		expect("metadata a day old is read anew; that it is away stops nobody", by(second), anna, 4)
	})
}

// TestACertificateThatHasRunOutIsSaid holds the cause, for the day comes.
func TestACertificateThatHasRunOutIsSaid(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	p := newPlace(t, d)
	p.add("anna@falun.example.org", falun)
	p.now = clock.Date(2027, 11, 24).At(9, 0)
	if o := p.signIn(falun, nil); o.Cause != identity.CauseSignature || p.last(falun).Detail != "certificate" {
		t.Errorf("%+v, %+v", o, p.last(falun))
	}
}

// TestValuesAreNotKept reads all that is kept of attempts.
func TestValuesAreNotKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		const secret = "hemlighet"
		o := p.signIn(falun, func(a *federationtest.Answer) {
			a.Subject = secret
			a.Attributes = map[string]string{mail: secret + "@falun.example.org", "title": secret}
		})
		if o.Cause != identity.CauseUnknownPerson {
			t.Fatalf("%+v", o)
		}
		for _, table := range []string{
			`SELECT detail || reference || cause FROM sign_in_trouble`,
			`SELECT report || cause || next_path || request_id FROM federation_state`,
			`SELECT subject FROM federation_identity`,
		} {
			rows, err := db.Rows(t.Context(), d.Reader(), db.One[string], table)
			p.check(err)
			if text := strings.Join(rows, "\n"); strings.Contains(text, secret) || strings.Contains(text, base64.StdEncoding.EncodeToString([]byte(secret))) {
				t.Errorf("%s: %s", table, text)
			}
		}
		if n := len(p.last(falun).Detail); n == 0 || n > 200 {
			t.Errorf("the detail has %s characters", strconv.Itoa(n))
		}
	})
}
