package people

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

// EmployToo lets a person work at the organisation from the day on beside where they work
// already. The viewer manages people at both places: else anybody could see somebody by
// saying that they work with them. fault.Invalid "organisation" when they work for that
// employer already, and "from" when they work nowhere then: that is Employ.
func EmployToo(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID, organisationID int64, from clock.Day, title string) error {
	if _, err := managedOn(ctx, tx, viewer, personID, from); err != nil {
		if fault.Of(err) == fault.NotFound {
			return fault.Invalid("from", "people.not_employed_then")
		}
		return err
	}
	org, err := organisation.ByID(ctx, tx, organisationID)
	if err != nil {
		return err
	}
	switch err := employedThere(ctx, tx, personID, Employment{RegionID: org.RegionID, MunicipalityID: org.MunicipalityID}.EmployerID(), from); {
	case fault.Of(err) != nil:
		return fault.Invalid("organisation", "people.employed_there")
	case err != nil:
		return err
	}
	return employ(ctx, tx, viewer, personID, organisationID, from, title, false)
}

// ChooseMain makes the employment the person's main one from today on. They choose
// themselves. fault.NotFound when it is not theirs, or does not run.
func ChooseMain(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID, employmentID int64, today clock.Day) error {
	if !access.Own(viewer).Covers(access.Place{PersonID: personID}) {
		return fault.NotFound
	}
	running, err := EmploymentsOn(ctx, tx, personID, today)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(running, func(e Employment) bool { return e.ID == employmentID })
	switch {
	case i < 0:
		return fault.NotFound
	case running[i].Main:
		return nil
	}
	for _, e := range running {
		if e.Main {
			if err := splitAt(ctx, tx, e, today, false); err != nil {
				return err
			}
		}
	}
	// What begins later is the main one again where the chosen one does not run.
	if _, err := db.Exec(ctx, tx, `UPDATE employment SET main = FALSE WHERE person_id = $1 AND from_day > $2 AND main`, personID, today); err != nil {
		return err
	}
	if err := splitAt(ctx, tx, running[i], today, true); err != nil {
		return err
	}
	return keepMain(ctx, tx, personID, today)
}

// splitAt makes an employment the main one, or not, from the day on: what it was until then
// stays as it was.
func splitAt(ctx context.Context, tx *db.Tx, e Employment, day clock.Day, main bool) error {
	if e.From >= day {
		_, err := db.Exec(ctx, tx, `UPDATE employment SET main = $2 WHERE id = $1`, e.ID, main)
		return err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE employment SET to_day = $2 WHERE id = $1`, e.ID, day-1); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `
		INSERT INTO employment (person_id, organisation_id, region_id, municipality_id, title, form, shift, agency, sort_key, from_day, to_day, import_id, main)
		SELECT person_id, organisation_id, region_id, municipality_id, title, form, shift, agency, sort_key, $2, $3, import_id, $4
		FROM employment
		WHERE id = $1`, e.ID, day, e.Until, main)
	return err
}

// turn is a day from which an employment is the main one, or no longer.
type turn struct {
	Employment
	day  clock.Day
	main bool
}

// turns are what has to change so that on each day from the one on just one of the
// employments that run is the main one: that which is stays so until it ends, then comes
// the first begun. They are in the order of the employments.
func turns(all []Employment, from clock.Day) []turn {
	since := map[int64]clock.Day{} // when an employment becomes the main one
	for day, more := from, true; more; {
		var next *Employment
		for i := range all {
			e := &all[i]
			switch {
			case e.Until != nil && *e.Until < day:
			case next == nil, before(e, next, day):
				next = e
			}
		}
		if more = next != nil; more {
			since[next.ID] = max(day, next.From)
			if more = next.Until != nil; more {
				day = *next.Until + 1
			}
		}
	}
	var changes []turn
	for _, e := range all {
		day, main := since[e.ID]
		switch {
		case main && !e.Main:
			changes = append(changes, turn{e, day, true})
		case main && day > max(from, e.From): // not until then
			changes = append(changes, turn{e, max(from, e.From), false}, turn{e, day, true})
		case !main && e.Main && (e.Until == nil || *e.Until >= from):
			changes = append(changes, turn{e, max(from, e.From), false})
		}
	}
	return changes
}

// before tells whether a is rather the main employment on the day than b; neither has
// ended. Of those that run it is the one that is, then the first begun; else the next.
func before(a, b *Employment, day clock.Day) bool {
	if runs := a.From <= day; runs != (b.From <= day) {
		return runs
	} else if runs && a.Main != b.Main {
		return a.Main
	}
	return a.From < b.From
}

// keepMain sees to it that from the day on just one of the person's employments that run is
// the main one: see turns.
func keepMain(ctx context.Context, tx *db.Tx, personID int64, from clock.Day) error {
	all, err := db.Rows(ctx, tx, (*Employment).columns, `
		SELECT`+employmentColumns+employmentTables+`
		WHERE e.person_id = $1
		AND (e.to_day IS NULL OR e.to_day >= $2)
		ORDER BY e.from_day, e.id`, personID, from)
	if err != nil {
		return err
	}
	changes := turns(all, from)
	for _, main := range []bool{false, true} { // at no time two
		for _, t := range changes {
			if t.main == main {
				if err := splitAt(ctx, tx, t.Employment, t.day, main); err != nil {
					return err
				}
			}
		}
	}
	if len(all) < 2 {
		return nil
	}
	// How far up each counts depends on where the others are: figures are counted anew.
	_, err = db.Exec(ctx, tx, `UPDATE employment SET import_id = import_id WHERE person_id = $1`, personID)
	return err
}
