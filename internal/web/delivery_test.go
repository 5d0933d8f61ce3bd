package web_test

import (
	"net/url"
	"strconv"
	"testing"
)

// A region's choice is made on a page, and shown where rounds are planned and on the
// course's page.
func TestHowCoursesAreGivenIsChosen(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	const page = "/regions/dalarna/deliveries"
	course := strconv.FormatInt(s.id(`SELECT id FROM course WHERE slug = 'bas-2'`), 10)
	v.get("/regions/dalarna/plan").says(t, 200, `href="`+page+`"`)
	v.get(page).says(t, 200, "Hur kurserna ges", "BAS 2", "Vanligtvis")
	v.post(page, url.Values{"course": {course}, "delivery": {"moon"}, "from": {"2026-11-23"}}).says(t, 422, "Välj hur kursen ges")
	v.post(page, url.Values{"course": {course}, "delivery": {"national"}, "from": {"2026-11-22"}}).says(t, 422, "Välj i dag eller en senare dag", `value="2026-11-22"`)
	v.post(page, url.Values{"course": {course}, "delivery": {"web"}, "from": {"2027-02-01"}}).leads(t, page)
	v.get(page).says(t, 200, "På webben från 1 februari 2027")
	v.post(page, url.Values{"course": {course}, "delivery": {"national"}, "from": {"2026-11-23"}}).leads(t, page)
	v.get("/regions/dalarna/rounds/new").says(t, 200, "– Nationellt")
	s.as(employee).get("/courses/bas-2").says(t, 200, "I Dalarna ges kursen nationellt.")
}
