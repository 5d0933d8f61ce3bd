package rollout

import (
	"context"
	"fmt"
	"strconv"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/people"
	"yrkesresan/internal/planning"
)

// NewOccasion is a group of people with the days on which they take the course.
type NewOccasion struct {
	People []int64
	Days   []planning.NewDay
}

// MakeOccasions makes and publishes an occasion of each group, all or none, and
// lets everybody in them be written to. fault.Conflict "rollout.people_changed"
// when somebody is not to be put into a group (any more): they have got a seat,
// have completed the course, have moved or are on leave; "rollout.ended" when
// the plan has ended. fault.Invalid "groups" when there are none; what is wrong
// with a group's days is said as of round.New, after "groups.0.".
func MakeOccasions(ctx context.Context, tx *db.Tx, viewer access.Viewer, planID int64, groups []NewOccasion, now clock.Instant) ([]int64, error) {
	// The lock: of two who make occasions of the same people, the second finds
	// them seated.
	if _, err := db.Exec(ctx, tx, `UPDATE rollout SET version = version WHERE id = $1`, planID); err != nil {
		return nil, err
	}
	if _, err := changed(ctx, tx, viewer, planID); err != nil {
		return nil, err
	}
	p, err := Get(ctx, tx, viewer, planID)
	if err != nil {
		return nil, err
	}
	staff, err := Staff(ctx, tx, viewer, p.MunicipalityID, p.CourseID, now.Day())
	if err != nil {
		return nil, err
	}
	if len(groups) == 0 {
		return nil, fault.Invalid("groups", "rollout.nobody")
	}
	_, ready, _ := p.Chosen(staff)
	free := make(map[int64]bool, len(ready))
	for _, m := range ready {
		free[m.PersonID] = true
	}
	for _, g := range groups {
		for _, person := range g.People {
			if !free[person] {
				return nil, fault.Conflict("rollout.people_changed")
			}
			delete(free, person) // nobody goes twice
		}
	}
	before, err := db.Row(ctx, tx, db.One[int], `SELECT COUNT(*) FROM round WHERE rollout_id = $1`, planID)
	if err != nil {
		return nil, err
	}
	var ids []int64
	var wrong []fault.Field
	for i, g := range groups {
		id, err := planning.PlanLocal(ctx, tx, viewer, planning.New{
			CourseID: p.CourseID, RegionID: p.RegionID, MunicipalityID: p.MunicipalityID, RolloutID: p.ID,
			Label: i18n.Swedish.T("rollout.label", "Plan", p.Name, "Number", strconv.Itoa(before+i+1)), Capacity: max(p.GroupSize, len(g.People)), Days: g.Days,
		}, g.People, now)
		if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
			for _, field := range f.Fields {
				field.Name = fmt.Sprintf("groups.%d.%s", i, field.Name)
				wrong = append(wrong, field)
			}
			continue
		}
		if err == nil {
			err = letter.After(ctx, tx, id, now)
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	if len(wrong) > 0 {
		return nil, &fault.Error{Kind: fault.KindInvalid, Key: "fault.invalid", Fields: wrong}
	}
	return ids, nil
}

// Occasion is one of a plan's occasions. Units counts its people by unit.
type Occasion struct {
	RoundID  int64
	Label    string
	FirstDay clock.Day
	Starts   string
	Ends     string
	Place    string
	Trainers string
	Capacity int
	Held     bool
	People   []Seated
}

// Free is how many more there is room for.
func (o Occasion) Free() int { return max(0, o.Capacity-len(o.People)) }

// Seated is somebody with a seat at an occasion.
type Seated struct {
	EnrolmentID int64
	RoundID     int64
	PersonID    int64
	Name        string
	Unit        string // where they are employed on the day that is asked for
}

// Occasions are those of the plan that are not cancelled, by day, with their
// people by name. fault.NotFound for those who may not see the plan; names are
// for those who plan for the municipality.
func Occasions(ctx context.Context, q db.Querier, viewer access.Viewer, planID int64, day clock.Day) ([]Occasion, error) {
	p, err := head(ctx, q, viewer, planID)
	if err != nil {
		return nil, err
	}
	all, err := db.Rows(ctx, q, func(o *Occasion) []any {
		return []any{&o.RoundID, &o.Label, &o.FirstDay, &o.Capacity, &o.Starts, &o.Ends, &o.Place, &o.Held, &o.Trainers}
	}, `
		SELECT
			r.id,
			r.label,
			r.first_day,
			r.capacity,
			d.starts,
			d.ends,
			d.place,
			d.held_at IS NOT NULL,
			COALESCE((
				SELECT string_agg(TRIM(p.given_name || ' ' || p.family_name), ', ' ORDER BY p.sort_key, p.id)
				FROM day_trainer AS t
				JOIN person AS p ON p.id = t.person_id
				WHERE t.course_day_id = d.id
				AND COALESCE(t.answer, '') <> 'declined'), '')
		FROM round AS r
		JOIN course_day AS d ON d.round_id = r.id AND d.ordinal = 1
		WHERE r.rollout_id = $1
		AND r.cancelled_at IS NULL
		ORDER BY r.first_day, d.starts, r.id`, planID)
	if err != nil || len(all) == 0 || !access.PlanRollout(viewer).Covers(access.Place{RegionID: p.RegionID, MunicipalityID: p.MunicipalityID}) {
		return all, err
	}
	at := make(map[int64]int, len(all))
	for i, o := range all {
		at[o.RoundID] = i
	}
	people, err := db.Rows(ctx, q, func(s *Seated) []any { return []any{&s.EnrolmentID, &s.RoundID, &s.PersonID, &s.Name, &s.Unit} }, `
		SELECT
			n.id,
			n.round_id,
			n.person_id,
			TRIM(p.given_name || ' ' || p.family_name),
			COALESCE(o.name, '')
		FROM round AS r
		JOIN enrolment AS n ON n.round_id = r.id AND n.withdrawn_at IS NULL
		JOIN person AS p ON p.id = n.person_id
		LEFT JOIN employed AS e ON `+people.SendsSQL("e", "n")+` AND e.from_day <= $2 AND (e.to_day IS NULL OR e.to_day >= $2)
		LEFT JOIN organisation AS o ON o.id = e.organisation_id
		WHERE r.rollout_id = $1
		AND r.cancelled_at IS NULL
		ORDER BY p.sort_key, p.id`, planID, day)
	for _, s := range people {
		i := at[s.RoundID]
		all[i].People = append(all[i].People, s)
	}
	return all, err
}
