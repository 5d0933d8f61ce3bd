package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// sendTo sends the form and gives the address where it is shown again.
func (v *visitor) sendTo(path string, form url.Values) string {
	v.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	v.handler.ServeHTTP(w, r)
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.Contains(to, "refused=") {
		v.t.Fatalf("%s answers %d and leads to %q", path, w.Code, to)
	}
	return to
}

func TestARefusedEvaluationIsThereWhenOneGoesBackOrReloads(t *testing.T) {
	s := newSite(t)
	v := s.as(employee)
	const page = "/my/evaluations/utsatthet-och-vald"
	again := v.sendTo(page, url.Values{"text": {"Bra exempel"}})
	for range 2 {
		v.get(again).wants(t, http.StatusUnprocessableEntity, "Fel:", "Välj hur nöjd du är", ">Bra exempel</textarea>")
	}
	v.get(page).wants(t, http.StatusOK, "Hur nöjd är du med kursen som helhet?")
	v.get(page).lacks(t, "finns inte kvar")
	v.get(page+"?refused=for-lange-sedan").wants(t, http.StatusOK, "Det du skrev sparades inte och finns inte kvar.")
	v.get(page).lacks(t, "Fel:", "Bra exempel")
	if a := v.post(page, url.Values{"grade": {"fairly_satisfied"}}); a.status != http.StatusSeeOther {
		t.Fatalf("status %d", a.status)
	}
	v.get(again).wants(t, http.StatusOK, "Tack för ditt svar")
	twice := v.sendTo(page, url.Values{"grade": {"neither"}})
	v.get(twice).wants(t, http.StatusConflict, "Du har redan svarat")
}

func TestWhatTwoProducersWroteIsComparedWhenItIsShown(t *testing.T) {
	s := withFiles(t)
	first, second := s.as(producer), s.as(national)
	const task = "/workshop/bas-3/tasks/valkommen"
	write := func(v *visitor, form url.Values, title string) {
		t.Helper()
		v.post(task, typed(form, "phase", "preparation", "title.sv", title, "text.sv", "Hej")).wants(t, http.StatusSeeOther)
	}
	theirs := second.hidden(task)
	write(first, first.hidden(task), "Första ordet")
	again := second.sendTo(task, typed(theirs, "phase", "preparation", "title.sv", "Andra ordet", "text.sv", "Hej"))
	second.get(again).wants(t, http.StatusConflict, "Någon annan sparade samma del", ">Första ordet<", "Andra ordet")
	write(first, first.hidden(task), "Tredje ordet")
	shown := second.get(again)
	shown.wants(t, http.StatusConflict, ">Tredje ordet<", `value="Andra ordet"`)
	shown.lacks(t, "Första ordet")
	write(second, hiddenIn(shown), "Andra ordet")

	// Rows that were asked for are there after a reload, once.
	one := "/workshop/bas-3/tasks"
	second.bring(one+"?kind=quiz", part{name: "phase", content: "follow_up"}, part{name: "title.sv", content: "Prova"}).wants(t, http.StatusSeeOther)
	rows := second.sendTo(one+"/prova/questions/new?kind=one", url.Values{"text.sv": {"Vilket?"}, "do": {"more"}, "rows": {"4"}})
	for range 2 {
		a := second.get(rows)
		a.wants(t, http.StatusOK, "Svarsalternativ 6", "Vilket?")
		a.lacks(t, "Svarsalternativ 7", "Fel:")
	}
	second.post(one+"/prova/questions/new?kind=match", url.Values{
		"text.sv": {"Para ihop"}, "rows": {"4"}, "option.0.text.en": {"One"}, "option.2.text.en": {"Two"},
	}).wants(t, http.StatusUnprocessableEntity, "Svarsalternativ 1: skriv det på svenska.", "Svarsalternativ 3: skriv det på svenska.", "Svarsalternativ 3: skriv på svenska vad det hör ihop med.")
	second.post("/workshop/bas-3/about", typed(second.hidden("/workshop/bas-3/about"), "preparation_days", "x", "follow_up_days", "y")).
		wants(t, http.StatusUnprocessableEntity, "första kursdagen: Skriv ett helt tal", "sista kursdagen: Skriv ett helt tal", "Förberedelse: välj om", "Fördjupning: välj om")
}

func TestGroupsThatWereChangedAreThereAfterAReload(t *testing.T) {
	s := newSite(t)
	v := s.as(municipal)
	plan := fmt.Sprintf("/plans/%d", s.id(`SELECT p.id FROM rollout AS p JOIN organisation AS m ON m.id = p.municipality_id WHERE m.slug = 'borlange'`))
	sent := sheet(v.get(plan + "/groups?by=mix&size=15&starts=09:00&ends=16:00&place=Tunasalen").body)
	sent["move"], sent["to"], sent["do"] = groupsOf(sent)[0][:1], []string{"1"}, []string{"move"}
	moved := v.sendTo(plan+"/groups", sent)
	for range 2 {
		a := v.get(moved)
		a.wants(t, http.StatusOK, "1 person är flyttad till grupp 2")
		if g := groupsOf(sheet(a.body)); g[1][len(g[1])-1] != sent.Get("move") {
			t.Errorf("group 2 is %v", g[1])
		}
	}
	for i := range 2 {
		sent.Set(fmt.Sprintf("groups.%d.days.0.day", i), "")
	}
	sent.Set("do", "save")
	again := v.sendTo(plan+"/groups", sent)
	v.get(again).wants(t, http.StatusUnprocessableEntity, "Grupp 1: Skriv en dag som inte har varit", "Grupp 2: Skriv en dag som inte har varit")
	v.get(plan+"/groups").wants(t, http.StatusOK, "Hur ska de delas in?")
	sent.Set("groups.0.people", "999999")
	v.post(plan+"/groups", sent).wants(t, http.StatusConflict, "Något har ändrats sedan grupperna gjordes", "Hur ska de delas in?")
}

func TestASummaryTellsWhichOfTwoDaysIsWrong(t *testing.T) {
	s := newSite(t)
	v := s.as(aTrainer)
	again := v.sendTo("/my/absences", url.Values{"note": {"Fjällen"}})
	v.get(again).wants(t, http.StatusUnprocessableEntity, "Första dagen: Skriv ett datum", "Sista dagen: Skriv ett datum", `value="Fjällen"`)
	v.get("/my/absences").wants(t, http.StatusOK, "Mina kursdagar")
	s.nobody().get(again).lacks(t, "Fjällen")
}

func TestWhatSomebodyElseWroteInTheSameBrowserIsNotShown(t *testing.T) {
	s := newSite(t)
	s.lessonIn("kurs", 0)
	v := s.as(employee)
	const path = "/courses/kurs/tasks/tanke/progress"
	again := v.sendTo(path, url.Values{"person": {"1"}, "answer": {"Min hemlighet"}})
	a := v.get(again)
	a.wants(t, http.StatusConflict, "Någon annan har loggat in")
	a.lacks(t, "Min hemlighet")
	v.get(path).wants(t, http.StatusOK, "Tänk efter")
	s.nobody().get(path).wants(t, http.StatusSeeOther)
	empty := v.sendTo(path, url.Values{"answer": {" "}, "shared": {"on"}, "done": {"yes"}})
	for range 2 {
		v.get(empty).wants(t, http.StatusUnprocessableEntity, "Fel:", `name="shared" checked`)
	}
}
