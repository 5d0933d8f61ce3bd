package web_test

import (
	"encoding/csv"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// sheet is the CSV file at the path, its head first.
func (v *visitor) sheet(path string) [][]string {
	v.t.Helper()
	a := v.get(path)
	if a.status != 200 {
		v.t.Fatalf("%s: status %d", path, a.status)
	}
	text, marked := strings.CutPrefix(a.body, "\ufeff")
	if !marked || !strings.HasPrefix(a.header.Get("Content-Disposition"), `attachment; filename="`) || !strings.HasSuffix(a.header.Get("Content-Disposition"), `.csv"`) {
		v.t.Errorf("%s is no file: %q", path, a.header.Get("Content-Disposition"))
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 2 {
		v.t.Fatalf("%s: %d rows, %v", path, len(rows), err)
	}
	return rows
}

// The people's file has all whom the list finds and nobody else, and runs nothing.
func TestThePeopleThatAreFoundAreTakenOut(t *testing.T) {
	s := newSite(t)
	s.as(regional).post("/people", url.Values{
		"given_name": {"+1"}, "family_name": {"=2+3"}, "organisation": {strconv.FormatInt(s.id(`SELECT id FROM organisation WHERE slug = 'borlange' AND kind = 'municipality'`), 10)}, "from": {"2026-01-01"},
	})
	v := s.as(municipal)
	page := v.get("/people?q=an")
	page.says(t, 200, `href="/people.csv?q=an"`, `href="/people.xlsx?q=an"`)
	all := v.sheet("/people.csv")
	here := s.id(`SELECT COUNT(*) FROM employed AS e JOIN organisation AS m ON m.id = e.municipality_id WHERE m.slug = 'borlange'
		AND e.from_day <= '2026-11-23' AND (e.to_day IS NULL OR e.to_day >= '2026-11-23')`)
	if int64(len(all)-1) != here || here <= 30 {
		t.Errorf("%d people in the file, %d work in the municipality", len(all)-1, here)
	}
	some := v.sheet("/people.csv?q=an")
	if len(some) >= len(all) {
		t.Errorf("%d found, %d in all", len(some)-1, len(all)-1)
	}
	guarded := false
	for _, row := range all[1:] {
		if row[3] != "Borlänge" {
			t.Errorf("somebody of %s", row[3])
		}
		guarded = guarded || strings.HasPrefix(row[0], "'=2+3")
	}
	if !guarded {
		t.Error("a name that is a formula is not guarded")
	}
	if file, err := excelize.OpenReader(strings.NewReader(v.get("/people.xlsx?q=an").body)); err != nil {
		t.Error(err)
	} else if rows, err := file.GetRows(file.GetSheetName(0)); err != nil || len(rows) != len(some) {
		t.Errorf("%d rows in the workbook, %d in the other file: %v", len(rows), len(some), err)
	}
	v.get("/people.csv?q=finns-inte-alls").says(t, 200, "Namn")
}

// Each table is taken out as those who open its page see it.
func TestTablesAreTakenOut(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	round := "/rounds/" + strconv.FormatInt(s.id(`SELECT MAX(n.round_id) FROM enrolment AS n JOIN round AS r ON r.id = n.round_id JOIN organisation AS o ON o.id = r.region_id
		WHERE o.slug = 'dalarna' AND n.approved_at IS NOT NULL AND r.municipality_id IS NULL AND 2 = (
			SELECT COUNT(DISTINCT CASE m.slug WHEN 'borlange' THEN 1 ELSE 0 END) FROM enrolment AS x
			JOIN employment AS e ON e.person_id = x.person_id AND e.to_day IS NULL JOIN organisation AS m ON m.id = e.municipality_id
			WHERE x.round_id = r.id AND x.withdrawn_at IS NULL)`), 10)
	v.get(round).says(t, 200, `href="`+round+`/participants.csv?table=participants-table"`)
	region, own := v.sheet(round+"/participants.csv"), s.as(municipal).sheet(round+"/participants.csv")
	if len(own) >= len(region) {
		t.Errorf("a municipality takes out %d of %d participants", len(own)-1, len(region)-1)
	}
	if slices.Contains(region[0], "Ta tillbaka godkännandet") {
		t.Errorf("there are buttons among the columns: %v", region[0])
	}
	s.as(employee).get(round+"/participants.csv").says(t, 404)

	pot := v.sheet("/regions/dalarna/pot.csv?year=2025")
	last := pot[len(pot)-1]
	if got := last[len(last)-1]; last[0] != "Totalt" || got != "108000" {
		t.Errorf("the pot's last line is %v", last)
	}
	if head := pot[0]; !slices.Contains(head, "Belopp (kr)") {
		t.Errorf("the pot's head is %v", head)
	}
	if days := v.sheet("/regions/dalarna/pot.csv?year=2025&table=days-table"); len(days) != 17+2 {
		t.Errorf("%d lines of 17 days", len(days))
	}
	v.get("/regions/dalarna/pot.csv?year=2025&table=nothing").says(t, 404)

	for path, want := range map[string]string{
		"/regions/dalarna/trainers.csv": "Namn", "/regions/dalarna/demand.csv": "Kurs", "/regions/dalarna/figures.csv": "Kommun",
		"/regions/dalarna/figures.csv?table=completions-table": "Kommun", "/regions/dalarna/figures.csv?table=rounds-table": "Kurs",
		"/municipalities/falun/figures.csv": "Enhet", "/municipalities/falun/units.csv": "Enhet",
	} {
		if rows := v.sheet(path); rows[0][0] != want {
			t.Errorf("%s begins with %q", path, rows[0][0])
		}
	}
	if rows := s.as("nationell@example.org").sheet("/figures.csv"); rows[0][0] != "Region (RSS)" && len(rows) < 20 {
		t.Errorf("the nation's figures: %v", rows[0])
	}
	// A status that stands in a component is a word in the file.
	trainers := v.sheet("/regions/dalarna/trainers.csv")
	if at := slices.Index(trainers[0], "Status"); at < 0 || trainers[1][at] == "" {
		t.Errorf("no status in %v", trainers[1])
	}
}
