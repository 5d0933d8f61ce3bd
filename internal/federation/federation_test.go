package federation_test

import (
	"encoding/xml"
	"errors"
	"net/url"
	"strings"
	"sync/atomic"
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
)

const (
	falun, borlange, dalarna = int64(2080), int64(2081), int64(20)
	base                     = "https://yrkesresan.example.org"
	browser                  = "the browser that began"
	mail                     = "urn:oid:0.9.2342.19200300.100.1.3"
	principal                = "urn:oid:1.3.6.1.4.1.5923.1.1.1.6"
	givenName, familyName    = "urn:oid:2.5.4.42", "urn:oid:2.5.4.4"
)

// place is two municipalities with a SAML provider each, and their people.
type place struct {
	*testing.T
	d         *db.DB
	f         *federation.Federation
	now       clock.Instant
	providers map[int64]federationtest.Provider
}

func admin(municipality int64) access.Viewer {
	return access.Viewer{PersonID: 1, Grants: []access.Grant{{Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: municipality, RegionID: dalarna, MunicipalityID: municipality}}}
}

func newPlace(t *testing.T, d *db.DB) *place {
	t.Helper()
	p := &place{T: t, d: d, now: clock.Date(2026, 11, 23).At(9, 0), providers: map[int64]federationtest.Provider{}}
	p.check(errors.Join(jobs.Migrate(t.Context(), d), organisation.Install(t.Context(), d)))
	federationtest.LendOurKey(t, d)
	p.f = federation.New(federation.Config{DB: d, Clock: func() clock.Instant { return p.now }, Base: base, Loopback: true})
	p.write(func(tx *db.Tx) error { // the administrator, who is the first
		_, err := people.Add(t.Context(), tx, access.System(), people.NewPerson{GivenName: "Ada", FamilyName: "Min", Email: "ada@falun.example.org"}, falun, clock.Date(2024, 1, 1), "", p.now)
		return err
	})
	for id, name := range map[int64]string{falun: "falun", borlange: "borlange"} {
		p.providers[id] = federationtest.Provider{
			EntityID: "https://idp." + name + ".example.org", SSO: "https://idp." + name + ".example.org/sso",
			Keys: []federationtest.Key{federationtest.NewKey(t, p.now.Time())}, Scopes: []string{name + ".example.org"},
		}
		p.open(id, p.settings(id))
	}
	return p
}

func (p *place) check(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *place) write(f func(tx *db.Tx) error) {
	p.Helper()
	p.check(p.d.Write(p.Context(), f))
}

func (p *place) municipality(id int64) organisation.Organisation {
	p.Helper()
	m, err := organisation.ByID(p.Context(), p.d.Reader(), id)
	p.check(err)
	return m
}

func (p *place) settings(id int64) federation.Settings {
	return federation.Settings{
		Kind: federation.SAML, Metadata: []byte(p.providers[id].Metadata()), Domains: []string{p.municipality(id).Slug + ".example.org"}, Vouches: true,
	}
}

func (p *place) open(id int64, s federation.Settings) {
	p.Helper()
	m := p.municipality(id)
	p.check(p.f.Save(p.Context(), admin(id), m, s, p.now))
	p.write(func(tx *db.Tx) error { return federation.TurnOn(p.Context(), tx, admin(id), m, p.now) })
}

// add is somebody who works in the municipality from 2024 on.
func (p *place) add(email string, municipality int64) (id int64) {
	p.Helper()
	given, _, _ := strings.Cut(email, "@")
	p.write(func(tx *db.Tx) (err error) {
		id, err = people.Add(p.Context(), tx, access.System(), people.NewPerson{GivenName: given, FamilyName: "Ek", Email: email}, municipality, clock.Date(2024, 1, 1), "", p.now)
		return err
	})
	return id
}

// begin is the state and the name of the question of a sign-in that begins.
func (p *place) begin(id int64, next string) (state, request string) {
	p.Helper()
	address, err := p.f.Begin(p.Context(), federation.Begun{MunicipalityID: id, Slug: p.municipality(id).Slug, Browser: browser, Next: next, Remote: "192.0.2.1"}, p.now)
	p.check(err)
	return asked(p.T, address)
}

// asked is the state and the name of the question that the address asks, which is
// signed.
func asked(t *testing.T, address string) (state, request string) {
	t.Helper()
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	question, err := testsaml.ParseRedirectRequest(at)
	if err != nil {
		t.Fatal(err)
	}
	var named struct {
		ID string `xml:"ID,attr"`
	}
	if err := xml.Unmarshal(question, &named); err != nil {
		t.Fatal(err)
	}
	if at.Query().Get("Signature") == "" || !strings.Contains(at.Query().Get("SigAlg"), "rsa-sha256") {
		t.Fatalf("the question is not signed: %s", address)
	}
	return at.Query().Get("RelayState"), named.ID
}

// says is an answer about anna to the question, as it should be.
func (p *place) says(request, email string) federationtest.Answer {
	return federationtest.Answer{
		Request: request, Service: base + address.SAMLMetadata, Recipient: base + address.SAMLAnswer, Subject: "S-" + email,
		Attributes: map[string]string{mail: email}, At: p.now.Time(),
	}
}

// finish sends the answer and takes up what came of it.
func (p *place) finish(state, form string) federation.Outcome {
	p.Helper()
	var stopped *federation.Stopped
	if err := p.f.AnswerSAML(p.Context(), form, state, p.now); errors.As(err, &stopped) {
		return federation.Outcome{Cause: stopped.Cause, Reference: stopped.Reference}
	} else if err != nil {
		p.Fatal(err)
	}
	o, err := p.f.Finish(p.Context(), state, browser, p.now)
	p.check(err)
	return o
}

// signIn is a whole sign-in at the municipality by the answer.
func (p *place) signIn(id int64, change func(a *federationtest.Answer)) federation.Outcome {
	p.Helper()
	state, request := p.begin(id, "/my/journey")
	a := p.says(request, "anna@falun.example.org")
	if change != nil {
		change(&a)
	}
	return p.finish(state, p.providers[id].Form(p, a))
}

// last is the newest trouble that the municipality's administrator sees.
func (p *place) last(id int64) federation.Trouble {
	p.Helper()
	all, err := federation.Troubles(p.Context(), p.d.Reader(), admin(id), p.municipality(id), 1)
	p.check(err)
	if len(all) == 0 {
		return federation.Trouble{}
	}
	return all[0]
}

func TestSomebodySignsInAtTheirProvider(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		anna := p.add("anna@falun.example.org", falun)
		for _, each := range []struct {
			name   string
			change func(a *federationtest.Answer)
		}{
			{"her address proposes who she is, in any letter case", func(a *federationtest.Answer) { a.Attributes[mail] = "Anna@Falun.Example.org" }},
			{"and from then on her lasting name is enough", func(a *federationtest.Answer) { a.Attributes = nil }},
			{"also when her address has changed", func(a *federationtest.Answer) { a.Attributes[mail] = "anna.new@falun.example.org" }},
		} {
			o := p.signIn(falun, func(a *federationtest.Answer) { a.Subject = "aB3"; each.change(a) })
			if o.PersonID != anna || o.Next != "/my/journey" || o.Cause != "" {
				t.Errorf("%s: %+v, %+v", each.name, o, p.last(falun))
			}
			p.now += 1_000_000
		}
		if n, err := federation.Linked(t.Context(), d.Reader(), admin(falun), p.municipality(falun)); err != nil || n != 1 {
			t.Errorf("%d are linked: %v", n, err)
		}
		if o := p.signIn(falun, func(a *federationtest.Answer) { a.Subject = "ab3"; a.Attributes = nil }); o.PersonID != 0 || o.Cause != identity.CauseAttributeMissing {
			t.Errorf("a name that differs in letter case: %+v", o)
		}
	})
}

// TestOfWhomAProviderMaySpeak holds whom an answer lets in, whatever its signature.
func TestOfWhomAProviderMaySpeak(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		anna := p.add("anna@falun.example.org", falun)
		p.add("bo@borlange.example.org", borlange)
		p.add("moved@falun.example.org", borlange)
		left, office := p.add("left@falun.example.org", falun), p.add("office@falun.example.org", falun)
		number := p.add("number@falun.example.org", falun)
		today := p.now.Day()
		p.write(func(tx *db.Tx) error {
			if err := people.Leave(t.Context(), tx, access.System(), left, today-1); err != nil {
				return err
			}
			if _, err := identity.Grant(t.Context(), tx, access.System(), office, access.Steering, dalarna, today, p.now); err != nil {
				return err
			}
			_, err := db.Exec(t.Context(), tx, `INSERT INTO staff_number (municipality_id, person_id, number) VALUES ($1, $2, '00042')`, falun, anna)
			return err
		})
		if o := p.signIn(falun, nil); o.PersonID != anna {
			t.Fatalf("anna does not come in: %+v, %+v", o, p.last(falun))
		}
		about := func(email string) func(a *federationtest.Answer) {
			return func(a *federationtest.Answer) { a.Subject, a.Attributes[mail] = "S-"+email, email }
		}
		for _, each := range []struct {
			name          string
			change        func(a *federationtest.Answer)
			cause, detail string
			person        int64
		}{
			{"an address of another municipality", about("bo@borlange.example.org"), identity.CauseWrongOrganisation, "domain", 0},
			{"of one that is nobody's", about("anna@example.org"), identity.CauseWrongOrganisation, "domain", 0},
			{"of one below its own", about("anna@skola.falun.example.org"), identity.CauseWrongOrganisation, "domain", 0},
			{"also when she is linked", func(a *federationtest.Answer) { a.Attributes[mail] = "anna@borlange.example.org" }, identity.CauseWrongOrganisation, "domain", 0},
			{"a scope of another", func(a *federationtest.Answer) { a.Attributes[principal] = "anna@borlange.example.org" }, identity.CauseWrongOrganisation, "domain", 0},
			{"nobody known", about("nobody@falun.example.org"), identity.CauseUnknownPerson, "NameID, " + mail, 0},
			{"who has left", about("left@falun.example.org"), identity.CauseNoEmployment, "", left},
			{"who works elsewhere, without saying who", about("moved@falun.example.org"), identity.CauseWrongOrganisation, "elsewhere", 0},
			{"who holds a role outside", about("office@falun.example.org"), identity.CauseNotAllowed, "office", office},
			{"a name that is new each time", func(a *federationtest.Answer) { a.Format = federationtest.Transient }, identity.CauseAttributeMissing, "NameID persistent (NameID, " + mail + ")", 0},
			{"an address that was given to somebody new", func(a *federationtest.Answer) { a.Subject = "another" }, identity.CauseAmbiguous, "linked", anna},
			{"a staff number that is another's", func(a *federationtest.Answer) {
				about("number@falun.example.org")(a)
				a.Attributes["employeeNumber"] = "00042"
			}, identity.CauseAmbiguous, "number", number},
			{"no address from whom is not linked", func(a *federationtest.Answer) { a.Subject, a.Attributes = "new", map[string]string{"title": "x"} }, identity.CauseAttributeMissing, "mail (NameID, title)", 0},
		} {
			o, last := p.signIn(falun, each.change), p.last(falun)
			if o.PersonID != 0 || o.Cause != each.cause || len(o.Reference) != 6 {
				t.Errorf("%s: %+v", each.name, o)
			}
			if last.Cause != each.cause || last.Detail != each.detail || last.PersonID != each.person || last.Reference != o.Reference {
				t.Errorf("%s: the administrator reads %+v, want %s %q of %d", each.name, last, each.cause, each.detail, each.person)
			}
		}
		if last := p.last(borlange); last.Cause != "" {
			t.Errorf("the other municipality reads %+v", last)
		}

		// The address proposes nobody when nobody answers for it.
		s := p.settings(falun)
		s.Vouches = false
		p.open(falun, s)
		if o := p.signIn(falun, about("number@falun.example.org")); o.Cause != identity.CauseNotAllowed || p.last(falun).Detail != "unverified" {
			t.Errorf("an address that nobody answers for: %+v", o)
		}
		if o := p.signIn(falun, nil); o.PersonID != anna {
			t.Errorf("who is linked comes in: %+v", o)
		}

		// Who is unlinked is proposed anew.
		s.Vouches = true
		p.open(falun, s)
		unlink := func(viewer access.Viewer) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return federation.Unlink(t.Context(), tx, viewer, p.municipality(falun), anna) })
		}
		if err := unlink(admin(borlange)); !errors.Is(err, fault.NotFound) {
			t.Errorf("the neighbour unlinks: %v", err)
		}
		p.check(unlink(admin(falun)))
		if o := p.signIn(falun, func(a *federationtest.Answer) { a.Subject = "another" }); o.PersonID != anna {
			t.Errorf("after unlinking: %+v", o)
		}
	})
}

func TestWhoIsNotKnownIsAddedWhereTheMunicipalityAllows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		s := p.settings(falun)
		s.MakesAccounts = true
		p.open(falun, s)
		if o := p.signIn(falun, nil); o.Cause != identity.CauseAttributeMissing || p.last(falun).Detail != "givenName, sn (NameID, "+mail+")" {
			t.Errorf("without a name: %+v, %+v", o, p.last(falun))
		}
		named := func(a *federationtest.Answer) { a.Attributes[givenName], a.Attributes[familyName] = "Anna", "Åkesson" }
		o := p.signIn(falun, named)
		if o.PersonID == 0 {
			t.Fatalf("anna is not added: %+v, %+v", o, p.last(falun))
		}
		detail, err := people.Get(t.Context(), d.Reader(), access.System(), o.PersonID, p.now.Day())
		p.check(err)
		if e := detail.EmployedOn(p.now.Day()); detail.Name() != "Anna Åkesson" || detail.Email != "anna@falun.example.org" || e == nil || e.MunicipalityID != falun {
			t.Errorf("she is %+v", detail)
		}
		if again := p.signIn(falun, named); again.PersonID != o.PersonID {
			t.Errorf("the second time she is %+v", again)
		}
		if o := p.signIn(borlange, func(a *federationtest.Answer) { named(a); a.Attributes[mail] = "cy@borlange.example.org" }); o.Cause != identity.CauseUnknownPerson {
			t.Errorf("where it is not allowed: %+v", o)
		}
	})
}

func TestAnAnswerIsGoodOnceForOneStateInOneBrowser(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		anna := p.add("anna@falun.example.org", falun)
		good := func(id int64, request string) string {
			return p.providers[id].Form(p, p.says(request, "anna@falun.example.org"))
		}

		// Two tabs each come back to their own page.
		first, q1 := p.begin(falun, "/my/journey")
		second, q2 := p.begin(falun, "/help")
		if o := p.finish(second, good(falun, q2)); o.PersonID != anna || o.Next != "/help" {
			t.Errorf("the second tab: %+v", o)
		}
		if o := p.finish(first, good(falun, q1)); o.PersonID != anna || o.Next != "/my/journey" {
			t.Errorf("the first tab: %+v", o)
		}

		var stopped *federation.Stopped
		if err := p.f.AnswerSAML(t.Context(), good(falun, q1), first, p.now); !errors.As(err, &stopped) || stopped.Cause != identity.CauseReplay {
			t.Errorf("the same answer again is read: %v", err)
		}
		for _, each := range []struct {
			name  string
			try   func() federation.Outcome
			cause string
		}{
			{"the same answer again", func() federation.Outcome { return p.finish(first, good(falun, q1)) }, identity.CauseReplay},
			{"taken up again", func() federation.Outcome {
				o, err := p.f.Finish(t.Context(), first, browser, p.now)
				p.check(err)
				return o
			}, identity.CauseReplay},
			{"an answer to another question", func() federation.Outcome {
				state, _ := p.begin(falun, "/")
				return p.finish(state, good(falun, q2))
			}, identity.CauseReplay},
			{"another organisation's answer", func() federation.Outcome {
				state, request := p.begin(falun, "/")
				return p.finish(state, good(borlange, request))
			}, identity.CauseWrongOrganisation},
			{"another organisation's answer in the right one's name", func() federation.Outcome {
				state, request := p.begin(falun, "/")
				a := p.says(request, "anna@falun.example.org")
				a.Issuer = p.providers[falun].EntityID
				return p.finish(state, p.providers[borlange].Form(p, a))
			}, identity.CauseUnknownKey},
			{"a state that there is not", func() federation.Outcome { return p.finish("made up", good(falun, q1)) }, identity.CauseExpired},
			{"of who was signed in before, on a device that people share", func() federation.Outcome {
				address, err := p.f.Begin(t.Context(), federation.Begun{MunicipalityID: falun, Slug: "falun", Browser: browser, Next: "/", Remote: "192.0.2.1", Anew: true}, p.now)
				p.check(err)
				state, request := asked(t, address)
				a := p.says(request, "anna@falun.example.org")
				a.Proved = p.now.Time().Add(-time.Hour)
				return p.finish(state, p.providers[falun].Form(p, a))
			}, identity.CauseExpired},
			{"nothing has come yet", func() federation.Outcome {
				state, _ := p.begin(falun, "/")
				o, err := p.f.Finish(t.Context(), state, browser, p.now)
				p.check(err)
				return o
			}, identity.CauseExpired},
			{"another browser", func() federation.Outcome {
				state, request := p.begin(falun, "/")
				p.check(p.f.AnswerSAML(t.Context(), good(falun, request), state, p.now))
				o, err := p.f.Finish(t.Context(), state, "another", p.now)
				p.check(err)
				return o
			}, identity.CauseReplay},
			{"at the other kind's address", func() federation.Outcome {
				state, _ := p.begin(falun, "/")
				var stopped *federation.Stopped
				if err := p.f.AnswerOIDC(t.Context(), "falun", url.Values{"state": {state}, "code": {"x"}}, p.now); !errors.As(err, &stopped) {
					t.Fatal(err)
				}
				return federation.Outcome{Cause: stopped.Cause}
			}, identity.CauseWrongOrganisation},
		} {
			if o := each.try(); o.PersonID != 0 || o.Cause != each.cause {
				t.Errorf("%s: %+v", each.name, o)
			}
		}

		// A quarter of an hour, to the microsecond.
		for _, late := range []struct {
			by   time.Duration
			want int64
		}{{federation.StateLife - time.Microsecond, anna}, {federation.StateLife, 0}} {
			state, request := p.begin(falun, "/")
			began := p.now
			p.now = p.now.Add(late.by)
			if o := p.finish(state, good(falun, request)); o.PersonID != late.want || late.want == 0 && (o.Cause != identity.CauseExpired || o.Reference == "") { // refused before it is read
				t.Errorf("after %v: %+v", late.by, o)
			}
			p.now = began
		}

		// What is closed is closed at once, also for who is under way.
		state, request := p.begin(falun, "/")
		p.write(func(tx *db.Tx) error {
			return federation.TurnOff(t.Context(), tx, admin(falun), p.municipality(falun), p.now)
		})
		if o := p.finish(state, good(falun, request)); o.Cause != identity.CauseNotAllowed {
			t.Errorf("a provider that was closed meanwhile: %+v", o)
		}
		if _, err := p.f.Begin(t.Context(), federation.Begun{MunicipalityID: falun, Slug: "falun", Browser: browser}, p.now); !errors.Is(err, fault.NotFound) {
			t.Errorf("a closed provider is asked: %v", err)
		}
	})
}

func TestManyWhoBringTheSameAnswerLetOneIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		p.add("anna@falun.example.org", falun)
		state, request := p.begin(falun, "/")
		form := p.providers[falun].Form(p, p.says(request, "anna@falun.example.org"))
		const many = 8
		var taken atomic.Int64
		in := make(chan bool, many)
		defer p.addsOnce()
		for range many {
			go func() {
				err := p.f.AnswerSAML(t.Context(), form, state, p.now)
				if err == nil {
					taken.Add(1)
					if o, finished := p.f.Finish(t.Context(), state, browser, p.now); finished == nil && o.PersonID != 0 {
						in <- true
						return
					}
				}
				in <- false
			}()
		}
		let := 0
		for range many {
			if <-in {
				let++
			}
		}
		if let != 1 || taken.Load() != 1 {
			t.Errorf("%d answers were taken, %d came in", taken.Load(), let)
		}
	})
}

// addsOnce holds that somebody new who signs in several times at once, by the same
// lasting name or others, is one person.
func (p *place) addsOnce() {
	p.Helper()
	s := p.settings(falun)
	s.MakesAccounts = true
	p.open(falun, s)
	const many = 6
	var states, forms [many]string
	for i := range many {
		state, request := p.begin(falun, "/")
		a := p.says(request, "new@falun.example.org")
		a.Attributes[givenName] = "Nya"
		if i%3 == 0 {
			a.Subject = "another"
		}
		states[i], forms[i] = state, p.providers[falun].Form(p, a)
	}
	done := make(chan error, many)
	for i := range many {
		go func() { done <- p.f.AnswerSAML(p.Context(), forms[i], states[i], p.now) }()
	}
	for range many {
		p.check(<-done)
	}
	let := map[int64]int{}
	for i := range many {
		o, err := p.f.Finish(p.Context(), states[i], browser, p.now)
		p.check(err)
		let[o.PersonID]++
	}
	if people := len(let); people > 2 || people == 2 && let[0] == 0 || let[0] == many {
		p.Errorf("they became %v", let)
	}
	if n, err := db.Row(p.Context(), p.d.Reader(), db.One[int], `SELECT COUNT(*) FROM person WHERE email = 'new@falun.example.org'`); err != nil || n != 1 {
		p.Errorf("%d are there: %v", n, err)
	}
}
