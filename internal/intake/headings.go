package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"yrkesresan/internal/db"
	"yrkesresan/internal/intake/row"
	"yrkesresan/internal/organisation"
)

// remember keeps what was said of the headings of this file for the next one, and with the
// import what all of them meant.
func (s *Staging) remember(ctx context.Context, tx *db.Tx, m organisation.Organisation) error {
	for _, h := range s.meant {
		if h.Remembered || Known(h.Text) || utf8.RuneCountInString(h.Text) > row.MaxText {
			continue
		}
		if err := row.Mean(ctx, tx, s.viewer, m, h.Text, h.Means, s.MadeAt); err != nil {
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
