// Package trail says about whom a page is, by the numbers in its address: so that the
// kernel of the pages can write down whose facts were read, in one place for all of them.
package trail

import (
	"context"
	"net/http"
	"strconv"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/people"
)

// whose is the person of each thing that an address may name.
var whose = map[string]func(context.Context, db.Querier, int64) (int64, error){
	"person":     func(_ context.Context, _ db.Querier, id int64) (int64, error) { return id, nil },
	"account":    people.OfAccount,
	"remark":     people.OfRemark,
	"leave":      people.OfLeave,
	"completion": learning.OfCompletion,
	"grant":      identity.OfGrant,
	"enrolment":  of(`SELECT person_id FROM enrolment WHERE id = $1`),
	"levelup":    of(`SELECT a.person_id FROM level_up AS l JOIN account AS a ON a.id = l.account_id WHERE l.id = $1`),
}

func of(query string) func(context.Context, db.Querier, int64) (int64, error) {
	return func(ctx context.Context, q db.Querier, id int64) (int64, error) {
		return db.Row(ctx, q, db.One[int64], query, id)
	}
}

// Things are the names in addresses that lead to a person.
func Things() (names []string) {
	for name := range whose {
		names = append(names, name)
	}
	return names
}

// Subject is whom the page at the request's address is about; 0 when the address names
// nobody, or something that is gone.
func Subject(ctx context.Context, q db.Querier, r *http.Request) (int64, error) {
	for name, find := range whose {
		id, err := strconv.ParseInt(r.PathValue(name), 10, 64)
		if err != nil {
			continue
		}
		person, err := find(ctx, q, id)
		if fault.Of(err) != nil {
			person, err = 0, nil
		}
		return person, err
	}
	return 0, nil
}
