package improvement_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/calendar"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/improvement"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

const (
	dalarna  int64 = 20
	borlange int64 = 2081
)

var (
	ctx      = context.Background()
	system   = access.System()
	today    = clock.Date(2026, 3, 10)
	now      = today.At(9, 0)
	site     = letter.Site{Base: "https://yrkesresan.example.org", From: calendar.Party{Name: "Yrkesresan"}}
	producer = access.Viewer{Grants: []access.Grant{{Role: access.Producer, Level: access.Nation, OrganisationID: organisation.NationID}}}
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

// class is a course that Anna has taken and Bo has not.
type class struct {
	*testing.T
	d        *db.DB
	course   catalogue.Course
	journey  int64
	anna, bo access.Viewer
}

func newClass(t *testing.T, d *db.DB) *class {
	t.Helper()
	must(t, errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d), jobs.Migrate(ctx, d)))
	course, err := catalogue.CourseBySlug(ctx, d.Reader(), "bas-1")
	must(t, err)
	j, err := catalogue.JourneyBySlug(ctx, d.Reader(), "funktionshinder-utforare")
	must(t, err)
	c := &class{T: t, d: d, course: course, journey: j.ID}
	person := func(name string, took bool) access.Viewer {
		var id int64
		c.write(func(tx *db.Tx) (err error) {
			if id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: name, FamilyName: "Test", Email: strings.ToLower(name) + "@example.org"}, borlange, today-300, "", now); err != nil {
				return err
			}
			if _, err = people.OpenAccount(ctx, tx, system, people.NewAccount{PersonID: id, JourneyID: j.ID, OpenedOn: today - 300, Roles: []access.Role{access.Employee}}); err != nil || !took {
				return err
			}
			_, err = learning.Register(ctx, tx, system, learning.New{PersonID: id, CourseID: course.ID, On: today - 10}, now)
			return err
		})
		return access.Viewer{PersonID: id, Home: access.Place{RegionID: dalarna, MunicipalityID: borlange, PersonID: id}}
	}
	c.anna, c.bo = person("Anna", true), person("Bo", false)
	return c
}

func (c *class) write(f func(tx *db.Tx) error) {
	c.Helper()
	must(c.T, c.d.Write(ctx, f))
}

func (c *class) say(v access.Viewer, theme improvement.Theme, text string) error {
	return c.d.Write(ctx, func(tx *db.Tx) error { return improvement.Say(ctx, tx, v, c.course.ID, theme, text, now) })
}

func TestWhoHasACourseSaysSomethingAndIsToldWhenAnEditionMeetsIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClass(t, d)
		for name, s := range map[string]struct {
			v     access.Viewer
			theme improvement.Theme
			text  string
			want  string
		}{
			"who does not have it": {c.bo, improvement.Content, "Mer", "fault.not_found"},
			"a stranger":           {access.Viewer{}, improvement.Content, "Mer", "fault.not_found"},
			"no theme":             {c.anna, "all", "Mer", "theme improvement.theme_missing"},
			"no text":              {c.anna, improvement.Content, " ", "text improvement.text_missing"},
			"2 001 letters":        {c.anna, improvement.Content, strings.Repeat("å", 2001), "text fault.too_long"},
			"2 000 letters":        {c.anna, improvement.Content, strings.Repeat("å", 2000), ""},
		} {
			if err := c.say(s.v, s.theme, s.text); key(err) != s.want {
				t.Errorf("%s: %s, want %s", name, key(err), s.want)
			}
		}
		for range 19 {
			must(t, c.say(c.anna, improvement.Repeats, "Samma sak igen"))
		}
		if err := c.say(c.anna, improvement.Repeats, "En till"); key(err) != "text improvement.too_much" {
			t.Errorf("the twenty-first that waits: %v", err)
		}
		if _, err := improvement.Of(ctx, d.Reader(), c.anna, c.course.ID); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a learner reads the register: %v", err)
		}
		all, err := improvement.Of(ctx, d.Reader(), producer, c.course.ID)
		must(t, err)
		if f := all[0]; len(all) != 20 || f.Source != improvement.Learner || f.Region != "" || !f.Told {
			t.Fatalf("the register has %d, first %+v", len(all), f) // where somebody works may tell who it was
		}
		if n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM course_feedback WHERE made_by IS NOT NULL`); err != nil || n > 0 {
			t.Errorf("%d of what learners said name who wrote it beside who said it: %v", n, err)
		}
		decide := func(v access.Viewer, f improvement.Feedback, version int, d improvement.Decision, answer string) error {
			return c.d.Write(ctx, func(tx *db.Tx) error { return improvement.Decide(ctx, tx, v, f.ID, version, d, answer, now) })
		}
		for name, s := range map[string]struct {
			v       access.Viewer
			version int
			d       improvement.Decision
			answer  string
			want    string
		}{
			"a region":          {regional, 1, improvement.Next, "Ja", "fault.forbidden"},
			"met by hand":       {producer, 1, improvement.Met, "Ja", "decision improvement.decision_missing"},
			"without an answer": {producer, 1, improvement.Next, "", "answer improvement.answer_missing"},
			"an old version":    {producer, 0, improvement.Next, "Ja", "improvement.changed_meanwhile"},
		} {
			if err := decide(s.v, all[0], s.version, s.d, s.answer); key(err) != s.want {
				t.Errorf("%s: %s, want %s", name, key(err), s.want)
			}
		}
		must(t, decide(producer, all[0], 1, improvement.Next, "Vi tar bort det"))
		must(t, decide(producer, all[1], 1, improvement.Next, "Vi tar bort det"))
		must(t, decide(producer, all[2], 1, improvement.Declined, "Det står i BAS 2"))
		c.write(func(tx *db.Tx) error { // what nobody is told of
			if err := improvement.Enter(ctx, tx, producer, improvement.New{CourseID: c.course.ID, Source: improvement.Support, Theme: improvement.Fault, Text: "Fel", On: today}, now); err != nil {
				return err
			}
			id, err := db.Row(ctx, tx, db.One[int64], `SELECT MAX(id) FROM course_feedback`)
			if err != nil {
				return err
			}
			return improvement.Decide(ctx, tx, producer, id, 1, improvement.Next, "Rättat", now)
		})
		if p, err := improvement.PromisedIn(ctx, d.Reader(), producer, c.course.ID); err != nil || p != (improvement.Promised{Count: 3, Letters: 1}) {
			t.Errorf("promised is %+v, %v", p, err)
		}
		if _, err := improvement.PromisedIn(ctx, d.Reader(), regional, c.course.ID); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a region sees what is promised: %v", err)
		}
		var e catalogue.Edition
		c.write(func(tx *db.Tx) (err error) {
			if e.ID, err = db.Row(ctx, tx, db.One[int64], `INSERT INTO edition (course_id, number, published_on) VALUES ($1, 7, $2) RETURNING id`, c.course.ID, today); err != nil {
				return err
			}
			e.CourseID = c.course.ID
			return improvement.Published(ctx, tx, producer, e, site, now)
		})
		bodies, err := db.Rows(ctx, d.Reader(), db.One[string], `SELECT body FROM person_letter WHERE person_id = $1`, c.anna.PersonID)
		if err != nil || len(bodies) != 1 || strings.Count(bodies[0], "– Vi tar bort det") != 1 || strings.Contains(bodies[0], "BAS 2") {
			t.Errorf("Anna is told %q, %v", bodies, err)
		}
		mine, err := improvement.Mine(ctx, d.Reader(), c.anna, c.course.ID)
		must(t, err)
		count := map[improvement.Decision]int{}
		for _, f := range mine {
			count[f.Decision]++
		}
		if diff := cmp.Diff(map[improvement.Decision]int{improvement.Met: 2, improvement.Declined: 1, improvement.Open: 17}, count); diff != "" {
			t.Error(diff)
		}
		if err := decide(producer, all[0], 3, improvement.Declined, "Nej"); key(err) != "improvement.is_met" {
			t.Errorf("what is met is decided again: %v", err)
		}
		if theirs, err := improvement.Mine(ctx, d.Reader(), c.bo, c.course.ID); err != nil || len(theirs) > 0 {
			t.Errorf("Bo reads %v, %v", theirs, err)
		}
	})
}

func TestFeedbackIsEnteredWithoutAName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClass(t, d)
		enter := func(v access.Viewer, change func(n *improvement.New)) error {
			n := improvement.New{CourseID: c.course.ID, RegionID: dalarna, Source: improvement.Evaluation, Theme: improvement.Content, Text: "Mer om våld", On: today}
			change(&n)
			return d.Write(ctx, func(tx *db.Tx) error { return improvement.Enter(ctx, tx, v, n, now) })
		}
		if err := enter(regional, func(*improvement.New) {}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a region enters: %v", err)
		}
		if err := enter(producer, func(n *improvement.New) { n.On++ }); key(err) != "on improvement.day_to_come" {
			t.Errorf("said tomorrow: %v", err)
		}
		if err := enter(producer, func(n *improvement.New) { n.CourseID = 4711 }); !errors.Is(err, fault.NotFound) {
			t.Errorf("of no course: %v", err)
		}
		must(t, enter(producer, func(*improvement.New) {}))
		courses, counts, err := improvement.Waiting(ctx, d.Reader(), producer)
		if err != nil || len(courses) != 1 || counts[0] != 1 || courses[0].Slug != "bas-1" {
			t.Errorf("waiting are %v %v, %v", courses, counts, err)
		}
		all, err := improvement.Of(ctx, d.Reader(), producer, c.course.ID)
		if err != nil || len(all) != 1 || all[0].Told {
			t.Errorf("entered is %+v, %v", all, err)
		}
	})
}

func TestWishesAreCountedByRegion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClass(t, d)
		wish := func(v access.Viewer, journey int64, subject string) error {
			return d.Write(ctx, func(tx *db.Tx) error { return improvement.MakeWish(ctx, tx, v, journey, subject, now) })
		}
		must(t, wish(c.anna, c.journey, " Samtal  med barn "))
		must(t, wish(c.anna, c.journey, "samtal med barn"))
		must(t, wish(c.bo, c.journey, "SAMTAL med barn"))
		for want, err := range map[string]error{
			"journey improvement.journey_missing": wish(c.bo, c.journey+1, "LVU"),
			"subject improvement.subject_missing": wish(c.bo, c.journey, " "),
			"fault.forbidden":                     wish(access.Viewer{PersonID: c.bo.PersonID}, c.journey, "LVU"),
		} {
			if key(err) != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		for name, v := range map[string]access.Viewer{"the region": regional, "who makes courses": producer} {
			all, err := improvement.Wishes(ctx, d.Reader(), v)
			if err != nil || len(all) != 1 || all[0].Count != 2 || all[0].All != 2 || all[0].Subject != "Samtal med barn" || all[0].Region != "Dalarna" {
				t.Errorf("%s sees %+v, %v", name, all, err)
			}
		}
		other := access.Viewer{Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: 3, RegionID: 3}}}
		if all, err := improvement.Wishes(ctx, d.Reader(), other); err != nil || len(all) > 0 {
			t.Errorf("another region sees %v, %v", all, err)
		}
		if _, err := improvement.Wishes(ctx, d.Reader(), c.anna); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an employee sees the wishes: %v", err)
		}
		mine, err := improvement.MyWishes(ctx, d.Reader(), c.anna)
		if err != nil || len(mine) != 1 {
			t.Fatalf("Anna wishes %v, %v", mine, err)
		}
		end := func(v access.Viewer) error {
			return d.Write(ctx, func(tx *db.Tx) error { return improvement.EndWish(ctx, tx, v, mine[0].ID) })
		}
		if err := end(c.bo); !errors.Is(err, fault.NotFound) {
			t.Errorf("another's wish is taken back: %v", err)
		}
		must(t, end(c.anna))
	})
}

func TestAChangeOpensATaskForEachCourseAndIsToldToWhoHasAnOlderEdition(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClass(t, d)
		other, err := catalogue.CourseBySlug(ctx, d.Reader(), "bas-2")
		must(t, err)
		n := improvement.NewFoundation{Kind: improvement.Law, Name: "Socialtjänstlagen", Courses: []int64{c.course.ID, other.ID}}
		var law int64
		add := func(v access.Viewer, n improvement.NewFoundation) error {
			return d.Write(ctx, func(tx *db.Tx) (err error) {
				id, err := improvement.AddFoundation(ctx, tx, v, n, now)
				if err == nil {
					law = id
				}
				return err
			})
		}
		if err := add(regional, n); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a region names a law: %v", err)
		}
		must(t, add(producer, n))
		n.Name = " socialtjänstlagen"
		if err := add(producer, n); key(err) != "name improvement.foundation_taken" {
			t.Errorf("named twice: %v", err)
		}
		n.Name, n.Link = "Ny", "javascript:alert(1)"
		if err := add(producer, n); key(err) != "link improvement.link_wrong" {
			t.Errorf("a link that is none: %v", err)
		}
		n = improvement.NewFoundation{Kind: improvement.Law, Name: "Socialtjänstlagen", Courses: []int64{c.course.ID, other.ID}}
		change := func(version int) error {
			return d.Write(ctx, func(tx *db.Tx) error { return improvement.ChangeFoundation(ctx, tx, producer, law, version, n) })
		}
		must(t, change(1))
		if err := change(1); key(err) != "improvement.changed_meanwhile" {
			t.Errorf("the second editor is told %v", err)
		}
		c.write(func(tx *db.Tx) error {
			count, err := improvement.TellChange(ctx, tx, producer, law, "Ny paragraf", "", today+30, now)
			if count != 2 {
				t.Errorf("%d courses have a task", count)
			}
			return err
		})
		open, err := improvement.Tasks(ctx, d.Reader(), producer)
		if err != nil || len(open) != 2 {
			t.Fatalf("the tasks are %+v, %v", open, err)
		}
		id := open[0].ChangeID
		unread := func(v access.Viewer) int {
			all, err := improvement.Supplements(ctx, d.Reader(), v, true)
			must(t, err)
			return len(all)
		}
		supply := func(course int64, text string, again bool) {
			c.write(func(tx *db.Tx) error {
				return improvement.Supply(ctx, tx, producer, id, course, improvement.Told{Text: text, Again: again}, now)
			})
		}
		supply(c.course.ID, "Läs det här", false)
		if unread(c.anna) != 1 || unread(c.bo) != 0 {
			t.Errorf("Anna has %d to read, Bo %d", unread(c.anna), unread(c.bo))
		}
		read := func(v access.Viewer) error {
			return d.Write(ctx, func(tx *db.Tx) error { return improvement.MarkRead(ctx, tx, v, id, c.course, now) })
		}
		if err := read(c.bo); !errors.Is(err, fault.NotFound) {
			t.Errorf("Bo reads Anna's: %v", err)
		}
		must(t, read(c.anna))
		must(t, read(c.anna))
		if unread(c.anna) != 0 {
			t.Error("what is read is told again")
		}
		for _, s := range []struct {
			text  string
			again bool
			want  int
		}{
			{"Läs det här", false, 0},
			{"Läs det här", true, 1}, // the same words
			{"Läs det här i stället", false, 0},
			{"Läs det här nu", true, 1},
		} {
			must(t, read(c.anna))
			if supply(c.course.ID, s.text, s.again); unread(c.anna) != s.want {
				t.Errorf("told %q, again %v, Anna has %d to read, want %d", s.text, s.again, unread(c.anna), s.want)
			}
		}
		end := func(v access.Viewer, course, edition int64, reason string) error {
			return d.Write(ctx, func(tx *db.Tx) error { return improvement.EndTask(ctx, tx, v, id, course, edition, reason, now) })
		}
		var newest, older int64
		c.write(func(tx *db.Tx) (err error) {
			if older, err = db.Row(ctx, tx, db.One[int64], `SELECT MAX(id) FROM edition WHERE course_id = $1`, c.course.ID); err != nil {
				return err
			}
			newest, err = db.Row(ctx, tx, db.One[int64], `INSERT INTO edition (course_id, number, published_on) VALUES ($1, 7, $2) RETURNING id`, c.course.ID, today)
			return err
		})
		for want, err := range map[string]error{
			"fault.forbidden":                   end(regional, c.course.ID, newest, ""),
			"reason improvement.reason_missing": end(producer, c.course.ID, 0, " "),
			"edition improvement.edition_wrong": end(producer, other.ID, newest, ""),
			"":                                  end(producer, c.course.ID, newest, ""),
		} {
			if key(err) != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		if err := end(producer, c.course.ID, newest, ""); key(err) != "improvement.task_done" {
			t.Errorf("ended twice: %v", err)
		}
		must(t, end(producer, other.ID, 0, "Rör inte kursen"))
		if open, err = improvement.Tasks(ctx, d.Reader(), producer); err != nil || len(open) > 0 {
			t.Errorf("there is still to do: %v, %v", open, err)
		}
		// Who took the edition that met it is told nothing; who took an older one is.
		took := func(edition int64) {
			c.write(func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `UPDATE completion SET edition_id = $2 WHERE person_id = $1`, c.anna.PersonID, edition)
				return err
			})
		}
		for _, s := range []struct {
			edition int64
			want    int
		}{{newest, 0}, {older, 1}} {
			took(s.edition)
			if got := unread(c.anna); got != s.want {
				t.Errorf("with edition %d Anna has %d to read, want %d", s.edition, got, s.want)
			}
		}
		supply(c.course.ID, "", false)
		if unread(c.anna) != 0 {
			t.Error("what was taken back is told")
		}
	})
}

func TestASupplementIsThereUntilItIsReadAlsoForThoseWhoFinishLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClass(t, d)
		edition := func(number int, on clock.Day) (id int64) {
			c.write(func(tx *db.Tx) (err error) {
				id, err = db.Row(ctx, tx, db.One[int64], `INSERT INTO edition (course_id, number, published_on) VALUES ($1, $2, $3) RETURNING id`, c.course.ID, number, on)
				return err
			})
			return id
		}
		older := edition(7, today-30)
		exec := func(query string, args ...any) {
			c.write(func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, query, args...)
				return err
			})
		}
		exec(`INSERT INTO study (person_id, course_id, edition_id, started_at) VALUES ($1, $2, $3, $4)`, c.bo.PersonID, c.course.ID, older, now)
		var change int64
		c.write(func(tx *db.Tx) error {
			law, err := improvement.AddFoundation(ctx, tx, producer, improvement.NewFoundation{Kind: improvement.Law, Name: "Lag", Courses: []int64{c.course.ID}}, now)
			if err != nil {
				return err
			}
			if _, err = improvement.TellChange(ctx, tx, producer, law, "Ny paragraf", "", today+30, now); err != nil {
				return err
			}
			all, err := improvement.TasksOf(ctx, tx, producer, law)
			change = all[0].ChangeID
			if err != nil {
				return err
			}
			return improvement.Supply(ctx, tx, producer, change, c.course.ID, improvement.Told{Text: "Läs det här"}, now)
		})
		unread := func(when string, want int) {
			t.Helper()
			if all, err := improvement.Supplements(ctx, d.Reader(), c.bo, true); err != nil || len(all) != want {
				t.Errorf("%s Bo has %d to read, want %d: %v", when, len(all), want, err)
			}
		}
		unread("under way", 1)
		c.write(func(tx *db.Tx) error {
			_, err := learning.Register(ctx, tx, system, learning.New{PersonID: c.bo.PersonID, CourseID: c.course.ID, On: today}, now)
			return err
		})
		exec(`UPDATE completion SET completed_on = $2 WHERE person_id = $1`, c.bo.PersonID, today+5) // after the supplement's day
		unread("done", 1)
		// Nobody has said what comes of it yet: an edition from the day after has nothing of it either.
		newer := edition(8, today+1)
		exec(`UPDATE completion SET edition_id = $2 WHERE person_id = $1`, c.bo.PersonID, newer)
		unread("with a newer edition", 1)
		c.write(func(tx *db.Tx) error {
			return improvement.EndTask(ctx, tx, producer, change, c.course.ID, 0, "Ett komplement räcker", now)
		})
		unread("with an edition of the day after the supplement", 0)
		exec(`UPDATE edition SET published_on = $2 WHERE id = $1`, newer, today)
		unread("with an edition of the supplement's day", 1)
		exec(`UPDATE completion SET revoked_at = $2 WHERE person_id = $1`, c.bo.PersonID, now)
		exec(`DELETE FROM study WHERE person_id = $1`, c.bo.PersonID)
		unread("without the course", 0)
	})
}

func TestWhatCoursesBuildOnIsLookedAtWhenItsDayHasCome(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClass(t, d)
		var law int64
		look := today
		c.write(func(tx *db.Tx) (err error) {
			for _, n := range []improvement.NewFoundation{
				{Kind: improvement.Knowledge, Name: "Bok", Courses: []int64{c.course.ID}},
				{Kind: improvement.Law, Name: "Lag", Link: "https://example.org/lag", LookOn: &look, Courses: []int64{c.course.ID}},
			} {
				if law, err = improvement.AddFoundation(ctx, tx, producer, n, now); err != nil {
					return err
				}
			}
			return nil
		})
		due := func(day clock.Day) int {
			all, err := improvement.ToLookAt(ctx, d.Reader(), producer, day)
			must(t, err)
			return len(all)
		}
		if due(today-1) != 0 || due(today) != 1 {
			t.Errorf("the day before %d are to be looked at, on the day %d", due(today-1), due(today))
		}
		if _, err := improvement.ToLookAt(ctx, d.Reader(), regional, today); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a region is asked to look: %v", err)
		}
		looked := func(v access.Viewer, version int, next *clock.Day) error {
			return d.Write(ctx, func(tx *db.Tx) error { return improvement.Look(ctx, tx, v, law, version, next, today) })
		}
		tomorrow := today + 1
		for _, s := range []struct {
			v       access.Viewer
			version int
			next    *clock.Day
			want    string
		}{
			{regional, 1, nil, "fault.forbidden"},
			{producer, 1, &look, "next improvement.look_to_come"},
			{producer, 1, &tomorrow, ""},
			{producer, 1, nil, "improvement.changed_meanwhile"},
		} {
			if err := looked(s.v, s.version, s.next); key(err) != s.want {
				t.Errorf("%v, want %s", err, s.want)
			}
		}
		if due(today) != 0 || due(tomorrow) != 1 {
			t.Errorf("looked at, today %d are asked for, tomorrow %d", due(today), due(tomorrow))
		}
		must(t, looked(producer, 2, nil))
		if due(today+400) != 0 {
			t.Error("what need not be looked at again is asked for")
		}
		all, err := improvement.FoundationsOf(ctx, d.Reader(), c.bo, c.course.ID)
		if err != nil || len(all) != 2 || all[0].Name != "Lag" || all[0].Link == "" || all[1].Kind != improvement.Knowledge {
			t.Errorf("the course builds on %+v, %v", all, err)
		}
		if _, err := improvement.FoundationsOf(ctx, d.Reader(), access.Viewer{}, c.course.ID); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a stranger reads what a course builds on: %v", err)
		}
	})
}
