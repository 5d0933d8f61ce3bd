package seed_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/seed"
)

var (
	ctx = context.Background()
	now = clock.Date(2026, time.November, 22).At(12, 0)
)

// tables are all that are filled, each with the order that makes its rows one
// text.
var tables = []struct{ name, order string }{
	{"organisation", "id"}, {"journey", "id"}, {"step", "id"}, {"course", "id"}, {"course_journey", "course_id, journey_id"},
	{"course_delivery", "id"}, {"edition", "id"}, {"person", "id"}, {"employment", "id"}, {"role_grant", "id"}, {"account", "id"},
	{"account_role", "account_id, role, from_day"}, {"account_step", "account_id, from_day"}, {"trainer", "id"}, {"round", "id"},
	{"course_day", "id"}, {"day_trainer", "course_day_id, person_id"}, {"enrolment", "id"}, {"attendance", "course_day_id, enrolment_id"},
	{"fee_exemption", "course_day_id, enrolment_id"}, {"round_event", "id"}, {"completion", "id"}, {"survey", "id"}, {"question", "id"},
	{"answer_option", "id"}, {"response", "id"}, {"response_choice", "response_id"}, {"tariff", "id"},
	{"edition_content", "edition_id"}, {"task", "id"}, {"study", "person_id, course_id"}, {"progress", "person_id, task_id"},
}

// fingerprint is one number for all rows of all tables. It is of this version:
// who changes what is drawn changes seed.Version, too.
func fingerprint(t *testing.T, d *db.DB) string {
	t.Helper()
	hash := sha256.New()
	for _, table := range tables {
		rows, err := d.Pool().Query("SELECT * FROM " + table.name + " ORDER BY " + table.order)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		values, places := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			places[i] = &values[i]
		}
		n := 0
		for ; rows.Next(); n++ {
			if err := rows.Scan(places...); err != nil {
				t.Fatal(err)
			}
			cells := make([]string, len(values))
			for i, v := range values {
				switch v := v.(type) {
				case time.Time:
					cells[i] = fmt.Sprintf("%s=%s ", columns[i], v.Format(time.DateOnly))
				case []byte:
					cells[i] = fmt.Sprintf("%s=%s ", columns[i], v)
				case bool:
					cells[i] = fmt.Sprintf("%s=%d ", columns[i], map[bool]int{true: 1}[v])
				default:
					cells[i] = fmt.Sprintf("%s=%v ", columns[i], v)
				}
			}
			slices.Sort(cells) // the engines have the columns in orders of their own
			fmt.Fprint(hash, strings.Join(cells, ""))
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
		if n == 0 && table.name != "fee_exemption" {
			t.Errorf("%s is empty", table.name)
		}
		fmt.Fprintf(hash, "%s %d\n", table.name, n)
	}
	return hex.EncodeToString(hash.Sum(nil)[:8])
}

func TestTheSameOptionsGiveTheSameCountryOnEitherEngine(t *testing.T) {
	var prints []string
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		last := 0
		if err := seed.Fill(ctx, d, seed.Options{People: 600, Now: now}, func(done, total int, what string) {
			if done < last || done > total || what == "" {
				t.Errorf("progress %d of %d (%s) after %d", done, total, what, last)
			}
			last = done
		}); err != nil {
			t.Fatal(err)
		}
		prints = append(prints, fingerprint(t, d))
		for what, c := range counts {
			got, err := db.Row(ctx, d.Reader(), db.One[int], c.query)
			if err != nil || got < c.least || got > c.most {
				t.Errorf("%s: %d, %v; want %d to %d", what, got, err, c.least, c.most)
			}
		}
		if err := seed.Fill(ctx, d, seed.Options{People: 600, Now: now}, nil); !errors.Is(err, seed.ErrNotEmpty) {
			t.Errorf("filling it again gives %v", err)
		}
		// What is added by the product goes on after the identities given here.
		for _, insert := range []string{
			`INSERT INTO person (given_name, family_name, sort_key, created_at) VALUES ('Ny', 'Ny', $1, 0)`,
			`INSERT INTO completion (person_id, course_id, completed_on, source, recorded_at, revoked_at) SELECT 1, MIN(id), '2026-01-01', 'web', 0, LENGTH($1) FROM course`,
		} {
			if _, err := d.Pool().Exec(insert, []byte("ny")); err != nil {
				t.Error(err)
			}
		}
	})
	if len(prints) == 2 && prints[0] != prints[1] {
		t.Errorf("the engines hold different countries: %v", prints)
	}
}

// counts are numbers that the country must have, most of them of things that
// may not be.
var counts = map[string]struct {
	query       string
	least, most int
}{
	"people with an account":              {`SELECT COUNT(*) FROM account`, 600, 600},
	"municipalities with somebody":        {`SELECT COUNT(DISTINCT municipality_id) FROM employment WHERE from_day <= '2026-11-22'`, 290, 290},
	"in Barn och unga":                    {`SELECT COUNT(*) FROM account AS a JOIN journey AS j ON j.id = a.journey_id WHERE j.slug = 'barn-och-unga'`, 19, 20},
	"in Funktionshinder utförare":         {`SELECT COUNT(*) FROM account AS a JOIN journey AS j ON j.id = a.journey_id WHERE j.slug = 'funktionshinder-utforare'`, 59, 61},
	"courses":                             {`SELECT COUNT(*) FROM course`, 40, 40},
	"course days":                         {`SELECT COUNT(*) FROM course_day`, 25, 55},
	"completions":                         {`SELECT COUNT(*) FROM completion`, 1800, 2400},
	"addresses outside example.org":       {`SELECT COUNT(*) FROM person WHERE email NOT LIKE '%@example.org'`, 0, 0},
	"units without a manager":             {`SELECT COUNT(*) FROM organisation AS u WHERE u.kind = 'unit' AND NOT EXISTS (SELECT 1 FROM role_grant AS g WHERE g.organisation_id = u.id AND g.role = 'manager')`, 0, 0},
	"municipalities with an admin":        {`SELECT COUNT(DISTINCT organisation_id) FROM role_grant WHERE role = 'municipal_admin'`, 290, 290},
	"regional grants":                     {`SELECT COUNT(*) FROM role_grant WHERE role = 'regional'`, 48, 48},
	"steering grants":                     {`SELECT COUNT(*) FROM role_grant WHERE role = 'steering'`, 24, 24},
	"national grants":                     {`SELECT COUNT(*) FROM role_grant WHERE role IN ('national', 'national_reader', 'producer', 'operator')`, 8, 8},
	"tariffs":                             {`SELECT COUNT(*) FROM tariff`, 84, 84},
	"employments that overlap":            {`SELECT COUNT(*) FROM employment AS a JOIN employment AS b ON b.person_id = a.person_id AND b.from_day > a.from_day WHERE a.to_day IS NULL OR a.to_day >= b.from_day`, 0, 0},
	"employments sorted otherwise":        {`SELECT COUNT(*) FROM employment AS e JOIN person AS p ON p.id = e.person_id WHERE e.sort_key <> p.sort_key`, 0, 0},
	"accounts without a role":             {`SELECT COUNT(*) FROM account AS a WHERE NOT EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id)`, 0, 0},
	"steps of another journey":            {`SELECT COUNT(*) FROM account_step AS s JOIN account AS a ON a.id = s.account_id JOIN step AS st ON st.id = s.step_id WHERE st.journey_id <> a.journey_id`, 0, 0},
	"steps that overlap":                  {`SELECT COUNT(*) FROM account_step AS a JOIN account_step AS b ON b.account_id = a.account_id AND b.from_day > a.from_day WHERE a.to_day IS NULL OR a.to_day >= b.from_day`, 0, 0},
	"rounds with too many seats":          {`SELECT COUNT(*) FROM round AS r WHERE r.capacity < (SELECT COUNT(*) FROM enrolment AS e WHERE e.round_id = r.id AND e.withdrawn_at IS NULL)`, 0, 0},
	"seats before the account":            {`SELECT COUNT(*) FROM enrolment AS e JOIN round AS r ON r.id = e.round_id JOIN account AS a ON a.person_id = e.person_id WHERE a.opened_on > r.signup_until`, 0, 0},
	"approved without every day":          {`SELECT COUNT(*) FROM enrolment AS e WHERE e.approved_on IS NOT NULL AND (SELECT COUNT(*) FROM attendance AS a WHERE a.enrolment_id = e.id AND a.mark IN ('present', 'late')) <> (SELECT COUNT(*) FROM course_day AS d WHERE d.round_id = e.round_id)`, 0, 0},
	"approved without completion":         {`SELECT COUNT(*) FROM enrolment AS e JOIN round AS r ON r.id = e.round_id WHERE e.approved_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = e.person_id AND c.course_id = r.course_id)`, 0, 0},
	"marks of days that are not held":     {`SELECT COUNT(*) FROM attendance AS a JOIN course_day AS d ON d.id = a.course_day_id WHERE d.held_at IS NULL`, 0, 0},
	"marks of another round's seats":      {`SELECT COUNT(*) FROM attendance AS a JOIN course_day AS d ON d.id = a.course_day_id JOIN enrolment AS e ON e.id = a.enrolment_id WHERE e.round_id <> d.round_id OR e.withdrawn_at IS NOT NULL`, 0, 0},
	"days held in the future":             {`SELECT COUNT(*) FROM course_day WHERE held_at IS NOT NULL AND day >= '2026-11-22'`, 0, 0},
	"days to come":                        {`SELECT COUNT(*) FROM course_day WHERE day > '2026-11-22'`, 2, 30},
	"days without a lead trainer":         {`SELECT COUNT(*) FROM course_day AS d WHERE 1 <> (SELECT COUNT(*) FROM day_trainer AS t WHERE t.course_day_id = d.id AND t.role = 'lead_trainer')`, 0, 0},
	"days on which somebody is both":      {`SELECT COUNT(*) FROM day_trainer AS t JOIN course_day AS d ON d.id = t.course_day_id JOIN enrolment AS e ON e.round_id = d.round_id AND e.person_id = t.person_id`, 0, 0},
	"rounds whose days are out of order":  {`SELECT COUNT(*) FROM course_day AS a JOIN course_day AS b ON b.round_id = a.round_id AND b.ordinal > a.ordinal WHERE b.day <= a.day`, 0, 0},
	"rounds with other first or last day": {`SELECT COUNT(*) FROM round AS r WHERE r.first_day <> (SELECT MIN(day) FROM course_day AS d WHERE d.round_id = r.id) OR r.last_day <> (SELECT MAX(day) FROM course_day AS d WHERE d.round_id = r.id)`, 0, 0},
	"completions before the course":       {`SELECT COUNT(*) FROM completion AS c JOIN edition AS e ON e.course_id = c.course_id AND e.number = 1 WHERE c.completed_on < e.published_on`, 0, 0},
	"completions to come":                 {`SELECT COUNT(*) FROM completion WHERE completed_on > '2026-11-22'`, 0, 0},
	"answers about what was not done":     {`SELECT COUNT(*) FROM response AS r JOIN survey AS s ON s.id = r.survey_id WHERE NOT EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = r.person_id AND c.course_id = s.course_id AND c.completed_on <= r.answered_on)`, 0, 0},
	"courses begun":                       {`SELECT COUNT(*) FROM study`, 200, 450},
	"tasks touched":                       {`SELECT COUNT(*) FROM progress`, 1200, 3000},
	"tasks of an edition not begun":       {`SELECT COUNT(*) FROM progress AS p JOIN task AS t ON t.id = p.task_id WHERE NOT EXISTS (SELECT 1 FROM study AS s WHERE s.person_id = p.person_id AND s.edition_id = t.edition_id)`, 0, 0},
	"studies of another course's edition": {`SELECT COUNT(*) FROM study AS s JOIN edition AS e ON e.id = s.edition_id WHERE e.course_id <> s.course_id`, 0, 0},
	"answers to other questions":          {`SELECT COUNT(*) FROM response_choice AS c JOIN response AS r ON r.id = c.response_id JOIN question AS q ON q.id = c.question_id JOIN answer_option AS o ON o.id = c.option_id WHERE q.survey_id <> r.survey_id OR o.question_id <> q.id`, 0, 0},
}

func TestTheSmallestCountryIsPossibleAndASmallerOneIsNot(t *testing.T) {
	if err := seed.Fill(ctx, dbtest.Open(t, dbtest.SQLite(t)), seed.Options{People: seed.MinPeople, Now: now}, nil); err != nil {
		t.Error(err)
	}
	if err := seed.Fill(ctx, dbtest.Open(t, dbtest.SQLite(t)), seed.Options{People: seed.MinPeople - 1, Now: now}, nil); err == nil {
		t.Error("a country with too few people is filled")
	}
}

func TestItCanBeSeenFromAnyDay(t *testing.T) {
	for _, day := range []clock.Day{clock.Date(2024, 1, 2), clock.Date(2025, 7, 1), clock.Date(2028, 12, 31)} {
		d := dbtest.Open(t, dbtest.SQLite(t))
		if err := seed.Fill(ctx, d, seed.Options{People: 900, Now: day.At(0, 1)}, nil); err != nil {
			t.Error(day, err)
		}
		future, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT
			(SELECT COUNT(*) FROM completion WHERE completed_on > $1) + (SELECT COUNT(*) FROM progress WHERE changed_at > $2) + (SELECT COUNT(*) FROM account WHERE opened_on > $1)
			+ (SELECT COUNT(*) FROM course_day WHERE held_at > $2) + (SELECT COUNT(*) FROM enrolment WHERE enrolled_at > $2)
			+ (SELECT COUNT(*) FROM round WHERE published_at > $2 OR confirmed_at > $2 OR cancelled_at > $2)`, day, day.At(0, 1))
		if err != nil || future != 0 {
			t.Errorf("on %s there are %d things from the future, %v", day, future, err)
		}
	}
}
