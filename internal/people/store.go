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
	if err := employ(ctx, tx, viewer, id, organisationID, from, title, true); err != nil {
		return 0, err
	}
	return id, audit.Changed(ctx, tx, viewer, audit.Person, id)
}

// Employ moves a person to the organisation from the day on: the employment that Leaves
// says ends the day before. The viewer manages people at the new place or at the old one.
func Employ(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID, organisationID int64, from clock.Day, title string) error {
	by := viewer
	now, err := Leaves(ctx, tx, viewer, personID, organisationID, from)
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
	return employBy(ctx, tx, by, viewer, personID, beginning{organisationID, from, title, err != nil || now.Main})
}

// Leaves is the employment that somebody who begins at the organisation on the day leaves:
// that with the same employer, else the one that the viewer manages, else the main one.
// fault.NotFound when they are employed nowhere then.
func Leaves(ctx context.Context, q db.Querier, viewer access.Viewer, personID, organisationID int64, day clock.Day) (Employment, error) {
	running, err := EmploymentsOn(ctx, q, personID, day)
	if err != nil {
		return Employment{}, err
	}
	if len(running) == 0 {
		return Employment{}, fault.NotFound
	}
	if len(running) == 1 {
		return running[0], nil
	}
	org, err := organisation.ByID(ctx, q, organisationID)
	if err != nil {
		return Employment{}, err
	}
	to := Employment{RegionID: org.RegionID, MunicipalityID: org.MunicipalityID}
	for _, e := range running {
		if e.EmployerID() == to.EmployerID() {
			return e, nil
		}
	}
	if e := within(running, access.ManagePeople(viewer), personID); e != nil {
		return *e, nil
	}
	return running[0], nil
}

// employ lets an employment begin. main tells that it takes the place of the main one.
func employ(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID, organisationID int64, from clock.Day, title string, main bool) error {
	return employBy(ctx, tx, viewer, viewer, personID, beginning{organisationID, from, title, main})
}

// beginning is an employment that begins.
type beginning struct {
	organisationID int64
	from           clock.Day
	title          string
	main           bool
}

// employBy is employ where by is written down as who did it, and viewer is asked whether
// they may.
func employBy(ctx context.Context, tx *db.Tx, by, viewer access.Viewer, personID int64, e beginning) error {
	org, err := organisation.ByID(ctx, tx, e.organisationID)
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
	if err := employedThere(ctx, tx, personID, Employment{RegionID: org.RegionID, MunicipalityID: org.MunicipalityID}.EmployerID(), e.from); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO employment (person_id, organisation_id, region_id, municipality_id, title, sort_key, from_day, main)
		SELECT id, $2, $3, $4, $5, sort_key, $6, $7 FROM person WHERE id = $1`, personID, org.ID, org.RegionID, municipality, e.title, e.from, e.main)
	if db.IsUnique(err) {
		return fault.Conflict("people.employed_already")
	}
	if err != nil {
		return err
	}
	if err := keepMain(ctx, tx, personID, e.from); err != nil {
		return err
	}
	return audit.Changed(ctx, tx, by, audit.Employment, personID)
}

// employedThere is nil when the employer does not employ the person on the day or later;
// otherwise fault.Conflict "people.employed_already".
func employedThere(ctx context.Context, q db.Querier, personID, employerID int64, day clock.Day) error {
	there, err := db.Row(ctx, q, db.One[bool], `
		SELECT EXISTS (
			SELECT 1
			FROM employment
			WHERE person_id = $1
			AND COALESCE(municipality_id, region_id) = $2
			AND (to_day IS NULL OR to_day >= $3)
		)`, personID, employerID, day)
	if err == nil && there {
		err = fault.Conflict("people.employed_already")
	}
	return err
}

// Leave ends the person's employment; day is the last one. Of two it is the one that the
// viewer manages, the main one first; LeaveEmployer says which.
func Leave(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, day clock.Day) error {
	return LeaveEmployer(ctx, tx, viewer, personID, 0, day)
}

// LeaveEmployer ends the person's employment with the employer, a municipality or for RSS
// staff the region; 0 is Leave.
func LeaveEmployer(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID, employerID int64, day clock.Day) error {
	e, err := ManagedBy(ctx, tx, viewer, personID, employerID, day)
	if err != nil {
		return err
	}
	if _, err = db.Exec(ctx, tx, `UPDATE employment SET to_day = $2 WHERE id = $1`, e.ID, day); err != nil {
		return err
	}
	if err := keepMain(ctx, tx, personID, day+1); err != nil {
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
	e.agency,
	e.from_day,
	e.to_day,
	e.main,
	EXISTS (SELECT 1 FROM protected_person AS x WHERE x.person_id = e.person_id)`

const employmentTables = `
	FROM employment AS e
	JOIN organisation AS o ON o.id = e.organisation_id
	LEFT JOIN organisation AS m ON m.id = e.municipality_id`

func (e *Employment) columns() []any {
	return []any{
		&e.ID, &e.OrganisationID, &e.Organisation, &e.RegionID, &e.MunicipalityID, &e.Municipality,
		&e.Title, &e.Form, &e.Shift, &e.Agency, &e.From, &e.Until, &e.Main, &e.Protected,
	}
}

// EmploymentOn is where the person was employed on the day, mainly when it was in two
// places; fault.NotFound when nowhere. It is for the domain: it asks no viewer.
func EmploymentOn(ctx context.Context, q db.Querier, personID int64, day clock.Day) (Employment, error) {
	return db.Row(ctx, q, (*Employment).columns, `
		SELECT`+employmentColumns+employmentTables+`
		WHERE e.person_id = $1
		AND e.from_day <= $2
		AND (e.to_day IS NULL OR e.to_day >= $2)
		ORDER BY e.main DESC, e.id
		LIMIT 1`, personID, day)
}

// EmploymentsOn are the person's employments of the day, the main one first. It asks no
// viewer.
func EmploymentsOn(ctx context.Context, q db.Querier, personID int64, day clock.Day) ([]Employment, error) {
	return db.Rows(ctx, q, (*Employment).columns, `
		SELECT`+employmentColumns+employmentTables+`
		WHERE e.person_id = $1
		AND e.from_day <= $2
		AND (e.to_day IS NULL OR e.to_day >= $2)
		ORDER BY e.main DESC, e.from_day, e.id`, personID, day)
}

// EmploymentIn is the person's employment of the day that lies in the scope, the main one
// first; fault.NotFound when none does.
func EmploymentIn(ctx context.Context, q db.Querier, scope access.Scope, personID int64, day clock.Day) (Employment, error) {
	running, err := EmploymentsOn(ctx, q, personID, day)
	if err != nil {
		return Employment{}, err
	}
	if e := within(running, scope, personID); e != nil {
		return *e, nil
	}
	return Employment{}, fault.NotFound
}

// within is the first of the employments that the scope covers, or nil.
func within(all []Employment, scope access.Scope, personID int64) *Employment {
	for i := range all {
		if scope.Covers(all[i].Place(personID)) {
			return &all[i]
		}
	}
	return nil
}

// managedOn is the person's employment on the day, if the viewer may change
// what concerns the people there.
func managedOn(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, day clock.Day) (Employment, error) {
	return EmploymentIn(ctx, q, access.ManagePeople(viewer), personID, day)
}

// ManagedBy is the person's employment on the day with the employer (0: with any, the main
// one first), if the viewer may change what concerns the people there.
func ManagedBy(ctx context.Context, q db.Querier, viewer access.Viewer, personID, employerID int64, day clock.Day) (Employment, error) {
	running, err := EmploymentsOn(ctx, q, personID, day)
	if err != nil {
		return Employment{}, err
	}
	running = slices.DeleteFunc(running, func(e Employment) bool { return employerID != 0 && e.EmployerID() != employerID })
	if e := within(running, access.ManagePeople(viewer), personID); e != nil {
		return *e, nil
	}
	return Employment{}, fault.NotFound
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
