package learning

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
)

// TeamFilter narrows a team. Without a journey it is the one that most of the
// staff have an account in, of those that the course of LacksID belongs to;
// LacksID keeps those who lack that course.
type TeamFilter struct {
	UnitID    int64
	JourneyID int64
	LacksID   int64
	Sort      string // "name" unless told, "-name", "missing", "-missing"
}

// Team is the staff whom the viewer leads against the courses of one journey.
type Team struct {
	Units    []TeamUnit          // where the staff work, in Swedish order
	Journeys []catalogue.Journey // in which any of the staff have an account
	Journey  catalogue.Journey   // the one shown; zero when there is none
	Courses  []TeamCourse
	Ended    []TeamCourse // retired ones of the journey, which nobody lacks
	Members  []Member     // those with an account in the journey, as filtered and sorted
	Accounts int          // of the staff in the journey, before LacksID narrows
	Staff    int          // all of them
}

// TeamUnit is where some of the staff work.
type TeamUnit struct {
	ID   int64
	Name string
}

// TeamCourse is a course with the number of the staff whom it is meant for, of
// those of them who have completed it, of those who lack it, and of those of these
// who are to be signed up.
type TeamCourse struct {
	catalogue.Course
	Meant    int
	Done     int
	Lacking  Lacking
	ToSignUp int

	RetiredFrom *clock.Day // the first day without the course, nil: it holds
}

// Member is one of the staff, with where they stand by the team's courses, and
// how many of these they lack.
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
	Stands     []Stand
	Prepared   []Prepared // zero where nothing is begun
	Lacking    Lacking
	Away       *clock.Day // as in Stand
}

// Back is as in Stand.
func (m Member) Back() (day clock.Day, known bool) { return Stand{Away: m.Away}.Back() }

// Prepared is how many of a course's required preparation tasks somebody who has
// begun it has done. What they have answered is theirs.
type Prepared struct{ Done, Of int }

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
	inJourney, err := t.narrow(accounts, journeys, f)
	if err != nil || len(t.Journeys) == 0 && f.JourneyID == 0 {
		return t, err
	}
	courses, err := teamCourses(ctx, q, day)
	if err != nil {
		return t, err
	}
	t.choose(journeys, inJourney, courses, f)
	if t.Journey.ID == 0 {
		return t, nil
	}
	condition, args := scope.Where(teamColumns())
	facts, err := FactsOf(ctx, q, Reading{Where: condition, Args: args}, day)
	if err != nil {
		return t, err
	}
	prepared, err := teamPrepared(ctx, q, scope, t.Journey.ID, day)
	if err != nil {
		return t, err
	}
	t.fill(accounts, courses, facts, prepared, f)
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
		FROM employed AS e
		JOIN person AS p ON p.id = e.person_id
		JOIN organisation AS o ON o.id = e.organisation_id
		LEFT JOIN account AS a ON a.person_id = e.person_id AND a.opened_on <= ? AND (a.closed_on IS NULL OR a.closed_on > ?)
		LEFT JOIN account_step AS st ON st.account_id = a.id AND st.from_day <= ? AND (st.to_day IS NULL OR st.to_day >= ?)
		LEFT JOIN step AS s ON s.id = st.step_id`, day, day, day, day, day, day, day, day).
		Add("WHERE "+condition, args...).
		Add(`AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?) AND e.person_id <> ?
			ORDER BY e.sort_key, e.id`, day, day, self)
	return db.Rows(ctx, q, func(a *teamAccount) []any {
		return []any{
			&a.PersonID, &a.GivenName, &a.FamilyName, &a.Title, &a.UnitID, &a.Unit, &a.journeyID, &a.StepID, &a.Step, &a.Employee, &a.Manager,
		}
	}, b.String(), b.Args()...)
}

// narrow finds the units and journeys of the staff, and how many are in each
// journey.
func (t *Team) narrow(accounts []teamAccount, journeys []catalogue.Journey, f TeamFilter) (inJourney map[int64]int, err error) {
	seen, units := map[int64]bool{}, map[int64]bool{}
	inJourney = map[int64]int{}
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
	if f.UnitID != 0 && !units[f.UnitID] ||
		f.JourneyID != 0 && !slices.ContainsFunc(journeys, func(j catalogue.Journey) bool { return j.ID == f.JourneyID }) {
		return nil, fault.NotFound
	}
	for _, j := range journeys {
		if inJourney[j.ID] > 0 {
			t.Journeys = append(t.Journeys, j)
		}
	}
	return inJourney, nil
}

// choose finds the journey to show, and its courses. A course that belongs to
// none of the staff's journeys chooses none of them.
func (t *Team) choose(journeys []catalogue.Journey, inJourney map[int64]int, courses []courseInJourney, f TeamFilter) {
	has := func(j catalogue.Journey) bool {
		return slices.ContainsFunc(courses, func(c courseInJourney) bool { return c.ID == f.LacksID && c.journeyID == j.ID })
	}
	ours := slices.ContainsFunc(t.Journeys, has)
	most := 0
	for _, j := range journeys {
		if n := inJourney[j.ID]; j.ID == f.JourneyID || f.JourneyID == 0 && n > most && (!ours || has(j)) {
			t.Journey, most = j, n
		}
	}
	for _, c := range courses {
		switch course := (TeamCourse{Course: c.Course, RetiredFrom: c.retiredFrom}); {
		case c.journeyID != t.Journey.ID:
		case c.ended:
			t.Ended = append(t.Ended, course)
		default:
			t.Courses = append(t.Courses, course)
		}
	}
}

// courseInJourney is a course that people are asked for, or one that has ended, in one
// of its journeys; stepID 0 is outside the steps.
type courseInJourney struct {
	catalogue.Course
	journeyID, stepID int64
	retiredFrom       *clock.Day
	ended             bool
}

// teamCourses are those of all journeys: whom a course is meant for is a matter
// of each of somebody's accounts.
func teamCourses(ctx context.Context, q db.Querier, day clock.Day) ([]courseInJourney, error) {
	return db.Rows(ctx, q, func(c *courseInJourney) []any {
		return []any{&c.ID, &c.Slug, &c.Name, &c.ShortName, &c.Audience, &c.Days, &c.journeyID, &c.stepID, &c.retiredFrom, &c.ended}
	}, `
		SELECT
			c.id,
			c.slug,
			c.name,
			c.short_name,
			c.audience,
			c.days,
			cj.journey_id,
			COALESCE(cj.step_id, 0),
			`+lifetime.RetiredFromSQL("c.id")+`,
			NOT `+lifetime.HoldsSQL("c.id", "$1")+`
		FROM course_journey AS cj
		JOIN course AS c ON c.id = cj.course_id
		WHERE `+lifetime.DemandedSQL("c.id", "$1")+`
		OR NOT `+lifetime.HoldsSQL("c.id", "$1")+`
		ORDER BY cj.journey_id, cj.ordinal`, day)
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
		FROM employed AS e
		JOIN study AS s ON s.person_id = e.person_id
		JOIN course_journey AS cj ON cj.course_id = s.course_id AND cj.journey_id = ?
		JOIN task AS k ON k.edition_id = s.edition_id AND k.phase = 'preparation' AND k.required
		LEFT JOIN progress AS p ON p.person_id = s.person_id AND p.task_id = k.id`, journeyID).
		Add("WHERE "+condition, args...).
		Add(`AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
			GROUP BY s.person_id, s.course_id`, day, day)
	return db.Rows(ctx, q, func(p *preparing) []any { return []any{&p.personID, &p.courseID, &p.Done, &p.Of} }, b.String(), b.Args()...)
}

// fill makes the members of the accounts and the facts about them.
func (t *Team) fill(accounts []teamAccount, courses []courseInJourney, facts Facts, begun []preparing, f TeamFilter) {
	prepared := make(map[PersonCourse]Prepared, len(begun))
	for _, p := range begun {
		prepared[PersonCourse{p.personID, p.courseID}] = p.Prepared
	}
	meant := map[PersonCourse]bool{}
	for _, a := range accounts {
		for _, c := range courses {
			if c.journeyID == a.journeyID && MeantFor(c.Course, c.stepID, a.StepID, a.Employee, a.Manager) {
				meant[PersonCourse{a.PersonID, c.ID}] = true
			}
		}
	}
	for _, a := range accounts {
		if a.journeyID != t.Journey.ID || f.UnitID != 0 && a.UnitID != f.UnitID {
			continue
		}
		t.Accounts++
		m := a.Member
		m.Away = facts.away[m.PersonID]
		m.Stands, m.Prepared = make([]Stand, len(t.Courses)), make([]Prepared, len(t.Courses))
		kept := f.LacksID == 0
		for i := range t.Courses {
			c := &t.Courses[i]
			key := PersonCourse{m.PersonID, c.ID}
			s := facts.Stand(m.PersonID, c.ID, meant[key])
			m.Stands[i], m.Prepared[i] = s, prepared[key]
			m.Lacking.Count(s)
			c.Lacking.Count(s)
			if s.Meant {
				c.Meant++
			}
			if s.Meant && s.Done != nil {
				c.Done++
			}
			if s.ToSignUp() {
				c.ToSignUp++
			}
			kept = kept || c.ID == f.LacksID && s.Lacks()
		}
		if kept {
			t.Members = append(t.Members, m)
		}
	}
	switch f.Sort {
	case "-name":
		slices.Reverse(t.Members)
	case "missing":
		slices.SortStableFunc(t.Members, func(a, b Member) int { return a.Lacking.All - b.Lacking.All })
	case "-missing":
		slices.SortStableFunc(t.Members, func(a, b Member) int { return b.Lacking.All - a.Lacking.All })
	}
	slices.SortFunc(t.Units, func(a, b TeamUnit) int { return slices.Compare(i18n.SortKey(a.Name), i18n.SortKey(b.Name)) })
}
