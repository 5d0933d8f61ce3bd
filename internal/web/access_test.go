package web_test

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/demo"
	"yrkesresan/internal/file"
	"yrkesresan/internal/history"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/material"
	"yrkesresan/internal/municipalgroup"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/studytime"
	"yrkesresan/internal/tablet"
	"yrkesresan/internal/web"
)

// Who may open what is written by hand in testdata/access.txt, for people to
// read. This test walks every route in every role and compares; a route without
// its lines fails.

// roles are the columns of the table with the persona that visits for each.
var roles = []struct{ name, email string }{
	{"nobody", ""},
	{"employee", "medarbetare@example.org"},
	{"manager", "chef@example.org"},
	{"trainer", "utbildare@example.org"},
	{"district", "stadsdel@example.org"},
	{"mun_admin", "kommunadministrator@example.org"},
	{"regional", "regional@example.org"},
	{"steering", "styrgrupp@example.org"},
	{"producer", "producent@example.org"},
	{"national", "nationell@example.org"},
	{"reader", "socialstyrelsen@example.org"},
	{"operator", "drift@example.org"},
}

// expectation is a line: a route, where the thing in its address is, and the
// status per role.
type expectation struct {
	method, path, where string
	line                int
	status              []int
}

func readExpectations(t *testing.T) []expectation {
	t.Helper()
	file, err := os.Open("testdata/access.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []expectation
	scanner := bufio.NewScanner(file)
	for n := 1; scanner.Scan(); n++ {
		words := strings.Fields(scanner.Text())
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if words[0] == "METHOD" {
			for i, role := range roles {
				if words[3+i] != role.name {
					t.Fatalf("line %d: column %d is %s, want %s", n, 3+i, words[3+i], role.name)
				}
			}
			continue
		}
		if len(words) != 3+len(roles) {
			t.Fatalf("line %d has %d words, want %d", n, len(words), 3+len(roles))
		}
		e := expectation{method: words[0], path: words[1], where: words[2], line: n}
		for _, word := range words[3:] {
			status, err := strconv.Atoi(word)
			if err != nil {
				t.Fatalf("line %d: %v", n, err)
			}
			e.status = append(e.status, status)
		}
		all = append(all, e)
	}
	return all
}

func TestEveryRouteAnswersEveryRoleAsExpected(t *testing.T) {
	expectations := readExpectations(t)
	t.Run("every route has its lines", func(t *testing.T) { routesAreListed(t, newSite(t), expectations) })
	t.Run("sqlite", func(t *testing.T) { walk(t, newSite(t), expectations) })
	t.Run("postgres", func(t *testing.T) {
		d := dbtest.Open(t, dbtest.EmptyPostgres(t))
		if err := load(d, file.Open(t.TempDir())); err != nil {
			t.Fatal(err)
		}
		walk(t, siteOver(t, d), expectations)
	})
}

func routesAreListed(t *testing.T, s *site, expectations []expectation) {
	listed := map[string][]string{}
	for _, e := range expectations {
		key := e.method + " " + e.path
		listed[key] = append(listed[key], e.where)
	}
	for _, r := range web.Routes(s.server) {
		key := r.Method + " " + strings.ReplaceAll(r.Path, "{$}", "")
		want := []string{"-"}
		if strings.Contains(r.Path, "{") && !strings.HasSuffix(r.Path, "{$}") {
			want = []string{"own", "neighbour", "parent"}
		}
		if !slices.Equal(listed[key], want) {
			t.Errorf("%s has the lines %v, want %v", key, listed[key], want)
		}
		delete(listed, key)
	}
	for key := range listed {
		t.Errorf("%s is listed but is no route", key)
	}
}

// walk visits as every role. Forms are sent empty, so that what is allowed
// answers with what is missing and changes nothing.
func walk(t *testing.T, s *site, expectations []expectation) {
	if err := demo.Load(context.Background(), s.db, s.server.Files, demoNow); err != nil { // the files of its courses
		t.Fatal(err)
	}
	wrong := 0
	for i, role := range roles {
		places := placesOf(s, role.name)
		for _, e := range expectations {
			// Each visit has a session of its own: some routes end it.
			v := s.nobody()
			if role.email != "" {
				v = s.as(role.email)
			}
			path := places[e.where].fill(e.path)
			var a answer
			if e.method == http.MethodGet {
				a = v.get(path)
			} else {
				a = v.post(path, url.Values{})
			}
			if id := twice(a.body); a.status == http.StatusOK && id != "" {
				t.Errorf("%s as %s has the id %q twice", path, role.name, id)
			}
			if a.status != e.status[i] {
				wrong++
				t.Errorf("line %d: %s %s as %s (%s): status %d, want %d", e.line, e.method, path, role.name, e.where, a.status, e.status[i])
			}
			if wrong > 60 {
				t.Fatal("too many to list")
			}
		}
	}
}

var ids = regexp.MustCompile(`<[^<>]* id="([^"]*)"`)

// twice is an id that the page has more than once; "" when there is none.
func twice(page string) string {
	known := map[string]bool{}
	for _, id := range ids.FindAllStringSubmatch(page, -1) {
		if known[id[1]] {
			return id[1]
		}
		known[id[1]] = true
	}
	return ""
}

// things are what an address may name.
type things map[string]string

func (p things) fill(path string) string {
	for name, value := range p {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	return path
}

// placesOf are, for a role, a thing of each kind in its own organisation, in a
// neighbouring one of the same level, and in the one above.
//
// Own is: the manager's unit, the district's administrator's district and municipality, the
// municipal administrator's municipality,
// Dalarna for the region's roles. For the nation's roles, which have no
// neighbour, and for those without an office, it is Dalarna too.
func placesOf(s *site, role string) map[string]things {
	region, neighbourRegion := "dalarna", "gavleborg"
	municipality, neighbourMunicipality := "falun", "gavle"
	switch role {
	case "manager":
		neighbourMunicipality = "ludvika"
	case "mun_admin", "district":
		municipality, neighbourMunicipality = "borlange", "ludvika"
	}
	var ownPerson, neighbourPerson string
	const employed = `SELECT MIN(e.person_id) FROM employment AS e JOIN organisation AS o ON o.id = e.organisation_id
		JOIN organisation AS m ON m.id = e.municipality_id JOIN organisation AS r ON r.id = e.region_id
		WHERE e.to_day IS NULL
		AND EXISTS (SELECT 1 FROM account AS a WHERE a.person_id = e.person_id AND a.closed_on IS NULL)
		AND EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = e.person_id AND c.revoked_at IS NULL)
		AND NOT EXISTS (SELECT 1 FROM person AS p WHERE p.id = e.person_id AND p.email NOT LIKE '%.%@%') `
	text := func(query string, args ...any) string { return strconv.FormatInt(s.id(query, args...), 10) }
	const timeIn = `SELECT COALESCE(MIN(t.id), 999999) FROM study_time AS t JOIN employment AS e ON e.person_id = t.person_id AND e.to_day IS NULL
		JOIN organisation AS m ON m.id = t.employer_id WHERE t.taken_back_at IS NULL AND t.had IS NOT NULL `
	const unitOf = `SELECT MIN(d.unit_id) FROM district_unit AS d WHERE d.district_id = $1`
	north, south := districtsOf(s, "borlange")
	switch role {
	case "district":
		ownPerson = text(employed+`AND o.id IN (SELECT unit_id FROM district_unit WHERE district_id = $1)`, north)
		neighbourPerson = text(employed+`AND o.id IN (SELECT unit_id FROM district_unit WHERE district_id = $1)`, south)
	case "manager":
		unit := s.id(`SELECT g.organisation_id FROM role_grant AS g JOIN person AS p ON p.id = g.person_id WHERE p.email = 'chef@example.org'`)
		ownPerson = text(employed+`AND o.id = $1`, unit)
		neighbourPerson = text(employed+`AND o.id <> $1 AND m.slug = 'falun'`, unit)
	case "mun_admin":
		ownPerson = text(employed + `AND m.slug = 'borlange'`)
		neighbourPerson = text(employed + `AND m.slug = 'ludvika'`)
	default:
		ownPerson = text(employed + `AND m.slug = 'falun'`)
		neighbourPerson = text(employed + `AND r.slug = 'gavleborg'`)
	}
	parentPerson := text(`SELECT MIN(e.person_id) FROM employment AS e JOIN organisation AS o ON o.id = e.organisation_id
		WHERE o.kind = 'region' AND o.slug = 'dalarna' AND e.to_day IS NULL`)

	const held = `SELECT MIN(r.id) FROM round AS r JOIN organisation AS o ON o.id = r.region_id
		WHERE r.cancelled_at IS NULL AND r.published_at IS NOT NULL
		AND EXISTS (SELECT 1 FROM course_day AS d WHERE d.round_id = r.id AND d.held_at IS NOT NULL)
		AND EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = r.id AND n.approved_at IS NOT NULL) `
	ownRound := text(held + `AND o.slug = 'dalarna'`)
	if role == "trainer" {
		ownRound = text(`SELECT MIN(d.round_id) FROM course_day AS d JOIN day_trainer AS t ON t.course_day_id = d.id
			JOIN person AS p ON p.id = t.person_id WHERE p.email = 'utbildare@example.org' AND d.held_at IS NOT NULL`)
	}
	neighbourRound := text(held + `AND o.slug = 'gavleborg'`)
	parentRound := text(`SELECT MIN(r.id) FROM round AS r WHERE r.region_id IS NULL AND r.published_at IS NOT NULL AND r.cancelled_at IS NULL
		AND EXISTS (SELECT 1 FROM course_day AS d WHERE d.round_id = r.id AND d.held_at IS NOT NULL)`)

	const managerOf = `SELECT MIN(g.id) FROM role_grant AS g JOIN organisation AS o ON o.id = g.organisation_id
		JOIN organisation AS r ON r.id = o.region_id JOIN organisation AS m ON m.id = o.municipality_id
		WHERE g.role = 'manager' AND g.to_day IS NULL AND (m.slug = $1 OR r.slug = $1)`
	grants := map[string]string{
		"dalarna": text(managerOf, municipality),
		"sverige": text(`SELECT MIN(g.id) FROM role_grant AS g JOIN organisation AS o ON o.id = g.organisation_id WHERE g.role = 'regional' AND o.slug = 'dalarna'`),
	}
	grants["gavleborg"] = text(managerOf, "gavleborg")
	if role == "mun_admin" {
		grants["gavleborg"] = text(managerOf, "falun")
	}
	if role == "district" {
		const managerIn = `SELECT MIN(g.id) FROM role_grant AS g JOIN district_unit AS d ON d.unit_id = g.organisation_id WHERE g.role = 'manager' AND g.to_day IS NULL AND d.district_id = $1`
		grants["dalarna"], grants["gavleborg"] = text(managerIn, north), text(managerIn, south)
	}
	const memberOf = `SELECT MIN(t.id) FROM trainer AS t JOIN organisation AS r ON r.id = t.region_id WHERE t.ended_on IS NULL AND r.slug = $1`
	place := func(region, municipality, person, round string) things {
		district, _ := districtsOf(s, municipality)
		return things{
			"district": strconv.FormatInt(district, 10),
			"region":   region, "municipality": municipality, "person": person, "round": round,
			"day":        text(`SELECT MIN(id) FROM course_day WHERE round_id = $1`, round),
			"enrolment":  text(`SELECT COALESCE(MIN(id), 0) FROM enrolment WHERE round_id = $1 AND approved_at IS NOT NULL`, round),
			"entry":      text(`SELECT COALESCE(MIN(id), 0) FROM queue_entry WHERE ended_at IS NOT NULL AND round_id IN (SELECT o.id FROM round AS o JOIN round AS r ON r.region_id = o.region_id WHERE r.id = $1)`, round),
			"interest":   "0",
			"account":    text(`SELECT COALESCE(MIN(id), 0) FROM account WHERE person_id = $1`, person),
			"completion": text(`SELECT COALESCE(MIN(id), 0) FROM completion WHERE person_id = $1 AND revoked_at IS NULL`, person),
			"code":       "AAAA-BBBB-CCCC-DDDD", // nobody's
			"levelup":    "999999",
			"grant":      grants[region],
			"course":     "bas-1",
			"task":       "ingen",
			"edition":    text(`SELECT MIN(e.id) FROM edition AS e JOIN course AS c ON c.id = e.course_id WHERE c.slug = 'bas-4'`),
			"number":     "2",
			"name":       "ingen.pdf",
			"part":       "exercises",
			"reviewer":   "999999",
			"comment":    "999999",
			"place":      "about",
			"item":       "1",
			"question":   "1",
			"trainer":    text(`SELECT MIN(t.id) FROM trainer AS t JOIN organisation AS r ON r.id = t.region_id WHERE r.slug = 'gavleborg'`),
			"meeting":    "999999",
			"absence":    text(`SELECT MAX(a.id) FROM trainer_absence AS a`), // a colleague's
			"token":      tokenOf(s, region),
			"session":    "nobody-s",
			"letter":     "999999",
			"remark":     "999999",
			"view":       "999999",
			"circular":   circularTo(s, region),
			"feed":       "999999", // nobody's
			"guard":      "999999", // nobody's
			"import":     importOf(s, municipality),
			"history":    historyOf(s, region),
			"group":      groupOf(s, region),
			"out":        text(`SELECT MIN(e.id) FROM edition AS e JOIN course AS c ON c.id = e.course_id WHERE c.slug = 'bas-5'`),
			"foundation": text(`SELECT MIN(id) FROM foundation`),
			"change":     text(`SELECT MIN(id) FROM foundation_change`),
			"tasked":     s.text(`SELECT MIN(c.slug) FROM foundation_task AS t JOIN course AS c ON c.id = t.course_id WHERE t.done_at IS NULL AND t.change_id = (SELECT MIN(id) FROM foundation_change)`),
			"feedback":   text(`SELECT MIN(id) FROM course_feedback WHERE decision = 'open'`),
			"wished":     "999999", // nobody's
			"planned":    text(`SELECT MIN(id) FROM planned_course WHERE state = 'trial'`),
			"unit":       text(`SELECT COALESCE(MIN(u.id), 0) FROM organisation AS u JOIN organisation AS m ON m.id = u.municipality_id WHERE u.kind = 'unit' AND m.slug = $1`, municipality),
			"tablet":     text(`SELECT COALESCE(MIN(t.id), 999999) FROM tablet AS t JOIN organisation AS u ON u.id = t.unit_id JOIN organisation AS m ON m.id = u.municipality_id WHERE t.removed_at IS NULL AND m.slug = $1`, municipality),
			"plan":       text(`SELECT COALESCE(MIN(p.id), 0) FROM rollout AS p JOIN organisation AS m ON m.id = p.municipality_id WHERE m.slug = $1`, municipality),
			"leave": text(`SELECT COALESCE(MAX(l.id), 0) FROM leave AS l JOIN employment AS e ON e.person_id = l.person_id AND e.to_day IS NULL
				JOIN organisation AS m ON m.id = e.municipality_id WHERE m.slug = $1`, municipality),
			"time":     text(timeIn+`AND m.slug = $1`, municipality),
			"project":  projectOf(s, region),
			"wish":     wishOf(s, municipality),
			"material": materialOf(s, region),
			"room":     text(`SELECT COALESCE(MIN(m.id), 0) FROM room AS m JOIN organisation AS o ON o.id = m.region_id WHERE o.slug = $1`, region),
		}
	}
	own := place(region, municipality, ownPerson, ownRound)
	own["course"] = evaluable(s, role)
	own["trainer"] = text(memberOf, "dalarna")
	own["meeting"] = text(`SELECT MAX(m.id) FROM trainer_meeting AS m`)
	own["code"] = s.text(`SELECT MIN(code) FROM certificate`)
	own["levelup"] = text(`SELECT MIN(l.id) FROM level_up AS l JOIN account AS a ON a.id = l.account_id JOIN employment AS e ON e.person_id = a.person_id AND e.to_day IS NULL
		JOIN organisation AS m ON m.id = e.municipality_id AND m.slug NOT IN ('falun', 'borlange')`)
	if role == "manager" {
		own["time"] = text(timeIn + `AND e.organisation_id IN (SELECT g.organisation_id FROM role_grant AS g JOIN person AS p ON p.id = g.person_id WHERE p.email = 'chef@example.org')`)
		own["leave"] = text(`SELECT MIN(l.id) FROM leave AS l JOIN employment AS e ON e.person_id = l.person_id AND e.to_day IS NULL
			JOIN role_grant AS g ON g.organisation_id = e.organisation_id JOIN person AS p ON p.id = g.person_id WHERE p.email = 'chef@example.org'`)
	}
	if address := emailOf(role); address != "" {
		s.as(address) // somewhere else
		own["session"] = s.text(`SELECT MIN(x.token_hash) FROM session AS x JOIN person AS p ON p.id = x.person_id WHERE x.ended_at IS NULL AND p.email = '` + address + `'`)
	}
	own["absence"] = text(`SELECT COALESCE(MIN(a.id), 0) FROM trainer_absence AS a JOIN person AS p ON p.id = a.person_id WHERE p.email = 'utbildare@example.org'`)
	parent := place("sverige", "dalarna", parentPerson, parentRound)
	// Somebody of another region: Dalarna sees its own people's seats anywhere.
	parent["enrolment"] = text(`SELECT MIN(n.id) FROM enrolment AS n WHERE n.round_id = $1 AND n.approved_at IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM employment AS e JOIN organisation AS r ON r.id = e.region_id WHERE e.person_id = n.person_id AND r.slug = 'dalarna')`, parentRound)
	parent["course"], parent["task"] = "bas-3", "valkommen" // a course with content, and with a draft
	parent["edition"] = text(`SELECT MAX(e.id) FROM edition AS e JOIN course AS c ON c.id = e.course_id WHERE c.slug = 'bas-3'`)
	parent["name"] = "trotthet.mp3"
	neighbour := place(neighbourRegion, neighbourMunicipality, neighbourPerson, neighbourRound)
	if role == "district" { // a neighbour is the other district, and what is a municipality's another one's
		const leaveIn = `SELECT COALESCE(MAX(l.id), 0) FROM leave AS l JOIN employment AS e ON e.person_id = l.person_id AND e.to_day IS NULL
			JOIN district_unit AS d ON d.unit_id = e.organisation_id AND d.district_id = $1`
		own["unit"], neighbour["unit"] = text(unitOf, north), text(unitOf, south)
		const timeAt = timeIn + `AND e.organisation_id IN (SELECT unit_id FROM district_unit WHERE district_id = $1)`
		own["time"], neighbour["time"] = text(timeAt, north), text(timeAt, south)
		own["leave"], neighbour["leave"] = text(leaveIn, north), text(leaveIn, south)
		unit := s.id(unitOf, north)
		s.write(func(ctx context.Context, tx *db.Tx) error { // one of its own: to remove it is to have removed it
			_, err := tablet.Make(ctx, tx, access.System(), unit, "Expeditionen", demoNow)
			return err
		})
		own["tablet"] = text(`SELECT MAX(id) FROM tablet`)
		neighbour["district"] = strconv.FormatInt(south, 10)
	}
	return map[string]things{
		"-":         {},
		"own":       own,
		"neighbour": neighbour,
		"parent":    parent,
	}
}

// districtsOf are the first and the last district of the municipality, which gets one when it
// has none.
func districtsOf(s *site, municipality string) (first, last int64) {
	s.t.Helper()
	m, err := organisation.MunicipalityNamed(s.t.Context(), s.db.Reader(), municipality)
	if err != nil {
		return 0, 0
	}
	const found = ` FROM organisation AS o JOIN district AS d ON d.organisation_id = o.id WHERE o.municipality_id = $1`
	if s.id(`SELECT COUNT(*)`+found, m.ID) == 0 {
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := organisation.AddDistrict(ctx, tx, access.System(), m.ID, "Västra", demoNow)
			return err
		})
	}
	return s.id(`SELECT MIN(o.id)`+found, m.ID), s.id(`SELECT MAX(o.id)`+found, m.ID)
}

// materialOf is material for trainers that the region keeps, or the nation: the first of
// the demo, or a new one where it has none.
func materialOf(s *site, slug string) string {
	s.t.Helper()
	const kept = `SELECT COALESCE(MIN(m.id), 0) FROM material AS m LEFT JOIN organisation AS o ON o.id = m.region_id
		WHERE m.audience = 'trainers' AND COALESCE(o.slug, 'sverige') = $1`
	id := s.id(kept, slug)
	if id == 0 {
		region := int64(0)
		if slug != "sverige" {
			region = s.id(`SELECT id FROM organisation WHERE slug = $1`, slug)
		}
		edition := s.id(`SELECT MIN(e.id) FROM edition AS e JOIN course AS c ON c.id = e.course_id WHERE c.slug = 'bas-4'`)
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			id, err = material.Add(ctx, tx, access.System(), material.New{EditionID: edition, RegionID: region, Audience: material.Trainers, Title: "Körschema", URL: "https://example.org/"})
			return err
		})
	}
	return strconv.FormatInt(id, 10)
}

// importOf is a new file of the municipality's staff that waits, with a row that is wrong.
func importOf(s *site, municipality string) string {
	s.t.Helper()
	m, err := organisation.MunicipalityNamed(s.t.Context(), s.db.Reader(), municipality)
	if err != nil {
		return "0"
	}
	i, err := intake.Stage(s.t.Context(), s.db, access.System(), intake.Options{MunicipalityID: m.ID, FileName: "personal.csv"},
		strings.NewReader("staff_id,given_name,email\n1,Nya,\n2,Fel,a@@b\n"), demoNow, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return strconv.FormatInt(i.ID, 10)
}

// wishOf is a wish to teach of somebody who works in the municipality, or in the unit in it where the
// role picker's people hold an office: made when there is none.
func wishOf(s *site, municipality string) string {
	s.t.Helper()
	const in = ` FROM employment AS e JOIN organisation AS m ON m.id = e.municipality_id WHERE e.to_day IS NULL AND e.main AND m.slug = $1
		AND NOT EXISTS (SELECT 1 FROM role_grant AS g WHERE g.person_id = e.person_id)`
	const office = ` AND (e.organisation_id IN (SELECT g.organisation_id FROM role_grant AS g JOIN person AS p ON p.id = g.person_id WHERE p.email = 'chef@example.org')
		OR e.organisation_id IN (SELECT x.unit_id FROM district_unit AS x WHERE x.district_id = (SELECT MIN(d.district_id) FROM district_unit AS d
			JOIN organisation AS u ON u.id = d.unit_id JOIN organisation AS k ON k.id = u.municipality_id WHERE k.slug = $1)))`
	person := s.id(`SELECT COALESCE(MIN(e.person_id), 0)`+in+office, municipality)
	if person == 0 {
		person = s.id(`SELECT COALESCE(MIN(e.person_id), 0)`+in, municipality)
	}
	if person == 0 {
		return "999999"
	}
	const open = `SELECT COALESCE(MAX(id), 0) FROM trainer_wish WHERE agreed IS NULL AND withdrawn_at IS NULL AND person_id = $1`
	if s.id(open, person) == 0 {
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO trainer_wish (person_id, course_id, region_id, wished_at)
				SELECT $1, (SELECT MAX(id) FROM course), region_id, $2 FROM employment WHERE person_id = $1 AND to_day IS NULL AND main`, person, demoNow)
			return err
		})
	}
	return strconv.FormatInt(s.id(open, person), 10)
}

// projectOf is a project of the region with money for time to learn: the demo's, or a new one.
func projectOf(s *site, region string) string {
	s.t.Helper()
	const first = `SELECT COALESCE(MIN(p.id), 999999) FROM learning_project AS p JOIN organisation AS o ON o.id = p.region_id WHERE o.slug = $1`
	r, err := organisation.BySlug(s.t.Context(), s.db.Reader(), organisation.Region, region)
	if err == nil && s.id(first, region) == 999999 {
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := studytime.MakeProject(ctx, tx, access.System(), studytime.Project{RegionID: r.ID, Name: "Projektet", From: demoNow.Day(), Until: demoNow.Day() + 300}, demoNow)
			return err
		})
	}
	return strconv.FormatInt(s.id(first, region), 10)
}

// groupOf is a group of municipalities in the region: the demo's, or a new one where it has none.
func groupOf(s *site, region string) string {
	s.t.Helper()
	r, err := organisation.BySlug(s.t.Context(), s.db.Reader(), organisation.Region, region)
	if err != nil {
		return "ingen"
	}
	const first = ` FROM municipal_group AS g WHERE g.region_id = (SELECT id FROM organisation WHERE kind = 'region' AND slug = '`
	if s.id(`SELECT COUNT(*) FROM municipal_group WHERE region_id = $1`, r.ID) == 0 {
		places, err := organisation.Municipalities(s.t.Context(), s.db.Reader(), r.ID)
		if err != nil {
			s.t.Fatal(err)
		}
		s.write(func(ctx context.Context, tx *db.Tx) error {
			period := clock.Period{From: clock.Date(2026, 1, 1)}
			if _, err := municipalgroup.Make(ctx, tx, access.System(), r.ID, municipalgroup.New{Name: "Gruppen", Period: period}, demoNow); err != nil {
				return err
			}
			id, err := db.Row(ctx, tx, db.One[int64], `SELECT MAX(id) FROM municipal_group`)
			percent := map[int64]int64{}
			for i, m := range places {
				if err == nil {
					err = municipalgroup.Join(ctx, tx, access.System(), id, m.ID, period, demoNow)
				}
				if percent[m.ID] = 0; i == 0 {
					percent[m.ID] = 100
				}
			}
			if err != nil {
				return err
			}
			return municipalgroup.SetShares(ctx, tx, access.System(), id, period.From, percent, demoNow)
		})
	}
	return s.text(`SELECT MIN(g.slug)` + first + region + `')`)
}

// historyOf is a new file of what the region did before that waits, with a row that is wrong.
func historyOf(s *site, region string) string {
	s.t.Helper()
	r, err := organisation.BySlug(s.t.Context(), s.db.Reader(), organisation.Region, region)
	if err != nil {
		return "0"
	}
	places, err := organisation.Municipalities(s.t.Context(), s.db.Reader(), r.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	i, err := history.Stage(s.t.Context(), s.db, access.System(), r.ID, "dagar.csv",
		strings.NewReader("course,round,day,municipality,participants,attended\nbas-1,V,2019-03-04,"+places[0].Slug+",2,1\nbas-1,V,i går,x,2,1\n"), demoNow)
	if err != nil {
		s.t.Fatal(err)
	}
	return strconv.FormatInt(i.ID, 10)
}

// circularTo is a letter from the nation: to the region and not to all, or to all.
func circularTo(s *site, region string) string {
	s.t.Helper()
	query := `SELECT MAX(c.id) FROM circular AS c WHERE (SELECT COUNT(*) FROM circular_region AS r WHERE r.circular_id = c.id) > 20`
	if region != "sverige" {
		query = `SELECT MAX(c.id) FROM circular AS c JOIN circular_region AS r ON r.circular_id = c.id JOIN organisation AS o ON o.id = r.region_id
			WHERE (SELECT COUNT(*) FROM circular_region AS r WHERE r.circular_id = c.id) < 20 AND o.slug = '` + region + `'`
	}
	return strconv.FormatInt(s.id(query), 10)
}

// tokenOf is a new token of the region, or of the nation.
func tokenOf(s *site, slug string) string {
	s.t.Helper()
	org, role := s.id(`SELECT id FROM organisation WHERE slug = $1 AND kind IN ('region', 'nation')`, slug), access.Regional
	if slug == "sverige" {
		role = access.Operator
	}
	if err := s.db.Write(s.t.Context(), func(tx *db.Tx) error {
		_, err := identity.MakeToken(s.t.Context(), tx, access.System(), identity.ForAPI, "Test", role, org, demoNow)
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return strconv.FormatInt(s.id(`SELECT MAX(id) FROM api_token`), 10)
}

// Unknown and foreign things look the same: nobody learns what exists.
func TestUnknownThingsAreAPlainPage(t *testing.T) {
	s := newSite(t)
	v := s.as("regional@example.org")
	for _, path := range []string{"/rounds/999999", "/rounds/x", "/rounds/-1", "/people/0", "/regions/atlantis/pot", "/nowhere", "/days/99999999999999999999/money"} {
		a := v.get(path)
		if a.status != http.StatusNotFound || !strings.Contains(a.body, "Sidan finns inte") {
			t.Errorf("%s: status %d", path, a.status)
		}
	}
}

func TestAFormFromAnotherSiteIsRefused(t *testing.T) {
	s := newSite(t)
	v := s.as("regional@example.org")
	r, err := http.NewRequest(http.MethodPost, "http://example.org/session/end", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", "https://evil.example.net")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if a := v.do(r); a.status != http.StatusForbidden {
		t.Errorf("status %d", a.status)
	}
	if a := v.get("/"); a.status != http.StatusOK {
		t.Errorf("the session is gone: status %d", a.status)
	}
}
