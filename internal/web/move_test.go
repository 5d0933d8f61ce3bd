package web_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is changed through the product moves each figure of the annual report by
// exactly that, and no other.

func TestOneAttendanceMovesTheMoneyOfItsDayAlone(t *testing.T) {
	s := newSite(t)
	v := s.as("regional@example.org")
	before := v.figures2025()
	// A day of 2025 with two municipal trainers: nothing of its pot is kept.
	day := s.id(`SELECT MIN(d.id) FROM course_day AS d JOIN round AS r ON r.id = d.round_id JOIN course AS c ON c.id = r.course_id
		WHERE c.slug = 'arbeta-med-familjehem' AND d.day BETWEEN '2025-01-01' AND '2025-12-31'`)
	form := url.Values{"why": {"Fel på listan"}} // the day is over
	for i, seat := range s.ids(`SELECT id FROM enrolment WHERE withdrawn_at IS NULL AND round_id = (SELECT round_id FROM course_day WHERE id = $1) ORDER BY id`, day) {
		form.Set(path("mark_%d", seat), "present")
		if i == 0 {
			form.Set(path("mark_%d", seat), "excused")
			form.Set(path("reason_%d", seat), "Rättat i efterhand")
		}
	}
	for _, trainer := range s.ids(`SELECT person_id FROM day_trainer WHERE course_day_id = $1`, day) {
		form.Set(path("trainer_%d", trainer), "yes")
	}
	if a := v.post(path("/days/%d/attendance", day), form); a.status != http.StatusSeeOther {
		t.Fatalf("saving attendance: %d", a.status)
	}
	want := map[string]float64{
		"course_days.participant_days":        -1,
		"variable_fee.charged_ore":            -65_000,
		"pot.paid_ore":                        -40_000,
		"pot.municipalities.Mora.amount_ore":  -24_000, // lead trainer: 1.5 of 2.5 shares
		"pot.municipalities.Falun.amount_ore": -16_000,
	}
	got := moved(before, v.figures2025())
	for key, change := range got {
		// The day's own rows say the same once more.
		if strings.HasPrefix(key, "pot.days.") {
			delete(got, key)
			if change != -1 && change != -40_000 && change != -24_000 && change != -16_000 {
				t.Errorf("%s moves by %v", key, change)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOneAccountMovesItsMunicipalityAndTheTotal(t *testing.T) {
	s := newSite(t)
	v := s.as("regional@example.org")
	before := v.figures2025()
	person := s.id(`SELECT MIN(e.person_id) FROM employment AS e JOIN organisation AS m ON m.id = e.municipality_id
		WHERE m.slug = 'falun' AND e.from_day < '2025-12-01' AND e.to_day IS NULL
		AND NOT EXISTS (SELECT 1 FROM account AS a JOIN journey AS j ON j.id = a.journey_id WHERE a.person_id = e.person_id AND j.slug = 'barn-och-unga')`)
	journey := s.id(`SELECT id FROM journey WHERE slug = 'barn-och-unga'`)
	a := v.post(path("/people/%d/accounts", person), url.Values{
		"journey": {strconv.FormatInt(journey, 10)}, "opened_on": {"2025-12-01"}, "roles": {"manager"},
	})
	if a.status != http.StatusSeeOther {
		t.Fatalf("opening an account: %d", a.status)
	}
	want := map[string]float64{}
	for _, row := range []string{"Falun", "Totalt"} {
		for _, column := range []string{"accounts", "chef"} {
			want["accounts.barn-och-unga."+row+"."+column] = 1
		}
	}
	if diff := cmp.Diff(want, moved(before, v.figures2025())); diff != "" {
		t.Error(diff)
	}
}

func TestOneCompletionMovesItsCourseAlone(t *testing.T) {
	s := newSite(t)
	v := s.as("kommunadministrator@example.org") // of Borlänge
	before := v.figures2025()
	course := s.id(`SELECT id FROM course WHERE slug = 'bas-3'`)
	person := s.id(`SELECT MIN(e.person_id) FROM employment AS e
		JOIN organisation AS m ON m.id = e.municipality_id
		JOIN account AS a ON a.person_id = e.person_id
		JOIN journey AS j ON j.id = a.journey_id
		JOIN account_role AS r ON r.account_id = a.id
		WHERE m.slug = 'borlange' AND e.to_day IS NULL AND e.from_day < '2025-12-01' AND j.slug = 'funktionshinder-utforare'
		AND a.opened_on < '2025-12-01' AND r.role = 'employee' AND r.to_day IS NULL
		AND NOT EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = e.person_id AND c.course_id = $1)`, course)
	a := v.post(path("/people/%d/completions", person), url.Values{
		"course": {strconv.FormatInt(course, 10)}, "on": {"2025-12-15"}, "source": {"local"},
	})
	if a.status != http.StatusSeeOther {
		t.Fatalf("registering a completion: %d", a.status)
	}
	const bas3 = ".courses.Funktionsnedsättningar och vanliga konsekvenser."
	want := map[string]float64{
		"completions.funktionshinder-utforare.Borlänge" + bas3 + "completed":     1,
		"completions.funktionshinder-utforare.Borlänge" + bas3 + "share_percent": 0.2, // 199 and 200 of 533: 37.3 and 37.5 %
		"completions.funktionshinder-utforare.Totalt" + bas3 + "completed":       1,
		"completions.funktionshinder-utforare.Totalt" + bas3 + "share_percent":   0.1, // 661 and 662 of 1 820: 36.3 and 36.4 %
	}
	if diff := cmp.Diff(want, moved(before, v.figures2025())); diff != "" {
		t.Error(diff)
	}
}

// The same tables as of a day in the middle of the year, counted again in plain
// SQL.
func TestTheReportCanBeAskedAsOfADayInTheMiddleOfTheYear(t *testing.T) {
	s := newSite(t)
	figures := s.as("regional@example.org").figuresAt("/regions/dalarna/annual-report.json?year=2025&day=2025-06-30")
	const account = `SELECT COUNT(*) FROM account AS a JOIN journey AS j ON j.id = a.journey_id
		JOIN employment AS e ON e.person_id = a.person_id AND e.from_day <= '2025-06-30' AND (e.to_day IS NULL OR e.to_day >= '2025-06-30')
		WHERE e.region_id = 20 AND e.municipality_id IS NOT NULL AND a.opened_on <= '2025-06-30' AND (a.closed_on IS NULL OR a.closed_on > '2025-06-30') `
	for key, query := range map[string]string{
		"accounts.barn-och-unga.Totalt.accounts":            account + `AND j.slug = 'barn-och-unga'`,
		"accounts.barn-och-unga.Falun.accounts":             account + `AND j.slug = 'barn-och-unga' AND e.municipality_id = 2080`,
		"accounts.funktionshinder-utforare.Totalt.accounts": account + `AND j.slug = 'funktionshinder-utforare'`,
		"completions.funktionshinder-utforare.Totalt.courses.Introduktionskursen.completed": account + `AND j.slug = 'funktionshinder-utforare'
			AND EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id AND r.role = 'employee' AND r.from_day <= '2025-06-30' AND (r.to_day IS NULL OR r.to_day >= '2025-06-30'))
			AND EXISTS (SELECT 1 FROM completion AS c JOIN course AS k ON k.id = c.course_id
				WHERE c.person_id = a.person_id AND k.slug = 'bas-1' AND c.completed_on <= '2025-06-30' AND c.revoked_at IS NULL)`,
		"courses.total.approved_regional": `SELECT COUNT(*) FROM enrolment AS n JOIN round AS r ON r.id = n.round_id JOIN course_journey AS cj ON cj.course_id = r.course_id
			JOIN journey AS j ON j.id = cj.journey_id AND j.slug = 'barn-och-unga'
			WHERE r.region_id = 20 AND n.approved_on BETWEEN '2025-01-01' AND '2025-06-30'`,
		"course_days.count": `SELECT COUNT(*) FROM course_day AS d JOIN round AS r ON r.id = d.round_id
			WHERE r.region_id = 20 AND r.cancelled_at IS NULL AND d.held_at IS NOT NULL AND d.day BETWEEN '2025-01-01' AND '2025-06-30'`,
	} {
		if want := float64(s.id(query)); figures[key] != want || want == 0 {
			t.Errorf("%s is %v, counted again %v", key, figures[key], want)
		}
	}
}

// figures2025 is every number of the annual report 2025 by the path to it; what
// is compared with the printed report follows from them and is left out.
func (v *visitor) figures2025() map[string]float64 {
	v.t.Helper()
	return v.figuresAt("/regions/dalarna/annual-report.json?year=2025")
}

func (v *visitor) figuresAt(address string) map[string]float64 {
	v.t.Helper()
	a := v.get(address)
	if a.status != http.StatusOK {
		v.t.Fatalf("the annual report: %d", a.status)
	}
	var report map[string]any
	if err := json.Unmarshal([]byte(a.body), &report); err != nil {
		v.t.Fatal(err)
	}
	delete(report, "corrections")
	figures := map[string]float64{}
	flatten(figures, "", report)
	return figures
}

func flatten(into map[string]float64, at string, value any) {
	switch value := value.(type) {
	case float64:
		into[at] = value
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			next := key
			if at != "" {
				next = at + "." + key
			}
			flatten(into, next, value[key])
		}
	case []any:
		for i, row := range value {
			name := strconv.Itoa(i)
			if row, ok := row.(map[string]any); ok {
				for _, key := range []string{"municipality", "course", "day"} {
					if s, ok := row[key].(string); ok {
						name = s
						break
					}
				}
			}
			flatten(into, at+"."+name, row)
		}
	}
}

// moved is by how much each figure that changed did.
func moved(before, after map[string]float64) map[string]float64 {
	changes := map[string]float64{}
	for key := range after {
		if change := after[key] - before[key]; change != 0 {
			changes[key], _ = strconv.ParseFloat(fmt.Sprintf("%.4g", change), 64)
		}
	}
	return changes
}
