package scim

import (
	"context"
	"errors"
	"strconv"
	"strings"

	filter "github.com/scim2/filter-parser/v2"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/scim/resource"
)

// twin is what a client has of somebody who was merged. Where the client knew both, double
// tells so: what it says of who is gone is then no word on who remains.
type twin struct {
	remaining int64
	double    bool
	deleted   bool // the client has deleted it
}

// twinOf is who stands for the identity here.
func twinOf(ctx context.Context, q db.Querier, municipality, id int64) (t twin, err error) {
	if t.remaining, err = people.Remaining(ctx, q, id); err != nil || t.remaining == id {
		return t, err
	}
	deleted, err := db.Row(ctx, q, db.One[bool], `SELECT deleted_employment_id IS NOT NULL FROM scim_user WHERE municipality_id = $1 AND person_id = $2`, municipality, id)
	if errors.Is(err, fault.NotFound) {
		return t, nil // the client's word came along
	}
	t.double, t.deleted = true, deleted
	return t, err
}

// forget takes away what the client has of who is gone: nobody's employment ends by it.
func forget(ctx context.Context, tx *db.Tx, municipality, id int64) error {
	_, err := db.Exec(ctx, tx, `UPDATE scim_user SET deleted_employment_id = 0 WHERE municipality_id = $1 AND person_id = $2`, municipality, id)
	return err
}

// forwarded is the filter; one that asks for an identity, a name or a number of somebody who
// was merged asks for who remains.
func forwarded(ctx context.Context, q db.Querier, municipality int64, e filter.Expression) (filter.Expression, error) {
	a, ok := e.(*filter.AttributeExpression)
	if !ok || a.Operator != filter.EQ || a.CompareValue == nil {
		return e, nil
	}
	t, ok := resource.Users.Resolve(a.AttributePath)
	if !ok {
		return e, nil
	}
	value := resource.Said(a.CompareValue)
	var ids []int64
	switch t.Name() {
	case "id":
		if id, ok := resource.Number(value); ok {
			ids = []int64{id}
		}
	case "externalId", "employeeNumber", "userName":
		var err error
		if ids, err = db.Rows(ctx, q, db.One[int64], `
			SELECT person_id FROM scim_user WHERE municipality_id = $1 AND (external_id = $2 OR user_name_key = $3)
			UNION
			SELECT person_id FROM staff_number WHERE municipality_id = $1 AND number = $2`, municipality, value, strings.ToLower(value)); err != nil {
			return e, err
		}
	}
	for _, id := range ids {
		remaining, err := people.Remaining(ctx, q, id)
		if err != nil {
			return e, err
		}
		selves, err := people.Selves(ctx, q, remaining)
		if err != nil {
			return e, err
		}
		if len(selves) > 1 {
			return &filter.AttributeExpression{AttributePath: filter.AttributePath{AttributeName: "id"}, Operator: filter.EQ, CompareValue: strconv.FormatInt(remaining, 10)}, nil
		}
	}
	return e, nil
}
