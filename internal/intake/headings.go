package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

// Ignored is what a heading means whose column is not read.
const Ignored Column = "-"

// Heading is what a heading means that is not known by itself.
type Heading struct {
	Text       string
	Means      Column // or Ignored
	Remembered bool   // from an earlier file, or else said of this one
}

// HeadingsOf are what the municipality has said of headings, for those who manage its people.
func HeadingsOf(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation) ([]Heading, error) {
	if err := access.ManagePeople(viewer).Allow(m.Place()); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(h *Heading) []any { return []any{&h.Text, &h.Means} }, `
		SELECT heading, means
		FROM staff_heading
		WHERE municipality_id = $1
		ORDER BY heading`, m.ID)
}

// Mean says what the heading means in the municipality's files from now on; "" forgets what was
// said. fault.Invalid "means" for what is no column, "heading" for none.
func Mean(ctx context.Context, tx *db.Tx, viewer access.Viewer, m organisation.Organisation, heading string, means Column, now clock.Instant) error {
	if err := access.ManagePeople(viewer).Allow(m.Place()); err != nil {
		return err
	}
	if heading = folded(heading); heading == "" {
		return fault.Invalid("heading", "intake.no_such_heading")
	}
	if means == "" {
		_, err := db.Exec(ctx, tx, `DELETE FROM staff_heading WHERE municipality_id = $1 AND heading = $2`, m.ID, heading)
		return err
	}
	if _, ok := ColumnOf(string(means)); !ok && means != Ignored {
		return fault.Invalid("means", "intake.no_such_column")
	}
	_, err := db.Exec(ctx, tx, `
		INSERT INTO staff_heading (municipality_id, heading, means, told_at, told_by)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (municipality_id, heading) DO UPDATE SET means = excluded.means, told_at = excluded.told_at, told_by = excluded.told_by`,
		m.ID, heading, means, now, viewer.ActorID())
	return err
}

// meanings are what the headings of a file mean that are not known by themselves: as is said of
// the file, else as the municipality said of an earlier one.
func meanings(cells []string, chosen map[string]string, remembered []Heading) (all []Heading) {
	for _, cell := range cells {
		said, is := chosen[cell]
		if cell == "" || Known(cell) && !is {
			continue
		}
		if is {
			all = append(all, Heading{Text: cell, Means: Column(said)})
			continue
		}
		for _, h := range remembered {
			if h.Text == folded(cell) {
				all = append(all, Heading{cell, h.Means, true})
			}
		}
	}
	return all
}

// remember keeps what was said of the headings of this file for the next one, and with the
// import what all of them meant.
func (s *staging) remember(ctx context.Context, tx *db.Tx, m organisation.Organisation) error {
	for _, h := range s.meant {
		if h.Remembered || Known(h.Text) || utf8.RuneCountInString(h.Text) > maxText {
			continue
		}
		if err := Mean(ctx, tx, s.viewer, m, h.Text, h.Means, s.MadeAt); err != nil {
			return err
		}
	}
	if len(s.meant) == 0 {
		return nil
	}
	text, err := json.Marshal(s.meant)
	if err != nil {
		return fmt.Errorf("keep what the headings mean: %w", err)
	}
	_, err = db.Exec(ctx, tx, `UPDATE staff_import SET headings = $2 WHERE id = $1`, s.ID, string(text))
	return err
}

// Headings are what the headings of the import's file meant that are not known by themselves.
// It asks no viewer: it is for who has the import.
func (i Import) Headings(ctx context.Context, q db.Querier) (all []Heading, err error) {
	text, err := db.Row(ctx, q, db.One[string], `SELECT headings FROM staff_import WHERE id = $1`, i.ID)
	if err != nil || text == "" {
		return nil, err
	}
	if err = json.Unmarshal([]byte(text), &all); err != nil {
		err = fmt.Errorf("read what the headings of import %d mean: %w", i.ID, err)
	}
	return all, err
}
