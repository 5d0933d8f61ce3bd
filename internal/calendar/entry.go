package calendar

import (
	"context"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// Entry is somebody's entry as a letter is about to change it.
type Entry struct {
	CourseDayID int64
	PersonID    int64
	Sequence    int
	Day         clock.Day
	Starts      string
	Ends        string
	Place       string
	Link        string
	Cancelled   bool
}

func (e Entry) says(other Entry) bool {
	return e.Day == other.Day && e.Starts == other.Starts && e.Ends == other.Ends && e.Place == other.Place && e.Link == other.Link
}

// Differences are the entries of the person to send so that their calendar
// holds the wanted course days and no others: new and changed ones, then those
// to take out. had are the entries as last sent. Each has its next number.
func Differences(had, wanted []Entry) []Entry {
	before := make(map[int64]Entry, len(had))
	for _, e := range had {
		before[e.CourseDayID] = e
	}
	var out []Entry
	for _, e := range wanted {
		was, there := before[e.CourseDayID]
		delete(before, e.CourseDayID)
		if there && !was.Cancelled && was.says(e) {
			continue
		}
		e.Sequence, e.Cancelled = 0, false
		if there {
			e.Sequence = was.Sequence + 1
		}
		out = append(out, e)
	}
	for _, e := range had {
		if _, gone := before[e.CourseDayID]; gone && !e.Cancelled {
			e.Sequence, e.Cancelled = e.Sequence+1, true
			out = append(out, e)
		}
	}
	return out
}

// EntriesOf are the entries of the person in the round as last sent, cancelled
// ones too, by day.
func EntriesOf(ctx context.Context, q db.Querier, roundID, personID int64) ([]Entry, error) {
	return db.Rows(ctx, q, func(e *Entry) []any {
		return []any{&e.CourseDayID, &e.PersonID, &e.Sequence, &e.Day, &e.Starts, &e.Ends, &e.Place, &e.Link, &e.Cancelled}
	}, `
		SELECT
			course_day_id,
			person_id,
			sequence,
			day,
			starts,
			ends,
			place,
			link,
			cancelled_at IS NOT NULL
		FROM calendar_entry
		WHERE round_id = $1
		AND person_id = $2
		ORDER BY day, starts, course_day_id`, roundID, personID)
}

// Sent notes that the entries are what the letters of this transaction say.
func Sent(ctx context.Context, tx *db.Tx, roundID int64, entries []Entry, now clock.Instant) error {
	for _, e := range entries {
		var cancelled *clock.Instant
		if e.Cancelled {
			cancelled = &now
		}
		if _, err := db.Exec(ctx, tx, `
			INSERT INTO calendar_entry (course_day_id, person_id, round_id, sequence, day, starts, ends, place, link, cancelled_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (course_day_id, person_id) DO UPDATE SET
				sequence = excluded.sequence,
				day = excluded.day,
				starts = excluded.starts,
				ends = excluded.ends,
				place = excluded.place,
				link = excluded.link,
				cancelled_at = excluded.cancelled_at`,
			e.CourseDayID, e.PersonID, roundID, e.Sequence, e.Day, e.Starts, e.Ends, e.Place, e.Link, cancelled); err != nil {
			return err
		}
	}
	return nil
}
