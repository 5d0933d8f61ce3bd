package scim

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/personalnumber"
	"yrkesresan/internal/scim/resource"
)

// numberOf is the personal identity number that the client gives, if it does. What is wrong with
// it is told without it.
func numberOf(d resource.Doc, today clock.Day) (n personalnumber.Number, err error) {
	cell := resource.TextOf(d, resource.NumberSchema, "personalNumber")
	if cell == "" {
		return n, nil
	}
	n, err = personalnumber.Read(cell, today)
	var key string
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, personalnumber.ErrCentury):
		key = "scim.number_century"
	case errors.Is(err, personalnumber.ErrCheck):
		key = "intake.number_check"
	case errors.Is(err, personalnumber.ErrDay):
		key = "intake.number_day"
	case errors.Is(err, personalnumber.ErrReserve):
		key = "intake.number_reserve"
	default:
		key = "intake.number_form"
	}
	return personalnumber.Number{}, resource.Bad(resource.InvalidValue, key)
}

// markOf is the mark of the number, and the key that made it. From then on no other request, of
// whatever municipality, looks for a mark until this one has ended: of two at once that mean the
// same new person, the second finds them.
func markOf(ctx context.Context, tx *db.Tx, n personalnumber.Number) (mark []byte, key string, err error) {
	if _, err := db.Exec(ctx, tx, `UPDATE organisation SET id = id WHERE id = $1`, organisation.NationID); err != nil {
		return nil, "", err
	}
	return db.Keys(tx).Mark("personal_number", n.Digits)
}

// withMark is whose number it is; 0 for nobody. Where it stands with several, a person has to say
// who is meant, and merge them.
func withMark(ctx context.Context, tx *db.Tx, w wanted) (int64, error) {
	if w.number.Digits == "" {
		return 0, nil
	}
	mark, _, err := markOf(ctx, tx, w.number)
	if err != nil {
		return 0, err
	}
	ids, err := marked(ctx, tx, mark)
	switch {
	case err != nil || len(ids) == 0:
		return 0, err
	case len(ids) > 1:
		return 0, resource.Taken("scim.number_of_several")
	}
	return ids[0], nil
}

// marked are those who have the mark.
func marked(ctx context.Context, tx *db.Tx, mark []byte) ([]int64, error) {
	ids, err := db.Rows(ctx, tx, db.One[int64], `SELECT person_id FROM personal_number WHERE mark = $1 ORDER BY person_id`, mark)
	for i := range ids {
		if err == nil {
			ids[i], err = people.Remaining(ctx, tx, ids[i])
		}
	}
	return slices.Compact(ids), err
}

// keepNumber keeps the mark of the number of who has none yet. Nobody gets a second one this way:
// that a personal number follows a co-ordination number is said by a person, on the page of a
// file of staff.
func (o *office) keepNumber(ctx context.Context, tx *db.Tx, id int64, n personalnumber.Number) error {
	if n.Digits == "" {
		return nil
	}
	mark, key, err := markOf(ctx, tx, n)
	if err != nil {
		return err
	}
	have, err := db.Rows(ctx, tx, db.One[[]byte], `SELECT mark FROM personal_number WHERE person_id = $1 AND key_id = $2`, id, key)
	if err != nil || slices.ContainsFunc(have, func(m []byte) bool { return bytes.Equal(m, mark) }) {
		return err
	}
	whose, err := marked(ctx, tx, mark)
	switch {
	case err != nil:
		return err
	case len(whose) > 0:
		return resource.Taken("scim.number_of_another")
	case len(have) > 0:
		return resource.Bad(resource.Mutability, "scim.number_other")
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO personal_number (person_id, mark, key_id, coordination, told_at) VALUES ($1, $2, $3, $4, $5)`,
		id, mark, key, n.Coordination, o.now)
	return err
}
