package statistics

import (
	"context"
	"strconv"
	"sync"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// municipal is what was counted of a journey on a day in one municipality.
type municipal struct {
	municipalityID, regionID int64
	stamp                    int64
	groups                   []group
	completed                []completed
}

// row is the place of the municipality, or of its region, among a table's rows; none in a
// table of some of a region's municipalities, of which it is not.
func (m municipal) row(at map[int64]int) (i int, ok bool) {
	if i, ok = at[m.municipalityID]; !ok {
		i, ok = at[m.regionID]
	}
	return i, ok
}

// The roles of an account as one number, each a bit.
const (
	employee = 1 << iota
	manager
	trainer
	municipalAdmin
)

// Who works for two employers counts in each municipality, and once where regions or the
// country are counted: reach tells how far up an employment counts.
type reach int

const (
	inMunicipality reach = iota // in the municipality: the main employment is in the same region
	inRegion                    // in the region, too: the main employment is in another one
	inNation                    // everywhere: it is the main one
)

// reachSQL is the reach of the employment e on the day $2.
const reachSQL = `CASE
	WHEN e.main THEN 2
	WHEN EXISTS (
		SELECT 1
		FROM employment AS w
		WHERE w.person_id = e.person_id
		AND w.main
		AND w.region_id = e.region_id
		AND w.from_day <= $2
		AND (w.to_day IS NULL OR w.to_day >= $2)
	) THEN 0
	ELSE 1
END`

// group is a number of accounts that are alike: stepID is 0 without a step.
type group struct {
	stepID          int64
	roles, accounts int
	reach           reach
}

// completed is how many employees have completed a course.
type completed struct {
	courseID int64
	people   int
	reach    reach
}

// in is the number of accounts that count there.
func (g group) in(level reach) int {
	if g.reach < level {
		return 0
	}
	return g.accounts
}

// in is the number of people who count there.
func (c completed) in(level reach) int {
	if c.reach < level {
		return 0
	}
	return c.people
}

// kept is what has been counted, for as long as the municipality's stamp stands
// (see the migration that makes figure_stamp): the country's table over 300 000
// accounts takes seconds to count and a few milliseconds to add up. The stamp is
// read before the facts, so a change in between makes the count be made again,
// never be shown old.
var kept = struct {
	sync.Mutex
	counts map[of]municipal
}{counts: map[of]municipal{}}

type of struct {
	municipalityID, journeyID int64
	day                       clock.Day
}

// maxKept is how many counts are kept, about a kilobyte each: six days of the
// whole country in five journeys.
const maxKept = 9_000

// count counts the journey's accounts and completions on the day in each
// municipality of the region (0: of the country) where somebody is or was
// employed.
func count(ctx context.Context, q db.Querier, regionID, journeyID int64, day clock.Day) ([]municipal, error) {
	all, err := db.Rows(ctx, q, func(m *municipal) []any { return []any{&m.municipalityID, &m.regionID, &m.stamp} }, `
		SELECT
			o.id,
			o.region_id,
			f.stamp
		FROM organisation AS o
		JOIN figure_stamp AS f ON f.municipality_id = o.id
		WHERE o.kind = 'municipality'
		AND ($1 = 0 OR o.region_id = $1)`, regionID)
	if err != nil {
		return nil, err
	}
	var missing []int
	kept.Lock()
	for i, m := range all {
		if c, ok := kept.counts[of{m.municipalityID, journeyID, day}]; ok && c.stamp == m.stamp {
			all[i].groups, all[i].completed = c.groups, c.completed
		} else {
			missing = append(missing, i)
		}
	}
	kept.Unlock()
	for _, i := range missing {
		if err := all[i].count(ctx, q, journeyID, day); err != nil {
			return nil, err
		}
		kept.Lock()
		if len(kept.counts) >= maxKept {
			clear(kept.counts)
		}
		kept.counts[of{all[i].municipalityID, journeyID, day}] = all[i]
		kept.Unlock()
	}
	return all, nil
}

// The accounts that are open on the day ($2) in a journey ($1) of somebody who
// is employed in the municipality ($3). CROSS JOIN keeps SQLite to the order
// that fits the indexes.
const (
	fromAccounts = `
	FROM counted AS e
	CROSS JOIN account AS a`
	openAccounts = `
	WHERE e.municipality_id = $3
	AND e.from_day <= $2
	AND (e.to_day IS NULL OR e.to_day >= $2)
	AND a.person_id = e.person_id
	AND a.journey_id = $1
	AND a.opened_on <= $2
	AND (a.closed_on IS NULL OR a.closed_on > $2)
	AND NOT EXISTS (SELECT 1 FROM account_closure AS k WHERE k.account_id = a.id AND k.closed_on <= $2 AND k.reopened_on > $2)`
)

// few is how many have to stand together in a figure for those whose identity is protected
// to be counted among them: in a smaller one the number could tell who it is.
const few = 5

// amongFew is the sum of x over a group of rows, without those that are protected when the
// group is smaller than few.
func amongFew(x, protected string) string {
	return `CASE WHEN COUNT(*) >= ` + strconv.Itoa(few) + ` THEN SUM(` + x + `) ELSE SUM(CASE WHEN ` + protected + ` THEN 0 ELSE ` + x + ` END) END`
}

// count asks for one municipality. It looks at an account once: the many
// figures are made of the few groups of accounts that are alike.
func (m *municipal) count(ctx context.Context, q db.Querier, journeyID int64, day clock.Day) (err error) {
	m.groups, err = db.Rows(ctx, q, func(g *group) []any { return []any{&g.stepID, &g.roles, &g.accounts, &g.reach} }, `
		SELECT
			x.step_id,
			x.roles,
			`+amongFew("1", "x.protected")+`,
			x.reach
		FROM (
			SELECT
				COALESCE((
					SELECT MAX(s.step_id)
					FROM account_step AS s
					WHERE s.account_id = a.id AND s.from_day <= $2 AND (s.to_day IS NULL OR s.to_day >= $2)), 0) AS step_id,
				COALESCE((
					SELECT SUM(DISTINCT CASE r.role WHEN 'employee' THEN 1 WHEN 'manager' THEN 2 WHEN 'trainer' THEN 4 ELSE 8 END)
					FROM account_role AS r
					WHERE r.account_id = a.id AND r.from_day <= $2 AND (r.to_day IS NULL OR r.to_day >= $2)), 0) AS roles,
				`+reachSQL+` AS reach,
				e.protected`+
		fromAccounts+openAccounts+`
		) AS x
		GROUP BY x.step_id, x.roles, x.reach`, journeyID, day, m.municipalityID)
	if err != nil {
		return err
	}
	m.completed, err = db.Rows(ctx, q, func(c *completed) []any { return []any{&c.courseID, &c.people, &c.reach} }, `
		SELECT
			c.course_id,
			`+amongFew("1", "e.protected")+`,
			`+reachSQL+` AS reach`+fromAccounts+`
		CROSS JOIN completion AS c`+openAccounts+`
		AND c.person_id = e.person_id
		AND c.revoked_at IS NULL
		AND c.completed_on <= $2
		AND EXISTS (
			SELECT 1
			FROM account_role AS r
			WHERE r.account_id = a.id
			AND r.role = 'employee'
			AND r.from_day <= $2
			AND (r.to_day IS NULL OR r.to_day >= $2))
		GROUP BY c.course_id, reach`, journeyID, day, m.municipalityID)
	return err
}
