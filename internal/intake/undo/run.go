package undo

import (
	"context"
	"errors"
	"slices"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/intake/footing"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/turnover"
)

// few is how many rows go back in one transaction: each may give up seats.
const few = 25

// errBound tells that the database holds something on somebody who was to be taken away.
var errBound = errors.New("something hangs on them")

// Run takes the import back to its end. Several may run the same one: each step is one
// transaction that finds where the last one stopped. progress, which may be nil, is told of
// rows done of all that did something.
func Run(ctx context.Context, d *db.DB, id int64, now clock.Clock, progress func(done, total int)) error {
	limit, gentle := few, false
	done := 0
	for {
		u := undoing{gentle: gentle}
		n := 0
		err := d.Write(ctx, func(tx *db.Tx) (err error) {
			n, err = u.step(ctx, tx, id, limit, now())
			return err
		})
		switch {
		case errors.Is(err, errBound): // who it is shows one by one
			limit, gentle = 1, limit == 1
			continue
		case err != nil:
			return err
		case n == 0 && u.State == intake.Undone:
			return nil
		case n == 0:
			return finish(ctx, d, id)
		}
		limit, gentle = few, false
		done += n
		if progress != nil {
			progress(done, u.Added+u.Changed+u.Ended)
		}
		if err := d.Yield(ctx); err != nil {
			return err
		}
	}
}

// undoing is a step of an import that is taken back.
type undoing struct {
	intake.Import
	gentle bool // who was to be taken away leaves instead
	by     access.Viewer
	may    access.Viewer // who decided it, with what they may give
	now    clock.Instant
}

// step takes some rows back; n is how many.
func (u *undoing) step(ctx context.Context, tx *db.Tx, id int64, limit int, now clock.Instant) (n int, err error) {
	if u.Import, err = intake.Held(ctx, tx, id); err != nil {
		return 0, err
	}
	if u.State == intake.Undone {
		return 0, nil
	}
	if u.State != intake.Undoing {
		return 0, fault.Conflict("intake.undo_not_now")
	}
	u.by, u.may, u.now = access.ActingFor(u.UndoneBy), access.System(), now
	if u.UndoneBy != 0 {
		if u.may, _, err = identity.Viewer(ctx, tx, u.UndoneBy, now.Day()); err != nil {
			return 0, err
		}
	}
	rows, err := rowsFrom(ctx, tx, id, u.NextRow, limit)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	if err := foresee(ctx, tx, u.Import, rows); err != nil {
		return 0, err
	}
	for n := range rows {
		r := &rows[n]
		if err := u.take(ctx, tx, r); err != nil {
			return 0, err
		}
		stays := make([]string, len(r.Stays))
		for n, p := range r.Stays {
			stays[n] = string(p)
		}
		if _, err := db.Exec(ctx, tx, `UPDATE staff_import_row SET undone = $3, stays = $4 WHERE import_id = $1 AND line = $2`,
			id, r.line, string(r.Outcome), strings.Join(stays, " ")); err != nil {
			return 0, err
		}
	}
	_, err = db.Exec(ctx, tx, `UPDATE staff_import SET next_row = $2 WHERE id = $1`, id, rows[len(rows)-1].line+1)
	return len(rows), err
}

// take takes a row back as it was foreseen.
func (u *undoing) take(ctx context.Context, tx *db.Tx, r *row) error {
	if r.Outcome == Removed && u.gentle {
		now, err := footing.Of(ctx, tx, u.MunicipalityID, u.JourneyID, []int64{r.person})
		if err != nil {
			return err
		}
		r.Outcome, r.now = Ended, *now[r.person]
	}
	switch r.Outcome {
	case Removed:
		return u.remove(ctx, tx, r)
	case Ended:
		if err := u.leave(ctx, tx, r); err != nil {
			return err
		}
		r.back = slices.DeleteFunc(r.back, func(p footing.Part) bool { return p == footing.Employment || p == footing.Rights })
	case Restored, Kept:
	}
	return u.restore(ctx, tx, r)
}

// remove takes somebody away whom the import made. errBound when something hangs on them.
func (u *undoing) remove(ctx context.Context, tx *db.Tx, r *row) error {
	if r.Is != nil {
		for _, g := range r.Is.Rights {
			if err := identity.Take(ctx, tx, u.by, g.ID); err != nil {
				return err
			}
		}
	}
	err := people.Remove(ctx, tx, u.by, r.person, u.now)
	if f := fault.Of(err); f != nil && f.Key == "people.not_a_mistake" {
		return errBound
	}
	return err
}

// leave lets somebody leave the municipality, yesterday or on the day that they began.
func (u *undoing) leave(ctx context.Context, tx *db.Tx, r *row) error {
	j := r.runs(u.Import)
	if j == nil || j.Until != nil && *j.Until < u.now.Day() {
		return nil
	}
	return turnover.LeaveEmployer(ctx, tx, u.by, r.person, u.MunicipalityID, max(u.now.Day()-1, j.From), u.now)
}

// finish takes the units away that the file made and that are empty, and says that the import
// is taken back.
func finish(ctx context.Context, d *db.DB, id int64) error {
	made, err := db.Rows(ctx, d.Reader(), db.One[string], `
		SELECT before FROM staff_import_row WHERE import_id = $1 AND before LIKE '%"Made":%' ORDER BY line`, id)
	if err != nil {
		return err
	}
	for _, text := range made {
		c, err := footing.Read(text)
		if err != nil {
			return err
		}
		err = d.Write(ctx, func(tx *db.Tx) error { return organisation.RemoveUnit(ctx, tx, access.System(), c.Unit) })
		if err != nil && fault.Of(err) == nil { // in use, or gone: both are as they should be
			return err
		}
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE staff_import SET state = 'undone' WHERE id = $1 AND state = 'undoing'`, id)
		return err
	})
}
