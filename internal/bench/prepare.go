package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/seed"
)

// country is a filled database with people who are signed in.
type country struct {
	address    string
	postmaster int    // the first process of the database's server; 0 without one on this machine
	cookie     string // the name of the session's
	people     map[access.Role][]person
	about      about
}

// about is what is in the database.
type about struct {
	People, Completions, CourseDays, SignedIn int
	Bytes                                     int64
	Seeded                                    time.Duration // 0 when it was used again
}

// prepare fills a database, or takes the one that a run before has filled, and
// signs people in.
func prepare(ctx context.Context, o options, program string) (country, error) {
	c := country{people: map[access.Role][]person{}}
	now := clock.System().Day()
	year, month, _ := now.Date()
	key, err := cacheKey(o, year, month)
	if err != nil {
		return c, err
	}
	switch db.Engine(o.engine) {
	case db.SQLite:
		c.address, c.about.Seeded, err = sqliteCountry(ctx, o, key, clock.Date(year, month, 1))
	case db.Postgres:
		c.address, c.about.Seeded, err = postgresCountry(ctx, o, key, clock.Date(year, month, 1))
	default:
		err = fmt.Errorf("engine %q: want sqlite or postgres", o.engine)
	}
	if err != nil {
		return c, err
	}
	migrate := exec.CommandContext(ctx, program, "migrate", "--db", c.address)
	migrate.Stderr = os.Stderr
	if err := migrate.Run(); err != nil {
		return c, fmt.Errorf("migrate the database: %w", err)
	}
	d, err := db.Open(ctx, c.address)
	if err != nil {
		return c, err
	}
	err = errors.Join(c.count(ctx, d), c.find(ctx, d, now), c.signIn(ctx, d), c.watch(ctx, d), d.Close())
	if err == nil && o.people >= 10_000 && c.about.SignedIn < 1000 {
		err = fmt.Errorf("only %d people are signed in, want 1000", c.about.SignedIn)
	}
	return c, err
}

// cacheKey names what is in a filled database: the same key, the same rows in
// the same tables. A country is seen from the first of the month, so that its
// coming term is still to come.
func cacheKey(o options, year int, month time.Month) (string, error) {
	migrations, err := filepath.Glob("internal/db/migrations/" + o.engine + "/*.sql")
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	for _, name := range migrations {
		text, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		hash.Write(text)
	}
	return fmt.Sprintf("country_%d_%d_%d%02d_%x", seed.Version, o.people, year, month, hash.Sum(nil)[:4]), nil
}

func sqliteCountry(ctx context.Context, o options, key string, day clock.Day) (string, time.Duration, error) {
	file := filepath.Join(o.dir, key+".db")
	if _, err := os.Stat(file); err == nil {
		return "sqlite:" + file, 0, nil
	}
	old, err := filepath.Glob(filepath.Join(o.dir, "country_*"))
	if err != nil {
		return "", 0, err
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			return "", 0, err
		}
	}
	part := file + ".part"
	took, err := fill(ctx, "sqlite:"+part, o, day)
	if err != nil {
		return "", 0, err
	}
	return "sqlite:" + file, took, os.Rename(part, file)
}

func postgresCountry(ctx context.Context, o options, key string, day clock.Day) (string, time.Duration, error) {
	if o.postgres == "" {
		return "", 0, errors.New("--postgres is missing: scripts/with-postgres go run ./internal/bench --engine postgres")
	}
	address, err := url.Parse(o.postgres)
	if err != nil {
		return "", 0, err
	}
	server, err := db.Open(ctx, o.postgres)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = server.Close() }() // nothing was left open
	there, err := db.Row(ctx, server.Reader(), db.One[bool], `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`, key)
	if err != nil {
		return "", 0, err
	}
	if !there {
		if _, err := server.Pool().ExecContext(ctx, "CREATE DATABASE "+key); err != nil {
			return "", 0, err
		}
	}
	address.Path = "/" + key
	took, err := fill(ctx, address.String(), o, day)
	if errors.Is(err, seed.ErrNotEmpty) {
		return address.String(), 0, nil
	}
	if err != nil {
		return "", 0, err
	}
	// As the server itself does with a while: who measures at once would measure
	// that work too.
	filled, err := db.Open(ctx, address.String())
	if err != nil {
		return "", 0, err
	}
	_, err = filled.Pool().ExecContext(ctx, "VACUUM ANALYZE")
	return address.String(), took, errors.Join(err, filled.Close())
}

// watch finds the processes of a database server on this machine.
func (c *country) watch(ctx context.Context, d *db.DB) error {
	if d.Engine != db.Postgres {
		return nil
	}
	backend, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT pg_backend_pid()`)
	if err != nil {
		return err
	}
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", backend))
	if err != nil || !strings.HasPrefix(string(name), "postgres") {
		return nil //nolint:nilerr // it runs elsewhere, and what it uses is not ours to count
	}
	s, err := statOf(backend)
	c.postmaster = s.parent
	return err
}

// fill seeds the database and tells how long that took.
func fill(ctx context.Context, address string, o options, day clock.Day) (time.Duration, error) {
	d, err := db.Open(ctx, address)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	err = d.Migrate(ctx)
	if err == nil {
		err = seed.Fill(ctx, d, seed.Options{People: o.people, Now: day.At(6, 0)}, progressBar)
	}
	took := time.Since(began)
	if errors.Is(err, seed.ErrNotEmpty) {
		took = 0
	}
	return took, errors.Join(err, d.Close())
}

func progressBar(done, total int, what string) {
	const width = 40
	full := width * done / total
	end := ""
	if done == total {
		end = "\n"
	}
	fmt.Fprintf(os.Stderr, "\r[%s%s] %3d %%  %-16s%s", strings.Repeat("#", full), strings.Repeat(" ", width-full), 100*done/total, what, end)
}

func (c *country) count(ctx context.Context, d *db.DB) error {
	for count, query := range map[*int]string{
		&c.about.People:      `SELECT COUNT(*) FROM person`,
		&c.about.Completions: `SELECT COUNT(*) FROM completion`,
		&c.about.CourseDays:  `SELECT COUNT(*) FROM course_day`,
	} {
		var err error
		if *count, err = db.Row(ctx, d.Reader(), db.One[int], query); err != nil {
			return err
		}
	}
	size := `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`
	if d.Engine == db.Postgres {
		size = `SELECT pg_database_size(current_database())`
	}
	var err error
	c.about.Bytes, err = db.Row(ctx, d.Reader(), db.One[int64], size)
	return err
}

// most is how many people of each role sign in.
var most = map[access.Role]int{
	access.Employee: 1000, access.Manager: 400, access.MunicipalAdmin: 290, access.Regional: 50, access.National: 5,
}

// roundsEach is how many of a region's newest rounds its people look at.
const roundsEach = 30

// find chooses people who hold their role on the day, spread over the country,
// where there are rounds to look at; managers who have somebody to manage.
func (c *country) find(ctx context.Context, d *db.DB, day clock.Day) error {
	type place struct{ region, id int64 }
	rows, err := db.Rows(ctx, d.Reader(), func(p *place) []any { return []any{&p.region, &p.id} }, `
		SELECT
			r.region_id,
			r.id
		FROM round AS r
		WHERE r.region_id IS NOT NULL
		AND r.confirmed_at IS NOT NULL
		AND r.last_day < $1
		AND EXISTS (SELECT 1 FROM enrolment AS e WHERE e.round_id = r.id AND e.withdrawn_at IS NULL)
		ORDER BY r.first_day DESC, r.id`, day)
	if err != nil {
		return err
	}
	rounds := map[int64][]int64{}
	for _, r := range rows {
		if len(rounds[r.region]) < roundsEach {
			rounds[r.region] = append(rounds[r.region], r.id)
		}
	}
	type row struct {
		person
		region int64
	}
	for role, limit := range most {
		found, err := db.Rows(ctx, d.Reader(), func(r *row) []any {
			return []any{&r.id, &r.name, &r.region, &r.person.region}
		}, `
			SELECT
				p.id,
				TRIM(p.given_name || ' ' || p.family_name),
				COALESCE(e.region_id, 0),
				COALESCE(o.slug, '')
			FROM person AS p
			LEFT JOIN employment AS e ON e.person_id = p.id AND e.from_day <= $2 AND (e.to_day IS NULL OR e.to_day >= $2)
			LEFT JOIN organisation AS o ON o.id = e.region_id
			WHERE CASE $1
				WHEN 'employee' THEN e.municipality_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM role_grant AS g WHERE g.person_id = p.id)
				ELSE EXISTS (SELECT 1 FROM role_grant AS g WHERE g.person_id = p.id AND g.role = $1 AND g.from_day <= $2
					AND (g.to_day IS NULL OR g.to_day >= $2))
			END
			AND ($1 <> 'manager' OR EXISTS (
				SELECT 1
				FROM role_grant AS g
				JOIN employment AS staff ON staff.organisation_id = g.organisation_id AND staff.person_id <> p.id
				WHERE g.person_id = p.id
				AND g.role = 'manager'
				AND staff.from_day <= $2
				AND staff.to_day IS NULL))
			ORDER BY (p.id * 7919) % 104729, p.id
			LIMIT $3`, string(role), day, limit)
		if err != nil {
			return err
		}
		for _, f := range found {
			f.rounds = rounds[f.region]
			if role == access.Employee {
				if f.lesson, err = lessonsOf(ctx, d, f.id, day); err != nil {
					return err
				}
				if len(f.lesson) == 0 {
					continue
				}
			}
			if role == access.National || len(f.rounds) > 0 {
				c.people[role] = append(c.people[role], f.person)
			}
		}
	}
	return c.findPlanners(ctx, d, day)
}

// findPlanners finds those who answer for many.
func (c *country) findPlanners(ctx context.Context, d *db.DB, day clock.Day) error {
	var err error
	if c.people[planner], err = administrators(ctx, d, day, 6000); err != nil {
		return err
	}
	if c.people[listOf3000], err = administrators(ctx, d, day, 3000); err != nil {
		return err
	}
	c.people[managerOf60], err = db.Rows(ctx, d.Reader(), func(p *person) []any { return []any{&p.id, &p.name} }, `
		SELECT
			p.id,
			TRIM(p.given_name || ' ' || p.family_name)
		FROM role_grant AS g
		JOIN employment AS e ON e.organisation_id = g.organisation_id AND e.from_day <= $1 AND (e.to_day IS NULL OR e.to_day >= $1)
		JOIN person AS p ON p.id = g.person_id
		WHERE g.role = 'manager'
		AND g.from_day <= $1
		AND (g.to_day IS NULL OR g.to_day >= $1)
		GROUP BY p.id, p.given_name, p.family_name
		ORDER BY ABS(COUNT(*) - 60), p.id
		LIMIT 20`, day)
	if err == nil && (len(c.people[planner]) == 0 || len(c.people[managerOf60]) == 0) {
		err = errors.New("nobody plans for a municipality, or leads anybody")
	}
	return err
}

// administrators are those of the municipality with nearest to so many employees.
func administrators(ctx context.Context, d *db.DB, day clock.Day, employees int) ([]person, error) {
	return db.Rows(ctx, d.Reader(), func(p *person) []any { return []any{&p.id, &p.name, &p.town} }, `
		SELECT
			p.id,
			TRIM(p.given_name || ' ' || p.family_name),
			t.slug
		FROM (
			SELECT o.id, o.slug
			FROM organisation AS o
			JOIN employment AS e ON e.municipality_id = o.id AND e.from_day <= $1 AND (e.to_day IS NULL OR e.to_day >= $1)
			WHERE o.id IN (SELECT organisation_id FROM role_grant WHERE role = 'municipal_admin')
			GROUP BY o.id, o.slug
			ORDER BY ABS(COUNT(*) - $2), o.id
			LIMIT 1
		) AS t
		JOIN role_grant AS g ON g.organisation_id = t.id AND g.role = 'municipal_admin' AND g.from_day <= $1 AND (g.to_day IS NULL OR g.to_day >= $1)
		JOIN person AS p ON p.id = g.person_id`, day, employees)
}

// lessonsOf are courses that the person has begun, then others of their journeys.
func lessonsOf(ctx context.Context, d *db.DB, personID int64, day clock.Day) ([]string, error) {
	return db.Rows(ctx, d.Reader(), db.One[string], `
		SELECT c.slug
		FROM course AS c
		LEFT JOIN study AS s ON s.course_id = c.id AND s.person_id = $1
		WHERE (s.edition_id IS NOT NULL OR c.id IN (
			SELECT j.course_id
			FROM account AS a
			JOIN course_journey AS j ON j.journey_id = a.journey_id
			WHERE a.person_id = $1
		))
		AND EXISTS (SELECT 1 FROM edition AS e WHERE e.course_id = c.id AND e.published_on <= $2)
		ORDER BY s.started_at IS NULL, s.started_at DESC, c.id
		LIMIT 4`, personID, day)
}

// signIn makes a session for each of them, as signing in does.
func (c *country) signIn(ctx context.Context, d *db.DB) error {
	if err := d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM session`)
		return err
	}); err != nil {
		return err
	}
	sessions := identity.NewSessions(d, clock.System, false)
	c.cookie = sessions.Cookie.Name
	different := map[int64]bool{}
	for _, people := range c.people {
		for i := range people {
			session, err := sessions.Load(ctx, "")
			if err != nil {
				return err
			}
			if err := sessions.SignIn(session, people[i].id, ""); err != nil {
				return err
			}
			if people[i].token, _, err = sessions.Commit(session); err != nil {
				return err
			}
			different[people[i].id] = true
		}
	}
	c.about.SignedIn = len(different)
	if len(different) == 0 {
		return fault.NotFound
	}
	return nil
}
