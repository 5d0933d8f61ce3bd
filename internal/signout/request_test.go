package signout_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yrkesresan/internal/address"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/federation/federationtest"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/signout"
)

// TestAProviderEndsTheSessionsThatBeganThere holds whose sessions a request ends: no
// cookie takes part in it.
func TestAProviderEndsTheSessionsThatBeganThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		anna := p.add("anna@falun.example.org", falun)
		p.add("bo@falun.example.org", falun)
		p.add("anna@borlange.example.org", borlange)
		// The neighbour's provider gives somebody the same name and the same sessions.
		const name = "anna@falun.example.org"
		all := map[string]session{
			"first": p.signIn(falun, name, "s-1"), "second": p.signIn(falun, name, "s-2"), "third": p.signIn(falun, name, "s-3"),
			"bo": p.signIn(falun, "bo@falun.example.org", "s-1"), "neighbour": p.signIn(borlange, "anna@borlange.example.org", "s-1"), "letter": p.byMail(anna),
		}
		in := func(what string, want ...string) {
			t.Helper()
			var got []string
			for who, s := range all {
				if p.in(s) {
					got = append(got, who)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v are in, want %v", what, got, want)
			}
		}
		asks := func(municipality int64, l federationtest.Logout) {
			t.Helper()
			way, err := p.request(municipality, l)
			if err != nil {
				t.Fatalf("%s: %v, %v", l.ID, err, p.troubles(municipality))
			}
			text := federationtest.Unpacked(t, way.Address, "SAMLResponse")
			if !federationtest.SignedBy(federationtest.OurKey(t), way.Address) || !strings.Contains(text, `InResponseTo="`+l.ID+`"`) || !strings.Contains(text, "status:Success") || !strings.Contains(way.Address, "&RelayState=relayed&") {
				t.Errorf("%s is answered %s: %s", l.ID, way.Address, text)
			}
		}
		asks(borlange, p.asks("q-1", name))
		asks(borlange, p.asks("q-2", name, "s-1"))
		in("the neighbour's provider ends her", "bo", "first", "letter", "neighbour", "second", "third")
		asks(falun, p.asks("q-3", name, "s-9"))
		asks(falun, p.asks("q-4", "nobody@falun.example.org"))
		asks(falun, p.asks("q-5", strings.ToUpper(name)))
		in("sessions and people that there are not", "bo", "first", "letter", "neighbour", "second", "third")
		asks(falun, p.asks("q-6", name, "s-2", "s-9"))
		in("one of her sessions", "bo", "first", "letter", "neighbour", "third")
		// A session whose name the provider changes, or never told, is hers all the same.
		asks(falun, p.asks("q-7", name))
		in("all of them", "bo", "letter", "neighbour")
		if n, err := db.Row(t.Context(), d.Reader(), db.One[int], `SELECT COUNT(*) FROM audit_entry WHERE subject_id = $1 AND kind = 'sessions' AND actor_id IS NULL`, anna); n != 2 || err != nil {
			t.Errorf("the audit tells it %d times, %v", n, err)
		}
		if got := append(p.troubles(falun), p.troubles(borlange)...); len(got) > 0 {
			t.Errorf("administrators read %q", got)
		}
		// A session that is over is not brought back by a request of hers that was under way.
		if p.in(all["first"]) {
			t.Error("she is in again")
		}
	})
}

// TestARequestIsGoodOnce holds that of many at once one is taken.
func TestARequestIsGoodOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		p.add("anna@falun.example.org", falun)
		p.signIn(falun, "anna@falun.example.org", "s-1")
		m := p.query(falun, "SAMLRequest", p.providers[falun].Logout(p.asks("q-1", "anna@falun.example.org")), "")
		var taken, replayed atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				switch _, err := p.exit.Request(t.Context(), m, p.now); {
				case err == nil:
					taken.Add(1)
				case errors.Is(err, signout.ErrUntaken):
					replayed.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if taken.Load() != 1 || replayed.Load() != 7 {
			t.Errorf("%d are taken and %d refused", taken.Load(), replayed.Load())
		}
		again := p.signIn(falun, "anna@falun.example.org", "s-1")
		if _, err := p.exit.Request(t.Context(), m, p.now); !errors.Is(err, signout.ErrUntaken) || !p.in(again) {
			t.Errorf("once more, after she has come back: %v", err)
		}
		if got := p.troubles(falun); len(got) != 8 || got[0] != "replay: sign_out" {
			t.Errorf("the administrator reads %q", got)
		}
		// The same name of another message is another's.
		if _, err := p.request(borlange, p.asks("q-1", "anna@falun.example.org")); err != nil {
			t.Error(err)
		}
	})
}

// TestOnlyARequestThatIsReadInOneWayIsTaken forges requests in the ways that have let
// strangers end sessions, or would.
func TestOnlyARequestThatIsReadInOneWayIsTaken(t *testing.T) {
	p := newPlace(t, dbtest.Open(t, dbtest.SQLite(t)))
	p.add("anna@falun.example.org", falun)
	const name = "anna@falun.example.org"
	idp, other := p.providers[falun], p.providers[borlange]
	anna := p.signIn(falun, name, "s-1")
	right := p.asks("q", name)
	with := func(change func(l *federationtest.Logout)) string {
		l := right
		change(&l)
		return idp.Logout(l)
	}
	forms := func(text string) signout.Message {
		return signout.Message{Form: url.Values{"SAMLRequest": {federationtest.Encode(text)}}, Remote: remote}
	}
	addresses := func(by federationtest.Provider, text string) signout.Message {
		return signout.Message{Query: by.Query(t, "SAMLRequest", text, ""), Remote: remote}
	}
	unsigned := idp
	unsigned.Keys = nil
	for _, each := range []struct {
		name    string
		message signout.Message
		want    string // what Falun's administrator reads; empty: nobody knows whose it is
	}{
		{"a form that is not signed", forms(idp.Logout(right)), "signature: sign_out unsigned"},
		{"an address that is not signed", addresses(unsigned, idp.Logout(right)), "signature: sign_out unsigned"},
		{"a form that another has signed", forms(other.Sign(t, idp.Logout(right))), "unknown_key: sign_out"},
		{"an address that another has signed", addresses(other, idp.Logout(right)), "unknown_key: sign_out"},
		{"another's in her provider's name, as another", addresses(other, other.Logout(right)), "none"},
		{"a name that was changed after signing", forms(strings.Replace(idp.Sign(t, with(func(l *federationtest.Logout) { l.Name = "S-mallory" })), "S-mallory", "S-"+name, 1)), "signature: sign_out unsigned"},
		{"an address that was changed after signing", func() signout.Message {
			m := addresses(idp, idp.Logout(right))
			m.Query = strings.Replace(m.Query, "&SigAlg", "&RelayState=x&SigAlg", 1)
			return m
		}(), "unknown_key: sign_out"},
		{"two messages in an address", func() signout.Message {
			m := addresses(idp, idp.Logout(right))
			m.Query = "SAMLRequest=" + url.QueryEscape(federationtest.Encode("x")) + "&" + m.Query
			return m
		}(), ""},
		{"signed in an older way", func() signout.Message {
			m := addresses(idp, idp.Logout(right))
			m.Query = strings.Replace(m.Query, url.QueryEscape("2001/04/xmldsig-more#rsa-sha256"), url.QueryEscape("2000/09/xmldsig#rsa-sha1"), 1)
			return m
		}(), "signature: sign_out malformed"},
		{"the signed one in an extension of another", forms(with(func(l *federationtest.Logout) {
			l.ID, l.Inside = "q-evil", "<samlp:Extensions>"+idp.Sign(t, with(func(l *federationtest.Logout) { l.Name = "S-mallory" }))+"</samlp:Extensions>"
		})), ""},
		{"the signature of another", func() signout.Message {
			signed := idp.Sign(t, with(func(l *federationtest.Logout) { l.Name = "S-mallory" }))
			signature := signed[strings.Index(signed, "<ds:Signature") : strings.Index(signed, "</ds:Signature>")+len("</ds:Signature>")]
			return forms(with(func(l *federationtest.Logout) { l.Inside = signature }))
		}(), "signature: sign_out unsigned"},
		{"two names", forms(idp.Sign(t, with(func(l *federationtest.Logout) { l.Inside = `<saml:NameID>S-mallory</saml:NameID>` }))), ""},
		{"a comment that cuts the name in two", forms(strings.Replace(idp.Sign(t, with(func(l *federationtest.Logout) { l.Name += ".evil" })), ".evil", "<!---->.evil", 1)), ""},
		{"a name that is encrypted", forms(idp.Sign(t, with(func(l *federationtest.Logout) { l.Inside = `<saml:EncryptedID/>` }))), ""},
		{"a document type", forms(`<!DOCTYPE r [<!ENTITY e "x">]>` + idp.Sign(t, idp.Logout(right))), ""},
		{"an answer", addresses(idp, idp.Logout(p.says("q", "r-1"))), ""},
		{"another issuer", addresses(idp, with(func(l *federationtest.Logout) { l.Issuer = "https://idp.example.org" })), ""},
		{"sent to another service", addresses(idp, with(func(l *federationtest.Logout) { l.Destination = "https://other.example.org/slo" })), "wrong_organisation: sign_out destination"},
		{"sent to where people sign in", addresses(idp, with(func(l *federationtest.Logout) { l.Destination = base + address.SAMLAnswer })), "wrong_organisation: sign_out destination"},
		{"sent nowhere", addresses(idp, with(func(l *federationtest.Logout) { l.Destination = "" })), "wrong_organisation: sign_out destination"},
		{"made two minutes ago", addresses(idp, with(func(l *federationtest.Logout) { l.At = l.At.Add(-2 * time.Minute) })), "expired: sign_out"},
		{"from a clock that is ten minutes ahead", addresses(idp, with(func(l *federationtest.Logout) { l.At = l.At.Add(10 * time.Minute) })), "clock: sign_out 600"},
		{"that has run out", addresses(idp, with(func(l *federationtest.Logout) { l.Until = l.At.Add(-3 * time.Minute) })), "expired: sign_out"},
		{"without its own name", addresses(idp, with(func(l *federationtest.Logout) { l.ID = "" })), "signature: sign_out malformed"},
		{"about nobody", addresses(idp, with(func(l *federationtest.Logout) { l.Name = "x" })), "taken"},
		{"no XML", forms("<samlp:LogoutRequest"), ""},
		{"nothing", signout.Message{Form: url.Values{}, Remote: remote}, ""},
		{"an address that cannot be read", signout.Message{Query: "SAMLRequest=%", Remote: remote}, ""},
	} {
		p.check(p.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `DELETE FROM sign_in_trouble`)
			return err
		}))
		_, err := p.exit.Request(t.Context(), each.message, p.now)
		got := strings.Join(p.troubles(falun), "; ")
		if taken := each.want == "taken"; taken != (err == nil) || !taken && !errors.Is(err, signout.ErrUntaken) {
			if each.want != "none" || err != nil {
				t.Errorf("%s: %v", each.name, err)
			}
		}
		if want := strings.NewReplacer("taken", "", "none", "").Replace(each.want); got != want {
			t.Errorf("%s: the administrator reads %q, want %q", each.name, got, want)
		}
		if !p.in(anna) {
			t.Fatalf("%s: she is out", each.name)
		}
	}

	// What is right is taken, by each way.
	for i, make := range []func(id string) signout.Message{
		func(id string) signout.Message { return addresses(idp, idp.Logout(p.asks(id, name))) },
		func(id string) signout.Message { return forms(idp.Sign(t, idp.Logout(p.asks(id, name)))) },
		func(id string) signout.Message { return addresses(unsigned, idp.Sign(t, idp.Logout(p.asks(id, name)))) },
		func(id string) signout.Message { // in lines, as some send it
			m := forms(idp.Sign(t, idp.Logout(p.asks(id, name))))
			field := m.Form.Get("SAMLRequest")
			m.Form.Set("SAMLRequest", field[:76]+"\r\n"+field[76:])
			return m
		},
		func(id string) signout.Message { // just in time
			l := p.asks(id, name)
			l.At, l.Until = l.At.Add(-90*time.Second), l.At.Add(-3*time.Minute+time.Second)
			return addresses(idp, idp.Logout(l))
		},
	} {
		anna := p.signIn(falun, name, "s-1")
		if _, err := p.exit.Request(t.Context(), make("right-"+string(rune('a'+i))), p.now); err != nil || p.in(anna) {
			t.Errorf("way %d: %v, %v", i, err, p.troubles(falun))
		}
	}
}

// TestMunicipalitiesMayHaveTheSameProvider holds that each ends its own people's sessions,
// and that one that only says so ends nobody's.
func TestMunicipalitiesMayHaveTheSameProvider(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		p.add("anna@falun.example.org", falun)
		p.add("bo@borlange.example.org", borlange)
		liar := p.providers[borlange]
		liar.EntityID = p.providers[falun].EntityID
		p.providers[borlange] = liar
		p.open(borlange, p.settings(borlange))
		anna := p.signIn(falun, "anna@falun.example.org", "s-1")
		if _, err := p.request(borlange, p.asks("q-1", "anna@falun.example.org")); err != nil || !p.in(anna) {
			t.Errorf("whoever gives themself the same name and another key ends her session: %v", err)
		}
		if _, err := p.request(falun, p.asks("q-2", "anna@falun.example.org")); err != nil || p.in(anna) {
			t.Errorf("her own provider does not: %v", err)
		}
		p.providers[borlange] = p.providers[falun]
		p.open(borlange, p.settings(borlange))
		anna, bo := p.signIn(falun, "anna@falun.example.org", "s-1"), p.signIn(borlange, "bo@borlange.example.org", "s-2")
		if _, err := p.request(falun, p.asks("q-3", "anna@falun.example.org")); err != nil || p.in(anna) || !p.in(bo) {
			t.Errorf("the provider that both have: %v", err)
		}
		if _, err := p.request(falun, p.asks("q-4", "bo@borlange.example.org")); err != nil || p.in(bo) {
			t.Errorf("the provider that both have ends the neighbour's, too: %v", err)
		}
		if got := append(p.troubles(falun), p.troubles(borlange)...); len(got) > 0 {
			t.Errorf("administrators read %q", got)
		}
	})
}

// TestWhoSendsWhatIsNotTakenIsSlowedDown holds that a stranger cannot fill the
// administrator's list.
func TestWhoSendsWhatIsNotTakenIsSlowedDown(t *testing.T) {
	p := newPlace(t, dbtest.Open(t, dbtest.SQLite(t)))
	unsigned := p.providers[falun]
	unsigned.Keys = nil
	m := signout.Message{Query: unsigned.Query(t, "SAMLRequest", unsigned.Logout(p.asks("q-1", "anna@falun.example.org")), ""), Remote: "198.51.100.7"}
	var err error
	for range 500 {
		if _, err = p.exit.Request(t.Context(), m, p.now); !errors.Is(err, signout.ErrUntaken) {
			t.Fatal(err)
		}
	}
	if _, err = p.exit.Request(t.Context(), m, p.now); !errors.Is(err, identity.ErrNetworkBusy) || len(p.troubles(falun)) != 500 {
		t.Errorf("one more: %v, %d are kept", err, len(p.troubles(falun)))
	}
	// Who has signed is not.
	if _, err := p.request(falun, p.asks("q-2", "anna@falun.example.org")); err != nil {
		t.Error(err)
	}
}

// TestAnAnswerAboutSigningOutIsChecked holds that what is no answer of the provider to
// our question tells nobody that they are out.
func TestAnAnswerAboutSigningOutIsChecked(t *testing.T) {
	p := newPlace(t, dbtest.Open(t, dbtest.SQLite(t)))
	p.add("anna@falun.example.org", falun)
	idp, other := p.providers[falun], p.providers[borlange]
	unsigned := idp
	unsigned.Keys = nil
	var l federationtest.Logout
	for _, each := range []struct {
		name  string
		by    federationtest.Provider
		text  func() string
		want  signout.Outcome
		reads string
	}{
		{"as it should be", idp, func() string { return idp.Logout(l) }, signout.Out, ""},
		{"not signed", unsigned, func() string { return idp.Logout(l) }, signout.Failed, "signature: sign_out unsigned"},
		{"signed by another", other, func() string { return idp.Logout(l) }, signout.Failed, "unknown_key: sign_out"},
		{"another provider's", other, func() string { return other.Logout(l) }, signout.Failed, "unknown_key: sign_out"},
		{"in another's name", idp, func() string { l.Issuer = other.EntityID; return idp.Logout(l) }, signout.Failed, "wrong_organisation: sign_out issuer"},
		{"to another question", idp, func() string { l.Answers = "id-1"; return idp.Logout(l) }, signout.Failed, "replay: sign_out"},
		{"to another address", idp, func() string { l.Destination = base + address.SAMLAnswer; return idp.Logout(l) }, signout.Failed, "wrong_organisation: sign_out destination"},
		{"too old", idp, func() string { l.At = l.At.Add(-2 * time.Minute); return idp.Logout(l) }, signout.Failed, "expired: sign_out"},
		{"that it did not work", idp, func() string { l.Status = "Responder"; return idp.Logout(l) }, signout.Failed, "cancelled: sign_out provider"},
		{"that it did in part", idp, func() string {
			return strings.Replace(idp.Logout(l), `status:Success"/>`, `status:Success"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:PartialLogout"/></samlp:StatusCode>`, 1)
		}, signout.Partly, ""},
		{"a question in place of an answer", idp, func() string { l.Answers = ""; return idp.Logout(l) }, signout.Failed, "signature: sign_out malformed"},
		{"with a comment", idp, func() string { return strings.Replace(idp.Logout(l), "<saml:Issuer>", "<saml:Issuer><!-- x -->", 1) }, signout.Failed, "signature: sign_out malformed"},
	} {
		p.check(p.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `DELETE FROM sign_in_trouble`)
			return err
		}))
		token := p.leave(p.signIn(falun, "anna@falun.example.org", "s-1"))
		_, question := p.asked(token)
		l = p.says("r-1", question)
		m := signout.Message{Query: each.by.Query(t, "SAMLResponse", each.text(), token), Remote: remote}
		if err := p.exit.Answer(t.Context(), m, p.now); err != nil || p.told(token).Outcome != each.want {
			t.Errorf("%s: %v, %+v", each.name, err, p.told(token))
		}
		if got := strings.Join(p.troubles(falun), "; "); got != each.reads {
			t.Errorf("%s: the administrator reads %q, want %q", each.name, got, each.reads)
		}
	}

	// An answer that nobody asked for, or to the question before the last.
	token := p.leave(p.signIn(falun, "anna@falun.example.org", "s-1"))
	for _, state := range []string{token, "x", ""} {
		m := signout.Message{Query: idp.Query(t, "SAMLResponse", idp.Logout(p.says("r-1", "id-1")), state), Remote: remote}
		if err := p.exit.Answer(t.Context(), m, p.now); !errors.Is(err, signout.ErrUntaken) {
			t.Errorf("to %q: %v", state, err)
		}
	}
	_, first := p.asked(token)
	_, second := p.asked(token)
	if first == second || !p.told(token).May {
		t.Error("pressed twice, the question is the same")
	}
	p.check(p.exit.Answer(t.Context(), p.query(falun, "SAMLResponse", idp.Logout(p.says("r-1", second)), token), p.now))
	if told := p.told(token); told.Outcome != signout.Out {
		t.Errorf("the answer to the last question: %+v", told)
	}
}
