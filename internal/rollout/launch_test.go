package rollout_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/rollout"
)

// advise says what BAS 3 recommends: the leaders' course and a meeting.
func (w *town) advise(t *testing.T) (leader int64) {
	t.Helper()
	c, err := catalogue.CourseBySlug(ctx, w.d.Reader(), "leda-larande-och-utveckling")
	must(t, err)
	producer := access.Viewer{Grants: []access.Grant{{Role: access.Producer, Level: access.Nation, OrganisationID: organisation.NationID}}}
	advise := func(v access.Viewer, a rollout.Advice) error {
		return w.d.Write(ctx, func(tx *db.Tx) error { return rollout.Advise(ctx, tx, v, w.course, a, now) })
	}
	if err := advise(borl, rollout.Advice{Meeting: true}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a municipality says what a course recommends: %v", err)
	}
	if err := advise(producer, rollout.Advice{LeaderID: w.course}); key(err) != "leader launch.leader_wrong" {
		t.Errorf("a course recommends itself: %v", err)
	}
	if err := advise(producer, rollout.Advice{Version: 3}); key(err) != "launch.changed_meanwhile" {
		t.Errorf("changed what was never said: %v", err)
	}
	must(t, advise(producer, rollout.Advice{LeaderID: c.ID}))
	if err := advise(producer, rollout.Advice{LeaderID: c.ID}); key(err) != "launch.changed_meanwhile" {
		t.Errorf("said twice: %v", err)
	}
	must(t, advise(producer, rollout.Advice{LeaderID: c.ID, Meeting: true, Version: 1}))
	return c.ID
}

// Norr starts today and Ängen in 30 days; Ask leads Norr, Björk both.
func TestAPlanAsksWhatItsCourseRecommendsBeforeAUnitStarts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		leader := w.advise(t)
		id, err := w.make(borl, w.plan())
		must(t, err)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			for _, g := range []struct{ person, unit int64 }{{w.ask, w.north}, {w.bjork, w.north}, {w.bjork, w.south}} {
				if _, err := identity.Grant(ctx, tx, system, g.person, access.Manager, g.unit, day-10, now); err != nil {
					return err
				}
			}
			_, err := learning.Register(ctx, tx, system, learning.New{PersonID: w.ask, CourseID: leader, On: day}, now)
			return err
		}))
		advice, err := rollout.AdviceOf(ctx, d.Reader(), w.course)
		must(t, err)
		starts := func(v access.Viewer) (lacking map[string][]string, ready []string) {
			p, err := rollout.Get(ctx, d.Reader(), v, id)
			must(t, err)
			all, err := rollout.Starts(ctx, d.Reader(), v, p, advice, day)
			must(t, err)
			lacking = map[string][]string{}
			for _, s := range all {
				for _, l := range s.Lacking() {
					lacking[s.Name] = append(lacking[s.Name], l.Name)
				}
				if s.Ready(advice) {
					ready = append(ready, s.Name)
				}
			}
			return lacking, ready
		}
		lacking, ready := starts(borl)
		if diff := cmp.Diff(map[string][]string{"Norr": {"Test Björk"}, "Ängen": {"Test Björk"}}, lacking); diff != "" || len(ready) > 0 {
			t.Error(diff, ready)
		}
		manager := access.Viewer{Grants: []access.Grant{{Role: access.Manager, Level: access.Unit, OrganisationID: w.south, RegionID: 20, MunicipalityID: borlange}}}
		lacking, _ = starts(manager)
		if diff := cmp.Diff(map[string][]string{"Ängen": {"Test Björk"}}, lacking); diff != "" {
			t.Errorf("a manager is told who leads other units: %s", diff)
		}
		if _, err := rollout.Starts(ctx, d.Reader(), falu, rollout.Plan{ID: id}, advice, day); !errors.Is(err, fault.NotFound) {
			t.Errorf("the neighbour sees %v", err)
		}

		meet := func(v access.Viewer, unit int64, on clock.Day) error {
			return d.Write(ctx, func(tx *db.Tx) error { return rollout.Meet(ctx, tx, v, id, unit, &on, now) })
		}
		for name, c := range map[string]struct {
			v    access.Viewer
			unit int64
			on   clock.Day
			want string
		}{
			"a manager":       {manager, w.south, day, "fault.not_found"},
			"another unit":    {borl, borlange, day, "unit launch.unit_missing"},
			"a day to come":   {borl, w.north, day + 1, "held launch.meeting_to_come"},
			"today":           {borl, w.north, day, ""},
			"once more":       {borl, w.north, day - 1, ""},
			"after its start": {borl, w.south, day, ""},
		} {
			if err := meet(c.v, c.unit, c.on); key(err) != c.want {
				t.Errorf("%s: %v, want %s", name, err, c.want)
			}
		}

		region, err := organisation.ByID(ctx, d.Reader(), 20)
		must(t, err)
		without := func(on clock.Day) (all []string) {
			rows, err := rollout.BegunWithout(ctx, d.Reader(), office(access.Regional, access.Region, 20), region, on)
			must(t, err)
			for _, r := range rows {
				s := r.Unit
				if r.LacksMeeting {
					s += " without a meeting"
				}
				if r.Lacking > 0 {
					s += " " + itoa(int64(r.Lacking)) + " of " + itoa(int64(r.Leaders))
				}
				all = append(all, s)
			}
			return all
		}
		// On its day Norr has met and one of two has the course; Ängen has not begun.
		if diff := cmp.Diff([]string{"Norr 1 of 2"}, without(day)); diff != "" {
			t.Error(diff)
		}
		if got := without(day - 1); len(got) > 0 {
			t.Errorf("before anybody began there are %v", got)
		}
		if diff := cmp.Diff([]string{"Ängen 1 of 1", "Norr 1 of 2"}, without(day+30)); diff != "" {
			t.Error(diff)
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error { return rollout.Meet(ctx, tx, borl, id, w.north, nil, now) }))
		must(t, meet(borl, w.south, day))
		if diff := cmp.Diff([]string{"Norr without a meeting 1 of 2"}, without(day)); diff != "" {
			t.Error(diff)
		}
		if _, err := rollout.BegunWithout(ctx, d.Reader(), borl, region, day); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a municipality sees the region's: %v", err)
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error { return rollout.End(ctx, tx, borl, id, now) }))
		if err := meet(borl, w.north, day); key(err) != "rollout.ended" {
			t.Errorf("a plan that has ended takes a meeting: %v", err)
		}
	})
}

// Ask led Norr until the day before it started, Björk on that day, Ced since; nobody has led Ängen.
func TestAStartIsJudgedByWhoLedThen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		leader := w.advise(t)
		id, err := w.make(borl, w.plan())
		must(t, err)
		start := day
		ptr := func(d clock.Day) *clock.Day { return &d }
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			for _, g := range []struct {
				person int64
				from   clock.Day
				to     *clock.Day
			}{{w.ask, start - 100, ptr(start - 1)}, {w.bjork, start - 100, ptr(start)}, {w.ced, start + 1, nil}} {
				if _, err := db.Exec(ctx, tx, `INSERT INTO role_grant (person_id, role, organisation_id, from_day, to_day, granted_at) VALUES ($1, 'manager', $2, $3, $4, 1)`, g.person, w.north, g.from, g.to); err != nil {
					return err
				}
			}
			return nil
		}))
		learn := func(person int64, on clock.Day) {
			must(t, d.Write(ctx, func(tx *db.Tx) error {
				_, err := learning.Register(ctx, tx, system, learning.New{PersonID: person, CourseID: leader, On: on}, on.At(12, 0))
				return err
			}))
		}
		region, err := organisation.ByID(ctx, d.Reader(), 20)
		must(t, err)
		regional := office(access.Regional, access.Region, 20)
		judged := func(v access.Viewer) (all []rollout.Without) {
			all, err := rollout.BegunWithout(ctx, d.Reader(), v, region, start+40)
			must(t, err)
			for i := range all {
				all[i].Municipality, all[i].UnitID, all[i].Course, all[i].StartedOn = organisation.Organisation{}, 0, "", 0
			}
			return all
		}
		meet := func(unit int64) {
			must(t, d.Write(ctx, func(tx *db.Tx) error { return rollout.Meet(ctx, tx, borl, id, unit, ptr(start-5), now) }))
		}
		south := rollout.Without{Unit: "Ängen", AsksLeader: true, AsksMeeting: true, LacksMeeting: true}
		north := rollout.Without{Unit: "Norr", AsksLeader: true, Led: true, LedNow: true, Leaders: 1, Lacking: 1, AsksMeeting: true}
		meet(w.north)
		for _, c := range []struct {
			name string
			do   func()
			want []rollout.Without
		}{
			{"who led on the day has it not", func() {}, []rollout.Without{south, north}},
			{"who leads now takes it", func() { learn(w.ced, start+2) }, []rollout.Without{south, north}},
			{"who led before had it", func() { learn(w.ask, start-2) }, []rollout.Without{south, north}},
			{"who led then takes it afterwards", func() { learn(w.bjork, start+1) }, []rollout.Without{south, north}},
			{"who led then had it on the day", func() {
				must(t, d.Write(ctx, func(tx *db.Tx) error {
					_, err := db.Exec(ctx, tx, `UPDATE completion SET completed_on = $3 WHERE person_id = $1 AND course_id = $2`, w.bjork, leader, start)
					return err
				}))
			}, []rollout.Without{south}},
			{"a meeting does not lead a unit", func() { meet(w.south); south.LacksMeeting = false }, []rollout.Without{{Unit: "Ängen", AsksLeader: true, AsksMeeting: true}}},
		} {
			c.do()
			if diff := cmp.Diff(c.want, judged(regional)); diff != "" {
				t.Errorf("%s: %s", c.name, diff)
			}
		}

		// Of who leads where the region sees no names, and of who is protected, nothing is told.
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE completion SET completed_on = $3 WHERE person_id = $1 AND course_id = $2`, w.bjork, leader, start+1)
			return err
		}))
		if got := judged(regional); len(got) != 2 {
			t.Fatalf("%+v", got)
		}
		nameless := regional
		nameless.Nameless = []int64{borlange}
		only := []rollout.Without{{Unit: "Ängen", AsksLeader: true, AsksMeeting: true}}
		if diff := cmp.Diff(only, judged(nameless)); diff != "" {
			t.Errorf("without names: %s", diff)
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO protected_person (person_id, given_name, family_name, municipality_id, marked_at) SELECT id, given_name, family_name, $2, 0 FROM person WHERE id = $1`, w.bjork, borlange)
			return err
		}))
		if diff := cmp.Diff(only, judged(regional)); diff != "" {
			t.Errorf("protected: %s", diff)
		}
		p, err := rollout.Get(ctx, d.Reader(), borl, id)
		must(t, err)
		advice, err := rollout.AdviceOf(ctx, d.Reader(), w.course)
		must(t, err)
		starts, err := rollout.Starts(ctx, d.Reader(), borl, p, advice, start)
		must(t, err)
		for _, s := range starts {
			if led := s.Name == "Norr"; s.Led != led || s.Hidden != led || len(s.Leaders) > 0 || s.Ready(advice) {
				t.Errorf("%s: led %v by %v, others %v, ready %v", s.Name, s.Led, s.Leaders, s.Hidden, s.Ready(advice))
			}
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error { return rollout.Meet(ctx, tx, borl, id, w.north, nil, now) }))
		hidden := []rollout.Without{only[0], {Unit: "Norr", AsksLeader: true, Led: true, LedNow: true, Hidden: true, AsksMeeting: true, LacksMeeting: true}}
		for _, v := range []access.Viewer{nameless, regional} {
			if diff := cmp.Diff(hidden, judged(v)); diff != "" {
				t.Errorf("who is protected is told from who works where there are no names: %s", diff)
			}
		}

		// The manager of the municipality leads its units.
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) VALUES ($1, 'manager', $2, $3, 1)`, w.ced, borlange, start-100)
			return err
		}))
		for _, s := range judged(regional) {
			if !s.Led || s.Leaders != 1 || s.Lacking != 1 || s.Hidden != (s.Unit == "Norr") {
				t.Errorf("with a manager of the municipality: %+v", s)
			}
		}
	})
}
