package seat

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
)

// Sender is an employer that may send somebody: a municipality, or for RSS staff the
// region.
type Sender struct {
	EmployerID int64
	Name       string
	Sends      bool
}

// Senders are the employers of the person on the first day of the seat's round, if there
// are several and the viewer may say which of them sends. Otherwise none.
func Senders(ctx context.Context, q db.Querier, viewer access.Viewer, enrolmentID int64, today clock.Day) ([]Sender, error) {
	type row struct {
		person, round, employer int64
		first                   clock.Day
	}
	r, err := db.Row(ctx, q, func(r *row) []any { return []any{&r.person, &r.round, &r.employer, &r.first} }, `
		SELECT n.person_id, r.id, COALESCE(n.employer_id, 0), r.first_day
		FROM enrolment AS n
		JOIN round AS r ON r.id = n.round_id
		WHERE n.id = $1
		AND n.withdrawn_at IS NULL`, enrolmentID)
	if err != nil {
		return nil, err
	}
	running, err := people.EmploymentsOn(ctx, q, r.person, r.first)
	if err != nil || len(running) < 2 {
		return nil, err
	}
	if _, err := mayBook(ctx, q, viewer, r.person, today); err != nil {
		if fault.Of(err) != nil {
			err = nil
		}
		return nil, err
	}
	senders := make([]Sender, 0, len(running))
	for _, e := range running {
		senders = append(senders, Sender{
			EmployerID: e.EmployerID(), Name: e.Employer(), Sends: r.employer == e.EmployerID() || r.employer == 0 && e.Main,
		})
	}
	return senders, nil
}

// SentBy says which of the person's employers sends them, and so pays for the seat.
// fault.Conflict "round.has_marks" once attendance is saved, unless the viewer manages the
// round; fault.NotFound when they do not work for the employer on the round's first day.
func SentBy(ctx context.Context, tx *db.Tx, viewer access.Viewer, enrolmentID, employerID int64, now clock.Instant) error {
	type row struct{ person, round int64 }
	of, err := db.Row(ctx, tx, func(r *row) []any { return []any{&r.person, &r.round} },
		`SELECT person_id, round_id FROM enrolment WHERE id = $1 AND withdrawn_at IS NULL`, enrolmentID)
	if err != nil {
		return err
	}
	s, err := hold(ctx, tx, viewer, of.round, now)
	if err != nil {
		return err
	}
	if !s.manages {
		if _, err := mayBook(ctx, tx, viewer, of.person, s.today()); err != nil {
			return err
		}
		marked, err := db.Row(ctx, tx, db.One[bool], `SELECT EXISTS (SELECT 1 FROM attendance WHERE enrolment_id = $1)`, enrolmentID)
		if err != nil {
			return err
		}
		if marked {
			return fault.Conflict("round.has_marks")
		}
	}
	running, err := people.EmploymentsOn(ctx, tx, of.person, s.firstDay)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(running, func(e people.Employment) bool { return e.EmployerID() == employerID })
	if i < 0 {
		return fault.NotFound
	}
	n, err := db.Exec(ctx, tx, `UPDATE enrolment SET employer_id = $2 WHERE id = $1 AND COALESCE(employer_id, 0) <> $2`, enrolmentID, employerID)
	if err != nil || n == 0 {
		return err
	}
	s.unused = nil
	if err := s.events.Add(round.SenderSet, 0, of.person, round.Words{Reason: running[i].Employer()}); err != nil {
		return err
	}
	return s.done(ctx, tx)
}

// SentAfter lets seats, places in the queue and trainer days from the day on be the new
// employer's, where the old one sent somebody who moves from it to the new one. It asks no
// viewer: it is part of the move.
func SentAfter(ctx context.Context, tx *db.Tx, personID, from, to int64, day clock.Day) error {
	if from == to {
		return nil
	}
	for _, change := range []string{
		`UPDATE enrolment SET employer_id = $3 WHERE person_id = $1 AND employer_id = $2
			AND EXISTS (SELECT 1 FROM round AS r WHERE r.id = enrolment.round_id AND r.first_day >= $4)`,
		`UPDATE queue_entry SET employer_id = $3 WHERE person_id = $1 AND employer_id = $2 AND ended_at IS NULL
			AND EXISTS (SELECT 1 FROM round AS r WHERE r.id = queue_entry.round_id AND r.first_day >= $4)`,
		`UPDATE day_trainer SET employer_id = $3 WHERE person_id = $1 AND employer_id = $2
			AND EXISTS (SELECT 1 FROM course_day AS d WHERE d.id = day_trainer.course_day_id AND d.day >= $4)`,
	} {
		if _, err := db.Exec(ctx, tx, change, personID, from, to, day); err != nil {
			return err
		}
	}
	return nil
}
