package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// refused sends a form that is not accepted, and is the address that shows it again.
func (v *visitor) refused(t *testing.T, path string, form url.Values) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	v.handler.ServeHTTP(w, r)
	if to := w.Header().Get("Location"); w.Code == http.StatusSeeOther && strings.HasPrefix(to, path+"?refused=") {
		return to
	}
	t.Fatalf("%s answers %d, to %q", path, w.Code, w.Header().Get("Location"))
	return ""
}

func TestRefusedFormsOfARoundAreThereAfterAReload(t *testing.T) {
	s := newSite(t)
	admin, me, chef := s.as(regional), s.as(learner), s.as(chief)
	held, open := path("/rounds/%d", s.roundWhere(isUnapproved)), path("/rounds/%d", s.comingRound("uppdrag-och-ansvar"))
	closed := path("/rounds/%d", s.comingRound("utsatthet-och-vald"))
	seat := s.id(`SELECT MIN(id) FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NULL`, s.comingRound("uppdrag-och-ansvar"))
	staff := s.ids(`SELECT person_id FROM employment WHERE organisation_id = $1 AND to_day IS NULL ORDER BY person_id LIMIT 2`, chiefsUnit(s))
	stranger := s.id(`SELECT MIN(person_id) FROM employment WHERE organisation_id <> $1 AND to_day IS NULL`, chiefsUnit(s))
	_, day := waitingOccasion(s)
	chef.post(path("/days/%d/everybody", day), nil)
	s.approves(true)
	if a := me.post(open+"/enrolments", url.Values{"person": {fmt.Sprint(s.person(learner))}}); a.status != http.StatusSeeOther {
		t.Fatalf("asking for a seat: %d", a.status)
	}
	entry := s.id(`SELECT MAX(id) FROM queue_entry WHERE person_id = $1`, s.person(learner))

	for name, c := range map[string]struct {
		who    *visitor
		path   string
		form   url.Values
		status int
		says   []string
		plain  int // of the address without the form
	}{
		"an approval":    {admin, held + "/approvals", url.Values{"on": {"i går"}, "approve": {"1"}}, 422, []string{`value="i går"`, "Skriv ett datum"}, 200},
		"a cancellation": {admin, open + "/cancellation", url.Values{"reason": {"Kvarskrivet"}}, 422, []string{"Kvarskrivet", "Välj varför"}, 200},
		"seats set aside": {admin, open + "/quotas", url.Values{"seats": {"77"}, "release_on": {"snart"}}, 422,
			[]string{`value="77"`, `value="snart"`, `id="f-release_on-error"`}, 200},
		"a publication twice":   {admin, open + "/publication", nil, 409, []string{"redan publicerad"}, 200},
		"nobody to sign up":     {chef, open + "/enrolments", url.Values{}, 422, []string{"Välj minst en person"}, 200},
		"a seat in what closed": {me, closed + "/enrolments", url.Values{"person": {fmt.Sprint(s.person(learner))}}, 409, []string{"Anmälan är inte öppen", "Anmälan stängde"}, 200},
		"those who could not be signed up": {chef, open + "/enrolments", url.Values{"person": {fmt.Sprint(staff[0]), fmt.Sprint(stranger)}}, 200,
			[]string{"1 kunde inte anmälas. De andra är anmälda.", "En person: "}, 200},
		"a place in the queue that is no offer": {me, path("/queue/%d/acceptance", entry), nil, 409, []string{"Din chef har inte svarat än"}, 200},
		"a refusal without a reason":            {chef, path("/queue/%d/refusal", entry), url.Values{path("reason_%d", entry): {" "}}, 422, []string{"Skriv varför"}, 200},
		"a replacement by nobody":               {admin, path("/enrolments/%d/replacement", seat), url.Values{"q": {"a"}}, 422, []string{`id="f-person-error"`, `name="q" value="a"`}, 200},
		"a wish for nobody":                     {chef, "/courses/utsatthet-och-vald/interests", url.Values{}, 422, []string{"Välj minst en person"}, 200},
		"one's own word":                        {me, path("/days/%d/own-word/removal", day), nil, 409, []string{"redan bekräftad"}, 200},
		"a unit without a name":                 {admin, "/municipalities/falun/units", url.Values{"name": {strings.Repeat("x", 101)}}, 422, []string{strings.Repeat("x", 101), `id="f-name-error"`}, 200},
		"a setting that is none": {admin, "/municipalities/falun/sign-up", url.Values{}, 422,
			[]string{`id="f-manager_approves-error"`, `value="yes" checked`}, 200},
		"a scan too late": {me, path("/check-in/%d", s.today()), url.Values{"code": {"AAAA"}}, 409, []string{"Koden gäller inte längre"}, 303},
	} {
		t.Run(name, func(t *testing.T) {
			address := c.who.refused(t, c.path, c.form)
			for range 2 {
				c.who.get(address).wants(t, c.status, c.says...)
			}
			plain := c.who.get(c.path)
			if plain.status != c.plain || c.status != http.StatusOK && strings.Contains(plain.body, "<title>Fel:") || strings.Contains(plain.body, "kunde inte anmälas") {
				t.Errorf("without the form: status %d", plain.status)
			}
		})
	}
}

func TestATouchOfARefusedListIsThereAfterAReload(t *testing.T) {
	s := newSite(t)
	v, day := s.as(teacher), s.today()
	seats, form := s.seats(day), s.allThere(day)
	form.Set(path("mark_%d", seats[0]), "late")
	form.Del(path("mark_%d", seats[1]))
	address := v.refused(t, path("/days/%d/attendance", day), form)
	v.get(address).wants(t, http.StatusUnprocessableEntity, "Välj närvaro för", `value="late" checked`)
	person := s.id(`SELECT id FROM person WHERE email = $1`, teacher)
	touch := map[string]any{"person": person, "sent": 1, "marks": []map[string]any{{"key": "k", "enrolment": seats[0], "mark": "absent", "at": 1}}}
	if status, answer := v.send(day, touch); status != http.StatusOK {
		t.Fatalf("status %d: %v", status, answer)
	}
	a := v.get(address)
	a.wants(t, http.StatusUnprocessableEntity, `value="absent" checked`)
	a.lacks(t, `value="late" checked`)
}

func TestTwoReasonsThatAreTooLongAreToldApart(t *testing.T) {
	s := newSite(t)
	day := s.today()
	form := s.allThere(day)
	for _, seat := range s.seats(day)[:2] {
		form.Set(path("mark_%d", seat), "late")
		form.Set(path("reason_%d", seat), strings.Repeat("x", 501))
	}
	a := s.as(teacher).post(path("/days/%d/attendance", day), form)
	a.wants(t, http.StatusUnprocessableEntity, "2 saker behöver rättas")
	lines := map[string]bool{}
	for _, part := range strings.Split(a.body, "Skälet för ")[1:] {
		lines[part[:strings.Index(part, " är för långt")]] = true
	}
	if len(lines) != 2 {
		t.Errorf("the reasons are those of %v", lines)
	}
}
