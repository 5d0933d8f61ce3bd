package browsertest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/mail/mailtest"
	"yrkesresan/internal/web"
	"yrkesresan/internal/web/visit"
)

// classroom is the demo with one of the trainer's days held right now, behind a
// network that can go.
type classroom struct {
	*testing.T
	d       *db.DB
	address string
	cut     atomic.Bool // the network is gone
	day     int64
	seats   []int64 // the employee's first
	names   map[int64]string
	clock   clock.Clock
	letters *mailtest.Server
}

const (
	trainerAddress = "utbildare@example.org"
	otherTrainer   = "regional@example.org" // manages the round, so the list is theirs too
	participant    = "medarbetare@example.org"
)

func newClassroom(t *testing.T) *classroom {
	t.Helper()
	ctx := context.Background()
	c := &classroom{T: t, d: sqlite(t), names: map[int64]string{}}
	files := loadDemo(t, c.d)
	// It is ten to nine on a course day, and time goes on from there.
	began, ten := time.Now(), clock.System().Day().At(8, 50)
	c.clock = func() clock.Instant { return ten.Add(time.Since(began)) }
	c.day = c.id(`SELECT MIN(d.id) FROM day_trainer AS t JOIN course_day AS d ON d.id = t.course_day_id JOIN person AS p ON p.id = t.person_id
		JOIN round AS r ON r.id = d.round_id WHERE p.email = $1 AND d.held_at IS NULL AND r.cancelled_at IS NULL
		AND (SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL) > 5`, trainerAddress)
	c.exec(`UPDATE course_day SET day = $2, starts = '09:00', ends = '16:00' WHERE id = $1`, c.day, c.clock().Day())
	c.exec(`UPDATE enrolment SET person_id = (SELECT id FROM person WHERE email = $2)
		WHERE id = (SELECT MIN(n.id) FROM enrolment AS n JOIN course_day AS d ON d.round_id = n.round_id WHERE d.id = $1 AND n.withdrawn_at IS NULL)`, c.day, participant)
	var err error
	c.seats, err = db.Rows(ctx, c.d.Reader(), db.One[int64], `SELECT n.id FROM enrolment AS n JOIN course_day AS d ON d.round_id = n.round_id WHERE d.id = $1 AND n.withdrawn_at IS NULL ORDER BY n.id`, c.day)
	if err != nil {
		t.Fatal(err)
	}

	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	server, err := visit.NewServer(ctx, visit.Config{
		DB: c.d, Clock: c.clock, Sessions: identity.NewSessions(c.d, clock.System, false), Log: log, Personas: offered(t, c.d), Files: files,
		Ready: func(context.Context) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	handler := web.Handler(server)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.cut.Load() {
			if connection, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_ = connection.Close() // no answer at all
			}
			return
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	server.Site.Base = s.URL
	c.address = s.URL

	c.letters = mailtest.Open(t)
	queue, err := jobs.Open(ctx, c.d, log)
	if err != nil {
		t.Fatal(err)
	}
	sender, err := mail.Open(c.letters.Address(), "Yrkesresan <noreply@example.org>", clock.System)
	if err != nil {
		t.Fatal(err)
	}
	sender.Handle(queue, log)
	identity.Handle(queue, c.d, c.clock, sender, s.URL)
	if err := queue.Start(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = queue.Stop(context.Background()) })
	return c
}

func (c *classroom) id(query string, args ...any) int64 {
	c.Helper()
	id, err := db.Row(context.Background(), c.d.Reader(), db.One[int64], query, args...)
	if err != nil {
		c.Fatalf("%v\n%s", err, query)
	}
	return id
}

func (c *classroom) exec(query string, args ...any) {
	c.Helper()
	if err := c.d.Write(context.Background(), func(tx *db.Tx) error {
		_, err := db.Exec(context.Background(), tx, query, args...)
		return err
	}); err != nil {
		c.Fatal(err)
	}
}

func (c *classroom) page(path string) string {
	return fmt.Sprintf("%s/days/%d/%s", c.address, c.day, path)
}

// until waits for what happens beside the test, and says what did not.
func (c *classroom) until(what string, done func() bool) {
	c.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(end) {
			c.Fatal("it never happened: ", what)
		}
	}
}

// marks is how many marks the day has from the person with the address.
func (c *classroom) marks(email string) int64 {
	c.Helper()
	return c.id(`SELECT COUNT(*) FROM attendance AS a JOIN person AS p ON p.id = a.marked_by WHERE a.course_day_id = $1 AND p.email = $2`, c.day, email)
}

// tick gives an answer for a seat by one touch.
func (b *Browser) tick(seat int64, mark string) {
	b.t.Helper()
	b.Click(fmt.Sprintf(`input[name="mark_%d"][value="%s"]`, seat, mark))
}

// says waits until the list's status says the words.
func (b *Browser) says(words string) {
	b.t.Helper()
	b.wait(fmt.Sprintf("%q in the list's status", words), fmt.Sprintf(`(document.querySelector("[data-sync]")?.innerText ?? "").includes(%q)`, words))
}

// ready waits until the list's script has begun to keep what is ticked.
func (b *Browser) ready() {
	b.t.Helper()
	b.wait("the list's script", `document.querySelector("form[data-marks]")?.dataset.ready === "yes"`)
}

// become signs in by the picker and then goes to the address.
func (b *Browser) become(c *classroom, email, address string) {
	b.t.Helper()
	b.signIn(c.address, email)
	b.Visit(address)
}

func (c *classroom) noProblems(b *Browser, where string) {
	c.Helper()
	for _, window := range []struct {
		width, height int64
		scheme        string
	}{{320, 640, "dark"}, {1280, 800, "light"}} {
		b.Size(window.width, window.height)
		b.Scheme(window.scheme)
		for _, p := range append(b.Axe(), overflow(b)...) {
			c.Errorf("%s at %d px: %s", where, window.width, p)
		}
		if folder := os.Getenv(pictures); folder != "" {
			b.Screenshot(filepath.Join(folder, fmt.Sprintf("attendance-%s-%d.png", strings.ReplaceAll(where, " ", "-"), window.width)))
		}
	}
}

func overflow(b *Browser) []string {
	if n := b.Overflow(); n > 0 {
		return []string{fmt.Sprintf("%d pixels too wide", n)}
	}
	return nil
}

// A telephone without a sign-in scans the picture on the wall, signs in by a
// letter, and is where it was going.
func TestScanningThePictureOnTheWall(t *testing.T) {
	c := newClassroom(t)
	wall, list := Open(t), Open(t)
	list.become(c, trainerAddress, c.page("attendance"))
	wall.become(c, trainerAddress, c.page("screen"))
	c.noProblems(wall, "the screen")
	if !strings.Contains(wall.Text(), "0 av ") {
		t.Errorf("the screen says:\n%s", wall.Text())
	}
	picture := Eval[string](wall, `fetch(document.querySelector(".screen-picture").src).then(r => r.text())`)
	found := regexp.MustCompile(`<title>([^<]+)</title>`).FindStringSubmatch(picture)
	if found == nil {
		t.Fatalf("the picture is %s", picture)
	}

	phone := Open(t)
	phone.Size(360, 740)
	phone.Visit(found[1])
	if path := phone.Path(); !strings.HasPrefix(path, "/sign-in?next=") {
		t.Fatalf("the scan leads to %s", path)
	}
	phone.Type("#f-email", participant)
	phone.Follow(func() { phone.Click("main form button") })
	link := regexp.MustCompile(`http://\S+`).FindString(c.letters.Next(t).Text)
	phone.Visit(link)
	phone.Follow(func() { phone.Click("main form button") })
	if path := phone.Path(); !strings.HasPrefix(path, fmt.Sprintf("/check-in/%d/", c.day)) {
		t.Fatalf("signed in, one is at %s", path)
	}
	c.noProblems(phone, "checking in")
	phone.Follow(func() { phone.Click("main form button") })
	if text := phone.Text(); phone.Path() != "/check-in" || !strings.Contains(text, "Du är incheckad sedan") {
		t.Errorf("after the button, at %s:\n%s", phone.Path(), text)
	}
	c.noProblems(phone, "checked in")
	if c.marks(participant) != 1 {
		t.Error("there is no mark")
	}
	// In the demo the way in is a pick, and it leads back too.
	picker := Open(t)
	picker.Visit(found[1])
	picker.Follow(func() { picker.Click(`main a[href^="/demo"]`) })
	picker.Follow(func() { picker.Click(`button[value="` + participant + `"]`) })
	if !strings.Contains(picker.Text(), "Du är incheckad sedan") {
		t.Errorf("who is checked in and scans again is at %s:\n%s", picker.Path(), picker.Text())
	}
	c.until("the wall counts one", func() bool { return strings.Contains(wall.Text(), "1 av ") })
	c.until("the open list shows it", func() bool {
		return Eval[bool](list, fmt.Sprintf(`document.querySelector('input[name="mark_%d"][value="present"]').checked`, c.seats[0]))
	})
}

// In a big hall the code is typed.
func TestTypingTheCodeOnTheWall(t *testing.T) {
	c := newClassroom(t)
	wall, phone := Open(t), Open(t)
	wall.become(c, trainerAddress, c.page("screen"))
	code := Eval[string](wall, `document.querySelector(".screen-code").textContent`)
	phone.become(c, participant, c.address+"/my/journey")
	phone.Follow(func() { phone.Click(`main a[href="/check-in"]`) })
	c.noProblems(phone, "typing")
	phone.Type(`input[name="code"]`, "1")
	phone.Follow(func() { phone.Press("\r") })
	if !strings.Contains(phone.Text(), "Koden stämmer inte") {
		t.Errorf("a wrong code gives:\n%s", phone.Text())
	}
	c.noProblems(phone, "a wrong code")
	phone.Type(`input[name="code"]`, code)
	phone.Follow(func() { phone.Click("main form button") })
	if !strings.Contains(phone.Text(), "Du är incheckad sedan") {
		t.Errorf("the right one gives:\n%s", phone.Text())
	}
}

// The whole list by keyboard alone: arrows answer, Enter saves.
func TestTheListByKeyboardAlone(t *testing.T) {
	c := newClassroom(t)
	b := Open(t)
	b.become(c, trainerAddress, c.page("attendance"))
	b.ready()
	Eval[bool](b, `document.querySelector("fieldset.question [type=radio]").focus() ?? true`)
	n := Eval[int](b, `document.querySelectorAll("fieldset.question").length`)
	for range n {
		b.Press(" ")
		at := Eval[string](b, `document.activeElement.name`)
		// The reason is a stop of its own only for those who were not there.
		for range 3 {
			b.Press("\t")
			if Eval[string](b, `document.activeElement.name ?? ""`) != at {
				break
			}
		}
	}
	c.until("every mark has arrived", func() bool { return c.marks(trainerAddress) == int64(len(c.seats)) })
	b.says("Alla markeringar är skickade")
	Eval[bool](b, `document.querySelector("fieldset.question input:checked").focus() ?? true`)
	b.Press("\r")
	c.until("the list is saved", func() bool { return strings.HasPrefix(b.Path(), "/rounds/") })
	if c.id(`SELECT COUNT(*) FROM course_day WHERE id = $1 AND held_at IS NOT NULL`, c.day) != 1 {
		t.Error("the day is not held")
	}
}

// A touch counts although the page's script was not there yet: on a slow line the
// list is seen long before.
func TestAQuickHandIsBeforeTheScript(t *testing.T) {
	c := newClassroom(t)
	b := Open(t)
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
			new MutationObserver((_, watch) => {
				const answer = document.querySelector("fieldset.question [type=radio]");
				if (!answer) return;
				watch.disconnect();
				answer.click();
			}).observe(document, {childList: true, subtree: true});`})
		return err
	}))
	b.become(c, trainerAddress, c.page("attendance"))
	b.says("Alla markeringar är skickade")
	if got := c.marks(trainerAddress); got != 1 {
		t.Errorf("%d marks, want the one that was made", got)
	}
}

// The network goes, marks are made, the browser is closed and opened again, the
// sign-in expires, another trainer borrows the device: each mark arrives once,
// and under the one who made it.
func TestTheListWithoutANetwork(t *testing.T) {
	c := newClassroom(t)
	profile := t.TempDir()
	b := OpenAt(t, profile)
	b.become(c, trainerAddress, c.page("attendance"))
	b.ready()
	b.tick(c.seats[0], "present")
	b.says("Alla markeringar är skickade")
	c.until("the list is kept", func() bool {
		return Eval[int](b, `caches.open("lists").then(c => c.keys()).then(k => k.length)`) == 1
	})

	c.cut.Store(true)
	for _, seat := range c.seats[1:4] {
		b.tick(seat, "late")
	}
	b.says("3 markeringar är inte skickade än")
	b.says("Ingen kontakt med servern")
	c.noProblems(b, "without a network")
	b.tick(c.seats[3], "absent") // another thought: still three
	time.Sleep(200 * time.Millisecond)
	b.says("3 markeringar är inte skickade än")
	b.Close()

	b = OpenAt(t, profile)
	b.Visit(c.page("attendance"))
	b.ready()
	b.says("3 markeringar är inte skickade än")
	checked := Eval[[]string](b, `[...document.querySelectorAll("fieldset.question :checked")].map(e => e.name + " " + e.value)`)
	want := []string{fmt.Sprintf("mark_%d present", c.seats[0]), fmt.Sprintf("mark_%d late", c.seats[1]), fmt.Sprintf("mark_%d late", c.seats[2]), fmt.Sprintf("mark_%d absent", c.seats[3])}
	slices.Sort(checked)
	slices.Sort(want)
	if !slices.Equal(checked, want) {
		t.Errorf("opened again, the list says %v, want %v", checked, want)
	}
	b.tick(c.seats[4], "excused")
	b.says("4 markeringar är inte skickade än")
	// Saving without a network says so and loses nothing.
	b.Click(".save .button")
	b.says("Ingen kontakt med servern")

	c.exec(`DELETE FROM session`)
	c.cut.Store(false)
	b.says("Du är utloggad")
	b.says("4 markeringar är inte skickade än")
	c.noProblems(b, "signed out")
	if c.marks(trainerAddress) != 1 {
		t.Error("marks arrived without a sign-in")
	}

	// Somebody else signs in on the device: the marks are not theirs.
	b.become(c, otherTrainer, c.page("attendance"))
	b.ready()
	b.says("På enheten finns 4 markeringar av någon annan")
	b.tick(c.seats[5], "present")
	b.says("Alla markeringar är skickade")
	if got := c.marks(otherTrainer); got != 1 {
		t.Errorf("the other trainer has %d marks", got)
	}

	b.Visit(c.address + "/sign-in?next=x")
	Eval[bool](b, `fetch("/session/end", {method: "POST"}).then(() => true)`)
	b.become(c, trainerAddress, c.page("attendance"))
	b.ready()
	c.until("the marks are sent", func() bool { return c.marks(trainerAddress) == 5 })
	for seat, mark := range map[int64]string{c.seats[0]: "present", c.seats[1]: "late", c.seats[2]: "late", c.seats[3]: "absent", c.seats[4]: "excused"} {
		if c.id(`SELECT COUNT(*) FROM attendance WHERE course_day_id = $1 AND enrolment_id = $2 AND mark = $3 AND source = 'trainer'`, c.day, seat, mark) != 1 {
			t.Errorf("seat %d is not %s", seat, mark)
		}
	}
	if n := c.id(`SELECT COUNT(*) FROM mark_receipt`); n < 6 || n > 7 {
		t.Errorf("%d receipts for six marks and a change", n)
	}
	if n := c.id(`SELECT COUNT(*) FROM mark_receipt AS m JOIN attendance AS a ON a.enrolment_id = m.enrolment_id AND a.course_day_id = m.course_day_id WHERE m.person_id <> a.marked_by`); n != 0 {
		t.Errorf("%d marks are under another than who made them", n)
	}

	// Signing out leaves no list behind.
	b.Follow(func() { Eval[bool](b, `document.querySelector('form[action="/session/end"]').requestSubmit() ?? true`) })
	c.until("the kept list is forgotten", func() bool {
		return Eval[int](b, `caches.open("lists").then(c => c.keys()).then(k => k.length)`) == 0
	})
}
