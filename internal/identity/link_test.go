package identity_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/mail/mailtest"
)

func TestALinkInALetterSignsInOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		person := add(t, d, "Åsa", "asa@example.org", falun)
		server := mailtest.Open(t)
		start(t, d, server.Address())

		must(t, request(ctx, d, now, " ASA@example.org", "192.0.2.1:4000", "/rounds/7?tab=days"))
		letter := server.Next(t)
		if letter.To != "asa@example.org" || letter.Subject != "Din länk till Yrkesresan" || !strings.HasPrefix(letter.Text, "Hej Åsa!") {
			t.Errorf("the letter is %+v", letter)
		}
		secret := token(t, letter.Text)
		if len(secret) != 43 {
			t.Errorf("the token %q is not 32 bytes", secret)
		}
		for _, table := range []string{"sign_in_link", "river_job"} {
			if rows := dump(t, d, table); rows == "" || strings.Contains(rows, secret) {
				t.Errorf("%s holds the token, or nothing: %s", table, rows)
			}
		}

		want := identity.Link{PersonID: person, Name: "Åsa Öberg", Language: "sv", Next: "/rounds/7?tab=days"}
		ignore := cmpopts.IgnoreUnexported(identity.Link{})
		for range 2 { // a link scanner looks twice
			got, err := identity.PeekLink(ctx, d.Reader(), now, secret)
			must(t, err)
			if diff := cmp.Diff(want, got, ignore); diff != "" {
				t.Error(diff)
			}
		}
		got, err := identity.UseLink(ctx, d, now, secret)
		must(t, err)
		if diff := cmp.Diff(want, got, ignore); diff != "" {
			t.Error(diff)
		}
		if _, err := identity.UseLink(ctx, d, now, secret); key(err) != "identity.link_used" {
			t.Errorf("the second use gives %v", err)
		}
		if _, err := identity.PeekLink(ctx, d.Reader(), now, secret); key(err) != "identity.link_used" {
			t.Errorf("looking after the use gives %v", err)
		}
	})
}

// dump is a table's content as text.
func dump(t *testing.T, d *db.DB, table string) string {
	t.Helper()
	rows, err := d.Reader().QueryContext(ctx, `SELECT * FROM `+table)
	must(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	must(t, err)
	var b strings.Builder
	for rows.Next() {
		row := make([]any, len(columns))
		for i := range row {
			row[i] = new(any)
		}
		must(t, rows.Scan(row...))
		for _, v := range row {
			fmt.Fprintf(&b, "%s %v ", *v.(*any), *v.(*any))
		}
	}
	must(t, rows.Err())
	return b.String()
}

func TestWhoReadsEnglishGetsAnEnglishLetter(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		person := add(t, d, "Ann", "ann@example.org", falun)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE person SET language = 'en' WHERE id = $1`, person)
			return err
		}))
		server := mailtest.Open(t)
		start(t, d, server.Address())
		must(t, request(ctx, d, now, "ann@example.org", "192.0.2.1", ""))
		if letter := server.Next(t); letter.Subject != "Your link to Yrkesresan" || !strings.Contains(letter.Text, "valid for 15 minutes") {
			t.Errorf("the letter is %+v", letter)
		}
	})
}

func TestAnUnknownAddressAndAnOldRequestGetNoLetterAndNoOtherAnswer(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		add(t, d, "Åsa", "asa@example.org", falun)
		add(t, d, "Bo", "bo@example.org", falun)
		server := mailtest.Open(t)
		must(t, request(ctx, d, now, "nobody@example.org", "192.0.2.1", ""))
		must(t, request(ctx, d, now.Add(-15*time.Minute), "bo@example.org", "192.0.2.1", ""))
		must(t, request(ctx, d, now, "asa@example.org", "192.0.2.1", ""))
		start(t, d, server.Address())
		if letter := server.Next(t); letter.To != "asa@example.org" {
			t.Errorf("a letter to %s", letter.To)
		}
		for range 100 { // until all three jobs are done
			left, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM river_job WHERE kind = 'identity_link' AND state <> 'completed'`)
			must(t, err)
			if left == 0 {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		if n := server.Waiting(); n != 0 {
			t.Errorf("%d letters too many", n)
		}
	})
}

func TestALinkHoldsForAQuarterOfAnHour(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		person := add(t, d, "Åsa", "asa@example.org", falun)
		for _, c := range []struct {
			name  string
			after time.Duration
			want  string
		}{
			{"just before the end it works", 15*time.Minute - time.Microsecond, "<nil>"},
			{"at the end it is too old", 15 * time.Minute, "identity.link_expired"},
		} {
			secret, err := identity.MakeLink(ctx, d, now, person, "/")
			must(t, err)
			if _, err := identity.UseLink(ctx, d, now.Add(c.after), secret); key(err) != c.want {
				t.Errorf("%s: got %v", c.name, err)
			}
		}
		for _, wrong := range []string{"", "x", strings.Repeat("A", 43)} {
			_, err := identity.UseLink(ctx, d, now, wrong)
			if key(err) != "identity.link_unknown" || !errors.Is(err, fault.NotFound) {
				t.Errorf("the token %q gives %v", wrong, err)
			}
		}
	})
}

func TestOfManyUsesAtOnceOneSignsIn(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		secret, err := identity.MakeLink(ctx, d, now, add(t, d, "Åsa", "asa@example.org", falun), "/")
		must(t, err)
		var in, late atomic.Int32
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				switch _, err := identity.UseLink(ctx, d, now, secret); key(err) {
				case "<nil>":
					in.Add(1)
				case "identity.link_used":
					late.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if in.Load() != 1 || late.Load() != 15 {
			t.Errorf("%d signed in and %d were late, want 1 and 15", in.Load(), late.Load())
		}
	})
}

// request asks for a link and does not care whether a letter is sent.
func request(ctx context.Context, d *db.DB, now clock.Instant, email, from, next string) error {
	_, err := identity.RequestLink(ctx, d, now, email, identity.Browser(""), from, next)
	return err
}

func TestAUseEndsTheOtherLinks(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		asa, bo := add(t, d, "Åsa", "asa@example.org", falun), add(t, d, "Bo", "bo@example.org", falun)
		var links []string
		for _, person := range []int64{asa, asa, bo} {
			link, err := identity.MakeLink(ctx, d, now, person, "/")
			must(t, err)
			links = append(links, link)
		}
		if _, err := identity.PeekLink(ctx, d.Reader(), now, links[0]); err != nil {
			t.Errorf("a newer link ended the older one: %v", err)
		}
		must(t, request(ctx, d, now, "asa@example.org", "192.0.2.1", ""))
		_, err := identity.UseLink(ctx, d, now, links[1])
		must(t, err)
		for _, peek := range []bool{true, false} {
			if peek {
				_, err = identity.PeekLink(ctx, d.Reader(), now, links[0])
			} else {
				_, err = identity.UseLink(ctx, d, now, links[0])
			}
			if key(err) != "identity.link_used" {
				t.Errorf("the other link gives %v", err)
			}
		}
		if _, err := identity.UseLink(ctx, d, now, links[2]); err != nil {
			t.Errorf("somebody else's link gives %v", err)
		}
		if sent, err := identity.RequestLink(ctx, d, now, "asa@example.org", identity.Browser(""), "192.0.2.1", ""); !sent || err != nil {
			t.Errorf("on the next device after a use: sent %t, %v", sent, err)
		}
	})
}

func TestNobodyIsLockedOutByAStranger(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		t.Run("of many strangers at once one lets a letter be sent, and none is refused", func(t *testing.T) {
			var letters atomic.Int32
			var all sync.WaitGroup
			for i := range 32 {
				all.Go(func() {
					sent, err := identity.RequestLink(ctx, d, now, "asa@example.org", identity.Browser(""), fmt.Sprintf("192.0.2.%d:1", i), "")
					if err != nil {
						t.Error(err)
					}
					if sent {
						letters.Add(1)
					}
				})
			}
			all.Wait()
			if letters.Load() != 1 || jobCount(t, d) != 1 {
				t.Errorf("%d letters, %d jobs", letters.Load(), jobCount(t, d))
			}
		})
		t.Run("a letter a minute", func(t *testing.T) {
			for _, c := range []struct {
				after time.Duration
				want  bool
			}{{time.Minute - time.Microsecond, false}, {time.Minute, true}, {2*time.Minute - time.Microsecond, false}, {2 * time.Minute, true}} {
				if sent, err := identity.RequestLink(ctx, d, now.Add(c.after), "asa@example.org", identity.Browser(""), "198.51.100.7", ""); sent != c.want || err != nil {
					t.Errorf("after %v: sent %t, %v", c.after, sent, err)
				}
			}
		})
	})
}

func TestTriesAreCountedPerNetworkWithAndWithoutTheAddress(t *testing.T) {
	request := func(d *db.DB, after time.Duration, email, from string) string {
		return key(request(ctx, d, now.Add(after), email, from, ""))
	}
	each(t, func(t *testing.T, d *db.DB) {
		t.Run("a network may ask for an address twenty times, and then another still may", func(t *testing.T) {
			for i := range 21 {
				want := "<nil>"
				if i == 20 {
					want = "fault.too_many"
				}
				if got := request(d, 0, "asa@example.org", "203.0.113.5:1"); got != want {
					t.Errorf("try %d: %s, want %s", i+1, got, want)
				}
			}
			if got := request(d, 0, "asa@example.org", "203.0.113.6"); got != "<nil>" {
				t.Errorf("another network: %s", got)
			}
			if got := request(d, 0, "bo@example.org", "203.0.113.5"); got != "<nil>" {
				t.Errorf("another address: %s", got)
			}
		})
		t.Run("after a quarter of an hour it may try again", func(t *testing.T) {
			if got := request(d, 15*time.Minute-time.Microsecond, "asa@example.org", "203.0.113.5"); got != "fault.too_many" {
				t.Errorf("just before: %s", got)
			}
			if got := request(d, 15*time.Minute, "asa@example.org", "203.0.113.5"); got != "<nil>" {
				t.Errorf("then: %s", got)
			}
		})
		t.Run("a network may ask five hundred times, whatever the address and port", func(t *testing.T) {
			for i := range 501 {
				want := "<nil>"
				if i == 500 {
					want = "identity.network_busy"
				}
				if got := request(d, 0, fmt.Sprintf("p%d@example.org", i), fmt.Sprintf("[2001:db8::%x]:%d", i+1, 4000+i)); got != want {
					t.Fatalf("try %d: %s, want %s", i+1, got, want)
				}
			}
			if got := request(d, 0, "q@example.org", "[2001:db8:0:1::1]:1"); got != "<nil>" {
				t.Errorf("another network: %s", got)
			}
		})
		t.Run("a refused try leaves no job", func(t *testing.T) {
			before := jobCount(t, d)
			request(d, 0, "asa2@example.org", "2001:db8::1")
			if after := jobCount(t, d); after != before {
				t.Errorf("%d jobs, then %d", before, after)
			}
		})
		t.Run("a wrong address is said to be wrong", func(t *testing.T) {
			for email, want := range map[string]string{"": "identity.email_missing", "asa": "identity.email_wrong", "Åsa <a@example.org>": "identity.email_wrong"} {
				if got := request(d, 0, email, "198.51.100.1"); got != want {
					t.Errorf("%q gives %s", email, got)
				}
			}
		})
	})
}

func jobCount(t *testing.T, d *db.DB) int {
	t.Helper()
	n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM river_job`)
	must(t, err)
	return n
}

func TestLocalPath(t *testing.T) {
	for next, want := range map[string]string{
		"/rounds/7?tab=days":            "/rounds/7?tab=days",
		"/sök?q=å":                      "/sök?q=å",
		"":                              "/",
		"rounds":                        "/",
		"//example.com":                 "/",
		"/\\example.com":                "/",
		"\\/example.com":                "/",
		"/\t/example.com":               "/",
		"/\n/example.com":               "/",
		"https://example.com/":          "/",
		"javascript:alert(1)":           "/",
		"/%zz":                          "/",
		strings.Repeat("/a", 3):         "/a/a/a",
		"/" + strings.Repeat("a", 2000): "/",
	} {
		if got := identity.LocalPath(next); got != want {
			t.Errorf("%q becomes %q, want %q", next, got, want)
		}
	}
}
