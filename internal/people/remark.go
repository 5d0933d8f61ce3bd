package people

import (
	"context"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/affiliation"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/mail"
)

const (
	longestRemark = 1000 // characters
	mostRemarks   = 5    // of one person that wait
)

// Remark is what somebody says is wrong with what is kept about them. It went to the
// Readers, administrators of the organisation, and waits until one of them says that it
// is done.
type Remark struct {
	ID        int64
	PersonID  int64
	Name      string
	Text      string
	WrittenAt clock.Instant
	DoneAt    *clock.Instant
	Readers   []string
}

// Self is what somebody is told about themselves. Employment is the one on the day, the
// last or the next one; nil without any. Managers lead the unit, Administrators are who
// get what they say is wrong.
type Self struct {
	Detail
	Employment     *Employment
	Managers       []Person
	Administrators []Person
	Remarks        []Remark // the newest first
}

// SelfOf is the viewer's own. fault.Forbidden for a viewer who is nobody.
func SelfOf(ctx context.Context, q db.Querier, viewer access.Viewer, day clock.Day) (s Self, err error) {
	if viewer.PersonID == 0 {
		return s, fault.Forbidden
	}
	if s.Detail, err = Get(ctx, q, viewer, viewer.PersonID, day); err != nil {
		return s, err
	}
	s.Employment = s.EmployedOn(day)
	if e := s.Employment; e != nil {
		if s.Managers, err = holders(ctx, q, access.Manager, e.OrganisationID, s.ID, day); err != nil {
			return s, err
		}
		if s.Administrators, _, err = administrators(ctx, q, *e, s.ID, day); err != nil {
			return s, err
		}
	}
	s.Remarks, err = remarks(ctx, q, `WHERE r.person_id = ? ORDER BY r.id DESC, p.sort_key, p.id`, viewer.PersonID)
	return s, err
}

// administrators are those who can mend what is wrong with somebody, and of which
// organisation they are: the municipality's, and where it has none the region's, if that
// may see names. Nobody
// mends their own. For somebody whose identity is protected it is those named.
func administrators(ctx context.Context, q db.Querier, e Employment, but int64, day clock.Day) ([]Person, int64, error) {
	if e.Protected {
		guards, err := guardsAt(ctx, q, e.MunicipalityID, but, day)
		return guards, e.MunicipalityID, err
	}
	if e.MunicipalityID != 0 {
		local, err := holders(ctx, q, access.MunicipalAdmin, e.MunicipalityID, but, day)
		if err != nil || len(local) > 0 {
			return local, e.MunicipalityID, err
		}
	}
	if e.MunicipalityID != 0 {
		seen, err := affiliation.Holds(ctx, q, affiliation.Names, e.MunicipalityID, day)
		if err != nil || !seen {
			return nil, 0, err
		}
	}
	all, err := holders(ctx, q, access.Regional, e.RegionID, but, day)
	return all, e.RegionID, err
}

// holders are those who hold the role at the organisation on the day, but one.
func holders(ctx context.Context, q db.Querier, role access.Role, organisationID, but int64, day clock.Day) ([]Person, error) {
	return db.Rows(ctx, q, (*Person).columns, `
		SELECT`+personColumns+`
		FROM role_grant AS g
		JOIN person AS p ON p.id = g.person_id
		WHERE g.role = $1
		AND g.organisation_id = $2
		AND g.person_id <> $3
		AND g.from_day <= $4
		AND (g.to_day IS NULL OR g.to_day >= $4)
		ORDER BY p.sort_key, p.id`, string(role), organisationID, but, day)
}

// SayWrong sends what the viewer says is wrong to those who can mend it, who get a letter
// and see it until it is done, and tells who they are. base is the product's own address.
// fault.Invalid "text"; fault.Conflict "people.remark_many" while as many wait as may,
// "people.remark_nobody" when there is no administrator.
func SayWrong(ctx context.Context, tx *db.Tx, viewer access.Viewer, text, base string, now clock.Instant) ([]Person, error) {
	s, err := SelfOf(ctx, tx, viewer, now.Day())
	if err != nil {
		return nil, err
	}
	var checks fault.Checks
	checks.Require(text != "", "text", "people.remark_missing")
	checks.Require(utf8.RuneCountInString(text) <= longestRemark, "text", "fault.too_long", "Max", longestRemark)
	if err := checks.Err(); err != nil {
		return nil, err
	}
	waiting := 0
	for _, r := range s.Remarks {
		if r.DoneAt == nil {
			waiting++
		}
	}
	switch {
	case waiting >= mostRemarks:
		return nil, fault.Conflict("people.remark_many")
	case len(s.Administrators) == 0:
		return nil, fault.Conflict("people.remark_nobody")
	}
	_, organisationID, err := administrators(ctx, tx, *s.Employment, s.ID, now.Day())
	if err != nil {
		return nil, err
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO remark (person_id, organisation_id, text, written_at)
		VALUES ($1, $2, $3, $4)
		RETURNING id`, s.ID, organisationID, text, now)
	if err != nil {
		return nil, err
	}
	rows := make([][]any, len(s.Administrators))
	for i, reader := range s.Administrators {
		rows[i] = []any{id, reader.ID}
		if reader.Email == "" {
			continue // they see it on their start page
		}
		l := i18n.For(reader.Language)
		if err := mail.Send(ctx, tx, mail.Letter{
			To: reader.Email, Key: "remark-" + address.ID(id) + "-" + address.ID(reader.ID),
			Subject: l.T("people.remark_letter_subject", "Name", s.Name()),
			Text:    l.T("people.remark_letter", "Name", s.Name(), "Reader", reader.GivenName, "Text", text, "Link", base+address.Person(s.ID)),
		}); err != nil {
			return nil, err
		}
	}
	return s.Administrators, db.Insert(ctx, tx, "remark_reader", []string{"remark_id", "person_id"}, rows)
}

// remarks are those that the rest of the query finds.
func remarks(ctx context.Context, q db.Querier, rest string, args ...any) (all []Remark, err error) {
	type row struct {
		Remark
		reader string
	}
	var b db.Builder
	b.Add(`
		SELECT
			r.id,
			r.person_id,
			TRIM(w.given_name || ' ' || w.family_name),
			r.text,
			r.written_at,
			r.done_at,
			TRIM(p.given_name || ' ' || p.family_name)
		FROM remark AS r
		JOIN person AS w ON w.id = r.person_id
		JOIN remark_reader AS x ON x.remark_id = r.id
		JOIN person AS p ON p.id = x.person_id `+rest, args...)
	rows, err := db.Rows(ctx, q, func(r *row) []any {
		return []any{&r.ID, &r.PersonID, &r.Name, &r.Text, &r.WrittenAt, &r.DoneAt, &r.reader}
	}, b.String(), b.Args()...)
	for _, r := range rows {
		if len(all) == 0 || all[len(all)-1].ID != r.ID {
			all = append(all, r.Remark)
		}
		last := &all[len(all)-1]
		last.Readers = append(last.Readers, r.reader)
	}
	return all, err
}

// OpenRemarks are those that wait for administrators of the organisation, the oldest
// first; none for who is no administrator there.
func OpenRemarks(ctx context.Context, q db.Querier, viewer access.Viewer, place access.Place, organisationID int64) ([]Remark, error) {
	if !access.ManagePeople(viewer).Covers(place) {
		return nil, nil
	}
	rest, args := "WHERE r.organisation_id = ? AND r.done_at IS NULL", []any{organisationID}
	if len(viewer.Nameless) > 0 {
		hidden, more := db.In("municipality_id", viewer.Nameless)
		rest += " AND r.person_id NOT IN (SELECT person_id FROM employment WHERE to_day IS NULL AND " + hidden + ")"
		args = append(args, more...)
	}
	return remarks(ctx, q, rest+" ORDER BY r.id, p.sort_key, p.id", args...)
}

// RemarksOf are those of the person that wait, the oldest first, for who may change what
// concerns them; none for others.
func RemarksOf(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, day clock.Day) ([]Remark, error) {
	d, err := Get(ctx, q, viewer, personID, day)
	if err != nil || !d.managedBy(viewer, day) {
		return nil, err
	}
	return remarks(ctx, q, `WHERE r.person_id = ? AND r.done_at IS NULL ORDER BY r.id, p.sort_key, p.id`, personID)
}

// FinishRemark says that it is done. fault.Conflict "people.remark_done" when somebody has
// said so before.
func FinishRemark(ctx context.Context, tx *db.Tx, viewer access.Viewer, remarkID int64, now clock.Instant) error {
	person, err := OfRemark(ctx, tx, remarkID)
	if err != nil {
		return err
	}
	if _, err := managed(ctx, tx, viewer, person, now.Day()); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE remark SET done_at = $2, done_by = $3 WHERE id = $1 AND done_at IS NULL`, remarkID, now, viewer.ActorID())
	if err == nil && n == 0 {
		err = fault.Conflict("people.remark_done")
	}
	if err != nil {
		return err
	}
	return audit.Changed(ctx, tx, viewer, audit.Remark, person)
}

// OfRemark is the person who wrote it. It asks no viewer.
func OfRemark(ctx context.Context, q db.Querier, remarkID int64) (int64, error) {
	return db.Row(ctx, q, db.One[int64], `SELECT person_id FROM remark WHERE id = $1`, remarkID)
}
