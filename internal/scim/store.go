package scim

import (
	"context"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/scim/resource"
)

// activeSQL is the condition that the employment runs on after today: who ends today is no
// longer active, so that whoever ends somebody sees it at once.
const activeSQL = `e.to_day IS NULL OR e.to_day > ? AND e.to_day > e.from_day`

// changedSQL is when somebody was last changed, as far as that is written down.
const changedSQL = `(
	SELECT MAX(t.at)
	FROM (
		SELECT a.created_at AS at FROM person AS a WHERE a.id = e.person_id
		UNION ALL
		SELECT b.changed_at FROM scim_user AS b WHERE b.municipality_id = e.municipality_id AND b.person_id = e.person_id
		UNION ALL
		SELECT c.changed_at FROM person_change AS c WHERE c.person_id = e.person_id
	) AS t)`

// userQuery is FROM and WHERE of the employments that make somebody a user of the viewer's
// municipality: that of today, else the last, else the first to come, wherever it is, and
// it has to be here. So whoever moves away is no longer told of, as on the pages.
func userQuery(viewer access.Viewer, today clock.Day, deletedToo bool) *db.Builder {
	condition, args := access.ManagePeople(viewer).Where(access.Columns{Municipality: "e.municipality_id", Region: "e.region_id"})
	var b db.Builder
	b.Add("FROM employed AS e WHERE "+condition, args...).
		Add(`
		AND NOT EXISTS (
			SELECT 1
			FROM employment AS w
			WHERE w.person_id = e.person_id
			AND w.from_day > e.from_day
			AND w.from_day <= ?
		)
		AND (e.from_day <= ? OR NOT EXISTS (SELECT 1 FROM employment AS w WHERE w.person_id = e.person_id AND w.from_day < e.from_day))`, today, today)
	if !deletedToo {
		b.Add(`AND (e.id NOT IN (SELECT deleted_employment_id FROM scim_user WHERE deleted_employment_id IS NOT NULL) OR `+activeSQL+")", today)
	}
	return &b
}

const userColumns = `
	p.id,
	p.given_name,
	p.family_name,
	COALESCE(p.email, ''),
	p.created_at,
	` + changedSQL + `,
	e.id,
	e.organisation_id,
	CASE WHEN o.kind = 'unit' THEN o.name ELSE '' END,
	e.title,
	e.from_day,
	e.to_day,
	s.person_id IS NOT NULL,
	COALESCE(s.user_name, ''),
	COALESCE(s.external_id, ''),
	COALESCE(s.employee_number, ''),
	COALESCE((SELECT MIN(n.number) FROM staff_number AS n WHERE n.person_id = p.id AND n.municipality_id = e.municipality_id), ''),
	COALESCE(s.deleted_employment_id = e.id, FALSE)`

func (u *user) columns() []any {
	return []any{
		&u.id, &u.given, &u.family, &u.email, &u.created, &u.changed, &u.employment, &u.unit, &u.department, &u.title, &u.from, &u.until,
		&u.known, &u.userName, &u.externalID, &u.employeeNumber, &u.staffID, &u.deleted,
	}
}

// readUsers are the users of the query, a page of them.
func readUsers(ctx context.Context, q db.Querier, found *db.Builder, order string, limit int, today clock.Day) ([]user, error) {
	var b db.Builder
	b.Add("SELECT"+userColumns+`
		FROM (SELECT e.id`).
		Append(found).
		Add("ORDER BY "+order+" LIMIT ?) AS found", limit).
		Add(`
		JOIN employment AS e ON e.id = found.id
		JOIN person AS p ON p.id = e.person_id
		JOIN organisation AS o ON o.id = e.organisation_id
		LEFT JOIN scim_user AS s ON s.municipality_id = e.municipality_id AND s.person_id = e.person_id
		ORDER BY ` + order)
	all, err := db.Rows(ctx, q, (*user).columns, b.String(), b.Args()...)
	for i := range all {
		all[i].complete(today)
	}
	return all, err
}

// idsOf are the employments that the query finds.
func idsOf(ctx context.Context, q db.Querier, found *db.Builder, order string) ([]int64, error) {
	var b db.Builder
	b.Add("SELECT e.id").Append(found).Add("ORDER BY " + order)
	return db.Rows(ctx, q, db.One[int64], b.String(), b.Args()...)
}

// readUser is the user with the identity; fault.NotFound also for those of others, and for
// those who were deleted unless they are asked for, too.
func readUser(ctx context.Context, q db.Querier, viewer access.Viewer, id int64, today clock.Day, deletedToo bool) (user, error) {
	found := userQuery(viewer, today, deletedToo).Add("AND e.person_id = ?", id)
	all, err := readUsers(ctx, q, found, "e.id", 1, today)
	if err != nil {
		return user{}, err
	}
	if len(all) == 0 {
		return user{}, fault.NotFound
	}
	return all[0], nil
}

// hold takes the person for this transaction: who changes them next sees what this one did.
func hold(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := db.Exec(ctx, tx, `UPDATE person SET id = id WHERE id = $1`, id)
	return err
}

// keep writes down what the client calls somebody. A staff id is theirs for good.
func keep(ctx context.Context, tx *db.Tx, municipality int64, u *user, w wanted, deleted *int64, now clock.Instant) error {
	var name, key *string
	after := *u
	after.userName, after.email, after.externalID, after.employeeNumber = "", w.email, w.externalID, w.employeeNumber
	if w.userName != after.name() { // else it follows
		folded := strings.ToLower(w.userName)
		name, key = &w.userName, &folded
	}
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO scim_user (municipality_id, person_id, user_name, user_name_key, external_id, employee_number, changed_at, deleted_employment_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (municipality_id, person_id) DO UPDATE SET
			user_name = excluded.user_name,
			user_name_key = excluded.user_name_key,
			external_id = excluded.external_id,
			employee_number = excluded.employee_number,
			changed_at = excluded.changed_at,
			deleted_employment_id = excluded.deleted_employment_id`,
		municipality, u.id, name, key, orNil(w.externalID), orNil(w.employeeNumber), now, deleted); err != nil {
		return err
	}
	// Lists are others now, also where no employment is: see kept.
	if _, err := db.Exec(ctx, tx, `UPDATE employment SET import_id = import_id WHERE id = $1`, u.employment); err != nil {
		return err
	}
	for _, number := range []string{w.externalID, w.employeeNumber} {
		if number == "" {
			continue
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO staff_number (municipality_id, number, person_id) VALUES ($1, $2, $3) ON CONFLICT (municipality_id, number) DO NOTHING`,
			municipality, number, u.id); err != nil {
			return err
		}
		whose, err := withNumber(ctx, tx, municipality, number)
		if err != nil {
			return err
		}
		if whose != u.id {
			return resource.Taken("scim.number_taken", "Number", number)
		}
	}
	return nil
}

// withNumber is whom the municipality gave the staff id, or who stands for them since a merge;
// 0 for nobody.
func withNumber(ctx context.Context, q db.Querier, municipality int64, number string) (int64, error) {
	ids, err := db.Rows(ctx, q, db.One[int64], `
		SELECT person_id FROM scim_user WHERE municipality_id = $1 AND external_id = $2
		UNION
		SELECT person_id FROM staff_number WHERE municipality_id = $1 AND number = $2
		ORDER BY person_id`, municipality, number)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return people.Remaining(ctx, q, ids[0])
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
