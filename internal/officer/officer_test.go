package officer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/officer"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

const (
	gotland, dalarna int64 = 9, 20
	falun            int64 = 2080
)

var (
	today = clock.Date(2026, 11, 23)
	now   = today.At(9, 0)
	site  = letter.Site{Base: "https://yrkesresan.example.org"}
)

// nation is a country with a national owner and people of Falun.
type nation struct {
	t     *testing.T
	db    *db.DB
	owner access.Viewer
}

func newNation(t *testing.T, d *db.DB) *nation {
	t.Helper()
	if err := organisation.Install(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	if err := jobs.Migrate(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	n := &nation{t: t, db: d}
	id := n.person("Nora", "Nyman", "nora@example.org", falun)
	n.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := identity.Grant(ctx, tx, access.System(), id, access.National, organisation.NationID, today-100, now)
		return err
	})
	n.owner = n.viewer(id)
	return n
}

func (n *nation) write(f func(ctx context.Context, tx *db.Tx) error) {
	n.t.Helper()
	if err := n.try(f); err != nil {
		n.t.Fatal(err)
	}
}

func (n *nation) try(f func(ctx context.Context, tx *db.Tx) error) error {
	ctx := context.Background()
	return n.db.Write(ctx, func(tx *db.Tx) error { return f(ctx, tx) })
}

func (n *nation) person(given, family, email string, at int64) (id int64) {
	n.t.Helper()
	n.write(func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: given, FamilyName: family, Email: email}, at, today-200, "", now)
		return err
	})
	return id
}

func (n *nation) viewer(id int64) access.Viewer {
	n.t.Helper()
	v, _, err := identity.Viewer(context.Background(), n.db.Reader(), id, today)
	if err != nil {
		n.t.Fatal(err)
	}
	return v
}

func (n *nation) names(f officer.Filter) []string {
	n.t.Helper()
	all, _, err := officer.List(context.Background(), n.db.Reader(), n.owner, f, today)
	if err != nil {
		n.t.Fatal(err)
	}
	names := []string{}
	for _, o := range all {
		names = append(names, o.Name())
	}
	return names
}

// The nation finds whom to give an office, and is told no more than that takes.
func TestTheNationSeesOfficersAndFindsOthersByNameOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		n := newNation(t, d)
		admin := n.person("Gun", "Gotländer", "gun@example.org", gotland)
		n.person("Bo", "Ek", "bo@example.org", falun)
		n.person("Anna", "Söder", "anna.soder@example.org", falun)
		manager := n.person("Mia", "Chef", "mia@example.org", falun)
		n.write(func(ctx context.Context, tx *db.Tx) error {
			if _, err := identity.Grant(ctx, tx, access.System(), manager, access.Manager, falun, today, now); err != nil {
				return err
			}
			_, err := officer.Appoint(ctx, tx, n.owner, admin, officer.Appointment{Role: access.Regional, OrganisationID: gotland, From: today}, site, now)
			return err
		})
		for _, c := range []struct {
			name string
			f    officer.Filter
			want []string
		}{
			{"without a name those with an office at a region or the nation", officer.Filter{}, []string{"Gun Gotländer", "Nora Nyman"}},
			{"of a role", officer.Filter{Role: access.Regional}, []string{"Gun Gotländer"}},
			{"of a region", officer.Filter{RegionID: gotland}, []string{"Gun Gotländer"}},
			{"of another region", officer.Filter{RegionID: dalarna}, []string{}},
			{"by letter", officer.Filter{Letter: "N"}, []string{"Nora Nyman"}},
			{"two letters find officers only", officer.Filter{Name: "bo"}, []string{}},
			{"three letters find anybody", officer.Filter{Name: "bo e"}, []string{"Bo Ek"}},
			{"an address finds anybody", officer.Filter{Name: "anna.soder@example.org"}, []string{"Anna Söder"}},
			{"with a slip", officer.Filter{Name: "gottlander"}, []string{"Gun Gotländer"}},
			{"signs find nobody", officer.Filter{Name: "--"}, []string{}},
		} {
			if diff := cmp.Diff(c.want, n.names(c.f)); diff != "" {
				t.Errorf("%s: %s", c.name, diff)
			}
		}
		found, total, err := officer.List(ctx, d.Reader(), n.owner, officer.Filter{Name: "bo ek"}, today)
		if err != nil || total != 1 || found[0].Email != "" || found[0].Municipality != "Falun" || found[0].Region != "Dalarna" {
			t.Errorf("who holds no office is told as %+v, %d, %v", found, total, err)
		}
		for _, viewer := range []access.Viewer{{}, n.viewer(admin), n.viewer(manager)} {
			if _, _, err := officer.List(ctx, d.Reader(), viewer, officer.Filter{}, today); !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s lists officers: %v", viewer.Name, err)
			}
			if _, err := officer.Get(ctx, d.Reader(), viewer, admin, today); !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s sees an officer: %v", viewer.Name, err)
			}
			if _, err := officer.Regions(ctx, d.Reader(), viewer, today, today, today); !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s sees the regions: %v", viewer.Name, err)
			}
		}
		// A manager's office is the municipality's own.
		o, err := officer.Get(ctx, d.Reader(), n.owner, manager, today)
		if err != nil || len(o.Offices) != 0 || o.Email != "mia@example.org" {
			t.Errorf("a manager is told as %+v, %v", o, err)
		}
	})
}

func TestWhomLettersDoNotReachIsFoundUntilTheAddressIsCorrected(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		n := newNation(t, d)
		gun := n.person("Gun", "Gotländer", "gun@example.org", gotland)
		n.write(func(ctx context.Context, tx *db.Tx) error {
			if _, err := officer.Appoint(ctx, tx, n.owner, gun, officer.Appointment{Role: access.Regional, OrganisationID: gotland, From: today}, site, now); err != nil {
				return err
			}
			_, err := db.Exec(ctx, tx, `UPDATE person_letter SET failed_at = $1 WHERE person_id = $2`, now+1, gun)
			return err
		})
		if got := n.names(officer.Filter{Bounced: true}); len(got) != 1 || got[0] != "Gun Gotländer" {
			t.Errorf("letters do not reach %v", got)
		}
		if o, err := officer.Get(ctx, d.Reader(), n.owner, gun, today); err != nil || o.BouncedAt == nil {
			t.Errorf("it is not said of her: %+v, %v", o, err)
		}
		n.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := people.Correct(ctx, tx, access.System(), gun, people.NewPerson{GivenName: "Gun", FamilyName: "Gotländer", Email: "gun.gotlander@example.org"}, now+2)
			return err
		})
		if got := n.names(officer.Filter{Bounced: true}); len(got) != 0 {
			t.Errorf("after the correction letters do not reach %v", got)
		}
	})
}

func TestTheNationCorrectsAddressesOfThoseWhomItAppoints(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newNation(t, d)
		appointed := func(given string, at int64, more ...access.Role) int64 {
			id := n.person(given, "Öberg", strings.ToLower(given)+"@example.org", at)
			n.write(func(ctx context.Context, tx *db.Tx) error {
				if _, err := officer.Appoint(ctx, tx, n.owner, id, officer.Appointment{Role: access.Regional, OrganisationID: gotland, From: today}, site, now); err != nil {
					return err
				}
				for _, role := range more {
					if _, err := identity.Grant(ctx, tx, access.System(), id, role, gotland, today, now); err != nil {
						return err
					}
				}
				return nil
			})
			return id
		}
		gun, falu, steers := appointed("Gun", gotland), appointed("Fia", falun), appointed("Stina", gotland, access.Steering)
		nobody := n.person("Ulf", "Öberg", "ulf@example.org", gotland)
		readdress := func(viewer access.Viewer, id int64, email string) error {
			return n.try(func(ctx context.Context, tx *db.Tx) error { return officer.Readdress(ctx, tx, viewer, id, email, now) })
		}
		for _, c := range []struct {
			name   string
			viewer access.Viewer
			id     int64
			email  string
			want   string
		}{
			{"who works at a region", n.owner, gun, "gun.oberg@example.org", ""},
			{"to none", n.owner, gun, " ", "email"},
			{"to that of another", n.owner, gun, "ulf@example.org", "email"},
			{"who works in a municipality", n.owner, falu, "x@example.org", "not found"},
			{"who holds a role that the nation does not give", n.owner, steers, "x@example.org", "not found"},
			{"who holds no office", n.owner, nobody, "x@example.org", "not found"},
			{"by a region", n.viewer(gun), gun, "x@example.org", "forbidden"},
		} {
			err, got := readdress(c.viewer, c.id, c.email), ""
			switch f := fault.Of(err); {
			case errors.Is(err, fault.NotFound):
				got = "not found"
			case errors.Is(err, fault.Forbidden):
				got = "forbidden"
			case f != nil:
				got = f.Fields[0].Name
			case err != nil:
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		was, err := db.Row(context.Background(), d.Reader(), db.One[int64], `SELECT COALESCE(MAX(changed_by), 0) FROM person_change WHERE person_id = $1`, gun)
		if err != nil || was != n.owner.PersonID {
			t.Errorf("who corrected it is kept as %d, %v", was, err)
		}
	})
}

func TestAListOfOfficersReachesItsLast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newNation(t, d)
		for i := range 4 {
			id := n.person("Gun", fmt.Sprintf("Alm%d", i), fmt.Sprintf("gun%d@example.org", i), gotland)
			n.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := identity.Grant(ctx, tx, access.System(), id, access.Regional, gotland, today+10, now) // will hold
				return err
			})
		}
		if got := n.names(officer.Filter{PerPage: 2, Page: 3}); len(got) != 1 || got[0] != "Nora Nyman" {
			t.Errorf("the last page has %v", got)
		}
		if got := n.names(officer.Filter{PerPage: 2, Page: 60}); len(got) != 1 || got[0] != "Nora Nyman" {
			t.Errorf("a page after the last has %v", got)
		}
	})
}

func TestRolesOfTheNationAreGivenAndEndedByItsOwner(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		n := newNation(t, d)
		other := n.person("Bo", "Ek", "", falun)
		appoint := func(role access.Role, at int64) error {
			return n.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := officer.Appoint(ctx, tx, n.owner, other, officer.Appointment{Role: role, OrganisationID: at, From: today}, site, now)
				return err
			})
		}
		for _, c := range []struct {
			role access.Role
			at   int64
			want *fault.Error
		}{
			{access.Manager, falun, fault.Invalid("role", "")},
			{access.MunicipalAdmin, falun, fault.Invalid("role", "")},
			{access.Operator, organisation.NationID, fault.Invalid("role", "")},
			{access.Steering, dalarna, fault.Invalid("role", "")},
			{access.Regional, falun, fault.Invalid("organisation", "")},
			{access.Regional, dalarna, nil},
			{access.Producer, organisation.NationID, nil},
			{access.National, organisation.NationID, nil},
		} {
			err := appoint(c.role, c.at)
			if f := fault.Of(err); c.want == nil && err != nil || c.want != nil && (f == nil || f.Fields[0].Name != c.want.Fields[0].Name) {
				t.Errorf("%s at %d: %v", c.role, c.at, err)
			}
		}
		// The roles of the inside of a region stay the region's, whatever is asked of identity.
		for _, role := range []access.Role{access.Manager, access.MunicipalAdmin, access.Steering, access.Operator} {
			if !access.GrantRole(n.owner, role).Empty() {
				t.Errorf("the nation gives %s", role)
			}
		}
		if !access.Staff(n.owner).Empty() || !access.ManagePeople(n.owner).Empty() {
			t.Error("the nation reads people's courses and accounts")
		}
		// Nora may not end her own role while nobody else can sign in as owner …
		own := n.owner.Grants[0].ID
		end := func(id int64, last clock.Day) error {
			return n.try(func(ctx context.Context, tx *db.Tx) error { return identity.EndGrant(ctx, tx, n.owner, id, last, now) })
		}
		if f := fault.Of(end(own, today)); f == nil || f.Key != "identity.last_owner" {
			t.Errorf("the last owner ends: %v", f)
		}
		n.write(func(ctx context.Context, tx *db.Tx) error { // … as Bo has no address
			_, err := people.Correct(ctx, tx, access.System(), other, people.NewPerson{GivenName: "Bo", FamilyName: "Ek", Email: "bo@example.org"}, now)
			return err
		})
		o, err := officer.Get(ctx, d.Reader(), n.owner, other, today)
		if err != nil {
			t.Fatal(err)
		}
		if err := end(own, today-2); fault.Of(err) == nil || fault.Of(err).Key != "identity.last_owner" {
			t.Errorf("nobody else owned yesterday: %v", err)
		}
		if err := end(own, today-1); err != nil {
			t.Errorf("Bo owns from today on, and Nora stays: %v", err)
		}
		for _, h := range o.Offices {
			if h.Role == access.National {
				if f := fault.Of(end(h.ID, today)); f == nil || f.Key != "identity.last_owner" {
					t.Errorf("now Bo is the last: %v", f)
				}
			} else if err := end(h.ID, today); err != nil {
				t.Errorf("%s: %v", h.Role, err)
			}
		}
	})
}

func TestANewAdministratorIsWrittenToAndTheRegionHasSomebody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		n := newNation(t, d)
		gotlands := func() (officer.Region, int) {
			all, err := officer.Regions(ctx, d.Reader(), n.owner, clock.Date(2026, 7, 1), clock.Date(2026, 12, 31), today)
			if err != nil || len(all) != 24 {
				t.Fatalf("%d regions, %v", len(all), err)
			}
			for i, r := range all {
				if r.ID == gotland {
					return r, i
				}
			}
			t.Fatal("no Gotland")
			return officer.Region{}, 0
		}
		silent := n.person("Gull", "Gotländer", "", gotland)
		n.write(func(ctx context.Context, tx *db.Tx) error {
			written, err := officer.Appoint(ctx, tx, n.owner, silent, officer.Appointment{Role: access.Regional, OrganisationID: gotland, From: today - 5}, site, now)
			if written {
				t.Error("somebody without an address was written to")
			}
			return err
		})
		if r, at := gotlands(); r.Reachable(today) || len(r.Administrators) != 1 || at > 20 {
			t.Error("somebody without an address can sign in for Gotland")
		}
		add := func(given, email string, from clock.Day) error {
			return n.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := officer.AppointNew(ctx, tx, n.owner, officer.Newcomer{NewPerson: people.NewPerson{GivenName: given, FamilyName: "Gotländer", Email: email}, WorkplaceID: gotland},
					officer.Appointment{Role: access.Regional, OrganisationID: gotland, From: from}, site, now)
				return err
			})
		}
		for _, c := range []struct {
			name, given, email, field string
		}{
			{"without an address nobody signs in", "Gun", "", "email"},
			{"an address that somebody has", "Gun", "NORA@example.org", "email"},
			{"a name", "", "gun@example.org", ""},
		} {
			if f := fault.Of(add(c.given, c.email, today+1)); (f == nil) != (c.field == "") || f != nil && f.Fields[0].Name != c.field {
				t.Errorf("%s: %v", c.name, f)
			}
		}
		if r, at := gotlands(); r.Reachable(today) || !r.Reachable(today+1) || at > 20 || len(r.Administrators) != 2 {
			t.Errorf("who begins tomorrow cannot sign in today: %+v at %d", r, at)
		}
		if err := add("Gun", "gun2@example.org", today); err != nil {
			t.Fatal(err)
		}
		r, at := gotlands()
		if !r.Reachable(today) || at < 23 {
			t.Errorf("Gotland stands at %d: %+v", at, r.Administrators)
		}
		body, err := db.Row(ctx, d.Reader(), db.One[string], `SELECT body FROM person_letter WHERE person_id = (SELECT id FROM person WHERE email = 'gun2@example.org')`)
		for _, want := range []string{"Hej Gun!", "Nora Nyman har gett dig rollen Regional administratör för Gotland från", "https://yrkesresan.example.org/sign-in", "gun2@example.org"} {
			if !strings.Contains(body, want) {
				t.Errorf("the letter does not say %q: %s, %v", want, body, err)
			}
		}
		waiting, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM river_job WHERE kind = 'letter_person'`)
		if err != nil || waiting != 2 {
			t.Errorf("%d letters are on their way, %v", waiting, err)
		}
	})
}
