package identity_test

import (
	"context"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// passing is a municipality whose roles are passed on.
type passing struct {
	*testing.T
	d *db.DB
}

const passedIn = int64(2080)

var passedOn = clock.Date(2025, 6, 1)

func (p passing) write(f func(tx *db.Tx) error) error {
	return p.d.Write(context.Background(), f)
}

func (p passing) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p passing) person(name string) (id int64) {
	p.Helper()
	p.must(p.write(func(tx *db.Tx) (err error) {
		id, err = people.Add(context.Background(), tx, access.System(), people.NewPerson{GivenName: name}, passedIn, passedOn-900, "", (passedOn-900).At(12, 0))
		return err
	}))
	return id
}

// gives lets who gives a role to somebody: with an end from the start when there is one.
func (p passing) gives(by access.Viewer, to int64, role access.Role, from clock.Day, until *clock.Day) (id int64, err error) {
	p.Helper()
	err = p.write(func(tx *db.Tx) (err error) {
		if id, err = identity.Grant(context.Background(), tx, by, to, role, passedIn, from, passedOn.At(12, 0)); err == nil && until != nil {
			err = identity.EndGrant(context.Background(), tx, by, id, *until, passedOn.At(12, 0))
		}
		return err
	})
	return id, err
}

// as is the person with the roles of the day.
func (p passing) as(id int64) access.Viewer {
	p.Helper()
	v, _, err := identity.Viewer(context.Background(), p.d.Reader(), id, passedOn)
	p.must(err)
	return v
}

// until is the grant's last day: "gone" without the grant, "" without an end.
func (p passing) until(id int64) string {
	p.Helper()
	days, err := db.Rows(context.Background(), p.d.Reader(), db.One[*clock.Day], `SELECT to_day FROM role_grant WHERE id = $1`, id)
	p.must(err)
	switch {
	case len(days) == 0:
		return "gone"
	case days[0] == nil:
		return ""
	}
	return days[0].String()
}

func TestNobodyPassesOnMoreTimeThanTheyHave(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := passing{t, d}
		p.must(organisation.Install(context.Background(), d))
		autumn := passedOn + 90
		// Who holds the role for good gives it for good, and it stays when they are gone.
		chief, mate := p.person("Chef"), p.person("Kollega")
		first, err := p.gives(access.System(), chief, access.MunicipalAdmin, passedOn-100, nil)
		p.must(err)
		given, err := p.gives(p.as(chief), mate, access.Manager, passedOn, nil)
		p.must(err)
		p.must(p.write(func(tx *db.Tx) error {
			return identity.EndGrant(context.Background(), tx, access.System(), first, passedOn, passedOn.At(12, 0))
		}))
		if got := p.until(given); got != "" {
			t.Errorf("what was given for good ends %s", got)
		}

		// A substitute's ends with theirs, however much was asked for.
		deputy, friend, later := p.person("Vikarie"), p.person("Vän"), p.person("Senare")
		lent, err := p.gives(access.System(), deputy, access.MunicipalAdmin, passedOn-10, &autumn)
		p.must(err)
		within, err := p.gives(p.as(deputy), friend, access.Manager, passedOn, nil)
		p.must(err)
		if got := p.until(within); got != autumn.String() {
			t.Errorf("a substitute gives until %q, their own ends %s", got, autumn)
		}
		shorter := passedOn + 5
		short, err := p.gives(p.as(deputy), mate, access.DistrictAdmin, passedOn, nil)
		if err == nil || short != 0 {
			t.Errorf("a district's role at a municipality: %v", err)
		}
		toCome, err := p.gives(p.as(deputy), later, access.Manager, passedOn+40, nil)
		p.must(err)
		if _, err := p.gives(p.as(deputy), chief, access.Manager, autumn+1, nil); fault.Of(err) == nil || fault.Of(err).Fields[0].Key != "identity.role_outlasts" {
			t.Errorf("after their own last day: %v", err)
		}
		// Sooner than it was to: what had begun ends, what had not is gone.
		p.must(p.write(func(tx *db.Tx) error {
			return identity.EndGrant(context.Background(), tx, access.System(), lent, shorter, passedOn.At(12, 0))
		}))
		if a, b := p.until(within), p.until(toCome); a != shorter.String() || b != "gone" {
			t.Errorf("after the substitute: %q and %q", a, b)
		}
	})
}

func TestWhatWasPassedOnEndsWithTheEmploymentOfWhoGaveIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := passing{t, d}
		p.must(organisation.Install(context.Background(), d))
		autumn := passedOn + 90
		region, deputy, friend := p.person("Regional"), p.person("Vikarie"), p.person("Vän")
		root, err := p.gives(access.System(), region, access.Manager, passedOn-10, nil)
		p.must(err)
		lent, err := p.gives(access.System(), deputy, access.MunicipalAdmin, passedOn-10, &autumn)
		p.must(err)
		within, err := p.gives(p.as(deputy), friend, access.Manager, passedOn, nil)
		p.must(err)
		e, err := people.ManagedBy(context.Background(), d.Reader(), access.System(), deputy, passedIn, passedOn)
		p.must(err)
		p.must(p.write(func(tx *db.Tx) error {
			return identity.EndWithEmployment(context.Background(), tx, e, deputy, passedOn+3)
		}))
		for id, want := range map[int64]string{root: "", lent: (passedOn + 3).String(), within: (passedOn + 3).String()} {
			if got := p.until(id); got != want {
				t.Errorf("grant %d ends %q, want %q", id, got, want)
			}
		}
		// A mistake of the day takes along what came of it.
		wrong, mate := p.person("Fel"), p.person("Kollega")
		mistake, err := p.gives(access.System(), wrong, access.MunicipalAdmin, passedOn, &autumn)
		p.must(err)
		came, err := p.gives(p.as(wrong), mate, access.Manager, passedOn, nil)
		p.must(err)
		p.must(p.write(func(tx *db.Tx) error {
			return identity.EndGrant(context.Background(), tx, access.System(), mistake, passedOn-1, passedOn.At(12, 0))
		}))
		if a, b := p.until(mistake), p.until(came); a != "gone" || b != "gone" {
			t.Errorf("after the mistake: %q and %q", a, b)
		}
	})
}

func TestWhatWasPassedOnIsGoneWithARoleThatWasNeverHeld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := passing{t, d}
		p.must(organisation.Install(context.Background(), d))
		autumn := passedOn + 90
		deputy, friend := p.person("Vikarie"), p.person("Vän")
		lent, err := p.gives(access.System(), deputy, access.MunicipalAdmin, passedOn-10, &autumn)
		p.must(err)
		within, err := p.gives(p.as(deputy), friend, access.Manager, passedOn, nil)
		p.must(err)
		e, err := people.ManagedBy(context.Background(), d.Reader(), access.System(), deputy, passedIn, passedOn)
		p.must(err)
		// Somebody says too late that the deputy left before the role began.
		p.must(p.write(func(tx *db.Tx) error {
			return identity.EndWithEmployment(context.Background(), tx, e, deputy, passedOn-20)
		}))
		if a, b := p.until(lent), p.until(within); a != "gone" || b != "gone" {
			t.Errorf("after a last day before the first: %q and %q", a, b)
		}
	})
}

// A file gives roles in the name of who approved it.
func TestARoleGivenInSomebodysNameEndsWithTheirs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := passing{t, d}
		p.must(organisation.Install(context.Background(), d))
		autumn, place := passedOn+90, access.Place{MunicipalityID: passedIn, RegionID: organisationRegion(p)}
		deputy, chief := p.person("Vikarie"), p.person("Chef")
		_, err := p.gives(access.System(), deputy, access.MunicipalAdmin, passedOn-10, &autumn)
		p.must(err)
		_, err = p.gives(access.System(), chief, access.MunicipalAdmin, passedOn-10, nil)
		p.must(err)
		for _, c := range []struct {
			by   int64
			from clock.Day
			want string
		}{{deputy, passedOn, autumn.String()}, {deputy, autumn + 1, "gone"}, {chief, passedOn, ""}} {
			id, err := p.gives(access.ActingFor(c.by), p.person("Ny"), access.Manager, c.from, nil)
			p.must(err)
			p.must(p.write(func(tx *db.Tx) error {
				return identity.Limit(context.Background(), tx, p.as(c.by), access.Manager, place, id)
			}))
			if got := p.until(id); got != c.want {
				t.Errorf("a role from %s ends %q, want %q", c.from, got, c.want)
			}
		}
	})
}

func organisationRegion(p passing) int64 {
	m, err := organisation.ByID(context.Background(), p.d.Reader(), passedIn)
	p.must(err)
	return m.RegionID
}

// Who leaves on a day that is known already has no role after it.
func TestARoleEndsWithAnEmploymentWhoseEndIsKnown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := passing{t, d}
		p.must(organisation.Install(context.Background(), d))
		leaving := p.person("Slutar")
		p.must(p.write(func(tx *db.Tx) error {
			_, err := db.Exec(context.Background(), tx, `UPDATE employment SET to_day = $2 WHERE person_id = $1`, leaving, passedOn+40)
			return err
		}))
		id, err := p.gives(access.System(), leaving, access.Manager, passedOn, nil)
		p.must(err)
		if got := p.until(id); got != (passedOn + 40).String() {
			t.Errorf("the role ends %q", got)
		}
	})
}
