package merging

import (
	"context"
	"errors"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/people"
	"yrkesresan/internal/privacy"
	"yrkesresan/internal/seat"
)

// Merge merges two persons. fault.NotFound and fault.Forbidden for who may not;
// fault.Invalid "with" for one and the same, "email" for an address of neither;
// fault.Conflict "merging.not_oneself", "merging.works_elsewhere", "merging.office",
// "merging.gone_already" (of several at once all but one are told so),
// "merging.in_two_places" and "merging.settled".
func Merge(ctx context.Context, d *db.DB, viewer access.Viewer, w Wish, site letter.Site, now clock.Instant) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		o, err := run(ctx, tx, viewer, w, now)
		if err != nil {
			return err
		}
		for _, roundID := range o.rounds {
			if err := seat.Settle(ctx, tx, access.System(), roundID, now); err != nil {
				return err
			}
			if err := letter.After(ctx, tx, roundID, now); err != nil {
				return err
			}
		}
		return o.tell(ctx, tx, viewer, site, now)
	})
}

var errLook = errors.New("merging: only to look")

// Preview says what Merge will do, and does nothing. The faults are its own.
func Preview(ctx context.Context, d *db.DB, viewer access.Viewer, w Wish, now clock.Instant) (o Outcome, err error) {
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		if o, err = run(ctx, tx, viewer, w, now); err == nil {
			err = errLook
		}
		return err
	})
	if errors.Is(err, errLook) {
		err = nil
	}
	return o, err
}

// run merges the two in the transaction.
func run(ctx context.Context, tx *db.Tx, viewer access.Viewer, w Wish, now clock.Instant) (o Outcome, err error) {
	if w.Kept != w.Gone {
		if err := hold(ctx, tx, w.Kept, w.Gone); err != nil {
			return o, err
		}
	}
	p, err := allowed(ctx, tx, viewer, w, now.Day())
	if err != nil {
		return o, err
	}
	o = Outcome{Kept: p.kept.Person, Gone: p.gone.Person, Email: w.Email}
	if o.Email == "" {
		if o.Email = o.Kept.Email; o.Email == "" {
			o.Email = o.Gone.Email
		}
	}
	if o.Email != o.Kept.Email && o.Email != o.Gone.Email {
		return o, fault.Invalid("email", "merging.other_address")
	}
	courses, err := coursesOf(ctx, tx, w.Gone)
	if err != nil {
		return o, err
	}
	before, err := settled(ctx, tx, w.Kept, w.Gone)
	if err != nil {
		return o, err
	}
	merger, err := db.Row(ctx, tx, db.One[int64], `INSERT INTO merger (kept_id, gone_id, made_at, made_by) VALUES ($1, $2, $3, $4) RETURNING id`,
		w.Kept, w.Gone, now, viewer.ActorID())
	if db.IsUnique(err) {
		return o, fault.Conflict("merging.gone_already")
	}
	if err != nil {
		return o, err
	}
	if err := audit.Changed(ctx, tx, viewer, audit.Merger, w.Kept, w.Gone); err != nil {
		return o, err
	}
	for _, id := range []int64{w.Kept, w.Gone} {
		n, err := identity.EndSessions(ctx, tx, viewer, id, now)
		if err != nil {
			return o, err
		}
		o.Sessions += n
	}
	r := &record{ctx: ctx, tx: tx, kept: w.Kept, gone: w.Gone, by: viewer.ActorID(), now: now}
	work, err := r.readWork()
	if err != nil {
		return o, err
	}
	for _, step := range []func() error{
		func() error { return r.person(o) },
		func() error { return r.employ(work) },
		func() error { return r.pin(work) },
		func() error { return r.seats(work, &o) },
		r.trainerDays, r.teams, r.signedIn, r.support, r.accounts, r.completions, r.studies,
		r.others,
		func() error { return r.whole(courses, &o) },
		func() error { return dropSpare(ctx, tx, r.spare) },
	} {
		if err := step(); err != nil {
			return o, err
		}
	}
	after, err := settled(ctx, tx, w.Kept, w.Gone)
	if err != nil {
		return o, err
	}
	if !slices.Equal(before, after) {
		return o, fault.Conflict("merging.settled")
	}
	if err := o.read(ctx, tx, r, courses); err != nil {
		return o, err
	}
	// What can no longer be taken back is not kept.
	if _, err := db.Exec(ctx, tx, `DELETE FROM merger_row WHERE merger_id IN (SELECT id FROM merger WHERE made_at < $1)`, (now.Day() - Days).Start()); err != nil {
		return o, err
	}
	return o, r.keep(merger)
}

// person lets the row of who is gone lead to who remains, with one address of the two.
func (r *record) person(o Outcome) error {
	if err := r.change("person", values{"id": number(r.gone)}, values{"email": nil, "merged_into": number(r.kept)}); err != nil {
		return err
	}
	if o.Gone.Email != "" { // as an earlier address it is known to an erasure
		if err := r.was(o.Gone); err != nil {
			return err
		}
	}
	if o.Email != o.Kept.Email {
		if err := r.was(o.Kept); err != nil {
			return err
		}
		if err := r.change("person", values{"id": number(r.kept)}, values{"email": text(o.Email)}); err != nil {
			return err
		}
	}
	if _, err := db.Exec(r.ctx, r.tx, `DELETE FROM person_word WHERE person_id = $1`, r.gone); err != nil {
		return err
	}
	return people.KeepWords(r.ctx, r.tx, r.kept)
}

// was keeps what somebody was called, and at which address, until now.
func (r *record) was(who people.Person) error {
	return r.add("person_change", values{
		"person_id": number(who.ID), "given_name": text(who.GivenName), "family_name": text(who.FamilyName), "email": orNil(who.Email),
		"changed_at": number(int64(r.now)), "changed_by": orNone(r.by),
	})
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func orNone(id *int64) *string {
	if id == nil {
		return nil
	}
	return number(*id)
}

// others moves the rows of the places that have no rule of their own.
func (r *record) others() error {
	for _, p := range privacy.Places {
		if p.Merge != privacy.Moves {
			continue
		}
		if err := r.moveAll(p); err != nil {
			return err
		}
	}
	return nil
}

func (r *record) moveAll(p privacy.Place) error {
	if len(p.Once) == 0 {
		return r.move(p.Table, p.Key, "TRUE")
	}
	has := `EXISTS (SELECT 1 FROM ` + p.Table + ` AS k WHERE k.person_id = $2`
	for _, c := range p.Once {
		has += ` AND k.` + c + ` = o.` + c
	}
	if p.While != "" {
		has += ` AND k.` + p.While + ` AND o.` + p.While
	}
	has += `)`
	if p.Drop != "" {
		rows, err := read(r.ctx, r.tx, p.Table+" AS o", prefixed(p.Key), "o.person_id = $1 AND "+has+" AND "+p.Drop, r.gone, r.kept)
		if err != nil {
			return err
		}
		for _, row := range rows {
			row["person_id"] = number(r.gone)
			if err := r.remove(p.Table, row); err != nil {
				return err
			}
		}
	}
	return r.move(p.Table, p.Key, "NOT "+has, r.kept)
}

func prefixed(columns []string) []string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = "o." + c
	}
	return all
}

// makeSpare makes a row of person in which rows wait while two change places. It is gone
// before the transaction ends.
func makeSpare(ctx context.Context, tx *db.Tx) (int64, error) {
	return db.Row(ctx, tx, db.One[int64], `
		INSERT INTO person (given_name, family_name, sort_key, created_at)
		SELECT '', '', sort_key, 0 FROM person LIMIT 1
		RETURNING id`)
}

func dropSpare(ctx context.Context, tx *db.Tx, spare int64) error {
	if spare == 0 {
		return nil
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM person WHERE id = $1`, spare)
	return err
}
