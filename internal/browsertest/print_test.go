package browsertest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"yrkesresan/internal/db"
)

// Media shows the page as the medium does: "screen" or "print".
func (b *Browser) Media(medium string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: medium})
		return err
	}))
}

// toPress (without the chain, which says where a round stands) are what one can press or follow elsewhere on the page, as far as it is seen.
const toPress = `[...document.querySelectorAll("button, .button, nav:not(.chain), summary, select, input:not([type=hidden], [type=radio], [type=checkbox]), textarea, .top, .crumbs, .tabs, .foot a, .skip, .actions a")]
	.filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && e.getBoundingClientRect().width > 1 && e.getBoundingClientRect().height > 1)
	.map((e) => e.tagName.toLowerCase() + "." + e.className + " " + e.textContent.trim().slice(0, 40))`

// On paper a page is a document: nothing to press and no ways to other pages.
func TestWhatIsPrintedHasNothingToPress(t *testing.T) {
	d := sqlite(t)
	site := demoSite(t, d)
	id := func(query string) int64 {
		t.Helper()
		got, err := db.Row(context.Background(), d.Reader(), db.One[int64], query)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	coming := id(`SELECT MIN(id) FROM round WHERE region_id = 20 AND municipality_id IS NULL AND published_at IS NOT NULL AND confirmed_at IS NULL AND cancelled_at IS NULL`)
	held := id(`SELECT MIN(round_id) FROM course_day WHERE held_at IS NOT NULL AND round_id IN (SELECT id FROM round WHERE region_id = 20 AND municipality_id IS NULL)`)
	day := id(`SELECT MIN(d.id) FROM course_day AS d JOIN round AS r ON r.id = d.round_id WHERE r.region_id = 20 AND r.municipality_id IS NULL AND r.cancelled_at IS NULL AND d.held_at IS NULL
		AND EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL)`)
	done := id(`SELECT MIN(c.id) FROM completion AS c JOIN person AS p ON p.id = c.person_id WHERE p.email = 'medarbetare@example.org' AND c.revoked_at IS NULL`)

	b := Open(t)
	for who, pages := range map[string][]string{
		"regional@example.org": {
			fmt.Sprintf("/rounds/%d", coming), fmt.Sprintf("/rounds/%d", held), fmt.Sprintf("/days/%d/paper", day), fmt.Sprintf("/days/%d/attendance", day),
			"/regions/dalarna/annual-report?year=2025",
		},
		"medarbetare@example.org": {fmt.Sprintf("/completions/%d/certificate", done)},
	} {
		b.Media("screen")
		b.signIn(site, who)
		for _, page := range pages {
			b.Visit(site + page)
			if len(Eval[[]string](b, toPress)) == 0 {
				t.Errorf("%s: nothing to press on the screen either: this test sees nothing", page)
			}
			b.Media("print")
			for _, left := range Eval[[]string](b, toPress) {
				t.Errorf("%s prints %q", page, left)
			}
			b.Media("screen")
		}
	}
}

// The annual report has a button that prints it: where there is script, and only there.
func TestTheAnnualReportIsPrintedWithOneButton(t *testing.T) {
	site := demoSite(t, sqlite(t))
	b := Open(t)
	b.signIn(site, "regional@example.org")
	b.Visit(site + "/regions/dalarna/annual-report?year=2025")
	if !Eval[bool](b, `document.querySelector("[data-print]").checkVisibility()`) {
		t.Fatal("the button is not seen")
	}
	Eval[bool](b, `(window.print = () => { document.title = "printed"; }, true)`)
	b.Click("[data-print]")
	if got := Eval[string](b, `document.title`); got != "printed" {
		t.Errorf("pressing it gives %q", got)
	}
	if source := b.Source(); !strings.Contains(source, "data-print hidden") {
		t.Error("without script there is a button that does nothing")
	}
}
