package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/mail"
)

// News is what has changed of somebody's ways in, for the letter that tells them.
type News string

// The news. Where an address was changed, the old one is told that it is theirs no longer,
// and never which is.
const (
	AddressGone  News = "address_gone"
	AddressNew   News = "address_new"
	PasskeyAdded News = "passkey_added"
	WorkLinked   News = "work_linked"
	TabletCode   News = "tablet_code"
)

// newsLetter is the job that tells of it. To is the address; empty for the one that the
// person has when it is sent.
type newsLetter struct {
	Person int64         `json:"person"`
	News   News          `json:"news"`
	To     string        `json:"to,omitempty"`
	At     clock.Instant `json:"at"`
}

func (newsLetter) Kind() string  { return "identity_news" }
func (newsLetter) Queue() string { return mail.Queue }

// Tell lets a letter tell the person of a new way in, if they have an address: who was not
// the one who added it reads so. It asks no viewer.
func Tell(ctx context.Context, tx *db.Tx, personID int64, news News, now clock.Instant) error {
	return jobs.Add(ctx, tx, newsLetter{Person: personID, News: news, At: now})
}

// Readdressed ends the sign-in links that the person has not used, and the codes beside
// them: they were sent to an address that is no longer theirs. It lets letters tell the old
// address and the new one. Whoever corrects an address calls it afterwards, in the same
// transaction. It asks no viewer.
func Readdressed(ctx context.Context, tx *db.Tx, personID int64, now clock.Instant) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM sign_in_link WHERE person_id = $1`, personID); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE sign_in_letter SET code_hash = NULL WHERE person_id = $1`, personID); err != nil {
		return err
	}
	old, err := db.Row(ctx, tx, db.One[string], `SELECT COALESCE(email, '') FROM person_change WHERE person_id = $1 ORDER BY id DESC LIMIT 1`, personID)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	if old != "" {
		if err := jobs.Add(ctx, tx, newsLetter{Person: personID, News: AddressGone, To: old, At: now}); err != nil {
			return err
		}
	}
	return Tell(ctx, tx, personID, AddressNew, now)
}

func sendNews(ctx context.Context, d *db.DB, sender *mail.Sender, baseURL string, job newsLetter) error {
	type person struct{ name, email, language string }
	p, err := db.Row(ctx, d.Reader(), func(p *person) []any { return []any{&p.name, &p.email, &p.language} }, `
		SELECT TRIM(COALESCE(NULLIF(given_name, ''), family_name)), COALESCE(email, ''), language
		FROM person
		WHERE id = $1 AND merged_into IS NULL`, job.Person)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("tell of a way in: %w", err)
	}
	to := p.email
	if job.To != "" {
		to = job.To
	}
	if to == "" || job.News == AddressGone && to == p.email { // taken back meanwhile
		return nil
	}
	lang := i18n.For(p.language)
	return sender.Deliver(ctx, mail.Letter{
		To:      to,
		Subject: lang.T("identity.news_subject_" + string(job.News)),
		Text: lang.T("identity.news_text", "Name", p.name, "When", lang.DayTime(job.At),
			"What", lang.T("identity.news_"+string(job.News)), "Link", strings.TrimSuffix(baseURL, "/")+"/my/sessions"),
	})
}
