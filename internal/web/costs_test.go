package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
)

func TestWhatDaysCostIsWrittenAndSummed(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	id := s.id(`SELECT MAX(r.id) FROM round AS r WHERE r.region_id = 20 AND r.municipality_id IS NULL AND r.cancelled_at IS NULL AND r.last_day BETWEEN '2026-01-01' AND '2026-11-01'
		AND (SELECT COUNT(*) FROM course_day AS d WHERE d.round_id = r.id) = 2`)
	days := s.ids(`SELECT id FROM course_day WHERE round_id = $1 ORDER BY ordinal`, id)
	page := fmt.Sprintf("/rounds/%d", id)
	v.get(page).wants(t, http.StatusOK, page+"/costs", "Känt för 0 av 2 dagar", "Okänt")
	field := func(day int, kind string) string { return fmt.Sprintf("cost.%d.%s", days[day], kind) }

	wrong := v.post(page+"/costs", url.Values{field(0, "room"): {"mycket"}, field(1, "lunch"): {"200"}})
	wrong.shows(t, http.StatusUnprocessableEntity, "Skriv ett belopp i kronor", `value="mycket"`, `value="200"`)
	saved := v.post(page+"/costs", url.Values{field(0, "room"): {"4 500"}, field(0, "lunch"): {"0"}, field(1, "refreshments"): {"312,50"}})
	saved.wants(t, http.StatusSeeOther)
	v.get(saved.location).wants(t, http.StatusOK, "3 kostnader är sparade.", "Skrivet 3 gånger", "Linnea Östermyr", `value="312.50"`, `value="0"`)
	v.get(page).wants(t, http.StatusOK, "4\u00a0500\u00a0kr", "Känt för 1 av 2 dagar", "Känt för 0 av 2 dagar")

	year := "/regions/dalarna/invoice-basis?year=2026"
	v.get(year).wants(t, http.StatusOK, "Vad kursdagarna kostade", "4\u00a0500\u00a0kr", page+"/costs")
	for _, other := range []string{"styrgrupp@example.org", aTrainer, "kommunadministrator@example.org"} {
		o := s.as(other)
		for _, p := range []string{year, page} {
			o.get(p).lacks(t, "kursdagarna kostade", "Kostnader för kursdagarna", "/costs")
		}
	}
}
