package web_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/economy"
)

// Every page and file that counts a region's course days, people or kronor of a
// year says the same, and the same as the rows that it counts.
func TestEveryPageAndFileOfAYearSaysTheSame(t *testing.T) {
	s := newSite(t)
	ctx, q := context.Background(), s.db.Reader()
	const dalarna = 20
	// A round without a fee has its days, too: planned and held, and neither billed nor in the pot.
	s.change(`UPDATE round SET tariff_kind = NULL WHERE id = (SELECT MAX(r.id) FROM round AS r JOIN course AS c ON c.id = r.course_id
		WHERE r.region_id = 20 AND c.slug = 'uppdrag-och-ansvar' AND r.last_day LIKE '2026%')`)

	for _, year := range []int{2025, 2026} {
		t.Run(strconv.Itoa(year), func(t *testing.T) {
			v := s.as(regional)
			within := fmt.Sprintf(`r.region_id = 20 AND r.delivery = 'regional' AND r.cancelled_at IS NULL AND cd.day BETWEEN '%d-01-01' AND '%d-12-31'`, year, year)
			days := func(also string) int {
				return int(s.id(`SELECT COUNT(*) FROM course_day AS cd JOIN round AS r ON r.id = cd.round_id WHERE ` + within + also))
			}
			charged := ` AND r.tariff_kind IS NOT NULL AND EXISTS (SELECT 1 FROM attendance AS a WHERE a.course_day_id = cd.id AND a.mark <> 'excused')`
			facts := economy.DayCounts{
				Planned: days(` AND (r.published_at IS NOT NULL OR cd.held_at IS NOT NULL)`), Held: days(` AND cd.held_at IS NOT NULL`),
				Billed: days(charged), PotBearing: days(charged),
			}
			participantDays := int(s.id(`SELECT COUNT(*) FROM attendance AS a JOIN course_day AS cd ON cd.id = a.course_day_id JOIN round AS r ON r.id = cd.round_id
				JOIN enrolment AS n ON n.id = a.enrolment_id
				JOIN employment AS e ON e.person_id = n.person_id AND e.from_day <= cd.day AND (e.to_day IS NULL OR e.to_day >= cd.day)
				LEFT JOIN fee_exemption AS x ON x.course_day_id = cd.id AND x.enrolment_id = n.id AND x.withdrawn_at IS NULL
				WHERE ` + within + ` AND r.tariff_kind IS NOT NULL AND a.mark <> 'excused' AND e.municipality_id IS NOT NULL AND x.course_day_id IS NULL`))

			// The report, as a file and as a page.
			type courseRow struct {
				Course     string
				Rounds     *int
				CourseDays *int `json:"course_days"`
				Approved   int
			}
			var r struct {
				Accounts map[string][]struct {
					Municipality string
					Accounts     int
				}
				Courses struct {
					Rows  []courseRow
					Total struct {
						CourseDays int `json:"course_days"`
						Approved   int
						Regional   int `json:"approved_regional"`
					}
				}
				CourseDays struct {
					Count           int
					Planned         int
					Billed          int
					PotBearing      int `json:"pot_bearing"`
					ParticipantDays int `json:"participant_days"`
				} `json:"course_days"`
				VariableFee struct {
					Charged int64 `json:"charged_ore"`
				} `json:"variable_fee"`
				Pot       any
				Cancelled []any `json:"cancelled_rounds"`
			}
			report := fmt.Sprintf("/regions/dalarna/annual-report.json?year=%d", year)
			if err := json.Unmarshal([]byte(v.get(report).body), &r); err != nil {
				t.Fatal(err)
			}
			got := economy.DayCounts{Planned: r.CourseDays.Planned, Held: r.CourseDays.Count, Billed: r.CourseDays.Billed, PotBearing: r.CourseDays.PotBearing}
			if diff := cmp.Diff(facts, got); diff != "" {
				t.Errorf("the report's days (-facts +report):\n%s", diff)
			}
			courses := map[string]courseRow{}
			held, approved := 0, 0
			for _, row := range r.Courses.Rows {
				courses[row.Course] = row
				approved += row.Approved
				if row.CourseDays != nil {
					held += *row.CourseDays
				}
			}
			if held != facts.Held || r.Courses.Total.CourseDays != facts.Held || approved != r.Courses.Total.Approved || r.CourseDays.ParticipantDays != participantDays {
				t.Errorf("%d held days in the rows, %d in the total, %d of %d approved, %d participant-days; want %d and %d",
					held, r.Courses.Total.CourseDays, approved, r.Courses.Total.Approved, r.CourseDays.ParticipantDays, facts.Held, participantDays)
			}
			if want := int(s.id(`SELECT COUNT(*) FROM enrolment AS n JOIN round AS r ON r.id = n.round_id
				WHERE r.region_id = 20 AND r.delivery = 'regional' AND r.cancelled_at IS NULL AND n.withdrawn_at IS NULL AND n.approved_on IS NOT NULL
				AND r.last_day LIKE $1`, fmt.Sprintf("%d-%%", year))); r.Courses.Total.Regional != want {
				t.Errorf("%d approved on regional courses, want %d", r.Courses.Total.Regional, want)
			}
			if want := int(s.id(`SELECT COUNT(*) FROM round WHERE region_id = 20 AND municipality_id IS NULL AND cancelled_at IS NOT NULL AND published_at IS NOT NULL AND last_day LIKE $1`,
				fmt.Sprintf("%d-%%", year))); len(r.Cancelled) != want {
				t.Errorf("%d cancelled rounds, want %d", len(r.Cancelled), want)
			}
			for journey, rows := range r.Accounts {
				day := min(fmt.Sprintf("%d-12-31", year), "2026-11-23")
				want := int(s.id(`SELECT COUNT(DISTINCT a.id) FROM account AS a JOIN journey AS j ON j.id = a.journey_id
					JOIN employment AS e ON e.person_id = a.person_id AND e.from_day <= $2 AND (e.to_day IS NULL OR e.to_day >= $2)
					WHERE j.slug = $1 AND e.municipality_id IS NOT NULL AND e.region_id = 20 AND a.opened_on <= $2 AND (a.closed_on IS NULL OR a.closed_on > $2)`, journey, day))
				if total := rows[len(rows)-1]; total.Municipality != "Totalt" || total.Accounts != want {
					t.Errorf("%s: %+v, want %d", journey, total, want)
				}
			}
			for _, journey := range []string{"barn-och-unga", "skadligt-bruk-och-beroende", "funktionshinder-utforare", "aldre-utforare"} {
				if r.Accounts[journey] == nil {
					t.Errorf("the report forgets the accounts of %s", journey)
				}
			}

			// The money: the basis, its spreadsheet, the pot, each municipality's own page.
			basis, err := economy.InvoiceBasisOf(ctx, q, access.System(), dalarna, year)
			if err != nil {
				t.Fatal(err)
			}
			if int64(basis.Amount) != r.VariableFee.Charged || basis.ParticipantDays != participantDays {
				t.Errorf("the basis has %v for %d participant-days, the report %d öre for %d", basis.Amount, basis.ParticipantDays, r.VariableFee.Charged, participantDays)
			}
			billed := map[int64]bool{}
			for _, m := range basis.Municipalities {
				for _, line := range m.Lines {
					billed[line.CourseDayID] = true
				}
			}
			if len(billed) != facts.Billed {
				t.Errorf("%d days in the basis, want %d", len(billed), facts.Billed)
			}
			file := csv.NewReader(bytes.NewReader(bytes.TrimPrefix([]byte(v.get(fmt.Sprintf("/regions/dalarna/invoice-basis.csv?year=%d", year)).body), []byte("\uFEFF"))))
			file.Comma = ';'
			lines, err := file.ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			sum, people := int64(0), 0
			for _, line := range lines[1:] {
				ore, err := strconv.ParseInt(strings.ReplaceAll(line[9], ",", ""), 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				n, _ := strconv.Atoi(line[7])
				sum, people = sum+ore, people+n
			}
			if sum != r.VariableFee.Charged || people != participantDays {
				t.Errorf("the spreadsheet has %d öre for %d participant-days, want %d for %d", sum, people, r.VariableFee.Charged, participantDays)
			}
			y, err := economy.YearOf(ctx, q, access.System(), dalarna, year)
			if err != nil {
				t.Fatal(err)
			}
			printed, err := json.Marshal(y.Result())
			if err != nil {
				t.Fatal(err)
			}
			var pot any
			if err := json.Unmarshal(printed, &pot); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(r.Pot, pot); diff != "" {
				t.Errorf("the report's pot is another (-report +command):\n%s", diff)
			}
			if len(y.Pot.Days) != facts.PotBearing {
				t.Errorf("%d days in the pot, want %d", len(y.Pot.Days), facts.PotBearing)
			}
			var own economy.MunicipalitySum
			for _, m := range y.Municipalities {
				one, err := economy.MunicipalityYearOf(ctx, q, access.System(), m.Municipality.ID, year)
				if err != nil {
					t.Fatal(err)
				}
				own.Charged, own.Share, own.Billed = own.Charged+one.Charged, own.Share+one.Share, own.Billed+one.Billed
			}
			if int64(own.Charged) != r.VariableFee.Charged || own.Share != y.Pot.Paid || own.Billed != participantDays {
				t.Errorf("the municipalities have %v and %v for %d, the report %d and %v", own.Charged, own.Share, own.Billed, r.VariableFee.Charged, y.Pot.Paid)
			}

			// The pages say it in the same words.
			of := fmt.Sprintf("Året har %d planerade kursdagar, och %d är hållna.", facts.Planned, facts.Held)
			v.get(fmt.Sprintf("/regions/dalarna/pot?year=%d", year)).shows(t, http.StatusOK, of, fmt.Sprintf("%d kursdagar har en pott.", facts.PotBearing))
			v.get(fmt.Sprintf("/regions/dalarna/invoice-basis?year=%d", year)).shows(t, http.StatusOK, of)
			page := v.get(fmt.Sprintf("/regions/dalarna/annual-report?year=%d", year))
			for course := range courses {
				page.shows(t, http.StatusOK, course)
			}
		})
	}
}
