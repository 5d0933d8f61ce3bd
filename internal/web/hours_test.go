package web_test

import (
	"context"
	"net/http"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/affiliation"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// A unit that came along from another municipality empties no list, and the region chooses among those whose names it sees.
func TestHoursAreChosenByMunicipalityAndUnit(t *testing.T) {
	s := newSite(t)
	region := s.as("regional@example.org")
	one := s.id(`SELECT MIN(s.employer_id) FROM study_time AS s JOIN organisation AS m ON m.id = s.employer_id AND m.kind = 'municipality' JOIN organisation AS r ON r.id = m.region_id WHERE r.slug = 'dalarna'`)
	unit := s.text(`SELECT CAST(MIN(id) AS TEXT) FROM organisation WHERE kind = 'unit' AND municipality_id <> $1`, one)
	name := s.text(`SELECT TRIM(p.given_name || ' ' || p.family_name) FROM person AS p WHERE p.id = (SELECT MIN(person_id) FROM study_time WHERE employer_id = $1)`, one)
	id := s.text(`SELECT CAST(id AS TEXT) FROM organisation WHERE id = $1`, one)
	page := "/study-time/hours?from=2026-01-01&until=2027-06-30&municipality=" + id
	for _, more := range []string{"", "&unit=" + unit} {
		region.get(page+more).wants(t, http.StatusOK, name)
	}
	choice := `<option value="` + id + `"`
	region.get("/study-time/hours").wants(t, http.StatusOK, choice)
	s.write(func(ctx context.Context, tx *db.Tx) error {
		return affiliation.Say(ctx, tx, access.System(), one, affiliation.Names, false, clock.Period{From: demoNow.Day()}, demoNow)
	})
	region.get("/study-time/hours").lacks(t, choice)
}
