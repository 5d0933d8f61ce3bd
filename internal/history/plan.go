package history

import (
	"context"
	"fmt"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// fewest is the smallest number of answers that is taken: fewer could tell who gave them.
const fewest = 5

// readKnown reads what rows may name: the courses, and the region's municipalities.
func readKnown(ctx context.Context, q db.Querier, regionID int64, today clock.Day) (*known, error) {
	k := &known{courses: map[string]int64{}, municipalities: map[string]int64{}, published: map[int64]clock.Day{}, today: today}
	courses, err := catalogue.AllCourses(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, c := range courses {
		for _, name := range []string{c.Slug, c.Name, c.ShortName} {
			if name = fold(name); name == "" {
				continue
			}
			if other, taken := k.courses[name]; taken && other != c.ID {
				k.courses[name] = 0
				continue
			}
			k.courses[name] = c.ID
		}
	}
	type edition struct {
		course int64
		on     clock.Day
	}
	editions, err := db.Rows(ctx, q, func(e *edition) []any { return []any{&e.course, &e.on} }, `SELECT course_id, MIN(published_on) FROM edition WHERE published_on IS NOT NULL GROUP BY course_id`)
	if err != nil {
		return nil, err
	}
	for _, e := range editions {
		k.published[e.course] = e.on
	}
	type municipality struct {
		id               int64
		code, slug, name string
	}
	municipalities, err := db.Rows(ctx, q, func(m *municipality) []any { return []any{&m.id, &m.code, &m.slug, &m.name} },
		`SELECT id, COALESCE(code, slug), slug, name FROM organisation WHERE region_id = $1 AND kind = 'municipality'`, regionID)
	for _, m := range municipalities {
		for _, name := range []string{m.code, m.slug, m.name} {
			k.municipalities[fold(name)] = m.id
		}
	}
	return k, err
}

// plan says what the rows do, given what is there.
func plan(ctx context.Context, q db.Querier, viewer access.Viewer, i Import, rows []row, today clock.Day) error {
	var err error
	if i.Kind == Completions {
		if err = findPeople(ctx, q, viewer, i.RegionID, rows, today); err != nil {
			return err
		}
	}
	answered := map[asked]bool{}
	there, err := facts(ctx, q, i, rows, answered)
	if err != nil {
		return err
	}
	if i.Kind == Evaluations {
		rejectParts(rows)
	}
	lines := map[string]int{}
	for n := range rows {
		r := &rows[n]
		if r.act == Reject {
			continue
		}
		key := r.key(i.Kind)
		if before, twice := lines[key]; twice {
			r.reject(because(Row, "history.twice", "Line", before))
			continue
		}
		lines[key] = r.Line.Line
		switch was, is := there[key]; {
		case !is && i.Kind == Evaluations && answered[r.asked()]: // one more answer would tell how it differs
			r.reject(because(Question, "history.read_otherwise"))
		case !is:
		case was == r.value(i.Kind):
			r.act = Same
		case i.Kind == Completions:
			r.reject(because(CompletedOn, "history.completed_before", "Day", was))
		default:
			r.reject(because(Row, "history.read_otherwise"))
		}
	}
	return nil
}

// key tells of two rows whether they are about the same, value whether they say the same of it.
func (l Line) key(k Kind) string {
	switch k {
	case Completions:
		return fmt.Sprint(l.PersonID, " ", l.CourseID)
	case Rounds:
		return fmt.Sprint(l.CourseID, " ", l.Day, " ", l.MunicipalityID, " ", l.Round)
	case Evaluations:
	}
	return fmt.Sprint(l.CourseID, " ", l.Year, " ", l.Question, "\x00", l.Answer)
}

func (l Line) value(k Kind) string {
	switch k {
	case Completions:
		return l.Day.String()
	case Rounds:
		return fmt.Sprint(l.Participants, " ", l.Attended, " ", l.Place)
	case Evaluations:
	}
	return fmt.Sprint(l.Answers)
}

// findPeople finds whom rows of completions are about: by the number that their municipality calls
// them, and by the address, which must not be two people's. They work, or worked on the day, in a
// municipality of the region where the viewer may register completions; whoever does not is as
// unknown as who is not there.
func findPeople(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, rows []row, today clock.Day) error {
	for part := range slices.Chunk(rows, batch) {
		if err := identify(ctx, q, part); err != nil {
			return err
		}
		var ids []int64
		for _, r := range part {
			ids = append(ids, r.PersonID)
		}
		work, err := employments(ctx, q, viewer, regionID, ids)
		if err != nil {
			return err
		}
		for n := range part {
			r := &part[n]
			if r.act == Reject || slices.ContainsFunc(work[r.PersonID], func(p clock.Period) bool { return p.Holds(today) || p.Holds(r.Day) }) {
				continue
			}
			r.PersonID = 0
			c := Email
			if r.Email == "" {
				c = StaffID
			}
			r.reject(because(c, "history.person_unknown"))
		}
	}
	return nil
}

// identify finds who has the numbers and addresses of the rows, wherever they work.
func identify(ctx context.Context, q db.Querier, part []row) error {
	var emails, numbers []string
	for _, r := range part {
		if r.Email != "" {
			emails = append(emails, r.Email)
		}
		if r.StaffID != "" && r.MunicipalityID != 0 {
			numbers = append(numbers, r.StaffID)
		}
	}
	byEmail, err := pairs(ctx, q, "SELECT 0, email, id FROM person WHERE ", "email", emails)
	if err != nil {
		return err
	}
	byNumber, err := pairs(ctx, q, "SELECT municipality_id, number, person_id FROM staff_number WHERE ", "number", numbers)
	if err != nil {
		return err
	}
	for n := range part {
		r := &part[n]
		if r.act == Reject {
			continue
		}
		number, address := byNumber[keyed{r.MunicipalityID, r.StaffID}], byEmail[keyed{0, r.Email}]
		switch {
		case number != 0 && address != 0 && number != address:
			r.reject(because(Email, "history.two_people"))
		case number != 0:
			r.PersonID = number
		default:
			r.PersonID = address
		}
	}
	return nil
}

type keyed struct {
	at    int64
	value string
}

// pairs are people by a value of the column, and by where it holds.
func pairs(ctx context.Context, q db.Querier, query, column string, values []string) (map[keyed]int64, error) {
	found := map[keyed]int64{}
	if len(values) == 0 {
		return found, nil
	}
	type pair struct {
		keyed
		person int64
	}
	in, args := db.In(column, values)
	var b db.Builder
	b.Add(query+in, args...)
	all, err := db.Rows(ctx, q, func(p *pair) []any { return []any{&p.at, &p.value, &p.person} }, b.String(), b.Args()...)
	for _, p := range all {
		found[p.keyed] = p.person
	}
	return found, err
}

// employments are the periods in which the people work in the region, where the viewer may register
// completions. Who is protected has none.
func employments(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, ids []int64) (map[int64][]clock.Period, error) {
	type stretch struct {
		person int64
		clock.Period
	}
	people, args := db.In("e.person_id", ids)
	where, more := access.RegisterCompletions(viewer).Where(access.Columns{Region: "e.region_id", Municipality: "e.municipality_id"})
	var b db.Builder
	b.Add(`SELECT e.person_id, e.from_day, e.to_day FROM employed AS e WHERE e.region_id = ?`, regionID)
	b.Add(`AND `+people, args...).Add(`AND `+where, more...)
	all, err := db.Rows(ctx, q, func(s *stretch) []any { return []any{&s.person, &s.From, &s.Until} }, b.String(), b.Args()...)
	found := map[int64][]clock.Period{}
	for _, s := range all {
		found[s.person] = append(found[s.person], s.Period)
	}
	return found, err
}

// facts are what is there already, by key, as its value; answered are the questions that have
// answers.
func facts(ctx context.Context, q db.Querier, i Import, rows []row, answered map[asked]bool) (map[string]string, error) {
	found := map[string]string{}
	note := func(all []Line, err error) error {
		for _, l := range all {
			found[l.key(i.Kind)] = l.value(i.Kind)
			answered[l.asked()] = true
		}
		return err
	}
	switch i.Kind {
	case Completions:
		for part := range slices.Chunk(rows, batch) {
			var ids []int64
			for _, r := range part {
				if r.act != Reject {
					ids = append(ids, r.PersonID)
				}
			}
			in, args := db.In("person_id", ids)
			var b db.Builder
			b.Add(`SELECT person_id, course_id, completed_on FROM completion WHERE revoked_at IS NULL AND `+in, args...)
			if err := note(db.Rows(ctx, q, func(l *Line) []any { return []any{&l.PersonID, &l.CourseID, &l.Day} }, b.String(), b.Args()...)); err != nil {
				return nil, err
			}
		}
		return found, nil
	case Rounds:
		return found, note(db.Rows(ctx, q, func(l *Line) []any {
			return []any{&l.CourseID, &l.Round, &l.Day, &l.Place, &l.MunicipalityID, &l.Participants, &l.Attended}
		}, `
			SELECT course_id, label, day, place, municipality_id, participants, attended
			FROM history_day
			WHERE region_id = $1
			AND withdrawn_at IS NULL`, i.RegionID))
	case Evaluations:
	}
	return found, note(db.Rows(ctx, q, func(l *Line) []any { return []any{&l.CourseID, &l.Year, &l.Question, &l.Answer, &l.Answers} }, `
		SELECT course_id, year, question, answer, answers
		FROM history_answer
		WHERE region_id = $1
		AND withdrawn_at IS NULL`, i.RegionID))
}

// asked is a question about a course in a year.
type asked struct {
	course   int64
	year     int
	question string
}

func (l Line) asked() asked { return asked{l.CourseID, l.Year, l.Question} }

// rejectParts refuses the answers to a question that are not all there, or are fewer than may be
// told of: neither stands for what was answered.
func rejectParts(rows []row) {
	sums, broken := map[asked]int{}, map[asked]int{}
	for _, r := range rows {
		if sums[r.asked()] += r.Answers; r.act == Reject {
			broken[r.asked()] = r.Line.Line
		}
	}
	for n := range rows {
		r := &rows[n]
		if line, is := broken[r.asked()]; is {
			r.reject(because(Question, "history.question_broken", "Line", line))
		}
		if sums[r.asked()] < fewest {
			r.reject(because(Answers, "history.too_few", "Fewest", fewest))
		}
	}
}
