package demo

import (
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/studytime"
)

// studyTimes sets time to learn around a few of Dalarna's course days, answers for most of what has
// been, and makes the project that four municipalities have money for (annual report 2025, S1:164).
// Times, answers and sums of money are invented.
func studyTimes(w *world.World) error {
	days, err := db.Rows(w.Ctx, w.Tx, func(s *taughtDay) []any { return []any{&s.id, &s.Day, &s.Starts, &s.Ends, &s.held} }, `
		SELECT d.id, d.day, d.starts, d.ends, d.held_at IS NOT NULL
		FROM course_day AS d
		JOIN round AS r ON r.id = d.round_id
		WHERE r.region_id = $1
		AND r.cancelled_at IS NULL
		AND r.published_at IS NOT NULL
		AND d.ordinal = 1
		AND d.day BETWEEN $2 AND $3
		ORDER BY d.day, d.id`, w.Regions[world.Dalarna], clock.YearStart(w.Today.Year()-1), w.Today+90)
	if err != nil {
		return err
	}
	for i, d := range days {
		if i%3 != 0 && d.Day < w.Today {
			continue // enough to see
		}
		if err := d.giveTime(w); err != nil {
			return fmt.Errorf("day %d: %w", d.id, err)
		}
	}
	if err := ownTime(w, population.EmployeeAddress); err != nil {
		return err
	}
	if err := preparations(w); err != nil {
		return err
	}
	return learningProject(w)
}

// taughtDay is a course day of the demo.
type taughtDay struct {
	studytime.Slot
	id   int64
	held bool
}

// giveTime sets time for those who have a seat on the day, as was done ten days before, and lets
// three of four say that they got it when it has been.
func (d taughtDay) giveTime(w *world.World) error {
	persons, err := db.Rows(w.Ctx, w.Tx, db.One[int64], `
		SELECT DISTINCT n.person_id
		FROM enrolment AS n
		JOIN course_day AS d ON d.round_id = n.round_id
		JOIN employment AS e ON e.person_id = n.person_id
		WHERE d.id = $1
		AND n.withdrawn_at IS NULL
		AND e.from_day <= $2
		AND (e.to_day IS NULL OR e.to_day > $3)
		ORDER BY n.person_id`, d.id, d.Day-20, d.Day+20)
	if err != nil {
		return err
	}
	for _, part := range []studytime.Part{studytime.Before, studytime.After} {
		set := min(d.Day-10, w.Today)
		if part == studytime.After && len(persons) > 0 {
			persons = persons[:len(persons)-len(persons)/5] // somebody got none
		}
		slot, ok := studytime.Proposal(part, 90, d.Slot, set)
		if !ok || len(persons) == 0 {
			continue
		}
		given := persons
		give := func(people ...int64) error {
			return studytime.Set(w.Ctx, w.Tx, access.System(), d.id, part, slot, people, set.At(9, 0))
		}
		if err := give(persons...); fault.Of(err) != nil { // somebody is away or has another time then
			given = nil
			for _, person := range persons {
				if err := give(person); err == nil {
					given = append(given, person)
				} else if fault.Of(err) == nil {
					return err
				}
			}
		} else if err != nil {
			return err
		}
		for i, person := range given {
			if slot.Day >= w.Today-7 || i%7 == 6 {
				continue // not said
			}
			if err := say(w, person, d.id, part, i%4 != 3, slot.Day.At(18, 0)); err != nil {
				return err
			}
		}
	}
	return nil
}

// say lets somebody answer for their time around the day.
func say(w *world.World, person, day int64, part studytime.Part, had bool, at clock.Instant) error {
	id, err := db.Row(w.Ctx, w.Tx, db.One[int64], `SELECT MAX(id) FROM study_time WHERE person_id = $1 AND course_day_id = $2 AND part = $3`, person, day, part)
	if err == nil {
		err = studytime.Answer(w.Ctx, w.Tx, access.Viewer{PersonID: person}, id, &had, at)
	}
	return ignored(err) // it may hold no longer
}

// ownTime gives the role picker's employee a time that was yesterday or before, to answer for.
func ownTime(w *world.World, email string) error {
	type seat struct{ person, day int64 }
	found, err := db.Rows(w.Ctx, w.Tx, func(s *seat) []any { return []any{&s.person, &s.day} }, `
		SELECT p.id, d.id
		FROM person AS p
		JOIN enrolment AS n ON n.person_id = p.id AND n.withdrawn_at IS NULL
		JOIN course_day AS d ON d.round_id = n.round_id
		JOIN round AS r ON r.id = d.round_id
		WHERE p.email = $1
		AND r.cancelled_at IS NULL
		AND d.day > $2
		ORDER BY d.day, d.id`, email, w.Today)
	if err != nil || len(found) == 0 {
		return err
	}
	day := w.Today - 1
	for day.Weekday() == 0 || day.Weekday() == 6 {
		day--
	}
	err = studytime.Set(w.Ctx, w.Tx, access.System(), found[0].day, studytime.Before, studytime.Slot{Day: day, Starts: "09:00", Ends: "10:30"}, []int64{found[0].person}, (day-3).At(9, 0))
	return ignored(err)
}

// preparations lets trainers say of three of four days that are more than a week ago how they
// prepared; two of three did so at work.
func preparations(w *world.World) error {
	type taught struct {
		person, day int64
		on          clock.Day
	}
	all, err := db.Rows(w.Ctx, w.Tx, func(t *taught) []any { return []any{&t.person, &t.day, &t.on} }, `
		SELECT t.person_id, d.id, d.day
		FROM day_trainer AS t
		JOIN course_day AS d ON d.id = t.course_day_id
		JOIN round AS r ON r.id = d.round_id
		WHERE t.present
		AND d.held_at IS NOT NULL
		AND r.cancelled_at IS NULL
		AND r.region_id = $1
		AND d.day BETWEEN $2 AND $3
		ORDER BY d.day, d.id, t.person_id`, w.Regions[world.Dalarna], clock.YearStart(w.Today.Year()-1), w.Today-8)
	for i, t := range all {
		if i%4 == 3 || err != nil {
			continue
		}
		atWork := i%3 != 2
		err = studytime.Prepared(w.Ctx, w.Tx, access.Viewer{PersonID: t.person, Trainer: true}, t.day, &atWork, t.on.At(20, 0))
	}
	return err
}

// learningProject is the project of Falun, Borlänge, Gagnef and Säter.
func learningProject(w *world.World) error {
	first := clock.YearStart(w.Today.Year() - 1)
	at := first.At(9, 0)
	id, err := studytime.MakeProject(w.Ctx, w.Tx, access.System(), studytime.Project{
		RegionID: w.Regions[world.Dalarna], Name: "Växtkraft LSS", Funder: "ESF-rådet", From: first, Until: clock.YearEnd(first.Year() + 2),
	}, at)
	if err != nil {
		return err
	}
	for slug, applied := range map[string]int64{"falun": 2400, "borlange": 2000, "gagnef": 400, "sater": 400} {
		m, err := organisation.MunicipalityNamed(w.Ctx, w.Tx, slug)
		if err != nil {
			return err
		}
		granted := applied * 3 / 4
		paid := money.Kronor(granted * 300)
		if err := studytime.Grant(w.Ctx, w.Tx, access.System(), id, studytime.ProjectShare{Municipality: m, AppliedHours: &applied, GrantedHours: &granted, GrantedMoney: &paid}, at); err != nil {
			return err
		}
	}
	return nil
}
