package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/courses"
	"yrkesresan/internal/round"
)

func swedish(text string) catalogue.Words { return catalogue.Words{"sv": text} }

// A course with a task of each kind that needs no file.
var lesson = catalogue.Content{
	About: swedish("Om **kursen**."), Changes: swedish("Nytt"),
	Tasks: []catalogue.Task{
		{Key: "las", Phase: catalogue.During, Kind: catalogue.TextTask, Title: swedish("Läs om bemötande"), Text: swedish("Hej <script>alert(1)</script> *du*"), Minutes: 5},
		{Key: "prov", Phase: catalogue.During, Kind: catalogue.QuizTask, Title: swedish("Pröva dig"), Questions: []catalogue.Question{
			{Kind: catalogue.OneOf, Text: swedish("Vilket?"), Options: []catalogue.Option{{Text: swedish("Fel")}, {Text: swedish("Rätt"), Right: true}}, Explanation: swedish("Så är det.")},
			{Kind: catalogue.Several, Text: swedish("Vilka?"), Options: []catalogue.Option{{Text: swedish("A"), Right: true}, {Text: swedish("B"), Right: true}, {Text: swedish("C")}}},
			{Kind: catalogue.InOrder, Text: swedish("Ordna"), Options: []catalogue.Option{{Text: swedish("Ett")}, {Text: swedish("Två")}, {Text: swedish("Tre")}}},
			{Kind: catalogue.Matching, Text: swedish("Para"), Options: []catalogue.Option{{Text: swedish("Katt"), Match: swedish("Djur")}, {Text: swedish("Ros"), Match: swedish("Växt")}}},
			{Kind: catalogue.FreeText, Text: swedish("Berätta"), ModelAnswer: swedish("Mönstersvaret")},
		}},
		{Key: "tanke", Phase: catalogue.During, Kind: catalogue.ReflectionTask, Title: swedish("Tänk efter"), Text: swedish("Vad tog du med dig?"), Optional: true},
	},
}

// lessonIn publishes the lesson as a course of the name with so many days.
func (s *site) lessonIn(slug string, days int) catalogue.Edition {
	s.t.Helper()
	var e catalogue.Edition
	err := s.db.Write(context.Background(), func(tx *db.Tx) error {
		id, err := catalogue.Add(context.Background(), tx, catalogue.Course{Slug: slug, Name: "Kursen " + slug, Days: days}, catalogue.Web, clock.Date(2024, 1, 1))
		if err == nil {
			e, err = publishLesson(tx, id, lesson)
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

func publishLesson(tx *db.Tx, course int64, content catalogue.Content) (catalogue.Edition, error) {
	ctx := context.Background()
	version, err := catalogue.SaveDraft(ctx, tx, access.System(), course, 0, &content, demoNow)
	if err != nil {
		return catalogue.Edition{}, err
	}
	return catalogue.Publish(ctx, tx, access.System(), course, version, demoNow)
}

// rightAnswers are those of the lesson's quiz as its form sends them.
func rightAnswers() url.Values {
	return url.Values{"q0": {"1"}, "q1": {"0", "1"}, "q2": {"0", "1", "2"}, "q3": {"0", "1"}, "q4": {"Med egna ord"}, "do": {"submit"}}
}

func TestAWebCourseFromItsBeginningToItsCompletion(t *testing.T) {
	s := newSite(t)
	e := s.lessonIn("webbkurs", 0)
	if err := s.db.Write(context.Background(), func(tx *db.Tx) error {
		journey, err := catalogue.JourneyBySlug(context.Background(), tx, "barn-och-unga")
		if err != nil {
			return err
		}
		return catalogue.AddToJourney(context.Background(), tx, e.CourseID, journey.ID, nil, 500)
	}); err != nil {
		t.Fatal(err)
	}
	v := s.as("medarbetare@example.org")
	page := v.get("/courses/webbkurs")
	page.shows(t, http.StatusOK, "Inte påbörjad", "Läs om bemötande", "/courses/webbkurs/tasks/las", "Om <strong>kursen</strong>", "Börja", "2 uppgifter", "5 minuter kvar", "frivillig")
	page.hides(t, "Kursdagar")

	task := v.get("/courses/webbkurs/tasks/las")
	task.shows(t, http.StatusOK, "Läs om bemötande", "Kursens uppgifter, uppgift 1 av 3. Text, 5 minuter.", "<em>du</em>", "Markera som klar", "Pröva dig")
	task.hides(t, "<script>alert")
	done := v.post("/courses/webbkurs/tasks/las/progress", url.Values{"done": {"yes"}})
	if done.status != http.StatusSeeOther || done.location != "/courses/webbkurs/tasks/las#task" {
		t.Fatalf("done: %d to %s", done.status, done.location)
	}
	v.get("/courses/webbkurs/tasks/las").shows(t, http.StatusOK, "Uppgiften är klar.", "Nästa uppgift", "Ångra klar")
	v.get("/courses/webbkurs").shows(t, http.StatusOK, "Pågår", "1 av 2 klara", "Fortsätt", "/courses/webbkurs/tasks/prov")

	last := v.post("/courses/webbkurs/tasks/prov/progress", rightAnswers())
	if last.status != http.StatusSeeOther || last.location != "/courses/webbkurs" {
		t.Fatalf("the last task: %d to %s", last.status, last.location)
	}
	page = v.get("/courses/webbkurs")
	page.shows(t, http.StatusOK, "Du har genomfört kursen Kursen webbkurs", "Klar 23 november 2026")
	v.get("/my/journey").shows(t, http.StatusOK, "Kursen webbkurs")
	figures := s.as("regional@example.org").get("/regions/dalarna/figures?journey=barn-och-unga").body
	_, row, _ := strings.Cut(figures, "Kursen webbkurs")
	if row, _, _ = strings.Cut(readable(row), "</svg>"); !strings.Contains(row, ">0,4 %<") { // one of its employees
		t.Errorf("the completion is not in the figures: %s", row)
	}
}

func TestAQuizIsAnsweredExplainedAndTriedAgain(t *testing.T) {
	s := newSite(t)
	s.lessonIn("kurs", 0)
	v := s.as("medarbetare@example.org")
	path := "/courses/kurs/tasks/prov/progress"

	half := rightAnswers()
	half.Del("q0")
	half.Del("q4")
	refused := v.post(path, half)
	if refused.status != http.StatusUnprocessableEntity {
		t.Fatalf("half of the answers: %d", refused.status)
	}
	refused.shows(t, http.StatusUnprocessableEntity, "Fel: ", "Välj ett svar", `href="#f-q0"`, "Skriv ett svar", `id="f-q0"`, `value="1" checked`)

	foreign := rightAnswers()
	foreign.Set("q0", "17")
	v.post(path, foreign).shows(t, http.StatusUnprocessableEntity, "Välj bland svaren som finns.")
	foreign.Set("q0", "hej")
	if a := v.post(path, foreign); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no number: %d", a.status)
	}
	if n := s.id(`SELECT COUNT(*) FROM progress AS p JOIN person AS n ON n.id = p.person_id WHERE n.email = 'medarbetare@example.org' AND p.tries > 0`); n != 0 {
		t.Error("what was refused is saved")
	}

	// Without script the options are moved by the server, and nothing is lost.
	moved := rightAnswers()
	moved.Del("do")
	moved.Set("move", "2:0:1")
	if a := v.post(path, moved); a.location != "/courses/kurs/tasks/prov#q2" {
		t.Errorf("a move leads to %q, %d", a.location, a.status)
	}
	form := v.get("/courses/kurs/tasks/prov")
	if !strings.Contains(form.body, "Med egna ord") || strings.Index(form.body, "<span>Två</span>") > strings.Index(form.body, "<span>Ett</span>") {
		t.Error("the move is lost")
	}

	wrong := rightAnswers()
	wrong["q0"], wrong["q2"] = []string{"0"}, []string{"1", "0", "2"}
	if a := v.post(path, wrong); a.location != "/courses/kurs/tasks/prov#result" {
		t.Fatalf("handed in: %q, %d", a.location, a.status)
	}
	result := v.get("/courses/kurs/tasks/prov")
	result.shows(t, http.StatusOK, "2 av 4 rätt", "Inte rätt", "Så är det.", "Rätt ordning är:", "Mönstersvaret", "Jämför själv", "ditt svar", "Försök igen")
	if a := v.post(path, url.Values{"do": {"again"}}); a.status != http.StatusSeeOther {
		t.Fatalf("again: %d", a.status)
	}
	v.get("/courses/kurs/tasks/prov").shows(t, http.StatusOK, "Fråga 1 av 5", "Lämna in svaren")
	v.post(path, rightAnswers())
	v.get("/courses/kurs/tasks/prov").shows(t, http.StatusOK, "Alla 4 rätt!")
}

func TestAReflectionIsOnesOwnUntilItIsShared(t *testing.T) {
	s := newSite(t)
	s.lessonIn("kurs", 0)
	v := s.as("medarbetare@example.org")
	path := "/courses/kurs/tasks/tanke/progress"
	if a := v.post(path, url.Values{"answer": {"  "}, "done": {"yes"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("an empty one is done: %d", a.status)
	}
	if a := v.post(path, url.Values{"answer": {"Bara <min> tanke"}, "done": {"yes"}}); a.status != http.StatusSeeOther {
		t.Fatalf("saved: %d", a.status)
	}
	v.get("/courses/kurs/tasks/tanke").shows(t, http.StatusOK, "Bara &lt;min&gt; tanke", "Klar", "Bara du ser texten", "Du har ingen plats på en kursomgång")
	s.as("chef@example.org").get("/courses/kurs/tasks/tanke").hides(t, "Bara &lt;min&gt; tanke")
	if n := s.id(`SELECT COUNT(*) FROM progress WHERE shared`); n != s.id(`SELECT COUNT(*) FROM progress AS p JOIN task AS t ON t.id = p.task_id WHERE p.shared AND t.kind = 'reflection' AND p.answer <> 'Bara <min> tanke'`) {
		t.Error("it is shared without being asked")
	}
}

// ask sends what the script sends.
func (v *visitor) ask(path string, form url.Values) (int, map[string]any) {
	v.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	a := v.do(r)
	var said map[string]any
	if err := json.Unmarshal([]byte(a.body), &said); err != nil {
		v.t.Fatalf("%d, %v: %s", a.status, err, a.body)
	}
	return a.status, said
}

func TestTheScriptIsToldWhatBecameOfATouch(t *testing.T) {
	s := newSite(t)
	s.lessonIn("kurs", 0)
	v := s.as("medarbetare@example.org")
	me := fmt.Sprint(s.id(`SELECT id FROM person WHERE email = 'medarbetare@example.org'`))
	path := "/courses/kurs/tasks/tanke/progress"
	at := func(ago int, text string) url.Values {
		return url.Values{"person": {me}, "answer": {text}, "at": {fmt.Sprint(1_000_000 - ago)}, "sent": {"1000000"}}
	}
	for _, step := range []struct {
		name   string
		who    *visitor
		form   url.Values
		status int
		key    string
		want   any
	}{
		{"a minute ago", v, at(60_000, "Den senare"), http.StatusOK, "older", false},
		{"an hour ago, arriving late", v, at(3_600_000, "Den tidigare"), http.StatusOK, "older", true},
		{"too long", v, at(0, strings.Repeat("å", 10_001)), http.StatusUnprocessableEntity, "text", "Texten är för lång. Skriv högst 10 000 tecken."},
		{"signed out", s.nobody(), at(0, "Ingen"), http.StatusUnauthorized, "text", "Du är utloggad. Det du har gjort finns kvar här. Logga in igen, så sparas det."},
		{"somebody else on the same telephone", s.as("chef@example.org"), at(0, "En annans"), http.StatusForbidden, "text", "Någon annan har loggat in. Ladda om sidan."},
	} {
		status, said := step.who.ask(path, step.form)
		if text, ok := said[step.key].(string); ok {
			said[step.key] = strings.ReplaceAll(text, "\u00a0", " ")
		}
		if status != step.status || said[step.key] != step.want {
			t.Errorf("%s: %d, %v", step.name, status, said)
		}
	}
	v.get("/courses/kurs/tasks/tanke").shows(t, http.StatusOK, "Den senare")
	if status, said := v.ask("/courses/kurs/tasks/las/progress", url.Values{"done": {"yes"}}); status != http.StatusOK || said["done"] != true || said["next"] != nil {
		t.Errorf("done: %d, %v", status, said)
	}
	if status, said := v.ask("/courses/kurs/tasks/prov/progress", rightAnswers()); status != http.StatusOK || said["next"] != "/courses/kurs" {
		t.Errorf("completed: %d, %v", status, said)
	}
	if status, _ := v.ask("/courses/kurs/tasks/ingen/progress", url.Values{"done": {"yes"}}); status != http.StatusNotFound {
		t.Errorf("a task that is not there: %d", status)
	}
}

func TestWhoIsUnderWayFinishesTheirEditionAndIsToldOfTheNewOne(t *testing.T) {
	s := newSite(t)
	first := s.lessonIn("kurs", 0)
	v := s.as("medarbetare@example.org")
	v.post("/courses/kurs/tasks/las/progress", url.Values{"done": {"yes"}})
	err := s.db.Write(context.Background(), func(tx *db.Tx) error {
		renewed := lesson
		renewed.Tasks = append([]catalogue.Task{{Key: "ny", Phase: catalogue.During, Kind: catalogue.TextTask, Title: swedish("Alldeles ny"), Text: swedish("Ny text")}}, lesson.Tasks...)
		_, err := publishLesson(tx, first.CourseID, renewed)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	mine := v.get("/courses/kurs")
	mine.shows(t, http.StatusOK, "En ny utgåva finns", "Du gör klart din, utgåva 2", "1 av 2 klara")
	mine.hides(t, "Alldeles ny")
	if a := v.get("/courses/kurs/tasks/ny"); a.status != http.StatusNotFound {
		t.Errorf("a task of the other edition: %d", a.status)
	}
	if a := v.post("/courses/kurs/tasks/ny/progress", url.Values{"done": {"yes"}}); a.status != http.StatusNotFound {
		t.Errorf("saving it: %d", a.status)
	}
	others := s.as("chef@example.org").get("/courses/kurs")
	others.shows(t, http.StatusOK, "Alldeles ny")
	others.hides(t, "En ny utgåva finns")
}

func TestACourseWithoutContentSaysSo(t *testing.T) {
	s := newSite(t)
	v := s.as("medarbetare@example.org")
	v.get("/courses/bas-4").shows(t, http.StatusOK, "Kursdagar", "Kursen har inga uppgifter här")
	if a := v.get("/courses/finns-inte"); a.status != http.StatusNotFound {
		t.Errorf("an unknown course: %d", a.status)
	}
}

func TestTrainersSeeWhatParticipantsShareOnTheirDay(t *testing.T) {
	s := newSite(t)
	day := s.id(`SELECT MIN(d.id)
		FROM progress AS p
		JOIN task AS k ON k.id = p.task_id
		JOIN study AS st ON st.person_id = p.person_id AND st.edition_id = k.edition_id
		JOIN enrolment AS n ON n.person_id = p.person_id AND n.withdrawn_at IS NULL
		JOIN round AS r ON r.id = n.round_id AND r.course_id = st.course_id
		JOIN course_day AS d ON d.round_id = r.id
		WHERE p.shared`)
	path := fmt.Sprintf("/my/days/%d", day)
	v := s.as("utbildare@example.org")
	if a := v.get(path); a.status != http.StatusNotFound {
		t.Errorf("a trainer of other days: %d", a.status)
	}
	s.holds(s.person("utbildare@example.org"), s.id(`SELECT MIN(person_id) FROM day_trainer WHERE course_day_id = $1`, day), day)
	v.get(path).shows(t, http.StatusOK, "Reflektioner som deltagarna delar", "Visa dem inte för andra", "<blockquote>")

	// What was shared before somebody came here was for the trainers of another round.
	s.seated(demoNow, s.seats(day)...)
	v.get(path).hides(t, "Reflektioner som deltagarna delar")
}

func TestMediaAreGivenInPartsSealedAndToThoseWhoLearn(t *testing.T) {
	s := newSite(t)
	folder, err := courses.Folder("bas-3")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := catalogue.Receive(s.files, folder); err != nil {
		t.Fatal(err)
	}
	edition := s.id(`SELECT MAX(c.edition_id) FROM edition_content AS c JOIN edition AS e ON e.id = c.edition_id JOIN course AS k ON k.id = e.course_id WHERE k.slug = 'bas-3'`)
	path := fmt.Sprintf("/editions/%d/media/", edition)
	v := s.as("medarbetare@example.org")
	part := func(name string) answer {
		r := httptest.NewRequest(http.MethodGet, path+name, nil)
		r.Header.Set("Range", "bytes=0-99")
		return v.do(r)
	}
	for name, media := range map[string]string{
		"miljon-gor-skillnad.mp4": "video/mp4", "miljon-gor-skillnad.sv.vtt": "text/vtt; charset=utf-8", "trotthet.mp3": "audio/mpeg", "checklista-tillgangligt-mote.pdf": "application/pdf",
	} {
		a := part(name)
		if a.status != http.StatusPartialContent || len(a.body) != 100 || a.header.Get("Content-Type") != media {
			t.Errorf("%s: %d, %d bytes of %s", name, a.status, len(a.body), a.header.Get("Content-Type"))
		}
		sealed := strings.HasSuffix(a.header.Get("Content-Security-Policy"), "sandbox")
		if pdf := media == "application/pdf"; a.header.Get("X-Content-Type-Options") != "nosniff" || sealed == pdf { // Chrome shows no PDF in a sandbox
			t.Errorf("%s is not sealed off: %v", name, a.header)
		}
	}
	if a := v.get(path + "checklista-tillgangligt-mote.pdf?download"); !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("a download is %s", a.header.Get("Content-Disposition"))
	}
	for name, who := range map[string]*visitor{"bildspel-bas-3.pptx": v, "finns-inte.mp4": v, "..%2Fcourse.toml": v} {
		if a := who.get(path + name); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if a := s.nobody().get(path + "trotthet.mp3"); a.status != http.StatusSeeOther {
		t.Errorf("nobody gets %d", a.status)
	}
	v.get("/courses/bas-3/tasks/checklista").shows(t, http.StatusOK, "Öppna dokumentet", "Ladda ner", "PDF, ")
}

func TestTheCourseDaysStandBetweenPreparationAndFollowUp(t *testing.T) {
	s := newSite(t)
	v := s.as("medarbetare@example.org")
	// A seat to come: the days with their deadlines, counted from them.
	page := v.get("/courses/samtal-och-delaktighet")
	page.shows(t, http.StatusOK, "Förberedelse", "Kursdagar", "Fördjupning", "Du har en plats", "Gör klart senast", "Du behöver göra förberedelsen för att bli godkänd.", "Kommer", "Fortsätt")
	if a, b := strings.Index(page.body, `id="phase-preparation"`), strings.Index(page.body, `id="phase-course"`); a < 0 || b < a || strings.Index(page.body, `id="phase-follow_up"`) < b {
		t.Error("the phases are out of order")
	}
	// One without a seat: what to sign up for, and the preparation all the same.
	s.as("chef@example.org").get("/courses/samtal-och-delaktighet").shows(t, http.StatusOK, "Se och boka plats", "dagar före kursdagen")

	// Somebody who was away needs another round.
	const own = `FROM enrolment AS n JOIN round AS r ON r.id = n.round_id JOIN person AS p ON p.id = n.person_id
		WHERE p.email = 'medarbetare@example.org' AND n.approved_at IS NOT NULL AND r.last_day < '2026-11-23'`
	enrolment, course := s.id(`SELECT MIN(n.id) `+own), s.id(`SELECT r.course_id FROM enrolment AS n JOIN round AS r ON r.id = n.round_id WHERE n.id = (SELECT MIN(n.id) `+own+`)`)
	slug, err := db.Row(context.Background(), s.db.Reader(), db.One[string], `SELECT slug FROM course WHERE id = $1`, course)
	if err != nil {
		t.Fatal(err)
	}
	v.get("/courses/"+slug).shows(t, http.StatusOK, "Klar ")
	s.marked(enrolment, round.Absent)
	s.unapproved(enrolment)
	s.revoked(s.ids(`SELECT f.id FROM completion AS f JOIN enrolment AS n ON n.person_id = f.person_id WHERE n.id = $1`, enrolment)...)
	v.get("/courses/"+slug).shows(t, http.StatusOK, "Du var inte med på alla kursdagar", "Pågår")
}
