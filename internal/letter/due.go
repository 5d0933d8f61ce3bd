package letter

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/material"
	"yrkesresan/internal/round"
)

// dueJob writes the letters that the clock alone brings about.
type dueJob struct{}

func (dueJob) Kind() string { return "letter_due" }

// reminderHour is when reminders of the next day are written: in working hours,
// so that who cannot come has time to say so.
const reminderHour = 8

// Due writes the letters whose time has come: the day before each course day of
// a confirmed round to its participants and trainers, and when half of the time
// to answer an offer has passed; tasks that are soon due; and the material of rounds on its day. Each is written once, however often it is
// asked for; trouble with one round leaves the others theirs.
func Due(ctx context.Context, d *db.DB, site Site, now clock.Instant) error {
	return errors.Join(remindOfDays(ctx, d, site, now), remindOfOffers(ctx, d, site, now), remindOfTasks(ctx, d, site, now), materialDue(ctx, d, site, now))
}

func remindOfDays(ctx context.Context, d *db.DB, site Site, now clock.Instant) error {
	tomorrow := now.Day() + 1
	if now < now.Day().At(reminderHour, 0) {
		return nil
	}
	type due struct{ round, day int64 }
	all, err := db.Rows(ctx, d.Reader(), func(u *due) []any { return []any{&u.round, &u.day} }, `
		SELECT
			r.id,
			c.id
		FROM course_day AS c
		JOIN round AS r ON r.id = c.round_id
		WHERE c.day = $1
		AND r.confirmed_at IS NOT NULL
		AND r.cancelled_at IS NULL
		ORDER BY c.id`, tomorrow)
	if err != nil {
		return err
	}
	var failed error
	for _, u := range all {
		failed = errors.Join(failed, d.Write(ctx, func(tx *db.Tx) error { return remindOfDay(ctx, tx, u.round, u.day, tomorrow, site, now) }))
	}
	return failed
}

// remindOfDay writes to everybody of the course day, which is on the day on: a
// day that has been moved since is another occasion.
func remindOfDay(ctx context.Context, tx *db.Tx, roundID, dayID int64, on clock.Day, site Site, now clock.Instant) error {
	w, err := open(ctx, tx, roundID, site, now)
	if err != nil {
		return err
	}
	var days []round.Day
	for _, day := range w.d.CourseDays {
		if day.ID == dayID && day.Day == on && w.d.ConfirmedAt != nil && w.d.CancelledAt == nil {
			days = append(days, day)
		}
	}
	if len(days) == 0 {
		return nil // changed since it was found
	}
	trainers := []int64{}
	for _, h := range w.holdings {
		if h.day == dayID {
			trainers = append(trainers, h.person)
		}
	}
	for _, to := range []struct {
		kind     Kind
		audience Audience
		persons  []int64
	}{{Reminder, Participants, seated(w.d)}, {TrainerReminder, Trainers, trainers}} {
		if err := w.toMany(ctx, tx, to.kind, to.audience, to.persons, about{days: days}, fmt.Sprintf("%s-day-%d-%s", to.kind, dayID, on)); err != nil {
			return err
		}
	}
	return nil
}

// remindOfOffers writes to those who have let half of their time pass.
func remindOfOffers(ctx context.Context, d *db.DB, site Site, now clock.Instant) error {
	type due struct {
		entry, round, person int64
		until                clock.Instant
	}
	all, err := db.Rows(ctx, d.Reader(), func(u *due) []any { return []any{&u.entry, &u.round, &u.person, &u.until} }, `
		SELECT
			w.id,
			w.round_id,
			w.person_id,
			w.offer_until
		FROM queue_entry AS w
		WHERE w.ended_at IS NULL
		AND w.offer_until > $1
		AND w.offered_at + w.offer_until <= 2 * $1
		AND w.offer_until - w.offered_at >= $2
		AND NOT EXISTS (SELECT 1 FROM round_letter AS l WHERE l.key = 'offer_reminder-' || w.id)
		ORDER BY w.id`, now, shortestOffer.Microseconds())
	if err != nil {
		return err
	}
	var failed error
	for _, u := range all {
		failed = errors.Join(failed, d.Write(ctx, func(tx *db.Tx) error {
			w, err := open(ctx, tx, u.round, site, now)
			if err != nil {
				return err
			}
			if e := w.queue[u.person]; e.ID != u.entry || !e.Offered(now) {
				return nil // answered since
			}
			return w.toMany(ctx, tx, OfferReminder, OnePerson, []int64{u.person}, about{until: &u.until}, fmt.Sprintf("offer_reminder-%d", u.entry))
		}))
	}
	return failed
}

// shortestOffer is how long an offer is at least that is worth a reminder.
const shortestOffer = 6 * time.Hour

// open holds the round and makes its writer.
func open(ctx context.Context, tx *db.Tx, roundID int64, site Site, now clock.Instant) (*writer, error) {
	if _, err := db.Exec(ctx, tx, `UPDATE round SET letters_until = letters_until WHERE id = $1`, roundID); err != nil {
		return nil, err
	}
	d, err := round.Get(ctx, tx, access.System(), roundID)
	if err != nil {
		return nil, err
	}
	return newWriter(ctx, tx, d, site, now)
}

// toMany writes one letter of the product's to several, unless it has been
// written.
func (w *writer) toMany(ctx context.Context, tx *db.Tx, kind Kind, audience Audience, persons []int64, a about, key string) error {
	if len(persons) == 0 {
		return nil
	}
	id, err := insert(ctx, tx, w.d.ID, letter{kind: kind, audience: audience, key: key}, w.now)
	if errors.Is(err, fault.Conflict("")) {
		return nil
	}
	if err != nil {
		return err
	}
	return w.dealTo(ctx, tx, id, kind, persons, a)
}

func (w *writer) dealTo(ctx context.Context, tx *db.Tx, letterID int64, kind Kind, persons []int64, a about) error {
	if err := w.know(ctx, tx, persons...); err != nil {
		return err
	}
	parts := make([]part, len(persons))
	for i, id := range persons {
		subject, body := write(kind, w.d, w.people[id], a, w.site)
		parts[i] = part{person: id, subject: subject, body: body}
	}
	return deal(ctx, tx, letterID, parts)
}

// materialDue sends the material of the rounds whose day has come.
func materialDue(ctx context.Context, d *db.DB, site Site, now clock.Instant) error {
	rounds, err := material.Due(ctx, d.Reader(), now.Day())
	if err != nil {
		return err
	}
	var failed error
	for _, id := range rounds {
		failed = errors.Join(failed, d.Write(ctx, func(tx *db.Tx) error {
			w, err := open(ctx, tx, id, site, now)
			if err != nil {
				return err
			}
			return w.sendMaterial(ctx, tx)
		}))
	}
	return failed
}

// sendMaterial sends the round's material to those who have not got it, when its
// day has come and the round will be given. There is one letter to the
// participants and one to the trainers, and who comes late is added to it.
func (w *writer) sendMaterial(ctx context.Context, tx *db.Tx) error {
	today := w.now.Day()
	if w.d.ConfirmedAt == nil || w.d.CancelledAt != nil || w.d.EditionID == nil || w.d.LastDay < today {
		return nil
	}
	sending, err := material.SendingOf(ctx, tx, w.d.ID, w.d.FirstDay)
	if err != nil || sending.On > today {
		return err
	}
	all, err := material.OfRound(ctx, tx, access.System(), *w.d.EditionID, w.d.RegionID)
	if err != nil {
		return err
	}
	for _, to := range []struct {
		kind     Kind
		audience Audience
		persons  []int64
		of       material.Audience
	}{{Material, Participants, seated(w.d), material.Participants}, {TrainerMaterial, Trainers, w.trainers, material.Trainers}} {
		var items []item
		for _, m := range all {
			if m.Audience == to.of {
				items = append(items, item{title: m.Title, address: w.site.page(address.Material(m.ID))})
			}
		}
		if len(items) == 0 || len(to.persons) == 0 {
			continue
		}
		key := fmt.Sprintf("%s-round-%d", to.kind, w.d.ID)
		id, err := insert(ctx, tx, w.d.ID, letter{kind: to.kind, audience: to.audience, key: key}, w.now)
		if errors.Is(err, fault.Conflict("")) {
			id, err = db.Row(ctx, tx, db.One[int64], `SELECT id FROM round_letter WHERE key = $1`, key)
		}
		if err != nil {
			return err
		}
		got, err := db.Rows(ctx, tx, db.One[int64], `SELECT DISTINCT person_id FROM round_letter_recipient WHERE letter_id = $1`, id)
		if err != nil {
			return err
		}
		missing := slices.DeleteFunc(slices.Clone(to.persons), func(p int64) bool { return slices.Contains(got, p) })
		if err := w.dealTo(ctx, tx, id, to.kind, missing, about{material: items}); err != nil {
			return err
		}
	}
	return nil
}
