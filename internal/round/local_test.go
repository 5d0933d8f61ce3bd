package round_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

// village is a world with two units of Falun, three people in the first and one
// in the second, and the offices that could have to do with them.
type village struct {
	*world
	north, south  int64
	homes         []int64 // who work in the first unit
	neighbour     int64   // who works in the second
	chief         access.Viewer
	otherChief    access.Viewer
	admin         access.Viewer
	borlangeAdmin access.Viewer
}

func at(role access.Role, level access.Level, id, municipality int64) access.Viewer {
	return access.Viewer{Grants: []access.Grant{{Role: role, Level: level, OrganisationID: id, RegionID: dalarna, MunicipalityID: municipality}}}
}

func newVillage(t *testing.T, d *db.DB) *village {
	t.Helper()
	v := &village{world: newWorld(t, d)}
	must(t, v.write(func(tx *db.Tx) (err error) {
		if v.north, err = organisation.AddUnit(ctx, tx, system, falun, "Hemtjänst Norr"); err != nil {
			return err
		}
		v.south, err = organisation.AddUnit(ctx, tx, system, falun, "Hemtjänst Söder")
		return err
	}))
	for i := range 3 {
		v.homes = append(v.homes, v.person(fmt.Sprintf("Norr%d", i), v.north))
	}
	v.neighbour = v.person("Söder", v.south)
	v.chief, v.otherChief = at(access.Manager, access.Unit, v.north, falun), at(access.Manager, access.Unit, v.south, falun)
	v.admin, v.borlangeAdmin = at(access.MunicipalAdmin, access.Municipality, falun, falun), at(access.MunicipalAdmin, access.Municipality, borlange, borlange)
	v.chief.PersonID = v.person("Chef", v.north)
	return v
}

// worker is somebody employed in a unit of Falun.
func (v *village) worker(person, unit int64) access.Viewer {
	return access.Viewer{PersonID: person, Home: access.Place{RegionID: dalarna, MunicipalityID: falun, UnitID: unit, PersonID: person}}
}

// occasion is a day at the unit that its manager leads, yesterday by the clock of
// the tests that hold it.
func (v *village) occasion() round.New {
	return round.New{
		CourseID: v.course, UnitID: v.north, Days: []round.NewDay{{
			Day: first, Starts: "13:00", Ends: "15:00", Place: "Personalrummet", Trainers: []round.NewTrainer{{PersonID: v.chief.PersonID, Role: trainer.Lead}},
		}},
	}
}

// inMunicipality is the same day for all of the municipality.
func (v *village) inMunicipality() round.New {
	n := v.occasion()
	n.UnitID, n.MunicipalityID = 0, falun
	return n
}

func (v *village) planLocal(viewer access.Viewer, n round.New, persons ...int64) (id int64, err error) {
	err = v.write(func(tx *db.Tx) error {
		id, err = round.PlanLocal(ctx, tx, viewer, n, persons, now)
		return err
	})
	return id, err
}

func (v *village) local(n round.New, persons ...int64) round.Detail {
	v.Helper()
	id, err := v.planLocal(system, n, persons...)
	must(v.T, err)
	return v.get(system, id)
}

func (v *village) report(person int64, day int64, at clock.Instant) (mine round.OwnDay, err error) {
	err = v.write(func(tx *db.Tx) error {
		mine, err = round.Report(ctx, tx, v.worker(person, v.north), day, at)
		return err
	})
	return mine, err
}

func seatsOf(d round.Detail) (ids []int64) {
	for _, e := range d.Enrolments {
		ids = append(ids, e.ID)
	}
	return ids
}

func seatOf(d round.Detail, person int64) int64 {
	return d.Enrolments[slices.IndexFunc(d.Enrolments, func(e round.Enrolment) bool { return e.PersonID == person })].ID
}

func TestALocalRoundIsPlannedAndFilledInOneGo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		id, err := v.planLocal(v.chief, v.occasion(), v.homes...)
		must(t, err)
		got := v.get(v.chief, id)
		if got.RegionID != dalarna || got.MunicipalityID != falun || got.UnitID != v.north || got.Municipality != "Falun" || got.Unit != "Hemtjänst Norr" || !got.Local() {
			t.Errorf("it belongs to %+v in %d", got.Host, got.RegionID)
		}
		if got.Delivery != catalogue.Workplace || got.TariffKind != "" || got.Label != "Hemtjänst Norr" || got.Edition != 1 {
			t.Errorf("got %+v", got.Round)
		}
		if got.Status(today) != round.Confirmed || got.Seats != 3 || got.Capacity != 3 || got.SignupFrom != today || got.SignupUntil != first {
			t.Errorf("it is %s with %d of %d seats, sign-up %s to %s", got.Status(today), got.Seats, got.Capacity, got.SignupFrom, got.SignupUntil)
		}
		for _, e := range got.Enrolments {
			if e.Unit != "Hemtjänst Norr" || e.Municipality != "Falun" {
				t.Errorf("%s works at %q, %q", e.Name, e.Unit, e.Municipality)
			}
		}
		in := v.local(v.inMunicipality())
		if in.Delivery != catalogue.Municipal || in.Label != "Falun" || in.UnitID != 0 {
			t.Errorf("the municipality's is %+v", in.Round)
		}
	})
}

func TestWhoMayPlanALocalRound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		unit, whole := v.occasion(), v.inMunicipality()
		wrong := v.occasion()
		wrong.MunicipalityID = borlange
		region := v.occasion()
		region.UnitID, region.MunicipalityID = 0, dalarna
		elsewhere := v.occasion()
		elsewhere.Days = slices.Clone(elsewhere.Days)
		elsewhere.Days[0].Trainers = []round.NewTrainer{{PersonID: v.others[0], Role: trainer.Lead}}
		for name, c := range map[string]struct {
			viewer  access.Viewer
			n       round.New
			persons []int64
			want    string
		}{
			"the unit's manager":                         {v.chief, unit, v.homes, ""},
			"the unit's manager for the municipality":    {v.chief, whole, nil, "fault.not_found"},
			"another unit's manager":                     {v.otherChief, unit, nil, "fault.not_found"},
			"the municipality's administrator":           {v.admin, whole, append(slices.Clone(v.homes), v.neighbour), ""},
			"the administrator for a unit":               {v.admin, unit, v.homes, ""},
			"another municipality's administrator":       {v.borlangeAdmin, unit, nil, "fault.not_found"},
			"the region's administrator":                 {dalarnas, whole, v.homes, ""},
			"another region's administrator":             {uppsalas, whole, nil, "fault.not_found"},
			"a producer":                                 {producers, unit, nil, "fault.forbidden"},
			"an employee":                                {v.worker(v.homes[0], v.north), unit, nil, "fault.forbidden"},
			"a unit of another municipality":             {system, wrong, nil, "fault.not_found"},
			"a region for a municipality":                {system, region, nil, "fault.not_found"},
			"a manager puts in somebody else's staff":    {v.chief, unit, []int64{v.homes[0], v.neighbour}, "person round.persons_elsewhere"},
			"somebody of another municipality":           {dalarnas, whole, []int64{v.others[0]}, "person round.persons_elsewhere"},
			"somebody twice":                             {v.admin, whole, []int64{v.homes[0], v.homes[0]}, "person round.persons_elsewhere"},
			"somebody who does not exist":                {v.admin, whole, []int64{99999}, "person round.persons_elsewhere"},
			"a leader from elsewhere and in no team":     {v.admin, elsewhere, nil, "days.0.trainers round.leader_elsewhere"},
			"a regional round asks for nothing that new": {dalarnas, v.plan(), nil, "fault.not_found"},
		} {
			t.Run(name, func(t *testing.T) {
				if _, err := v.planLocal(c.viewer, c.n, c.persons...); key(err) != c.want {
					t.Errorf("got %s, want %s", key(err), c.want)
				}
			})
		}
		v.team(v.others[0])
		if _, err := v.planLocal(v.admin, elsewhere); err != nil {
			t.Errorf("a trainer of the region's teams cannot lead: %v", err)
		}
	})
}

func TestWhoSeesALocalRound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		unit, whole := v.local(v.occasion()), v.local(v.inMunicipality())
		n := v.occasion()
		n.Capacity = 3
		draft, err := v.planned(system, n)
		must(t, err)
		regional := v.published(v.plan())
		names := map[int64]string{unit.ID: "unit", whole.ID: "municipality", draft: "draft", regional: "region"}
		leader := access.Viewer{PersonID: v.chief.PersonID}
		for name, c := range map[string]struct {
			viewer access.Viewer
			sees   string
			plans  string
		}{
			"the unit's manager":               {v.chief, "draft municipality region unit", "draft unit"},
			"another manager":                  {v.otherChief, "municipality region", ""},
			"the administrator":                {v.admin, "draft municipality region unit", "draft municipality unit"},
			"another administrator":            {v.borlangeAdmin, "region", ""},
			"the region's administrator":       {dalarnas, "draft municipality region unit", "draft municipality region unit"},
			"another region":                   {uppsalas, "", ""},
			"somebody of the unit":             {v.worker(v.homes[0], v.north), "municipality region unit", ""},
			"somebody of another unit":         {v.worker(v.neighbour, v.south), "municipality region", ""},
			"somebody of another municipality": {access.Viewer{PersonID: v.others[0], Home: access.Place{RegionID: dalarna, MunicipalityID: borlange}}, "region", ""},
			"who leads a day":                  {leader, "draft municipality unit", ""},
			"a producer, who sees rounds":      {producers, "region", ""},
			"the steering group":               {office(access.Steering, access.Region, dalarna, dalarna), "region", ""},
			"nobody":                           {access.Viewer{}, "", ""},
		} {
			t.Run(name, func(t *testing.T) {
				page, err := round.Rounds(ctx, d.Reader(), c.viewer, round.Filter{})
				must(t, err)
				var sees, plans []string
				for _, r := range page.Rounds {
					sees = append(sees, names[r.ID])
					one, err := round.Get(ctx, d.Reader(), c.viewer, r.ID)
					must(t, err)
					if one.Manages {
						plans = append(plans, names[r.ID])
					}
				}
				slices.Sort(sees)
				slices.Sort(plans)
				if got := strings.Join(sees, " "); got != c.sees {
					t.Errorf("sees %q, want %q", got, c.sees)
				}
				if got := strings.Join(plans, " "); got != c.plans {
					t.Errorf("plans %q, want %q", got, c.plans)
				}
			})
		}
		for name, c := range map[string]struct {
			filter round.Filter
			want   int
		}{
			"the region's and the nation's": {round.Filter{Given: round.Regionally}, 1},
			"all local ones":                {round.Filter{Given: round.Locally}, 3},
			"a municipality's":              {round.Filter{LocalIn: falun}, 3},
			"another municipality's":        {round.Filter{LocalIn: borlange}, 0},
			"a unit's":                      {round.Filter{UnitID: v.north}, 2},
		} {
			page, err := round.Rounds(ctx, d.Reader(), system, c.filter)
			must(t, err)
			if page.Total != c.want {
				t.Errorf("%s are %d, want %d", name, page.Total, c.want)
			}
		}
	})
}

func TestPeopleOfTheMunicipalitySignUpForItsOccasions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		unit, whole := v.occasion(), v.inMunicipality()
		unit.Capacity, whole.Capacity = 10, 10
		u, m := v.local(unit).ID, v.local(whole).ID
		must(t, v.write(func(tx *db.Tx) error { return round.SetManagerApproves(ctx, tx, system, falun, true, now) }))
		admin, guest := v.admin, v.person("Gäst", v.south)
		for name, c := range map[string]struct {
			viewer        access.Viewer
			round, person int64
			want          string
		}{
			"oneself asks the manager where it is asked":         {v.worker(v.homes[0], v.north), u, v.homes[0], string(round.AwaitingManager)},
			"the manager's word is enough":                       {v.chief, u, v.homes[1], string(round.Enrolled)},
			"somebody of another unit does not see the unit's":   {v.worker(v.neighbour, v.south), u, v.neighbour, "fault.not_found"},
			"who plans may put in somebody of another unit":      {admin, u, guest, string(round.Enrolled)},
			"another municipality is not for the municipality's": {dalarnas, m, v.others[0], "round.not_of_municipality"},
			"a manager puts their staff in the municipality's":   {v.otherChief, m, v.neighbour, string(round.Enrolled)},
		} {
			t.Run(name, func(t *testing.T) {
				o, err := v.signUp(c.viewer, c.round, c.person, now)
				got := string(o.Status)
				if err != nil {
					got = key(err)
				}
				if got != c.want {
					t.Errorf("got %s, want %s", got, c.want)
				}
			})
		}
	})
}

// Who gets another workplace takes along what is theirs; what the old
// municipality planned for its own stays with it.
func TestWhoLeavesTheMunicipalityGivesItsSeatsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		mover, colleague, before := v.homes[0], v.homes[1], first.Start().Add(-48*time.Hour)
		full, ours := v.inMunicipality(), v.plan()
		full.Capacity = 1
		local, begun, regional := v.local(full, mover).ID, v.local(v.occasion(), mover).ID, v.published(ours)
		if _, err := v.signUp(v.admin, local, colleague, before); err != nil {
			t.Fatal(err)
		}
		v.enrolled(regional, mover)
		giveUp := func(at clock.Instant) (rounds []int64) {
			t.Helper()
			must(t, v.write(func(tx *db.Tx) (err error) {
				rounds, err = round.GiveUpLocal(ctx, tx, v.admin, mover, "Ny arbetsplats", at)
				return err
			}))
			return rounds
		}
		if rounds := giveUp(before); rounds != nil {
			t.Errorf("who still works there gives up %v", rounds)
		}
		// The one that has begun is theirs to finish.
		must(t, v.write(func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE round SET first_day = $2 WHERE id = $1`, begun, before.Day()-1)
			return err
		}))
		must(t, v.write(func(tx *db.Tx) error { return people.Employ(ctx, tx, system, mover, borlange, before.Day(), "") }))
		if rounds := giveUp(before); !slices.Equal(rounds, []int64{local}) {
			t.Errorf("the seats of %v are given back, want those of %d", rounds, local)
		}
		for id, want := range map[int64]bool{local: false, begun: true, regional: true} {
			if got := slices.Contains(v.seated(id), mover); got != want {
				t.Errorf("a seat in %d: %v, want %v", id, got, want)
			}
		}
		v.holds(local) // and whoever waits gets it
		if len(v.seated(local)) == 0 && !slices.ContainsFunc(v.queue(local), func(e round.Entry) bool { return e.OfferUntil != nil }) {
			t.Error("the seat is neither given nor offered to who waits")
		}
		if rounds := giveUp(before); rounds != nil {
			t.Errorf("once more gives up %v", rounds)
		}
	})
}

// Completion by rule: the way of one seat, step by step.
func TestALocalRoundIsCompletedByItsAttendance(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		n := v.occasion()
		n.Days = append(n.Days, round.NewDay{Day: first + 1, Starts: "13:00", Ends: "15:00"})
		got := v.local(n, v.homes[0], v.homes[1])
		seats := seatsOf(got)
		keep := func(day int, mark round.Mark, why string, at clock.Instant) {
			t.Helper()
			must(t, v.save(v.chief, got.CourseDays[day], []round.Marking{{EnrolmentID: seats[0], Mark: mark, Why: why}, {EnrolmentID: seats[1], Mark: round.Absent, Why: why}}, there(got.CourseDays[day], true), at))
		}
		done := func(person int64) string {
			t.Helper()
			all := v.completions(person)
			if len(all) == 0 {
				return ""
			}
			if len(all) > 1 || all[0].Source != learning.Local || all[0].RoundID == nil || *all[0].RoundID != got.ID {
				t.Errorf("completed as %+v", all)
			}
			return all[0].On.String()
		}
		keep(0, round.Present, "", first.At(15, 0))
		if done(v.homes[0]) != "" {
			t.Error("one of two days completes")
		}
		keep(1, round.Late, "", (first+1).At(15, 0))
		if got := done(v.homes[0]); got != (first + 1).String() {
			t.Errorf("attended both days, completed %q", got)
		}
		if done(v.homes[1]) != "" {
			t.Error("who was away has completed")
		}
		if now := v.get(system, got.ID); now.Status(first+1) != round.Approved || now.Approved != 1 || now.Enrolments[0].ApprovedOn == nil {
			t.Errorf("the round is %s with %d approved", now.Status(first+1), now.Approved)
		}

		// What the rule has given is not taken back by word, but by the attendance.
		err := v.write(func(tx *db.Tx) error { return round.Unapprove(ctx, tx, v.chief, seats[0], "fel", (first+2).At(9, 0)) })
		if key(err) != "round.approved_by_rule" {
			t.Errorf("unapproving gives %v", err)
		}
		completion := v.completions(v.homes[0])[0].ID
		err = v.write(func(tx *db.Tx) error { return learning.Revoke(ctx, tx, system, completion, (first+2).At(9, 0)) })
		if key(err) != "learning.from_round" {
			t.Errorf("revoking gives %v", err)
		}
		keep(1, round.Excused, "fel person", (first+2).At(9, 0))
		if done(v.homes[0]) != "" || v.get(system, got.ID).Enrolments[0].ApprovedOn != nil {
			t.Error("the completion stays without the attendance")
		}
		keep(1, round.Present, "rätt person", (first+2).At(10, 0))
		if done(v.homes[0]) == "" {
			t.Error("the attendance comes back without the completion")
		}

		// Somebody may be approved for a reason; that stands.
		must(t, v.approve(v.chief, got.ID, first+2, (first+2).At(11, 0), round.Approval{EnrolmentID: seats[1], Reason: "tog igen dagarna i en annan grupp"}))
		keep(0, round.Present, "en gång till", (first+2).At(12, 0))
		if all := v.completions(v.homes[0]); len(all) != 1 || all[0].RecordedBy != "" {
			t.Errorf("the rule has given %+v", all)
		}
		if done(v.homes[1]) == "" {
			t.Error("what was approved for a reason is gone")
		}
	})
}

func TestOnesOwnWordCompletesUntilTheManagerSaysOtherwise(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		got := v.local(v.occasion(), v.homes...)
		day := got.CourseDays[0]
		for name, c := range map[string]struct {
			person int64
			at     clock.Instant
			want   string
		}{
			"before it begins":       {v.homes[0], first.At(12, 59), "round.not_reportable"},
			"long after":             {v.homes[0], (first + round.OwnWordDays + 1).At(0, 0), "round.not_reportable"},
			"somebody who is not in": {v.neighbour, first.At(14, 0), "fault.not_found"},
		} {
			if _, err := v.report(c.person, day.ID, c.at); key(err) != c.want {
				t.Errorf("%s gives %v, want %s", name, err, c.want)
			}
		}
		for i, person := range v.homes {
			mine, err := v.report(person, day.ID, (first+clock.Day(i)).At(14, 0))
			must(t, err)
			if mine.Mark != round.Present || mine.Word.Source != round.SelfSaid || len(v.completions(person)) != 1 {
				t.Errorf("their own word gives %+v and %v", mine, v.completions(person))
			}
		}
		if v.get(system, got.ID).Held != 0 {
			t.Error("the day is held before those who keep the list have spoken")
		}

		takeBack := func(person int64) error {
			return v.write(func(tx *db.Tx) error {
				_, err := round.TakeBack(ctx, tx, v.worker(person, v.north), day.ID, (first+2).At(15, 0))
				return err
			})
		}
		must(t, takeBack(v.homes[1]))
		if len(v.completions(v.homes[1])) != 0 {
			t.Error("what was taken back still counts")
		}

		// The manager corrects one; everybody else was there.
		seats := map[int64]int64{}
		for _, e := range got.Enrolments {
			seats[e.PersonID] = e.ID
		}
		chief := v.chief
		must(t, v.write(func(tx *db.Tx) error {
			_, err := round.SaveMarks(ctx, tx, chief, day.ID, []round.SentMark{{Key: "x", EnrolmentID: seats[v.homes[0]], Mark: round.Absent, At: (first + 3).At(8, 0)}}, (first+3).At(8, 0))
			return err
		}))
		must(t, v.write(func(tx *db.Tx) error { return round.Everybody(ctx, tx, chief, day.ID, (first+3).At(9, 0)) }))
		if v.get(system, got.ID).Held != 1 {
			t.Error("the day is not held when all is said")
		}
		var counts []int
		for _, person := range v.homes {
			counts = append(counts, len(v.completions(person)))
		}
		if diff := cmp.Diff([]int{0, 1, 1}, counts); diff != "" {
			t.Error(diff)
		}
		if err := takeBack(v.homes[2]); key(err) != "round.said_by_others" {
			t.Errorf("taking back the manager's word gives %v", err)
		}
		if mine, err := v.report(v.homes[0], day.ID, (first+4).At(9, 0)); err != nil || mine.Mark != round.Absent {
			t.Errorf("one's own word counts over the manager's: %+v, %v", mine, err)
		}

		// Those who come to a regional round do not report themselves.
		regional := v.published(v.plan())
		v.enrolled(regional, v.homes[0])
		if _, err := v.report(v.homes[0], v.get(system, regional).CourseDays[0].ID, first.At(10, 0)); key(err) != "round.not_reportable" {
			t.Errorf("reporting a regional day gives %v", err)
		}
	})
}

// content publishes an edition of the world's course with a required task before
// the day and one after it, which the rules gate.
func (w *world) content(rules catalogue.Rules) (edition int64) {
	w.Helper()
	text := func(key string, phase catalogue.Phase) catalogue.Task {
		return catalogue.Task{
			Key: key, Phase: phase, Kind: catalogue.TextTask, Title: catalogue.Words{"sv": key}, Minutes: 5, Text: catalogue.Words{"sv": "Läs."},
		}
	}
	must(w.T, w.write(func(tx *db.Tx) error {
		content := catalogue.Content{
			Changes: catalogue.Words{"sv": "Nytt"}, Rules: rules,
			Tasks: []catalogue.Task{text("before", catalogue.Preparation), text("after", catalogue.FollowUp)},
		}
		version, err := catalogue.SaveDraft(ctx, tx, system, w.course, 0, &content, now)
		if err != nil {
			return err
		}
		e, err := catalogue.Publish(ctx, tx, system, w.course, version, now)
		edition = e.ID
		return err
	}))
	return edition
}

// does lets the person do the task, and the round know.
func (w *world) does(person int64, task string, at clock.Instant) error {
	return w.write(func(tx *db.Tx) error {
		course, err := catalogue.CourseByID(ctx, tx, w.course)
		if err != nil {
			return err
		}
		yes := true
		if _, err := learning.Save(ctx, tx, access.Viewer{PersonID: person}, course, task, func() (int64, error) { return 0, nil },
			func(*catalogue.Task) learning.Touch { return learning.Touch{At: at, Done: &yes} }, at); err != nil {
			return err
		}
		return round.Fulfil(ctx, tx, person, w.course, at)
	})
}

func TestRequiredTasksAreAskedForToo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		edition := v.content(catalogue.Rules{Preparation: catalogue.Advise, FollowUp: catalogue.Require, FollowUpDays: 14})
		got := v.local(v.occasion(), v.homes...)
		day := got.CourseDays[0]
		if got.EditionID == nil || *got.EditionID != edition {
			t.Fatalf("the round is of the edition %v", got.EditionID)
		}
		// One does the task before the attendance, one after it, one never.
		must(t, v.does(v.homes[0], "after", first.At(16, 0)))
		must(t, v.write(func(tx *db.Tx) error { return round.Everybody(ctx, tx, v.chief, day.ID, first.At(17, 0)) }))
		must(t, v.does(v.homes[1], "before", (first+3).At(8, 0)))
		must(t, v.does(v.homes[1], "after", (first+3).At(9, 0)))
		for i, want := range []clock.Day{first, first + 3, 0} {
			var on clock.Day
			if all := v.completions(v.homes[i]); len(all) == 1 {
				on = all[0].On
				if all[0].Edition != 2 {
					t.Errorf("person %d completed edition %d", i, all[0].Edition)
				}
			}
			if on != want {
				t.Errorf("person %d completed on %s, want %s", i, on, want)
			}
		}
	})
}

func TestNobodyIsApprovedUnpreparedWithoutAReasonWhereItIsRequired(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.content(catalogue.Rules{Preparation: catalogue.Require})
		n := w.plan()
		n.Days = n.Days[:1]
		id := w.published(n)
		seats := w.enrolled(id, w.staff[:3]...)
		must(t, w.does(w.staff[0], "before", now))
		day := w.get(system, id).CourseDays[0]
		must(t, w.save(dalarnas, day, all(seats, round.Present), there(day, true), first.At(16, 0)))
		prepared, err := round.Preparations(ctx, d.Reader(), w.get(system, id).Round, w.get(system, id).Enrolments)
		must(t, err)
		want := map[int64]round.Preparation{
			w.staff[0]: {Asked: true, Gate: true}, w.staff[1]: {Asked: true, Gate: true, Left: 1}, w.staff[2]: {Asked: true, Gate: true, Left: 1},
		}
		if diff := cmp.Diff(want, prepared); diff != "" {
			t.Error(diff)
		}
		both := []round.Approval{{EnrolmentID: seats[0]}, {EnrolmentID: seats[1]}}
		if err := w.approve(dalarnas, id, first, first.At(17, 0), both...); key(err) != fmt.Sprintf("approve_%d round.approval_unprepared", seats[1]) {
			t.Errorf("approving the unprepared gives %v", err)
		}
		both[1].Reason = "gjorde förberedelsen på papper"
		must(t, w.approve(dalarnas, id, first, first.At(17, 0), both...))
		for i, want := range []int{1, 1, 0} {
			if got := len(w.completions(w.staff[i])); got != want {
				t.Errorf("person %d has %d completions, want %d", i, got, want)
			}
		}
	})
}

func TestTwoWhoSaveTheSameListCompleteOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		v.content(catalogue.Rules{FollowUp: catalogue.Require, FollowUpDays: 14})
		got := v.local(v.occasion(), v.homes...)
		day := got.CourseDays[0]
		errs := make([]error, 12)
		var start, done sync.WaitGroup
		start.Add(1)
		for i := range errs {
			done.Go(func() {
				start.Wait()
				at := first.At(16, 0).Add(time.Duration(i) * time.Second)
				switch i % 3 {
				case 0:
					errs[i] = v.write(func(tx *db.Tx) error { return round.Everybody(ctx, tx, v.chief, day.ID, at) })
				case 1:
					errs[i] = v.does(v.homes[i/3%3], "after", at)
				default:
					_, errs[i] = v.report(v.homes[i/3%3], day.ID, at)
				}
			})
		}
		start.Done()
		done.Wait()
		for i, err := range errs {
			if err != nil {
				t.Errorf("%d: %v", i, err)
			}
		}
		for _, query := range []string{
			`SELECT COUNT(*) FROM completion`,
			`SELECT COUNT(*) FROM round_event WHERE kind = 'approved'`,
			`SELECT COUNT(*) FROM enrolment WHERE approved_at IS NOT NULL`,
		} {
			n, err := db.Row(ctx, d.Reader(), db.One[int], query)
			must(t, err)
			if n != 3 {
				t.Errorf("%s: %d, want 3", query, n)
			}
		}
	})
}

func TestWhoCompletesInTwoOccasionsKeepsOneCompletion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		a := v.local(v.occasion(), v.homes[0])
		n := v.occasion()
		n.Days = slices.Clone(n.Days)
		n.Days[0].Day++
		b := v.local(n, v.homes[0])
		must(t, v.write(func(tx *db.Tx) error { return round.Everybody(ctx, tx, v.chief, a.CourseDays[0].ID, first.At(16, 0)) }))
		must(t, v.write(func(tx *db.Tx) error {
			return round.Everybody(ctx, tx, v.chief, b.CourseDays[0].ID, (first+1).At(16, 0))
		}))
		must(t, v.save(v.chief, a.CourseDays[0], []round.Marking{{EnrolmentID: a.Enrolments[0].ID, Mark: round.Absent, Why: "fel"}}, there(a.CourseDays[0], true), (first+2).At(8, 0)))
		all := v.completions(v.homes[0])
		if len(all) != 1 || *all[0].RoundID != b.ID || all[0].On != first+1 || all[0].Source != learning.Local {
			t.Errorf("got %+v", all)
		}
	})
}

func TestALocalRoundIsNoneOfTheRegionsRounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		v.journeys()
		v.published(v.plan())
		look := func() (all []any) {
			t.Helper()
			year, err := round.Year(ctx, d.Reader(), dalarnas, dalarna, first.Year(), clock.YearStart(first.Year()), clock.YearEnd(first.Year()), today)
			must(t, err)
			demands, err := round.Demands(ctx, d.Reader(), dalarnas, dalarna, today)
			must(t, err)
			all = append(all, year, demands)
			for _, day := range []clock.Day{today, first, first + 5} {
				todos, err := round.Todos(ctx, d.Reader(), dalarnas, dalarna, day, 50)
				must(t, err)
				all = append(all, todos)
			}
			return all
		}
		before := look()
		v.local(v.occasion(), v.homes...)
		v.local(v.inMunicipality(), v.homes...)
		if diff := cmp.Diff(before, look(), cmp.AllowUnexported()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestALocalPlanIsWarnedOfWhatStandsInTheWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		v.local(v.occasion())
		v.published(v.plan()) // the RSS and Borlänge's trainer are busy
		n := v.occasion()
		n.Days = []round.NewDay{{Day: first, Starts: "14:00", Ends: "16:00", Trainers: []round.NewTrainer{
			{PersonID: v.chief.PersonID, Role: trainer.Lead}, {PersonID: v.rss, Role: trainer.Assistant},
		}}}
		for name, c := range map[string]struct {
			viewer access.Viewer
			want   []string
		}{
			"the unit's manager":   {v.chief, []string{"trainer Kurs, Hemtjänst Norr Falun", "trainer  Dalarna"}},
			"the region":           {dalarnas, []string{"trainer Kurs, Hemtjänst Norr Falun", "trainer Kurs, Omgång 1 Dalarna"}},
			"who plans none there": {v.otherChief, nil},
		} {
			t.Run(name, func(t *testing.T) {
				found, err := round.Clashes(ctx, d.Reader(), c.viewer, n, 0, today)
				must(t, err)
				var got []string
				for _, each := range found {
					got = append(got, fmt.Sprintf("%s %s %s", each.Kind, each.Round, each.Region))
				}
				slices.Sort(got)
				slices.Sort(c.want)
				if !slices.Equal(got, c.want) {
					t.Errorf("got %q, want %q", got, c.want)
				}
			})
		}
	})
}

func TestALocalPlanIsChangedByThoseWhoPlanThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		got := v.local(v.occasion(), v.homes...)
		n := round.PlanOf(got)
		n.Days[0].Place, n.Capacity = "Stora salen", 12
		if err := v.edit(v.otherChief, got.ID, got.Version, n); key(err) != "fault.not_found" {
			t.Errorf("another manager gets %v", err)
		}
		n.RegionID, n.UnitID, n.MunicipalityID, n.TariffKind = uppsala, 0, 0, "authority" // stay as they are
		must(t, v.edit(v.chief, got.ID, got.Version, n))
		now := v.get(v.chief, got.ID)
		if now.CourseDays[0].Place != "Stora salen" || now.Capacity != 12 || now.UnitID != v.north || now.TariffKind != "" || now.RegionID != dalarna {
			t.Errorf("got %+v", now.Round)
		}
		n = round.PlanOf(now)
		n.Days[0].Trainers = append(n.Days[0].Trainers, round.NewTrainer{PersonID: v.others[0], Role: trainer.Assistant})
		if err := v.edit(v.chief, got.ID, now.Version, n); key(err) != "days.0.trainers round.leader_elsewhere" {
			t.Errorf("a leader from elsewhere gives %v", err)
		}
		must(t, v.write(func(tx *db.Tx) error {
			return round.Cancel(ctx, tx, v.chief, got.ID, round.OtherCause, "vattenläcka", today.At(13, 0))
		}))
	})
}

func TestALocalDayThatIsLeftOutAsksNothingMoreOfThoseWhoWereThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		n := v.occasion()
		n.Days = append(n.Days, round.NewDay{Day: first + 1, Starts: "13:00", Ends: "15:00"})
		got := v.local(n, v.homes[0], v.homes[1])
		seats := seatsOf(got)
		must(t, v.save(v.chief, got.CourseDays[0], []round.Marking{{EnrolmentID: seats[0], Mark: round.Present}, {EnrolmentID: seats[1], Mark: round.Absent}},
			there(got.CourseDays[0], true), first.At(15, 0)))
		got = v.get(v.chief, got.ID)
		n = round.PlanOf(got)
		n.Days = n.Days[:1]
		must(t, v.edit(v.chief, got.ID, got.Version, n))
		if all := v.completions(v.homes[0]); len(all) != 1 || all[0].On != first {
			t.Errorf("who was there on the day that is left has %+v", all)
		}
		if all := v.completions(v.homes[1]); len(all) != 0 {
			t.Errorf("who was away has %+v", all)
		}
	})
}

func TestALocalDayOfWhichPeopleHaveSpokenStaysAndADayMoreIsAskedOfThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		got := v.local(v.occasion(), v.homes[0], v.homes[1])
		_, err := v.report(v.homes[0], got.CourseDays[0].ID, first.At(14, 0))
		must(t, err)
		must(t, v.approve(v.chief, got.ID, first, first.At(15, 0), round.Approval{EnrolmentID: seatOf(got, v.homes[1]), Reason: "gick den i fjol"}))
		n := round.PlanOf(got)
		n.Days[0].Day = first + 7
		if err := v.edit(v.chief, got.ID, got.Version, n); key(err) != "days.0.day round.day_is_marked" {
			t.Fatalf("moving it gives %v", err)
		}
		n.Days[0].Day, n.Days[0].Ends = first, "15:30"
		must(t, v.edit(v.chief, got.ID, got.Version, n))
		if len(v.completions(v.homes[0])) != 1 {
			t.Error("a completion is gone because the day was half an hour longer")
		}

		got = v.get(v.chief, got.ID)
		n = round.PlanOf(got)
		n.Days = append(n.Days, round.NewDay{Day: first + 1, Starts: "13:00", Ends: "15:00"})
		must(t, v.edit(v.chief, got.ID, got.Version, n))
		if len(v.completions(v.homes[0])) != 0 {
			t.Error("who has been there on one of two days keeps the completion")
		}
		if len(v.completions(v.homes[1])) != 1 {
			t.Error("what was approved for a reason is gone")
		}
		got = v.get(v.chief, got.ID)
		_, err = v.report(v.homes[0], got.CourseDays[1].ID, (first+1).At(14, 0))
		must(t, err)
		if all := v.completions(v.homes[0]); len(all) != 1 || all[0].On != first+1 {
			t.Errorf("who was there on both days has %+v", all)
		}
	})
}

func TestWhoReportsThemselvesAndHasTasksLeftIsCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		v.content(catalogue.Rules{Preparation: catalogue.Require})
		got := v.local(v.occasion(), v.homes[0], v.homes[1])
		_, err := v.report(v.homes[0], got.CourseDays[0].ID, first.At(14, 0))
		must(t, err)
		if got = v.get(v.chief, got.ID); got.Awaiting != 1 || got.Approved != 0 {
			t.Errorf("%d have been there and have tasks left, %d are done; want one and none", got.Awaiting, got.Approved)
		}
	})
}

func TestWhatIsSharedIsForTheTrainersOfTheLastRound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		regional := v.published(v.plan())
		v.enrolled(regional, v.homes[0], v.homes[1])
		since := func(id int64) map[int64]clock.Instant {
			t.Helper()
			all, err := round.SeatedSince(ctx, d.Reader(), id)
			must(t, err)
			return all
		}
		if got := since(regional); len(got) != 2 || got[v.homes[0]] == 0 {
			t.Fatalf("in the only round are %v", got)
		}
		n := v.occasion()
		n.Days[0].Day = v.get(system, regional).LastDay + 1
		local := v.local(n, v.homes[0])
		if diff := cmp.Diff(map[int64]clock.Instant{v.homes[0]: now}, since(local.ID)); diff != "" {
			t.Error(diff)
		}
		if got := since(regional); len(got) != 1 || got[v.homes[1]] == 0 {
			t.Errorf("still in the first round are %v", got)
		}
		must(t, v.write(func(tx *db.Tx) error {
			return round.Cancel(ctx, tx, v.chief, local.ID, round.OtherCause, "sjuk", today.At(13, 0))
		}))
		if got := since(regional); len(got) != 2 {
			t.Errorf("after the second is cancelled, in the first are %v", got)
		}
	})
}

func TestThoseToLeadAreTheTeamAndTheManagers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVillage(t, d)
		v.team(v.staff[0])
		must(t, v.write(func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) VALUES ($1, 'manager', $2, $3, $4)`,
				v.chief.PersonID, v.north, today-10, now)
			if err != nil {
				return err
			}
			_, err = db.Exec(ctx, tx, `UPDATE trainer SET ready_on = $1`, today-5)
			return err
		}))
		got, err := round.Leaders(ctx, d.Reader(), v.chief, v.course, access.Place{RegionID: dalarna, MunicipalityID: falun, UnitID: v.north}, today)
		must(t, err)
		var names []string
		for _, l := range got {
			names = append(names, l.Name)
		}
		if want := []string{"Test Falun00", "Test Chef"}; !slices.Equal(names, want) {
			t.Errorf("got %v, want %v", names, want)
		}
		if _, err := round.Leaders(ctx, d.Reader(), v.chief, v.course, access.Place{RegionID: dalarna, MunicipalityID: falun}, today); key(err) != "fault.not_found" {
			t.Errorf("a manager who plans nothing for the municipality gets %v", err)
		}
	})
}

func BenchmarkPlanTwoThousandPeople(b *testing.B) {
	d := dbtest.Open(b, dbtest.SQLite(b))
	v := newVillage(&testing.T{}, d)
	crowd := v.crowd(2000)
	for b.Loop() {
		must(&testing.T{}, v.write(func(tx *db.Tx) error {
			for group := range slices.Chunk(crowd, 15) {
				if _, err := round.PlanLocal(ctx, tx, system, v.inMunicipality(), group, now); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}
