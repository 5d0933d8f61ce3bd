package municipalgroup_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/money"
	"yrkesresan/internal/municipalgroup"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

const (
	dalarna, uppsala                  = int64(20), int64(3)
	falun, borlange, gagnef, enkoping = int64(2080), int64(2081), int64(2026), int64(381)
)

var (
	ctx    = context.Background()
	today  = clock.Date(2026, 5, 4)
	now    = today.At(12, 0)
	region = access.Viewer{Name: "Regina Berg", Grants: []access.Grant{{ID: 1, Role: access.Regional, Level: access.Region, OrganisationID: dalarna, RegionID: dalarna}}}
	other  = access.Viewer{Grants: []access.Grant{{ID: 1, Role: access.Regional, Level: access.Region, OrganisationID: uppsala, RegionID: uppsala}}}
	admin  = access.Viewer{Groups: []access.Group{{ID: 1, RegionID: dalarna, Office: access.GroupAdministrator}}}
	reader = access.Viewer{Groups: []access.Group{{ID: 1, RegionID: dalarna, Office: access.GroupSteering}}}
	member = access.Viewer{Groups: []access.Group{{ID: 1, RegionID: dalarna, Office: access.GroupMember}}}
	site   = letter.Site{Base: "https://yrkesresan.example.org"}
)

func until(d clock.Day) *clock.Day { return &d }

// write carries out a change that must succeed.
func write(t *testing.T, d *db.DB, do func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(ctx, do); err != nil {
		t.Fatal(err)
	}
}

// refused is the fault of a change that must not succeed.
func refused(t *testing.T, d *db.DB, do func(tx *db.Tx) error) *fault.Error {
	t.Helper()
	f := fault.Of(d.Write(ctx, do))
	if f == nil {
		t.Fatal("want a fault")
	}
	return f
}

// made is a country with the group 1, which runs from 2026 through 2028.
func made(t *testing.T, d *db.DB) municipalgroup.Group {
	t.Helper()
	if err := errors.Join(jobs.Migrate(ctx, d), organisation.Install(ctx, d), catalogue.Install(ctx, d)); err != nil {
		t.Fatal(err)
	}
	n := municipalgroup.New{Name: " Falu-Borlängeregionen ", Project: "ESF-rådet", Period: clock.Period{From: clock.Date(2026, 1, 1), Until: until(clock.Date(2028, 12, 31))}}
	write(t, d, func(tx *db.Tx) error {
		slug, err := municipalgroup.Make(ctx, tx, region, dalarna, n, now)
		if slug != "falu-borlangeregionen" {
			t.Errorf("it is called %q in addresses", slug)
		}
		return err
	})
	g, err := municipalgroup.Get(ctx, d.Reader(), region, dalarna, "falu-borlangeregionen")
	if err != nil || g.ID != 1 || g.Name != "Falu-Borlängeregionen" {
		t.Fatalf("%+v, %v", g, err)
	}
	return g
}

func join(tx *db.Tx, municipalityID int64, from clock.Day, last *clock.Day) error {
	return municipalgroup.Join(ctx, tx, region, 1, municipalityID, clock.Period{From: from, Until: last}, now)
}

func TestMembersOfADayAndOfAYear(t *testing.T) {
	m := func(id int64, from clock.Day, last *clock.Day) municipalgroup.Member {
		return municipalgroup.Member{Municipality: organisation.Organisation{ID: id}, Period: clock.Period{From: from, Until: last}}
	}
	all := []municipalgroup.Member{
		m(falun, clock.Date(2026, 1, 1), nil),
		m(borlange, clock.Date(2025, 1, 1), until(clock.Date(2025, 12, 31))), m(borlange, clock.Date(2026, 7, 1), until(clock.Date(2026, 12, 31))),
		m(gagnef, clock.Date(2027, 1, 1), nil),
	}
	ids := func(all []organisation.Organisation) (ids []int64) {
		for _, o := range all {
			ids = append(ids, o.ID)
		}
		return ids
	}
	for day, want := range map[clock.Day][]int64{
		clock.Date(2025, 12, 31): {borlange}, clock.Date(2026, 1, 1): {falun}, clock.Date(2026, 7, 1): {falun, borlange}, clock.Date(2027, 1, 1): {falun, gagnef},
	} {
		if diff := cmp.Diff(want, ids(municipalgroup.On(all, day))); diff != "" {
			t.Errorf("on %s: %s", day, diff)
		}
	}
	for year, want := range map[int][]int64{2024: nil, 2025: {borlange}, 2026: {falun, borlange}, 2027: {falun, gagnef}} {
		if diff := cmp.Diff(want, ids(municipalgroup.In(all, year))); diff != "" {
			t.Errorf("in %d: %s", year, diff)
		}
	}
}

func TestASumIsSharedWithoutLosingAnOre(t *testing.T) {
	s := municipalgroup.Shares{Of: []municipalgroup.Share{{Percent: 33}, {Percent: 33}, {Percent: 34}, {Percent: 0}}}
	if diff := cmp.Diff([]money.Ore{33, 33, 35, 0}, s.Split(101)); diff != "" {
		t.Error(diff)
	}
}

func TestSharesFitTheirMembers(t *testing.T) {
	f, b := organisation.Organisation{ID: falun}, organisation.Organisation{ID: borlange}
	s := municipalgroup.Shares{Of: []municipalgroup.Share{{Municipality: f, Percent: 60}, {Municipality: b, Percent: 40}}}
	if !s.Fit([]organisation.Organisation{b, f}) {
		t.Error("they are of just these")
	}
	for name, members := range map[string][]organisation.Organisation{
		"one has left": {f}, "one has joined": {f, b, {ID: gagnef}}, "one has come instead of another": {f, {ID: gagnef}},
	} {
		if s.Fit(members) {
			t.Errorf("%s and they fit", name)
		}
	}
}

func TestAGroupIsMadeAndChangedByItsRegion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := made(t, d)
		n := g.New
		for name, c := range map[string]struct {
			change func(n *municipalgroup.New)
			viewer access.Viewer
			want   string
		}{
			"no name":           {func(n *municipalgroup.New) { n.Name = " " }, region, "name groups.name_missing"},
			"no letter":         {func(n *municipalgroup.New) { n.Name = "!" }, region, "name groups.name_missing"},
			"ends before":       {func(n *municipalgroup.New) { n.Until = until(n.From - 1) }, region, "until groups.until_before"},
			"the same name":     {func(*municipalgroup.New) {}, region, "name groups.name_taken"},
			"its administrator": {func(*municipalgroup.New) {}, admin, "fault.forbidden"},
			"another region's":  {func(*municipalgroup.New) {}, other, "fault.not_found"},
		} {
			t.Run(name, func(t *testing.T) {
				n := n
				c.change(&n)
				f := refused(t, d, func(tx *db.Tx) error { _, err := municipalgroup.Make(ctx, tx, c.viewer, dalarna, n, now); return err })
				if said(f) != c.want {
					t.Errorf("says %s, want %s", said(f), c.want)
				}
			})
		}
		write(t, d, func(tx *db.Tx) error { return join(tx, falun, clock.Date(2026, 2, 1), nil) })
		late := n
		late.From = clock.Date(2026, 2, 2)
		if f := refused(t, d, func(tx *db.Tx) error { return municipalgroup.Change(ctx, tx, region, g.ID, late) }); said(f) != "from groups.from_late" {
			t.Errorf("begins after its member: %s", said(f))
		}
		for _, who := range []access.Viewer{admin, reader, member, other} {
			if f := refused(t, d, func(tx *db.Tx) error { return municipalgroup.Change(ctx, tx, who, g.ID, n) }); f.Kind != fault.KindForbidden && f.Kind != fault.KindNotFound {
				t.Errorf("%+v: %s", who, said(f))
			}
		}
		// It ends earlier, and with it who is in it or was to be.
		write(t, d, func(tx *db.Tx) error { return join(tx, borlange, clock.Date(2027, 1, 1), nil) })
		n.Name, n.Until = "Växtkraft", until(clock.Date(2026, 12, 31))
		write(t, d, func(tx *db.Tx) error { return municipalgroup.Change(ctx, tx, region, g.ID, n) })
		g, err := municipalgroup.Get(ctx, d.Reader(), region, dalarna, g.Slug)
		if err != nil || g.Name != "Växtkraft" {
			t.Fatalf("%+v, %v", g, err)
		}
		all, err := municipalgroup.Members(ctx, d.Reader(), region, g)
		if err != nil || len(all) != 1 || *all[0].Until != *n.Until {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

// said is the fault's key, or its field with the key of that.
func said(f *fault.Error) string {
	if len(f.Fields) > 0 {
		return f.Fields[0].Name + " " + f.Fields[0].Key
	}
	return f.Key
}

func TestAMunicipalityIsInAGroupOnceAtATimeAndInSeveralGroups(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := made(t, d)
		write(t, d, func(tx *db.Tx) error { return join(tx, falun, clock.Date(2026, 3, 1), until(clock.Date(2026, 6, 30))) })
		for name, c := range map[string]struct {
			municipality int64
			from         clock.Day
			last         *clock.Day
			want         string
		}{
			"on its last day":        {falun, clock.Date(2026, 6, 30), nil, "groups.member_already"},
			"up to its first day":    {falun, clock.Date(2026, 1, 1), until(clock.Date(2026, 3, 1)), "groups.member_already"},
			"around it":              {falun, clock.Date(2026, 1, 1), nil, "groups.member_already"},
			"before the group":       {borlange, clock.Date(2025, 12, 31), nil, "from groups.before_group"},
			"after the group":        {borlange, clock.Date(2029, 1, 1), nil, "from groups.after_group"},
			"past the group's end":   {borlange, clock.Date(2026, 1, 1), until(clock.Date(2029, 1, 1)), "until groups.after_group"},
			"of another region":      {enkoping, clock.Date(2026, 3, 1), nil, "municipality groups.member_missing"},
			"a region":               {dalarna, clock.Date(2026, 3, 1), nil, "municipality groups.member_missing"},
			"that ends before it is": {borlange, clock.Date(2026, 3, 1), until(clock.Date(2026, 2, 1)), "until groups.until_before"},
		} {
			t.Run(name, func(t *testing.T) {
				if f := refused(t, d, func(tx *db.Tx) error { return join(tx, c.municipality, c.from, c.last) }); said(f) != c.want {
					t.Errorf("says %s, want %s", said(f), c.want)
				}
			})
		}
		write(t, d, func(tx *db.Tx) error { return join(tx, falun, clock.Date(2026, 7, 1), nil) }) // the day after
		write(t, d, func(tx *db.Tx) error { return join(tx, falun, clock.Date(2026, 1, 1), until(clock.Date(2026, 2, 28))) })

		write(t, d, func(tx *db.Tx) error {
			if _, err := municipalgroup.Make(ctx, tx, region, dalarna, municipalgroup.New{Name: "En till", Period: clock.Period{From: today}}, now); err != nil {
				return err
			}
			return municipalgroup.Join(ctx, tx, region, 2, falun, clock.Period{From: today}, now)
		})
		groups, err := municipalgroup.OfMunicipality(ctx, d.Reader(), region, falun, today)
		if err != nil || len(groups) != 2 {
			t.Errorf("Falun is in %+v, %v", groups, err)
		}
		if groups, err = municipalgroup.OfMunicipality(ctx, d.Reader(), admin, falun, today); err != nil || len(groups) != 1 {
			t.Errorf("the administrator of one sees %+v, %v", groups, err)
		}
		all, err := municipalgroup.Members(ctx, d.Reader(), admin, g)
		if err != nil || len(all) != 3 || *all[2].Until != *g.Until { // without an end it ends with the group
			t.Errorf("%+v, %v", all, err)
		}
	})
}

func TestOfManyWhoMakeTheSameMunicipalityAMemberOneDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := made(t, d)
		var wg sync.WaitGroup
		done := make(chan error, 8)
		for i := range 8 {
			wg.Go(func() {
				from := clock.Date(2026, 3, 1) + clock.Day(i) // no index sees that they overlap
				done <- d.Write(ctx, func(tx *db.Tx) error {
					err := join(tx, falun, from, until(from+30))
					time.Sleep(20 * time.Millisecond) // the others come before it is there
					return err
				})
			})
		}
		wg.Wait()
		close(done)
		joined := 0
		for err := range done {
			if err == nil {
				joined++
			} else if f := fault.Of(err); f == nil || f.Key != "groups.member_already" {
				t.Error(err)
			}
		}
		if all, err := municipalgroup.Members(ctx, d.Reader(), region, g); err != nil || joined != 1 || len(all) != 1 {
			t.Errorf("%d joined, %d are there, %v", joined, len(all), err)
		}
	})
}

func TestAMembershipEndsOrIsTakenAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := made(t, d)
		write(t, d, func(tx *db.Tx) error { return join(tx, falun, today-10, nil) })
		leave := func(id int64, last clock.Day, at clock.Instant) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { return municipalgroup.Leave(ctx, tx, region, g.ID, id, last, at) }
		}
		tomorrow := (today + 1).At(12, 0)
		if f := refused(t, d, leave(1, today-11, tomorrow)); said(f) != "last groups.ends_before" {
			t.Errorf("it was a member for real: %s", said(f))
		}
		write(t, d, leave(1, today+20, now))
		if f := refused(t, d, leave(1, today+20, now)); said(f) != "groups.left_already" {
			t.Errorf("it has ended by then: %s", said(f))
		}
		if f := refused(t, d, leave(99, today, now)); !errors.Is(f, fault.NotFound) {
			t.Errorf("there is none: %s", said(f))
		}
		write(t, d, leave(1, today-11, now)) // a mistake of today
		if all, err := municipalgroup.Members(ctx, d.Reader(), region, g); err != nil || len(all) != 0 {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

func TestSharesAddUpToAHundredAmongTheMembersOfTheDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := made(t, d)
		set := func(viewer access.Viewer, from clock.Day, percent map[int64]int64) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { return municipalgroup.SetShares(ctx, tx, viewer, g.ID, from, percent, now) }
		}
		if f := refused(t, d, set(admin, today, nil)); said(f) != "from groups.share_nobody" {
			t.Errorf("nobody is a member: %s", said(f))
		}
		write(t, d, func(tx *db.Tx) error { return join(tx, falun, today-100, nil) })
		write(t, d, func(tx *db.Tx) error { return join(tx, borlange, today-100, until(today)) })
		for name, c := range map[string]struct {
			from    clock.Day
			percent map[int64]int64
			want    string
		}{
			"99":                             {today, map[int64]int64{falun: 59, borlange: 40}, "share_2081 groups.share_sum"},
			"101":                            {today, map[int64]int64{falun: 60, borlange: 41}, "share_2081 groups.share_sum"},
			"less than none":                 {today, map[int64]int64{falun: 101, borlange: -1}, "share_2081 groups.share_wrong"},
			"before the group":               {g.From - 1, map[int64]int64{falun: 100}, "from groups.before_group"},
			"one who has left by then pays":  {today + 1, map[int64]int64{falun: 60, borlange: 40}, "share_2080 groups.share_sum"},
			"one who is no member pays, too": {today, map[int64]int64{falun: 50, borlange: 40, gagnef: 10}, "share_2081 groups.share_sum"},
		} {
			t.Run(name, func(t *testing.T) {
				if f := refused(t, d, set(admin, c.from, c.percent)); said(f) != c.want {
					t.Errorf("says %s, want %s", said(f), c.want)
				}
			})
		}
		for _, who := range []access.Viewer{reader, member, other} {
			if f := refused(t, d, set(who, today, map[int64]int64{falun: 60, borlange: 40})); f.Kind != fault.KindForbidden && f.Kind != fault.KindNotFound {
				t.Errorf("%+v: %s", who, said(f))
			}
		}
		write(t, d, set(admin, today-10, map[int64]int64{falun: 60, borlange: 40}))
		write(t, d, set(region, today-10, map[int64]int64{falun: 100, borlange: 0}))
		write(t, d, set(admin, today+1, map[int64]int64{falun: 100}))
		all, err := municipalgroup.ShareHistory(ctx, d.Reader(), reader, g)
		if err != nil || len(all) != 2 || len(all[1].Of) != 2 || all[1].Of[0].Percent != 0 || all[1].Of[1].Percent != 100 {
			t.Fatalf("%+v, %v", all, err)
		}
		for day, want := range map[clock.Day]clock.Day{today - 10: today - 10, today: today - 10, today + 1: today + 1} {
			if s, ok := municipalgroup.Holding(all, day); !ok || s.From != want {
				t.Errorf("on %s those from %s hold", day, s.From)
			}
		}
		if _, ok := municipalgroup.Holding(all, today-11); ok {
			t.Error("none held before")
		}
	})
}

func TestThePlanSaysWhatEachMemberOfTheYearNeeds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := made(t, d)
		course, err := catalogue.CourseBySlug(ctx, d.Reader(), "bas-1")
		if err != nil {
			t.Fatal(err)
		}
		write(t, d, func(tx *db.Tx) error { return join(tx, falun, clock.Date(2026, 7, 1), until(clock.Date(2026, 12, 31))) })
		set := func(viewer access.Viewer, year int, seats map[int64]int) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				return municipalgroup.SetNeeds(ctx, tx, viewer, g.ID, course.ID, year, seats, now)
			}
		}
		write(t, d, set(admin, 2026, map[int64]int{falun: 40, borlange: 3})) // Borlänge is no member
		write(t, d, set(admin, 2027, map[int64]int{falun: 40}))              // nor Falun that year
		for year, want := range map[int]map[municipalgroup.Need]int{2026: {{CourseID: course.ID, MunicipalityID: falun}: 40}, 2027: {}} {
			got, err := municipalgroup.Plan(ctx, d.Reader(), reader, g, year)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%d: %v %s", year, err, diff)
			}
		}
		write(t, d, set(region, 2026, map[int64]int{}))
		if got, _ := municipalgroup.Plan(ctx, d.Reader(), reader, g, 2026); len(got) != 1 {
			t.Errorf("who was not named stays: %v", got)
		}
		write(t, d, set(region, 2026, map[int64]int{falun: 0}))
		if got, _ := municipalgroup.Plan(ctx, d.Reader(), reader, g, 2026); len(got) != 0 {
			t.Errorf("it needs none: %v", got)
		}
		for want, c := range map[string]func(tx *db.Tx) error{
			"seats_2080 groups.seats_wrong": set(admin, 2026, map[int64]int{falun: 10_000}),
			"year groups.year_outside":      set(admin, 2029, map[int64]int{}),
			"fault.forbidden":               set(reader, 2026, map[int64]int{falun: 1}),
		} {
			if f := refused(t, d, c); said(f) != want {
				t.Errorf("says %s, want %s", said(f), want)
			}
		}
		if f := refused(t, d, set(admin, 2025, nil)); said(f) != "year groups.year_outside" {
			t.Errorf("the year before: %s", said(f))
		}
		if f := refused(t, d, set(member, 2026, nil)); !errors.Is(f, fault.Forbidden) {
			t.Errorf("a member's own administrator reads: %s", said(f))
		}
		if _, err := municipalgroup.Plan(ctx, d.Reader(), other, g, 2026); !errors.Is(err, fault.NotFound) {
			t.Errorf("another region's: %v", err)
		}
		if _, err := municipalgroup.Plan(ctx, d.Reader(), access.Viewer{PersonID: 7}, g, 2026); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an employee: %v", err)
		}
	})
}

func TestAnOfficeOpensTheGroupWhileItAndTheGroupLast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := made(t, d)
		var id int64
		write(t, d, func(tx *db.Tx) (err error) {
			id, err = people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: "Greta", FamilyName: "Grupp", Email: "greta@example.org"}, falun, today-400, "Projektledare", now)
			return err
		})
		give := func(email string, office access.GroupOffice, from clock.Day) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := municipalgroup.Give(ctx, tx, region, g.ID, email, municipalgroup.Appointment{Office: office, From: from}, site, now)
				return err
			}
		}
		for want, c := range map[string]func(tx *db.Tx) error{
			"email groups.email_missing": give(" ", access.GroupAdministrator, today),
			"email groups.email_unknown": give("ingen@example.org", access.GroupAdministrator, today),
			"office signup.choose_one":   give("greta@example.org", access.GroupMember, today),
			"from groups.before_group":   give("greta@example.org", access.GroupSteering, g.From-1),
		} {
			if f := refused(t, d, c); said(f) != want {
				t.Errorf("says %s, want %s", said(f), want)
			}
		}
		nameless := region
		nameless.Nameless = []int64{falun}
		if f := refused(t, d, func(tx *db.Tx) error {
			_, err := municipalgroup.Give(ctx, tx, nameless, g.ID, "greta@example.org", municipalgroup.Appointment{Office: access.GroupAdministrator, From: today}, site, now)
			return err
		}); said(f) != "email groups.email_unknown" {
			t.Errorf("whom the region may not see is as nobody: %s", said(f))
		}
		write(t, d, give(" Greta@example.org", access.GroupAdministrator, today))
		write(t, d, give("greta@example.org", access.GroupSteering, today+10))
		if f := refused(t, d, give("greta@example.org", access.GroupAdministrator, today+5)); said(f) != "groups.office_held" {
			t.Errorf("she holds it: %s", said(f))
		}
		if n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM person_letter WHERE person_id = $1 AND kind = 'role' AND body LIKE '%Falu-Borlängeregionen%'`, id); err != nil || n != 2 {
			t.Errorf("%d letters, %v", n, err)
		}
		holds := func(day clock.Day, want ...access.GroupOffice) {
			t.Helper()
			v, _, err := identity.Viewer(ctx, d.Reader(), id, day)
			var got []access.GroupOffice
			for _, each := range v.Groups {
				got = append(got, each.Office)
			}
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("on %s: %v %s", day, err, diff)
			}
		}
		holds(today - 1)
		holds(today, access.GroupAdministrator)
		holds(today+10, access.GroupAdministrator, access.GroupSteering)
		holds(*g.Until, access.GroupAdministrator, access.GroupSteering)
		holds(*g.Until + 1)

		officers, err := municipalgroup.Officers(ctx, d.Reader(), region, g, today)
		if err != nil || len(officers) != 2 || officers[0].Name != "Greta Grupp" {
			t.Errorf("%+v, %v", officers, err)
		}
		if officers, err = municipalgroup.Officers(ctx, d.Reader(), nameless, g, today); err != nil || officers[0].Name != "" {
			t.Errorf("a region that sees no names of Falun sees %+v, %v", officers, err)
		}
		if _, err = municipalgroup.Officers(ctx, d.Reader(), admin, g, today); !errors.Is(err, fault.Forbidden) {
			t.Errorf("who administers the group sees nobody: %v", err)
		}
		own, err := municipalgroup.OfPerson(ctx, d.Reader(), access.Viewer{PersonID: id}, id, today)
		if err != nil || len(own) != 2 || own[0].Group.Name != g.Name {
			t.Errorf("%+v, %v", own, err)
		}
		write(t, d, func(tx *db.Tx) error {
			return municipalgroup.EndOffice(ctx, tx, region, g.ID, officers[0].ID, today+3, now)
		})
		holds(today+3, access.GroupAdministrator)
		holds(today + 4)
		holds(today+10, access.GroupSteering)
		n := g.New
		n.Until = until(today + 12) // the group ends, and with it what is left
		write(t, d, func(tx *db.Tx) error { return municipalgroup.Change(ctx, tx, region, g.ID, n) })
		holds(today+12, access.GroupSteering)
		holds(today + 13)
	})
}

func TestWhoAnswersForAMemberSeesTheGroup(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		made(t, d)
		write(t, d, func(tx *db.Tx) error { return join(tx, falun, today, until(today+1)) })
		for role, sees := range map[access.Role]bool{access.MunicipalAdmin: true, access.Steering: true, access.Manager: false} {
			var id int64
			write(t, d, func(tx *db.Tx) (err error) {
				if id, err = people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: "A", FamilyName: string(role)}, falun, today-400, "", now); err == nil {
					_, err = identity.Grant(ctx, tx, access.System(), id, role, falun, today-400, now)
				}
				return err
			})
			for day, member := range map[clock.Day]bool{today - 1: false, today: true, today + 1: true, today + 2: false} {
				v, _, err := identity.Viewer(ctx, d.Reader(), id, day)
				if err != nil || (len(v.Groups) == 1) != (sees && member) {
					t.Errorf("%s on %s: %+v, %v", role, day, v.Groups, err)
				}
			}
		}
	})
}

func TestTheListShowsWhatTheViewerSees(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		made(t, d)
		write(t, d, func(tx *db.Tx) error {
			if _, err := municipalgroup.Make(ctx, tx, region, dalarna, municipalgroup.New{Name: "Avslutad", Period: clock.Period{From: today - 100, Until: until(today - 1)}}, now); err != nil {
				return err
			}
			return join(tx, falun, today, nil)
		})
		for name, c := range map[string]struct {
			viewer access.Viewer
			want   []string
			err    error
		}{
			"the region's, those that have ended last": {region, []string{"Falu-Borlängeregionen", "Avslutad"}, nil},
			"its administrator's own":                  {admin, []string{"Falu-Borlängeregionen"}, nil},
			"another region":                           {other, nil, fault.NotFound},
			"an employee":                              {access.Viewer{PersonID: 7}, nil, fault.Forbidden},
		} {
			t.Run(name, func(t *testing.T) {
				all, err := municipalgroup.List(ctx, d.Reader(), c.viewer, dalarna, today)
				var got []string
				for _, r := range all {
					got = append(got, r.Name)
				}
				if diff := cmp.Diff(c.want, got); diff != "" || !errors.Is(err, c.err) {
					t.Errorf("%v %s", err, diff)
				}
				if len(all) > 0 && all[0].Members != 1 {
					t.Errorf("it has %d members", all[0].Members)
				}
			})
		}
	})
}
