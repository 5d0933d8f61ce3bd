package identity_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/money"
)

// mark is a value that only its text is kept of.
type mark struct{ word string }

func (m mark) String() string { return m.word }

func TestAFormThatWasNotAcceptedIsKeptForWhoeverSentIt(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		anna, bo := access.Viewer{PersonID: add(t, d, "Anna", "anna@example.org", falun)}, access.Viewer{PersonID: add(t, d, "Bo", "bo@example.org", falun)}
		sent := identity.KeptForm{
			Route: "POST /rooms/{room}", Path: "/rooms/3", Values: url.Values{"name": {"Sal Å"}, "day": {"", "2026-02-30"}},
			Refused: &fault.Error{Kind: fault.KindInvalid, Key: "fault.invalid", Fields: []fault.Field{
				{Name: "day", Key: "fault.day", Args: []any{"Day", clock.Date(2026, 2, 28), "At", now, "Fee", money.Ore(65_000), "Max", 7, "Mark", mark{"närvarande"}}},
			}},
		}
		keep := func(viewer access.Viewer, form identity.KeptForm) (token string, err error) {
			err = d.Write(ctx, func(tx *db.Tx) (err error) {
				token, err = identity.KeepForm(ctx, tx, viewer, form, now)
				return err
			})
			return token, err
		}
		token, err := keep(anna, sent)
		must(t, err)
		got, err := identity.FormKept(ctx, d.Reader(), anna, token, now.Add(15*time.Minute-1))
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
			if _, err := identity.FormKept(ctx, d.Reader(), each.viewer, each.token, each.at); fault.Of(err) != fault.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if rows := dump(t, d, "kept_form"); strings.Contains(rows, token) {
			t.Errorf("the token itself is kept: %s", rows)
		}

		long := identity.KeptForm{Route: "POST /sign-in", Path: "/sign-in", Values: url.Values{"email": {strings.Repeat("x", 4096-len("email="))}}}
		token, err = keep(access.Viewer{}, long)
		must(t, err)
		if got, err := identity.FormKept(ctx, d.Reader(), access.Viewer{}, token, now); err != nil || got.Refused != nil {
			t.Errorf("a stranger's form: %v, refused %v", err, got.Refused)
		}
		long.Values.Set("email", long.Values.Get("email")+"x")
		if _, err := keep(access.Viewer{}, long); err == nil {
			t.Error("a stranger's form of any length is kept")
		}
		must(t, identity.Sweep(ctx, d, now.Add(15*time.Minute)))
		if rows := dump(t, d, "kept_form"); strings.Contains(rows, "POST") {
			t.Errorf("the sweep left %s", rows)
		}
	})
}
