// Package welcome writes to who is new at work: a letter from which the first task of the first
// course is some touches away, with nothing to type.
//
// A municipality decides that it is sent. From then on who was added since, works there, has an
// account in a journey and an address gets it, once, when their employment has begun. Whose
// identity is protected gets none: who looks after them tells them.
package welcome

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/organisation"
)

// atOnce is how many are written to at a time, so that no other write waits long.
const atOnce = 500

// letterJob hands one letter to the mail server. The link in it is made then: no copy of the
// database holds it.
type letterJob struct {
	Municipality int64 `json:"municipality"`
	Person       int64 `json:"person"`
}

func (letterJob) Kind() string  { return "welcome_letter" }
func (letterJob) Queue() string { return mail.Queue }

// dueJob looks for who is new.
type dueJob struct{}

func (dueJob) Kind() string { return "welcome_due" }

// Handle lets the queue welcome who is new.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock, sender *mail.Sender, site letter.Site) {
	if sender.Ready() {
		jobs.Handle(q, func(ctx context.Context, j letterJob) error { return send(ctx, d, now(), sender, site, j) })
	}
	jobs.Handle(q, func(ctx context.Context, _ dueJob) error {
		_, err := Due(ctx, d, now())
		return err
	})
	jobs.Every(q, time.Hour, dueJob{})
}

// Since is when the municipality began to welcome who is new; nil when it does not. It asks no
// viewer.
func Since(ctx context.Context, q db.Querier, municipalityID int64) (*clock.Instant, error) {
	since, err := db.Row(ctx, q, db.One[*clock.Instant], `SELECT welcomes_since FROM municipality_setting WHERE municipality_id = $1`, municipalityID)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	return since, err
}

// Set decides whether who is new from now on is welcomed, for those who manage the
// municipality's people; others get fault.NotFound. Deciding the same again changes nothing.
func Set(ctx context.Context, tx *db.Tx, viewer access.Viewer, municipalityID int64, welcomes bool, now clock.Instant) error {
	m, err := organisation.ByID(ctx, tx, municipalityID)
	if err == nil && (m.Kind != organisation.Municipality || !access.ManagePeople(viewer).Covers(m.Place())) {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	was, err := Since(ctx, tx, municipalityID)
	if err != nil || (was != nil) == welcomes {
		return err
	}
	var since *clock.Instant
	if welcomes {
		since = &now
	}
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO municipality_setting (municipality_id, welcomes_since, changed_at, changed_by)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (municipality_id) DO UPDATE
		SET welcomes_since = excluded.welcomes_since, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
		municipalityID, since, now, viewer.ActorID()); err != nil {
		return fmt.Errorf("decide whether who is new is welcomed: %w", err)
	}
	return nil
}

// Due lets a letter be written to everybody who is new and has none, and returns to how many.
func Due(ctx context.Context, d *db.DB, now clock.Instant) (written int, err error) {
	type setting struct {
		municipality int64
		since        clock.Instant
	}
	all, err := db.Rows(ctx, d.Reader(), func(s *setting) []any { return []any{&s.municipality, &s.since} },
		`SELECT municipality_id, welcomes_since FROM municipality_setting WHERE welcomes_since IS NOT NULL ORDER BY municipality_id`)
	if err != nil {
		return 0, err
	}
	for _, s := range all {
		for {
			var some int
			if err := d.Write(ctx, func(tx *db.Tx) (err error) {
				some, err = welcomeSome(ctx, tx, s.municipality, s.since, now)
				return err
			}); err != nil {
				return written, fmt.Errorf("welcome who is new in %d: %w", s.municipality, err)
			}
			written += some
			if some < atOnce {
				break
			}
		}
	}
	return written, nil
}

func welcomeSome(ctx context.Context, tx *db.Tx, municipality int64, since, now clock.Instant) (int, error) {
	fresh, err := db.Rows(ctx, tx, db.One[int64], `
		INSERT INTO welcome (municipality_id, person_id, made_at)
		SELECT DISTINCT e.municipality_id, p.id, CAST($3 AS BIGINT)
		FROM employed AS e
		JOIN person AS p ON p.id = e.person_id
		WHERE e.municipality_id = $1
		AND e.from_day <= $4
		AND (e.to_day IS NULL OR e.to_day >= $4)
		AND p.created_at >= $2
		AND p.email IS NOT NULL
		AND EXISTS (SELECT 1 FROM account AS a WHERE a.person_id = p.id AND a.opened_on <= $4 AND (a.closed_on IS NULL OR a.closed_on > $4))
		AND NOT EXISTS (SELECT 1 FROM last_sign_in AS s WHERE s.person_id = p.id)
		AND NOT EXISTS (SELECT 1 FROM welcome AS w WHERE w.municipality_id = $1 AND w.person_id = p.id)
		LIMIT $5
		ON CONFLICT DO NOTHING
		RETURNING person_id`, municipality, since, now, now.Day(), atOnce)
	if err != nil {
		return 0, err
	}
	for _, person := range fresh {
		if err := jobs.Add(ctx, tx, letterJob{Municipality: municipality, Person: person}); err != nil {
			return 0, err
		}
	}
	return len(fresh), nil
}

func send(ctx context.Context, d *db.DB, now clock.Instant, sender *mail.Sender, site letter.Site, j letterJob) error {
	type fresh struct{ name, email, language, municipality string }
	f, err := db.Row(ctx, d.Reader(), func(f *fresh) []any { return []any{&f.name, &f.email, &f.language, &f.municipality} }, `
		SELECT TRIM(COALESCE(NULLIF(p.given_name, ''), p.family_name)), p.email, p.language, m.name
		FROM welcome AS w
		JOIN person AS p ON p.id = w.person_id
		JOIN organisation AS m ON m.id = w.municipality_id
		JOIN employed AS e ON e.person_id = p.id AND e.municipality_id = w.municipality_id
		WHERE w.municipality_id = $1
		AND w.person_id = $2
		AND w.sent_at IS NULL
		AND p.email IS NOT NULL
		AND e.from_day <= $3
		AND (e.to_day IS NULL OR e.to_day >= $3)
		LIMIT 1`, j.Municipality, j.Person, now.Day())
	if errors.Is(err, fault.NotFound) { // sent, gone, or protected meanwhile
		return nil
	}
	if err != nil {
		return err
	}
	token, err := identity.MakeWelcomeLink(ctx, d, now, j.Person)
	if err != nil {
		return err
	}
	lang, base := i18n.For(f.language), strings.TrimSuffix(site.Base, "/")
	if err := sender.Deliver(ctx, mail.Letter{
		To:      f.email,
		Subject: lang.T("welcome.subject"),
		Text: lang.T("welcome.text", "Name", f.name, "Municipality", f.municipality, "Link", base+identity.LinkPath+"?token="+token,
			"Days", int(identity.WelcomeLife.Hours()/24), "SignIn", base+address.SignIn, "Email", f.email),
	}); err != nil {
		return err
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE welcome SET sent_at = $3 WHERE municipality_id = $1 AND person_id = $2`, j.Municipality, j.Person, now)
		return err
	})
}
