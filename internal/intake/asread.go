package intake

import (
	"context"
	"encoding/json"
	"fmt"

	"yrkesresan/internal/db"
)

// AsRead is how a file was read, for people to check: a wrong guess shows in the letters.
type AsRead struct {
	Encoding  string // as in sheet.Rows; "" where it was not kept
	Separator string // of a CSV
	Lines     []Line // the first with å, ä or ö in them, of those that do something
}

const (
	linesToCheck = 3
	checkWithin  = 20_000 // lines of the file
)

// AsRead is how the import's file was read. It asks no viewer: it is for who has the import.
func (i Import) AsRead(ctx context.Context, q db.Querier) (AsRead, error) {
	r, err := db.Row(ctx, q, func(r *AsRead) []any { return []any{&r.Encoding, &r.Separator} },
		`SELECT encoding, separator FROM staff_import WHERE id = $1`, i.ID)
	if err != nil {
		return r, err
	}
	cells, err := db.Rows(ctx, q, db.One[string], `
		SELECT cells
		FROM staff_import_row
		WHERE import_id = $1
		AND act <> 'same'
		AND line <= $2
		AND (cells LIKE '%å%' OR cells LIKE '%ä%' OR cells LIKE '%ö%' OR cells LIKE '%Å%' OR cells LIKE '%Ä%' OR cells LIKE '%Ö%')
		ORDER BY line
		LIMIT $3`, i.ID, checkWithin, linesToCheck)
	if err != nil {
		return r, err
	}
	r.Lines = make([]Line, len(cells))
	for n, text := range cells {
		if err := json.Unmarshal([]byte(text), &r.Lines[n]); err != nil {
			return r, fmt.Errorf("read a row of import %d: %w", i.ID, err)
		}
	}
	return r, nil
}
