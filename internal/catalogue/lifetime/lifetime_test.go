package lifetime_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
)

var (
	ctx      = context.Background()
	today    = clock.Date(2026, 11, 23)
	now      = today.At(9, 0)
	producer = access.System()
)

// at is a moment on the day so many days from today.
func at(days int) clock.Instant { return (today + clock.Day(days)).At(9, 0) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// course is one with so many editions, published ten days apart until ten days ago.
func course(t *testing.T, d *db.DB, editions int) (id int64, edition []int64) {
	t.Helper()
	must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
		first := today - clock.Day(10*editions)
		if id, err = catalogue.Add(ctx, tx, catalogue.Course{Slug: "kurs", Name: "Kurs", Audience: "Alla", Days: 1}, catalogue.Regional, first); err != nil {
			return err
		}
		for n := 2; n <= editions; n++ {
			if err := catalogue.AddEdition(ctx, tx, id, n, first+clock.Day(10*(n-1)), ""); err != nil {
				return err
			}
		}
		return nil
	}))
	all, err := catalogue.Editions(ctx, d.Reader(), id)
	must(t, err)
	edition = make([]int64, editions+1)
	for _, e := range all {
		edition[e.Number] = e.ID
	}
	return id, edition
}

// The condition of a list in SQL and the reader of one course say the same on every
// day, and no day that has been changes by what is said today.
func TestTheNewestEditionIsTheNewestThatStands(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		id, edition := course(t, d, 2) // out since -20 and -10
		newest := func(days int) int {
			t.Helper()
			e, err := catalogue.EditionOn(ctx, d.Reader(), id, at(days).Day())
			if errors.Is(err, fault.NotFound) {
				return 0
			}
			must(t, err)
			return e.Number
		}
		demanded := func(days int) bool {
			t.Helper()
			var b db.Builder
			lifetime.AddDemanded(b.Add("SELECT COUNT(*) FROM course AS c WHERE"), "c.id", at(days).Day())
			n, err := db.Row(ctx, d.Reader(), db.One[int], b.String(), b.Args()...)
			must(t, err)
			return n == 1
		}
		says := func(name, want string, days ...int) {
			t.Helper()
			var got []string
			for _, day := range days {
				n := newest(day)
				if (n != 0) != demanded(day) {
					t.Errorf("%s: on %+d edition %d stands, and the course is demanded: %t", name, day, n, demanded(day))
				}
				got = append(got, fmt.Sprint(n))
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s: %s, want %s", name, strings.Join(got, " "), want)
			}
		}
		do := func(f func(tx *db.Tx) error) error { return d.Write(ctx, f) }
		withdraw := func(n, days int) error {
			return do(func(tx *db.Tx) error {
				return lifetime.Withdraw(ctx, tx, producer, edition[n], " Fel svar i frågorna ", at(days))
			})
		}
		reinstate := func(n, days int) error {
			return do(func(tx *db.Tx) error { return lifetime.Reinstate(ctx, tx, producer, edition[n], at(days)) })
		}
		days := []int{-21, -20, -11, -10, -1, 0, 1, 2, 3, 30}
		says("as published", "0 1 1 2 2 2 2 2 2 2", days...)
		must(t, withdraw(2, 0))
		says("the newest is withdrawn today", "0 1 1 2 2 1 1 1 1 1", days...)
		must(t, withdraw(1, 1))
		says("and the other tomorrow", "0 1 1 2 2 1 0 0 0 0", days...)
		must(t, reinstate(2, 3))
		says("one is reinstated in three days", "0 1 1 2 2 1 0 0 2 2", days...)
		if err := withdraw(1, 3); fault.Of(err) == nil || fault.Of(err).Key != "lifetime.withdrawn_already" {
			t.Errorf("one that is withdrawn is withdrawn again: %v", err)
		}
		if err := reinstate(2, 3); fault.Of(err) == nil || fault.Of(err).Key != "lifetime.stands_already" {
			t.Errorf("one that stands is reinstated: %v", err)
		}
		must(t, withdraw(2, 4))
		must(t, reinstate(2, 4))
		says("withdrawn and reinstated on one day", "0 1 1 2 2 1 0 0 2 2", days...)
		all, err := lifetime.Withdrawals(ctx, d.Reader(), id)
		must(t, err)
		if len(all) != 3 || all[0].EditionID != edition[2] || all[2].Reason != "Fel svar i frågorna" {
			t.Errorf("the withdrawals are %+v", all)
		}
		if w := lifetime.WithdrawalOf(all, edition[2]); w != nil {
			t.Errorf("a reinstated edition is withdrawn: %+v", w)
		}
		if w := lifetime.WithdrawalOf(all, edition[1]); w == nil || w.On != today+1 {
			t.Errorf("the withdrawal of the first edition is %+v", w)
		}
	})
}

func TestACourseHoldsUntilItIsRetired(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		id, _ := course(t, d, 1)
		holds := func() (got string) {
			t.Helper()
			for _, days := range []int{-5, 0, 1, 2, 3, 4, 30} {
				is, err := db.Row(ctx, d.Reader(), db.One[bool], `SELECT `+lifetime.HoldsSQL("$1", "$2"), id, at(days).Day())
				must(t, err)
				if is {
					got += "+"
				} else {
					got += "-"
				}
			}
			return got
		}
		retire := func(from, days int) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				return lifetime.Retire(ctx, tx, producer, id, at(from).Day(), "Ersätts av en ny kurs", at(days))
			})
		}
		takeUp := func(days int) error {
			return d.Write(ctx, func(tx *db.Tx) error { return lifetime.TakeUp(ctx, tx, producer, id, at(days)) })
		}
		plan := func(first int) error {
			return d.Write(ctx, func(tx *db.Tx) error { return lifetime.HoldOn(ctx, tx, id, at(first).Day(), "days.0.day") })
		}
		key := func(err error) string {
			if f := fault.Of(err); f != nil {
				if len(f.Fields) > 0 {
					return f.Fields[0].Name + " " + f.Fields[0].Key
				}
				return f.Key
			}
			return fmt.Sprint(err)
		}
		if got := key(retire(-1, 0)); got != "from lifetime.day_past" {
			t.Errorf("from yesterday: %s", got)
		}
		if got := key(takeUp(0)); got != "lifetime.holds_already" {
			t.Errorf("a course that holds is taken up: %s", got)
		}
		must(t, retire(3, 0))
		if got := holds(); got != "++++---" {
			t.Errorf("retired in three days: %s", got)
		}
		if got := key(retire(9, 0)); got != "lifetime.retired_already" {
			t.Errorf("a second time: %s", got)
		}
		if got := key(plan(2)); got != "<nil>" {
			t.Errorf("a round that begins the day before: %s", got)
		}
		if got := key(plan(3)); got != "days.0.day lifetime.retired_by_then" {
			t.Errorf("a round that begins on the day: %s", got)
		}
		must(t, takeUp(2)) // before its day: it never held
		if got := holds(); got != "+++++++" {
			t.Errorf("taken back: %s", got)
		}
		must(t, retire(3, 0))
		must(t, takeUp(4)) // after its day: the day without it stays
		if got := holds(); got != "++++-++" {
			t.Errorf("taken up again: %s", got)
		}
		must(t, retire(5, 5))
		if got := holds(); got != "++++-+-" {
			t.Errorf("retired again: %s", got)
		}
	})
}

func TestOnlyThoseWhoPublishEndACourse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		id, edition := course(t, d, 1)
		for _, role := range []access.Role{access.Producer, access.National, access.Operator, access.Regional, access.Employee} {
			viewer := access.Viewer{PersonID: 0, Grants: []access.Grant{{Role: role}}}
			allowed := role == access.Producer || role == access.National
			for name, do := range map[string]func(tx *db.Tx) error{
				"withdraws":  func(tx *db.Tx) error { return lifetime.Withdraw(ctx, tx, viewer, edition[1], "Fel", now) },
				"reinstates": func(tx *db.Tx) error { return lifetime.Reinstate(ctx, tx, viewer, edition[1], now) },
				"retires":    func(tx *db.Tx) error { return lifetime.Retire(ctx, tx, viewer, id, today, "Ersätts", now) },
				"takes up":   func(tx *db.Tx) error { return lifetime.TakeUp(ctx, tx, viewer, id, now) },
			} {
				if err := d.Write(ctx, do); errors.Is(err, fault.Forbidden) == allowed {
					t.Errorf("%s %s: %v", role, name, err)
				}
			}
		}
		for _, reason := range []string{" ", strings.Repeat("å", 501)} {
			for name, do := range map[string]func(tx *db.Tx) error{
				"withdraw": func(tx *db.Tx) error { return lifetime.Withdraw(ctx, tx, producer, edition[1], reason, now) },
				"retire":   func(tx *db.Tx) error { return lifetime.Retire(ctx, tx, producer, id, today, reason, now) },
			} {
				if f := fault.Of(d.Write(ctx, do)); f == nil || f.Fields[0].Name != "reason" {
					t.Errorf("%s with %d letters: %v", name, len([]rune(reason)), f)
				}
			}
		}
	})
}
