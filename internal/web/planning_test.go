package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"yrkesresan/internal/clock"
)

// fields are what the form of a page holds: its inputs, selects and text areas.
func (a answer) fields() url.Values {
	form := url.Values{}
	if at := strings.Index(a.body, `class="form planning"`); at > 0 {
		body := a.body[at:]
		body = body[:strings.Index(body, "</form>")]
		for _, m := range regexp.MustCompile(`<input [^>]*>`).FindAllString(body, -1) {
			name, value := attribute(m, "name"), attribute(m, "value")
			if name == "" || attribute(m, "type") == "checkbox" && !strings.Contains(m, " checked") {
				continue
			}
			if attribute(m, "type") == "checkbox" && value == "" {
				value = "on"
			}
			form.Add(name, value)
		}
		for _, m := range regexp.MustCompile(`(?s)<select [^>]*name="([^"]*)".*?</select>`).FindAllStringSubmatch(body, -1) {
			chosen := regexp.MustCompile(`<option value="([^"]*)" selected`).FindStringSubmatch(m[0])
			if chosen == nil {
				chosen = regexp.MustCompile(`<option value="([^"]*)"`).FindStringSubmatch(m[0])
			}
			form.Add(m[1], chosen[1])
		}
		for _, m := range regexp.MustCompile(`(?s)<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>`).FindAllStringSubmatch(body, -1) {
			form.Add(m[1], m[2])
		}
	}
	return form
}

func attribute(tag, name string) string {
	m := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if m == nil {
		return ""
	}
	return strings.NewReplacer("&#34;", `"`, "&amp;", "&", "&gt;", ">", "&#43;", "+").Replace(m[1])
}

const newRound = "/regions/dalarna/rounds/new?course=samtal-och-delaktighet"

// filled is a new round's form with two Wednesdays in March 2027.
func filled(t *testing.T, v *visitor) url.Values {
	t.Helper()
	form := v.get(newRound).fields()
	if form.Get("days") != "2" {
		t.Fatalf("the form offers %q days", form.Get("days"))
	}
	form.Set("days.0.day", "2027-03-03")
	form.Set("days.1.day", "2027-03-10")
	form.Set("do", "save")
	return form
}

func TestARoundIsPlannedChangedAndCopied(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	v.get("/regions/dalarna/rounds/new").wants(t, http.StatusOK, "Vilken kurs gäller det?")
	form := filled(t, v)
	room := s.id(`SELECT id FROM room WHERE name = 'Tunasalen'`)
	form.Set("days.0.room", fmt.Sprint(room))
	form.Set("days.1.link", "https://example.org/rum")

	t.Run("another day is added without saving", func(t *testing.T) {
		more := url.Values{}
		for k, val := range form {
			more[k] = val
		}
		more.Set("do", "add_day")
		a := v.post("/regions/dalarna/rounds?course=samtal-och-delaktighet", more)
		a.wants(t, http.StatusOK, "Dag 3", "https://example.org/rum")
		if got := a.fields(); got.Get("days") != "3" || got.Get("days.2.starts") != "09:00" || got.Get("days.0.room") != fmt.Sprint(room) {
			t.Errorf("the form became %v", got)
		}
	})

	t.Run("the other days become like the first, and each can still differ", func(t *testing.T) {
		first := url.Values{"days.0.starts": {"10:00"}, "days.0.ends": {"15:00"}, "days.1.place": {"Någon annanstans"}, "do": {"same_days"}}
		for k, val := range form {
			if first[k] == nil {
				first[k] = val
			}
		}
		who := s.id(`SELECT t.person_id FROM trainer AS t JOIN course AS c ON c.id = t.course_id WHERE t.region_id = 20 AND c.slug = 'samtal-och-delaktighet' ORDER BY t.person_id LIMIT 1`)
		first.Set("days.0.trainer.1", fmt.Sprint(who))
		first.Set("days.1.day", "2027-05-01") // nobody teaches on the first of May
		a := v.post("/regions/dalarna/rounds?course=samtal-och-delaktighet", first)
		a.wants(t, http.StatusOK, `class="clashes day-clashes"`, "första maj")
		if strings.Contains(a.body, "Planera ändå") {
			t.Error("there is something to accept before the plan is sent")
		}
		got := a.fields()
		for field, want := range map[string]string{
			"days.1.starts": "10:00", "days.1.ends": "15:00", "days.1.room": fmt.Sprint(room), "days.1.place": "", "days.1.link": "",
			"days.1.trainer.1": fmt.Sprint(who), "days.1.day": "2027-05-01", "days.0.day": "2027-03-03",
		} {
			if got.Get(field) != want {
				t.Errorf("%s is %q, want %q", field, got.Get(field), want)
			}
		}
		if s.id(`SELECT COUNT(*) FROM round WHERE first_day = '2027-03-03'`) != 0 {
			t.Error("the plan was saved")
		}
	})

	a := v.post("/regions/dalarna/rounds?course=samtal-och-delaktighet", form)
	if a.status != http.StatusSeeOther {
		a.wants(t, http.StatusSeeOther)
		t.Fatal(a.body)
	}
	page := v.get(a.location)
	page.wants(t, http.StatusOK, "våren 2027", "Tunasalen, Röda vägen 50, Borlänge", "Ändra planen", "Kursomgången är planerad")
	id := strings.TrimPrefix(a.location, "/rounds/")

	edit := v.get("/rounds/" + id + "/edit").fields()
	if edit.Get("days.0.day") != "2027-03-03" || edit.Get("days.1.link") != "https://example.org/rum" || edit.Get("version") != "1" {
		t.Errorf("the form to change holds %v", edit)
	}
	t.Run("a day is removed and the capacity changed", func(t *testing.T) {
		edit.Set("capacity", "18")
		edit.Set("days.0.remove", "on")
		if a := v.post("/rounds/"+id+"/edit", edit); a.status != http.StatusSeeOther {
			t.Fatal(a.status, a.body)
		}
		page := v.get("/rounds/" + id)
		page.wants(t, http.StatusOK, "Planen är ändrad", "10\u00a0mars\u00a02027", "Platser", "Kursdag togs bort")
		page.lacks(t, "3\u00a0mars\u00a02027</th>")
	})
	t.Run("the second editor is told and nothing is overwritten", func(t *testing.T) {
		edit.Set("capacity", "21")
		edit.Del("days.0.remove")
		a := v.post("/rounds/"+id+"/edit", edit)
		a.wants(t, http.StatusConflict, "Någon annan ändrade planen", "Sparat nu", "<td", `value="21"`)
		if n := s.id(`SELECT capacity FROM round WHERE id = $1`, id); n != 18 {
			t.Errorf("the capacity is %d", n)
		}
		again := a.fields()
		if again.Get("version") != "2" {
			t.Errorf("the form carries version %s", again.Get("version"))
		}
		if a := v.post("/rounds/"+id+"/edit", again); a.status != http.StatusSeeOther {
			t.Errorf("saved knowingly: %d", a.status)
		}
	})
	t.Run("it is copied to another first day", func(t *testing.T) {
		v.get("/rounds/"+id+"/copy").wants(t, http.StatusOK, "Vilken dag ska kopian börja?")
		v.get("/rounds/"+id+"/copy?first=x").wants(t, http.StatusUnprocessableEntity)
		copied := v.get("/rounds/" + id + "/copy?first=2027-09-01")
		copied.wants(t, http.StatusOK, "hösten 2027")
		form := copied.fields()
		if form.Get("days.0.day") != "2027-09-01" || form.Get("days.1.day") != "2027-09-08" {
			t.Errorf("the copy holds %v", form)
		}
		a := v.post("/rounds/"+id+"/copy?first=2027-09-01", form)
		if a.status != http.StatusSeeOther {
			t.Fatal(a.status, a.body)
		}
		if from := s.id(`SELECT copied_from FROM round WHERE id = $1`, strings.TrimPrefix(a.location, "/rounds/")); fmt.Sprint(from) != id {
			t.Errorf("it is a copy of %d", from)
		}
	})
}

func TestClashesAreShownBeforeSavingAndMayBeAccepted(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	count := func() int64 { return s.id(`SELECT COUNT(*) FROM round`) }
	before := count()
	form := filled(t, v)
	form.Set("days.0.day", "2027-06-25") // midsommarafton
	form.Set("days.1.day", "2027-06-27") // a Sunday
	const to = "/regions/dalarna/rounds?course=samtal-och-delaktighet"
	a := v.post(to, form)
	a.wants(t, http.StatusConflict, "midsommarafton", `name="anyway" value="on">Planera ändå`, `value="2027-06-25"`)
	a.lacks(t, "är på en helg")
	if count() != before {
		t.Fatal("a plan with clashes was saved unseen")
	}
	a.shows(t, http.StatusConflict, "Avgift: 650 kr per deltagare och kursdag, varav 400 kr till utbildarpotten")
	t.Run("a day that has been", func(t *testing.T) {
		past := filled(t, v)
		past.Set("days.0.day", "2026-03-03")
		past.Set("days.1.day", "2026-03-10")
		v.post(to, past).shows(t, http.StatusConflict, "3 mars 2026 har redan varit")
	})
	seen := a.fields()
	t.Run("a tick for other clashes than those shown is not enough", func(t *testing.T) {
		other := url.Values{}
		for k, val := range seen {
			other[k] = val
		}
		other.Set("anyway", "on")
		other.Set("days.1.day", "2027-06-26")
		v.post(to, other).wants(t, http.StatusConflict, "juni 2027")
	})
	seen.Set("anyway", "on")
	if a := v.post(to, seen); a.status != http.StatusSeeOther || count() != before+1 {
		t.Errorf("accepted: status %d", a.status)
	}
	t.Run("a weekend is worth knowing, and no obstacle", func(t *testing.T) {
		weekend := filled(t, v)
		weekend.Set("days.0.day", "2027-06-12") // a Saturday
		weekend.Set("days.1.day", "2027-06-14")
		a := v.post(to, weekend)
		if a.status != http.StatusSeeOther || count() != before+2 {
			t.Fatalf("it is answered with %d", a.status)
		}
		v.get(a.location).wants(t, http.StatusOK, "Tänk på: ", "är på en helg")
	})
}

func TestAWrongPlanComesBackAsItWasTyped(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	const to = "/regions/dalarna/rounds?course=samtal-och-delaktighet"
	somebody := fmt.Sprint(s.id(`SELECT MIN(t.person_id) FROM trainer AS t JOIN organisation AS o ON o.id = t.region_id WHERE o.slug = 'dalarna' AND t.ended_on IS NULL`))
	for name, c := range map[string]struct {
		change map[string]string
		says   string
	}{
		"dates in the wrong order":   {map[string]string{"days.1.day": "2027-03-01"}, "Kursdagen måste vara efter dagen före i listan."},
		"no date":                    {map[string]string{"days.1.day": ""}, "Ange datum för kursdagen."},
		"no date at all":             {map[string]string{"days.1.day": "i mars"}, "href=\"#f-days.1.day\""},
		"a trainer twice in a day":   {map[string]string{"days.0.trainer.0": somebody, "days.0.trainer.1": somebody}, "Samma utbildare finns två gånger samma dag."},
		"capacity below minimum":     {map[string]string{"capacity": "4"}, "href=\"#f-minimum\""},
		"capacity that is no number": {map[string]string{"capacity": "många"}, "Ange antalet platser"},
		"a link that is none":        {map[string]string{"days.0.link": "rummet"}, "Länken ska börja med https://"},
		"a foreign room":             {map[string]string{"days.0.room": "99999"}, "Välj en av regionens lokaler."},
		"no days":                    {map[string]string{"days": "0"}, "Lägg till minst en kursdag."},
	} {
		t.Run(name, func(t *testing.T) {
			form := filled(t, v)
			form.Set("label", "Så skrev jag")
			for k, val := range c.change {
				form.Set(k, val)
			}
			v.post(to, form).wants(t, http.StatusUnprocessableEntity, c.says, "Så skrev jag")
		})
	}
	v.post("/regions/dalarna/rounds", url.Values{}).wants(t, http.StatusUnprocessableEntity)
	v.post("/regions/gavleborg/rounds?course=samtal-och-delaktighet", filled(t, v)).wants(t, http.StatusNotFound)
	s.as("producent@example.org").get("/rounds/new?course=lvu-for-18-20-ar").wants(t, http.StatusOK, "Planera", "Länk till digitalt möte")
}

// sentTo is where the browser is led after sending the form.
func (v *visitor) sentTo(path string, form url.Values) string {
	v.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	v.handler.ServeHTTP(w, r)
	if w.Code != http.StatusSeeOther {
		v.t.Fatalf("sending the form: status %d", w.Code)
	}
	return w.Header().Get("Location")
}

func TestAPlanThatIsShownAgainCanBeReloadedAndGoneBackTo(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	const to = "/regions/dalarna/rounds?course=samtal-och-delaktighet"
	for name, c := range map[string]struct {
		change map[string]string
		status int
		says   []string
	}{
		"another day": {map[string]string{"do": "add_day"}, http.StatusOK, []string{"Dag 3"}},
		"no date":     {map[string]string{"days.1.day": ""}, http.StatusUnprocessableEntity, []string{`href="#f-days.1.day">Kursdag 2: Ange datum för kursdagen.`}},
		"two wrong times of one day": {
			map[string]string{"days.0.starts": "nio", "days.0.ends": "fyra"}, http.StatusUnprocessableEntity,
			[]string{"Kursdag 1, börjar: Skriv tiden", "Kursdag 1, slutar: Skriv tiden"},
		},
		"two dates that are none": {
			map[string]string{"decide_on": "maj", "withdraw_until": "maj"}, http.StatusUnprocessableEntity,
			[]string{`href="#f-decide_on">Bekräfta eller ställ in senast: `, `href="#f-withdraw_until">Sista dag att avboka själv: `},
		},
		"a clash": {map[string]string{"days.1.day": "2027-06-26"}, http.StatusConflict, []string{"1 sak krockar", "midsommardagen", "Planera ändå"}},
	} {
		t.Run(name, func(t *testing.T) {
			form := filled(t, v)
			form.Set("label", "Så skrev jag")
			for k, val := range c.change {
				form.Set(k, val)
			}
			at := v.sentTo(to, form)
			for range 2 {
				v.get(at).wants(t, c.status, append(c.says, "Så skrev jag")...)
			}
			plain := v.get(at[:strings.Index(at, "refused=")-1])
			plain.wants(t, http.StatusOK, "Planera")
			plain.lacks(t, "Så skrev jag")
			s.as("kommunadministrator@example.org").get(at).lacks(t, "Så skrev jag")
		})
	}
	t.Run("a copy without its first day is asked for it", func(t *testing.T) {
		id := s.id(`SELECT MAX(id) FROM round WHERE region_id = (SELECT id FROM organisation WHERE slug = 'dalarna')`)
		v.post(path("/rounds/%d/copy", id), filled(t, v)).wants(t, http.StatusUnprocessableEntity, "Vilken dag ska kopian börja?")
	})
}

func TestTheYearOnOnePage(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	for name, c := range map[string]struct {
		query        string
		says, hushes []string
	}{
		"next year in the autumn":   {"", []string{"Hela 2027", "omgångar saknas"}, nil},
		"a year":                    {"?year=2026", []string{"Handläggning av LVU", "rounds/new?course=handlaggning-av-lvu", "Sal Runn", "Jan<", "Dec<"}, nil},
		"a term has its months":     {"?year=2026&term=ht", []string{"Sep<"}, []string{"Mars</th>", `data-label="Mars"`}},
		"sorted by what is missing": {"?year=2026&sort=missing", []string{`aria-sort="ascending"`, "sort=-missing"}, nil},
		"nonsense does no harm":     {"?year=x&term=x&sort=-x", []string{"Planering i Dalarna"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			a := v.get("/regions/dalarna/plan" + c.query)
			a.wants(t, http.StatusOK, c.says...)
			a.lacks(t, c.hushes...)
		})
	}
}

func TestRoomsAreKept(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	v.get("/regions/dalarna/rooms?year=2026").wants(t, http.StatusOK, "Sal Runn", "Kostnad 2026", "hörslinga")
	form := url.Values{"name": {"Aulan"}, "address": {"Skolgatan 1, Mora"}, "seats": {"x"}, "cost": {"1 500"}}
	v.post("/regions/dalarna/rooms", form).wants(t, http.StatusUnprocessableEntity, "Ange antalet platser", "Skolgatan 1, Mora")
	form.Set("seats", "40")
	if a := v.post("/regions/dalarna/rooms", form); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	v.get("/regions/dalarna/rooms").wants(t, http.StatusOK, "Aulan", "1\u00a0500\u00a0kr")
	aula := s.id(`SELECT id FROM room WHERE name = 'Aulan'`)
	v.get(path("/rooms/%d", aula)).wants(t, http.StatusOK, `value="1500"`)
	form.Set("cost", "1250,50")
	if a := v.post(path("/rooms/%d", aula), form); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	v.get(path("/rooms/%d", aula)).wants(t, http.StatusOK, `value="1250,50"`)
	runn := s.id(`SELECT id FROM room WHERE name = 'Sal Runn'`)
	form = url.Values{"name": {"Runn stora"}, "address": {"Myntgatan 45, Falun"}, "seats": {"30"}, "closed_on": {"2027-01-01"}}
	if a := v.post(path("/rooms/%d", runn), form); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	v.get("/regions/dalarna/rooms").wants(t, http.StatusOK, "Runn stora", "stängd från 1")
	ahead := s.id(`SELECT COUNT(*) FROM course_day WHERE room_id = $1 AND day >= $2 AND place <> 'Runn stora, Myntgatan 45, Falun'`, runn, clock.Date(2026, 11, 23))
	behind := s.id(`SELECT COUNT(*) FROM course_day WHERE room_id = $1 AND place LIKE 'Sal Runn%'`, runn)
	if ahead != 0 || behind == 0 {
		t.Errorf("%d days ahead have the old name, %d behind them", ahead, behind)
	}
	s.as("kommunadministrator@example.org").get(path("/rooms/%d", runn)).wants(t, http.StatusNotFound)
}

func TestNeedsAreToldAndOrdered(t *testing.T) {
	s := newSite(t)
	me := s.as(employee)
	id := s.id(`SELECT MIN(n.round_id) FROM enrolment AS n JOIN person AS p ON p.id = n.person_id JOIN round AS r ON r.id = n.round_id
		WHERE p.email = $1 AND n.withdrawn_at IS NULL AND r.last_day >= '2026-11-23'`, employee)
	needs := path("/rounds/%d/needs", id)
	me.get(path("/rounds/%d", id)).wants(t, http.StatusOK, "Kost och behov")
	me.get(needs).wants(t, http.StatusOK, "raderas 30 dagar efter")
	form := url.Values{"diet": {"vegan", "halal"}, "other": {"Inget stark mat"}, "access": {"Plats för rullstol"}}
	if a := me.post(needs, form); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	me.get(needs).wants(t, http.StatusOK, "Inget stark mat", "Plats för rullstol", `value="vegan" checked`)
	form.Set("other", strings.Repeat("x", 400))
	me.post(needs, form).wants(t, http.StatusUnprocessableEntity, "xxxx")
	me.get(path("/rounds/%d/catering", id)).wants(t, http.StatusNotFound)

	admin := s.as(regional)
	catering := path("/rounds/%d/catering", id)
	page := admin.get(catering)
	page.wants(t, http.StatusOK, "Inget stark mat", "Plats för rullstol", "halal", "Förmiddagsfika till")
	order := page.fields()
	day := s.id(`SELECT MIN(id) FROM course_day WHERE round_id = $1`, id)
	order.Set(fmt.Sprintf("ordered_%d", day), "on")
	if a := admin.post(catering, order); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	admin.get(catering).wants(t, http.StatusOK, "Beställt av ")
	for _, name := range []string{"morning", "afternoon", "lunch", "note"} {
		order.Del(fmt.Sprintf("%s_%d", name, day))
	}
	admin.post(catering, order).wants(t, http.StatusUnprocessableEntity, ": Kryssa i vad som är beställt.")

	t.Run("a trainer sees totals without names", func(t *testing.T) {
		name := s.id(`SELECT MIN(t.person_id) FROM day_trainer AS t JOIN course_day AS d ON d.id = t.course_day_id WHERE d.round_id = $1`, id)
		s.holds(s.person(teacher), name, s.ids(`SELECT id FROM course_day WHERE round_id = $1`, id)...)
		a := s.as(teacher).get(catering)
		a.wants(t, http.StatusOK, "Vegansk", "Du ser antalen")
		a.lacks(t, "rullstol", "Vem behöver vad")
	})
}

func TestAPlanThatIsDeletedLeavesNoTrace(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	seen := func() map[string]string {
		all := map[string]string{}
		for _, page := range []string{
			"/rounds", "/rounds?phase=cancelled", "/regions/dalarna/plan?year=2027", "/regions/dalarna/demand", "/regions/dalarna/trainers",
			"/regions/dalarna/pot?year=2026", "/regions/dalarna/figures", "/search?q=samtal",
		} {
			got := v.get(page)
			if got.status != http.StatusOK {
				t.Errorf("%s: %d", page, got.status)
			}
			all[page] = got.body
		}
		return all
	}
	before := seen()
	form := filled(t, v)
	form.Set("label", "Prövas och tas bort")
	v.post("/regions/dalarna/rounds?course=samtal-och-delaktighet", form).wants(t, http.StatusSeeOther)
	round := s.id(`SELECT id FROM round WHERE label = 'Prövas och tas bort'`)
	page := fmt.Sprintf("/rounds/%d", round)
	shown := v.get(page)
	shown.wants(t, http.StatusOK, "Ta bort planen?", "2 planerade dagar försvinner")
	if strings.Contains(shown.body, "Ställ in kursomgången") {
		t.Error("a plan that nobody knows of can be called off")
	}
	if after := seen(); after["/regions/dalarna/plan?year=2027"] == before["/regions/dalarna/plan?year=2027"] {
		t.Error("the plan is not on the year's page: this test sees nothing")
	}
	gone := v.post(page+"/deletion", url.Values{})
	gone.wants(t, http.StatusSeeOther)
	if to := gone.location; !strings.HasPrefix(to, "/regions/dalarna/plan?year=2027") {
		t.Errorf("sent on to %s", to)
	}
	v.get(gone.location).wants(t, http.StatusOK, "Planen är borttagen.")
	for page, body := range seen() {
		if body != before[page] {
			t.Errorf("%s is another page than before there was the plan", page)
		}
	}
	v.get(page).wants(t, http.StatusNotFound)
}
