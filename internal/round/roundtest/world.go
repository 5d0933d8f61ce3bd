package roundtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/trainer"
)

const (
	Dalarna  int64 = 20
	Uppsala  int64 = 3
	Falun    int64 = 2080
	Borlange int64 = 2081
	Tierp    int64 = 360 // in Uppsala
)

var (
	Ctx    = context.Background()
	System = access.System()
	// The world's rounds are open for sign-up today and have their two days in
	// ten and eleven days.
	Today = clock.Date(2025, 3, 3)
	Now   = Today.At(12, 0)
	First = Today + 10
)

func Office(role access.Role, level access.Level, id, region int64) access.Viewer {
	return access.Viewer{Grants: []access.Grant{{Role: role, Level: level, OrganisationID: id, RegionID: region}}}
}

var (
	Dalarnas  = Office(access.Regional, access.Region, Dalarna, Dalarna)
	Uppsalas  = Office(access.Regional, access.Region, Uppsala, Uppsala)
	Faluns    = Office(access.MunicipalAdmin, access.Municipality, Falun, Dalarna)
	Producers = Office(access.Producer, access.Nation, organisation.NationID, 0)
)

// Employee is somebody who works in the region and holds no office.
func Employee(id, region int64) access.Viewer {
	return access.Viewer{PersonID: id, Home: access.Place{RegionID: region, PersonID: id}}
}

func Must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Key is the message of the fault that err is: of each wrong field, or its own.
func Key(err error) string {
	f := fault.Of(err)
	switch {
	case err == nil:
		return ""
	case f == nil:
		return err.Error()
	case len(f.Fields) == 0:
		return f.Key
	}
	var all []string
	for _, field := range f.Fields {
		all = append(all, field.Name+" "+field.Key)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// World is a database with the country, a course of two days, ten employees of
// Falun and two of Borlänge, and a trainer of the RSS beside one of Borlänge.
type World struct {
	*testing.T
	D        *db.DB
	Course   int64
	Staff    []int64 // of Falun
	Others   []int64 // of Borlänge
	Rss      int64
	Borlange int64 // the trainer
}

func NewWorld(t *testing.T, d *db.DB) *World {
	t.Helper()
	w := &World{T: t, D: d}
	Must(t, organisation.Install(Ctx, d))
	Must(t, d.Write(Ctx, func(tx *db.Tx) (err error) {
		w.Course, err = catalogue.Add(Ctx, tx, catalogue.Course{Slug: "kurs", Name: "Kurs", Days: 2, TariffKind: "authority"}, catalogue.Regional, Today-500)
		return err
	}))
	for i := range 10 {
		w.Staff = append(w.Staff, w.Person(fmt.Sprintf("Falun%02d", i), Falun))
	}
	w.Others = []int64{w.Person("Borlänge1", Borlange), w.Person("Borlänge2", Borlange)}
	w.Rss, w.Borlange = w.Person("Kursledare", Dalarna), w.Person("Utbildare", Borlange)
	return w
}

func (w *World) Person(family string, at int64) (id int64) {
	w.Helper()
	Must(w.T, w.D.Write(Ctx, func(tx *db.Tx) (err error) {
		id, err = people.Add(Ctx, tx, System, people.NewPerson{GivenName: "Test", FamilyName: family}, at, Today-400, "", Now)
		return err
	}))
	return id
}

// Plan is a round that passes every check.
func (w *World) Plan() planning.New {
	teachers := []planning.NewTrainer{{PersonID: w.Borlange, Role: trainer.Assistant}, {PersonID: w.Rss, Role: trainer.Lead}}
	return planning.New{
		CourseID: w.Course, RegionID: Dalarna, Label: "Omgång 1", Capacity: 22, Minimum: 2,
		SignupFrom: Today, SignupUntil: Today + 5,
		Days: []planning.NewDay{
			{Day: First, Starts: "09:00", Ends: "16:00", Place: "Falun", Trainers: teachers},
			{Day: First + 1, Starts: "09:00", Ends: "16:00", Place: "Falun", Trainers: slices.Clone(teachers[:1])},
		},
	}
}

func (w *World) Planned(viewer access.Viewer, n planning.New) (id int64, err error) {
	err = w.D.Write(Ctx, func(tx *db.Tx) error {
		id, err = planning.Plan(Ctx, tx, viewer, n, Now)
		return err
	})
	return id, err
}

// Published makes a round that is open for sign-up.
func (w *World) Published(n planning.New) int64 {
	w.Helper()
	id, err := w.Planned(System, n)
	Must(w.T, err)
	Must(w.T, w.D.Write(Ctx, func(tx *db.Tx) error { return planning.Publish(Ctx, tx, System, id, Now) }))
	return id
}

func (w *World) Enrol(viewer access.Viewer, roundID, personID int64, at clock.Instant) (id int64, err error) {
	err = w.D.Write(Ctx, func(tx *db.Tx) error {
		id, err = seat.Enrol(Ctx, tx, viewer, roundID, personID, at)
		return err
	})
	return id, err
}

// Enrolled gives each person a seat and the seats' identities in their order.
func (w *World) Enrolled(roundID int64, persons ...int64) (seats []int64) {
	w.Helper()
	for _, p := range persons {
		id, err := w.Enrol(System, roundID, p, Now)
		Must(w.T, err)
		seats = append(seats, id)
	}
	return seats
}

func (w *World) Get(viewer access.Viewer, roundID int64) round.Detail {
	w.Helper()
	d, err := round.Get(Ctx, w.D.Reader(), viewer, roundID)
	Must(w.T, err)
	return d
}

func (w *World) Save(viewer access.Viewer, day round.Day, marks []attendance.Marking, trainers []attendance.TrainerMarking, at clock.Instant) error {
	return w.D.Write(Ctx, func(tx *db.Tx) error {
		return attendance.SaveAttendance(Ctx, tx, viewer, day.ID, marks, trainers, at)
	})
}

// All marks every seat alike.
func All(seats []int64, mark round.Mark) (marks []attendance.Marking) {
	for _, s := range seats {
		marks = append(marks, attendance.Marking{EnrolmentID: s, Mark: mark})
	}
	return marks
}

// There says of every trainer of the day whether they were there.
func There(day round.Day, present bool) (marks []attendance.TrainerMarking) {
	for _, t := range day.Trainers {
		marks = append(marks, attendance.TrainerMarking{PersonID: t.PersonID, Present: present})
	}
	return marks
}

func (w *World) Approve(viewer access.Viewer, roundID int64, on clock.Day, at clock.Instant, approvals ...attendance.Approval) error {
	return w.D.Write(Ctx, func(tx *db.Tx) error { return attendance.Approve(Ctx, tx, viewer, roundID, approvals, on, at) })
}

func (w *World) Completions(personID int64) []learning.Completion {
	w.Helper()
	c, err := learning.Completions(Ctx, w.D.Reader(), System, personID, Today)
	Must(w.T, err)
	return c
}
