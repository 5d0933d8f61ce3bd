package identity_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
)

const (
	onPhone    = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
	onTablet   = "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
	onComputer = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
)

// device is a browser that is signed in.
type device struct {
	t        *testing.T
	sessions *identity.Sessions
	token    string
}

func signIn(t *testing.T, d *db.DB, now clock.Clock, person int64, userAgent string) device {
	t.Helper()
	sessions := identity.NewSessions(d, now, false)
	session, err := sessions.Load(ctx, "")
	must(t, err)
	must(t, sessions.SignIn(session, person, userAgent))
	token, _, err := sessions.Commit(session)
	must(t, err)
	return device{t, sessions, token}
}

// load is the session as a request gets it.
func (d device) load() context.Context {
	d.t.Helper()
	session, err := d.sessions.Load(ctx, d.token)
	must(d.t, err)
	return session
}

func (d device) person() int64 { return d.sessions.PersonID(d.load()) }

func TestSessionsAreSeenAndEnded(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		asa, bo := add(t, d, "Åsa", "asa@example.org", falun), add(t, d, "Bo", "bo@example.org", falun)
		at := now
		clocked := func() clock.Instant { return at }
		computer := signIn(t, d, clocked, asa, onComputer)
		at = now.Add(time.Hour)
		phone := signIn(t, d, clocked, asa, onPhone)
		tablet := signIn(t, d, clocked, bo, onTablet)
		robot := signIn(t, d, clocked, bo, "curl/8.5.0 \u2028<b>")

		own := access.Viewer{PersonID: asa}
		list := func(viewer access.Viewer, person int64) (devices []identity.Device) {
			t.Helper()
			all, err := identity.SessionsOf(ctx, d.Reader(), viewer, person, at)
			must(t, err)
			for _, s := range all {
				devices = append(devices, s.Device)
			}
			return devices
		}
		firefox, safari := identity.Device{Kind: identity.Computer, Name: "Firefox, Windows"}, identity.Device{Kind: identity.Phone, Name: "Safari, iOS"}
		if diff := cmp.Diff([]identity.Device{safari, firefox}, list(own, asa)); diff != "" {
			t.Error(diff)
		}
		ipad, other := identity.Device{Kind: identity.Tablet, Name: "Safari, iOS"}, identity.Device{Kind: identity.OtherDevice}
		if diff := cmp.Diff(2, len(list(access.System(), bo))); diff != "" {
			t.Error(diff)
		}
		for _, each := range list(access.System(), bo) {
			if each != ipad && each != other {
				t.Errorf("signed in with %+v", each)
			}
		}

		t.Run("the use is known within minutes, and the list shows it", func(t *testing.T) {
			for _, c := range []struct {
				after time.Duration
				used  clock.Instant
			}{{time.Hour + 5*time.Minute - time.Microsecond, now.Add(time.Hour)}, {time.Hour + 5*time.Minute, now.Add(time.Hour + 5*time.Minute)}} {
				at = now.Add(c.after)
				if phone.person() != asa {
					t.Fatal("not signed in")
				}
				all, err := identity.SessionsOf(ctx, d.Reader(), own, asa, at)
				must(t, err)
				if all[0].UsedAt != c.used || all[0].MadeAt != now.Add(time.Hour) || all[0].Key != phone.sessions.Current(phone.load()) {
					t.Errorf("after %v: %+v", c.after, all[0])
				}
			}
		})
		t.Run("nobody ends what is another's, and an operator does", func(t *testing.T) {
			theirs, err := identity.SessionsOf(ctx, d.Reader(), access.System(), bo, at)
			must(t, err)
			for name, try := range map[string]func(tx *db.Tx) error{
				"their session as one's own": func(tx *db.Tx) error { return identity.EndSession(ctx, tx, own, asa, theirs[0].Key, at) },
				"their session":              func(tx *db.Tx) error { return identity.EndSession(ctx, tx, own, bo, theirs[0].Key, at) },
				"all of theirs":              func(tx *db.Tx) error { _, err := identity.EndSessions(ctx, tx, own, bo, at); return err },
			} {
				if err := d.Write(ctx, try); !errors.Is(err, fault.NotFound) {
					t.Errorf("%s: %v", name, err)
				}
			}
			for region, want := range map[int64]error{dalarna: nil, uppsala: fault.NotFound} {
				regional := viewer(access.Regional, access.Region, region, region)
				if _, err := identity.SessionsOf(ctx, d.Reader(), regional, bo, at); !errors.Is(err, want) {
					t.Errorf("the administrator of region %d: %v, want %v", region, err, want)
				}
			}
			link, err := identity.MakeLink(ctx, d, at, bo, "/")
			must(t, err)
			operator := viewer(access.Operator, access.Nation, organisation.NationID, 0)
			must(t, d.Write(ctx, func(tx *db.Tx) error {
				n, err := identity.EndSessions(ctx, tx, operator, bo, at)
				if n != 2 {
					t.Errorf("%d ended", n)
				}
				return err
			}))
			if tablet.person() != 0 || robot.person() != 0 || phone.person() != asa {
				t.Errorf("signed in are %d and %d; %d", tablet.person(), robot.person(), phone.person())
			}
			if _, err := identity.UseLink(ctx, d, at, link); key(err) != "identity.link_used" {
				t.Errorf("a link that was on its way gives %v", err)
			}
		})
		t.Run("a session that ends while a request is under way stays ended", func(t *testing.T) {
			under := phone.load()
			all, err := identity.SessionsOf(ctx, d.Reader(), own, asa, at)
			must(t, err)
			must(t, d.Write(ctx, func(tx *db.Tx) error { return identity.EndSession(ctx, tx, own, asa, all[0].Key, at) }))
			phone.sessions.Put(under, "office", "7")
			_, _, err = phone.sessions.Commit(under)
			must(t, err)
			if phone.person() != 0 {
				t.Error("the session came back")
			}
			// Nothing of it is kept, and the store gives none, whoever asks.
			type kept struct {
				hash string
				data []byte
			}
			ended, err := db.Rows(ctx, d.Reader(), func(k *kept) []any { return []any{&k.hash, &k.data} }, `SELECT token_hash, data FROM session WHERE ended_at IS NOT NULL`)
			must(t, err)
			for _, k := range ended {
				if _, found, err := phone.sessions.Store.Find(k.hash); found || err != nil || string(k.data) != "{}" {
					t.Errorf("an ended session is found: %v with %s, %v", found, k.data, err)
				}
			}
			if computer.person() != asa {
				t.Error("the other ended, too")
			}
			err = d.Write(ctx, func(tx *db.Tx) error { return identity.EndSession(ctx, tx, own, asa, all[0].Key, at) })
			if !errors.Is(err, fault.NotFound) {
				t.Errorf("ending it twice gives %v", err)
			}
			if diff := cmp.Diff([]identity.Device{firefox}, list(own, asa)); diff != "" {
				t.Error(diff)
			}
		})
	})
}

func TestAnAnswerWhoseSessionCannotBeWrittenIsTheErrorAlone(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		person := add(t, d, "Åsa", "asa@example.org", falun)
		sessions := identity.NewSessions(d, clock.Fixed(now), false)
		sessions.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, _ error) {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte("later"))
		}
		page := sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			must(t, sessions.SignIn(r.Context(), person, ""))
			must(t, d.Close()) // the database goes away under the request
			http.Redirect(w, r, "/", http.StatusSeeOther)
		}))
		w := httptest.NewRecorder()
		page.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		if w.Code != http.StatusServiceUnavailable || w.Body.String() != "later" || w.Header().Get("Location") != "" || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
		}
	})
}
