// Package helping finds whom somebody may help to sign in, and tells what happened on their way in.
package helping

import (
	"context"
	"fmt"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/people"
	"yrkesresan/internal/text"
)

// Found is somebody whom the viewer may help to sign in. Until is the last day of an
// employment that has ended; nil while they work there.
type Found struct {
	PersonID int64
	Name     string
	Where    string
	Until    *clock.Day
}

// mostFound is how many are shown of those who fit a name, and mostAttempts of the
// latest attempts.
const (
	mostFound    = 20
	mostAttempts = 20
)

// Find are those whom the name or the e-mail address finds, also who has left, in
// the reach of access.HelpIn. fault.Forbidden for those who help nobody.
func Find(ctx context.Context, q db.Querier, viewer access.Viewer, typed string, today clock.Day) ([]Found, error) {
	scope := access.HelpIn(viewer)
	if scope.Empty() {
		return nil, fault.Forbidden
	}
	words := text.Seek(typed)
	if len(words) == 0 {
		return nil, nil
	}
	condition, args := scope.Where(access.Columns{Region: "e.region_id", Municipality: "e.municipality_id", Unit: "e.organisation_id", Person: "p.id"})
	theirs, places := scope.Where(access.Columns{Region: "l.region_id", Municipality: "l.municipality_id", Unit: "l.organisation_id"})
	for _, slips := range []bool{false, true} {
		var b db.Builder
		b.Add(`
			SELECT p.id, TRIM(p.given_name || ' ' || p.family_name), o.name, e.to_day
			FROM person AS p
			JOIN employed AS e ON e.id = (
				SELECT l.id
				FROM employed AS l
				WHERE l.person_id = p.id
				AND l.from_day <= ?
				ORDER BY
					CASE WHEN l.to_day IS NULL OR l.to_day >= ? THEN 0 ELSE 1 END,`, today, today).
			Add("CASE WHEN "+theirs+" THEN 0 ELSE 1 END,", places...).
			Add(`
					l.from_day DESC
				LIMIT 1
			)
			JOIN organisation AS o ON o.id = e.organisation_id
			WHERE p.id IN (`).Append(people.Hits(words, slips)).Add(`) AND `+condition, args...).
			Add(`ORDER BY p.sort_key, p.id LIMIT ?`, mostFound)
		found, err := db.Rows(ctx, q, func(f *Found) []any { return []any{&f.PersonID, &f.Name, &f.Where, &f.Until} }, b.String(), b.Args()...)
		if err != nil {
			return nil, fmt.Errorf("find whom to help: %w", err)
		}
		if len(found) > 0 {
			for i, f := range found {
				if f.Until != nil && *f.Until >= today {
					found[i].Until = nil
				}
			}
			return found, nil
		}
	}
	return nil, nil
}

// Attempt is something that happened on somebody's way in: a letter was sent, they came
// in, or a Cause why they did not.
type Attempt struct {
	At        clock.Instant
	Kind      string // "letter", "in" or "trouble"
	Way       string
	Cause     string
	Detail    string
	Reference string
}

func (a *Attempt) columns() []any {
	return []any{&a.At, &a.Kind, &a.Way, &a.Cause, &a.Detail, &a.Reference}
}

// Attempts are the person's latest, the newest first, also those with their address before
// it was anybody's. Who may see them is said by access.HelpIn; what happened on the side of
// an organisation out of its reach is left out.
func Attempts(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, today clock.Day) ([]Attempt, error) {
	if err := identity.Within(ctx, q, access.HelpIn(viewer), personID, today); err != nil {
		return nil, err
	}
	email, err := db.Row(ctx, q, db.One[string], `SELECT COALESCE(email, '') FROM person WHERE id = $1`, personID)
	if err != nil {
		return nil, err
	}
	condition, args := sides(viewer)
	var b db.Builder
	b.Add(`
		SELECT t.happened_at, 'trouble', t.way, t.cause, t.detail, t.reference
		FROM sign_in_trouble AS t
		LEFT JOIN organisation AS o ON o.id = t.organisation_id
		WHERE (t.person_id = ? OR t.person_id IS NULL AND t.address_hash = ?) AND `+condition, append([]any{personID, identity.TriedAddress(email)}, args...)...).
		Add(`
		UNION ALL
		SELECT asked_at, 'letter', 'link', '', '', '' FROM sign_in_letter WHERE person_id = ?
		UNION ALL
		SELECT at, 'in', '', '', '', '' FROM last_sign_in WHERE person_id = ?
		ORDER BY 1 DESC
		LIMIT ?`, personID, personID, mostAttempts)
	all, err := db.Rows(ctx, q, (*Attempt).columns, b.String(), b.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read attempts to sign in: %w", err)
	}
	return all, nil
}

// sides is the condition on the organisation o on whose side something happened: in the
// viewer's reach, or nobody's.
func sides(viewer access.Viewer) (string, []any) {
	condition, args := access.HelpIn(viewer).Where(access.Columns{Region: "o.region_id", Municipality: "o.municipality_id"})
	return "(t.organisation_id IS NULL OR " + condition + ")", args
}

// AttemptsOfNobody are those with the address, or with the reference that somebody was
// shown, which belong to no account: an address that is somebody's is found by Find,
// and who is out of reach stays unknown. fault.Forbidden for those who help nobody.
func AttemptsOfNobody(ctx context.Context, q db.Querier, viewer access.Viewer, typed string) ([]Attempt, error) {
	if access.HelpIn(viewer).Empty() {
		return nil, fault.Forbidden
	}
	typed = strings.TrimSpace(typed)
	condition, args := sides(viewer)
	var b db.Builder
	b.Add(`
		SELECT t.happened_at, 'trouble', t.way, t.cause, t.detail, t.reference
		FROM sign_in_trouble AS t
		LEFT JOIN organisation AS o ON o.id = t.organisation_id
		WHERE t.person_id IS NULL
		AND (t.address_hash = ? AND NOT EXISTS (SELECT 1 FROM person WHERE email = ?) OR t.reference = ?)
		AND `+condition, append([]any{identity.TriedAddress(strings.ToLower(typed)), strings.ToLower(typed), strings.ToUpper(typed)}, args...)...).
		Add(`ORDER BY t.happened_at DESC LIMIT ?`, mostAttempts)
	all, err := db.Rows(ctx, q, (*Attempt).columns, b.String(), b.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read attempts to sign in: %w", err)
	}
	return all, nil
}

// OfReference is whose failed sign-in has the reference, if the viewer may help them;
// fault.NotFound otherwise.
func OfReference(ctx context.Context, q db.Querier, viewer access.Viewer, reference string, today clock.Day) (int64, error) {
	condition, args := sides(viewer)
	var b db.Builder
	b.Add(`
		SELECT t.person_id
		FROM sign_in_trouble AS t
		LEFT JOIN organisation AS o ON o.id = t.organisation_id
		WHERE t.reference = ? AND t.person_id IS NOT NULL AND `+condition, append([]any{strings.ToUpper(strings.TrimSpace(reference))}, args...)...).
		Add(`ORDER BY t.happened_at DESC LIMIT 1`)
	person, err := db.Row(ctx, q, db.One[int64], b.String(), b.Args()...)
	if err != nil {
		return 0, err
	}
	return person, identity.Within(ctx, q, access.HelpIn(viewer), person, today)
}
