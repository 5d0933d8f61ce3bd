package roundtest

import (
	"fmt"
	"slices"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

// village is a world with two units of Falun, three people in the first and one
// in the second, and the offices that could have to do with them.
type village struct {
	*World
	North, South  int64
	Homes         []int64 // who work in the first unit
	Neighbour     int64   // who works in the second
	Chief         access.Viewer
	OtherChief    access.Viewer
	Admin         access.Viewer
	BorlangeAdmin access.Viewer
}

func at(role access.Role, level access.Level, id, municipality int64) access.Viewer {
	return access.Viewer{Grants: []access.Grant{{Role: role, Level: level, OrganisationID: id, RegionID: Dalarna, MunicipalityID: municipality}}}
}

func NewVillage(t *testing.T, d *db.DB) *village {
	t.Helper()
	v := &village{World: NewWorld(t, d)}
	Must(t, v.Write(func(tx *db.Tx) (err error) {
		if v.North, err = organisation.AddUnit(Ctx, tx, System, Falun, "Hemtjänst Norr"); err != nil {
			return err
		}
		v.South, err = organisation.AddUnit(Ctx, tx, System, Falun, "Hemtjänst Söder")
		return err
	}))
	for i := range 3 {
		v.Homes = append(v.Homes, v.Person(fmt.Sprintf("Norr%d", i), v.North))
	}
	v.Neighbour = v.Person("Söder", v.South)
	v.Chief, v.OtherChief = at(access.Manager, access.Unit, v.North, Falun), at(access.Manager, access.Unit, v.South, Falun)
	v.Admin, v.BorlangeAdmin = at(access.MunicipalAdmin, access.Municipality, Falun, Falun), at(access.MunicipalAdmin, access.Municipality, Borlange, Borlange)
	v.Chief.PersonID = v.Person("Chef", v.North)
	return v
}

// Worker is somebody employed in a unit of Falun.
func (*village) Worker(person, unit int64) access.Viewer {
	return access.Viewer{PersonID: person, Home: access.Place{RegionID: Dalarna, MunicipalityID: Falun, UnitID: unit, PersonID: person}}
}

// Occasion is a day at the unit that its manager leads, yesterday by the clock of
// the tests that hold it.
func (v *village) Occasion() planning.New {
	return planning.New{
		CourseID: v.Course, UnitID: v.North, Days: []planning.NewDay{{
			Day: First, Starts: "13:00", Ends: "15:00", Place: "Personalrummet", Trainers: []planning.NewTrainer{{PersonID: v.Chief.PersonID, Role: trainer.Lead}},
		}},
	}
}

// InMunicipality is the same day for all of the municipality.
func (v *village) InMunicipality() planning.New {
	n := v.Occasion()
	n.UnitID, n.MunicipalityID = 0, Falun
	return n
}

func (v *village) PlanLocal(viewer access.Viewer, n planning.New, persons ...int64) (id int64, err error) {
	err = v.Write(func(tx *db.Tx) error {
		id, err = planning.PlanLocal(Ctx, tx, viewer, n, persons, Now)
		return err
	})
	return id, err
}

func (v *village) Local(n planning.New, persons ...int64) round.Detail {
	v.Helper()
	id, err := v.PlanLocal(System, n, persons...)
	Must(v.T, err)
	return v.Get(System, id)
}

func (v *village) Report(person int64, day int64, at clock.Instant) (mine attendance.OwnDay, err error) {
	err = v.Write(func(tx *db.Tx) error {
		mine, err = attendance.Report(Ctx, tx, v.Worker(person, v.North), day, at)
		return err
	})
	return mine, err
}

func SeatsOf(d round.Detail) (ids []int64) {
	for _, e := range d.Enrolments {
		ids = append(ids, e.ID)
	}
	return ids
}

func SeatOf(d round.Detail, person int64) int64 {
	return d.Enrolments[slices.IndexFunc(d.Enrolments, func(e round.Enrolment) bool { return e.PersonID == person })].ID
}

// Content publishes an edition of the world's course with a required task before
// the day and one after it, which the rules gate.
func (w *World) Content(rules catalogue.Rules) (edition int64) {
	w.Helper()
	text := func(key string, phase catalogue.Phase) catalogue.Task {
		return catalogue.Task{
			Key: key, Phase: phase, Kind: catalogue.TextTask, Title: catalogue.Words{"sv": key}, Minutes: 5, Text: catalogue.Words{"sv": "Läs."},
		}
	}
	Must(w.T, w.Write(func(tx *db.Tx) error {
		content := catalogue.Content{
			Changes: catalogue.Words{"sv": "Nytt"}, Rules: rules,
			Tasks: []catalogue.Task{text("before", catalogue.Preparation), text("after", catalogue.FollowUp)},
		}
		version, err := catalogue.SaveDraft(Ctx, tx, System, w.Course, 0, &content, Now)
		if err != nil {
			return err
		}
		e, err := catalogue.Publish(Ctx, tx, System, w.Course, version, Now)
		edition = e.ID
		return err
	}))
	return edition
}

// Does lets the person do the task, and the round know.
func (w *World) Does(person int64, task string, at clock.Instant) error {
	return w.Write(func(tx *db.Tx) error {
		course, err := catalogue.CourseByID(Ctx, tx, w.Course)
		if err != nil {
			return err
		}
		yes := true
		_, err = attendance.SaveProgress(Ctx, tx, access.Viewer{PersonID: person}, course.Slug, task,
			func(*catalogue.Task) learning.Touch { return learning.Touch{At: at, Done: &yes} }, at)
		return err
	})
}
