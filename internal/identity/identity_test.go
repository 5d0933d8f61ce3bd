package identity_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/mail/mailtest"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

const (
	dalarna  int64 = 20
	falun    int64 = 2080
	borlange int64 = 2081
	uppsala  int64 = 380
)

var (
	ctx    = context.Background()
	system = access.System()
	today  = clock.Date(2025, 12, 2)
	now    = today.At(12, 0)
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// each gives the test a database with the country and the job tables.
func each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, errors.Join(jobs.Migrate(ctx, d), organisation.Install(ctx, d)))
		test(t, d)
	})
}

func add(t testing.TB, d *db.DB, given, email string, at int64) int64 {
	t.Helper()
	var id int64
	must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: given, FamilyName: "Öberg", Email: email}, at, clock.Date(2025, 1, 1), "", now)
		return err
	}))
	return id
}

func grant(t testing.TB, d *db.DB, viewer access.Viewer, person int64, role access.Role, at int64, from clock.Day) int64 {
	t.Helper()
	id, err := tryGrant(d, viewer, person, role, at, from)
	must(t, err)
	return id
}

func tryGrant(d *db.DB, viewer access.Viewer, person int64, role access.Role, at int64, from clock.Day) (id int64, err error) {
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = identity.Grant(ctx, tx, viewer, person, role, at, from, now)
		return err
	})
	return id, err
}

func key(err error) string {
	f := fault.Of(err)
	switch {
	case f == nil:
		return fmt.Sprint(err)
	case len(f.Fields) > 0:
		return f.Fields[0].Key
	}
	return f.Key
}

// start runs the queue of d with the mail server.
func start(t *testing.T, d *db.DB, server string) {
	t.Helper()
	sender, err := mail.Open(server, "no-reply@example.org", clock.Fixed(now))
	must(t, err)
	q, err := jobs.Open(ctx, d, slog.New(slog.DiscardHandler))
	must(t, err)
	identity.Handle(q, d, clock.Fixed(now), sender, "https://yrkesresan.example.org/")
	must(t, q.Start(ctx))
	t.Cleanup(func() { must(t, q.Stop(ctx)) })
}

// token is the token of the link in the letter.
func token(t *testing.T, text string) string {
	t.Helper()
	for line := range strings.Lines(text) {
		if link, found := strings.CutPrefix(strings.TrimSpace(line), "https://yrkesresan.example.org"+identity.LinkPath); found {
			query, err := url.ParseQuery(strings.TrimPrefix(link, "?"))
			must(t, err)
			return query.Get("token")
		}
	}
	t.Fatalf("no link in the letter:\n%s", text)
	return ""
}

func TestALinkInALetterSignsInOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		person := add(t, d, "Åsa", "asa@example.org", falun)
		server := mailtest.Open(t)
		start(t, d, server.Address())

		must(t, identity.RequestLink(ctx, d, now, " ASA@example.org", "192.0.2.1:4000", "/rounds/7?tab=days"))
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
		must(t, identity.RequestLink(ctx, d, now, "ann@example.org", "192.0.2.1", ""))
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
		must(t, identity.RequestLink(ctx, d, now, "nobody@example.org", "192.0.2.1", ""))
		must(t, identity.RequestLink(ctx, d, now.Add(-15*time.Minute), "bo@example.org", "192.0.2.1", ""))
		must(t, identity.RequestLink(ctx, d, now, "asa@example.org", "192.0.2.1", ""))
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

func TestTriesAreCountedPerAddressAndPerNetwork(t *testing.T) {
	request := func(d *db.DB, after time.Duration, email, from string) string {
		return key(identity.RequestLink(ctx, d, now.Add(after), email, from, ""))
	}
	each(t, func(t *testing.T, d *db.DB) {
		t.Run("many at once to one address let five pass", func(t *testing.T) {
			var passed atomic.Int32
			var all sync.WaitGroup
			for i := range 16 {
				all.Go(func() {
					switch got := request(d, 0, "asa@example.org", fmt.Sprintf("192.0.2.%d:1", i)); got {
					case "<nil>":
						passed.Add(1)
					case "fault.too_many":
					default:
						t.Error(got)
					}
				})
			}
			all.Wait()
			if passed.Load() != 5 {
				t.Errorf("%d passed", passed.Load())
			}
		})
		t.Run("after a quarter of an hour the address may try again", func(t *testing.T) {
			if got := request(d, 15*time.Minute-time.Microsecond, "asa@example.org", "192.0.2.100"); got != "fault.too_many" {
				t.Errorf("just before: %s", got)
			}
			if got := request(d, 15*time.Minute, "asa@example.org", "192.0.2.100"); got != "<nil>" {
				t.Errorf("then: %s", got)
			}
		})
		t.Run("a network may try twenty times, whatever the address and port", func(t *testing.T) {
			for i := range 21 {
				want := "<nil>"
				if i == 20 {
					want = "fault.too_many"
				}
				if got := request(d, 0, fmt.Sprintf("p%d@example.org", i), fmt.Sprintf("[2001:db8::%x]:%d", i+1, 4000+i)); got != want {
					t.Errorf("try %d: %s, want %s", i+1, got, want)
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

// counting counts what a store is asked.
type counting struct {
	scs.CtxStore
	finds, writes atomic.Int32
}

func (c *counting) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	c.finds.Add(1)
	return c.CtxStore.FindCtx(ctx, token)
}

func (c *counting) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	c.writes.Add(1)
	return c.CtxStore.CommitCtx(ctx, token, b, expiry)
}

func (c *counting) DeleteCtx(ctx context.Context, token string) error {
	c.writes.Add(1)
	return c.CtxStore.DeleteCtx(ctx, token)
}

func TestSessions(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		at := now
		sessions := identity.NewSessions(d, func() clock.Instant { return at }, false)
		store := &counting{CtxStore: sessions.Store.(scs.CtxStore)}
		sessions.Store = store
		pages := http.NewServeMux()
		pages.HandleFunc("POST /in", func(_ http.ResponseWriter, r *http.Request) { must(t, sessions.SignIn(r.Context(), 7)) })
		pages.HandleFunc("POST /out", func(_ http.ResponseWriter, r *http.Request) { must(t, sessions.SignOut(r.Context())) })
		pages.HandleFunc("POST /note", func(_ http.ResponseWriter, r *http.Request) { sessions.Put(r.Context(), "note", "Sparat på ön") })
		pages.HandleFunc("GET /note", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, sessions.PopString(r.Context(), "note"))
		})
		pages.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, sessions.PersonID(r.Context())) })
		server := httptest.NewServer(sessions.LoadAndSave(pages))
		t.Cleanup(server.Close)
		jar, err := cookiejar.New(nil)
		must(t, err)
		client := &http.Client{Jar: jar}
		home, err := url.Parse(server.URL)
		must(t, err)
		cookie := func() string {
			for _, c := range jar.Cookies(home) {
				return c.Name + "=" + c.Value
			}
			return ""
		}
		ask := func(method, path string) string {
			t.Helper()
			request, err := http.NewRequestWithContext(ctx, method, server.URL+path, nil)
			must(t, err)
			answer, err := client.Do(request)
			must(t, err)
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			must(t, err)
			return string(body)
		}

		if got := ask("GET", "/"); got != "0" || store.finds.Load()+store.writes.Load() != 0 || cookie() != "" {
			t.Errorf("a stranger is %s, costs %d reads and %d writes, and gets the cookie %q", got, store.finds.Load(), store.writes.Load(), cookie())
		}
		ask("POST", "/note")
		before := cookie()
		ask("POST", "/in")
		after := cookie()
		if before == "" || before == after {
			t.Errorf("the cookie before signing in is %q, after it %q", before, after)
		}
		if got := ask("GET", "/note"); got != "" {
			t.Errorf("the signed in session took over %q", got)
		}
		finds, writes := store.finds.Load(), store.writes.Load()
		if got := ask("GET", "/"); got != "7" {
			t.Errorf("signed in as %s", got)
		}
		if f, w := store.finds.Load()-finds, store.writes.Load()-writes; f != 1 || w != 0 {
			t.Errorf("a page costs %d reads and %d writes, want 1 and 0", f, w)
		}
		_, secret, _ := strings.Cut(after, "=")
		if rows := dump(t, d, "session"); strings.Contains(rows, secret) || !strings.Contains(rows, `"person":"7"`) {
			t.Errorf("the session is kept as %s", rows)
		}
		ask("POST", "/note")
		if got := ask("GET", "/note"); got != "Sparat på ön" {
			t.Errorf("the note is %q", got)
		}

		at = now.Add(12*time.Hour - time.Second)
		if got := ask("GET", "/"); got != "7" {
			t.Errorf("a second before its end the session is %s's", got)
		}
		at = now.Add(12 * time.Hour)
		if got := ask("GET", "/"); got != "0" {
			t.Errorf("at its end the session is %s's", got)
		}
		must(t, identity.Sweep(ctx, d, at))
		if rows := dump(t, d, "session"); strings.Contains(rows, "person") {
			t.Errorf("the sweep left %s", rows)
		}

		ask("POST", "/in")
		stolen := cookie()
		ask("POST", "/out")
		if got := ask("GET", "/"); got != "0" || cookie() != "" {
			t.Errorf("signed out as %s with the cookie %q", got, cookie())
		}
		name, value, _ := strings.Cut(stolen, "=")
		jar.SetCookies(home, []*http.Cookie{{Name: name, Value: value}})
		if got := ask("GET", "/"); got != "0" {
			t.Errorf("the cookie of an ended session is still %s's", got)
		}
	})
}

func TestTheCookieIsHeldToItsHost(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	for secure, want := range map[bool]string{
		true:  "__Host-session=; Path=/; HttpOnly; Secure; SameSite=Lax",
		false: "session=; Path=/; HttpOnly; SameSite=Lax",
	} {
		sessions := identity.NewSessions(d, clock.Fixed(now), secure)
		w := httptest.NewRecorder()
		sessions.LoadAndSave(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			must(t, sessions.SignIn(r.Context(), 7))
		})).ServeHTTP(w, httptest.NewRequest("POST", "/", nil))
		cookie, err := http.ParseSetCookie(w.Header().Get("Set-Cookie"))
		must(t, err)
		cookie.Value = ""
		if got := cookie.String(); got != want {
			t.Errorf("secure %t: the cookie is %q, want %q", secure, got, want)
		}
	}
}

func TestAViewerIsWhoTheyAreOnTheDay(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var unit int64
		must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
			unit, err = db.Row(ctx, tx, db.One[int64], `
				INSERT INTO organisation (kind, parent_id, region_id, municipality_id, slug, name, sort_key)
				VALUES ('unit', $1, $2, $1, 'hemtjanst', 'Hemtjänst', $3) RETURNING id`, falun, dalarna, []byte("h"))
			return err
		}))
		person := add(t, d, "Åsa", "asa@example.org", unit)
		operator := viewer(access.Operator, access.Nation, organisation.NationID, 0)
		manager := grant(t, d, operator, person, access.Manager, unit, today)
		admin := grant(t, d, operator, person, access.MunicipalAdmin, falun, today)
		regional := grant(t, d, operator, person, access.Regional, dalarna, today)
		steering := grant(t, d, operator, person, access.Steering, dalarna, today.AddDate(0, 0, 1))

		got, language, err := identity.Viewer(ctx, d.Reader(), person, today)
		must(t, err)
		want := access.Viewer{
			PersonID: person, Name: "Åsa Öberg",
			Home: access.Place{RegionID: dalarna, MunicipalityID: falun, UnitID: unit},
			Grants: []access.Grant{
				{ID: manager, Role: access.Manager, Level: access.Unit, OrganisationID: unit, RegionID: dalarna, MunicipalityID: falun, Name: "Hemtjänst"},
				{ID: admin, Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: falun, RegionID: dalarna, MunicipalityID: falun, Name: "Falun"},
				{ID: regional, Role: access.Regional, Level: access.Region, OrganisationID: dalarna, RegionID: dalarna, Name: "Dalarna"},
			},
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(access.Viewer{})); diff != "" || language != "sv" {
			t.Errorf("%s\nlanguage %s", diff, language)
		}
		for _, c := range []struct {
			name   string
			day    clock.Day
			home   int64
			grants int
		}{
			{"the day before the roles begin they have none", today - 1, falun, 0},
			{"a role that begins tomorrow holds tomorrow", today + 1, falun, 4},
			{"before the employment there is no home", clock.Date(2024, 12, 31), 0, 0},
		} {
			got, _, err := identity.Viewer(ctx, d.Reader(), person, c.day)
			must(t, err)
			if got.Home.MunicipalityID != c.home || len(got.Grants) != c.grants {
				t.Errorf("%s: %+v", c.name, got)
			}
		}

		must(t, d.Write(ctx, func(tx *db.Tx) error {
			return errors.Join(
				identity.EndGrant(ctx, tx, operator, manager, today, now),
				identity.EndGrant(ctx, tx, operator, steering, today, now)) // never began
		}))
		for day, grants := range map[clock.Day]int{today: 3, today + 1: 2} {
			if got, _, _ := identity.Viewer(ctx, d.Reader(), person, day); len(got.Grants) != grants {
				t.Errorf("on %v there are %d grants, want %d", day, len(got.Grants), grants)
			}
		}
		if _, _, err := identity.Viewer(ctx, d.Reader(), person+1, today); !errors.Is(err, fault.NotFound) {
			t.Errorf("nobody gives %v", err)
		}
	})
}

func TestATrainerIsWhoIsInATeamOrHoldsADay(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		team, day, none := add(t, d, "A", "", falun), add(t, d, "B", "", falun), add(t, d, "C", "", falun)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			for _, sql := range []string{
				`INSERT INTO course (id, slug, name, days, sort_key) VALUES (1, 'c', 'C', 1, 'c')`,
				`INSERT INTO round (id, course_id, label, delivery, capacity, minimum, signup_from, signup_until, first_day, last_day, created_at)
				VALUES (1, 1, 'R', 'national', 1, 0, '2025-01-01', '2025-01-02', '2025-01-03', '2025-01-03', 0)`,
				`INSERT INTO course_day (id, round_id, ordinal, day, starts, ends) VALUES (1, 1, 1, '2025-01-03', '09:00', '16:00')`,
				fmt.Sprintf(`INSERT INTO day_trainer (course_day_id, person_id, role) VALUES (1, %d, 'trainer')`, day),
				fmt.Sprintf(`INSERT INTO trainer (person_id, course_id, region_id, recruited_on) VALUES (%d, 1, %d, '2025-01-01')`, team, dalarna),
			} {
				if _, err := db.Exec(ctx, tx, sql); err != nil {
					return err
				}
			}
			return nil
		}))
		for person, want := range map[int64]bool{team: true, day: true, none: false} {
			if got, _, err := identity.Viewer(ctx, d.Reader(), person, today); err != nil || got.Trainer != want {
				t.Errorf("person %d is a trainer: %t (%v), want %t", person, got.Trainer, err, want)
			}
		}
	})
}

func viewer(role access.Role, level access.Level, id, region int64) access.Viewer {
	return access.Viewer{Grants: []access.Grant{{Role: role, Level: level, OrganisationID: id, RegionID: region}}}
}

func TestWhoMayGiveARole(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		inFalun := add(t, d, "A", "", falun)
		inBorlange := add(t, d, "B", "", borlange)
		inUppsala := add(t, d, "C", "", uppsala)
		uppsalaRegion, err := db.Row(ctx, d.Reader(), db.One[int64], `SELECT region_id FROM organisation WHERE id = $1`, uppsala)
		must(t, err)
		operator := viewer(access.Operator, access.Nation, organisation.NationID, 0)
		regional := viewer(access.Regional, access.Region, dalarna, dalarna)
		municipal := viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna)
		for _, c := range []struct {
			name   string
			viewer access.Viewer
			person int64
			role   access.Role
			at     int64
			want   string
		}{
			{"an operator gives any role anywhere", operator, inUppsala, access.Operator, organisation.NationID, "<nil>"},
			{"an operator makes a regional administrator", operator, inUppsala, access.Regional, uppsalaRegion, "<nil>"},
			{"a region makes its municipalities' administrators", regional, inFalun, access.MunicipalAdmin, falun, "<nil>"},
			{"a region makes its managers", regional, inBorlange, access.Manager, borlange, "<nil>"},
			{"a region makes no regional administrators", regional, inFalun, access.Regional, dalarna, "fault.forbidden"},
			{"a region does not reach other regions", regional, inFalun, access.Manager, uppsala, "fault.not_found"},
			{"a region does not reach other regions' people", regional, inUppsala, access.Manager, falun, "fault.not_found"},
			{"a municipality makes its managers", municipal, inFalun, access.Manager, falun, "<nil>"},
			{"a municipality does not make administrators", municipal, inFalun, access.MunicipalAdmin, falun, "fault.forbidden"},
			{"a municipality does not reach its neighbour", municipal, inFalun, access.Manager, borlange, "fault.not_found"},
			{"a municipality does not reach its neighbour's people", municipal, inBorlange, access.Manager, falun, "fault.not_found"},
			{"a manager gives nothing", viewer(access.Manager, access.Municipality, falun, dalarna), inFalun, access.Manager, falun, "fault.forbidden"},
			{"nobody gives nothing", access.Viewer{}, inFalun, access.Manager, falun, "fault.forbidden"},
			{"a role that is held is not given twice", regional, inFalun, access.MunicipalAdmin, falun, "identity.role_held"},
			{"an operator of a municipality does not exist", operator, inFalun, access.Operator, falun, "identity.role_elsewhere"},
			{"nobody is made a trainer", operator, inFalun, access.Trainer, falun, "identity.role_elsewhere"},
			{"an organisation that does not exist is not found", operator, inFalun, access.Manager, 99999, "fault.not_found"},
			{"a person who does not exist is not found", operator, 99999, access.Manager, falun, "fault.not_found"},
		} {
			if _, err := tryGrant(d, c.viewer, c.person, c.role, c.at, today); key(err) != c.want {
				t.Errorf("%s: got %v, want %s", c.name, err, c.want)
			}
		}
	})
}

func TestWhoMayTakeARole(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		person := add(t, d, "A", "", falun)
		manager := grant(t, d, system, person, access.Manager, falun, today)
		regional := grant(t, d, system, person, access.Regional, dalarna, today)
		for _, c := range []struct {
			name   string
			viewer access.Viewer
			grant  int64
			want   string
		}{
			{"a neighbour finds no such role", viewer(access.MunicipalAdmin, access.Municipality, borlange, dalarna), manager, "fault.not_found"},
			{"a municipality takes no role of the region", viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna), regional, "fault.not_found"},
			{"an employee takes nothing", access.Viewer{PersonID: person}, manager, "fault.forbidden"},
			{"the municipality takes its manager's role", viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna), manager, "<nil>"},
			{"a role that has ended cannot be ended again", system, manager, "identity.role_ended"},
			{"a role that nobody has is not found", system, 99999, "fault.not_found"},
		} {
			err := d.Write(ctx, func(tx *db.Tx) error {
				return identity.EndGrant(ctx, tx, c.viewer, c.grant, today.AddDate(0, 1, 0), now)
			})
			if key(err) != c.want {
				t.Errorf("%s: got %v, want %s", c.name, err, c.want)
			}
		}
	})
}

func BenchmarkViewer(b *testing.B) {
	d := dbtest.Open(b, dbtest.SQLite(b))
	must(b, organisation.Install(ctx, d))
	person := add(b, d, "Åsa", "asa@example.org", falun)
	grant(b, d, system, person, access.Manager, falun, today)
	grant(b, d, system, person, access.MunicipalAdmin, falun, today)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := identity.Viewer(ctx, d.Reader(), person, today); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSession(b *testing.B) {
	d := dbtest.Open(b, dbtest.SQLite(b))
	sessions := identity.NewSessions(d, clock.Fixed(now), false)
	page := sessions.LoadAndSave(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			must(b, sessions.SignIn(r.Context(), 7))
		} else if sessions.PersonID(r.Context()) != 7 {
			b.Fatal("not signed in")
		}
	}))
	w := httptest.NewRecorder()
	page.ServeHTTP(w, httptest.NewRequest("POST", "/", nil))
	cookie, err := http.ParseSetCookie(w.Header().Get("Set-Cookie"))
	must(b, err)
	r := httptest.NewRequest("GET", "/", nil)
	r.AddCookie(cookie)
	b.ReportAllocs()
	for b.Loop() {
		page.ServeHTTP(httptest.NewRecorder(), r)
	}
}
