package seat

import (
	"context"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/round"
)

// Advice is what speaks against somebody taking the course now. It advises and
// never blocks (domain.md, "Journeys"): some in later steps take courses of the
// first.
type Advice struct {
	NoAccount   bool       // in none of the course's journeys
	Step        string     // the person's own, when it is not the one that the course is meant for
	MeantFor    string     // that one
	CompletedOn *clock.Day // they have completed the course
}

// Any tells whether there is anything to say.
func (a Advice) Any() bool { return a != Advice{} }

// inJourney is somebody's account in one of a course's journeys: their step and
// the one that the course is meant for there, 0 when there is none.
type inJourney struct {
	person       int64
	step, meant  int64
	name, target string
}

// advise is the rule: an account in one of the journeys whose step is the
// course's, or in which the course has none, is enough.
func advise(accounts []inJourney, completed *clock.Day) Advice {
	a := Advice{NoAccount: len(accounts) == 0, CompletedOn: completed}
	for _, each := range accounts {
		if each.meant == 0 || each.meant == each.step {
			return Advice{CompletedOn: completed}
		}
		if a.MeantFor == "" {
			a.Step, a.MeantFor = each.name, each.target
		}
	}
	return a
}

// AdviceFor is the advice for each of the persons about the round, on the day. It asks
// no viewer.
func AdviceFor(ctx context.Context, q db.Querier, r round.Round, persons []int64, today clock.Day) (map[int64]Advice, error) {
	all := make(map[int64]Advice, len(persons))
	if len(persons) == 0 {
		return all, nil
	}
	// A round's own step goes before the course's, in the step's journey.
	var b db.Builder
	b.Add(`
		SELECT
			a.person_id,
			COALESCE(own.id, 0),
			COALESCE(own.name, ''),
			COALESCE(meant.id, 0),
			COALESCE(meant.name, '')
		FROM course_journey AS cj
		JOIN account AS a ON a.journey_id = cj.journey_id AND a.opened_on <= ? AND (a.closed_on IS NULL OR a.closed_on > ?)
		LEFT JOIN account_step AS st ON st.account_id = a.id AND st.from_day <= ? AND (st.to_day IS NULL OR st.to_day >= ?)
		LEFT JOIN step AS own ON own.id = st.step_id
		LEFT JOIN step AS target ON target.id = ? AND target.journey_id = cj.journey_id
		LEFT JOIN step AS meant ON meant.id = COALESCE(target.id, cj.step_id)
		WHERE cj.course_id = ?`, today, today, today, today, r.StepID, r.CourseID)
	in, args := db.In("a.person_id", persons)
	b.Add("AND "+in, args...)
	rows, err := db.Rows(ctx, q, func(j *inJourney) []any { return []any{&j.person, &j.step, &j.name, &j.meant, &j.target} }, b.String(), b.Args()...)
	if err != nil {
		return nil, err
	}
	accounts := map[int64][]inJourney{}
	for _, row := range rows {
		accounts[row.person] = append(accounts[row.person], row)
	}
	type done struct {
		person int64
		on     clock.Day
	}
	var c db.Builder
	c.Add(`SELECT person_id, completed_on FROM completion WHERE course_id = ? AND revoked_at IS NULL`, r.CourseID)
	in, args = db.In("person_id", persons)
	c.Add("AND "+in, args...)
	completions, err := db.Rows(ctx, q, func(d *done) []any { return []any{&d.person, &d.on} }, c.String(), c.Args()...)
	if err != nil {
		return nil, err
	}
	completed := map[int64]*clock.Day{}
	for i, d := range completions {
		completed[d.person] = &completions[i].on
	}
	for _, p := range persons {
		all[p] = advise(accounts[p], completed[p])
	}
	return all, nil
}
