package people

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

// Add makes a person who is employed at the organisation from the day on.
func Add(ctx context.Context, tx *db.Tx, viewer access.Viewer, p NewPerson, organisationID int64, from clock.Day, title string, now clock.Instant) (int64, error) {
	if err := p.Check(); err != nil {
		return 0, err
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO person (given_name, family_name, email, sort_key, created_at)
		VALUES ($1, $2, $3, $4, $5)
		RETURNING id`, p.GivenName, p.FamilyName, p.address(), p.sortKey(), now)
	if db.IsUnique(err) {
		return 0, fault.Invalid("email", "fault.email_taken")
	}
	if err != nil {
		return 0, err
	}
	if err := KeepWords(ctx, tx, id); err != nil {
		return 0, err
	}
	if err := employ(ctx, tx, viewer, id, organisationID, from, title); err != nil {
		return 0, err
	}
	return id, audit.Changed(ctx, tx, viewer, audit.Person, id)
}

// Employ moves a person to the organisation from the day on: the employment
// that runs then ends the day before. The viewer manages people at the new
// place or at the old one.
func Employ(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID, organisationID int64, from clock.Day, title string) error {
	by := viewer
	now, err := EmploymentOn(ctx, tx, personID, from)
	if err != nil && fault.Of(err) == nil {
		return err
	}
	if err == nil {
		if now.From >= from {
			return fault.Invalid("from", "people.employed_later", "Day", now.From)
		}
		if _, err := db.Exec(ctx, tx, `UPDATE employment SET to_day = $2 WHERE id = $1`, now.ID, from-1); err != nil {
			return err
		}
		if access.ManagePeople(viewer).Covers(now.Place(personID)) {
			viewer = access.System() // who lets somebody go need not be at home at the new place
		}
	}
	return employBy(ctx, tx, by, viewer, personID, organisationID, from, title)
}

func employ(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID, organisationID int64, from clock.Day, title string) error {
	return employBy(ctx, tx, viewer, viewer, personID, organisationID, from, title)
}

// employBy is employ where by is written down as who did it, and viewer is asked whether
// they may.
func employBy(ctx context.Context, tx *db.Tx, by, viewer access.Viewer, personID, organisationID int64, from clock.Day, title string) error {
	org, err := organisation.ByID(ctx, tx, organisationID)
	if err != nil {
		return err
	}
	if org.Kind == organisation.Nation || !access.ManagePeople(viewer).Covers(org.Place()) {
		return fault.NotFound
	}
	if err := organisation.HoldOpen(ctx, tx, org, nil, "organisation"); err != nil {
		return err
	}
	var municipality *int64
	if org.MunicipalityID != 0 {
		municipality = &org.MunicipalityID
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO employment (person_id, organisation_id, region_id, municipality_id, title, sort_key, from_day)
		SELECT id, $2, $3, $4, $5, sort_key, $6 FROM person WHERE id = $1`, personID, org.ID, org.RegionID, municipality, title, from)
	if db.IsUnique(err) {
		return fault.Conflict("people.employed_already")
	}
	if err != nil {
		return err
	}
	return audit.Changed(ctx, tx, by, audit.Employment, personID)
}

// Leave ends the person's employment; day is the last one.
func Leave(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, day clock.Day) error {
	e, err := managedOn(ctx, tx, viewer, personID, day)
	if err != nil {
		return err
	}
	if _, err = db.Exec(ctx, tx, `UPDATE employment SET to_day = $2 WHERE id = $1`, e.ID, day); err != nil {
		return err
	}
	return audit.Changed(ctx, tx, viewer, audit.Employment, personID)
}

// theName is what the workplace was called when the employment ended.
var theName = organisation.NameOn("e.to_day")

var employmentColumns = `
	e.id,
	e.organisation_id,
	` + theName + `,
	e.region_id,
	COALESCE(e.municipality_id, 0),
	COALESCE(m.name, ''),
	e.title,
	e.form,
	e.shift,
	e.from_day,
	e.to_day`

const employmentTables = `
	FROM employment AS e
	JOIN organisation AS o ON o.id = e.organisation_id
	LEFT JOIN organisation AS m ON m.id = e.municipality_id`

func (e *Employment) columns() []any {
	return []any{
		&e.ID, &e.OrganisationID, &e.Organisation, &e.RegionID, &e.MunicipalityID, &e.Municipality,
		&e.Title, &e.Form, &e.Shift, &e.From, &e.Until,
	}
}

// EmploymentOn is where the person was employed on the day; fault.NotFound when
// nowhere. It is for the domain: it asks no viewer.
func EmploymentOn(ctx context.Context, q db.Querier, personID int64, day clock.Day) (Employment, error) {
	return db.Row(ctx, q, (*Employment).columns, `
		SELECT`+employmentColumns+employmentTables+`
		WHERE e.person_id = $1
		AND e.from_day <= $2
		AND (e.to_day IS NULL OR e.to_day >= $2)`, personID, day)
}

// managedOn is the person's employment on the day, if the viewer may change
// what concerns the people there.
func managedOn(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, day clock.Day) (Employment, error) {
	e, err := EmploymentOn(ctx, q, personID, day)
	if err != nil {
		return e, err
	}
	if !access.ManagePeople(viewer).Covers(e.Place(personID)) {
		return e, fault.NotFound
	}
	return e, nil
}

// OpenAccount opens the person's account in the journey, with its roles and
// step from the same day.
func OpenAccount(ctx context.Context, tx *db.Tx, viewer access.Viewer, a NewAccount) (int64, error) {
	var checks fault.Checks
	checks.Require(a.JourneyID != 0, "journey", "people.journey_missing")
	for _, role := range a.Roles {
		checks.Require(ValidRole(role), "roles", "people.unknown_role")
	}
	if err := checks.Err(); err != nil {
		return 0, err
	}
	if _, err := managedOn(ctx, tx, viewer, a.PersonID, a.OpenedOn); err != nil {
		if fault.Of(err) == fault.NotFound && access.ManagePeople(viewer).Everything {
			return 0, fault.Invalid("opened_on", "people.not_employed_then")
		}
		return 0, err
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO account (person_id, journey_id, opened_on, opened_by, profession_since)
		VALUES ($1, $2, $3, $4, $5)
		RETURNING id`, a.PersonID, a.JourneyID, a.OpenedOn, viewer.ActorID(), a.ProfessionSince)
	switch {
	case db.IsUnique(err):
		return 0, fault.Invalid("journey", "people.account_exists")
	case db.IsCheck(err):
		return 0, fault.NotFound
	case err != nil:
		return 0, err
	}
	for _, role := range a.Roles {
		if err := addRole(ctx, tx, id, role, a.OpenedOn); err != nil {
			return 0, err
		}
	}
	if err := audit.Changed(ctx, tx, viewer, audit.Account, a.PersonID); err != nil || a.StepID == 0 {
		return id, err
	}
	if err := addStep(ctx, tx, id, a.JourneyID, a.StepID, a.OpenedOn, ""); err != nil {
		return 0, err
	}
	return id, tellStep(ctx, tx, viewer, id, a.StepID, a.OpenedOn, "", nil)
}

func addRole(ctx context.Context, tx *db.Tx, accountID int64, role access.Role, from clock.Day) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO account_role (account_id, role, from_day) VALUES ($1, $2, $3)`, accountID, role, from)
	if db.IsUnique(err) {
		return fault.Conflict("people.role_exists")
	}
	return err
}

// account is the journey of an account that the viewer may change on the day.
func account(ctx context.Context, tx *db.Tx, viewer access.Viewer, accountID int64, day clock.Day) (journeyID int64, err error) {
	type ids struct{ person, journey int64 }
	a, err := db.Row(ctx, tx, func(i *ids) []any { return []any{&i.person, &i.journey} },
		`SELECT person_id, journey_id FROM account WHERE id = $1`, accountID)
	if err != nil {
		return 0, err
	}
	_, err = managedOn(ctx, tx, viewer, a.person, day)
	return a.journey, err
}

// SetRoles gives the account exactly the roles from the day on.
func SetRoles(ctx context.Context, tx *db.Tx, viewer access.Viewer, accountID int64, roles []access.Role, from clock.Day) error {
	if _, err := account(ctx, tx, viewer, accountID, from); err != nil {
		return err
	}
	held, err := db.Rows(ctx, tx, db.One[access.Role], `SELECT role FROM account_role WHERE account_id = $1 AND to_day IS NULL`, accountID)
	if err != nil {
		return err
	}
	for _, role := range Roles {
		has, wanted := slices.Contains(held, role), slices.Contains(roles, role)
		switch {
		case wanted && !has:
			err = addRole(ctx, tx, accountID, role, from)
		case has && !wanted:
			// A role given the same day was a slip: it never held.
			if _, err = db.Exec(ctx, tx, `DELETE FROM account_role WHERE account_id = $1 AND role = $2 AND from_day >= $3`, accountID, role, from); err == nil {
				_, err = db.Exec(ctx, tx, `UPDATE account_role SET to_day = $3 WHERE account_id = $1 AND role = $2 AND to_day IS NULL`, accountID, role, from-1)
			}
		}
		if err != nil {
			return err
		}
	}
	return accountChanged(ctx, tx, viewer, audit.Account, accountID)
}

// accountChanged notes that the viewer changed it of whose account it is.
func accountChanged(ctx context.Context, tx *db.Tx, viewer access.Viewer, kind audit.Kind, accountID int64) error {
	return audit.ChangedBy(ctx, tx, viewer, kind, `SELECT person_id FROM account WHERE id = $1`, accountID)
}

// CloseAccount closes the account; day is the first one on which it no longer
// counts.
func CloseAccount(ctx context.Context, tx *db.Tx, viewer access.Viewer, accountID int64, day clock.Day) error {
	if _, err := account(ctx, tx, viewer, accountID, day); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE account SET closed_on = $2 WHERE id = $1 AND closed_on IS NULL`, accountID, day)
	if db.IsCheck(err) {
		return fault.Invalid("day", "people.closed_before_opened")
	}
	if err != nil {
		return err
	}
	return accountChanged(ctx, tx, viewer, audit.Account, accountID)
}
