package protection

import (
	"context"
	"time"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/text"
)

const (
	// Few is how many a municipality may name at a time.
	Few = 5
	// Span is how long what is known stays open after a reason was given.
	Span = time.Hour

	longestReason = 200 // characters
)

// Guard is somebody named to look after those who are marked.
type Guard struct {
	ID       int64
	PersonID int64
	Name     string
	From     clock.Day
	By       string // who named them; "" when that is not known
}

// Guards are those whom the municipality has named, in the order in which it did, for those
// who administer it and for themselves. fault.Forbidden and fault.NotFound for others.
func Guards(ctx context.Context, q db.Querier, viewer access.Viewer, municipality access.Place, day clock.Day) ([]Guard, error) {
	if !access.Guard(viewer).Covers(municipality) {
		if err := access.NameGuards(viewer).Allow(municipality); err != nil {
			return nil, err
		}
	}
	return db.Rows(ctx, q, func(g *Guard) []any { return []any{&g.ID, &g.PersonID, &g.Name, &g.From, &g.By} }, `
		SELECT
			g.id,
			g.person_id,
			TRIM(p.given_name || ' ' || p.family_name),
			g.from_day,
			COALESCE(TRIM(b.given_name || ' ' || b.family_name), '')
		FROM protection_guard AS g
		JOIN person AS p ON p.id = g.person_id
		LEFT JOIN person AS b ON b.id = g.named_by
		WHERE g.municipality_id = $1
		AND g.from_day <= $2
		AND (g.to_day IS NULL OR g.to_day >= $2)
		ORDER BY g.id`, municipality.MunicipalityID, day)
}

// Nameable is somebody who may be named.
type Nameable struct {
	PersonID int64
	Name     string
}

// Nameables are those who administer the municipality or lead somebody in it on the day and
// are not named: whom those may name who may name anybody.
func Nameables(ctx context.Context, q db.Querier, viewer access.Viewer, municipality access.Place, day clock.Day) ([]Nameable, error) {
	if may, err := mayName(ctx, q, viewer, municipality, day); err != nil || !may {
		return nil, err
	}
	return db.Rows(ctx, q, func(n *Nameable) []any { return []any{&n.PersonID, &n.Name} }, `
		SELECT p.id, TRIM(p.given_name || ' ' || p.family_name)
		FROM person AS p
		WHERE `+namedBySQL+`
		AND NOT EXISTS (SELECT 1 FROM protection_guard AS k WHERE k.person_id = p.id AND k.municipality_id = $1 AND (k.to_day IS NULL OR k.to_day >= $2))
		ORDER BY p.sort_key, p.id`, municipality.MunicipalityID, day)
}

// namedBySQL is the condition that p administers the municipality $1, or leads somebody in
// it, on the day $2.
const namedBySQL = `p.id IN (
			SELECT g.person_id
			FROM role_grant AS g
			JOIN organisation AS o ON o.id = g.organisation_id
			WHERE g.role IN ('municipal_admin', 'district_admin', 'manager')
			AND o.municipality_id = $1
			AND g.from_day <= $2
			AND (g.to_day IS NULL OR g.to_day >= $2)
		)`

// mayName tells whether the viewer may name others: those named, and where there is nobody
// the municipality's administrators.
func mayName(ctx context.Context, q db.Querier, viewer access.Viewer, municipality access.Place, day clock.Day) (bool, error) {
	if access.Guard(viewer).Covers(municipality) {
		return true, nil
	}
	if err := access.NameGuards(viewer).Allow(municipality); err != nil {
		return false, err
	}
	guarded, err := db.Row(ctx, q, db.One[bool], `
		SELECT EXISTS (
			SELECT 1
			FROM protection_guard
			WHERE municipality_id = $1
			AND from_day <= $2
			AND (to_day IS NULL OR to_day >= $2)
		)`, municipality.MunicipalityID, day)
	return !guarded, err
}

// hold takes the municipality for this transaction: of two who name at once the second
// finds what the first has done.
func hold(ctx context.Context, tx *db.Tx, municipalityID int64) error {
	_, err := db.Exec(ctx, tx, `UPDATE organisation SET code = code WHERE id = $1`, municipalityID)
	return err
}

// Name names somebody of Nameables from today on. fault.NotFound for those who may name
// nobody there and for whom they may not name, fault.Conflict "protection.guarded" when
// others are named and the viewer is not, "protection.named_already", "protection.few".
func Name(ctx context.Context, tx *db.Tx, viewer access.Viewer, m organisation.Organisation, personID int64, now clock.Instant) error {
	if err := hold(ctx, tx, m.ID); err != nil {
		return err
	}
	may, err := mayName(ctx, tx, viewer, m.Place(), now.Day())
	switch {
	case err != nil:
		return err
	case !may:
		return fault.Conflict("protection.guarded")
	}
	type state struct {
		may   bool
		named int
	}
	s, err := db.Row(ctx, tx, func(s *state) []any { return []any{&s.may, &s.named} }, `
		SELECT
			EXISTS (SELECT 1 FROM person AS p WHERE p.id = $3 AND `+namedBySQL+`),
			(SELECT COUNT(*) FROM protection_guard AS k WHERE k.municipality_id = $1 AND (k.to_day IS NULL OR k.to_day >= $2))`, m.ID, now.Day(), personID)
	switch {
	case err != nil:
		return err
	case !s.may:
		return fault.Invalid("person", "protection.not_nameable")
	case s.named >= Few:
		return fault.Conflict("protection.few", "Most", Few)
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO protection_guard (municipality_id, person_id, from_day, named_at, named_by)
		VALUES ($1, $2, $3, $4, $5)`, m.ID, personID, now.Day(), now, viewer.ActorID())
	if db.IsUnique(err) {
		return fault.Conflict("protection.named_already")
	}
	if err != nil {
		return err
	}
	return audit.Changed(ctx, tx, viewer, audit.Role, personID)
}

// End ends what the guard was named for, today. Those named may. fault.NotFound for others,
// fault.Conflict "protection.last" for the only one while somebody is marked.
func End(ctx context.Context, tx *db.Tx, viewer access.Viewer, m organisation.Organisation, guardID int64, now clock.Instant) error {
	if !access.Guard(viewer).Covers(m.Place()) {
		return fault.NotFound
	}
	if err := hold(ctx, tx, m.ID); err != nil {
		return err
	}
	today := now.Day()
	person, err := db.Row(ctx, tx, db.One[int64], `SELECT person_id FROM protection_guard WHERE id = $1 AND municipality_id = $2 AND (to_day IS NULL OR to_day >= $3)`, guardID, m.ID, today)
	if err != nil {
		return err
	}
	alone, err := db.Row(ctx, tx, db.One[bool], `
		SELECT NOT EXISTS (
			SELECT 1
			FROM protection_guard
			WHERE municipality_id = $1
			AND id <> $2
			AND (to_day IS NULL OR to_day >= $3)
		) AND EXISTS (
			SELECT 1
			FROM protected_person AS x
			WHERE `+theirsSQL+`
		)`, m.ID, guardID, today)
	switch {
	case err != nil:
		return err
	case alone:
		return fault.Conflict("protection.last")
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM protection_guard WHERE id = $1 AND from_day >= $2`, guardID, today); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE protection_guard SET to_day = $2 WHERE id = $1`, guardID, today-1); err != nil {
		return err
	}
	return audit.Changed(ctx, tx, viewer, audit.Role, person)
}

// theirsSQL is the condition that the marked person x works in the municipality $1 on the
// day $3 or later, or worked nowhere since it marked them.
const theirsSQL = `(
				EXISTS (
					SELECT 1
					FROM employment AS e
					WHERE e.person_id = x.person_id
					AND e.municipality_id = $1
					AND (e.to_day IS NULL OR e.to_day >= $3)
				)
				OR x.municipality_id = $1 AND NOT EXISTS (
					SELECT 1
					FROM employment AS e
					WHERE e.person_id = x.person_id
					AND (e.to_day IS NULL OR e.to_day >= $3)
				)
			)`

// Look opens what is known of the municipality's marked people to the viewer for a Span, and
// writes that into the audit of each. fault.NotFound for those who are not named,
// fault.Invalid "reason" without one.
func Look(ctx context.Context, tx *db.Tx, viewer access.Viewer, m organisation.Organisation, reason string, now clock.Instant) error {
	if !access.Guard(viewer).Covers(m.Place()) {
		return fault.NotFound
	}
	reason = text.Line(reason)
	var checks fault.Checks
	checks.Require(reason != "", "reason", "protection.reason_missing")
	checks.Require(utf8.RuneCountInString(reason) <= longestReason, "reason", "fault.too_long", "Max", longestReason)
	if err := checks.Err(); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO protected_look (municipality_id, looked_by, reason, looked_at, until)
		VALUES ($1, $2, $3, $4, $5)`, m.ID, viewer.PersonID, reason, now, now.Add(Span)); err != nil {
		return err
	}
	marked, err := db.Rows(ctx, tx, db.One[int64], `
		SELECT x.person_id
		FROM protected_person AS x
		WHERE x.person_id <> $2
		AND `+theirsSQL, m.ID, viewer.PersonID, now.Day())
	if err != nil {
		return err
	}
	return audit.Note(ctx, tx, viewer, audit.Read, audit.Protected, marked...)
}

// Close ends what is open to the viewer.
func Close(ctx context.Context, tx *db.Tx, viewer access.Viewer, now clock.Instant) error {
	_, err := db.Exec(ctx, tx, `UPDATE protected_look SET until = $2 WHERE looked_by = $1 AND until > $2 AND looked_at < $2`, viewer.PersonID, now)
	return err
}

// Opened are the marked people whose record is open to the viewer now.
func Opened(ctx context.Context, q db.Querier, viewer access.Viewer, now clock.Instant) ([]int64, error) {
	var all []int64
	for _, m := range access.Guard(viewer).Municipalities {
		ids, err := db.Rows(ctx, q, db.One[int64], `
			SELECT x.person_id
			FROM protected_person AS x
			WHERE EXISTS (
				SELECT 1
				FROM protected_look AS l
				WHERE l.municipality_id = $1
				AND l.looked_by = $2
				AND l.until > $4
			)
			AND `+theirsSQL+`
			ORDER BY x.person_id`, m, viewer.PersonID, now.Day(), now)
		if err != nil {
			return nil, err
		}
		all = append(all, ids...)
	}
	return all, nil
}

// A LookAt is that somebody opened what is known.
type LookAt struct {
	By     string
	Reason string
	At     clock.Instant
	Until  clock.Instant
}

const looks = `
	SELECT
		TRIM(p.given_name || ' ' || p.family_name),
		l.reason,
		l.looked_at,
		l.until
	FROM protected_look AS l
	JOIN person AS p ON p.id = l.looked_by`

func (l *LookAt) columns() []any { return []any{&l.By, &l.Reason, &l.At, &l.Until} }

// Looks are the latest in the municipality, the newest first, for those named.
func Looks(ctx context.Context, q db.Querier, viewer access.Viewer, municipality access.Place, most int) ([]LookAt, error) {
	if !access.Guard(viewer).Covers(municipality) {
		return nil, fault.NotFound
	}
	return db.Rows(ctx, q, (*LookAt).columns, looks+`
	WHERE l.municipality_id = $1
	ORDER BY l.id DESC
	LIMIT $2`, municipality.MunicipalityID, most)
}

// Own is the viewer's own protection; Looks are who opened what is known of them, the newest
// first.
type Own struct {
	Alias string // "" for who is not marked
	Looks []LookAt
}

// OwnOf is the viewer's own protection.
func OwnOf(ctx context.Context, q db.Querier, viewer access.Viewer, most int) (o Own, err error) {
	aliases, err := db.Rows(ctx, q, db.One[string], `
		SELECT TRIM(p.given_name || ' ' || p.family_name)
		FROM protected_person AS x
		JOIN person AS p ON p.id = x.person_id
		WHERE x.person_id = $1`, viewer.PersonID)
	if err != nil || len(aliases) == 0 {
		return o, err
	}
	o.Alias = aliases[0]
	o.Looks, err = db.Rows(ctx, q, (*LookAt).columns, looks+`
	JOIN protected_person AS x ON x.person_id = $1
	WHERE l.looked_at >= x.marked_at
	AND (
		l.municipality_id = x.municipality_id
		OR l.municipality_id IN (SELECT e.municipality_id FROM employment AS e WHERE e.person_id = $1)
	)
	ORDER BY l.id DESC
	LIMIT $2`, viewer.PersonID, most)
	return o, err
}

// Waiting is how many wishes for a course wait for a word on people whose record the viewer
// looks after and has not opened, and in which municipality the first of them is. 0 for those
// who are not named: nothing of whose wishes they are is told.
func Waiting(ctx context.Context, q db.Querier, viewer access.Viewer, today clock.Day) (municipalityID int64, wishes int, err error) {
	for _, m := range viewer.Guards {
		closed, args := db.In("w.person_id", viewer.Opened)
		var b db.Builder
		b.Add(`
			SELECT COUNT(DISTINCT w.id)
			FROM queue_entry AS w
			JOIN round AS r ON r.id = w.round_id
			JOIN protected_person AS x ON x.person_id = w.person_id
			JOIN employment AS e ON `+people.SendsSQL("e", "w")+` AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
			WHERE e.municipality_id = ?
			AND w.person_id <> ?
			AND w.ended_at IS NULL
			AND w.needs_manager
			AND w.allowed_at IS NULL
			AND r.first_day > ?`, today, today, m, viewer.PersonID, today).
			Add("AND NOT ("+closed+")", args...)
		n, err := db.Row(ctx, q, db.One[int], b.String(), b.Args()...)
		if err != nil {
			return 0, 0, err
		}
		if n > 0 && municipalityID == 0 {
			municipalityID = m
		}
		wishes += n
	}
	return municipalityID, wishes, nil
}
