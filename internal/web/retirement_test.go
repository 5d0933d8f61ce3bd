package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/db"
)

const talks = "/workshop/samtal-och-delaktighet" // with people under way and rounds to come

// Whatever ends today, no page, file or report of the time before changes by a digit, nor
// does the report of the year in which it ends.
func TestFiguresOfTheTimeBeforeDoNotChangeWhenCoursesEnd(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	v := s.as(regional)
	paths := []string{
		"/regions/dalarna/figures?day=2025-12-31", "/regions/dalarna/figures.csv?day=2025-12-31", "/regions/dalarna/figures?day=2026-06-30",
	}
	for _, year := range []int{2025, 2026} {
		for _, path := range []string{"annual-report.json", "annual-report.txt", "annual-report", "invoice-basis", "invoice-basis.csv", "pot", "pot.csv"} {
			paths = append(paths, fmt.Sprintf("/regions/dalarna/%s?year=%d", path, year))
		}
	}
	before := map[string]string{}
	for _, path := range paths {
		a := v.get(path)
		a.wants(t, http.StatusOK)
		before[path] = a.body
	}
	courses, err := catalogue.AllCourses(ctx, s.db.Reader())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.db.Write(ctx, func(tx *db.Tx) error {
		for _, c := range courses {
			if r, err := lifetime.RetirementOf(ctx, tx, c.ID); err != nil || r == nil && lifetime.Retire(ctx, tx, access.System(), c.ID, demoNow.Day(), "Ersätts", demoNow) != nil {
				return fmt.Errorf("%s: %w", c.Slug, err)
			}
			editions, err := catalogue.Editions(ctx, tx, c.ID)
			if err != nil {
				return err
			}
			withdrawn, err := lifetime.Withdrawals(ctx, tx, c.ID)
			if err != nil {
				return err
			}
			for _, e := range editions {
				if lifetime.WithdrawalOf(withdrawn, e.ID) == nil {
					if err := lifetime.Withdraw(ctx, tx, access.System(), e.ID, "Fel", demoNow); err != nil {
						return err
					}
				}
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if after := v.get(path).body; after != before[path] {
			t.Errorf("%s has changed by the end of courses%s", path, firstDifference(before[path], after))
		}
	}
}

// firstDifference is where two texts part.
func firstDifference(a, b string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return ": …" + a[max(0, i-60):min(len(a), i+60)] + "… became …" + b[max(0, i-60):min(len(b), i+60)] + "…"
		}
	}
	return fmt.Sprintf(": %d bytes became %d", len(a), len(b))
}

func TestACourseIsRetiredAfterItIsSeenWhatThatTouches(t *testing.T) {
	s := newSite(t)
	v, today := s.as(producer), demoNow.Day()
	round := s.id(`SELECT r.id FROM round AS r JOIN course AS c ON c.id = r.course_id WHERE c.slug = 'samtal-och-delaktighet' AND r.region_id = 20 AND r.first_day > '2026-12-31' AND r.published_at IS NOT NULL`)
	days := s.id(`SELECT COUNT(*) FROM course_day AS d JOIN round AS r ON r.id = d.round_id JOIN course AS c ON c.id = r.course_id
		WHERE c.slug = 'samtal-och-delaktighet' AND r.published_at IS NOT NULL AND r.cancelled_at IS NULL AND d.day >= $1`, today)
	v.get(talks).wants(t, http.StatusOK, `href="`+talks+`/retirement"`)
	v.get(talks+"/retirement").wants(t, http.StatusOK, "Välj från vilken dag", "utan sista dag")
	v.get(talks+"/retirement?from=2020-01-01").wants(t, http.StatusOK, "Välj i dag eller en senare dag")
	page := v.get(talks + "/retirement?from=" + today.String())
	page.wants(t, http.StatusOK, "Publicerade kursomgångar", "Omgångarna ställs inte in", "Dalarna", "Uppsala")
	if got := regexp.MustCompile(`(?s)Kursdagar</dt>\s*<dd[^>]*>\s*(\d+)`).FindStringSubmatch(page.body); got == nil || got[1] != fmt.Sprint(days) {
		t.Errorf("of %d days the page says %v", days, got)
	}
	// The national owner may open the rounds; the producer sees their numbers alone.
	link := fmt.Sprintf(`href="/rounds/%d"`, round)
	page.lacks(t, link)
	s.as("nationell@example.org").get(talks+"/retirement?from="+today.String()).wants(t, http.StatusOK, link)

	v.post(talks+"/retirement", url.Values{"from": {today.String()}}).wants(t, http.StatusUnprocessableEntity, "Skriv varför", "Omgångarna ställs inte in")
	v.post(talks+"/retirement", url.Values{"from": {"2020-01-01"}, "reason": {"Ersätts"}}).wants(t, http.StatusUnprocessableEntity, "Välj i dag eller en senare dag")
	learner := s.as(employee)
	learner.get("/my/journey").wants(t, http.StatusOK, "2 av 6")
	v.post(talks+"/retirement", url.Values{"from": {today.String()}, "reason": {"Ersätts av två webbkurser"}}).wants(t, http.StatusSeeOther)
	v.get(talks).wants(t, http.StatusOK, "Avvecklad sedan", "Ersätts av två webbkurser", "Det som är utlovat hålls")
	v.get("/workshop").wants(t, http.StatusOK, "Avvecklad sedan")

	// Where the course is met, its end is said in words.
	learner.get("/courses/samtal-och-delaktighet").wants(t, http.StatusOK, "Avvecklad sedan", "Ersätts av två webbkurser.", "Du har kvar din plats")
	learner.get("/my/journey").wants(t, http.StatusOK, "2 av 5")
	s.as(regional).get(fmt.Sprintf("/rounds/%d", round)).wants(t, http.StatusOK, "Avvecklad sedan", "Omgången hålls")
	s.as(regional).get(fmt.Sprintf("/rounds/%d", round)).lacks(t, "Anmäl deltagare")
	s.as(regional).get("/regions/dalarna/plan?year=2027").wants(t, http.StatusOK, "Avvecklad sedan")
	s.as(regional).get("/regions/dalarna/demand").lacks(t, ">Samtal och delaktighet<")
	s.as(regional).get("/regions/dalarna/rounds/new").lacks(t, `value="samtal-och-delaktighet"`)
	s.as(manager).get("/my/staff?journey="+fmt.Sprint(s.id(`SELECT id FROM journey WHERE slug = 'barn-och-unga'`))).wants(t, http.StatusOK, "Avvecklad sedan", "Ingen saknar kursen längre")
	if n := s.id(`SELECT id FROM course WHERE slug = 'samtal-och-delaktighet'`); strings.Contains(s.as(manager).get("/my/staff").body, fmt.Sprintf("course=%d", n)) {
		t.Error("a manager is asked to sign up for a retired course")
	}

	v.get(talks+"/retirement").wants(t, http.StatusOK, "Ta upp kursen igen")
	v.post(talks+"/retirement", url.Values{"from": {today.String()}, "reason": {"Igen"}}).wants(t, http.StatusConflict)
	v.post(talks+"/retirement/removal", nil).wants(t, http.StatusSeeOther)
	v.post(talks+"/retirement/removal", nil).wants(t, http.StatusConflict, "Kursen är inte avvecklad")
	learner.get("/my/journey").wants(t, http.StatusOK, "2 av 6")
	learner.get("/courses/samtal-och-delaktighet").lacks(t, "Avvecklad")
}

func TestAnEditionIsWithdrawnAndThoseUnderWayAreToldWhy(t *testing.T) {
	s := newSite(t)
	v, learner := s.as(producer), s.as(employee)
	path := talks + "/editions/2"
	v.get(path).wants(t, http.StatusOK, `href="`+path+`/withdrawal"`)
	page := v.get(path + "/withdrawal")
	page.wants(t, http.StatusOK, "Dra tillbaka utgåva 2", "kan göra klart", "Nya deltagare får")
	v.post(path+"/withdrawal", url.Values{"reason": {" "}}).wants(t, http.StatusUnprocessableEntity, "Skriv varför")
	v.post(path+"/withdrawal", url.Values{"reason": {"Frågan om sekretess hade fel svar"}}).wants(t, http.StatusSeeOther)
	v.get(talks).wants(t, http.StatusOK, "Tillbakadragen", "Ingen ny börjar i den")
	v.get("/workshop").wants(t, http.StatusOK, "Tillbakadragen")
	told := learner.get("/courses/samtal-och-delaktighet")
	told.wants(t, http.StatusOK, "Utgåva 2 har dragits tillbaka", "Frågan om sekretess hade fel svar.", "du kan göra klart", "Förbered samtalet")
	v.post(path+"/withdrawal", url.Values{"reason": {"Igen"}}).wants(t, http.StatusConflict)
	v.post(path+"/reinstatement", nil).wants(t, http.StatusSeeOther)
	v.post(path+"/reinstatement", nil).wants(t, http.StatusConflict, "Utgåvan är inte tillbakadragen")
	if body := learner.get("/courses/samtal-och-delaktighet").body; strings.Contains(body, "dragits tillbaka") {
		t.Error("an edition that stands again is said to be withdrawn")
	}
}

// A web course without an edition that stands is offered to nobody, and says so.
func TestAWebCourseWithoutAnEditionSaysSo(t *testing.T) {
	s := newSite(t)
	v := s.as(producer)
	for n := s.id(`SELECT COUNT(*) FROM edition AS e JOIN course AS c ON c.id = e.course_id WHERE c.slug = 'utreda-tillsammans'`); n > 0; n-- {
		v.post(fmt.Sprintf("/workshop/utreda-tillsammans/editions/%d/withdrawal", n), url.Values{"reason": {"Fel"}}).wants(t, http.StatusSeeOther)
	}
	v.get("/workshop/utreda-tillsammans/editions/1/withdrawal").wants(t, http.StatusOK, "Webbkursen erbjuds inte")
	me := s.as(employee)
	me.get("/courses/utreda-tillsammans").wants(t, http.StatusOK, "Kursens uppgifter har dragits tillbaka", "Kursen kan inte tas just nu")
}
