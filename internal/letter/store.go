package letter

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
)

// Letter is a letter as the list shows it. Subject and Body are what somebody
// wrote, with placeholders, and empty when the product wrote it. Recipients are
// persons; Sent and Bounced are those for whom all parts were sent, or one never
// will be.
type Letter struct {
	ID         int64
	RoundID    int64
	Kind       Kind
	Audience   Audience
	Subject    string
	Body       string
	MadeAt     clock.Instant
	By         string // empty: the product
	To         string // whose, of a letter to one person
	Recipients int
	Sent       int
	Bounced    int
}

const letterColumns = `
	l.id,
	l.round_id,
	l.kind,
	CASE WHEN l.to_queue THEN 'queue' ELSE l.audience END,
	l.subject,
	l.body,
	l.made_at,
	COALESCE(TRIM(p.given_name || ' ' || p.family_name), ''),
	CASE WHEN l.audience = 'person' AND NOT l.to_queue AND COUNT(r.person_id) = 1 THEN COALESCE(MIN(r.name), '') ELSE '' END,
	COUNT(r.person_id),
	COALESCE(SUM(CASE WHEN r.unsent = 0 THEN 1 ELSE 0 END), 0),
	COALESCE(SUM(CASE WHEN r.bounced > 0 THEN 1 ELSE 0 END), 0)
FROM round_letter AS l
LEFT JOIN person AS p ON p.id = l.made_by
LEFT JOIN (
	SELECT
		g.letter_id,
		g.person_id,
		MIN(TRIM(n.given_name || ' ' || n.family_name)) AS name,
		SUM(CASE WHEN g.sent_at IS NULL THEN 1 ELSE 0 END) AS unsent,
		SUM(CASE WHEN g.failed_at IS NULL THEN 0 ELSE 1 END) AS bounced
	FROM round_letter_recipient AS g
	JOIN person AS n ON n.id = g.person_id
	WHERE g.letter_id IN (SELECT id FROM round_letter WHERE round_id = $1)
	GROUP BY g.letter_id, g.person_id
) AS r ON r.letter_id = l.id
WHERE l.round_id = $1`

func (l *Letter) columns() []any {
	return []any{&l.ID, &l.RoundID, &l.Kind, &l.Audience, &l.Subject, &l.Body, &l.MadeAt, &l.By, &l.To, &l.Recipients, &l.Sent, &l.Bounced}
}

const letterGroup = `
GROUP BY l.id, l.round_id, l.kind, l.audience, l.to_queue, l.subject, l.body, l.made_at, p.given_name, p.family_name
ORDER BY l.made_at DESC, l.id DESC`

// managed is the round for those who manage it; fault.NotFound for others.
func managed(ctx context.Context, q db.Querier, viewer access.Viewer, roundID int64) (round.Detail, error) {
	d, err := round.Get(ctx, q, viewer, roundID)
	if err == nil && !d.Manages {
		err = fault.NotFound
	}
	return d, err
}

// Letters are those of the round, the latest first, for those who manage it.
func Letters(ctx context.Context, q db.Querier, viewer access.Viewer, roundID int64) ([]Letter, error) {
	if _, err := managed(ctx, q, viewer, roundID); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, (*Letter).columns, `SELECT`+letterColumns+letterGroup, roundID)
}

// Part is one e-mail that somebody got, or will get.
type Part struct {
	PersonID int64
	Name     string
	Number   int // from 1
	Subject  string
	Body     string
	Calendar bool
	SentAt   *clock.Instant
	FailedAt *clock.Instant // never will be
	Failure  string         // the last answer of the mail server, or one of the Failures
}

// Failures are those that are no mail server's answer.
var Failures = []string{noAddress, unreachable}

// Get is a letter of the round with all its parts, by name and number, for those
// who manage the round.
func Get(ctx context.Context, q db.Querier, viewer access.Viewer, roundID, letterID int64) (Letter, []Part, error) {
	if _, err := managed(ctx, q, viewer, roundID); err != nil {
		return Letter{}, nil, err
	}
	l, err := db.Row(ctx, q, (*Letter).columns, `SELECT`+letterColumns+` AND l.id = $2`+letterGroup, roundID, letterID)
	if err != nil {
		return Letter{}, nil, err
	}
	parts, err := db.Rows(ctx, q, func(p *Part) []any {
		return []any{&p.PersonID, &p.Name, &p.Number, &p.Subject, &p.Body, &p.Calendar, &p.SentAt, &p.FailedAt, &p.Failure}
	}, `
		SELECT
			r.person_id,
			TRIM(p.given_name || ' ' || p.family_name),
			r.part,
			r.subject,
			r.body,
			r.calendar <> '',
			r.sent_at,
			r.failed_at,
			r.failure
		FROM round_letter_recipient AS r
		JOIN person AS p ON p.id = r.person_id
		WHERE r.letter_id = $1
		ORDER BY p.sort_key, p.id, r.part`, letterID)
	return l, parts, err
}
