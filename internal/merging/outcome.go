package merging

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/privacy"
)

// Outcome is what a merge does.
type Outcome struct {
	Kept, Gone people.Person       // as they were
	Email      string              // with which they sign in from then on; may be empty
	Sessions   int                 // that are ended
	Courses    []Course            // that who is gone has anything of
	Seats      []Seat              // of rounds in which both have one
	Jobs       []people.Employment // that come along
	Doubled    []people.Employment // of who is gone, where the same employer has who remains, too
	Roles      []Role
	Moved      []Count
	Stayed     []Count

	rounds []int64 // in which a seat is given up
	both   []int64 // in which both seats stay
	whole  []int64 // courses that become whole
}

// Course is a course afterwards.
type Course struct {
	Title          string
	Done, Required int         // tasks
	Completed      []clock.Day // of both, the one that counts first
	Certificates   int
	Whole          bool // completed because both count together
}

// Seat is a round in which both have a seat.
type Seat struct {
	Course, Label string
	First         clock.Day
	GivenUp       bool // that of who is gone; else the round has begun and both stay
}

// Role is a role that comes along. All of them are the viewer's to give.
type Role struct {
	Role         access.Role
	District     bool // the organisation is a district
	Organisation string
}

// Count is how many rows of a table.
type Count struct {
	Table string
	Rows  int
}

// coursesOf are the courses that the person has anything of.
func coursesOf(ctx context.Context, q db.Querier, personID int64) ([]int64, error) {
	return db.Rows(ctx, q, db.One[int64], `
		SELECT course_id FROM completion WHERE person_id = $1
		UNION
		SELECT course_id FROM study WHERE person_id = $1
		UNION
		SELECT r.course_id FROM enrolment AS n JOIN round AS r ON r.id = n.round_id WHERE n.person_id = $1 AND n.withdrawn_at IS NULL
		ORDER BY 1`, personID)
}

// read tells what has come of it, in the transaction.
func (o *Outcome) read(ctx context.Context, tx *db.Tx, r *record, courses []int64) error {
	if err := o.readCourses(ctx, tx, courses); err != nil {
		return err
	}
	in, args := db.In("r.id", append(slices.Clone(o.rounds), o.both...))
	var b db.Builder
	b.Add(`SELECT r.id, `+catalogue.TitleSQL("c")+`, r.label, r.first_day FROM round AS r JOIN course AS c ON c.id = r.course_id WHERE `+in, args...).Add("ORDER BY r.first_day, r.id")
	type row struct {
		id int64
		Seat
	}
	seats, err := db.Rows(ctx, tx, func(s *row) []any { return []any{&s.id, &s.Course, &s.Label, &s.First} }, b.String(), b.Args()...)
	if err != nil {
		return err
	}
	for _, s := range seats {
		s.GivenUp = slices.Contains(o.rounds, s.id)
		o.Seats = append(o.Seats, s.Seat)
	}
	if o.Jobs, err = o.readJobs(ctx, tx, r); err != nil {
		return err
	}
	if o.Doubled, err = readDoubled(ctx, tx, r); err != nil {
		return err
	}
	if o.Roles, err = o.readRoles(ctx, tx, r); err != nil {
		return err
	}
	return o.count(ctx, tx, r)
}

// keys are the numbers of the rows of the table of which the merge did one of the acts.
func (r *record) keys(table string, acts ...act) (ids []string) {
	for _, d := range r.dones {
		if d.table == table && slices.Contains(acts, d.act) && d.key["id"] != nil {
			ids = append(ids, *d.key["id"])
		}
	}
	return ids
}

// readJobs are the employments that come along.
func (o *Outcome) readJobs(ctx context.Context, tx *db.Tx, r *record) ([]people.Employment, error) {
	in, args := db.In("e.id", r.keys("employment", moved, added))
	var b db.Builder
	b.Add(`
		SELECT o.name, e.from_day, e.to_day, e.main
		FROM employment AS e
		JOIN organisation AS o ON o.id = e.organisation_id
		WHERE e.person_id = ?`, o.Kept.ID).Add("AND "+in, args...).Add("ORDER BY e.from_day, e.id")
	return db.Rows(ctx, tx, func(e *people.Employment) []any { return []any{&e.Organisation, &e.From, &e.Until, &e.Main} }, b.String(), b.Args()...)
}

// readDoubled are the employments that are kept aside, in whole or in part.
func readDoubled(ctx context.Context, tx *db.Tx, r *record) (all []people.Employment, err error) {
	for _, d := range r.dones {
		if d.table != "employment" || d.act != removed || !slices.ContainsFunc(r.doubled, func(id int64) bool { return same(d.key["id"], number(id)) }) {
			continue
		}
		e, err := db.Row(ctx, tx, func(e *people.Employment) []any { return []any{&e.Organisation} }, `SELECT name FROM organisation WHERE id = $1`, d.before["organisation_id"])
		if err != nil {
			return nil, err
		}
		if e.From, err = clock.ParseDay(*d.before["from_day"]); err != nil {
			return nil, err
		}
		if until := d.before["to_day"]; until != nil {
			day, err := clock.ParseDay(*until)
			if err != nil {
				return nil, err
			}
			e.Until = &day
		}
		all = append(all, e)
	}
	return all, nil
}

// readRoles are the roles that come along and run, or will.
func (*Outcome) readRoles(ctx context.Context, tx *db.Tx, r *record) ([]Role, error) {
	in, args := db.In("g.id", r.keys("role_grant", moved))
	var b db.Builder
	b.Add(`
		SELECT g.role, `+organisation.IsDistrictSQL("o.id")+`, o.name
		FROM role_grant AS g
		JOIN organisation AS o ON o.id = g.organisation_id
		WHERE (g.to_day IS NULL OR g.to_day >= ?)`, r.now.Day()).Add("AND "+in, args...).Add("ORDER BY g.id")
	return db.Rows(ctx, tx, func(g *Role) []any { return []any{&g.Role, &g.District, &g.Organisation} }, b.String(), b.Args()...)
}

// told are the places of which each row is told in words of its own, or is none of the
// person's doing.
var told = []string{"person", "person_word", "person_change", "session", "sign_in_link", "sign_in_letter", "last_sign_in", "employment"}

// count counts what moved, and what both have: it stays with who is gone, or is kept aside.
func (o *Outcome) count(ctx context.Context, tx *db.Tx, r *record) error {
	rows, aside := map[string]int{}, map[string]int{}
	for _, d := range r.dones {
		switch d.act {
		case moved:
			rows[d.table]++
		case removed:
			aside[d.table]++
		case changed, added, swapped:
		}
	}
	for _, p := range privacy.Places {
		if slices.Contains(told, p.Table) || p.Merge != privacy.Moves && p.Merge != privacy.Joins || p.Table == "account_role" || p.Table == "level_up" {
			continue
		}
		if n := rows[p.Table]; n > 0 {
			o.Moved = append(o.Moved, Count{p.Table, n})
		}
		n, err := db.Row(ctx, tx, db.One[int], `SELECT COUNT(*) FROM `+p.Table+` WHERE person_id = $1`, o.Gone.ID)
		if err != nil {
			return err
		}
		if n += aside[p.Table]; n > 0 {
			o.Stayed = append(o.Stayed, Count{p.Table, n})
		}
	}
	return nil
}

// readCourses reads what each course is afterwards.
func (o *Outcome) readCourses(ctx context.Context, tx *db.Tx, courses []int64) error {
	for _, id := range courses {
		c, err := db.Row(ctx, tx, func(c *Course) []any { return []any{&c.Title, &c.Done, &c.Required, &c.Certificates} }, `
			SELECT
				`+catalogue.TitleSQL("c")+`,
				(SELECT COUNT(*) FROM task AS t JOIN progress AS p ON p.task_id = t.id AND p.person_id = $1 WHERE t.edition_id = s.edition_id AND t.required AND p.done_at IS NOT NULL),
				(SELECT COUNT(*) FROM task AS t WHERE t.edition_id = s.edition_id AND t.required),
				(SELECT COUNT(*) FROM certificate AS f JOIN completion AS d ON d.id = f.completion_id WHERE f.person_id = $1 AND d.course_id = c.id AND d.revoked_at IS NULL)
			FROM course AS c
			LEFT JOIN study AS s ON s.course_id = c.id AND s.person_id = $1
			WHERE c.id = $2`, o.Kept.ID, id)
		if err != nil {
			return err
		}
		if c.Completed, err = db.Rows(ctx, tx, db.One[clock.Day], `
			SELECT completed_on
			FROM completion
			WHERE course_id = $1 AND person_id IN ($2, $3) AND revoked_at IS NULL
			ORDER BY CASE WHEN person_id = $2 THEN 0 ELSE 1 END, completed_on`, id, o.Kept.ID, o.Gone.ID); err != nil {
			return err
		}
		c.Whole = slices.Contains(o.whole, id)
		o.Courses = append(o.Courses, c)
	}
	return nil
}

// Lost is the address with which they no longer sign in; empty when there was one only.
func (o Outcome) Lost() string {
	for _, email := range []string{o.Kept.Email, o.Gone.Email} {
		if email != o.Email {
			return email
		}
	}
	return ""
}

// tell writes to the person, at both addresses.
func (o Outcome) tell(ctx context.Context, tx *db.Tx, viewer access.Viewer, site letter.Site, now clock.Instant) error {
	l := i18n.For(o.Kept.Language)
	args := []any{"Name", o.Kept.Name(), "Email", o.Email, "Old", o.Lost(), "Link", site.Base + address.SignIn}
	subject := l.T("merging.letter_subject")
	if o.Email != "" {
		if _, err := letter.PutPersonal(ctx, tx, letter.Personal{PersonID: o.Kept.ID, Kind: "merger", Subject: subject, Body: l.T("merging.letter_body", args...)}, viewer.ActorID(), now); err != nil {
			return err
		}
	}
	if o.Lost() == "" {
		return nil
	}
	return mail.Send(ctx, tx, mail.Letter{To: o.Lost(), Subject: subject, Text: l.T("merging.letter_old_body", args...)})
}
