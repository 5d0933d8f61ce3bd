// Package municipalities is what some municipalities do themselves: occasions
// that they and their units give, and plans of who goes when.
package municipalities

import (
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/rounds"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

// localOccasion is an occasion that a municipality or one of its units gives
// itself, so many days before or after today, for at most so many people.
type localOccasion struct {
	municipality string
	by           giver
	course       string
	inDays       clock.Day
	starts, ends string
	place        string
	most         int
	held         bool
}

// giver is who gives an occasion.
type giver int

const (
	theMunicipality giver = iota
	theLeader             // the same, led by the picker's administrator of Borlänge
	theChief              // the picker's manager, for their unit
	aUnit                 // the unit with the most people who lack the course
)

// localOccasions are invented, of courses and people whose numbers of 2025 they
// leave as they are. Of two that have been the attendance waits to be saved; the
// picker's employee has a seat in one of them.
var localOccasions = []localOccasion{
	{"Falun", theChief, "lvu-for-18-20-ar", -3, "13:00", "16:00", "Personalrummet", 6, false},
	{"Falun", theChief, "lvu-for-18-20-ar", -40, "13:00", "16:00", "Personalrummet", 6, true},
	{"Falun", theChief, "arbeta-med-familjehem", 16, "08:30", "11:30", "Personalrummet", 8, false},
	{"Falun", theMunicipality, "bas-5", 30, "13:00", "16:00", "Kristinegymnasiet, sal 12", 12, false},
	{"Borlänge", theMunicipality, "bas-5", -33, "13:00", "16:00", "Stadshuset, sal Tunet", 12, true},
	{"Borlänge", aUnit, "bas-5", -5, "13:00", "15:30", "Personalrummet", 9, false},
	{"Borlänge", theLeader, "bas-1", 0, "", "", "Stadshuset, sal Tunet", 10, false}, // today, whatever day it is: to be run on a screen
	{"Borlänge", theMunicipality, "bas-4", 10, "13:00", "16:00", "Stadshuset, sal Tunet", 12, false},
	{"Borlänge", theMunicipality, "bas-5", 24, "08:30", "11:30", "Stadshuset, sal Tunet", 12, false},
}

// GiveOccasions gives the municipalities their own: planned by Borlänge's
// administrator and by the picker's manager in Falun, for people who lack the
// course.
func GiveOccasions(w *world.World) error {
	for n, o := range localOccasions {
		if err := occasion(w, n, o); err != nil {
			return fmt.Errorf("%s in %s: %w", o.course, o.municipality, err)
		}
	}
	return nil
}

func occasion(w *world.World, n int, o localOccasion) error {
	type office struct{ person, unit, municipality, region int64 }
	chief, err := db.Row(w.Ctx, w.Tx, func(c *office) []any { return []any{&c.person, &c.unit, &c.municipality, &c.region} }, `
		SELECT p.id, g.organisation_id, o.municipality_id, o.region_id
		FROM person AS p
		JOIN role_grant AS g ON g.person_id = p.id AND g.role = 'manager'
		JOIN organisation AS o ON o.id = g.organisation_id
		WHERE p.email = 'chef@example.org'`)
	if err != nil {
		return err
	}
	municipality, err := w.Municipality(o.municipality)
	if err != nil {
		return err
	}
	day := o.day(w.Today)
	if o.inDays == 0 {
		o.starts, o.ends = rounds.AroundNow(w.Now)
	}
	plan := planning.New{CourseID: w.Courses[o.course], MunicipalityID: municipality, Days: []planning.NewDay{{Day: day, Starts: o.starts, Ends: o.ends, Place: o.place}}}
	viewer := access.System()
	switch o.by {
	case theMunicipality:
	case theLeader:
		if plan.Days[0].Trainers, err = leader(w); err != nil {
			return err
		}
	case aUnit:
		if plan.UnitID, err = db.Row(w.Ctx, w.Tx, db.One[int64], `
			SELECT e.organisation_id
			FROM employment AS e
			JOIN organisation AS u ON u.id = e.organisation_id AND u.kind = 'unit'
			JOIN account AS a ON a.person_id = e.person_id AND a.closed_on IS NULL
			JOIN course_journey AS j ON j.journey_id = a.journey_id AND j.course_id = $2
			WHERE e.municipality_id = $1
			AND e.to_day IS NULL
			AND NOT EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = e.person_id AND c.course_id = $2 AND c.revoked_at IS NULL)
			GROUP BY e.organisation_id
			ORDER BY COUNT(*) DESC, e.organisation_id
			LIMIT 1`, municipality, plan.CourseID); err != nil {
			return err
		}
	case theChief:
		plan.MunicipalityID, plan.UnitID = 0, chief.unit
		plan.Days[0].Trainers = []planning.NewTrainer{{PersonID: chief.person, Role: trainer.Lead}}
		viewer = access.Viewer{PersonID: chief.person, Grants: []access.Grant{{
			Role: access.Manager, Level: access.Unit, OrganisationID: chief.unit, RegionID: chief.region, MunicipalityID: chief.municipality,
		}}}
	}
	persons, err := db.Rows(w.Ctx, w.Tx, db.One[int64], `
		SELECT e.person_id
		FROM employment AS e
		JOIN person AS p ON p.id = e.person_id
		WHERE e.municipality_id = $1
		AND ($2 = 0 OR e.organisation_id = $2)
		AND e.from_day <= $4
		AND e.to_day IS NULL
		AND p.email <> 'chef@example.org'
		AND EXISTS (
			SELECT 1
			FROM account AS a
			JOIN course_journey AS j ON j.journey_id = a.journey_id AND j.course_id = $3
			WHERE a.person_id = e.person_id
			AND a.opened_on <= $4
			AND a.closed_on IS NULL
		)
		AND NOT EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = e.person_id AND c.course_id = $3 AND c.revoked_at IS NULL)
		AND NOT EXISTS (
			SELECT 1
			FROM enrolment AS n
			JOIN round AS r ON r.id = n.round_id
			WHERE n.person_id = e.person_id
			AND n.withdrawn_at IS NULL
			AND r.course_id = $3
		)
		ORDER BY p.email = 'medarbetare@example.org' DESC, e.person_id
		LIMIT $5`, municipality, plan.UnitID, plan.CourseID, day, o.most)
	if err != nil {
		return err
	}
	plan.Capacity = max(15, len(persons))
	planned := min(w.Today-4, day-30).At(10, 0)
	id, err := planning.PlanLocal(w.Ctx, w.Tx, viewer, plan, persons, planned)
	if err != nil {
		return err
	}
	employee, err := db.Row(w.Ctx, w.Tx, db.One[int64], `SELECT id FROM person WHERE email = 'medarbetare@example.org'`)
	if err != nil {
		return err
	}
	d, err := round.Get(w.Ctx, w.Tx, access.System(), id)
	if err != nil || day >= w.Today {
		return err
	}
	if !o.held {
		for i, e := range d.Enrolments { // some have said so themselves
			if i%3 == 0 && e.PersonID != employee {
				if _, err := attendance.Report(w.Ctx, w.Tx, access.Viewer{PersonID: e.PersonID}, d.CourseDays[0].ID, min(day.At(16, 30+n), w.Now)); err != nil {
					return err
				}
			}
		}
		return nil
	}
	marks := make([]attendance.Marking, len(d.Enrolments))
	for i, e := range d.Enrolments {
		marks[i] = attendance.Marking{EnrolmentID: e.ID, Mark: round.Present}
		if i == 4 {
			marks[i] = attendance.Marking{EnrolmentID: e.ID, Mark: round.Excused, Reason: "Sjuk"}
		}
	}
	var trainers []attendance.TrainerMarking
	for _, t := range d.CourseDays[0].Trainers {
		trainers = append(trainers, attendance.TrainerMarking{PersonID: t.PersonID, Present: true})
	}
	return attendance.SaveAttendance(w.Ctx, w.Tx, viewer, d.CourseDays[0].ID, marks, trainers, day.At(16, 30))
}

// leader is the picker's administrator of Borlänge, who holds an occasion.
func leader(w *world.World) ([]planning.NewTrainer, error) {
	id, err := db.Row(w.Ctx, w.Tx, db.One[int64], `SELECT id FROM person WHERE email = 'kommunadministrator@example.org'`)
	return []planning.NewTrainer{{PersonID: id, Role: trainer.Lead}}, err
}

// day is the day of the occasion: a working day, unless it is today.
func (o localOccasion) day(today clock.Day) clock.Day {
	day := today + o.inDays
	for o.inDays != 0 && (planning.Weekend(day) || planning.Holiday(day) != "") {
		day++
	}
	if o.held && day >= today {
		return today - 1
	}
	return day
}
