package merging

import (
	"context"
	"errors"
	"maps"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
)

// Days is how long a merge can be taken back.
const Days = 90

// Merger is a merge that stands.
type Merger struct {
	ID         int64
	Kept, Gone people.Person // as they are
	At         clock.Instant
	By         string // empty for the product itself
}

// Until is the last day on which it can be taken back.
func (m Merger) Until() clock.Day { return m.At.Day() + Days }

// Of are the merges into the person that stand, the last first, for those who may see the
// person.
func Of(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, today clock.Day) ([]Merger, error) {
	if err := people.Visible(ctx, q, viewer, personID, today); err != nil {
		return nil, err
	}
	return unsplit(ctx, q, personID)
}

func unsplit(ctx context.Context, q db.Querier, personID int64) ([]Merger, error) {
	return db.Rows(ctx, q, func(m *Merger) []any {
		return []any{
			&m.ID, &m.At, &m.By, &m.Kept.ID, &m.Kept.GivenName, &m.Kept.FamilyName, &m.Kept.Email, &m.Kept.Language,
			&m.Gone.ID, &m.Gone.GivenName, &m.Gone.FamilyName, &m.Gone.Language,
		}
	}, `
		SELECT
			m.id,
			m.made_at,
			COALESCE(TRIM(b.given_name || ' ' || b.family_name), ''),
			k.id, k.given_name, k.family_name, COALESCE(k.email, ''), k.language,
			g.id, g.given_name, g.family_name, g.language
		FROM merger AS m
		JOIN person AS k ON k.id = m.kept_id
		JOIN person AS g ON g.id = m.gone_id
		LEFT JOIN person AS b ON b.id = m.made_by
		WHERE m.kept_id = $1
		AND m.split_at IS NULL
		ORDER BY m.id DESC`, personID)
}

// Parting is what a split does.
type Parting struct {
	Merger
	Email   string  // with which who was merged signs in again; empty for none
	Back    []Count // rows that are theirs again
	Changed []Count // rows that were changed since, and stay as they are
	Lost    []Count // rows that are no more
}

// Split takes the last merge into the person back. The faults of who may not are Merge's own;
// fault.Conflict "merging.none" when nobody is merged into them (of several at once all but
// one are told so), "merging.too_late" after Days, and "merging.settled".
func Split(ctx context.Context, d *db.DB, viewer access.Viewer, personID int64, site letter.Site, now clock.Instant) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		p, err := split(ctx, tx, viewer, personID, now)
		if err != nil {
			return err
		}
		for _, each := range []people.Person{p.Kept, p.Gone} {
			l := i18n.For(each.Language)
			email := p.Kept.Email
			if each.ID == p.Gone.ID {
				email = p.Email
			}
			if email == "" {
				continue
			}
			if _, err := letter.PutPersonal(ctx, tx, letter.Personal{
				PersonID: each.ID, Kind: "merger", Subject: l.T("merging.split_subject"),
				Body: l.T("merging.split_body", "Name", each.Name(), "Email", email, "Link", site.Base+address.SignIn),
			}, viewer.ActorID(), now); err != nil {
				return err
			}
		}
		return nil
	})
}

// PreviewSplit says what Split will do, and does nothing. The faults are its own.
func PreviewSplit(ctx context.Context, d *db.DB, viewer access.Viewer, personID int64, now clock.Instant) (p Parting, err error) {
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		if p, err = split(ctx, tx, viewer, personID, now); err == nil {
			err = errLook
		}
		return err
	})
	if errors.Is(err, errLook) {
		err = nil
	}
	return p, err
}

func split(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, now clock.Instant) (p Parting, err error) {
	if _, err := administers(ctx, tx, viewer, personID, now.Day()); err != nil {
		return p, err
	}
	all, err := unsplit(ctx, tx, personID)
	if err != nil {
		return p, err
	}
	if len(all) == 0 {
		return p, fault.Conflict("merging.none")
	}
	p.Merger = all[0]
	switch {
	case viewer.PersonID == p.Gone.ID:
		return p, fault.Conflict("merging.not_oneself")
	case now.Day() > p.Until():
		return p, fault.Conflict("merging.too_late", "Day", p.Until())
	}
	if err := hold(ctx, tx, p.Kept.ID, p.Gone.ID); err != nil {
		return p, err
	}
	n, err := db.Exec(ctx, tx, `UPDATE merger SET split_at = $2, split_by = $3 WHERE id = $1 AND split_at IS NULL`, p.ID, now, viewer.ActorID())
	if err == nil && n == 0 {
		err = fault.Conflict("merging.none")
	}
	if err != nil {
		return p, err
	}
	if err := audit.Changed(ctx, tx, viewer, audit.Merger, p.Kept.ID, p.Gone.ID); err != nil {
		return p, err
	}
	if _, err := identity.EndSessions(ctx, tx, viewer, p.Kept.ID, now); err != nil {
		return p, err
	}
	before, err := settled(ctx, tx, p.Kept.ID, p.Gone.ID)
	if err != nil {
		return p, err
	}
	if err := p.undo(ctx, tx); err != nil {
		return p, err
	}
	after, err := settled(ctx, tx, p.Kept.ID, p.Gone.ID)
	if err != nil {
		return p, err
	}
	if !slices.Equal(before, after) {
		return p, fault.Conflict("merging.settled")
	}
	for _, id := range []int64{p.Kept.ID, p.Gone.ID} {
		if err := people.KeepWords(ctx, tx, id); err != nil {
			return p, err
		}
	}
	r := &record{ctx: ctx, tx: tx, kept: p.Kept.ID, gone: p.Gone.ID}
	if err := r.sorted(); err != nil {
		return p, err
	}
	p.Email, err = db.Row(ctx, tx, db.One[string], `SELECT COALESCE(email, '') FROM person WHERE id = $1`, p.Gone.ID)
	if err != nil {
		return p, err
	}
	p.Kept.Email, err = db.Row(ctx, tx, db.One[string], `SELECT COALESCE(email, '') FROM person WHERE id = $1`, p.Kept.ID)
	return p, err
}

// fateOf is what came of taking back an act.
type fateOf int

const (
	isBack fateOf = iota
	isChanged
	isLost
)

// undo takes back what the merge did, the last first.
func (p *Parting) undo(ctx context.Context, tx *db.Tx) error {
	dones, err := doneIn(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	var spare int64
	counts := map[fateOf]map[string]int{isBack: {}, isChanged: {}, isLost: {}}
	for _, d := range dones {
		if d.act == swapped && spare == 0 {
			if spare, err = makeSpare(ctx, tx); err != nil {
				return err
			}
		}
		fate, err := p.takeBack(ctx, tx, d, spare)
		if db.IsUnique(err) {
			return fault.Conflict("merging.in_the_way", "Table", d.table)
		}
		if err != nil {
			return err
		}
		if d.table != "person" {
			counts[fate][d.table]++
		}
	}
	if err := dropSpare(ctx, tx, spare); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM merger_row WHERE merger_id = $1`, p.ID); err != nil {
		return err
	}
	p.Back, p.Changed, p.Lost = sortedCounts(counts[isBack]), sortedCounts(counts[isChanged]), sortedCounts(counts[isLost])
	return nil
}

func sortedCounts(rows map[string]int) (all []Count) {
	for _, table := range slices.Sorted(maps.Keys(rows)) {
		all = append(all, Count{table, rows[table]})
	}
	return all
}

// takeBack takes one act back.
func (p *Parting) takeBack(ctx context.Context, tx *db.Tx, d done, spare int64) (fateOf, error) {
	lost := func(n int64, err error) (fateOf, error) {
		if n == 0 {
			return isLost, err
		}
		return isBack, err
	}
	switch d.act {
	case moved:
		key := maps.Clone(d.key)
		key["person_id"] = number(p.Kept.ID)
		n, err := write(ctx, tx, d.table, key, values{"person_id": number(p.Gone.ID)})
		if err == nil && n > 0 {
			err = rebind(ctx, tx, d.table, d.key, p.Kept.ID, p.Gone.ID)
		}
		return lost(n, err)
	case changed:
		return changeBack(ctx, tx, d)
	case removed:
		return isBack, insert(ctx, tx, d.table, d.before)
	case added:
		return p.takeAway(ctx, tx, d)
	case swapped:
		rows, err := read(ctx, tx, d.table, []string{"id"}, "(id = $1 AND person_id = $3 OR id = $2 AND person_id = $4)", d.after["id"], d.key["id"], p.Kept.ID, p.Gone.ID)
		if err != nil || len(rows) != 2 {
			return isLost, err
		}
		return isBack, swap(ctx, tx, d.table, d.after["id"], p.Kept.ID, d.key["id"], p.Gone.ID, spare)
	}
	return isLost, nil
}

// hasRoom tells whether the round of a seat that was given up has room for it still: it may
// have gone to somebody who waited.
func hasRoom(ctx context.Context, tx *db.Tx, enrolment *string) (bool, error) {
	id, err := db.Row(ctx, tx, db.One[int64], `SELECT round_id FROM enrolment WHERE id = $1`, enrolment)
	if err != nil {
		return false, err
	}
	if err := round.Hold(ctx, tx, id); err != nil {
		return false, err
	}
	return db.Row(ctx, tx, db.One[bool], `
		SELECT (SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL)
			+ (SELECT COUNT(*) FROM queue_entry AS w WHERE w.round_id = r.id AND w.ended_at IS NULL AND w.offered_at IS NOT NULL) < r.capacity
		FROM round AS r
		WHERE r.id = $1`, id)
}

// changeBack gives a row the columns that it had, if they say what the merge wrote. An
// address that is another's by now does not come back, nor does a seat that is another's.
func changeBack(ctx context.Context, tx *db.Tx, d done) (fateOf, error) {
	condition, args := where(d.key, 0)
	rows, err := read(ctx, tx, d.table, slices.Sorted(maps.Keys(d.after)), condition, args...)
	if err != nil || len(rows) != 1 {
		return isLost, err
	}
	before := maps.Clone(d.before)
	for c, v := range d.after {
		if !same(v, rows[0][c]) {
			delete(before, c)
		}
	}
	if email := before["email"]; d.table == "person" && email != nil {
		taken, err := db.Row(ctx, tx, db.One[bool], `SELECT EXISTS (SELECT 1 FROM person WHERE email = $1)`, *email)
		if err != nil {
			return isLost, err
		}
		switch {
		case taken && d.after["email"] != nil:
			before["email"] = nil // the one that they have is the other's
		case taken:
			delete(before, "email")
		}
	}
	if _, seat := before["withdrawn_at"]; d.table == "enrolment" && seat {
		free, err := hasRoom(ctx, tx, d.key["id"])
		if err != nil {
			return isLost, err
		}
		if !free {
			delete(before, "withdrawn_at")
			delete(before, "withdrawn_by")
		}
	}
	if len(before) == 0 {
		return isChanged, nil
	}
	if _, err := write(ctx, tx, d.table, d.key, before); err != nil {
		return isLost, err
	}
	if len(before) < len(d.before) {
		return isChanged, nil
	}
	return isBack, nil
}

// takeAway takes away what the merge made. A completion whose certificate was given out
// since is taken back instead, so that the certificate says so.
func (p *Parting) takeAway(ctx context.Context, tx *db.Tx, d done) (fateOf, error) {
	if d.table == "completion" {
		n, err := db.Exec(ctx, tx, `
			UPDATE completion
			SET revoked_at = (SELECT split_at FROM merger WHERE id = $2)
			WHERE id = $1
			AND revoked_at IS NULL
			AND EXISTS (SELECT 1 FROM certificate AS c WHERE c.completion_id = completion.id)`, d.key["id"], p.ID)
		if err != nil || n > 0 {
			return isChanged, err
		}
	}
	condition, args := where(d.key, 0)
	n, err := db.Exec(ctx, tx, `DELETE FROM `+d.table+` WHERE `+condition, args...)
	if err == nil && n == 0 {
		return isLost, nil
	}
	return isBack, err
}
