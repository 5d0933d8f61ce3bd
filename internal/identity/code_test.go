package identity_test

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/mail/mailtest"
)

var inLetter = regexp.MustCompile(`(?m)^(\d{4} \d{4})$`)

// post is where letters arrive.
type post struct {
	t      *testing.T
	d      *db.DB
	server *mailtest.Server
}

func openPost(t *testing.T, d *db.DB) post {
	t.Helper()
	p := post{t, d, mailtest.Open(t)}
	start(t, d, p.server.Address())
	return p
}

// ask asks for a letter from the browser; code is what it says, and link its token.
func (p post) ask(email, browser string, at clock.Instant) (code, link string) {
	p.t.Helper()
	sent, err := identity.RequestLink(ctx, p.d, at, email, browser, "192.0.2.1", "/rounds")
	must(p.t, err)
	if !sent {
		p.t.Fatal("no letter is sent")
	}
	text := p.server.Next(p.t).Text
	m := inLetter.FindStringSubmatch(text)
	if m == nil {
		p.t.Fatalf("no code in %s", text)
	}
	return m[1], token(p.t, text)
}

func use(d *db.DB, at clock.Instant, browser, code string) string {
	link, err := identity.UseCode(ctx, d, at, browser, code)
	if err != nil {
		return key(err)
	}
	return fmt.Sprint("in, to ", link.Next)
}

// other is a code that is not this one.
func other(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return "9" + code[1:]
}

func TestACodeSignsInTheBrowserThatAskedAlone(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		add(t, d, "Åsa", "asa@example.org", falun)
		p := openPost(t, d)
		hers, strangers := identity.Browser(""), identity.Browser("")
		code, link := p.ask("asa@example.org", hers, now)
		for _, table := range []string{"sign_in_letter", "sign_in_waiting", "sign_in_link", "river_job"} {
			if rows := dump(t, d, table); strings.Contains(rows, strings.ReplaceAll(code, " ", "")) || strings.Contains(rows, hers) {
				t.Errorf("%s holds the code or the browser's secret: %s", table, rows)
			}
		}
		found, err := identity.PeekLink(ctx, d.Reader(), now, link)
		must(t, err)
		for _, c := range []struct{ what, browser, want string }{
			{"in another browser the link shows the code", strangers, strings.ReplaceAll(code, " ", "")},
			{"where it was asked for it does not", hers, ""},
		} {
			if got, err := identity.CodeFor(ctx, d.Reader(), now, found, link, c.browser); err != nil || got != c.want {
				t.Errorf("%s: %q, %v", c.what, got, err)
			}
		}
		for _, c := range []struct{ what, browser, typed, want string }{
			{"no code at all", hers, " ", "identity.code_missing"},
			{"a figure too few", hers, "1234 567", "identity.code_missing"},
			{"the right code in another browser", strangers, code, "identity.code_gone"},
			{"a wrong one", hers, other(code), "identity.code_wrong"},
			{"the right one, written otherwise", hers, strings.ReplaceAll(code, " ", "-"), "in, to /rounds"},
			{"once more", hers, code, "identity.code_gone"},
		} {
			if got := use(d, now, c.browser, c.typed); got != c.want {
				t.Errorf("%s: %s, want %s", c.what, got, c.want)
			}
		}
		if _, err := identity.UseLink(ctx, d, now, link); key(err) != "identity.link_used" {
			t.Errorf("the link beside a used code gives %v", err)
		}
	})
}

func TestACodeHoldsForAQuarterOfAnHour(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		add(t, d, "Åsa", "asa@example.org", falun)
		p := openPost(t, d)
		browser := identity.Browser("")
		code, _ := p.ask("asa@example.org", browser, now)
		if got := use(d, now.Add(15*time.Minute), browser, code); got != "identity.code_gone" {
			t.Errorf("at the end: %s", got)
		}
		if got := use(d, now.Add(15*time.Minute-time.Microsecond), browser, code); got != "in, to /rounds" {
			t.Errorf("just before: %s", got)
		}
	})
}

func TestAProgramThatPressesTheButtonLeavesTheCode(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		add(t, d, "Åsa", "asa@example.org", falun)
		p := openPost(t, d)
		browser := identity.Browser("")
		code, link := p.ask("asa@example.org", browser, now)
		_, err := identity.UseLink(ctx, d, now, link)
		must(t, err)
		if got := use(d, now, browser, code); got != "in, to /rounds" {
			t.Errorf("the code afterwards: %s", got)
		}
	})
}

func TestAStrangerWhoAsksEndsNobodysCode(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		add(t, d, "Åsa", "asa@example.org", falun)
		p := openPost(t, d)
		hers, strangers := identity.Browser(""), identity.Browser("")
		first, _ := p.ask("asa@example.org", strangers, now)
		// Hers comes while that letter is on its way: its code is hers, too.
		if sent, err := identity.RequestLink(ctx, d, now, "asa@example.org", hers, "198.51.100.9", "/mine"); sent || err != nil {
			t.Fatalf("sent %t, %v", sent, err)
		}
		for range 5 {
			use(d, now, strangers, other(first))
		}
		if got := use(d, now, strangers, first); got != "identity.code_too_many" {
			t.Errorf("the stranger's sixth guess: %s", got)
		}
		for range 4 {
			if got := use(d, now, hers, other(first)); got != "identity.code_wrong" {
				t.Errorf("her slip: %s", got)
			}
		}
		p.ask("asa@example.org", strangers, now.Add(2*time.Minute))
		if got := use(d, now.Add(3*time.Minute), hers, first); got != "in, to /mine" {
			t.Errorf("her code after another was asked for: %s", got)
		}
	})
}

func TestGuessesAreBoundedHoweverManyBrowsersAndLetters(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		person := add(t, d, "Åsa", "asa@example.org", falun)
		p := openPost(t, d)
		browsers := []string{identity.Browser("")}
		code, link := p.ask("asa@example.org", browsers[0], now)
		for range 6 {
			browsers = append(browsers, identity.Browser(""))
			_, err := identity.RequestLink(ctx, d, now, "asa@example.org", browsers[len(browsers)-1], "198.51.100.9", "/")
			must(t, err)
		}
		for i := range 30 {
			if got := use(d, now, browsers[i/5], other(code)); got != "identity.code_wrong" {
				t.Fatalf("guess %d: %s", i+1, got)
			}
		}
		if got := use(d, now, browsers[6], code); got != "identity.code_too_many" {
			t.Errorf("guess 31, though right: %s", got)
		}
		if _, err := identity.UseLink(ctx, d, now, link); err != nil {
			t.Errorf("nobody is locked out: the link gives %v", err)
		}
		must(t, identity.Sweep(ctx, d, now.Add(24*time.Hour-time.Microsecond)))
		code, _ = p.ask("asa@example.org", browsers[0], now.Add(24*time.Hour-time.Minute))
		for _, c := range []struct {
			after time.Duration
			want  string
		}{{24*time.Hour - time.Microsecond, "identity.code_too_many"}, {24 * time.Hour, "in, to /rounds"}} {
			if got := use(d, now.Add(c.after), browsers[0], code); got != c.want {
				t.Errorf("%v later: %s, want %s", c.after, got, c.want)
			}
		}
		known, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM sign_in_trouble WHERE person_id = $1 AND way = 'code' AND cause = 'wrong_code'`, person)
		must(t, err)
		if known != 30 {
			t.Errorf("%d wrong codes are known of", known)
		}
	})
}

func TestOfManyCodesAtOnceOneSignsIn(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		add(t, d, "Åsa", "asa@example.org", falun)
		p := openPost(t, d)
		var browsers []string
		code := ""
		for i := range 8 {
			browsers = append(browsers, identity.Browser(""))
			if i == 0 {
				code, _ = p.ask("asa@example.org", browsers[0], now)
				continue
			}
			_, err := identity.RequestLink(ctx, d, now, "asa@example.org", browsers[i], "192.0.2.1", "/rounds")
			must(t, err)
		}
		var in, late atomic.Int32
		var all sync.WaitGroup
		for _, browser := range browsers {
			for range 2 {
				all.Go(func() {
					switch got := use(d, now, browser, code); got {
					case "in, to /rounds":
						in.Add(1)
					case "identity.code_gone", "identity.link_used":
						late.Add(1)
					default:
						t.Error(got)
					}
				})
			}
		}
		all.Wait()
		if in.Load() != 1 || late.Load() != 15 {
			t.Errorf("%d signed in and %d were late", in.Load(), late.Load())
		}
	})
}

func TestOfManyWrongCodesAtOnceNoMoreThanTheBoundAreCompared(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		browser := identity.Browser("")
		_, err := identity.RequestLink(ctx, d, now, "ingen@example.org", browser, "192.0.2.1", "/")
		must(t, err)
		var wrong, refused atomic.Int32
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() {
				switch got := use(d, now, browser, fmt.Sprintf("%08d", i)); got {
				case "identity.code_wrong":
					wrong.Add(1)
				case "identity.code_too_many":
					refused.Add(1)
				default:
					t.Error(got)
				}
			})
		}
		all.Wait()
		if wrong.Load() != 5 || refused.Load() != 11 {
			t.Errorf("%d compared, %d refused", wrong.Load(), refused.Load())
		}
	})
}

func TestCodesEndWithTheSessionsAndWithTheAddress(t *testing.T) {
	for name, end := range map[string]func(tx *db.Tx, person int64) error{
		"all sessions ended": func(tx *db.Tx, person int64) error {
			_, err := identity.EndSessions(ctx, tx, system, person, now)
			return err
		},
		"the address changed": func(tx *db.Tx, person int64) error { return identity.Readdressed(ctx, tx, person, now) },
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, d *db.DB) {
				person := add(t, d, "Åsa", "asa@example.org", falun)
				p := openPost(t, d)
				browser := identity.Browser("")
				code, _ := p.ask("asa@example.org", browser, now)
				must(t, d.Write(ctx, func(tx *db.Tx) error { return end(tx, person) }))
				if got := use(d, now, browser, code); strings.HasPrefix(got, "in") {
					t.Errorf("the code gives %s", got)
				}
			})
		})
	}
}

func TestALinkThatFailedIsAskedForAnewByItself(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		person := add(t, d, "Åsa", "asa@example.org", falun)
		p := openPost(t, d)
		old, err := identity.MakeLink(ctx, d, now.Add(-time.Hour), person, "/rounds")
		must(t, err)
		browser := identity.Browser("")
		sent, err := identity.AskAgain(ctx, d, now, old, browser, "192.0.2.1")
		if !sent || err != nil {
			t.Fatalf("sent %t, %v", sent, err)
		}
		code := inLetter.FindString(p.server.Next(t).Text)
		if got := use(d, now, browser, code); got != "in, to /rounds" {
			t.Errorf("the code of the new letter: %s", got)
		}
		if _, err := identity.AskAgain(ctx, d, now, "x", browser, "192.0.2.1"); key(err) != "identity.link_unknown" {
			t.Errorf("a link that nobody was sent gives %v", err)
		}
		cause, err := db.Row(ctx, d.Reader(), db.One[string], `SELECT cause FROM sign_in_trouble WHERE person_id = $1`, person)
		if err != nil || cause != identity.CauseExpired {
			t.Errorf("the cause is %q, %v", cause, err)
		}
	})
}

func TestABrowserKeepsItsSecret(t *testing.T) {
	secret := identity.Browser("")
	if len(secret) != 43 || identity.Browser(secret) != secret {
		t.Errorf("%q becomes %q", secret, identity.Browser(secret))
	}
	for _, forged := range []string{secret + "A", secret[1:], strings.Repeat("å", 22)[:43], "'" + secret[1:]} {
		if identity.Browser(forged) == forged {
			t.Errorf("%q is kept", forged)
		}
	}
}
