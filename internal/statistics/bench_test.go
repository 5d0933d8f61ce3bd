package statistics_test

import (
	"context"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/statistics"
)

// fill makes a national data set without names: as many people as asked for,
// spread over the municipalities by inhabitants, one in ten of them having moved
// once, each with an account in one journey (two thirds of them in Äldre), a
// role, a step, and three to four completions.
func fill(tb testing.TB, d *db.DB, people int) {
	tb.Helper()
	ctx := context.Background()
	if err := organisation.Install(ctx, d); err != nil {
		tb.Fatal(err)
	}
	if err := catalogue.Install(ctx, d); err != nil {
		tb.Fatal(err)
	}
	run := func(query string, args ...any) {
		if err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, query, args...)
			return err
		}); err != nil {
			tb.Fatalf("%v\n%s", err, query)
		}
	}
	run(`INSERT INTO course (id, slug, name, days, sort_key)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
		SELECT 100 + i, 'kurs-' || i, 'Kurs ' || i, 1, x'01' FROM n`)
	run(`INSERT INTO course_journey (course_id, journey_id, step_id, ordinal)
		SELECT c.id, j.id, (SELECT MIN(s.id) FROM step AS s WHERE s.journey_id = j.id), c.id
		FROM course AS c
		JOIN journey AS j ON j.slug = CASE WHEN c.id > 110 THEN 'aldre-utforare' ELSE 'barn-och-unga' END
		WHERE c.id > 100`)
	run(`INSERT INTO edition (course_id, number, published_on) SELECT id, 1, '2023-01-01' FROM course WHERE id > 100`)
	run(`CREATE TABLE place AS
		SELECT m.id AS municipality_id, m.region_id,
			SUM(i.people) OVER (ORDER BY m.id) - i.people AS low,
			SUM(i.people) OVER (ORDER BY m.id) AS high
		FROM organisation AS m JOIN inhabitants AS i ON i.municipality_id = m.id AND i.year = 2025
		WHERE m.kind = 'municipality'`)
	run(`CREATE TABLE filler AS
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		SELECT i AS id, (i * 7919) % (SELECT MAX(high) FROM place) AS spot, (i * 104729) % 1000 AS die FROM n`, people)
	run(`INSERT INTO person (id, given_name, family_name, email, sort_key, created_at)
		SELECT id, 'Förnamn', 'Efternamn', 'p' || id || '@example.org', x'01', 0 FROM filler`)
	run(`CREATE TABLE placed AS
		SELECT f.id, f.die, p.municipality_id, p.region_id
		FROM filler AS f JOIN place AS p ON f.spot >= p.low AND f.spot < p.high`)
	run(`INSERT INTO employment (person_id, organisation_id, region_id, municipality_id, from_day, to_day, sort_key)
		SELECT id, municipality_id, region_id, municipality_id, date('2022-01-01', '+' || die || ' days'), NULL, x'01' FROM placed`)
	run(`INSERT INTO employment (person_id, organisation_id, region_id, municipality_id, from_day, to_day, sort_key)
		SELECT id, 2080, 20, 2080, '2020-01-01', '2021-12-31', x'01' FROM placed WHERE die % 10 = 3`)
	run(`INSERT INTO account (id, person_id, journey_id, opened_on)
		SELECT p.id, p.id, j.id, date('2023-01-01', '+' || die || ' days')
		FROM placed AS p JOIN journey AS j ON j.slug = CASE
			WHEN die < 660 THEN 'aldre-utforare' WHEN die < 900 THEN 'funktionshinder-utforare'
			WHEN die < 980 THEN 'barn-och-unga' WHEN die < 990 THEN 'skadligt-bruk-och-beroende'
			ELSE 'funktionshinder-myndighet' END`)
	run(`INSERT INTO account_role (account_id, role, from_day)
		SELECT a.id, CASE WHEN a.id % 15 = 0 THEN 'manager' ELSE 'employee' END, a.opened_on FROM account AS a`)
	run(`INSERT INTO account_role (account_id, role, from_day)
		SELECT a.id, 'trainer', a.opened_on FROM account AS a WHERE a.id % 50 = 1`)
	run(`INSERT INTO account_step (account_id, step_id, from_day)
		SELECT a.id, s.id, a.opened_on FROM account AS a JOIN step AS s ON s.id = (
			SELECT MIN(id) FROM step WHERE journey_id = a.journey_id) WHERE a.id % 15 <> 0`)
	run(`INSERT INTO completion (person_id, course_id, completed_on, source, recorded_at)
		SELECT a.person_id, cj.course_id, date(a.opened_on, '+' || (cj.ordinal * 7) || ' days'), 'import', 0
		FROM account AS a
		JOIN course_journey AS cj ON cj.journey_id = a.journey_id AND (a.id + cj.ordinal) % 10 < 4`)
	for _, table := range []string{"place", "filler", "placed"} {
		run("DROP TABLE " + table)
	}
	run("ANALYZE")
}

// BenchmarkTables asks for the tables of 300 000 people: anew, as after a change
// in every municipality, and again.
func BenchmarkTables(b *testing.B) {
	d := dbtest.Open(b, dbtest.SQLite(b))
	fill(b, d, 300_000)
	ctx, q, system, day := context.Background(), d.Reader(), access.System(), clock.Date(2025, 12, 31)
	journey, err := catalogue.JourneyBySlug(ctx, q, "aldre-utforare")
	if err != nil {
		b.Fatal(err)
	}
	region := func(id int64) func() error {
		return func() error {
			if _, err := statistics.Accounts(ctx, q, system, id, journey.ID, day); err != nil {
				return err
			}
			_, err := statistics.Completions(ctx, q, system, id, journey.ID, day)
			return err
		}
	}
	nation := func() error {
		_, _, err := statistics.Nation(ctx, q, system, journey.ID, day)
		return err
	}
	for _, table := range []struct {
		name string
		ask  func() error
		anew string // which municipalities have changed
	}{
		{"Dalarna/anew", region(20), "TRUE"},
		{"Dalarna/again", region(20), "FALSE"},
		{"Storstockholm/anew", region(2), "TRUE"},
		{"Storstockholm/again", region(2), "FALSE"},
		{"Sweden/anew", nation, "TRUE"},
		{"Sweden/one municipality anew", nation, "municipality_id = 2080"},
		{"Sweden/again", nation, "FALSE"},
	} {
		b.Run(table.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				if err := d.Write(ctx, func(tx *db.Tx) error {
					_, err := tx.ExecContext(ctx, "UPDATE figure_stamp SET stamp = random() WHERE "+table.anew)
					return err
				}); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				if err := table.ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
