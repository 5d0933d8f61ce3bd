package learning

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
)

// TeamFilter narrows a team. Without a journey it is the one that most of the
// staff have an account in; MissingID keeps those whom the course is meant for
// and who have not completed it.
type TeamFilter struct {
	UnitID    int64
	JourneyID int64
	MissingID int64
	Sort      string // "name" unless told, "-name", "missing", "-missing"
}

// Team is the staff whom the viewer leads against the courses of one journey.
type Team struct {
	Units    []TeamUnit          // where the staff work, in Swedish order
	Journeys []catalogue.Journey // in which any of the staff have an account
	Journey  catalogue.Journey   // the one shown; zero when there is none
	Courses  []TeamCourse
	Members  []Member // those with an account in the journey, as filtered and sorted
	Accounts int      // of the staff in the journey, before MissingID narrows
	Staff    int      // all of them
}

// TeamUnit is where some of the staff work.
type TeamUnit struct {
	ID   int64
	Name string
}

// TeamCourse is a course with the number of the staff whom it is meant for, and
// of those of them who have completed it.
type TeamCourse struct {
	catalogue.Course
	StepID int64
	Meant  int
	Done   int
}

// Member is one of the staff. Done and Meant are by the team's courses: the day
// on which the course was completed, or nil, and whether it is meant for them.
// Missing counts what is meant for them and not completed.
type Member struct {
	PersonID   int64
	GivenName  string
	FamilyName string
	Title      string
	UnitID     int64
	Unit       string
	Step       string
	StepID     int64
	Employee   bool
	Manager    bool
	Done       []*clock.Day
	Meant      []bool
	Prepared   []Prepared // zero where nothing is begun
	Missing    int
}

// Prepared is how many of a course's required preparation tasks somebody who has
// begun it has done. What they have answered is theirs.
type Prepared struct{ Done, Of int }

// MaxTeam is how many accounts of a team are shown: who leads more people leads
// a municipality, and narrows to a unit.
const MaxTeam = 2000

// MeantFor tells whether a course, in its step of a journey (0: outside the
// steps), is meant for somebody with an account there: a course for all for
// every employee, a course of a step for those in the step, a managers' course
// for managers. A course that is not meant for somebody can be taken all the
// same (domain.md, "Journeys").
func MeantFor(c catalogue.Course, courseStepID, stepID int64, employee, manager bool) bool {
	switch {
	case c.ForAll():
		return employee || stepID != 0
	case c.ForManagers() && manager:
		return true
	}
	return courseStepID != 0 && courseStepID == stepID
}

// TeamOf is the team as it is on the day. fault.Forbidden for those who lead
// nobody; fault.NotFound for a unit in which they lead nobody and for an unknown
// journey.
func TeamOf(ctx context.Context, q db.Querier, viewer access.Viewer, f TeamFilter, day clock.Day) (Team, error) {
	scope := access.Team(viewer)
	if scope.Empty() {
		return Team{}, fault.Forbidden
	}
	accounts, err := teamAccounts(ctx, q, scope, viewer.PersonID, day)
	if err != nil {
		return Team{}, err
	}
	journeys, err := catalogue.Journeys(ctx, q)
	if err != nil {
		return Team{}, err
	}
	var t Team
	if err := t.choose(accounts, journeys, f); err != nil || t.Journey.ID == 0 {
		return t, err
	}
	if t.Courses, err = teamCourses(ctx, q, t.Journey.ID, day); err != nil {
		return t, err
	}
	done, err := teamCompletions(ctx, q, scope, t.Journey.ID, day)
	if err != nil {
		return t, err
	}
	prepared, err := teamPrepared(ctx, q, scope, t.Journey.ID, day)
	if err != nil {
		return t, err
	}
	t.fill(accounts, done, prepared, f)
	return t, nil
}

// teamAccount is one of the staff in one journey; journeyID 0 for who has no
// account at all.
type teamAccount struct {
	Member
	journeyID int64
}

func teamColumns() access.Columns {
	return access.Columns{Region: "e.region_id", Municipality: "e.municipality_id", Unit: "e.organisation_id"}
}

func teamAccounts(ctx context.Context, q db.Querier, scope access.Scope, self int64, day clock.Day) ([]teamAccount, error) {
	condition, args := scope.Where(teamColumns())
	var b db.Builder
	b.Add(`
		SELECT
			p.id,
			p.given_name,
			p.family_name,
			e.title,
			o.id,
			o.name,
			COALESCE(a.journey_id, 0),
			COALESCE(s.id, 0),
			COALESCE(s.name, ''),
			EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id AND r.role = 'employee'
				AND r.from_day <= ? AND (r.to_day IS NULL OR r.to_day >= ?)),
			EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id AND r.role = 'manager'
				AND r.from_day <= ? AND (r.to_day IS NULL OR r.to_day >= ?))
		FROM employment AS e
		JOIN person AS p ON p.id = e.person_id
		JOIN organisation AS o ON o.id = e.organisation_id
		LEFT JOIN account AS a ON a.person_id = e.person_id AND a.opened_on <= ? AND (a.closed_on IS NULL OR a.closed_on > ?)
		LEFT JOIN account_step AS st ON st.account_id = a.id AND st.from_day <= ? AND (st.to_day IS NULL OR st.to_day >= ?)
		LEFT JOIN step AS s ON s.id = st.step_id`, day, day, day, day, day, day, day, day).
		Add("WHERE "+condition, args...).
		Add(`AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?) AND e.person_id <> ?
			ORDER BY e.sort_key, e.id
			LIMIT ?`, day, day, self, MaxTeam)
	return db.Rows(ctx, q, func(a *teamAccount) []any {
		return []any{
			&a.PersonID, &a.GivenName, &a.FamilyName, &a.Title, &a.UnitID, &a.Unit, &a.journeyID, &a.StepID, &a.Step, &a.Employee, &a.Manager,
		}
	}, b.String(), b.Args()...)
}

// choose finds the units and journeys of the staff and the journey to show.
func (t *Team) choose(accounts []teamAccount, journeys []catalogue.Journey, f TeamFilter) error {
	seen, units, inJourney := map[int64]bool{}, map[int64]bool{}, map[int64]int{}
	for _, a := range accounts {
		if !units[a.UnitID] {
			units[a.UnitID] = true
			t.Units = append(t.Units, TeamUnit{ID: a.UnitID, Name: a.Unit})
		}
		if f.UnitID != 0 && a.UnitID != f.UnitID {
			continue
		}
		if !seen[a.PersonID] {
			seen[a.PersonID] = true
			t.Staff++
		}
		inJourney[a.journeyID]++
	}
	if f.UnitID != 0 && !units[f.UnitID] {
		return fault.NotFound
	}
	most := 0
	for _, j := range journeys {
		n := inJourney[j.ID]
		if n > 0 {
			t.Journeys = append(t.Journeys, j)
		}
		if j.ID == f.JourneyID || f.JourneyID == 0 && n > most {
			t.Journey, most = j, n
		}
	}
	if f.JourneyID != 0 && t.Journey.ID == 0 {
		return fault.NotFound
	}
	return nil
}

func teamCourses(ctx context.Context, q db.Querier, journeyID int64, day clock.Day) ([]TeamCourse, error) {
	return db.Rows(ctx, q, func(c *TeamCourse) []any {
		return []any{&c.ID, &c.Slug, &c.Name, &c.ShortName, &c.Audience, &c.Days, &c.StepID}
	}, `
		SELECT
			c.id,
			c.slug,
			c.name,
			c.short_name,
			c.audience,
			c.days,
			COALESCE(cj.step_id, 0)
		FROM course_journey AS cj
		JOIN course AS c ON c.id = cj.course_id
		WHERE cj.journey_id = $1
		AND EXISTS (SELECT 1 FROM edition AS d WHERE d.course_id = c.id AND d.published_on <= $2)
		ORDER BY cj.ordinal`, journeyID, day)
}

// done is a completion of one of the staff.
type done struct {
	personID, courseID int64
	on                 clock.Day
}

func teamCompletions(ctx context.Context, q db.Querier, scope access.Scope, journeyID int64, day clock.Day) ([]done, error) {
	condition, args := scope.Where(teamColumns())
	var b db.Builder
	b.Add(`
		SELECT
			c.person_id,
			c.course_id,
			c.completed_on
		FROM employment AS e
		JOIN completion AS c ON c.person_id = e.person_id
		JOIN course_journey AS cj ON cj.course_id = c.course_id AND cj.journey_id = ?`, journeyID).
		Add("WHERE "+condition, args...).
		Add(`AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
			AND c.revoked_at IS NULL
			AND c.completed_on <= ?`, day, day, day)
	return db.Rows(ctx, q, func(d *done) []any { return []any{&d.personID, &d.courseID, &d.on} }, b.String(), b.Args()...)
}

// preparing is how far one of the staff has come in preparing for a course.
type preparing struct {
	personID, courseID int64
	Prepared
}

func teamPrepared(ctx context.Context, q db.Querier, scope access.Scope, journeyID int64, day clock.Day) ([]preparing, error) {
	condition, args := scope.Where(teamColumns())
	var b db.Builder
	b.Add(`
		SELECT
			s.person_id,
			s.course_id,
			COUNT(p.done_at),
			COUNT(*)
		FROM employment AS e
		JOIN study AS s ON s.person_id = e.person_id
		JOIN course_journey AS cj ON cj.course_id = s.course_id AND cj.journey_id = ?
		JOIN task AS k ON k.edition_id = s.edition_id AND k.phase = 'preparation' AND k.required
		LEFT JOIN progress AS p ON p.person_id = s.person_id AND p.task_id = k.id`, journeyID).
		Add("WHERE "+condition, args...).
		Add(`AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
			GROUP BY s.person_id, s.course_id`, day, day)
	return db.Rows(ctx, q, func(p *preparing) []any { return []any{&p.personID, &p.courseID, &p.Done, &p.Of} }, b.String(), b.Args()...)
}

// fill makes the members of the accounts and what they have completed.
func (t *Team) fill(accounts []teamAccount, completed []done, begun []preparing, f TeamFilter) {
	type key struct{ person, course int64 }
	prepared := make(map[key]Prepared, len(begun))
	for _, p := range begun {
		prepared[key{p.personID, p.courseID}] = p.Prepared
	}
	days := make(map[key]*clock.Day, len(completed))
	for i := range completed {
		days[key{completed[i].personID, completed[i].courseID}] = &completed[i].on
	}
	for _, a := range accounts {
		if a.journeyID != t.Journey.ID || f.UnitID != 0 && a.UnitID != f.UnitID {
			continue
		}
		t.Accounts++
		m := a.Member
		m.Done, m.Meant, m.Prepared = make([]*clock.Day, len(t.Courses)), make([]bool, len(t.Courses)), make([]Prepared, len(t.Courses))
		kept := f.MissingID == 0
		for i := range t.Courses {
			c := &t.Courses[i]
			m.Done[i], m.Prepared[i] = days[key{m.PersonID, c.ID}], prepared[key{m.PersonID, c.ID}]
			m.Meant[i] = MeantFor(c.Course, c.StepID, m.StepID, m.Employee, m.Manager)
			switch {
			case !m.Meant[i]:
			case m.Done[i] != nil:
				c.Meant++
				c.Done++
			default:
				c.Meant++
				m.Missing++
				kept = kept || c.ID == f.MissingID
			}
		}
		if kept {
			t.Members = append(t.Members, m)
		}
	}
	switch f.Sort {
	case "-name":
		slices.Reverse(t.Members)
	case "missing":
		slices.SortStableFunc(t.Members, func(a, b Member) int { return a.Missing - b.Missing })
	case "-missing":
		slices.SortStableFunc(t.Members, func(a, b Member) int { return b.Missing - a.Missing })
	}
	slices.SortFunc(t.Units, func(a, b TeamUnit) int { return slices.Compare(i18n.SortKey(a.Name), i18n.SortKey(b.Name)) })
}
