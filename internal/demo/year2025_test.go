package demo_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo"
)

func courses(t *testing.T, d *db.DB) {
	var want [][]string
	for _, r := range printed(t, "bou-courses-2025.csv", "course", "rounds", "course_days", "approved_participants") {
		if r[1] == "" {
			r[1], r[2] = "0", "0"
		}
		want = append(want, r)
	}
	same(t, want, asked(t, d, 4, `
		SELECT
			k.name,
			COUNT(DISTINCT CASE WHEN r.region_id = 20 THEN r.id END),
			COUNT(DISTINCT CASE WHEN r.region_id = 20 THEN d.id END),
			COUNT(DISTINCT CASE WHEN e.region_id = 20 THEN n.id END)
		FROM round AS r
		JOIN course AS k ON k.id = r.course_id
		JOIN course_journey AS cj ON cj.course_id = k.id
		JOIN course_day AS d ON d.round_id = r.id
		LEFT JOIN enrolment AS n ON n.round_id = r.id AND n.approved_on BETWEEN '2025-01-01' AND '2025-12-31'
		LEFT JOIN employment AS e ON e.person_id = n.person_id AND e.from_day <= d.day AND (e.to_day IS NULL OR e.to_day >= d.day)
		WHERE (r.region_id = 20 OR r.region_id IS NULL)
		AND r.cancelled_at IS NULL
		AND d.day BETWEEN '2025-01-01' AND '2025-12-31'
		GROUP BY k.name
		ORDER BY MIN(cj.ordinal)`))
	if n := number(t, d, `SELECT COUNT(*) FROM round WHERE region_id = 20 AND cancelled_at IS NOT NULL
		AND first_day BETWEEN '2025-09-01' AND '2025-12-31'`); n != 1 {
		t.Errorf("%d rounds cancelled in autumn 2025", n)
	}
	if n := number(t, d, `SELECT COUNT(*) FROM (SELECT r.id FROM round AS r JOIN enrolment AS n ON n.round_id = r.id AND n.withdrawn_at IS NULL
		GROUP BY r.id, r.capacity HAVING COUNT(*) > r.capacity) AS x`); n > 0 {
		t.Errorf("%d rounds are overbooked", n)
	}
}

func courseDays(t *testing.T, d *db.DB) {
	var want [][]string
	for _, r := range printed(t, "course-days-2025-reconstruction.csv", "participants", "trainer_org", "role", "trainer") {
		want = append(want, r[:3])
	}
	// In the table's order: by course, round and day.
	got := asked(t, d, 3, `
		SELECT
			(SELECT COUNT(*) FROM attendance AS a WHERE a.course_day_id = d.id AND a.mark IN ('present', 'late')),
			COALESCE(m.name, 'RSS'),
			h.role
		FROM course_day AS d
		JOIN round AS r ON r.id = d.round_id AND r.region_id = 20 AND r.cancelled_at IS NULL
		JOIN course_journey AS cj ON cj.course_id = r.course_id
		JOIN day_trainer AS h ON h.course_day_id = d.id AND h.present
		JOIN employment AS e ON e.person_id = h.person_id AND e.from_day <= d.day AND (e.to_day IS NULL OR e.to_day >= d.day)
		LEFT JOIN organisation AS m ON m.id = e.municipality_id
		WHERE d.day BETWEEN '2025-01-01' AND '2025-12-31'
		ORDER BY cj.ordinal, r.first_day, d.ordinal`)
	// Within a day the order of trainers says nothing.
	count := func(rows [][]string) map[string]int {
		all := map[string]int{}
		for _, r := range rows {
			all[strings.Join(r, " ")]++
		}
		return all
	}
	if diff := cmp.Diff(count(want), count(got)); diff != "" {
		t.Error(diff)
	}
	for i := range want {
		if want[i][0] != got[i][0] {
			t.Fatalf("row %d: %s participants, want %s", i+1, got[i][0], want[i][0])
		}
	}
	if n := number(t, d, `SELECT COUNT(DISTINCT h.person_id) FROM day_trainer AS h JOIN course_day AS d ON d.id = h.course_day_id
		JOIN round AS r ON r.id = d.round_id AND r.region_id = 20
		WHERE d.day BETWEEN '2025-01-01' AND '2025-12-31'`); n != 15 {
		t.Errorf("%d trainers, want 14 of municipalities and one of the RSS", n)
	}
	if n := number(t, d, `SELECT COUNT(*) FROM enrolment AS n JOIN round AS r ON r.id = n.round_id AND r.region_id = 20 AND r.last_day <= '2025-12-31'
		WHERE NOT EXISTS (SELECT 1 FROM account AS a JOIN journey AS j ON j.id = a.journey_id AND j.slug = 'barn-och-unga'
			JOIN employment AS e ON e.person_id = a.person_id AND e.region_id = 20 AND e.municipality_id IS NOT NULL
			WHERE a.person_id = n.person_id AND a.opened_on <= r.signup_until)`); n > 0 {
		t.Errorf("%d participants have no account in Dalarna", n)
	}
	if n := number(t, d, `SELECT COUNT(*) FROM round WHERE note = $1 AND last_day <= '2025-12-31'`, demo.ReconstructionNote); n != 9 {
		t.Errorf("%d rounds are called a reconstruction", n)
	}
	for _, row := range asked(t, d, 1, `SELECT DISTINCT d.day FROM course_day AS d WHERE d.day <> $1`, now.Day()) {
		day, err := clock.ParseDay(row[0][:10])
		must(t, err)
		if w := day.Weekday(); w == 0 || w == 6 {
			t.Errorf("%s is a %s", day, w)
		}
	}
}

func money2025(t *testing.T, d *db.DB) {
	from, to := clock.YearStart(2025), clock.YearEnd(2025)
	got := asked(t, d, 4, `SELECT COUNT(*), SUM(billed), SUM(attended), SUM(bearing) FROM (`+counted+`) AS x`, from, to)
	same(t, [][]string{{"17", "303", "303", "303"}}, got)
	billed, err := strconv.Atoi(got[0][1])
	must(t, err)
	if 650*billed != 196_950 {
		t.Errorf("%d kr charged", 650*billed)
	}
	// Öre: 400 kr × participants × the trainer's weight over the day's.
	same(t, append(printedPot(t), []string{"", "3", "1320000"}), asked(t, d, 3, `
		SELECT
			COALESCE(m.name, ''),
			COUNT(*),
			SUM(40000 * x.bearing * h.weight / h.weights)
		FROM (`+counted+`) AS x
		JOIN (
			SELECT
				course_day_id,
				person_id,
				CASE role WHEN 'lead_trainer' THEN 3 ELSE 2 END AS weight,
				SUM(CASE role WHEN 'lead_trainer' THEN 3 ELSE 2 END) OVER (PARTITION BY course_day_id) AS weights
			FROM day_trainer
			WHERE present
		) AS h ON h.course_day_id = x.id
		JOIN course_day AS d ON d.id = x.id
		JOIN employment AS e ON e.person_id = h.person_id AND e.from_day <= d.day AND (e.to_day IS NULL OR e.to_day >= d.day)
		LEFT JOIN organisation AS m ON m.id = e.municipality_id
		GROUP BY m.id, m.name, m.sort_key
		ORDER BY m.sort_key IS NULL, m.sort_key`, from, to))
}

func printedPot(t *testing.T) [][]string {
	t.Helper()
	var all [][]string
	sum := 0
	for _, r := range printed(t, "trainer-pot-2025.csv", "municipality", "trainer_days", "amount_sek") {
		kronor, err := strconv.Atoi(r[2])
		must(t, err)
		sum += kronor
		all = append(all, []string{r[0], r[1], strconv.Itoa(100 * kronor)})
	}
	if sum != 108_000 {
		t.Errorf("the table sums to %d kr", sum)
	}
	return all
}

func managerSurvey(t *testing.T, d *db.DB) {
	want := printed(t, "manager-survey-2025-dalarna-overall.csv", "question", "very_good_pct", "fairly_good_pct", "answers")
	got := asked(t, d, 4, `
		SELECT q.wording,
			MAX(CASE WHEN o.slug = 'very_good' THEN p.percent_tenths ELSE 0 END) / 10,
			MAX(CASE WHEN o.slug = 'fairly_good' THEN p.percent_tenths ELSE 0 END) / 10,
			MAX(p.answers)
		FROM published_result AS p
		JOIN question AS q ON q.id = p.question_id
		JOIN answer_option AS o ON o.id = p.option_id
		WHERE p.region_id = 20
		GROUP BY q.wording, q.ordinal
		ORDER BY q.ordinal
		LIMIT 1`)
	same(t, want, got)
	columns := []string{"very_much", "yes_much", "yes_some", "not_at_all", "too_early", "do_not_know"}
	query := `SELECT q.wording`
	for _, c := range columns {
		query += `, MAX(CASE WHEN o.slug = '` + c + `' THEN p.percent_tenths ELSE 0 END) / 10`
	}
	same(t, printed(t, "manager-survey-2025-dalarna.csv", append([]string{"question"}, columns...)...),
		asked(t, d, 7, query+`
			FROM published_result AS p
			JOIN question AS q ON q.id = p.question_id
			JOIN answer_option AS o ON o.id = p.option_id
			WHERE p.region_id = 20 AND q.ordinal > 1
			GROUP BY q.wording, q.ordinal
			ORDER BY q.ordinal`))
}
