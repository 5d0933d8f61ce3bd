package intake

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/intake/footing"
)

// footing is how those of the rows stand who are there already.
func (a *applying) footing(ctx context.Context, q db.Querier, steps []step) (map[int64]*footing.Footing, error) {
	var ids []int64
	for _, s := range steps {
		if s.person != nil {
			ids = append(ids, s.person.ID)
		}
	}
	return footing.Of(ctx, q, a.municipality, a.journey, ids)
}

// remember keeps with the rows what they have changed, so that the import can be taken back:
// was is how the people stood. Of who is new and has no office, that they are new says all.
func (a *applying) remember(ctx context.Context, tx *db.Tx, steps []step, was map[int64]*footing.Footing) error {
	changed := make([]step, 0, len(steps))
	for _, s := range steps {
		if was[s.person.ID] != nil || s.Role == access.Manager || s.Role == access.MunicipalAdmin {
			changed = append(changed, s)
		}
	}
	is, err := a.footing(ctx, tx, changed)
	if err != nil {
		return err
	}
	if len(steps) == 0 {
		return nil
	}
	var b db.Builder
	b.Add("WITH v (line, person_id, before) AS (VALUES")
	for n, s := range steps {
		c := footing.Change{Unit: s.madeUnit, Was: was[s.person.ID], Is: is[s.person.ID]}
		if c.Was == nil {
			c.New = s.person.ID
		}
		text, err := c.Text()
		if err != nil {
			return err
		}
		row := ", (?, ?, ?)"
		if n == 0 { // says what the columns are
			row = "(CAST(? AS BIGINT), CAST(? AS BIGINT), ?)"
		}
		b.Add(row, s.Line.Line, s.person.ID, text)
	}
	b.Add(`)
		UPDATE staff_import_row AS r
		SET person_id = v.person_id, before = v.before
		FROM v
		WHERE r.line = v.line
		AND r.import_id = ?`, a.id)
	_, err = db.Exec(ctx, tx, b.For(tx), b.Args()...)
	return err
}
