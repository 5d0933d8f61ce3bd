package learning_test

import (
	"errors"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/people"
)

// another is somebody else in Falun.
func another(t *testing.T, d *db.DB) access.Viewer {
	t.Helper()
	var id int64
	must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Ny", FamilyName: "Kollega"}, falun, clock.Date(2024, 1, 1), "", now)
		return err
	}))
	return access.Viewer{PersonID: id}
}

// change is what the producers do.
func change(t *testing.T, d *db.DB, f func(tx *db.Tx) error) {
	t.Helper()
	must(t, d.Write(ctx, f))
}

func opened() learning.Touch { return learning.Touch{Done: ptr(true)} }

func ptr[T any](v T) *T { return &v }

func TestAWithdrawnEditionIsFinishedByThoseWhoBeganItAndBegunByNobodyElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		learner, web, _, first := school(t, d)
		other := another(t, d)
		studied := func(v access.Viewer) learning.Study {
			t.Helper()
			s, err := learning.StudyOf(ctx, d.Reader(), v, web, 0, day)
			must(t, err)
			return s
		}
		second := publish(t, d, web.ID, now, during(reading))
		if _, err := save(d, learner, web, "text", 0, learning.Touch{Done: ptr(false)}); err != nil {
			t.Fatal(err)
		}
		withdraw := func(edition int64) {
			change(t, d, func(tx *db.Tx) error { return lifetime.Withdraw(ctx, tx, system, edition, "Fel svar", now) })
		}
		withdraw(second.ID)
		if s := studied(learner); s.Edition.ID != second.ID || !s.Begun || s.Withdrawn == nil || s.Withdrawn.Reason != "Fel svar" || s.Newest != first.Number {
			t.Errorf("who has begun takes %+v", s)
		}
		if s := studied(other); s.Edition.ID != first.ID || s.Withdrawn != nil {
			t.Errorf("who has not takes %+v", s.Edition)
		}
		withdraw(first.ID)
		all, err := catalogue.Editions(ctx, d.Reader(), web.ID)
		must(t, err)
		withdraw(all[len(all)-1].ID) // of the time before there was content
		if s := studied(other); s.Edition.ID != 0 || s.Content != nil || len(s.Tasks) != 0 {
			t.Errorf("with nothing left somebody takes %+v", s)
		}
		if begins, err := learning.CanBegin(ctx, d.Reader(), web, day); err != nil || begins {
			t.Errorf("a web course without an edition can be begun: %v, %v", begins, err)
		}
		if _, err := save(d, other, web, "text", 0, opened()); !errors.Is(err, fault.NotFound) {
			t.Errorf("and is begun: %v", err)
		}
		saved, err := save(d, learner, web, "text", 0, opened())
		if err != nil || !saved.Completed {
			t.Errorf("who has begun completes it: %+v, %v", saved, err)
		}
		if s := studied(learner); s.Completed == nil || s.CompletedEdition != second.Number {
			t.Errorf("and has completed %+v", s)
		}
		change(t, d, func(tx *db.Tx) error { return lifetime.Reinstate(ctx, tx, system, second.ID, now) })
		if s := studied(other); s.Edition.ID != second.ID {
			t.Errorf("a reinstated edition is not taken: %+v", s.Edition)
		}
		if s := studied(learner); s.Withdrawn != nil {
			t.Errorf("a reinstated edition is withdrawn: %+v", s.Withdrawn)
		}
	})
}

// In a round whose edition is withdrawn while it goes on, nothing is asked of those who
// have not begun it; those who have begun are asked for the rest.
func TestWhatNobodyCanBeginIsAskedOfNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		learner, _, course, _ := school(t, d)
		other := another(t, d)
		e := publish(t, d, course.ID, now, reading)
		if _, err := save(d, learner, course, "text", e.ID, learning.Touch{Done: ptr(false)}); err != nil {
			t.Fatal(err)
		}
		left := func(v access.Viewer) (int, bool) {
			t.Helper()
			all, err := learning.StandingOf(ctx, d.Reader(), course.ID, e.ID, []int64{v.PersonID})
			must(t, err)
			s := all[v.PersonID]
			return s.Left[catalogue.Preparation], s.Fulfilled
		}
		if n, fulfilled := left(other); n != 1 || fulfilled {
			t.Errorf("of who has not begun %d are asked, fulfilled %t", n, fulfilled)
		}
		change(t, d, func(tx *db.Tx) error { return lifetime.Withdraw(ctx, tx, system, e.ID, "Fel", now) })
		if n, fulfilled := left(other); n != 0 || !fulfilled {
			t.Errorf("of a withdrawn edition %d are asked, fulfilled %t", n, fulfilled)
		}
		if n, fulfilled := left(learner); n != 1 || fulfilled {
			t.Errorf("of who has begun it %d are asked, fulfilled %t", n, fulfilled)
		}
	})
}

func TestARetiredCourseIsFinishedByThoseWhoBeganItAndBegunByNobodyElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		learner, web, _, _ := school(t, d)
		other := another(t, d)
		if _, err := save(d, learner, web, "text", 0, opened()); err != nil {
			t.Fatal(err)
		}
		change(t, d, func(tx *db.Tx) error { return lifetime.Retire(ctx, tx, system, web.ID, day+1, "Ersätts", now) })
		s, err := learning.StudyOf(ctx, d.Reader(), other, web, 0, day)
		must(t, err)
		if s.Retired == nil || s.Retired.From != day+1 || s.Closed(day, false) || !s.Closed(day+1, false) || s.Closed(day+1, true) {
			t.Errorf("the course closes %+v", s.Retired)
		}
		if s, err := learning.StudyOf(ctx, d.Reader(), learner, web, 0, day); err != nil || s.Closed(day+1, false) {
			t.Errorf("it closes to who has begun: %v", err)
		}
		at := func(v access.Viewer, on clock.Day, seated int64) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				_, err := learning.Save(ctx, tx, v, work(web, "text", seated, learning.Touch{At: on.At(10, 0), Done: ptr(true)}), on.At(10, 0))
				return err
			})
		}
		if err := at(other, day+1, 0); key(err) != "lifetime.nothing_begins" {
			t.Errorf("on the day somebody new begins: %v", err)
		}
		if err := at(learner, day+400, 0); err != nil {
			t.Errorf("who has begun may not finish: %v", err)
		}
		if err := at(other, day, 0); err != nil {
			t.Errorf("nobody begins the day before: %v", err)
		}
		must(t, at(another(t, d), day+1, s.Edition.ID)) // a seat was promised
	})
}

func TestAStepAsksOnlyForCoursesThatHoldAndForgetsNoneThatIsCompleted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		person, _, course := newcomer(t, d)
		on := clock.Date(2026, 2, 1)
		lacks := func(on clock.Day) bool {
			t.Helper()
			var b db.Builder
			b.Add("SELECT COUNT(*) FROM employment AS e WHERE e.person_id = ? AND", person).Append(learning.LacksSQL(course, on))
			n, err := db.Row(ctx, d.Reader(), db.One[int], b.String(), b.Args()...)
			must(t, err)
			return n == 1
		}
		change(t, d, func(tx *db.Tx) error { return lifetime.Retire(ctx, tx, system, course, on+5, "Ersätts", on.At(9, 0)) })
		for _, c := range []struct {
			name   string
			on     clock.Day
			counts int
		}{{"the day before", on + 4, 1}, {"the day", on + 5, 0}} {
			if s := standing(t, d, person, c.on); s.Courses != c.counts || s.Done != 0 || s.Open() || lacks(c.on) != (c.counts == 1) {
				t.Errorf("%s the step has %d courses, %d done; they lack it: %t", c.name, s.Courses, s.Done, lacks(c.on))
			}
		}
		change(t, d, func(tx *db.Tx) error {
			_, err := learning.Complete(ctx, tx, system, learning.New{PersonID: person, CourseID: course, On: on, Source: learning.Local}, on.At(9, 0))
			return err
		})
		if s := standing(t, d, person, on+5); s.Courses != 1 || s.Done != 1 || !s.Open() {
			t.Errorf("with the retired course completed the step is %+v", s)
		}
	})
}
