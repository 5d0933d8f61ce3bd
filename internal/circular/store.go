package circular

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/letter"
)

// Circular is one that was sent. Recipients are persons; Sent and Bounced are those to
// whom their letter was sent, or never will be.
type Circular struct {
	ID         int64
	Subject    string
	Body       string // Markdown
	MadeAt     clock.Instant
	By         string // empty: the product
	Regions    int
	Recipients int
	Sent       int
	Bounced    int
	Unread     bool // by the viewer
}

const columns = `
	c.id,
	c.subject,
	c.body,
	c.made_at,
	COALESCE(TRIM(p.given_name || ' ' || p.family_name), ''),
	(SELECT COUNT(*) FROM circular_region AS r WHERE r.circular_id = c.id),
	(SELECT COUNT(DISTINCT n.letter_id) FROM circular_recipient AS n WHERE n.circular_id = c.id),
	(
		SELECT COUNT(DISTINCT l.id)
		FROM circular_recipient AS n
		JOIN person_letter AS l ON l.id = n.letter_id
		WHERE n.circular_id = c.id
		AND l.sent_at IS NOT NULL
	),
	(
		SELECT COUNT(DISTINCT l.id)
		FROM circular_recipient AS n
		JOIN person_letter AS l ON l.id = n.letter_id
		WHERE n.circular_id = c.id
		AND l.failed_at IS NOT NULL
	),
	NOT EXISTS (SELECT 1 FROM circular_reading AS d WHERE d.circular_id = c.id AND d.person_id = ?)
FROM circular AS c
LEFT JOIN person AS p ON p.id = c.made_by`

func (c *Circular) columns() []any {
	return []any{&c.ID, &c.Subject, &c.Body, &c.MadeAt, &c.By, &c.Regions, &c.Recipients, &c.Sent, &c.Bounced, &c.Unread}
}

// List are all that the nation has written, the latest first, for those who write them.
func List(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Circular, error) {
	if !access.WriteCirculars(viewer) {
		return nil, fault.Forbidden
	}
	return read(ctx, q, viewer, "TRUE", nil)
}

func read(ctx context.Context, q db.Querier, viewer access.Viewer, condition string, args []any) ([]Circular, error) {
	var b db.Builder
	b.Add("SELECT"+columns, viewer.PersonID).Add("WHERE "+condition+" ORDER BY c.made_at DESC, c.id DESC", args...)
	return db.Rows(ctx, q, (*Circular).columns, b.String(), b.Args()...)
}

// Recipient is a region's administrator who got a circular, with the letter and what came of it. In a
// region without anybody PersonID is 0.
type Recipient struct {
	RegionID int64
	Region   string
	letter.Part
}

// Get is one with who got it, region by region in Swedish order, those without anybody
// too, for those who write them.
func Get(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (Circular, []Recipient, error) {
	if !access.WriteCirculars(viewer) {
		return Circular{}, nil, fault.Forbidden
	}
	all, err := read(ctx, q, viewer, "c.id = ?", []any{id})
	if err == nil && len(all) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return Circular{}, nil, err
	}
	recipients, err := db.Rows(ctx, q, func(r *Recipient) []any {
		return []any{&r.RegionID, &r.Region, &r.PersonID, &r.Name, &r.Number, &r.Subject, &r.Body, &r.SentAt, &r.FailedAt, &r.Failure}
	}, `
		SELECT
			o.id,
			o.name,
			COALESCE(p.id, 0),
			COALESCE(TRIM(p.given_name || ' ' || p.family_name), ''),
			1,
			COALESCE(l.subject, ''),
			COALESCE(l.body, ''),
			l.sent_at,
			l.failed_at,
			COALESCE(l.failure, '')
		FROM circular_region AS r
		JOIN organisation AS o ON o.id = r.region_id
		LEFT JOIN circular_recipient AS n ON n.circular_id = r.circular_id AND n.region_id = r.region_id
		LEFT JOIN person AS p ON p.id = n.person_id
		LEFT JOIN person_letter AS l ON l.id = n.letter_id
		WHERE r.circular_id = $1
		ORDER BY o.sort_key, p.sort_key, p.id`, id)
	return all[0], recipients, err
}

// SendAgain sends what bounced of it once more, to the addresses that people have now,
// and tells how many letters.
func SendAgain(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64) (int, error) {
	_, recipients, err := Get(ctx, tx, viewer, id)
	if err != nil {
		return 0, err
	}
	letters, err := db.Rows(ctx, tx, db.One[int64], `SELECT DISTINCT letter_id FROM circular_recipient WHERE circular_id = $1 ORDER BY letter_id`, id)
	if err != nil || len(recipients) == 0 {
		return 0, err
	}
	sent := 0
	for _, letterID := range letters {
		again, err := letter.SendPersonalAgain(ctx, tx, letterID)
		if err != nil {
			return 0, err
		}
		if again {
			sent++
		}
	}
	return sent, nil
}

// Inbox are those to a region that the viewer administers, the latest first; those who
// write them read all. fault.Forbidden for those who do neither.
func Inbox(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Circular, error) {
	condition, args, err := mine(viewer)
	if err != nil {
		return nil, err
	}
	return read(ctx, q, viewer, condition, args)
}

// Read is one of Inbox; fault.NotFound for any other.
func Read(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (Circular, error) {
	condition, args, err := mine(viewer)
	if err != nil {
		return Circular{}, err
	}
	all, err := read(ctx, q, viewer, "c.id = ? AND "+condition, append([]any{id}, args...))
	if err == nil && len(all) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return Circular{}, err
	}
	return all[0], nil
}

func mine(viewer access.Viewer) (string, []any, error) {
	scope := access.ReadCirculars(viewer)
	if scope.Empty() {
		return "", nil, fault.Forbidden
	}
	condition, args := scope.Where(access.Columns{Region: "r.region_id"})
	return "EXISTS (SELECT 1 FROM circular_region AS r WHERE r.circular_id = c.id AND " + condition + ")", args, nil
}

// MarkRead notes that the viewer has opened it. The first time counts.
func MarkRead(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, now clock.Instant) error {
	c, err := Read(ctx, tx, viewer, id)
	if err != nil || !c.Unread || viewer.PersonID == 0 {
		return err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO circular_reading (circular_id, person_id, read_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, id, viewer.PersonID, now)
	return err
}

// For how many days the start page leads to a letter: when it was read, and when not,
// so that who is new is not led to all that was ever written.
const (
	freshDays  = 14
	unreadDays = 90
)

// ToRead are those of Inbox that the viewer has not opened, of the last 90 days, and all
// of the last 14; none for who reads none.
func ToRead(ctx context.Context, q db.Querier, viewer access.Viewer, today clock.Day) ([]Circular, error) {
	if access.ReadCirculars(viewer).Empty() {
		return nil, nil
	}
	all, err := Inbox(ctx, q, viewer)
	var toRead []Circular
	for _, c := range all {
		if days := int(today - c.MadeAt.Day()); days < freshDays || c.Unread && days < unreadDays {
			toRead = append(toRead, c)
		}
	}
	return toRead, err
}
