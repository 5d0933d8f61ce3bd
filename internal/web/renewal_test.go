package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/people"
	"yrkesresan/internal/planning"
)

// Whoever began the old edition completes it, and it is written down that it
// was the old one; a round keeps the edition that it was planned in, with its
// trainer pack.
func TestACompletionAndARoundKnowTheirEdition(t *testing.T) {
	s := newSite(t)
	old := s.lessonIn("kurs", 0)
	withDays := s.lessonIn("dagar", 1)
	s.write(func(_ context.Context, tx *db.Tx) (err error) {
		packed := lesson
		packed.Changes, packed.Pack.Instructions = swedish("Utbildarpaket"), swedish("Gör så här med gruppen")
		withDays, err = publishLesson(tx, withDays.CourseID, packed)
		return err
	})
	v, later, producing := s.as("medarbetare@example.org"), s.as("chef@example.org"), s.as(producer)
	v.post("/courses/kurs/tasks/las/progress", url.Values{"done": {"yes"}})

	// A seat in a round of the edition that is soon old.
	me := s.id(`SELECT id FROM person WHERE email = 'medarbetare@example.org'`)
	var seated int64
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		day := demoNow.Day() + 20
		seated, err = planning.PlanLocal(ctx, tx, access.System(), planning.New{
			CourseID: withDays.CourseID, MunicipalityID: s.id(`SELECT municipality_id FROM employment WHERE person_id = $1 AND to_day IS NULL`, me),
			Days: []planning.NewDay{{Day: day, Starts: "09:00", Ends: "12:00", Place: "Här"}},
		}, []int64{me}, demoNow)
		return err
	})
	renew := func(course int64) (e catalogue.Edition) {
		s.write(func(_ context.Context, tx *db.Tx) (err error) {
			renewed := lesson
			renewed.Tasks = append([]catalogue.Task{{Key: "ny", Phase: catalogue.During, Kind: catalogue.TextTask, Title: swedish("Alldeles ny"), Text: swedish("Ny text")}}, lesson.Tasks...)
			e, err = publishLesson(tx, course, renewed)
			return err
		})
		return e
	}
	newer, newDays := renew(old.CourseID), renew(withDays.CourseID)

	mine := v.get("/courses/dagar") // nothing begun, but the group takes the round's edition
	mine.shows(t, http.StatusOK, "Det finns en nyare utgåva av kursen")
	mine.hides(t, "Alldeles ny", "Du gör klart")
	later.get("/courses/dagar").shows(t, http.StatusOK, "Alldeles ny")
	v.post("/courses/dagar/tasks/las/progress", url.Values{"done": {"yes"}})
	if got := s.id(`SELECT edition_id FROM study WHERE person_id = $1 AND course_id = $2`, me, withDays.CourseID); got != withDays.ID {
		t.Errorf("who begins before the round's day begins edition %d, want %d of the round", got, withDays.ID)
	}
	if got := s.id(`SELECT edition_id FROM round WHERE id = $1`, seated); got != withDays.ID || newDays.ID == got {
		t.Errorf("the round is now of edition %d", got)
	}
	s.as(regional).get(path("/rounds/%d", seated)).shows(t, http.StatusOK, packPath(withDays.ID))

	v.post("/courses/kurs/tasks/prov/progress", rightAnswers())
	for _, task := range []string{"ny", "las", "prov"} {
		form := url.Values{"done": {"yes"}}
		if task == "prov" {
			form = rightAnswers()
		}
		if a := later.post("/courses/kurs/tasks/"+task+"/progress", form); a.status != http.StatusSeeOther {
			t.Fatalf("%s: %d", task, a.status)
		}
	}
	for email, want := range map[string]int64{"medarbetare@example.org": old.ID, "chef@example.org": newer.ID} {
		if got := s.id(`SELECT c.edition_id FROM completion AS c JOIN person AS p ON p.id = c.person_id WHERE p.email = $1 AND c.course_id = $2`, email, old.CourseID); got != want {
			t.Errorf("%s has completed edition %d, want %d", email, got, want)
		}
	}
	v.get("/courses/kurs").shows(t, http.StatusOK, "Kursen har fått en ny utgåva")
	page := producing.get("/workshop/kurs").body
	if n := strings.Count(page[strings.Index(page, `id="editions"`):], ">1</td>"); n != 2 {
		t.Errorf("the producer sees %d editions with one who is done, want 2", n)
	}
}

// Somebody moves from one municipality to another through the pages of the old
// one's administrator: what is theirs goes along, what was the municipality's
// stays, and who may see what follows from where they work.
func TestAMoveByThePages(t *testing.T) {
	s := newSite(t)
	e := s.lessonIn("kurs", 0)
	me := s.employed("borlange")
	admin, v := s.as(municipal), s.byLink(me)
	v.post("/courses/kurs/tasks/tanke/progress", url.Values{"answer": {"Bara min tanke"}, "done": {"yes"}})
	v.post("/courses/kurs/tasks/las/progress", url.Values{"done": {"yes"}})
	day := demoNow.Day() + 30
	var local int64
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		local, err = planning.PlanLocal(ctx, tx, access.System(), planning.New{
			CourseID: s.id(`SELECT id FROM course WHERE slug = 'bas-4'`), MunicipalityID: 2081,
			Days: []planning.NewDay{{Day: day, Starts: "09:00", Ends: "12:00", Place: "Stadshuset"}},
		}, []int64{me}, demoNow)
		if err == nil {
			err = letter.After(ctx, tx, local, demoNow)
		}
		return err
	})
	completions := s.ids(`SELECT id FROM completion WHERE person_id = $1 AND revoked_at IS NULL ORDER BY id`, me)
	step := s.id(`SELECT COUNT(*) FROM account_step AS t JOIN account AS a ON a.id = t.account_id WHERE a.person_id = $1 AND t.to_day IS NULL`, me)
	letters := s.id(`SELECT COUNT(*) FROM river_job`)
	admin.post(personAt(me)+"/employments", url.Values{"organisation": {"2080"}, "from": {(demoNow.Day() + 7).String()}}).leads(t, personAt(me)) // Falun, in a week

	if n := s.id(`SELECT COUNT(*) FROM enrolment WHERE person_id = $1 AND round_id = $2 AND withdrawn_at IS NULL`, me, local); n != 0 {
		t.Error("the old municipality's seat is kept though the day comes after the move")
	}
	if n := s.id(`SELECT COUNT(*) FROM river_job`); n == letters {
		t.Error("nobody is told")
	}
	admin.get(path("/rounds/%d", local)).wants(t, http.StatusOK, "Kurstillfället är för dem som arbetar i Borlänge")
	admin.get(personAt(me)).wants(t, http.StatusOK) // until the day

	for _, c := range []struct {
		municipality int64
		on           clock.Day
		want         bool
	}{{2081, 6, true}, {2080, 6, false}, {2081, 7, false}, {2080, 7, true}} {
		office := access.Viewer{Grants: []access.Grant{{Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: c.municipality, RegionID: 20, MunicipalityID: c.municipality}}}
		_, err := people.Get(t.Context(), s.db.Reader(), office, me, demoNow.Day()+c.on)
		if (err == nil) != c.want {
			t.Errorf("%d sees them on day %d: %v, want %v", c.municipality, c.on, err == nil, c.want)
		}
	}
	if got := s.ids(`SELECT id FROM completion WHERE person_id = $1 AND revoked_at IS NULL ORDER BY id`, me); !slices.Equal(got, completions) {
		t.Errorf("completions %v became %v", completions, got)
	}
	if got := s.id(`SELECT COUNT(*) FROM account_step AS t JOIN account AS a ON a.id = t.account_id WHERE a.person_id = $1 AND t.to_day IS NULL`, me); got != step {
		t.Errorf("%d steps became %d", step, got)
	}
	v.get("/courses/kurs/tasks/tanke").shows(t, http.StatusOK, "Bara min tanke", "Bara du ser texten")
	v.get("/courses/kurs").shows(t, http.StatusOK, "Klar")
	if n := s.id(`SELECT COUNT(*) FROM progress AS p JOIN task AS k ON k.id = p.task_id WHERE p.person_id = $1 AND k.edition_id = $2`, me, e.ID); n != 2 {
		t.Errorf("%d tasks are kept, want 2", n)
	}
	// The new manager and administrator see the person, never the private words.
	s.change(`UPDATE employment SET from_day = '2026-11-23' WHERE person_id = $1 AND municipality_id = 2080`, me)
	s.change(`UPDATE employment SET to_day = '2026-11-22' WHERE person_id = $1 AND municipality_id = 2081`, me)
	admin.get(personAt(me)).says(t, http.StatusNotFound)
	region := s.as(regional).get(personAt(me))
	region.wants(t, http.StatusOK, "Falun")
	if strings.Contains(region.body, "Bara min tanke") {
		t.Error("a private reflection is shown to others")
	}
}

// A course goes from one database to another: the same texts, rules, pack and
// media.
func TestACourseGoesToAnotherDatabase(t *testing.T) {
	from, to := withFiles(t), withFiles(t)
	v, w := from.as(producer), to.as(producer)
	const slug = "en-kurs-pa-resa"
	id := from.id(`SELECT MAX(e.id) FROM edition AS e JOIN course AS c ON c.id = e.course_id WHERE c.slug = 'bas-1'`)
	v.post("/workshop", url.Values{"copy": {fmt.Sprint(id)}, "name": {"En kurs på resa"}, "slug": {slug}, "audience": {"Alla"}, "days": {"1"}, "delivery": {"municipal"}, "journeys": {"aldre-utforare/bas"}}).
		wants(t, http.StatusSeeOther)
	v.post("/workshop/"+slug+"/publication", v.hidden("/workshop/"+slug+"/publication")).wants(t, http.StatusSeeOther)
	exported := v.get("/workshop/" + slug + "/editions/1/course.zip").body
	w.bring("/workshop/import", part{name: "file", file: "kurs.zip", content: exported}).wants(t, http.StatusSeeOther)
	w.post("/workshop/"+slug+"/publication", w.hidden("/workshop/"+slug+"/publication")).wants(t, http.StatusSeeOther)

	content := func(s *site) (int64, *catalogue.Content) {
		t.Helper()
		id := s.id(`SELECT e.id FROM edition AS e JOIN course AS c ON c.id = e.course_id WHERE c.slug = $1`, slug)
		c, err := catalogue.ContentOf(t.Context(), s.db.Reader(), id)
		if err != nil {
			t.Fatal(err)
		}
		return id, c
	}
	there, a := content(from)
	here, b := content(to)
	text := func(c catalogue.Content) string {
		t.Helper()
		c.Media = nil // numbers of the database
		whole, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		return string(whole)
	}
	if diff := cmp.Diff(text(*a), text(*b)); diff != "" {
		t.Error(diff)
	}
	if len(a.Media) == 0 || len(a.Media) != len(b.Media) {
		t.Fatalf("%d files became %d", len(a.Media), len(b.Media))
	}
	for name := range a.Media {
		sent, came := v.get(path("/editions/%d/media/%s", there, name)), w.get(path("/editions/%d/media/%s", here, name))
		if came.status != http.StatusOK || sent.body != came.body || sent.header.Get("Content-Type") != came.header.Get("Content-Type") {
			t.Errorf("%s: %d, %d bytes became %d", name, came.status, len(sent.body), len(came.body))
		}
	}
	to.as("medarbetare@example.org").get("/courses/"+slug).shows(t, http.StatusOK, "En kurs på resa")
}
