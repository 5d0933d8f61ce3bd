package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func TestTheSearchFindsWhatOneMaySee(t *testing.T) {
	s := newSite(t)
	body := s.as(national).get("/search?q=v").body
	at := -1
	for _, name := range []string{">Vadstena<", ">Vaggeryd<", ">Valdemarsvik<", ">Vallentuna<", ">Vansbro<"} {
		next := strings.Index(body, name)
		if next <= at {
			t.Errorf("%s stands at %d, after %d", name, next, at)
		}
		at = next
	}
	sees := s.id(`SELECT MAX(e.person_id) FROM employment AS e WHERE e.municipality_id = 2081 AND e.to_day IS NULL`)
	var name string
	if err := s.db.Reader().QueryRowContext(t.Context(), `SELECT family_name FROM person WHERE id = $1`, sees).Scan(&name); err != nil {
		t.Fatal(err)
	}
	link := `href="` + personAt(sees) + `"`
	v := s.as(municipal)
	v.get("/search?q="+name).shows(t, http.StatusOK, link, `<button class="button secondary">Sök</button>`)
	for _, who := range []string{employee, steering, national, manager} {
		s.as(who).get("/search?q="+name).hides(t, link)
	}
	v.get("/search?q=%25").shows(t, http.StatusOK, "Inget heter %")
}

// What people look for and where it leads, as whom.
func TestTheSearchFindsByWhatIsThere(t *testing.T) {
	s := newSite(t)
	course := func(slug string) string { return `href="/courses/` + slug + `"` }
	rounds := func(slug string) string { return `href="/rounds?course=` + slug + `"` }
	for _, c := range []struct{ who, words, finds string }{
		{employee, "familjehm", course("arbeta-med-familjehem")},
		{employee, "foraldrar", course("samtal-med-barn-och-foraldrar")},
		{employee, "BAS 1", course("bas-1")},
		{employee, "reservlista", `href="/help?topic=queue"`},
		{employee, "kalender", `href="/my/calendar"`},
		{employee, "intyg", `href="/certificates"`},
		{employee, "samtal", `<h2 id="rounds">Kursomgångar</h2>`},
		{"utbildare@example.org", "certificate", `href="/my/days/confirmation"`},
		{manager, "godkanna", `href="/my/requests"`},
		{municipal, "faktura", `/money"`},
		{municipal, "avgift", `href="/regions/dalarna/tariffs"`},
		{municipal, "borlange", `href="/municipalities/borlange"`},
		{regional, "faktura", `href="/regions/dalarna/invoice-basis"`},
		{regional, "underlag", `href="/regions/dalarna/invoice-basis"`},
		{regional, "lokal", `href="/regions/dalarna/rooms"`},
		{regional, "avgift", `href="/regions/dalarna/tariffs"`},
		{regional, "familjehm", rounds("arbeta-med-familjehem")},
		{regional, "nyckel", `href="/tokens"`},
		{steering, "faktura", `href="/regions/dalarna/invoice-basis"`},
		{producer, "utkast", `href="/workshop"`},
		{national, "malmo", `href="/municipalities/malmo"`},
		{operator, "drift@example.org", ""},
	} {
		if a := s.as(c.who).get("/search?q=" + url.QueryEscape(c.words)); a.status != http.StatusOK || !strings.Contains(a.body, c.finds) {
			t.Errorf("%s looks for %q: %d, without %s", c.who, c.words, a.status, c.finds)
		}
	}
	for _, c := range []struct{ who, words, hidden string }{
		{employee, "faktura", "invoice-basis"}, {employee, "lokal", "/rooms"}, {manager, "nyckel", "/tokens"}, {"utbildare@example.org", "borlange", `/municipalities/`},
	} {
		s.as(c.who).get("/search?q="+c.words).hides(t, c.hidden)
	}
}

// Whatever the search finds can be opened by whoever found it.
func TestWhatIsFoundCanBeOpened(t *testing.T) {
	s := newSite(t)
	link := regexp.MustCompile(`<li><a href="([^"]+)"`)
	for _, role := range roles[1:] {
		v := s.as(role.email)
		opened := map[string]bool{}
		for _, words := range strings.Fields("a b c d e f g h i k l m n o p r s t u v samtal borlange faktura avgift lokal intyg kurs plan familjehm") {
			_, main, _ := strings.Cut(v.get("/search?q="+words).body, "<main")
			for _, m := range link.FindAllStringSubmatch(main, -1) {
				href := html.UnescapeString(m[1])
				if opened[href] {
					continue
				}
				opened[href] = true
				if a := v.get(href); a.status != http.StatusOK {
					t.Errorf("%s finds %s by %q, which answers %d", role.name, href, words, a.status)
				}
			}
		}
		if len(opened) < 25 {
			t.Errorf("%s found only %d things", role.name, len(opened))
		}
	}
}

func TestHelpBeginsWithThePageAndTheRole(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct{ who, page, first string }{
		{employee, "/rounds", "sign_up"},
		{regional, "/regions/dalarna/rooms", "planning"},
		{regional, "/regions/dalarna/invoice-basis", "counts"},
		{"utbildare@example.org", "/my/days", "my_days"},
		{manager, "/my/requests", "requests"},
	} {
		v := s.as(c.who)
		m := regexp.MustCompile(`href="(/help\?page=[^"]+)">Hjälp om den här sidan`).FindStringSubmatch(v.get(c.page).body)
		if m == nil {
			t.Errorf("%s has no help about %s", c.who, c.page)
			continue
		}
		page := v.get(html.UnescapeString(m[1])).body
		first, role := strings.Index(page, `<h2 id="`+c.first+`"`), strings.Index(page, `<h2 id="role"`)
		if first < 0 || role < first {
			t.Errorf("help of %s about %s: %s stands at %d, the role's at %d", c.who, c.page, c.first, first, role)
		}
	}
	s.as(manager).get("/help").shows(t, http.StatusOK, "För dig som chef", "Andra frågor")
	s.nobody().get("/help?page=/nothing&topic=none").shows(t, http.StatusOK, "Alla frågor")
}
