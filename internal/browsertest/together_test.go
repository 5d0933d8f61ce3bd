package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// hall is a classroom with ten people in BAS 1, whose run sheet its edition has.
func newHall(t *testing.T) *classroom {
	t.Helper()
	c := newClassroom(t)
	c.exec(`UPDATE round SET course_id = (SELECT id FROM course WHERE slug = 'bas-1'),
		edition_id = (SELECT MAX(e.id) FROM edition AS e JOIN course AS k ON k.id = e.course_id JOIN edition_content AS x ON x.edition_id = e.id WHERE k.slug = 'bas-1')
		WHERE id = (SELECT round_id FROM course_day WHERE id = $1)`, c.day)
	c.exec(`DELETE FROM course_day WHERE id <> $1 AND round_id = (SELECT round_id FROM course_day WHERE id = $1)
		AND NOT EXISTS (SELECT 1 FROM day_trainer AS t WHERE t.course_day_id = course_day.id) AND NOT EXISTS (SELECT 1 FROM attendance AS a WHERE a.course_day_id = course_day.id)
		AND NOT EXISTS (SELECT 1 FROM round_event AS v WHERE v.course_day_id = course_day.id)`, c.day)
	for _, seat := range c.seats[min(10, len(c.seats)):] {
		c.exec(`UPDATE enrolment SET withdrawn_at = enrolled_at + 1 WHERE id = $1`, seat)
	}
	c.seats = c.seats[:min(10, len(c.seats))]
	c.exec(`DELETE FROM progress WHERE person_id IN (SELECT person_id FROM enrolment WHERE id BETWEEN $1 AND $2)`, c.seats[0], c.seats[len(c.seats)-1])
	return c
}

// at waits until the page shows the step.
func (b *Browser) at(step string) {
	b.t.Helper()
	b.wait(fmt.Sprintf("the step %q", step), fmt.Sprintf(`[...document.querySelectorAll("[data-step]:not([hidden]) [tabindex]")].some(h => h.textContent === %q)`, step))
}

// steered waits until the script of the screen is there.
func (b *Browser) steered() {
	b.t.Helper()
	b.wait("the screen's script", `document.querySelector("[data-together]")?.dataset.ready === "yes"`)
}

func (c *classroom) look(b *Browser, where string) {
	c.Helper()
	for _, w := range []struct {
		width, height int64
		scheme        string
	}{{360, 740, "dark"}, {1280, 800, "light"}} {
		b.Size(w.width, w.height)
		b.Scheme(w.scheme)
		for _, p := range append(b.Axe(), overflow(b)...) {
			c.Errorf("%s at %d px: %s", where, w.width, p)
		}
		if folder := os.Getenv(pictures); folder != "" {
			b.Screenshot(filepath.Join(folder, fmt.Sprintf("together-%s-%d.png", strings.ReplaceAll(where, " ", "-"), w.width)))
		}
	}
}

// done is for how many of the ten the task is done.
func (c *classroom) done(task string) int64 {
	c.Helper()
	return c.id(`SELECT COUNT(*) FROM progress AS p JOIN task AS t ON t.id = p.task_id JOIN enrolment AS n ON n.person_id = p.person_id JOIN course_day AS d ON d.round_id = n.round_id
		JOIN study AS s ON s.person_id = p.person_id AND s.edition_id = t.edition_id
		WHERE d.id = $1 AND n.withdrawn_at IS NULL AND t.key = $2 AND p.done_at IS NOT NULL`, c.day, task)
}

// A day of BAS from one screen: ten people, four of them without a telephone, from the
// code on the wall to the evaluation, with the network gone in the middle.
func TestABASDayFromOneScreen(t *testing.T) {
	c := newHall(t)
	if len(c.seats) != 10 {
		t.Fatalf("%d seats", len(c.seats))
	}
	profile := t.TempDir()
	wall, phone, pocket := OpenAt(t, profile), Open(t), Open(t)
	wall.become(c, trainerAddress, fmt.Sprintf("%s/my/days/%d", c.address, c.day))
	wall.Follow(func() { wall.Click(fmt.Sprintf(`a[href="/days/%d/together"]`, c.day)) })
	wall.steered()
	wall.at("Välkommen")
	c.look(wall, "welcome")

	// One scans, five have come in the same way, four have no telephone.
	phone.become(c, participant, c.address+"/check-in")
	phone.Type(`input[name="code"]`, Eval[string](wall, `document.querySelector("[data-code]").textContent`))
	phone.Follow(func() { phone.Click("main form button") })
	for _, seat := range c.seats[1:6] {
		c.exec(`INSERT INTO attendance (course_day_id, enrolment_id, mark, marked_at, marked_by, source) SELECT $1, id, 'present', $3, person_id, 'own' FROM enrolment WHERE id = $2`, c.day, seat, c.clock())
	}
	wall.wait("six who have come", `document.querySelector("[data-arrived]").textContent.startsWith("6 av 10")`)
	phone.Follow(func() { phone.Click(fmt.Sprintf(`a[href="/days/%d/room"]`, c.day)) })
	phone.steered()
	phone.at("Välkommen")
	pocket.become(c, trainerAddress, c.page("together/remote"))
	pocket.steered()

	// A step is with everybody; two who steer see the same.
	wall.Click(`[data-by="1"]`)
	phone.at("Välkommen och presentation")
	pocket.at("Välkommen och presentation")
	c.look(phone, "following")
	c.look(pocket, "steering")
	if strings.Contains(phone.Text(), "Bild 1.") || strings.Contains(wall.Text(), "Bild 1.") {
		t.Error("the room reads the trainer's notes")
	}
	wall.wait("the time", `document.querySelector("[data-timer]").textContent.includes("minuter kvar")`)
	pocket.Click(`.on-remote > details > summary`)
	pocket.Click(`[data-to="4"]`)
	wall.at("Från beslut till vardag")
	phone.at("Från beslut till vardag")
	c.look(wall, "a film")
	pocket.Click(`[data-step]:not([hidden]) form[data-task] button[value="yes"]`)
	c.until("six have seen the film", func() bool { return c.done("fran-beslut-till-vardag") == 6 })
	wall.wait("the wall tells it", `!document.querySelector("[data-step]:not([hidden]) [data-when=done]").hidden`)

	// The presenter's clicker.
	wall.Press(kb.PageDown)
	phone.at("Övning 1: Vems beslut?")

	// The network goes. The wall goes on; what was pressed is there when it is back, also
	// after the page was opened anew.
	c.until("the screen is kept", func() bool {
		return Eval[int](wall, `caches.open("lists").then(c => c.keys()).then(k => k.length)`) == 2
	})
	c.cut.Store(true)
	wall.Click(`[data-step]:not([hidden]) form[data-task] button[value="yes"]`)
	wall.Click(`[data-by="1"]`)
	wall.at("Självbestämmande i det lilla")
	wall.wait("that there is no network", `document.querySelector("[data-told]").textContent.includes("Ingen anslutning")`)
	c.look(wall, "without a network")
	// The four without a telephone are ticked off on the list that the browser keeps.
	wall.Visit(c.page("attendance"))
	wall.ready()
	for _, seat := range c.seats[6:10] {
		wall.tick(seat, "present")
	}
	wall.says("4 markeringar är inte skickade än")
	c.cut.Store(false)
	c.until("all ten are there", func() bool {
		return c.id(`SELECT COUNT(*) FROM attendance WHERE course_day_id = $1 AND mark = 'present'`, c.day) == 10
	})
	c.until("and have seen the film", func() bool { return c.done("fran-beslut-till-vardag") == 10 })
	wall.Visit(c.page("together"))
	wall.steered()
	c.until("what was pressed without a network", func() bool { return c.done("vems-beslut") == 10 })

	// Each may undo, and what each does alone stays theirs.
	phone.Visit(c.address + "/courses/bas-1/tasks/vems-beslut")
	if !strings.Contains(phone.Text(), "Ni gjorde uppgiften tillsammans") {
		t.Errorf("the task says:\n%s", phone.Text())
	}
	c.look(phone, "a task done together")
	phone.Click(`[data-when="done"] button[name="done"]`)
	c.until("one has undone it", func() bool { return c.done("vems-beslut") == 9 })
	if n := c.done("mitt-lofte"); n != 0 {
		t.Errorf("%d have done the reflection together", n)
	}

	// To the end, and the evaluation once the course is approved.
	last := Eval[int](wall, `document.querySelectorAll("[data-step]").length - 1`)
	wall.Click(`.wall-foot details > summary`)
	wall.Click(fmt.Sprintf(`[data-to="%d"]`, last))
	wall.at("Tack för i dag")
	phone.Visit(c.page("room"))
	phone.at("Tack för i dag")
	if !strings.Contains(phone.Text(), "Kursutvärderingen öppnar") {
		t.Errorf("before the approval:\n%s", phone.Text())
	}
	c.look(wall, "the end")
	pocket.at("Tack för i dag")
	pocket.Visit(c.page("together/remote"))
	c.look(pocket, "what is left")
	if err := c.d.Write(context.Background(), func(tx *db.Tx) error {
		region := access.System()
		roundID := c.id(`SELECT round_id FROM course_day WHERE id = $1`, c.day)
		if err := attendance.Everybody(context.Background(), tx, region, c.day, c.clock()); err != nil {
			return err
		}
		return attendance.Approve(context.Background(), tx, region, roundID, []attendance.Approval{{EnrolmentID: c.seats[0], Reason: "hela dagen"}}, c.clock().Day(), c.clock())
	}); err != nil {
		t.Fatal(err, fault.Of(err))
	}
	phone.Visit(c.page("room"))
	phone.Follow(func() { phone.Click(`a[href="/my/evaluations/bas-1"]`) })
	phone.Click(`input[name="grade"]`)
	phone.Follow(func() { phone.Click("main form button") })
	if phone.Path() != "/my/journey" {
		t.Errorf("after the evaluation, at %s:\n%s", phone.Path(), phone.Text())
	}
}

// Two steer one screen: whoever is late is told where it is, and by whom.
func TestTwoWhoSteerOneScreen(t *testing.T) {
	c := newHall(t)
	one, other := Open(t), Open(t)
	one.become(c, trainerAddress, c.page("together"))
	one.steered()
	// The second has not heard of the first: as on a slow line.
	other.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
			const asked = window.fetch;
			window.fetch = (address, ...rest) => String(address).includes("/state?") ? new Promise(() => {}) : asked(address, ...rest);`})
		return err
	}))
	other.become(c, otherTrainer, c.page("together/remote"))
	other.steered()
	one.Click(`[data-by="1"]`)
	c.until("it has moved", func() bool {
		return c.id(`SELECT COALESCE(MAX(version), 0) FROM day_screen WHERE course_day_id = $1`, c.day) == 1
	})
	other.Click(`.on-remote [data-by="1"]`)
	other.wait("who moved it", `document.querySelector("[data-told]").textContent.includes("flyttade skärmen till ”Välkommen och presentation”")`)
	other.at("Välkommen och presentation")
	c.look(other, "moved by another")
	other.Click(`.on-remote [data-by="1"]`)
	one.at("Det här är Yrkesresan")
	// The evening before somebody practises, and the next morning the screen is closed.
	c.exec(`UPDATE course_day SET day = $2 WHERE id = $1`, c.day, c.clock().Day()+clock.Day(1))
	one.Visit(c.page("together"))
	one.steered()
	if !strings.Contains(one.Text(), "Du övar.") {
		t.Errorf("the evening before:\n%s", one.Text())
	}
	one.Click(`[data-by="1"]`)
	one.at("Välkommen och presentation")
	c.look(one, "practising")
	if c.id(`SELECT COALESCE(MAX(version), 0) FROM day_screen WHERE course_day_id = $1`, c.day) > 2 {
		t.Error("who practises moves the room's screen")
	}
}
