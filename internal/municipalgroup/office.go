package municipalgroup

import (
	"context"
	"errors"
	"slices"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/people"
)

// Offices are those that are given.
var Offices = []access.GroupOffice{access.GroupAdministrator, access.GroupSteering}

// Held is an office that somebody holds, held or will hold in a group.
type Held struct {
	ID       int64
	PersonID int64
	Name     string // in Officers; empty when the viewer may not see who it is
	Office   access.GroupOffice
	Group    Group // in OfPerson
	clock.Period
}

// Officers are who holds an office in the group, held or will hold one, those that run first:
// for those who give them. A name is told where the viewer may see the person.
func Officers(ctx context.Context, q db.Querier, viewer access.Viewer, g Group, day clock.Day) ([]Held, error) {
	if err := access.ManageGroups(viewer).Allow(g.Place()); err != nil {
		return nil, err
	}
	seen, args := access.Staff(viewer).Where(access.Columns{Region: "e.region_id", Municipality: "e.municipality_id"})
	var b db.Builder
	b.Add(`SELECT
			k.id,
			k.person_id,
			CASE WHEN EXISTS (
				SELECT 1
				FROM employed AS e
				WHERE e.person_id = k.person_id
				AND e.from_day <= ?
				AND (e.to_day IS NULL OR e.to_day >= ?)
				AND `+seen+`
			) THEN TRIM(p.given_name || ' ' || p.family_name) ELSE '' END,
			k.office,
			k.from_day,
			k.to_day
		FROM municipal_group_office AS k
		JOIN person AS p ON p.id = k.person_id`, append([]any{day, day}, args...)...).
		Add(`WHERE k.group_id = ?
		ORDER BY k.to_day IS NOT NULL AND k.to_day < ?, k.office, p.sort_key, k.from_day, k.id`, g.ID, day)
	return db.Rows(ctx, q, func(h *Held) []any { return []any{&h.ID, &h.PersonID, &h.Name, &h.Office, &h.From, &h.Until} }, b.String(), b.Args()...)
}

// OfPerson are the offices in groups that the person holds, held and will hold, those that run
// first, if the viewer may see the person.
func OfPerson(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, day clock.Day) ([]Held, error) {
	if err := people.Visible(ctx, q, viewer, personID, day); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(h *Held) []any {
		return append([]any{&h.ID, &h.PersonID, &h.Office, &h.From, &h.Until}, h.Group.columns()...)
	}, `
		SELECT k.id, k.person_id, k.office, k.from_day, k.to_day,`+columns+`
		FROM municipal_group_office AS k
		JOIN municipal_group AS g ON g.id = k.group_id
		WHERE k.person_id = $1
		ORDER BY
			k.to_day IS NOT NULL AND k.to_day < $2,
			k.from_day DESC,
			k.id DESC`, personID, day)
}

// Appointment is an office for somebody, from the day on.
type Appointment struct {
	Office access.GroupOffice
	From   clock.Day
}

// Give gives whoever has the e-mail address the office, as Appoint does, and
// writes to them. fault.Invalid "email" for anybody whom the viewer may not give it, in the same
// words as for nobody. It returns who it is.
func Give(ctx context.Context, tx *db.Tx, viewer access.Viewer, groupID int64, email string, a Appointment, site letter.Site, now clock.Instant) (name string, err error) {
	g, err := hold(ctx, tx, groupID, access.ManageGroups(viewer))
	if err != nil {
		return "", err
	}
	if strings.TrimSpace(email) == "" {
		return "", fault.Invalid("email", "groups.email_missing")
	}
	p, err := db.Row(ctx, tx, func(p *letter.Person) []any { return []any{&p.ID, &p.Given, &p.Family, &p.Email, &p.Language} },
		`SELECT id, given_name, family_name, email, language FROM person WHERE email = $1`, strings.ToLower(strings.TrimSpace(email)))
	if err == nil {
		err = Appoint(ctx, tx, viewer, groupID, p.ID, a, now)
	}
	if errors.Is(err, fault.NotFound) {
		err = fault.Invalid("email", "groups.email_unknown")
	}
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(p.Given + " " + p.Family), tell(ctx, tx, viewer, p, g, a, site, now)
}

// Appoint gives the person the office. It is given to those whom the viewer may
// change as people, where they are employed on that day: fault.NotFound for others.
// fault.Conflict "groups.office_held" when they hold it on that day or later.
func Appoint(ctx context.Context, tx *db.Tx, viewer access.Viewer, groupID, personID int64, a Appointment, now clock.Instant) error {
	g, err := hold(ctx, tx, groupID, access.ManageGroups(viewer))
	if err != nil {
		return err
	}
	if !slices.Contains(Offices, a.Office) {
		return fault.Invalid("office", "signup.choose_one")
	}
	if err := g.within(clock.Period{From: a.From}); err != nil {
		return err
	}
	if _, err := people.EmploymentIn(ctx, tx, access.ManagePeople(viewer), personID, a.From); err != nil {
		return err
	}
	until, err := lastDay(ctx, tx, viewer, g, personID)
	if err != nil {
		return err
	}
	if until != nil && *until < a.From {
		return fault.Invalid("from", "groups.office_outlasts", "Day", *until)
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO municipal_group_office (group_id, person_id, office, from_day, to_day, given_at, given_by)
		SELECT g.id, p.id, $3, $4, $7, $5, $6
		FROM municipal_group AS g
		CROSS JOIN person AS p
		WHERE g.id = $1
		AND p.id = $2
		AND NOT EXISTS (
			SELECT 1
			FROM municipal_group_office AS k
			WHERE k.group_id = $1
			AND k.person_id = $2
			AND k.office = $3
			AND (k.to_day IS NULL OR k.to_day >= $4)
		)`, groupID, personID, string(a.Office), a.From, now, viewer.ActorID(), until)
	if err == nil && n == 0 || db.IsUnique(err) {
		return fault.Conflict("groups.office_held")
	}
	if err != nil {
		return err
	}
	return audit.Changed(ctx, tx, viewer, audit.Role, personID)
}

// lastDay is until when an office may last: as long as the group, as who gives it administers
// the region, and as the person is employed there. nil without an end.
func lastDay(ctx context.Context, tx *db.Tx, viewer access.Viewer, g Group, personID int64) (*clock.Day, error) {
	var by []int64
	for _, each := range viewer.Grants {
		if each.Role == access.Regional && each.RegionID == g.RegionID {
			by = append(by, each.ID)
		}
	}
	var b db.Builder
	in, ids := db.In("id", append(by, 0))
	b.Add(`
		SELECT MIN(d.last)
		FROM (
			SELECT to_day AS last FROM municipal_group WHERE id = ?
			UNION ALL
			SELECT CASE WHEN COUNT(*) = COUNT(to_day) THEN MAX(to_day) END FROM employment WHERE person_id = ? AND region_id = ?
			UNION ALL`, g.ID, personID, g.RegionID).
		Add("SELECT CASE WHEN COUNT(*) = COUNT(to_day) THEN MAX(to_day) END FROM role_grant WHERE person_id = ? AND "+in+") AS d", append([]any{viewer.PersonID}, ids...)...)
	return db.Row(ctx, tx, db.One[*clock.Day], b.For(tx), b.Args()...)
}

// tell writes to who was given the office: what it opens, and that they sign in as before.
func tell(ctx context.Context, tx *db.Tx, viewer access.Viewer, p letter.Person, g Group, a Appointment, site letter.Site, now clock.Instant) error {
	l := i18n.For(p.Language)
	called, by := p.Given, viewer.Name
	if called == "" {
		called = p.Family // some have one name only
	}
	if by == "" {
		by = "Yrkesresan"
	}
	_, err := letter.PutPersonal(ctx, tx, letter.Personal{
		PersonID: p.ID, Kind: "role",
		Subject: l.T("groups.letter_subject", "Office", l.T(a.Office.Key()), "Group", g.Name),
		Body: l.T("groups.letter_body", "Name", called, "Office", l.T(a.Office.Key()), "Group", g.Name, "From", a.From, "By", by,
			"Opens", l.T("groups.letter_"+string(a.Office)), "Link", strings.TrimSuffix(site.Base, "/")+address.SignIn, "Address", p.Email),
	}, viewer.ActorID(), now)
	return err
}

// EndOffice lets an office end with the day last, as Leave does a membership.
func EndOffice(ctx context.Context, tx *db.Tx, viewer access.Viewer, groupID, officeID int64, last clock.Day, now clock.Instant) error {
	if _, err := hold(ctx, tx, groupID, access.ManageGroups(viewer)); err != nil {
		return err
	}
	if err := audit.ChangedBy(ctx, tx, viewer, audit.Role, `SELECT person_id FROM municipal_group_office WHERE id = $1 AND group_id = $2`, officeID, groupID); err != nil {
		return err
	}
	return end(ctx, tx, `municipal_group_office`, `given_at`, groupID, officeID, last, now)
}

// EndWithEmployment lets the person's offices in groups of the region where the employment is
// end with the day last, when they work there no longer: nobody comes back to them by being
// employed anew. It is part of ending the employment and asks no viewer.
func EndWithEmployment(ctx context.Context, tx *db.Tx, e people.Employment, personID int64, last clock.Day) error {
	const there = ` person_id = $1
		AND group_id IN (SELECT id FROM municipal_group WHERE region_id = $2)
		AND NOT EXISTS (
			SELECT 1
			FROM employment AS e
			WHERE e.person_id = $1
			AND e.region_id = $2
			AND (e.to_day IS NULL OR e.to_day > $3)
		) `
	if _, err := db.Exec(ctx, tx, `DELETE FROM municipal_group_office WHERE`+there+`AND from_day > $3`, personID, e.RegionID, last); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE municipal_group_office SET to_day = $3 WHERE`+there+`AND (to_day IS NULL OR to_day > $3)`, personID, e.RegionID, last)
	return err
}
