package scim_test

import (
	"fmt"
	"testing"

	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/i18n"
)

// crowded is a world in which 30 000 people work in Falun, every tenth of whom has left.
func crowded(b *testing.B, address string) *world {
	b.Helper()
	w := newWorld(b, dbtest.Open(b, address))
	const n = 30_000
	persons, employments, known := make([][]any, n), make([][]any, n), make([][]any, n)
	for i := range n {
		id, family := int64(i+1), fmt.Sprintf("Nr%05d", i)
		key := i18n.SortKey(family + " Per")
		var until any
		if i%10 == 0 {
			until = today - 10
		}
		persons[i] = []any{id, "Per", family, fmt.Sprintf("p%d@falun.example", i), key, w.at}
		employments[i] = []any{id, falun, 20, falun, "", "", key, today - 100, until}
		known[i] = []any{falun, fmt.Sprintf("x%d", i), id}
	}
	must(b, w.d.Write(ctx, func(tx *db.Tx) error {
		if err := db.Insert(ctx, tx, "person", []string{"id", "given_name", "family_name", "email", "sort_key", "created_at"}, persons); err != nil {
			return err
		}
		if err := db.Insert(ctx, tx, "employment", []string{"person_id", "organisation_id", "region_id", "municipality_id", "title", "form", "sort_key", "from_day", "to_day"}, employments); err != nil {
			return err
		}
		if err := db.Insert(ctx, tx, "staff_number", []string{"municipality_id", "number", "person_id"}, known); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `ANALYZE`)
		return err
	}))
	if w.d.Engine == db.Postgres {
		must(b, w.d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `SELECT setval(pg_get_serial_sequence('person', 'id'), 30000)`)
			return err
		}))
	}
	return w
}

func BenchmarkThirtyThousand(b *testing.B) {
	for _, engine := range []struct {
		name string
		open func(testing.TB) string
	}{{"sqlite", dbtest.SQLite}, {"postgres", dbtest.Postgres}} {
		b.Run(engine.name, func(b *testing.B) {
			w := crowded(b, engine.open(b))
			for name, path := range map[string]string{
				"first": "/Users", "last": "/Users?startIndex=29900", "name": `/Users?filter=userName eq "p777@falun.example"`, "number": `/Users?filter=externalId eq "x777"`,
				"active": "/Users?filter=active eq false&startIndex=2900", "in memory": `/Users?filter=name.familyName co "r0077"`,
			} {
				b.Run(name, func(b *testing.B) {
					for b.Loop() {
						w.send("GET", path, "").want(b, 200)
					}
				})
			}
			n := 0
			b.Run("create", func(b *testing.B) {
				for b.Loop() {
					n++
					w.send("POST", "/Users", fmt.Sprintf(`{"userName":"new%d@falun.example","externalId":"n%d","name":{"givenName":"Ny","familyName":"Person"},"title":"Vårdbiträde"}`, n, n)).want(b, 201)
				}
			})
		})
	}
}
