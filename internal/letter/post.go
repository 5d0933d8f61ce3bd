package letter

import (
	"context"
	"errors"
	"fmt"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/mail"
)

// postJob hands one part of a letter to the mail server.
type postJob struct {
	Letter int64 `json:"letter"`
	Person int64 `json:"person"`
	Part   int   `json:"part"`
}

func (postJob) Kind() string { return "letter_post" }

// Queue is that of all letters: without a mail server it stands still.
func (postJob) Queue() string { return mail.Queue }

// Handle lets the queue write letters, and send them if there is a mail server.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock, sender *mail.Sender, site Site) {
	jobs.Handle(q, func(ctx context.Context, job newsJob) error {
		return d.Write(ctx, func(tx *db.Tx) error { return Write(ctx, tx, job.Round, site, now()) })
	})
	jobs.Handle(q, func(ctx context.Context, _ dueJob) error { return Due(ctx, d, site, now()) })
	jobs.Every(q, 10*time.Minute, dueJob{})
	if sender.Ready() {
		jobs.Handle(q, func(ctx context.Context, job postJob) error { return post(ctx, d, now, sender, job) })
		jobs.Handle(q, func(ctx context.Context, job meetingJob) error { return post(ctx, d, now, sender, job) })
		jobs.Handle(q, func(ctx context.Context, job personJob) error { return post(ctx, d, now, sender, job) })
	}
}

// What is kept as the failure of a part, beside the answers of mail servers.
const (
	noAddress   = "no_address"  // the person has none
	unreachable = "mail_server" // it did not answer; tried again
)

// piece is an e-mail as it is handed over; done tells that it was before, or
// will never be.
type piece struct {
	subject, body, calendar, email string
	done                           bool
	key                            string
}

func (p *piece) columns() []any { return []any{&p.subject, &p.body, &p.calendar, &p.email, &p.done} }

// mailing is a job that hands a piece over. note keeps what came of it.
type mailing interface {
	read(ctx context.Context, q db.Querier) (piece, error)
	note(ctx context.Context, tx *db.Tx, sent, failed *clock.Instant, failure string) error
}

// post sends the piece unless it was sent or bounced before.
func post(ctx context.Context, d *db.DB, now clock.Clock, sender *mail.Sender, job mailing) error {
	p, err := job.read(ctx, d.Reader())
	if err != nil || p.done {
		return err
	}
	note := func(ctx context.Context, sent, failed *clock.Instant, failure string) error {
		return d.Write(ctx, func(tx *db.Tx) error { return job.note(ctx, tx, sent, failed, failure) })
	}
	if p.email == "" {
		return note(ctx, nil, ptr(now()), noAddress)
	}
	letter := mail.Letter{To: p.email, Subject: p.subject, Text: p.body, Calendar: p.calendar, Key: p.key}
	if p.calendar != "" {
		letter.CalendarMethod = string(method(p.calendar))
	}
	err = sender.Deliver(ctx, letter)
	// The letter is on its way or not, whatever becomes of ctx.
	noting := context.WithoutCancel(ctx)
	var refusal *mail.Refusal
	switch {
	case err == nil:
		return note(noting, ptr(now()), nil, "")
	case errors.As(err, &refusal) && refusal.Final && refusal.Answer == "":
		return errors.Join(err, note(noting, nil, ptr(now()), noAddress))
	case errors.As(err, &refusal) && refusal.Final:
		return errors.Join(err, note(noting, nil, ptr(now()), refusal.Answer))
	case errors.As(err, &refusal):
		return errors.Join(err, note(noting, nil, nil, refusal.Answer))
	}
	return errors.Join(err, note(noting, nil, nil, unreachable))
}

func (j postJob) key() string {
	return fmt.Sprintf("round-letter-%d-person-%d-part-%d", j.Letter, j.Person, j.Part)
}

func (j postJob) read(ctx context.Context, q db.Querier) (piece, error) {
	p, err := db.Row(ctx, q, (*piece).columns, `
		SELECT
			r.subject,
			r.body,
			r.calendar,
			COALESCE(p.email, ''),
			r.sent_at IS NOT NULL OR r.failed_at IS NOT NULL
		FROM round_letter_recipient AS r
		JOIN person AS p ON p.id = r.person_id
		WHERE r.letter_id = $1
		AND r.person_id = $2
		AND r.part = $3`, j.Letter, j.Person, j.Part)
	if errors.Is(err, fault.NotFound) {
		return piece{done: true}, nil
	}
	p.key = j.key()
	return p, err
}

func (j postJob) note(ctx context.Context, tx *db.Tx, sent, failed *clock.Instant, failure string) error {
	_, err := db.Exec(ctx, tx, `
		UPDATE round_letter_recipient
		SET sent_at = $4, failed_at = $5, failure = $6
		WHERE letter_id = $1
		AND person_id = $2
		AND part = $3`, j.Letter, j.Person, j.Part, sent, failed, failure)
	return err
}

func ptr(t clock.Instant) *clock.Instant { return &t }
