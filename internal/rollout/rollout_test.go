package rollout_test

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/rollout"
)

const (
	falun    int64 = 2080
	borlange int64 = 2081
)

var (
	ctx    = context.Background()
	system = access.System()
	day    = clock.Date(2026, 3, 10)
	now    = day.At(12, 0)
	borl   = office(access.MunicipalAdmin, access.Municipality, borlange)
	falu   = office(access.MunicipalAdmin, access.Municipality, falun)
)

func office(role access.Role, level access.Level, id int64) access.Viewer {
	g := access.Grant{Role: role, Level: level, OrganisationID: id, RegionID: 20}
	if level == access.Municipality {
		g.MunicipalityID = id
	}
	return access.Viewer{Grants: []access.Grant{g}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func key(err error) string {
	f := fault.Of(err)
	switch {
	case err == nil:
		return ""
	case f == nil:
		return err.Error()
	case len(f.Fields) > 0:
		return f.Fields[0].Name + " " + f.Fields[0].Key
	}
	return f.Key
}

// town is Borlänge with two units: Ask and Björk in Norr, Cederkvist and Dahl
// in Ängen. Ask has completed BAS 3, Dahl is on leave until the summer.
type town struct {
	d                     *db.DB
	north, south          int64
	ask, bjork, ced, dahl int64
	course                int64
}

func newTown(t *testing.T, d *db.DB) *town {
	t.Helper()
	must(t, errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d)))
	journey, err := catalogue.JourneyBySlug(ctx, d.Reader(), "funktionshinder-utforare")
	must(t, err)
	bas3, err := catalogue.CourseBySlug(ctx, d.Reader(), "bas-3")
	must(t, err)
	w := &town{d: d, course: bas3.ID}
	must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
		if w.north, err = organisation.AddUnit(ctx, tx, system, borlange, "Norr"); err != nil {
			return err
		}
		if w.south, err = organisation.AddUnit(ctx, tx, system, borlange, "Ängen"); err != nil {
			return err
		}
		for _, p := range []struct {
			id     *int64
			family string
			unit   int64
			title  string
			form   people.Form
		}{
			{&w.ask, "Ask", w.north, "Stödassistent", people.Permanent}, {&w.bjork, "Björk", w.north, "Stödassistent", people.Hourly},
			{&w.ced, "Cederkvist", w.south, "Stödpedagog", people.Permanent}, {&w.dahl, "Dahl", w.south, "Stödassistent", people.Permanent},
		} {
			if *p.id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: p.family}, p.unit, clock.Date(2025, 1, 1), p.title, now); err != nil {
				return err
			}
			if err := people.SetTerms(ctx, tx, system, *p.id, people.Terms{Title: p.title, Form: p.form, Shift: people.DayShift}, day); err != nil {
				return err
			}
			if _, err := people.OpenAccount(ctx, tx, system, people.NewAccount{
				PersonID: *p.id, JourneyID: journey.ID, OpenedOn: clock.Date(2025, 1, 1), Roles: []access.Role{access.Employee},
			}); err != nil {
				return err
			}
		}
		until := clock.Date(2026, 6, 30)
		if _, err := people.TellLeave(ctx, tx, system, w.dahl, clock.Period{From: day - 30, Until: &until}, now); err != nil {
			return err
		}
		_, err = learning.Register(ctx, tx, system, learning.New{PersonID: w.ask, CourseID: w.course, On: clock.Date(2026, 2, 2)}, now)
		return err
	}))
	return w
}

func (w *town) plan() rollout.New {
	return rollout.New{
		Name: "BAS 3 våren 2026", From: day, Until: day + 90, GroupSize: 15,
		Units: []rollout.Unit{{ID: w.north, StartsOn: day}, {ID: w.south, StartsOn: day + 30}},
	}
}

func (w *town) make(v access.Viewer, n rollout.New) (id int64, err error) {
	err = w.d.Write(ctx, func(tx *db.Tx) error {
		id, err = rollout.Make(ctx, tx, v, borlange, w.course, n, now)
		return err
	})
	return id, err
}

func names(members []rollout.Member) (all []string) {
	for _, m := range members {
		all = append(all, m.Name)
	}
	return all
}

func TestStaffAreThoseWhomTheCourseIsMeantForWithWhereTheyStand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		all, err := rollout.Staff(ctx, d.Reader(), borl, borlange, w.course, day)
		must(t, err)
		if diff := cmp.Diff([]string{"Test Ask", "Test Björk", "Test Cederkvist", "Test Dahl"}, names(all)); diff != "" {
			t.Fatal(diff)
		}
		if all[0].Done == nil || *all[0].Done != clock.Date(2026, 2, 2) || all[0].WithoutSeat() {
			t.Errorf("Ask is %+v, want completed", all[0])
		}
		if !all[1].WithoutSeat() || all[1].Form != people.Hourly || all[1].Unit != "Norr" || all[1].Candidate.Shift != people.DayShift {
			t.Errorf("Björk is %+v, want missing", all[1])
		}
		if back, known := all[3].Back(); !known || back != clock.Date(2026, 7, 1) {
			t.Errorf("Dahl is back %v, %v, want on 1 July", back, known)
		}
		manager := access.Viewer{Grants: []access.Grant{{Role: access.Manager, Level: access.Unit, OrganisationID: w.south, RegionID: 20, MunicipalityID: borlange}}}
		for name, c := range map[string]struct {
			viewer access.Viewer
			want   int
		}{
			"the region":              {office(access.Regional, access.Region, 20), 4},
			"a manager, of own units": {manager, 2},
			"the neighbour":           {falu, 0},
			"one of the staff":        {access.Viewer{PersonID: w.ask}, 0},
		} {
			if got, err := rollout.Staff(ctx, d.Reader(), c.viewer, borlange, w.course, day); err != nil || len(got) != c.want {
				t.Errorf("%s sees %v, %v, want %d", name, names(got), err, c.want)
			}
		}
		whole, units := rollout.Cover(all)
		if diff := cmp.Diff(rollout.Coverage{Staff: 4, Done: 1, WithoutSeat: 3}, whole); diff != "" {
			t.Error(diff)
		}
		if len(units) != 2 || units[0].Unit != "Norr" || units[1].Staff != 2 {
			t.Errorf("by unit it is %+v", units)
		}
	})
}

func TestAPlanIsMadeChangedAndEndedByThoseWhoPlanForTheMunicipality(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		var elsewhere, stranger int64
		must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
			if elsewhere, err = organisation.AddUnit(ctx, tx, system, falun, "Annan"); err != nil {
				return err
			}
			stranger, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: "Främling"}, elsewhere, clock.Date(2025, 1, 1), "", now)
			return err
		}))
		for name, c := range map[string]struct {
			viewer access.Viewer
			change func(n *rollout.New)
			want   string
		}{
			"the neighbour":                    {falu, func(*rollout.New) {}, "fault.not_found"},
			"a manager":                        {office(access.Manager, access.Municipality, borlange), func(*rollout.New) {}, "fault.not_found"},
			"no name":                          {borl, func(n *rollout.New) { n.Name = " " }, "name rollout.name_missing"},
			"no units":                         {borl, func(n *rollout.New) { n.Units = nil }, "units rollout.units_missing"},
			"a unit twice":                     {borl, func(n *rollout.New) { n.Units[1].ID = w.north }, "units rollout.unit_twice"},
			"another municipality's unit":      {borl, func(n *rollout.New) { n.Units[1].ID = elsewhere }, "units rollout.unit_unknown"},
			"a unit that starts after the end": {borl, func(n *rollout.New) { n.Units[0].StartsOn = n.Until + 1 }, "units." + itoa(w.north) + " rollout.unit_start_outside"},
			"an end that has been": {borl, func(n *rollout.New) {
				n.From, n.Until, n.Units = day-60, day-1, []rollout.Unit{{ID: w.north, StartsOn: day - 60}}
			}, "until rollout.over"},
			"an end before the beginning":     {borl, func(n *rollout.New) { n.Until = n.From - 1 }, "until rollout.days_backwards"},
			"groups of nobody":                {borl, func(n *rollout.New) { n.GroupSize = 0 }, "size rollout.size_wrong"},
			"a form of employment of its own": {borl, func(n *rollout.New) { n.Forms = []people.Form{"volunteer"} }, "forms people.form_unknown"},
			"an unknown trainer":              {borl, func(n *rollout.New) { n.Trainers = []int64{999} }, "trainers rollout.trainer_unknown"},
			"a trainer who works elsewhere":   {borl, func(n *rollout.New) { n.Trainers = []int64{w.ask, stranger} }, "trainers rollout.trainer_unknown"},
		} {
			t.Run(name, func(t *testing.T) {
				n := w.plan()
				c.change(&n)
				if _, err := w.make(c.viewer, n); key(err) != c.want {
					t.Errorf("got %v, want %s", err, c.want)
				}
			})
		}
		n := w.plan()
		n.Titles, n.Forms, n.Trainers = []string{"stödassistent", " ", "Stödassistent"}, []people.Form{people.Permanent}, []int64{w.ask}
		id, err := w.make(borl, n)
		must(t, err)
		p, err := rollout.Get(ctx, d.Reader(), borl, id)
		must(t, err)
		if len(p.Units) != 2 || p.Units[0].Name != "Norr" || len(p.Titles) != 1 || len(p.Forms) != 1 || len(p.Trainers) != 1 || p.Version != 1 {
			t.Errorf("the plan is %+v", p)
		}
		staff, err := rollout.Staff(ctx, d.Reader(), borl, borlange, w.course, day)
		must(t, err)
		settled, ready, away := p.Chosen(staff)
		if diff := cmp.Diff([][]string{{"Test Ask"}, nil, {"Test Dahl"}}, [][]string{names(settled), names(ready), names(away)}); diff != "" {
			t.Error(diff)
		}
		change := func(v access.Viewer, version int, n rollout.New) error {
			return d.Write(ctx, func(tx *db.Tx) error { return rollout.Change(ctx, tx, v, id, version, n) })
		}
		must(t, change(borl, 1, w.plan()))
		if err := change(borl, 1, n); key(err) != "rollout.changed_meanwhile" {
			t.Errorf("a change of what is no longer there gives %v", err)
		}
		if err := change(falu, 2, n); !errors.Is(err, fault.NotFound) {
			t.Errorf("the neighbour changes it: %v", err)
		}
		if p, err = rollout.Get(ctx, d.Reader(), borl, id); err != nil || p.Version != 2 || len(p.Titles) != 0 {
			t.Errorf("after the change it is %+v, %v", p, err)
		}
		if _, ready, _ = p.Chosen(staff); len(ready) != 2 {
			t.Errorf("with everybody included %v are ready, want two", names(ready))
		}
		for name, c := range map[string]struct {
			viewer access.Viewer
			want   int
		}{"its administrator": {borl, 1}, "a manager there": {office(access.Manager, access.Municipality, borlange), 1}, "the neighbour": {falu, 0}} {
			m, err := organisation.ByID(ctx, d.Reader(), borlange)
			must(t, err)
			if all, err := rollout.Plans(ctx, d.Reader(), c.viewer, m); err != nil || len(all) != c.want {
				t.Errorf("%s sees %d plans, %v, want %d", name, len(all), err, c.want)
			}
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error { return rollout.End(ctx, tx, borl, id, now) }))
		if err := change(borl, 2, n); key(err) != "rollout.ended" {
			t.Errorf("changing what has ended gives %v", err)
		}
	})
}

func itoa(id int64) string { return strconv.FormatInt(id, 10) }

func TestLeaveHoldsOnItsFirstAndItsLastDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d) // Dahl is on leave from thirty days ago until the end of June
		for on, want := range map[clock.Day]bool{
			day - 31: false, day - 30: true, day: true, clock.Date(2026, 6, 30): true, clock.Date(2026, 7, 1): false,
		} {
			staff, err := rollout.Staff(ctx, d.Reader(), borl, borlange, w.course, on)
			must(t, err)
			for _, m := range staff {
				if is := m.Away != nil; m.PersonID == w.dahl && is != want {
					t.Errorf("on %v Dahl is on leave: %t, want %t", on, is, want)
				}
			}
			if len(staff) != 4 {
				t.Errorf("on %v the staff are %v", on, names(staff))
			}
		}
	})
}
