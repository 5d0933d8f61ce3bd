package demo_test

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/demo"
	"yrkesresan/internal/file"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/statistics"
)

//go:embed data/*.csv
var tables embed.FS

var (
	ctx = context.Background()
	now = clock.Date(2026, 11, 22).At(14, 30)
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// printed is a table's rows as text, with the columns asked for.
func printed(t *testing.T, name string, columns ...string) [][]string {
	t.Helper()
	rows, err := db.Table(tables, "data/"+name)
	must(t, err)
	var all [][]string
	for _, r := range rows {
		if strings.HasPrefix(r[columns[0]], "Totalt") {
			continue
		}
		row := make([]string, len(columns))
		for i, c := range columns {
			row[i] = r[c]
		}
		all = append(all, row)
	}
	return all
}

// asked is a query's rows as text.
func asked(t *testing.T, d *db.DB, width int, query string, args ...any) [][]string {
	t.Helper()
	rows, err := db.Rows(ctx, d.Reader(), func(r *[]string) []any {
		*r = make([]string, width)
		places := make([]any, width)
		for i := range *r {
			places[i] = &(*r)[i]
		}
		return places
	}, query, args...)
	must(t, err)
	return rows
}

func number(t *testing.T, d *db.DB, query string, args ...any) int {
	t.Helper()
	n, err := db.Row(ctx, d.Reader(), db.One[int], query, args...)
	must(t, err)
	return n
}

func same(t *testing.T, want, got [][]string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestTheDemo loads each engine once and asks everything of it.
func TestTheDemo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, demo.Load(ctx, d, file.Open(t.TempDir()), now))
		for name, test := range map[string]func(*testing.T, *db.DB){
			"accounts of Barn och unga are those printed":               bouAccounts,
			"accounts of Funktionshinder are those printed":             funkAccounts,
			"completions of BAS 1 to 4 are those printed":               completions,
			"answers to the evaluations are those printed":              evaluations,
			"courses of 2025 are those printed":                         courses,
			"course days of 2025 are the reconstruction":                courseDays,
			"the money of 2025 is the money printed":                    money2025,
			"the manager survey is kept as published":                   managerSurvey,
			"in spring 2026 the three counts differ":                    threeCounts,
			"spring 2026 has its special cases":                         spring2026,
			"nobody is listed outside example.org":                      addresses,
			"the picker's people exist, hold their role and see by it":  personas,
			"nothing is done that lies ahead":                           ahead,
			"every state of a round is there to be met":                 states,
			"lessons are begun, half done and done":                     lessons,
			"Dalarna's tariffs and its national courses are as decided": choices,
			"some have gone on from their step, one stands at the gate": levels,
			"loading again changes nothing":                             twice,
		} {
			t.Run(name, func(t *testing.T) { test(t, d) })
		}
	})
}

// onDay is the join of an account with its municipality in Dalarna on 2025-12-31.
const onDay = `
	FROM organisation AS m
	LEFT JOIN (
		SELECT a.id, a.person_id, e.municipality_id
		FROM account AS a
		JOIN journey AS j ON j.id = a.journey_id AND j.slug = $1
		JOIN employment AS e ON e.person_id = a.person_id AND e.from_day <= '2025-12-31' AND (e.to_day IS NULL OR e.to_day >= '2025-12-31')
		WHERE a.opened_on <= '2025-12-31' AND (a.closed_on IS NULL OR a.closed_on > '2025-12-31')
	) AS a ON a.municipality_id = m.id
	WHERE m.kind = 'municipality' AND m.region_id = 20
	GROUP BY m.id, m.name, m.sort_key
	ORDER BY m.sort_key`

func withRole(role string) string {
	return `, COUNT(CASE WHEN EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id AND r.role = '` + role + `'
		AND r.from_day <= '2025-12-31' AND (r.to_day IS NULL OR r.to_day >= '2025-12-31')) THEN 1 END)`
}

func atStep(step string) string {
	return `, COUNT(CASE WHEN EXISTS (SELECT 1 FROM account_step AS s JOIN step AS t ON t.id = s.step_id
		WHERE s.account_id = a.id AND t.slug = '` + step + `'
		AND s.from_day <= '2025-12-31' AND (s.to_day IS NULL OR s.to_day >= '2025-12-31')) THEN 1 END)`
}

func bouAccounts(t *testing.T, d *db.DB) {
	same(t, printed(t, "bou-accounts.csv", "municipality", "accounts", "new_0_2", "experienced_2_5", "senior_5_plus", "managers", "trainers"),
		asked(t, d, 7, `SELECT m.name, COUNT(a.id)`+atStep("ny")+atStep("van")+atStep("erfaren")+withRole("manager")+withRole("trainer")+onDay,
			"barn-och-unga"))
}

func funkAccounts(t *testing.T, d *db.DB) {
	same(t, printed(t, "funk-accounts.csv", "municipality", "accounts", "employees", "managers", "trainers", "municipal_admins"),
		asked(t, d, 6, `SELECT m.name, COUNT(a.id)`+withRole("employee")+withRole("manager")+withRole("trainer")+withRole("municipal_admin")+onDay,
			"funktionshinder-utforare"))
	opened := func(by clock.Day) int {
		return number(t, d, `SELECT COUNT(*) FROM account AS a JOIN journey AS j ON j.id = a.journey_id AND j.slug = 'funktionshinder-utforare'
			JOIN employment AS e ON e.person_id = a.person_id AND e.region_id = 20 WHERE a.opened_on <= $1`, by)
	}
	early, all := opened(clock.Date(2025, 6, 30)), opened(clock.YearEnd(2025))
	if early*10 < all*5 || early*10 > all*9 {
		t.Errorf("%d of %d accounts were there in the middle of 2025", early, all)
	}
}

func completions(t *testing.T, d *db.DB) {
	query := `SELECT m.name`
	for _, course := range []string{"bas-1", "bas-2", "bas-3", "bas-4"} {
		query += `, COUNT(CASE WHEN EXISTS (SELECT 1 FROM completion AS c JOIN course AS k ON k.id = c.course_id
			WHERE c.person_id = a.person_id AND k.slug = '` + course + `' AND c.revoked_at IS NULL AND c.completed_on <= '2025-12-31') THEN 1 END)`
	}
	same(t, printed(t, "funk-bas-completions.csv", "municipality", "bas1", "bas2", "bas3", "bas4"),
		asked(t, d, 5, query+onDay, "funktionshinder-utforare"))
	if n := number(t, d, `SELECT COUNT(*) FROM completion AS c JOIN account AS a ON a.person_id = c.person_id JOIN course AS k ON k.id = c.course_id
		JOIN journey AS j ON j.id = a.journey_id AND j.slug = 'funktionshinder-utforare'
		LEFT JOIN account_role AS r ON r.account_id = a.id AND r.role = 'employee'
		WHERE k.slug LIKE 'bas-%' AND r.account_id IS NULL`); n > 0 {
		t.Errorf("%d completions of people who are not employees", n)
	}
	if n := number(t, d, `SELECT COUNT(*) FROM completion AS c JOIN edition AS e ON e.course_id = c.course_id AND e.number = 1
		WHERE c.completed_on < e.published_on OR c.edition_id IS NULL`); n > 0 {
		t.Errorf("%d completions before the course was published", n)
	}
}

func evaluations(t *testing.T, d *db.DB) {
	query := `SELECT k.name`
	for _, grade := range []string{"very_satisfied", "fairly_satisfied", "neither", "fairly_dissatisfied", "very_dissatisfied"} {
		query += `, COUNT(CASE WHEN o.slug = '` + grade + `' THEN 1 END)`
	}
	same(t, printed(t, "funk-bas-evaluations.csv", "course", "very_satisfied", "fairly_satisfied", "neither", "fairly_dissatisfied", "very_dissatisfied"),
		asked(t, d, 6, query+`
			FROM response AS r
			JOIN survey AS s ON s.id = r.survey_id
			JOIN course AS k ON k.id = s.course_id
			JOIN response_choice AS c ON c.response_id = r.id
			JOIN answer_option AS o ON o.id = c.option_id
			WHERE r.answered_on <= '2026-05-12'
			GROUP BY k.name, k.short_name
			ORDER BY k.short_name`))
	journey := int64(number(t, d, `SELECT id FROM journey WHERE slug = 'funktionshinder-utforare'`))
	for day, want := range map[clock.Day]string{
		clock.Date(2026, 5, 11): "2025-12-31",                 // what a source printed is first told by it
		clock.Date(2026, 5, 12): "2026-05-12 143 187 324 399", // Kommunikation is printed as 369
		now.Day():               "2026-06-30 143 187 324 399",
	} {
		all, on, err := statistics.Evaluations(ctx, d.Reader(), access.System(), journey, 0, day)
		must(t, err)
		got := on.String()
		for _, e := range all {
			got += fmt.Sprint(" ", e.Total)
		}
		if got != want {
			t.Errorf("published on %s: %s, want %s", day, got, want)
		}
	}
	all, _, err := statistics.Evaluations(ctx, d.Reader(), access.System(), journey, 20, now.Day())
	must(t, err)
	for _, e := range all {
		if e.Suppressed || e.Total < 30 {
			t.Errorf("Dalarna's answers about %s are %+v", e.Course, e)
		}
	}
	if n := number(t, d, `SELECT COUNT(*) FROM response WHERE answered_on > '2026-05-12'`); n > 0 {
		t.Errorf("%d answers after the table's day", n)
	}
	if n := number(t, d, `SELECT COUNT(*) FROM response AS r JOIN survey AS s ON s.id = r.survey_id WHERE NOT EXISTS (
		SELECT 1 FROM completion AS c WHERE c.person_id = r.person_id AND c.course_id = s.course_id AND c.completed_on <= r.answered_on)`); n > 0 {
		t.Errorf("%d answers before the course was completed", n)
	}
	if n := number(t, d, `SELECT COUNT(*) FROM (SELECT r.survey_id FROM response AS r
		JOIN employment AS e ON e.person_id = r.person_id AND e.region_id = 20 GROUP BY r.survey_id HAVING COUNT(*) BETWEEN 20 AND 90) AS x`); n != 4 {
		t.Errorf("Dalarna's answers are few in %d of 4 courses", n)
	}
}

// The days of Dalarna's rounds in a stretch of time, with the three counts.
const counted = `
	SELECT
		d.id,
		r.tariff_kind,
		COUNT(CASE WHEN a.mark IN ('present', 'late', 'absent') AND x.reason IS NULL AND e.municipality_id IS NOT NULL THEN 1 END) AS billed,
		COUNT(CASE WHEN a.mark IN ('present', 'late') THEN 1 END) AS attended,
		COUNT(CASE WHEN a.mark IN ('present', 'late') AND x.reason IS NULL AND e.municipality_id IS NOT NULL THEN 1 END) AS bearing
	FROM course_day AS d
	JOIN round AS r ON r.id = d.round_id AND r.region_id = 20 AND r.cancelled_at IS NULL
	JOIN attendance AS a ON a.course_day_id = d.id
	JOIN enrolment AS n ON n.id = a.enrolment_id
	JOIN employment AS e ON e.person_id = n.person_id AND e.from_day <= d.day AND (e.to_day IS NULL OR e.to_day >= d.day)
	LEFT JOIN fee_exemption AS x ON x.course_day_id = d.id AND x.enrolment_id = n.id AND x.withdrawn_at IS NULL
	WHERE d.day BETWEEN $1 AND $2
	GROUP BY d.id, r.tariff_kind`

func threeCounts(t *testing.T, d *db.DB) {
	got := asked(t, d, 3, `SELECT SUM(billed), SUM(attended), SUM(bearing) FROM (`+counted+`) AS x`,
		clock.Date(2026, 1, 1), clock.Date(2026, 6, 30))[0]
	if got[0] == got[1] || got[0] == got[2] || got[1] == got[2] {
		t.Errorf("billed, attended and pot-bearing are %v", got)
	}
}

func spring2026(t *testing.T, d *db.DB) {
	for what, query := range map[string]string{
		"a no-show": `SELECT COUNT(DISTINCT a.enrolment_id) FROM attendance AS a JOIN course_day AS d ON d.id = a.course_day_id
			WHERE a.mark = 'absent' AND d.day BETWEEN '2026-01-01' AND '2026-06-30'`,
		"somebody who attended and is not billed": `SELECT COUNT(*) FROM fee_exemption AS x
			JOIN attendance AS a ON a.course_day_id = x.course_day_id AND a.enrolment_id = x.enrolment_id
			WHERE a.mark IN ('present', 'late') AND x.reason <> ''`,
		"a day with RSS trainers only": `SELECT COUNT(*) FROM course_day AS d JOIN round AS r ON r.id = d.round_id
			WHERE r.tariff_kind = 'authority' AND d.held_at IS NOT NULL AND d.day BETWEEN '2026-01-01' AND '2026-06-30'
			AND NOT EXISTS (SELECT 1 FROM day_trainer AS h JOIN employment AS e ON e.person_id = h.person_id
				WHERE h.course_day_id = d.id AND h.present AND e.municipality_id IS NOT NULL)`,
		"somebody who changed municipality within a round": `SELECT COUNT(DISTINCT n.id) FROM enrolment AS n
			JOIN round AS r ON r.id = n.round_id
			JOIN employment AS e ON e.person_id = n.person_id AND e.from_day > r.first_day AND e.from_day <= r.last_day
			JOIN employment AS o ON o.person_id = n.person_id AND o.to_day < e.from_day AND o.municipality_id <> e.municipality_id`,
	} {
		if n := number(t, d, query); n != 1 {
			t.Errorf("%s: %d, want 1", what, n)
		}
	}
	if n := number(t, d, `SELECT COUNT(*) FROM course_day AS d JOIN round AS r ON r.id = d.round_id AND r.region_id = 20
		WHERE r.tariff_kind = 'manager' AND d.day BETWEEN '2026-01-01' AND '2026-06-30' AND d.held_at IS NOT NULL
		AND 1 = (SELECT COUNT(*) FROM day_trainer AS h JOIN employment AS e ON e.person_id = h.person_id AND e.municipality_id IS NOT NULL
			WHERE h.course_day_id = d.id)
		AND 1 = (SELECT COUNT(*) FROM day_trainer AS h JOIN employment AS e ON e.person_id = h.person_id AND e.municipality_id IS NULL
			WHERE h.course_day_id = d.id)`); n != 3 {
		t.Errorf("%d days of the managers' course with one municipal and one RSS trainer, want 3", n)
	}
	if n := number(t, d, `SELECT COUNT(*) FROM completion AS c JOIN course AS k ON k.id = c.course_id AND k.slug = 'bas-5'`); n < 5 {
		t.Errorf("%d have completed BAS 5", n)
	}
}

func addresses(t *testing.T, d *db.DB) {
	if n := number(t, d, `SELECT COUNT(*) FROM person WHERE email IS NULL OR email NOT LIKE '%@example.org'`); n > 0 {
		t.Errorf("%d addresses are not of example.org", n)
	}
}

func personas(t *testing.T, d *db.DB) {
	all, err := demo.Personas(ctx, d.Reader())
	must(t, err)
	want := []access.Role{
		access.Employee, access.Manager, access.Trainer, access.DistrictAdmin, access.MunicipalAdmin, access.Regional, access.Steering,
		"group_administrator", access.Producer, access.National, access.NationalReader, access.Operator,
	}
	var got []access.Role
	for _, p := range all {
		got = append(got, p.Role)
		viewer, _, err := identity.Viewer(ctx, d.Reader(), p.PersonID, now.Day())
		must(t, err)
		if p.Role == "group_administrator" { // an office, not a role
			if len(viewer.Groups) != 1 || viewer.Groups[0].Office != access.GroupAdministrator || len(viewer.Grants) > 0 {
				t.Errorf("%s has the offices %+v and the roles %+v", p.Email, viewer.Groups, viewer.Grants)
			}
		} else if !viewer.Has(p.Role) {
			t.Errorf("%s is not %s", p.Email, p.Role)
		}
		if viewer.Home.RegionID == 0 || p.Name == "" || p.Place == "" {
			t.Errorf("%s is employed nowhere", p.Email)
		}
		due := `SELECT COUNT(*) FROM round AS r WHERE r.last_day > $1 AND r.published_at IS NOT NULL AND r.cancelled_at IS NULL AND `
		switch p.Role {
		case access.Employee:
			due += `EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = r.id AND n.person_id = $2)
				AND EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = $2)`
		case access.Trainer:
			due += `EXISTS (SELECT 1 FROM course_day AS d JOIN day_trainer AS h ON h.course_day_id = d.id WHERE d.round_id = r.id AND h.person_id = $2)`
		case access.Manager:
			due += `5 < (SELECT COUNT(*) FROM employment AS s JOIN role_grant AS g ON g.organisation_id = s.organisation_id
				WHERE g.person_id = $2 AND s.to_day IS NULL)`
		case access.DistrictAdmin:
			due += `20 < (SELECT COUNT(*) FROM employment AS s JOIN district_unit AS u ON u.unit_id = s.organisation_id
				JOIN role_grant AS g ON g.organisation_id = u.district_id WHERE g.person_id = $2 AND s.to_day IS NULL)`
		default:
			continue
		}
		if n := number(t, d, due, now.Day(), p.PersonID); n == 0 {
			t.Errorf("%s has nothing to do", p.Email)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func ahead(t *testing.T, d *db.DB) {
	for what, query := range map[string]string{
		"account":    `SELECT COUNT(*) FROM account WHERE opened_on > $1`,
		"completion": `SELECT COUNT(*) FROM completion WHERE completed_on > $1`,
		"answer":     `SELECT COUNT(*) FROM response WHERE answered_on > $1`,
		"held day":   `SELECT COUNT(*) FROM course_day WHERE day > $1 AND held_at IS NOT NULL`,
		"approval":   `SELECT COUNT(*) FROM enrolment WHERE approved_on > $1`,
		"recruiting": `SELECT COUNT(*) FROM trainer WHERE recruited_on > $1`,
		"grant":      `SELECT COUNT(*) FROM role_grant WHERE from_day > $1`,
		"job":        `SELECT COUNT(*) FROM employment WHERE from_day > $1`,
	} {
		if n := number(t, d, query, now.Day()); n > 0 {
			t.Errorf("%s: %d ahead of now", what, n)
		}
	}
	for what, query := range map[string]string{
		"event":     `SELECT COUNT(*) FROM round_event WHERE happened_at > $1`,
		"mark":      `SELECT COUNT(*) FROM attendance WHERE marked_at > $1`,
		"enrolment": `SELECT COUNT(*) FROM enrolment WHERE enrolled_at > $1`,
		"exemption": `SELECT COUNT(*) FROM fee_exemption WHERE granted_at > $1`,
		"record":    `SELECT COUNT(*) FROM completion WHERE recorded_at > $1`,
		"person":    `SELECT COUNT(*) FROM person WHERE created_at > $1`,
		"progress":  `SELECT COUNT(*) FROM progress WHERE changed_at > $1`,
	} {
		if n := number(t, d, query, now); n > 0 {
			t.Errorf("%s: %d ahead of now", what, n)
		}
	}
}

func states(t *testing.T, d *db.DB) {
	today := now.Day()
	for what, condition := range map[string]string{
		"today": `EXISTS (SELECT 1 FROM course_day AS d JOIN enrolment AS n ON n.round_id = d.round_id JOIN person AS p ON p.id = n.person_id
			JOIN day_trainer AS h ON h.course_day_id = d.id JOIN person AS t ON t.id = h.person_id
			WHERE d.round_id = r.id AND d.day = $1 AND d.starts = '15:00' AND d.ends = '22:00' AND d.held_at IS NULL
			AND p.email = 'medarbetare@example.org' AND t.email = 'utbildare@example.org')`,
		"planned":      `r.published_at IS NULL`,
		"not yet open": `r.published_at IS NOT NULL AND r.signup_from > $1`,
		"open":         `r.published_at IS NOT NULL AND r.cancelled_at IS NULL AND r.signup_from <= $1 AND r.signup_until >= $1`,
		"full":         `r.first_day > $1 AND r.capacity = (SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL)`,
		"nearly full":  `r.signup_until >= $1 AND r.capacity - 1 = (SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL)`,
		"cancelled":    `r.first_day > $1 AND r.cancelled_at IS NOT NULL`,
		"unmarked":     `r.last_day < $1 AND r.cancelled_at IS NULL AND EXISTS (SELECT 1 FROM course_day AS d WHERE d.round_id = r.id AND d.held_at IS NULL)`,
		"to approve": `r.last_day < $1 AND r.last_day > '2026-11-01' AND NOT EXISTS (SELECT 1 FROM course_day AS d WHERE d.round_id = r.id AND d.held_at IS NULL)
			AND NOT EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = r.id AND n.approved_on IS NOT NULL)`,
	} {
		if n := number(t, d, `SELECT COUNT(*) FROM round AS r WHERE r.region_id = 20 AND (r.first_day > $1 OR r.first_day <= $1) AND `+condition, today); n == 0 {
			t.Errorf("no round is %s", what)
		}
	}
	if n := number(t, d, `SELECT COUNT(*) FROM round WHERE region_id IS NULL AND signup_until > $1`, today); n == 0 {
		t.Error("no national round is open")
	}
	for journey, least := range map[string]int{"skadligt-bruk-och-beroende": 70, "aldre-utforare": 300} {
		if n := number(t, d, `SELECT COUNT(*) FROM account AS a JOIN journey AS j ON j.id = a.journey_id AND j.slug = $1`, journey); n < least {
			t.Errorf("%s: %d accounts", journey, n)
		}
	}
}

// lessons are begun, half done and done; nobody is in two editions of a course.
func lessons(t *testing.T, d *db.DB) {
	for what, query := range map[string]string{
		"course with content of a journey with people that nobody has begun": `SELECT COUNT(*) FROM edition_content AS c WHERE NOT EXISTS (SELECT 1 FROM study AS s WHERE s.edition_id = c.edition_id)
			AND EXISTS (SELECT 1 FROM edition AS e JOIN course_journey AS j ON j.course_id = e.course_id JOIN account AS a ON a.journey_id = j.journey_id WHERE e.id = c.edition_id)`,
		"task done in another edition":         `SELECT COUNT(*) FROM progress AS p JOIN task AS t ON t.id = p.task_id WHERE NOT EXISTS (SELECT 1 FROM study AS s WHERE s.person_id = p.person_id AND s.edition_id = t.edition_id)`,
		"reflection that is shared by mistake": `SELECT COUNT(*) FROM progress AS p JOIN task AS t ON t.id = p.task_id WHERE p.shared AND (t.kind <> 'reflection' OR p.answer = '')`,
	} {
		if n := number(t, d, query); n > 0 {
			t.Errorf("%d: %s", n, what)
		}
	}
	for what, query := range map[string]string{
		"begun and not done":           `SELECT COUNT(*) FROM progress WHERE done_at IS NULL`,
		"quiz tried":                   `SELECT COUNT(*) FROM progress WHERE tries > 0`,
		"reflection shared":            `SELECT COUNT(*) FROM progress WHERE shared`,
		"reflection kept to oneself":   `SELECT COUNT(*) FROM progress AS p JOIN task AS t ON t.id = p.task_id WHERE t.kind = 'reflection' AND NOT p.shared`,
		"preparation that is all done": `SELECT COUNT(*) FROM study AS s WHERE NOT EXISTS (SELECT 1 FROM task AS t LEFT JOIN progress AS p ON p.task_id = t.id AND p.person_id = s.person_id WHERE t.edition_id = s.edition_id AND t.phase = 'preparation' AND t.required AND p.done_at IS NULL)`,
	} {
		if n := number(t, d, query); n == 0 {
			t.Errorf("there is no %s", what)
		}
	}
}

func choices(t *testing.T, d *db.DB) {
	same(t, [][]string{
		{"authority", "65000", "40000", "150", "100", "kept"},
		{"manager", "45000", "20000", "150", "100", "shared"},
	}, asked(t, d, 6, `SELECT kind, fee_ore, pot_ore, lead_weight, trainer_weight, rss_rule FROM tariff WHERE region_id = 20 ORDER BY kind`))
	if n := number(t, d, `SELECT COUNT(*) FROM course_delivery WHERE region_id = 20 AND delivery = 'national'`); n != 3 {
		t.Errorf("%d courses are national in Dalarna", n)
	}
}

var everyTable = []string{
	"organisation", "person", "employment", "role_grant", "account", "account_role", "account_step", "course", "course_delivery", "round",
	"course_day", "day_trainer", "enrolment", "attendance", "round_event", "trainer", "completion", "survey", "response", "published_result",
	"edition_content", "study", "progress", "tariff", "fee_exemption", "printed_figure",
}

func twice(t *testing.T, d *db.DB) {
	count := func() map[string]int {
		all := map[string]int{}
		for _, table := range everyTable {
			all[table] = number(t, d, `SELECT COUNT(*) FROM `+table)
			if all[table] == 0 {
				t.Errorf("%s is empty", table)
			}
		}
		return all
	}
	before := count()
	must(t, demo.Load(ctx, d, file.Open(t.TempDir()), now.Day().AddDate(0, 2, 0).At(8, 0)))
	if diff := cmp.Diff(before, count()); diff != "" {
		t.Error(diff)
	}
}

func TestTheDemoIsNotMixedWithOtherPeople(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, organisation.Install(ctx, d))
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: "Test", FamilyName: "Person"}, 2080, 20_000, "", now)
			return err
		}))
		if err := demo.Load(ctx, d, file.Open(t.TempDir()), now); !errors.Is(err, demo.ErrOthers) {
			t.Errorf("got %v", err)
		}
		if n := number(t, d, `SELECT COUNT(*) FROM person`); n != 1 {
			t.Errorf("%d people", n)
		}
		all, err := demo.Personas(ctx, d.Reader())
		if err != nil || len(all) > 0 {
			t.Errorf("personas: %v, %v", all, err)
		}
	})
}
