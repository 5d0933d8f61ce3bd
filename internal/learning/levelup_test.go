package learning_test

import (
	"errors"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// newcomer is somebody in the step Ny of Skadligt bruk och beroende, which has
// one course.
func newcomer(t *testing.T, d *db.DB) (person, account, course int64) {
	t.Helper()
	must(t, organisation.Install(ctx, d))
	must(t, catalogue.Install(ctx, d))
	journey, err := catalogue.JourneyBySlug(ctx, d.Reader(), "skadligt-bruk-och-beroende")
	must(t, err)
	steps, err := catalogue.Steps(ctx, d.Reader(), journey.ID)
	must(t, err)
	c, err := catalogue.CourseBySlug(ctx, d.Reader(), "uppdrag-och-ansvar")
	must(t, err)
	must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
		if person, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: "Ny"}, falun, clock.Date(2025, 1, 1), "", now); err != nil {
			return err
		}
		account, err = people.OpenAccount(ctx, tx, system, people.NewAccount{
			PersonID: person, JourneyID: journey.ID, OpenedOn: clock.Date(2025, 2, 1), Roles: []access.Role{access.Employee}, StepID: steps[0].ID,
		})
		return err
	}))
	return person, account, c.ID
}

func standing(t *testing.T, d *db.DB, person int64, day clock.Day) learning.StepStanding {
	t.Helper()
	all, err := learning.Standings(ctx, d.Reader(), person, day)
	if err != nil || len(all) != 1 {
		t.Fatalf("the standings are %+v, %v, want one", all, err)
	}
	return all[0]
}

func TestTheGateOpensWhenAllCoursesOfTheStepAreCompleted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		person, account, course := newcomer(t, d)
		me := access.Viewer{PersonID: person}
		on := clock.Date(2026, 2, 1)
		at := on.At(9, 0)
		answer := func(v access.Viewer, grade learning.Grade, text string) (id int64, err error) {
			err = d.Write(ctx, func(tx *db.Tx) error {
				id, err = learning.LevelUp(ctx, tx, v, account, grade, text, at)
				return err
			})
			return id, err
		}
		if s := standing(t, d, person, day); s.Courses != 0 || s.Open() {
			t.Errorf("before its course is published the step is %+v: there is nothing to have completed", s)
		}
		if s := standing(t, d, person, on); s.Courses != 1 || s.Done != 0 || s.Open() || s.Step != "Ny" || s.Next != "Van" {
			t.Errorf("with a course left the step is %+v", s)
		}
		if _, err := answer(me, learning.VeryGood, ""); key(err) != "learning.gate_closed" {
			t.Errorf("answering with a course left gives %v", err)
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := learning.Complete(ctx, tx, system, learning.New{PersonID: person, CourseID: course, On: on, Source: learning.Round}, at)
			return err
		}))
		if s := standing(t, d, person, on); !s.Open() {
			t.Errorf("with all courses completed the step is %+v, want it open", s)
		}
		for name, c := range map[string]struct {
			viewer access.Viewer
			grade  learning.Grade
			text   string
			want   string
		}{
			"no grade":           {me, "", "", "grade learning.grade_missing"},
			"a grade of its own": {me, "superb", "", "grade learning.grade_missing"},
			"a whole book":       {me, learning.VeryBad, strings.Repeat("å", 2001), "free_text fault.too_long"},
			"somebody else":      {access.Viewer{PersonID: person + 1}, learning.VeryGood, "", "fault.not_found"},
			"their boss":         {admin(falun), learning.VeryGood, "", "fault.not_found"},
		} {
			if _, err := answer(c.viewer, c.grade, c.text); key(err) != c.want {
				t.Errorf("%s gives %v, want %s", name, err, c.want)
			}
		}
		id, err := answer(me, learning.FairlyGood, " Bra ")
		must(t, err)
		if s := standing(t, d, person, on); s.Step != "Van" || s.Open() {
			t.Errorf("after the answer the step is %+v, want Van", s)
		}
		if s := standing(t, d, person, on-1); s.Step != "Ny" {
			t.Errorf("the day before the answer the step is %+v, want Ny", s)
		}
		if _, err := answer(me, learning.FairlyGood, ""); key(err) != "learning.gate_closed" {
			t.Errorf("a second answer gives %v: the next step's gate is closed", err)
		}

		var c learning.Certificate
		must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
			c, err = learning.CertifyStep(ctx, tx, me, id, at)
			return err
		}))
		if c.Step != "Ny" || c.Journey != "Skadligt bruk och beroende" || c.On != on || c.Course != "" || c.Name != "Test Ny" {
			t.Errorf("the step's certificate is %+v", c)
		}
	})
}

func TestACodeIsReadAsPeopleTypeIt(t *testing.T) {
	const code = "ABCDEFGHIJKLMO27"
	if got := learning.FormatCode(code); got != "ABCD-EFGH-IJKL-MO27" {
		t.Errorf("it is printed as %s", got)
	}
	for typed, want := range map[string]string{
		"ABCD-EFGH-IJKL-MO27":  code,
		"abcd efgh ijkl mo27":  code,
		"A8CDEFGH1JKLM027":     code,
		"ABCD–EFGH–IJKL–MO27":  code,
		"ABCD-EFGH-IJKL-MO2":   "",
		"ABCD-EFGH-IJKL-MO279": "",
		"ABCD-EFGH-IJKL-MOÅ7":  "",
		"' OR code LIKE '%%'":  "",
		"":                     "",
	} {
		if got := learning.ReadCode(typed); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}

func TestACertificateCanBeCheckedByAnybodyWhoHoldsIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		person, other, course := world(t, d)
		completion, err := register(d, admin(falun), person, course, clock.Date(2025, 5, 2))
		must(t, err)
		certify := func(v access.Viewer) (c learning.Certificate, err error) {
			err = d.Write(ctx, func(tx *db.Tx) error {
				c, err = learning.Certify(ctx, tx, v, completion, now)
				return err
			})
			return c, err
		}
		for name, v := range map[string]access.Viewer{"a colleague": {PersonID: other}, "nobody": {}, "the neighbour": admin(borlange)} {
			if _, err := certify(v); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s gets a certificate: %v", name, err)
			}
		}
		mine, err := certify(access.Viewer{PersonID: person})
		must(t, err)
		if again, err := certify(admin(falun)); err != nil || again.Code != mine.Code {
			t.Errorf("asked for again the code is %s, %v, want the same: %s", again.Code, err, mine.Code)
		}
		for _, typed := range []string{mine.Code, strings.ToLower(learning.FormatCode(mine.Code))} {
			c, err := learning.CheckCertificate(ctx, d.Reader(), typed)
			if err != nil || c.Name != "Test Ett" || c.Course != "Kurs" || c.Edition != 2 || c.On != clock.Date(2025, 5, 2) || c.Revoked {
				t.Errorf("%s gives %+v, %v", typed, c, err)
			}
		}
		if _, err := learning.CheckCertificate(ctx, d.Reader(), "ABCDEFGHIJKLMNOP"); !errors.Is(err, fault.NotFound) {
			t.Errorf("a guess gives %v", err)
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error { return people.Employ(ctx, tx, system, person, borlange, day, "") }))
		if c, err := certify(admin(borlange)); err != nil || c.Code != mine.Code {
			t.Errorf("in the new municipality it is %+v, %v, want the same one", c, err)
		}
		must(t, revoke(d, admin(borlange), completion))
		if c, err := learning.CheckCertificate(ctx, d.Reader(), mine.Code); err != nil || !c.Revoked {
			t.Errorf("after the completion was taken back it says %+v, %v", c, err)
		}
		if c, err := certify(access.Viewer{PersonID: person}); !errors.Is(err, fault.NotFound) {
			t.Errorf("a completion that was taken back still gives %+v, %v", c, err)
		}
	})
}

func TestTheGatesThatSomebodyHasPassedStandWithoutTheirAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		person, account, course := newcomer(t, d)
		me, at := access.Viewer{PersonID: person}, clock.Date(2026, 2, 1).At(9, 0)
		var id int64
		must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
			if _, err = learning.Complete(ctx, tx, system, learning.New{PersonID: person, CourseID: course, On: at.Day(), Source: learning.Round}, at); err != nil {
				return err
			}
			id, err = learning.LevelUp(ctx, tx, me, account, learning.FairlyBad, "hemligt", at)
			return err
		}))
		got, err := learning.Levels(ctx, d.Reader(), me, person, at.Day())
		must(t, err)
		if len(got) != 1 || got[0].ID != id || got[0].AccountID != account || got[0].Step != "Ny" || got[0].Next != "Van" || got[0].On != at.Day() {
			t.Errorf("the gates passed are %+v", got)
		}
		if _, err := learning.Levels(ctx, d.Reader(), access.Viewer{PersonID: person + 1}, person, at.Day()); !errors.Is(err, fault.NotFound) {
			t.Errorf("somebody else reads them: %v", err)
		}
		changes, err := people.StepChanges(ctx, d.Reader(), me, person, at.Day())
		must(t, err)
		if changes[0].Step != "Van" || changes[0].Reason != people.ByLevelUp || changes[0].By != "" {
			t.Errorf("the history of the step says %+v", changes[0])
		}
	})
}

func TestWhoIsMovedBackGoesOnWithoutASecondAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		person, account, course := newcomer(t, d)
		me, at := access.Viewer{PersonID: person}, clock.Date(2026, 2, 1).At(9, 0)
		levelUp := func(grade learning.Grade, at clock.Instant) (id int64) {
			t.Helper()
			must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
				id, err = learning.LevelUp(ctx, tx, me, account, grade, "", at)
				return err
			}))
			return id
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := learning.Complete(ctx, tx, system, learning.New{PersonID: person, CourseID: course, On: at.Day(), Source: learning.Round}, at)
			return err
		}))
		if s := standing(t, d, person, at.Day()); s.Again() {
			t.Errorf("who has not answered stands there again: %+v", s)
		}
		step := standing(t, d, person, at.Day()).StepID
		id := levelUp(learning.FairlyGood, at)
		for _, later := range []clock.Instant{at + 1, (at.Day() + 30).At(9, 0)} {
			must(t, d.Write(ctx, func(tx *db.Tx) error {
				return people.SetStep(ctx, tx, system, account, step, later.Day(), "fel steg", later)
			}))
			if s := standing(t, d, person, later.Day()); !s.Again() || s.Open() {
				t.Fatalf("moved back, the step is %+v", s)
			}
			if got := levelUp("", later); got != id {
				t.Errorf("they go on by the answer %d, want %d", got, id)
			}
			if s := standing(t, d, person, later.Day()); s.Step != "Van" || s.Again() {
				t.Errorf("then the step is %+v", s)
			}
		}
		if got, err := learning.Levels(ctx, d.Reader(), me, person, at.Day()); err != nil || len(got) != 1 {
			t.Errorf("the gates passed are %+v, %v", got, err)
		}
	})
}
