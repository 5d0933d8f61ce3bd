package production_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/calendar"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/production"
	"yrkesresan/internal/trainer"
)

const (
	dalarna  int64 = 20
	uppsala  int64 = 3
	borlange int64 = 2081
)

var (
	ctx      = context.Background()
	system   = access.System()
	today    = clock.Date(2026, 3, 10)
	now      = today.At(9, 0)
	site     = letter.Site{Base: "https://yrkesresan.example.org", From: calendar.Party{Name: "Yrkesresan", Email: "no-reply@example.org"}}
	producer = access.Viewer{Grants: []access.Grant{{Role: access.Producer, Level: access.Nation, OrganisationID: organisation.NationID}}}
	employee = access.Viewer{PersonID: 999}
	regional = access.Viewer{Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: dalarna, RegionID: dalarna}}}
)

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

// shop is where courses are made: a journey with a step, and a course of it without an edition.
type shop struct {
	*testing.T
	d             *db.DB
	journey, step int64
	course        catalogue.Course
}

func newShop(t *testing.T, d *db.DB) *shop {
	t.Helper()
	must(t, errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d), jobs.Migrate(ctx, d)))
	s := &shop{T: t, d: d}
	j, err := catalogue.JourneyBySlug(ctx, d.Reader(), "aldre-utforare")
	must(t, err)
	steps, err := catalogue.Steps(ctx, d.Reader(), j.ID)
	must(t, err)
	s.journey, s.step = j.ID, steps[0].ID
	s.write(func(tx *db.Tx) (err error) {
		s.course, err = catalogue.Create(ctx, tx, producer, catalogue.Head{
			Slug: "ny", Name: "Ny kurs", Audience: "Alla", Days: 1, Delivery: catalogue.Municipal, Journeys: []string{j.Slug + "/" + steps[0].Slug},
		}, today-100)
		return err
	})
	return s
}

func (s *shop) write(f func(tx *db.Tx) error) {
	s.Helper()
	must(s.T, s.d.Write(ctx, f))
}

func (s *shop) plan(state production.State, month clock.Day, sure production.Surety) production.New {
	n := production.New{Name: "Vård i livets slut", JourneyID: s.journey, StepID: s.step, Plan: production.Plan{State: state, Surety: sure}, Reason: "Därför"}
	if month != 0 {
		n.Month = &month
	}
	return n
}

func (s *shop) add(n production.New) (id int64, err error) {
	err = s.d.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = production.Add(ctx, tx, producer, n, now)
		return err
	})
	return id, err
}

func (s *shop) change(id int64, version int, n production.New) error {
	return s.d.Write(ctx, func(tx *db.Tx) error { return production.Change(ctx, tx, producer, id, version, n, now) })
}

// edition publishes one of the course, as the workshop does.
func (s *shop) edition(course int64, on clock.Day) (e catalogue.Edition) {
	s.write(func(tx *db.Tx) (err error) {
		e, err = db.Row(ctx, tx, func(e *catalogue.Edition) []any { return []any{&e.ID, &e.CourseID, &e.Number, &e.PublishedOn} }, `
			INSERT INTO edition (course_id, number, published_on)
			VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM edition WHERE course_id = $1), $2)
			RETURNING id, course_id, number, published_on`, course, on)
		if err == nil {
			err = production.Published(ctx, tx, producer, e, on.At(9, 0))
		}
		return err
	})
	return e
}

func (s *shop) coming() (names []string) {
	all, err := production.Coming(ctx, s.d.Reader(), []int64{s.journey})
	must(s.T, err)
	for _, p := range all {
		names = append(names, p.Name)
	}
	return names
}

func TestWhatComesAndWhatIsLate(t *testing.T) {
	april, end := clock.Date(2026, 4, 1), clock.Date(2026, 4, 30)
	plan := func(s production.State, month *clock.Day) production.Planned {
		return production.Planned{Plan: production.Plan{State: s, Month: month, Surety: production.Sure}}
	}
	ends := func(p production.Planned, day clock.Day) production.Planned {
		p.RetiredFrom = &day
		return p
	}
	for name, c := range map[string]struct {
		p           production.Planned
		today       clock.Day
		comes, late bool
	}{
		"an idea comes to nobody":                     {plan(production.Idea, &april), april, false, false},
		"a pre-study with a month comes":              {plan(production.Study, &april), april, true, false},
		"without a month nobody is told":              {plan(production.Writing, nil), april, false, false},
		"on the last day of its month it is not late": {plan(production.Trial, &april), end, true, false},
		"the day after its month it is late":          {plan(production.Trial, &april), end + 1, true, true},
		"what is out comes no more":                   {plan(production.Out, &april), end + 1, false, false},
		"what is dropped is not late":                 {plan(production.Dropped, &april), end + 1, false, false},
		"a course that ends as it comes":              {ends(plan(production.Writing, &april), april), april, false, false},
		"a course that ends the day after":            {ends(plan(production.Writing, &april), april+1), april, true, false},
	} {
		if got := c.p.Comes(); got != c.comes {
			t.Errorf("%s: comes %v", name, got)
		}
		if got := c.p.Late(c.today); got != c.late {
			t.Errorf("%s: late %v", name, got)
		}
	}
}

func TestACourseIsPlannedChangedAndPublished(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		for want, change := range map[string]func(n *production.New){
			"name production.name_missing":     func(n *production.New) { n.Name = " " },
			"place production.place_missing":   func(n *production.New) { n.StepID = 1 },
			"state production.state_missing":   func(n *production.New) { n.State = production.Out },
			"surety production.surety_missing": func(n *production.New) { n.Surety = "" },
			"course production.course_unknown": func(n *production.New) { n.CourseID = 4711 },
			"":                                 func(n *production.New) { n.Reason = "" }, // nothing has changed yet
		} {
			n := s.plan(production.Writing, today+100, production.Likely)
			change(&n)
			if _, err := s.add(n); key(err) != want {
				t.Errorf("%s, want %s", key(err), want)
			}
		}
		n := s.plan(production.Idea, 0, "")
		n.CourseID = s.course.ID
		id, err := s.add(n)
		must(t, err)
		if _, err := s.add(n); key(err) != "course production.course_planned" {
			t.Errorf("a course is planned twice: %v", err)
		}
		if _, err := production.Get(ctx, d.Reader(), employee, id); !errors.Is(err, fault.NotFound) {
			t.Errorf("an employee reads an idea: %v", err)
		}
		if _, err := production.List(ctx, d.Reader(), access.Viewer{}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a stranger reads the plan: %v", err)
		}
		n = s.plan(production.Writing, clock.Date(2026, 5, 20), production.Unsure)
		n.CourseID = s.course.ID
		if err := s.d.Write(ctx, func(tx *db.Tx) error { return production.Change(ctx, tx, regional, id, 1, n, now) }); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a region changes the plan: %v", err)
		}
		n.Reason = ""
		if err := s.change(id, 1, n); key(err) != "reason production.reason_missing" {
			t.Errorf("changed without a reason: %v", err)
		}
		n.Reason = "Fler ska läsa"
		must(t, s.change(id, 1, n))
		if err := s.change(id, 1, n); key(err) != "production.changed_meanwhile" {
			t.Errorf("the second editor is told %v", err)
		}
		p, err := production.Get(ctx, d.Reader(), employee, id)
		must(t, err)
		if p.Name != "Ny kurs" || *p.Month != clock.Date(2026, 5, 1) || p.Reason != "Fler ska läsa" || p.Renews || p.Version != 2 {
			t.Errorf("planned is %+v", p)
		}
		if diff := cmp.Diff([]string{"Ny kurs", "Vård i livets slut"}, s.coming()); diff != "" {
			t.Error(diff)
		}
		changes, err := production.Changes(ctx, d.Reader(), employee, id)
		if err != nil || len(changes) != 1 || changes[0].By != "" {
			t.Errorf("an employee sees %+v, %v", changes, err)
		}
		e := s.edition(s.course.ID, today)
		if p, err = production.Get(ctx, d.Reader(), employee, id); err != nil || p.State != production.Out || p.EditionID != e.ID {
			t.Errorf("published it is %+v, %v", p, err)
		}
		if err := s.change(id, p.Version, n); key(err) != "production.is_out" {
			t.Errorf("what is out is changed: %v", err)
		}
		// The next edition is a row of its own.
		again, err := s.add(n)
		must(t, err)
		if p, err = production.Get(ctx, d.Reader(), producer, again); err != nil || !p.Renews {
			t.Errorf("the next edition is %+v, %v", p, err)
		}
		n.State, n.Reason = production.Dropped, "Den behövs inte"
		must(t, s.change(again, 1, n))
		if p, err = production.OfCourse(ctx, d.Reader(), s.course.ID); err != nil || p.ID != again || p.State != production.Dropped {
			t.Errorf("of the course there is %+v, %v", p, err)
		}
		s.write(func(tx *db.Tx) error { return lifetime.Retire(ctx, tx, producer, s.course.ID, today, "Slut", now) })
		n.State = production.Writing
		if err := s.change(again, 2, n); key(err) != "course production.course_retired" {
			t.Errorf("a retired course is taken up in the plan: %v", err)
		}
	})
}

func TestOfManyWhoPlanACourseAtOnceOneDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		n := s.plan(production.Writing, today, production.Sure)
		n.CourseID = s.course.ID
		var wait sync.WaitGroup
		errs := make([]error, 6)
		for i := range errs {
			wait.Go(func() { _, errs[i] = s.add(n) })
		}
		wait.Wait()
		made := 0
		for _, err := range errs {
			switch key(err) {
			case "":
				made++
			case "course production.course_planned":
			default:
				t.Error(err)
			}
		}
		if made != 1 {
			t.Errorf("%d rows were made", made)
		}
	})
}

// person is somebody who works in the unit, in the journey's step, and has taken the courses.
func (s *shop) person(name, email string, unit int64, courses ...int64) (id int64) {
	s.Helper()
	s.write(func(tx *db.Tx) (err error) {
		if id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: name, FamilyName: "Test", Email: email}, unit, today-300, "", now); err != nil {
			return err
		}
		if _, err = people.OpenAccount(ctx, tx, system, people.NewAccount{PersonID: id, JourneyID: s.journey, StepID: s.step, OpenedOn: today - 300, Roles: []access.Role{access.Employee}}); err != nil {
			return err
		}
		for _, c := range courses {
			if _, err = learning.Register(ctx, tx, system, learning.New{PersonID: id, CourseID: c, On: today - 1}, now); err != nil {
				return err
			}
		}
		return nil
	})
	return id
}

func TestALetterOnAnEditionReachesThoseWhoWaitForItOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		region, err := organisation.ByID(ctx, d.Reader(), dalarna)
		must(t, err)
		var unit, first int64
		s.write(func(tx *db.Tx) (err error) {
			if unit, err = organisation.AddUnit(ctx, tx, system, borlange, "Norr"); err != nil {
				return err
			}
			if first, err = catalogue.Add(ctx, tx, catalogue.Course{Slug: "forsta", Name: "Första", Audience: "Alla", Days: 1}, catalogue.Municipal, today-200); err != nil {
				return err
			}
			return catalogue.AddToJourney(ctx, tx, first, s.journey, &s.step, 1)
		})
		e := s.edition(s.course.ID, today-3)
		s.person("Anna", "anna@example.org", unit, first) // waits for it
		s.person("Bo", "", unit, first)                   // waits, and has no address
		s.person("Cia", "cia@example.org", unit)          // has not done the first
		// Who came by a file has no step, and waits for a course for all nevertheless.
		s.write(func(tx *db.Tx) error {
			hal, err := people.Add(ctx, tx, system, people.NewPerson{GivenName: "Hal", FamilyName: "Test"}, unit, today-300, "", now)
			if err != nil {
				return err
			}
			if _, err := people.OpenAccount(ctx, tx, system, people.NewAccount{PersonID: hal, JourneyID: s.journey, OpenedOn: today - 300, Roles: []access.Role{access.Employee}}); err != nil {
				return err
			}
			_, err = learning.Register(ctx, tx, system, learning.New{PersonID: hal, CourseID: first, On: today - 1}, now)
			return err
		})
		s.person("Dan", "dan@example.org", unit, first, s.course.ID) // has it
		boss := s.person("Eva", "eva@example.org", unit, first)      // waits, and manages the unit
		manager, teacher := s.person("Fia", "fia@example.org", unit), s.person("Gun", "gun@example.org", unit)
		s.write(func(tx *db.Tx) error {
			for _, id := range []int64{boss, manager} {
				if _, err := identity.Grant(ctx, tx, system, id, access.Manager, unit, today-10, now); err != nil {
					return err
				}
			}
			_, err := trainer.Recruit(ctx, tx, system, trainer.New{PersonID: teacher, CourseID: first, RegionID: dalarna, On: today - 20})
			return err
		})
		news, err := production.NewsOfEdition(ctx, d.Reader(), regional, region, e.ID, today)
		must(t, err)
		reach, err := production.ReachOf(ctx, d.Reader(), regional, region, news, today)
		must(t, err)
		if diff := cmp.Diff(map[production.As]int{production.Learner: 4, production.Manager: 1, production.Teacher: 1}, reach.By); diff != "" || reach.Letters() != 4 {
			t.Errorf("%s, %d letters", diff, reach.Letters())
		}
		decide := func(v access.Viewer, edition int64, sends bool) error {
			return d.Write(ctx, func(tx *db.Tx) error { return production.Decide(ctx, tx, v, region, edition, sends, now) })
		}
		other := access.Viewer{Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: uppsala, RegionID: uppsala}}}
		if err := decide(other, e.ID, true); !errors.Is(err, fault.NotFound) {
			t.Errorf("another region decides: %v", err)
		}
		if err := decide(producer, e.ID, true); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a producer decides: %v", err)
		}
		old := s.edition(first, today-366)
		if err := decide(regional, old.ID, true); !errors.Is(err, fault.NotFound) {
			t.Errorf("an edition of more than a year ago: %v", err)
		}
		if written, err := production.Tell(ctx, d, dalarna, e.ID, site, at(now)); written != 0 || err != nil {
			t.Errorf("%d letters without a decision, %v", written, err)
		}
		var wait sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wait.Go(func() { errs[i] = decide(regional, e.ID, true) })
		}
		wait.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if key(err) != "production.decided" {
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d decided", won)
		}
		for i, want := range []int{4, 0} {
			if written, err := production.Tell(ctx, d, dalarna, e.ID, site, at(now)); written != want || err != nil {
				t.Errorf("time %d: %d letters, %v, want %d", i+1, written, err, want)
			}
		}
		type told struct{ to, subject string }
		letters, err := db.Rows(ctx, d.Reader(), func(l *told) []any { return []any{&l.to, &l.subject} }, `
			SELECT p.email, l.body
			FROM person_letter AS l
			JOIN person AS p ON p.id = l.person_id
			ORDER BY p.email`)
		must(t, err)
		var got []string
		for _, l := range letters {
			got = append(got, fmt.Sprint(l.to))
		}
		if diff := cmp.Diff([]string{"anna@example.org", "eva@example.org", "fia@example.org", "gun@example.org"}, got); diff != "" {
			t.Error(diff)
		}
		if news, err = production.NewsOfEdition(ctx, d.Reader(), regional, region, e.ID, today); err != nil || news.Sends == nil || !*news.Sends || news.Reached != 4 {
			t.Errorf("the news is %+v, %v", news, err)
		}
	})
}

func at(now clock.Instant) clock.Clock { return func() clock.Instant { return now } }

func TestLettersThatAreBrokenOffGoOnAndReachEverybodyOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		region, err := organisation.ByID(ctx, d.Reader(), dalarna)
		must(t, err)
		e := s.edition(s.course.ID, today-3)
		var unit, first int64
		s.write(func(tx *db.Tx) (err error) {
			if unit, err = organisation.AddUnit(ctx, tx, system, borlange, "Norr"); err != nil {
				return err
			}
			if first, err = catalogue.Add(ctx, tx, catalogue.Course{Slug: "forsta", Name: "Första", Audience: "Alla", Days: 1}, catalogue.Municipal, today-200); err != nil {
				return err
			}
			if err := catalogue.AddToJourney(ctx, tx, first, s.journey, &s.step, 1); err != nil {
				return err
			}
			for n := range 103 { // a hundred are written to at once
				id, err := people.Add(ctx, tx, system, people.NewPerson{GivenName: "Anna", FamilyName: "Test", Email: fmt.Sprintf("a%d@example.org", n)}, unit, today-300, "", now)
				if err != nil {
					return err
				}
				if _, err = people.OpenAccount(ctx, tx, system, people.NewAccount{PersonID: id, JourneyID: s.journey, StepID: s.step, OpenedOn: today - 300, Roles: []access.Role{access.Employee}}); err != nil {
					return err
				}
				if _, err = learning.Register(ctx, tx, system, learning.New{PersonID: id, CourseID: first, On: today - 1}, now); err != nil {
					return err
				}
			}
			return production.Decide(ctx, tx, regional, region, e.ID, true, now)
		})
		killed, kill := context.WithCancel(ctx)
		asked := 0
		written, err := production.Tell(killed, d, dalarna, e.ID, site, func() clock.Instant {
			if asked++; asked == 3 { // the day, the first hundred, the rest
				kill()
			}
			return now
		})
		if written != 100 || !errors.Is(err, context.Canceled) {
			t.Fatalf("%d letters were written before it was broken off: %v", written, err)
		}
		if written, err = production.Tell(ctx, d, dalarna, e.ID, site, at(now)); written != 3 || err != nil {
			t.Errorf("%d letters were written after: %v", written, err)
		}
		type sums struct{ letters, people int }
		got, err := db.Row(ctx, d.Reader(), func(s *sums) []any { return []any{&s.letters, &s.people} }, `SELECT COUNT(*), COUNT(DISTINCT person_id) FROM person_letter`)
		if want := (sums{103, 103}); err != nil || got != want {
			t.Errorf("%+v, %v, want %+v", got, err, want)
		}
	})
}
