package signout_test

import (
	"context"
	"encoding/xml"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/crewjam/saml/testsaml"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/federation"
	"yrkesresan/internal/federation/federationtest"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/signout"
)

const (
	falun, borlange, dalarna = int64(2080), int64(2081), int64(20)
	base                     = "https://yrkesresan.example.org"
	browser                  = "the browser that began"
	mail                     = "urn:oid:0.9.2342.19200300.100.1.3"
	remote                   = "192.0.2.1"
)

// place is two municipalities with a SAML provider each, and their people.
type place struct {
	*testing.T
	d         *db.DB
	now       clock.Instant
	work      *federation.Federation
	sessions  *identity.Sessions
	exit      *signout.Exit
	providers map[int64]federationtest.Provider
}

func newPlace(t *testing.T, d *db.DB) *place {
	t.Helper()
	p := bare(t, d)
	for id, name := range map[int64]string{falun: "falun", borlange: "borlange"} {
		at := "https://idp." + name + ".example.org"
		p.providers[id] = federationtest.Provider{
			EntityID: at, SSO: at + "/sso", Keys: []federationtest.Key{federationtest.NewKey(t, p.now.Time())},
			Ends: []federationtest.End{{Binding: federationtest.Redirect, Location: at + "/slo"}},
		}
		p.open(id, p.settings(id))
	}
	return p
}

// bare is it without any provider.
func bare(t *testing.T, d *db.DB) *place {
	t.Helper()
	p := &place{T: t, d: d, now: clock.Date(2026, 11, 23).At(9, 0), providers: map[int64]federationtest.Provider{}}
	p.check(errors.Join(jobs.Migrate(t.Context(), d), organisation.Install(t.Context(), d)))
	federationtest.LendOurKey(t, d)
	p.work = federation.New(federation.Config{DB: d, Clock: p.clock, Base: base, Loopback: true})
	p.sessions = identity.NewSessions(d, p.clock, true)
	p.exit = &signout.Exit{DB: d, Work: p.work, Sessions: p.sessions}
	p.add("ada@falun.example.org", falun) // the administrator, who is the first
	return p
}

func (p *place) clock() clock.Instant { return p.now }

func (p *place) check(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *place) settings(id int64) federation.Settings {
	return federation.Settings{Kind: federation.SAML, Metadata: []byte(p.providers[id].Metadata()), Domains: []string{p.slug(id) + ".example.org"}, Vouches: true}
}

func (*place) slug(id int64) string {
	return map[int64]string{falun: "falun", borlange: "borlange"}[id]
}

func (p *place) open(id int64, s federation.Settings) {
	p.Helper()
	m, err := organisation.ByID(p.Context(), p.d.Reader(), id)
	p.check(err)
	admin := access.Viewer{PersonID: 1, Grants: []access.Grant{{Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: id, RegionID: dalarna, MunicipalityID: id}}}
	p.check(p.work.Save(p.Context(), admin, m, s, p.now))
	p.check(p.d.Write(p.Context(), func(tx *db.Tx) error { return federation.TurnOn(p.Context(), tx, admin, m, p.now) }))
}

// add is somebody who works in the municipality.
func (p *place) add(email string, municipality int64) (id int64) {
	p.Helper()
	given, _, _ := strings.Cut(email, "@")
	p.check(p.d.Write(p.Context(), func(tx *db.Tx) (err error) {
		id, err = people.Add(p.Context(), tx, access.System(), people.NewPerson{GivenName: given, FamilyName: "Ek", Email: email}, municipality, clock.Date(2024, 1, 1), "", p.now)
		return err
	}))
	return id
}

// session is somebody's browser: what it knows is the token of its cookie.
type session struct{ token string }

// ctx is a request of the browser.
func (p *place) ctx(s session) context.Context {
	p.Helper()
	ctx, err := p.sessions.Load(p.Context(), s.token)
	p.check(err)
	return ctx
}

func (p *place) in(s session) bool { p.Helper(); return p.sessions.PersonID(p.ctx(s)) != 0 }

func (p *place) commit(ctx context.Context) session {
	p.Helper()
	token, _, err := p.sessions.Commit(ctx)
	p.check(err)
	return session{token}
}

// signIn is a session of somebody whom the municipality's provider has let in, under the
// name of a session there.
func (p *place) signIn(municipality int64, email, index string) session {
	p.Helper()
	at, err := p.work.Begin(p.Context(), federation.Begun{MunicipalityID: municipality, Slug: p.slug(municipality), Browser: browser, Next: "/", Remote: remote}, p.now)
	p.check(err)
	to, err := url.Parse(at)
	p.check(err)
	question, err := testsaml.ParseRedirectRequest(to)
	p.check(err)
	var named struct {
		ID string `xml:"ID,attr"`
	}
	p.check(xml.Unmarshal(question, &named))
	state := to.Query().Get("RelayState")
	p.check(p.work.AnswerSAML(p.Context(), p.providers[municipality].Form(p.T, federationtest.Answer{
		Request: named.ID, Service: base + address.SAMLMetadata, Recipient: base + address.SAMLAnswer, Subject: "S-" + email, For: base + address.SAMLMetadata,
		Session: index, Attributes: map[string]string{mail: email}, At: p.now.Time(),
	}), state, p.now))
	return p.finish(state)
}

func (p *place) finish(state string) session {
	p.Helper()
	o, err := p.work.Finish(p.Context(), state, browser, p.now)
	p.check(err)
	if o.PersonID == 0 {
		p.Fatalf("nobody is let in: %+v", o)
	}
	ctx := p.ctx(session{})
	origin, err := p.exit.Came(ctx, o)
	p.check(errors.Join(err, p.sessions.SignIn(ctx, o.PersonID, "")))
	p.sessions.ComeFrom(ctx, origin)
	return p.commit(ctx)
}

// byMail is a session of somebody who came in by a letter.
func (p *place) byMail(person int64) session {
	p.Helper()
	ctx := p.ctx(session{})
	p.check(p.sessions.SignIn(ctx, person, ""))
	return p.commit(ctx)
}

// leave signs out and is the token of the sign-out at work.
func (p *place) leave(s session) string {
	p.Helper()
	token, err := p.exit.Leave(p.ctx(s), p.now)
	p.check(err)
	if p.in(s) {
		p.Fatal("who has signed out is in")
	}
	return token
}

func (p *place) told(token string) signout.Told {
	p.Helper()
	told, err := p.exit.Told(p.Context(), token, p.now)
	p.check(err)
	return told
}

// asked is our question to the provider, and its name.
func (p *place) asked(token string) (way signout.Way, id string) {
	p.Helper()
	way, err := p.exit.Ask(p.Context(), token, p.now)
	p.check(err)
	var named struct {
		ID string `xml:"ID,attr"`
	}
	p.check(xml.Unmarshal([]byte(federationtest.Unpacked(p.T, way.Address, "SAMLRequest")), &named))
	return way, named.ID
}

// says is the provider's answer to the question.
func (p *place) says(id, question string) federationtest.Logout {
	return federationtest.Logout{ID: id, Answers: question, Destination: base + address.SAMLSignOut, At: p.now.Time()}
}

// asks is the provider's request about somebody.
func (p *place) asks(id, email string, sessions ...string) federationtest.Logout {
	return federationtest.Logout{ID: id, Destination: base + address.SAMLSignOut, At: p.now.Time(), Name: "S-" + email, Sessions: sessions}
}

func (p *place) query(municipality int64, parameter, text, state string) signout.Message {
	return signout.Message{Query: p.providers[municipality].Query(p.T, parameter, text, state), Remote: remote}
}

// request brings the municipality's provider's request.
func (p *place) request(municipality int64, l federationtest.Logout) (signout.Way, error) {
	p.Helper()
	return p.exit.Request(p.Context(), p.query(municipality, "SAMLRequest", p.providers[municipality].Logout(l), "relayed"), p.now)
}

// troubles are the causes and details that the municipality's administrator reads.
func (p *place) troubles(municipality int64) (all []string) {
	p.Helper()
	all, err := db.Rows(p.Context(), p.d.Reader(), db.One[string], `SELECT cause || ': ' || detail FROM sign_in_trouble WHERE organisation_id = $1 ORDER BY id`, municipality)
	p.check(err)
	return all
}

func TestWhoSignsOutHereIsOutHereAndLedToTheirProvider(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		p.add("anna@falun.example.org", falun)
		anna := p.signIn(falun, "anna@falun.example.org", "session-1")
		kept, err := db.Rows(t.Context(), d.Reader(), db.One[string], `SELECT data || work FROM session`)
		p.check(err)
		if text := strings.Join(kept, "\n"); strings.Contains(text, "S-anna") || strings.Contains(text, "session-1") || !strings.Contains(text, "sealed:") {
			t.Errorf("the session is kept as %s", text)
		}
		if state, err := db.Row(t.Context(), d.Reader(), db.One[string], `SELECT secret FROM federation_state`); state != "" || err != nil {
			t.Errorf("the sign-in still holds %q, %v", state, err)
		}
		// Who signs in anew on the way keeps it.
		ctx := p.ctx(anna)
		p.check(p.sessions.SignIn(ctx, p.sessions.PersonID(ctx), ""))
		anna = p.commit(ctx)

		token := p.leave(anna)
		if token == "" {
			t.Fatal("nothing is said of the provider")
		}
		if n, err := db.Row(t.Context(), d.Reader(), db.One[int], `SELECT COUNT(*) FROM session WHERE work <> ''`); n != 0 || err != nil {
			t.Errorf("%d sessions that are over still hold how they are ended at work, %v", n, err)
		}
		if told := p.told(token); told.Outcome != signout.Waiting || !told.May || told.Municipality.Slug != "falun" {
			t.Errorf("she is told %+v", told)
		}
		way, question := p.asked(token)
		text := federationtest.Unpacked(t, way.Address, "SAMLRequest")
		if !strings.HasPrefix(way.Address, "https://idp.falun.example.org/slo?") || len(way.Fields) != 0 || !federationtest.SignedBy(federationtest.OurKey(t), way.Address) {
			t.Errorf("she is led to %+v", way)
		}
		for _, part := range []string{
			`<saml:NameID SPNameQualifier="` + base + address.SAMLMetadata + `" Format="` + federationtest.Persistent + `">S-anna@falun.example.org</saml:NameID>`,
			`>session-1</samlp:SessionIndex>`, `Destination="https://idp.falun.example.org/slo"`, `>` + base + address.SAMLMetadata + `</saml:Issuer>`,
		} {
			if !strings.Contains(text, part) {
				t.Errorf("the question lacks %s: %s", part, text)
			}
		}

		answer := p.query(falun, "SAMLResponse", p.providers[falun].Logout(p.says("r-1", question)), token)
		p.check(p.exit.Answer(t.Context(), answer, p.now))
		if told := p.told(token); told.Outcome != signout.Out || told.May {
			t.Errorf("after the answer she is told %+v", told)
		}
		if err := p.exit.Answer(t.Context(), answer, p.now); !errors.Is(err, signout.ErrUntaken) || p.told(token).Outcome != signout.Out {
			t.Errorf("the answer again: %v", err)
		}
		if got := p.troubles(falun); len(got) != 1 || got[0] != "replay: sign_out" {
			t.Errorf("the administrator reads %q", got)
		}
		if _, err := p.exit.Ask(t.Context(), token, p.now); !errors.Is(err, fault.NotFound) {
			t.Errorf("asking again: %v", err)
		}
		if left, err := db.Row(t.Context(), d.Reader(), db.One[string], `SELECT work FROM work_sign_out`); left != "" || err != nil {
			t.Errorf("the sign-out still holds %q, %v", left, err)
		}
	})
}

// TestASignOutEnds holds that it is over after a quarter of an hour, and that who did not
// come from a provider has none.
func TestASignOutEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		anna := p.add("anna@falun.example.org", falun)
		if token := p.leave(p.byMail(anna)); token != "" {
			t.Errorf("who came by a letter has a sign-out at work: %s", token)
		}
		if token := p.leave(session{}); token != "" {
			t.Errorf("who was not in has one: %s", token)
		}
		// Somebody else in the same browser has none of the first.
		ctx := p.ctx(p.signIn(falun, "anna@falun.example.org", "s-1"))
		p.check(p.sessions.SignIn(ctx, 1, ""))
		if token := p.leave(p.commit(ctx)); token != "" {
			t.Errorf("who came after her has her sign-out: %s", token)
		}
		token := p.leave(p.signIn(falun, "anna@falun.example.org", "s-2"))
		p.now = p.now.Add(15*time.Minute - time.Microsecond)
		if !p.told(token).May {
			t.Error("just before a quarter of an hour she cannot sign out there")
		}
		p.now = p.now.Add(time.Microsecond)
		if _, err := p.exit.Told(t.Context(), token, p.now); !errors.Is(err, fault.NotFound) {
			t.Errorf("after it: %v", err)
		}
		if _, err := p.exit.Ask(t.Context(), token, p.now); !errors.Is(err, fault.NotFound) {
			t.Errorf("asking after it: %v", err)
		}
		p.now = p.now.Add(-time.Microsecond)
		for _, each := range []struct {
			after          time.Duration
			leaving, heard int
		}{{0, 1, 1}, {time.Microsecond, 0, 1}, {24*time.Hour - 2*time.Microsecond, 0, 1}, {time.Microsecond, 0, 0}} {
			if each.after == 0 {
				_, err := p.request(falun, p.asks("q-1", "anna@falun.example.org"))
				p.check(err)
			}
			p.now = p.now.Add(each.after)
			p.check(signout.Sweep(t.Context(), d, p.now))
			leaving, err1 := db.Row(t.Context(), d.Reader(), db.One[int], `SELECT COUNT(*) FROM work_sign_out`)
			heard, err2 := db.Row(t.Context(), d.Reader(), db.One[int], `SELECT COUNT(*) FROM work_sign_out_heard`)
			if leaving != each.leaving || heard != each.heard || err1 != nil || err2 != nil {
				t.Errorf("at %v %d sign-outs and %d messages are kept, %v, %v", p.now, leaving, heard, err1, err2)
			}
		}
	})
}

// TestWhereNobodyCanSignOutIsSaid holds what is said when we cannot lead anybody there.
func TestWhereNobodyCanSignOutIsSaid(t *testing.T) {
	p := newPlace(t, dbtest.Open(t, dbtest.SQLite(t)))
	p.add("anna@falun.example.org", falun)
	idp := p.providers[falun]
	for _, each := range []struct {
		name string
		ends []federationtest.End
		may  bool
	}{
		{"it has no such page", nil, false},
		{"it has one that we lead nobody to", []federationtest.End{{Binding: federationtest.Redirect, Location: "https://name:word@idp.falun.example.org/slo"}}, false},
		{"it has one for servers alone", []federationtest.End{{Binding: "urn:oasis:names:tc:SAML:2.0:bindings:SOAP", Location: "https://idp.falun.example.org/slo"}}, false},
		{"it has one for forms", []federationtest.End{{Binding: federationtest.Post, Location: "https://idp.falun.example.org/slo"}}, true},
	} {
		idp.Ends = each.ends
		p.providers[falun] = idp
		p.open(falun, p.settings(falun))
		token := p.leave(p.signIn(falun, "anna@falun.example.org", "s"))
		told := p.told(token)
		if _, err := p.exit.Ask(t.Context(), token, p.now); told.May != each.may || told.Outcome != signout.Waiting || errors.Is(err, fault.NotFound) == each.may {
			t.Errorf("%s: %+v, %v", each.name, told, err)
		}
	}

	// Another provider than she came by does not know her.
	token := p.leave(p.signIn(falun, "anna@falun.example.org", "s"))
	idp.EntityID = "https://new.falun.example.org"
	p.providers[falun] = idp
	p.open(falun, p.settings(falun))
	if p.told(token).May {
		t.Error("she is led to a provider that she did not come by")
	}
}

// TestAFormLeadsToAProviderThatTakesNoAddress holds both ways of it: our question and our
// answer.
func TestAFormLeadsToAProviderThatTakesNoAddress(t *testing.T) {
	p := newPlace(t, dbtest.Open(t, dbtest.SQLite(t)))
	p.add("anna@falun.example.org", falun)
	idp := p.providers[falun]
	idp.Ends = []federationtest.End{{Binding: federationtest.Post, Location: "https://idp.falun.example.org/slo", Answers: "https://idp.falun.example.org/answers"}}
	p.providers[falun] = idp
	p.open(falun, p.settings(falun))
	token := p.leave(p.signIn(falun, "anna@falun.example.org", "s-1"))
	way, err := p.exit.Ask(t.Context(), token, p.now)
	p.check(err)
	if way.Address != "https://idp.falun.example.org/slo" || len(way.Fields) != 2 || way.Fields[0][0] != "SAMLRequest" || way.Fields[1] != [2]string{"RelayState", token} {
		t.Fatalf("she is led by %+v", way)
	}
	text := federationtest.Verified(t, way.Fields[0][1])
	_, question, _ := strings.Cut(text, ` ID="`)
	question, _, _ = strings.Cut(question, `"`)
	p.check(p.exit.Answer(t.Context(), signout.Message{
		Form: url.Values{"SAMLResponse": {federationtest.Encode(idp.Sign(t, idp.Logout(p.says("r-1", question))))}, "RelayState": {token}}, Remote: remote,
	}, p.now))
	if told := p.told(token); told.Outcome != signout.Out {
		t.Errorf("she is told %+v", told)
	}

	anna := p.signIn(falun, "anna@falun.example.org", "s-2")
	way, err = p.exit.Request(t.Context(), signout.Message{
		Form: url.Values{"SAMLRequest": {federationtest.Encode(idp.Sign(t, idp.Logout(p.asks("q-1", "anna@falun.example.org"))))}, "RelayState": {"state"}}, Remote: remote,
	}, p.now)
	p.check(err)
	if p.in(anna) || way.Address != "https://idp.falun.example.org/answers" || len(way.Fields) != 2 || way.Fields[1] != [2]string{"RelayState", "state"} {
		t.Errorf("the answer goes by %+v", way)
	}
	if text := federationtest.Verified(t, way.Fields[0][1]); !strings.Contains(text, `InResponseTo="q-1"`) || !strings.Contains(text, "status:Success") || !strings.Contains(text, `Destination="https://idp.falun.example.org/answers"`) {
		t.Errorf("the answer says %s", text)
	}
}
