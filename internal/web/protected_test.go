package web_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/file"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web"
)

// Somebody whose identity is protected has a seat, a place in a queue that waits for a
// manager, a day to hold, a completion with a certificate, a diet, time away, a wish, something
// that they say is wrong, a failed sign-in and a row in a staff file. Then every page,
// download and answer that any role reaches is opened: none says what they are called or at
// which address they are reached, and no row with the alias says where they work. They
// themselves, and those named who gave a reason, still read it.
func TestNoPageTellsWhoIsProtected(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { nobodyTells(t, newSite(t), 3) })
	t.Run("postgres", func(t *testing.T) {
		d := dbtest.Open(t, dbtest.EmptyPostgres(t))
		if err := load(d, file.Open(t.TempDir())); err != nil {
			t.Fatal(err)
		}
		nobodyTells(t, siteOver(t, d), 0) // no further than the routes
	})
}

const protectedName, protectedAddress = "Zyxelqvist", "xaviera@vixen.example.org"

// protectee is the demo's protected person with all of that, and their alias and unit.
func (s *site) protectee() (id int64, alias, unit string) {
	s.t.Helper()
	id = s.id(`SELECT MIN(person_id) FROM protected_person`)
	s.change(`UPDATE protected_person SET given_name = 'Xaviera', family_name = $2 WHERE person_id = $1`, id, protectedName)
	s.change(`UPDATE person SET email = $2 WHERE id = $1`, id, protectedAddress)
	alias = s.text(`SELECT TRIM(given_name || ' ' || family_name) FROM person WHERE id = $1`, id)
	m := s.id(`SELECT municipality_id FROM employment WHERE person_id = $1 AND to_day IS NULL`, id)
	unitID := s.id(`SELECT MIN(id) FROM organisation WHERE kind = 'unit' AND municipality_id = $1`, m)
	unit = "Vixenhusets hemtjänst"
	s.change(`UPDATE organisation SET name = $2 WHERE id = $1`, unitID, unit)
	s.change(`UPDATE employment SET organisation_id = $2 WHERE person_id = $1 AND to_day IS NULL`, id, unitID)
	today := demoNow.Day()
	seated := s.id(`SELECT MIN(n.round_id) FROM enrolment AS n JOIN round AS r ON r.id = n.round_id WHERE n.person_id = $1 AND n.withdrawn_at IS NULL AND r.first_day > $2`, id, today)
	other := s.id(`SELECT MIN(id) FROM round WHERE region_id = 20 AND delivery = 'regional' AND published_at IS NOT NULL AND cancelled_at IS NULL AND first_day > $1 AND id <> $2`, today, seated)
	day := s.id(`SELECT MIN(d.id) FROM course_day AS d WHERE d.round_id = $1`, other)
	s.change(`INSERT INTO queue_entry (round_id, person_id, joined_at, needs_manager) VALUES ($1, $2, $3, TRUE)`, other, id, demoNow)
	s.change(`INSERT INTO day_trainer (course_day_id, person_id, role) VALUES ($1, $2, 'trainer')`, day, id)
	s.change(`INSERT INTO trainer (person_id, region_id, course_id, recruited_on, ready_on) SELECT $1, 20, course_id, $2, $2 FROM round WHERE id = $3`, id, today-200, other)
	s.change(`INSERT INTO round_need (round_id, person_id, diet, access_need, told_at) VALUES ($1, $2, 'vegan', 'slinga', $3)`, seated, id, demoNow)
	s.change(`INSERT INTO leave (person_id, from_day, to_day, told_at) VALUES ($1, $2, $3, $4)`, id, today+10, today+20, demoNow)
	s.change(`INSERT INTO interest (person_id, region_id, course_id, wished_at) SELECT $1, 20, MIN(id), $2 FROM course WHERE id NOT IN (SELECT course_id FROM interest WHERE person_id = $1)`, id, demoNow)
	s.change(`INSERT INTO completion (person_id, course_id, completed_on, source, recorded_at) SELECT $1, MIN(id), $2, 'web', $3 FROM course WHERE id NOT IN (SELECT course_id FROM completion WHERE person_id = $1)`, id, today-30, demoNow)
	s.change(`INSERT INTO certificate (code, person_id, completion_id, issued_at) SELECT 'VIXENVIXENVIXEN2', $1, MAX(id), $2 FROM completion WHERE person_id = $1 AND revoked_at IS NULL`, id, demoNow)
	held := s.id(`SELECT MAX(d.id) FROM course_day AS d JOIN round AS r ON r.id = d.round_id WHERE r.region_id = 20 AND d.held_at IS NOT NULL AND r.delivery = 'regional'
		AND r.id NOT IN (SELECT round_id FROM enrolment WHERE person_id = $1)`, id)
	s.change(`INSERT INTO enrolment (round_id, person_id, enrolled_at) SELECT round_id, $2, $3 FROM course_day WHERE id = $1`, held, id, demoNow)
	s.change(`INSERT INTO attendance (course_day_id, enrolment_id, mark, marked_at, source) SELECT $1, MAX(id), 'present', $3, 'trainer' FROM enrolment WHERE person_id = $2`, held, id, demoNow)
	s.change(`INSERT INTO day_trainer (course_day_id, person_id, role, present, marked_at) VALUES ($1, $2, 'trainer', TRUE, $3) ON CONFLICT DO NOTHING`, held, id, demoNow)
	s.change(`INSERT INTO study_time (person_id, employer_id, course_day_id, part, day, starts, ends, set_at) SELECT $1, $2, MIN(d.id), 'before', $4, '09:00', '10:00', $5 FROM course_day AS d WHERE d.round_id = $3`, id, m, seated, today+1, demoNow)
	// One wish waits for the manager, one for the region.
	const wish = `INSERT INTO trainer_wish (person_id, course_id, region_id, wished_at) SELECT $1, MIN(c.id), 20, $2
		FROM course AS c WHERE c.id NOT IN (SELECT course_id FROM trainer WHERE person_id = $1) AND c.id NOT IN (SELECT course_id FROM trainer_wish WHERE person_id = $1)`
	s.change(wish, id, demoNow)
	s.change(`UPDATE trainer_wish SET agreed = TRUE, answered_at = wished_at WHERE person_id = $1`, id)
	s.change(wish, id, demoNow)
	if _, err := identity.RequestLink(s.t.Context(), s.db, demoNow, protectedAddress, identity.Browser(""), "192.0.2.7", "/"); err != nil {
		s.t.Fatal(err)
	}
	return id, alias, unit
}

func nobodyTells(t *testing.T, s *site, each int) {
	id, alias, unit := s.protectee()
	ctx := t.Context()
	// The personnel system's file names them; nothing comes of it.
	admin := s.id(`SELECT id FROM person WHERE email = 'kommunadministrator@example.org'`)
	viewer, _, err := identity.Viewer(ctx, s.db.Reader(), admin, demoNow.Day())
	if err != nil {
		t.Fatal(err)
	}
	m, err := organisation.MunicipalityNamed(ctx, s.db.Reader(), "borlange")
	if err != nil {
		t.Fatal(err)
	}
	i, err := intake.Stage(ctx, s.db, viewer, intake.Options{MunicipalityID: m.ID, FileName: "personal.csv"},
		strings.NewReader("staff_id,given_name,family_name,email,profession\n,Xaviera,Nyttnamn,"+protectedAddress+",Chef\n"), demoNow, nil)
	if err != nil || i.Unchanged != 1 || i.Read != 1 {
		t.Errorf("the file: %+v %v", i, err)
	}
	if err := intake.Discard(ctx, s.db, i.ID); err != nil {
		t.Fatal(err)
	}
	watch := watcher{t: t, id: id, words: []string{strings.ToLower(protectedName), "xaviera", "vixen.example"}, alias: alias, places: []string{"Borlänge", unit}}

	self := s.byLink(id)
	for path, want := range map[string]string{
		"/my/page": protectedName, "/my/page/data": protectedName, "/people/" + strconv.FormatInt(id, 10): protectedName,
		"/certificates/VIXENVIXENVIXEN2": protectedName,
	} {
		if a := self.get(path); a.status != 200 || !strings.Contains(a.body, want) {
			t.Errorf("her own %s (%d) does not say %q", path, a.status, want)
		}
	}
	for _, role := range roles {
		v := s.nobody()
		if role.email != "" {
			v = s.as(role.email)
		}
		watch.role = role.name
		mine := "/people/" + strconv.FormatInt(id, 10)
		for _, path := range []string{mine, mine + "/sign-in", mine + "/access", mine + "/erasure", mine + "/support", mine + "/trainer-days", mine + "/protection", "/nation" + mine} {
			switch a := v.get(path); {
			case path == mine+"/protection" || path == "/nation"+mine || a.status != 200:
				watch.look(path, a)
			default:
				t.Errorf("%s opens %s", role.name, path)
			}
		}
		queue := []string{"/", "/certificates/VIXENVIXENVIXEN2", "/search?q=" + protectedName, "/search?q=xaviera", "/people?name=zyxel", "/nation/people?name=zyxelqvist", "/sign-ins?q=zyxelqvist", "/people?name=" + url.QueryEscape(alias)}
		places := placesOf(s, role.name)
		for _, r := range web.Routes(s.server) {
			if r.Method == http.MethodGet && !strings.HasPrefix(r.Path, "/session") && !strings.Contains(r.Path, "/my/data") {
				queue = append(queue, places["own"].fill(strings.TrimSuffix(r.Path, "{$}")))
			}
		}
		for _, d := range s.ids(`SELECT course_day_id FROM day_trainer WHERE person_id = $1`, id) {
			for _, below := range []string{"/money", "/trainers", "/attendance"} {
				queue = append(queue, fmt.Sprintf("/days/%d%s", d, below))
			}
		}
		for _, r := range s.ids(`SELECT DISTINCT round_id FROM enrolment WHERE person_id = $1 UNION SELECT round_id FROM queue_entry WHERE person_id = $1`, id) {
			for _, below := range []string{"", "/participants", "/sign-up", "/letters", "/people", ".csv", ".xlsx"} {
				queue = append(queue, fmt.Sprintf("/rounds/%d%s", r, below))
			}
		}
		seen, kinds := map[string]bool{}, map[string]int{}
		for len(queue) > 0 {
			path := queue[0]
			queue = queue[1:]
			if seen[path] || strings.HasPrefix(path, "/assets") || strings.Contains(path, "demo?") || kinds[kindOf(path)] >= each+2 {
				continue
			}
			seen[path] = true
			kinds[kindOf(path)]++
			a := v.get(path)
			watch.look(path, a)
			if a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
				continue
			}
			for _, href := range hrefs.FindAllStringSubmatch(a.body, -1) {
				next := strings.ReplaceAll(href[1], "&amp;", "&")
				if !seen[next] && kinds[kindOf(next)] < each && !strings.HasSuffix(next, ".zip") && !strings.HasSuffix(next, ".pdf") {
					queue = append(queue, next)
				}
			}
		}
		if len(seen) < 100 {
			t.Errorf("%s reached %d pages only", role.name, len(seen))
		}
	}
	if watch.aliases == 0 {
		t.Error("no page showed the alias: the walk does not reach her")
	}
	s.machinesTellNothing(&watch, m.ID)

	// Those named see her once they have said why, and she reads that they did.
	guard := s.as("kommunadministrator@example.org")
	guard.get("/municipalities/borlange/protected").says(t, 200, "En person har skyddade personuppgifter")
	if a := guard.post("/municipalities/borlange/protected/looks", url.Values{"reason": {"byter arbetsplats"}}); a.status != 303 {
		t.Fatalf("the look: %d", a.status)
	}
	guard.get("/municipalities/borlange/protected").says(t, 200, protectedName, alias, unit)
	guard.get("/people/"+strconv.FormatInt(id, 10)).says(t, 200, protectedName, alias, unit)
	guard.get("/my/requests").says(t, 200, alias)
	self.get("/my/page").says(t, 200, "byter arbetsplats")
}

// machinesTellNothing asks the API and the personnel systems' door.
func (s *site) machinesTellNothing(watch *watcher, municipality int64) {
	for _, who := range []struct {
		email string
		role  string
		paths []string
	}{
		{"regional@example.org", "regional", []string{"/api/v1/people?region=dalarna", "/api/v1/rounds?region=dalarna"}},
	} {
		made := s.as(who.email).post("/tokens", url.Values{"name": {"Maskinen"}})
		key := regexp.MustCompile(`yrk_[A-Za-z0-9_-]{43}`).FindString(made.body)
		paths := who.paths
		for _, r := range s.ids(`SELECT DISTINCT n.round_id FROM enrolment AS n JOIN protected_person AS x ON x.person_id = n.person_id`) {
			paths = append(paths, fmt.Sprintf("/api/v1/rounds/%d", r), fmt.Sprintf("/api/v1/rounds/%d/enrolments", r))
			for _, d := range s.ids(`SELECT id FROM course_day WHERE round_id = $1`, r) {
				paths = append(paths, fmt.Sprintf("/api/v1/days/%d", d), fmt.Sprintf("/api/v1/days/%d/attendance", d))
			}
		}
		watch.role = "a token of " + who.role
		for _, path := range paths {
			for page := 1; page <= 20; page++ {
				r := httptest.NewRequest(http.MethodGet, path+map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]+"page="+strconv.Itoa(page), nil)
				r.Header.Set("Authorization", "Bearer "+key)
				a := s.nobody().do(r)
				watch.look(path, a)
				if a.status != http.StatusOK || !strings.Contains(path, "people") {
					break
				}
			}
		}
	}
	made := s.token(municipality)
	watch.role = "the personnel system"
	for _, path := range []string{"/scim/v2/Users?count=500", "/scim/v2/Users?filter=" + url.QueryEscape(`userName eq "`+protectedAddress+`"`), "/scim/v2/Groups?count=500", fmt.Sprintf("/scim/v2/Users/%d", watch.id)} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Authorization", "Bearer "+made)
		a := s.nobody().do(r)
		watch.look(strings.ReplaceAll(path, protectedAddress, "x"), a)
		if strings.HasSuffix(path, strconv.FormatInt(watch.id, 10)) && a.status != http.StatusNotFound {
			watch.t.Errorf("%s answers %d", path, a.status)
		}
	}
}

// token is a key for the municipality's personnel system.
func (s *site) token(municipality int64) (key string) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		key, err = identity.MakeToken(ctx, tx, access.System(), identity.ForSCIM, "Personalsystemet", access.MunicipalAdmin, municipality, demoNow)
		return err
	})
	return key
}

// watcher looks for what must not be told.
type watcher struct {
	t       *testing.T
	id      int64
	role    string
	words   []string
	alias   string
	places  []string
	aliases int
	told    int
}

var (
	numbers = regexp.MustCompile(`\d+`)
	line    = regexp.MustCompile(`(?s)<tr[ >].*?</tr>|<li[ >].*?</li>|<dd[ >].*?</dd>`)
)

// kindOf is the path without what tells one thing from another.
func kindOf(path string) string {
	path, query, _ := strings.Cut(path, "?")
	var names []string
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		names = append(names, name)
	}
	slices.Sort(names)
	return numbers.ReplaceAllString(path, "N") + "?" + strings.Join(names, "&")
}

func (w *watcher) look(path string, a answer) {
	w.t.Helper()
	body := a.body
	if strings.HasPrefix(body, "PK") {
		body = unzipped(w.t, body)
	}
	low := strings.ToLower(body)
	for _, word := range w.words {
		if strings.Contains(strings.ToLower(path), word[:5]) { // it was asked for: nobody is found
			if strings.Contains(low, "/people/"+strconv.FormatInt(w.id, 10)+`"`) {
				w.t.Errorf("%s finds them by %s", w.role, path)
			}
			continue
		}
		if strings.Contains(low, word) && w.told < 30 {
			w.told++
			at := strings.Index(low, word)
			w.t.Errorf("%s reads %q on %s (%d): …%s…", w.role, word, path, a.status, body[max(0, at-120):min(len(body), at+80)])
		}
	}
	if !strings.Contains(body, w.alias) {
		return
	}
	w.aliases++
	for _, row := range line.FindAllString(body, -1) {
		if !strings.Contains(row, w.alias) || strings.Contains(row, "<table") || strings.Contains(row, "<ul") {
			continue
		}
		for _, place := range w.places {
			if strings.Contains(row, place) && w.told < 30 {
				w.told++
				w.t.Errorf("%s reads on %s where the alias works: %.600s", w.role, path, row)
			}
		}
	}
	for row := range strings.SplitSeq(body, "\n") {
		for _, place := range w.places {
			if len(row) < 400 && strings.Contains(row, w.alias) && strings.Contains(row, place) && w.told < 30 {
				w.told++
				w.t.Errorf("%s reads in %s where the alias works: %s", w.role, path, row)
			}
		}
	}
}

// unzipped is all text of an archive, such as a workbook.
func unzipped(t *testing.T, body string) string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		return body
	}
	var all strings.Builder
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.Copy(&all, io.LimitReader(in, 16<<20))
		_ = in.Close()
		if err != nil {
			t.Fatal(err)
		}
		all.WriteByte('\n')
	}
	return all.String()
}
