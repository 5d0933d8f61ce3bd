package keptform_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/keptform"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

const falun int64 = 2080

var (
	ctx = context.Background()
	now = clock.Date(2025, 12, 2).At(12, 0)
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, errors.Join(jobs.Migrate(ctx, d), organisation.Install(ctx, d)))
		test(t, d)
	})
}

func add(t testing.TB, d *db.DB, given string) (id int64) {
	t.Helper()
	must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: given, FamilyName: "Öberg"}, falun, clock.Date(2025, 1, 1), "", now)
		return err
	}))
	return id
}

// kept is all that the table holds, in words.
func kept(t *testing.T, d *db.DB) string {
	t.Helper()
	type row struct {
		hash               []byte
		route, path, typed string
	}
	rows, err := db.Rows(ctx, d.Reader(), func(r *row) []any { return []any{&r.hash, &r.route, &r.path, &r.typed} }, `SELECT token_hash, route, path, typed FROM kept_form`)
	must(t, err)
	return fmt.Sprintf("%s", rows)
}

// mark is a value that only its text is kept of.
type mark struct{ word string }

func (m mark) String() string { return m.word }

func TestAFormThatWasNotAcceptedIsKeptForWhoeverSentIt(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		anna, bo := access.Viewer{PersonID: add(t, d, "Anna")}, access.Viewer{PersonID: add(t, d, "Bo")}
		sent := keptform.Form{
			Route: "POST /rooms/{room}", Path: "/rooms/3", Values: url.Values{"name": {"Sal Å"}, "day": {"", "2026-02-30"}},
			Refused: &fault.Error{Kind: fault.KindInvalid, Key: "fault.invalid", Fields: []fault.Field{
				{Name: "day", Key: "fault.day", Args: []any{"Day", clock.Date(2026, 2, 28), "At", now, "Fee", money.Ore(65_000), "Max", 7, "Mark", mark{"närvarande"}}},
			}},
		}
		keep := func(viewer access.Viewer, form keptform.Form) (token string, err error) {
			err = d.Write(ctx, func(tx *db.Tx) (err error) {
				token, err = keptform.Keep(ctx, tx, viewer, form, now)
				return err
			})
			return token, err
		}
		token, err := keep(anna, sent)
		must(t, err)
		got, err := keptform.Find(ctx, d.Reader(), anna, token, now.Add(15*time.Minute-1))
		must(t, err)
		want := sent
		want.Refused = &fault.Error{Kind: fault.KindInvalid, Key: "fault.invalid", Fields: []fault.Field{
			{Name: "day", Key: "fault.day", Args: []any{"Day", clock.Date(2026, 2, 28), "At", now, "Fee", money.Ore(65_000), "Max", 7, "Mark", "närvarande"}},
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		for name, each := range map[string]struct {
			viewer access.Viewer
			token  string
			at     clock.Instant
		}{
			"somebody else":                 {bo, token, now},
			"somebody who is not signed in": {access.Viewer{}, token, now},
			"another token":                 {anna, token + "x", now},
			"after a quarter of an hour":    {anna, token, now.Add(15 * time.Minute)},
		} {
			if _, err := keptform.Find(ctx, d.Reader(), each.viewer, each.token, each.at); fault.Of(err) != fault.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if rows := kept(t, d); strings.Contains(rows, token) {
			t.Errorf("the token itself is kept: %s", rows)
		}

		long := keptform.Form{Route: "POST /sign-in", Path: "/sign-in", Values: url.Values{"email": {strings.Repeat("x", 4096-len("email="))}}}
		token, err = keep(access.Viewer{}, long)
		must(t, err)
		if got, err := keptform.Find(ctx, d.Reader(), access.Viewer{}, token, now); err != nil || got.Refused != nil {
			t.Errorf("a stranger's form: %v, refused %v", err, got.Refused)
		}
		long.Values.Set("email", long.Values.Get("email")+"x")
		if _, err := keep(access.Viewer{}, long); err == nil {
			t.Error("a stranger's form of any length is kept")
		}
		must(t, identity.Sweep(ctx, d, now.Add(15*time.Minute)))
		if rows := kept(t, d); strings.Contains(rows, "POST") {
			t.Errorf("the sweep left %s", rows)
		}
	})
}
