package people

import (
	"context"
	"errors"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
)

// managed is the person, if the viewer may change what concerns them: where they
// are, were last, or will be employed.
func managed(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, today clock.Day) (Detail, error) {
	d, err := Get(ctx, tx, viewer, personID, today)
	if err != nil {
		return d, err
	}
	if !d.managedBy(viewer, today) {
		return d, fault.NotFound
	}
	return d, nil
}

// managedBy tells whether the viewer may change what concerns the person.
func (d Detail) managedBy(viewer access.Viewer, day clock.Day) bool {
	return d.covered(access.ManagePeople(viewer), day)
}

// Correct says what the person is called and at which address they are reached.
// What it was until now is kept. moved tells that the address is another one:
// links that were sent to the old one are then to be ended. fault.Invalid as Add.
func Correct(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, p NewPerson, now clock.Instant) (moved bool, err error) {
	if err := p.Check(); err != nil {
		return false, err
	}
	was, err := managed(ctx, tx, viewer, personID, now.Day())
	if err != nil {
		return false, err
	}
	return correct(ctx, tx, viewer, was.Person, p, now)
}

// Readdress is Correct of the address alone, for whoever has asked whether the viewer may.
func Readdress(ctx context.Context, tx *db.Tx, viewer access.Viewer, was Person, email string, now clock.Instant) (moved bool, err error) {
	p := NewPerson{GivenName: was.GivenName, FamilyName: was.FamilyName, Email: email}
	if err := p.Check(); err != nil {
		return false, err
	}
	return correct(ctx, tx, viewer, was, p, now)
}

func correct(ctx context.Context, tx *db.Tx, viewer access.Viewer, was Person, p NewPerson, now clock.Instant) (moved bool, err error) {
	if was.GivenName == p.GivenName && was.FamilyName == p.FamilyName && was.Email == p.Email {
		return false, nil
	}
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO person_change (person_id, given_name, family_name, email, changed_at, changed_by)
		SELECT id, $4, $5, email, $2, $3 FROM person WHERE id = $1`, was.ID, now, viewer.ActorID(), was.GivenName, was.FamilyName); err != nil {
		return false, err
	}
	if was.Alias != "" {
		return correctProtected(ctx, tx, viewer, was, p)
	}
	_, err = db.Exec(ctx, tx, `UPDATE person SET given_name = $2, family_name = $3, email = $4, sort_key = $5 WHERE id = $1`,
		was.ID, p.GivenName, p.FamilyName, p.address(), p.sortKey())
	if db.IsUnique(err) {
		return false, fault.Invalid("email", "fault.email_taken")
	}
	if err != nil {
		return false, err
	}
	if _, err = db.Exec(ctx, tx, `UPDATE employment SET sort_key = $2 WHERE person_id = $1`, was.ID, p.sortKey()); err != nil {
		return false, err
	}
	if err := KeepWords(ctx, tx, was.ID); err != nil {
		return false, err
	}
	return was.Email != p.Email, audit.Changed(ctx, tx, viewer, audit.Person, was.ID)
}

// Change is what somebody was called, and at which address, until a correction.
type Change struct {
	Person // as it was
	At     clock.Instant
	By     string // empty for the product itself
}

// Changes are the corrections of somebody's name and address, the newest first,
// for those who may see the person.
func Changes(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, today clock.Day) ([]Change, error) {
	if err := Visible(ctx, q, viewer, personID, today); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(c *Change) []any { return []any{&c.ID, &c.GivenName, &c.FamilyName, &c.Email, &c.At, &c.By} }, `
		SELECT
			c.person_id,
			c.given_name,
			c.family_name,
			COALESCE(c.email, ''),
			c.changed_at,
			COALESCE(TRIM(p.given_name || ' ' || p.family_name), '')
		FROM person_change AS c
		LEFT JOIN person AS p ON p.id = c.changed_by
		WHERE c.person_id = $1
		ORDER BY c.id DESC`, personID)
}

// WithAddress is who has the e-mail address, if the viewer may see them;
// fault.NotFound otherwise.
func WithAddress(ctx context.Context, q db.Querier, viewer access.Viewer, email string, today clock.Day) (Detail, error) {
	id, err := db.Row(ctx, q, db.One[int64], `SELECT id FROM person WHERE email = $1`, strings.ToLower(strings.TrimSpace(email)))
	if err != nil {
		return Detail{}, err
	}
	return Get(ctx, q, viewer, id, today)
}

// Namesakes are those of the same name, whatever its case, who are employed on
// the day or later in the municipality of the organisation (RSS staff: at the
// region), if the viewer manages people there: perhaps the same person.
func Namesakes(ctx context.Context, q db.Querier, viewer access.Viewer, p NewPerson, organisationID int64, day clock.Day) ([]ListRow, error) {
	org, err := organisation.ByID(ctx, q, organisationID)
	if err != nil || !access.ManagePeople(viewer).Covers(org.Place()) {
		if errors.Is(err, fault.NotFound) {
			err = nil
		}
		return nil, err
	}
	from, until := i18n.SameKeys(strings.TrimSpace(p.FamilyName + " " + p.GivenName))
	return db.Rows(ctx, q, func(r *ListRow) []any { return []any{&r.ID, &r.GivenName, &r.FamilyName, &r.Title, &r.Unit} }, `
		SELECT
			p.id,
			p.given_name,
			p.family_name,
			e.title,
			o.name
		FROM employed AS e
		JOIN person AS p ON p.id = e.person_id
		JOIN organisation AS o ON o.id = e.organisation_id
		WHERE e.region_id = $1
		AND COALESCE(e.municipality_id, 0) = $2
		AND e.sort_key >= $3
		AND e.sort_key < $4
		AND (e.to_day IS NULL OR e.to_day >= $5)
		ORDER BY e.sort_key, e.id`, org.RegionID, org.MunicipalityID, from, until, day)
}

// Replace says where the person works instead of where the employment that began
// on the day says: that one never was. It is for who was put in the wrong place,
// on the day that they were put there or before the employment has begun.
// fault.Invalid "from" when it is too late, and then Employ moves from another day.
func Replace(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID, organisationID int64, from clock.Day, title string, today clock.Day) error {
	d, err := managed(ctx, tx, viewer, personID, from)
	if err != nil {
		return err
	}
	e := d.EmployedOn(from)
	if e == nil || e.From != from || e.Until != nil {
		return fault.Invalid("from", "people.employed_later", "Day", from)
	}
	added, err := db.Row(ctx, tx, db.One[clock.Instant], `SELECT created_at FROM person WHERE id = $1`, personID)
	if err != nil {
		return err
	}
	if from < today && (added.Day() != today || len(d.Employments) > 1) {
		return fault.Invalid("from", "people.employed_later", "Day", from)
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM employment WHERE id = $1`, e.ID); err != nil {
		return err
	}
	return employBy(ctx, tx, viewer, access.System(), personID, beginning{organisationID, from, title, e.Main})
}

// Remove takes away a person who was made by mistake, with their employments and
// accounts, while nothing else hangs on them. fault.Conflict
// "people.not_a_mistake" when something does: seats, courses, roles, a sign-in.
func Remove(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, now clock.Instant) error {
	if _, err := managed(ctx, tx, viewer, personID, now.Day()); err != nil {
		return err
	}
	if err := audit.Note(ctx, tx, viewer, audit.Erased, audit.Person, personID); err != nil {
		return err
	}
	const theirs = `account_id IN (SELECT id FROM account WHERE person_id = $1)`
	for _, statement := range []string{
		`DELETE FROM account_role WHERE ` + theirs,
		`DELETE FROM account_step WHERE ` + theirs,
		`DELETE FROM step_change WHERE ` + theirs,
		`DELETE FROM account_closure WHERE ` + theirs,
		`DELETE FROM account WHERE person_id = $1`,
		`DELETE FROM leave WHERE person_id = $1`,
		`DELETE FROM employment WHERE person_id = $1`,
		`DELETE FROM person_change WHERE person_id = $1`,
		`DELETE FROM staff_number WHERE person_id = $1`,
		`DELETE FROM personal_number WHERE person_id = $1`,
		`DELETE FROM scim_user WHERE person_id = $1`,
		`DELETE FROM welcome WHERE person_id = $1`,
		`DELETE FROM sign_in_link WHERE used_at IS NULL AND person_id = $1`,
		`UPDATE staff_import_row SET person_id = NULL WHERE person_id = $1`,
		`UPDATE sign_in_trouble SET person_id = NULL WHERE person_id = $1`,
		`UPDATE sign_in_letter SET person_id = NULL, code_hash = NULL WHERE person_id = $1`,
		`DELETE FROM person WHERE id = $1`,
	} {
		_, err := db.Exec(ctx, tx, statement, personID)
		if db.IsCheck(err) {
			return fault.Conflict("people.not_a_mistake")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ReopenAccount opens a closed account again from today on. The time in which it
// was closed is kept: figures of those days do not count it.
func ReopenAccount(ctx context.Context, tx *db.Tx, viewer access.Viewer, accountID int64, now clock.Instant) error {
	today := now.Day()
	if _, err := account(ctx, tx, viewer, accountID, today); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO account_closure (account_id, closed_on, reopened_on, reopened_at, reopened_by)
		SELECT id, closed_on, $2, $3, $4 FROM account WHERE id = $1 AND closed_on < $2`, accountID, today, now, viewer.ActorID()); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE account SET closed_on = NULL WHERE id = $1 AND closed_on IS NOT NULL`, accountID)
	if err == nil && n == 0 {
		err = fault.Conflict("people.account_open")
	}
	if err != nil {
		return err
	}
	return accountChanged(ctx, tx, viewer, audit.Account, accountID)
}

// Resume takes back that the person's employment of the day ends: it goes on as if nobody
// had said so, and who came from a staffing agency is the employer's own. fault.Conflict
// "people.employed_already" when another one follows it.
func Resume(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, day clock.Day) error {
	e, err := managedOn(ctx, tx, viewer, personID, day)
	if err != nil {
		return err
	}
	if e.Until == nil {
		return nil
	}
	// What follows may be what ran beside it, and became the main one by the end.
	follows, err := db.Row(ctx, tx, db.One[bool], `
		SELECT EXISTS (
			SELECT 1
			FROM employment AS f
			WHERE f.person_id = $1
			AND f.from_day > $2
			AND (f.main OR COALESCE(f.municipality_id, f.region_id) = $3)
			AND NOT EXISTS (
				SELECT 1
				FROM employment AS b
				WHERE b.person_id = $1
				AND b.id <> $4
				AND COALESCE(b.municipality_id, b.region_id) = COALESCE(f.municipality_id, f.region_id)
				AND b.from_day <= $2
				AND b.to_day >= $2
			)
		)`, personID, *e.Until, e.EmployerID(), e.ID)
	if err != nil {
		return err
	}
	if follows {
		return fault.Conflict("people.employed_already")
	}
	if _, err := db.Exec(ctx, tx, `UPDATE employment SET main = FALSE WHERE person_id = $1 AND from_day > $2`, personID, e.From); err != nil {
		return err
	}
	if _, err = db.Exec(ctx, tx, `UPDATE employment SET to_day = NULL, agency = '' WHERE id = $1`, e.ID); err != nil {
		return err
	}
	if err := keepMain(ctx, tx, personID, day); err != nil {
		return err
	}
	return audit.Changed(ctx, tx, viewer, audit.Employment, personID)
}
