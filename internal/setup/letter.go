package setup

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/organisation"
)

// letterJob hands the letter to the mail server.
type letterJob struct {
	Letter int64 `json:"setup_letter"`
}

func (letterJob) Kind() string  { return "setup_letter" }
func (letterJob) Queue() string { return mail.Queue }

// Handle lets the queue send the letters.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock, sender *mail.Sender, site letter.Site) {
	if sender.Ready() {
		jobs.Handle(q, func(ctx context.Context, j letterJob) error { return deliver(ctx, d, now, sender, site, j.Letter) })
	}
}

// Latest is the region's latest letter, or nil, for who sets the region up.
func Latest(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64) (*Letter, error) {
	if err := allowed(ctx, q, viewer, regionID); err != nil {
		return nil, err
	}
	l, err := db.Row(ctx, q, func(l *Letter) []any {
		return []any{&l.Person, &l.Email, &l.AskedAt, &l.HandedAt, &l.FailedAt, &l.Answer}
	}, `
		SELECT
			TRIM(p.given_name || ' ' || p.family_name),
			COALESCE(p.email, ''),
			l.asked_at,
			l.handed_at,
			l.failed_at,
			l.answer
		FROM setup_letter AS l
		JOIN person AS p ON p.id = l.person_id
		WHERE l.region_id = $1
		ORDER BY l.id DESC
		LIMIT 1`, regionID)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &l, err
}

// Reached is the address to which a letter to the viewer goes; empty for none.
func Reached(ctx context.Context, q db.Querier, viewer access.Viewer) (string, error) {
	return db.Row(ctx, q, db.One[string], `SELECT COALESCE(email, '') FROM person WHERE id = $1`, viewer.PersonID)
}

// Try lets a letter be written to the viewer, who sets the region up. fault.Conflict
// "setup.letter_waits" while one of theirs waits, "setup.no_address" without an address to write to.
func Try(ctx context.Context, tx *db.Tx, viewer access.Viewer, regionID int64, now clock.Instant) error {
	if err := allowed(ctx, tx, viewer, regionID); err != nil {
		return err
	}
	email, err := Reached(ctx, tx, viewer)
	if err != nil {
		return err
	}
	if email == "" {
		return fault.Conflict("setup.no_address")
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO setup_letter (region_id, person_id, asked_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (region_id, person_id) WHERE handed_at IS NULL AND failed_at IS NULL DO NOTHING
		RETURNING id`, regionID, viewer.PersonID, now)
	if errors.Is(err, fault.NotFound) {
		return fault.Conflict("setup.letter_waits")
	}
	if err != nil {
		return fmt.Errorf("write a letter to try the mail: %w", err)
	}
	return jobs.Add(ctx, tx, letterJob{Letter: id})
}

// deliver hands the letter over and notes it, or why not: a job that is tried again.
func deliver(ctx context.Context, d *db.DB, now clock.Clock, sender *mail.Sender, site letter.Site, id int64) error {
	type to struct {
		name, email, language string
		region                organisation.Organisation
	}
	t, err := db.Row(ctx, d.Reader(), func(t *to) []any { return []any{&t.name, &t.email, &t.language, &t.region.Name, &t.region.Slug} }, `
		SELECT
			TRIM(COALESCE(NULLIF(p.given_name, ''), p.family_name)),
			p.email,
			p.language,
			r.name,
			r.slug
		FROM setup_letter AS l
		JOIN person AS p ON p.id = l.person_id
		JOIN organisation AS r ON r.id = l.region_id
		WHERE l.id = $1
		AND l.handed_at IS NULL
		AND p.email IS NOT NULL`, id)
	if errors.Is(err, fault.NotFound) { // handed over, or they have no address any longer
		return nil
	}
	if err != nil {
		return err
	}
	lang := i18n.For(t.language)
	sent := sender.Deliver(ctx, mail.Letter{
		To:      t.email,
		Subject: lang.T("setup.letter_subject"),
		Text: lang.T("setup.letter_text", "Name", t.name, "Region", t.region.Name,
			"Link", strings.TrimSuffix(site.Base, "/")+address.RegionSetup(t.region.Slug)),
		Key: fmt.Sprintf("setup-%d", id),
	})
	answer := ""
	var refused *mail.Refusal
	if errors.As(sent, &refused) {
		answer = refused.Answer
	}
	at := now()
	return errors.Join(sent, d.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		set := `handed_at = $2, failed_at = NULL, answer = $3`
		if sent != nil {
			set = `failed_at = $2, answer = $3`
		}
		_, err := db.Exec(ctx, tx, `UPDATE setup_letter SET `+set+` WHERE id = $1`, id, at, answer)
		return err
	}))
}
