package history_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/history"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

const dalarna, uppsala, falun, borlange int64 = 20, 3, 2080, 2081

var (
	ctx = context.Background()
	now = clock.Date(2026, 3, 2).At(9, 0)
	day = now.Day()
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// town is Dalarna with some people: Åsa in Falun with the number 00042, Bo in Borlänge, Cia who
// left Falun at the end of 2024, Disa in Enköping in another region, and Eva who is protected.
type town struct {
	*testing.T
	d      *db.DB
	people map[string]int64
	viewer access.Viewer
}

func each(t *testing.T, test func(w *town)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, errors.Join(jobs.Migrate(ctx, d), organisation.Install(ctx, d), catalogue.Install(ctx, d)))
		w := &town{T: t, d: d, people: map[string]int64{}}
		other, err := organisation.MunicipalityNamed(ctx, d.Reader(), "enkoping")
		must(t, err)
		for _, p := range []struct {
			name string
			at   int64
		}{{"Åsa", falun}, {"Bo", borlange}, {"Cia", falun}, {"Disa", other.ID}, {"Eva", falun}, {"Rut", dalarna}} {
			email := organisation.Slug(p.name) + "@example.org"
			must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
				w.people[p.name], err = people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: p.name, FamilyName: "Ek", Email: email}, p.at, clock.Date(2022, 1, 1), "", now)
				return err
			}))
		}
		w.do(`UPDATE employment SET to_day = '2024-12-31' WHERE person_id = $1`, w.people["Cia"])
		w.do(`INSERT INTO staff_number (municipality_id, number, person_id) VALUES ($1, '00042', $2), ($3, '00042', $4)`, falun, w.people["Åsa"], borlange, w.people["Bo"])
		w.do(`INSERT INTO protected_person (person_id, given_name, family_name, municipality_id, marked_at) VALUES ($1, 'Eva', 'Ek', $2, 0)`, w.people["Eva"], falun)
		w.viewer = grantee(access.Regional, w.people["Rut"], dalarna)
		test(w)
	})
}

func grantee(role access.Role, id, at int64) access.Viewer {
	return access.Viewer{PersonID: id, Grants: []access.Grant{{ID: 1, Role: role, Level: access.Region, OrganisationID: at, RegionID: at}}}
}

func (w *town) do(query string, args ...any) {
	w.Helper()
	must(w, w.d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, query, args...)
		return err
	}))
}

func (w *town) count(query string, args ...any) int {
	w.Helper()
	n, err := db.Row(ctx, w.d.Reader(), db.One[int], query, args...)
	must(w, err)
	return n
}

func (w *town) stage(file string) history.Import {
	w.Helper()
	i, err := history.Stage(ctx, w.d, w.viewer, dalarna, "fil.csv", strings.NewReader(file), now)
	must(w, err)
	return i
}

// why are the reasons of the rows that are rejected, by their line.
func (w *town) why(i history.Import) string {
	w.Helper()
	rows, err := i.Rows(ctx, w.d.Reader(), w.viewer, history.Reject, 0, 100)
	must(w, err)
	var all []string
	for _, r := range rows {
		all = append(all, fmt.Sprintf("%d %s %s", r.Line.Line, r.Problem.Column, r.Problem.Key))
	}
	return strings.Join(all, "\n")
}

// apply applies the import, with rejected rows, and gives it as it is then.
func (w *town) apply(i history.Import) history.Import {
	w.Helper()
	must(w, w.d.Write(ctx, func(tx *db.Tx) error { return history.Approve(ctx, tx, w.viewer, i.ID, true, now) }))
	return w.run(i)
}

func (w *town) undo(i history.Import) history.Import {
	w.Helper()
	must(w, w.d.Write(ctx, func(tx *db.Tx) error { return history.Undo(ctx, tx, w.viewer, i.ID, now) }))
	return w.run(i)
}

func (w *town) run(i history.Import) history.Import {
	w.Helper()
	must(w, history.Run(ctx, w.d, w.viewer, i.ID, func() clock.Instant { return now }, nil))
	i, err := history.ByID(ctx, w.d.Reader(), w.viewer, i.ID)
	must(w, err)
	return i
}

const completions = `Anställningsnummer;Kommun;E-post;Kurs;Genomförd
00042;Falun;;Samtal och delaktighet;2024-05-02
;;BO@example.org;utsatthet-och-vald;2025-11-20
;;cia@example.org;Samtal och delaktighet;2024-05-02
`

func TestCompletionsAreReadInOnceAndTakenBack(t *testing.T) {
	each(t, func(w *town) {
		i := w.stage(completions)
		if i.Kind != history.Completions || i.Read != 3 || i.Added != 3 || i.Rejected != 0 {
			w.Fatalf("it would do %+v\n%s", i, w.why(i))
		}
		if n := w.count(`SELECT COUNT(*) FROM completion`); n != 0 {
			w.Fatalf("the preview made %d completions", n)
		}
		if i = w.apply(i); i.State != history.Applied || i.Added != 3 {
			w.Fatalf("it is %+v", i)
		}
		done, err := learning.Completions(ctx, w.d.Reader(), access.System(), w.people["Åsa"], day)
		must(w, err)
		if len(done) != 1 || done[0].Source != learning.Import || done[0].On != clock.Date(2024, 5, 2) || done[0].Edition != 1 || done[0].RoundID != nil || done[0].RecordedBy != "Rut Ek" {
			w.Errorf("Åsa has %+v", done)
		}
		again := w.stage(completions)
		if again.Unchanged != 3 || again.Added != 0 || again.Rejected != 0 {
			w.Errorf("the same file once more does %+v", again)
		}
		given, err := history.GivenIn(ctx, w.d.Reader(), w.viewer, dalarna)
		must(w, err)
		if len(given) != 2 || given[0].Year != 2025 || given[0].Completed != 1 || given[1].Year != 2024 || given[1].Completed != 2 {
			w.Errorf("the figures are %+v", given)
		}
		// Nobody has a seat of it, and nothing is charged.
		for _, table := range []string{"enrolment", "attendance", "round", "course_day", "settlement_line", "river_job"} {
			if n := w.count(`SELECT COUNT(*) FROM ` + table); n != 0 {
				w.Errorf("%s has %d rows of it", table, n)
			}
		}
		basis, err := economy.InvoiceBasisOf(ctx, w.d.Reader(), access.System(), dalarna, 2024)
		if err != nil || basis.ParticipantDays != 0 || basis.Amount != 0 {
			w.Errorf("it is charged: %+v, %v", basis, err)
		}
		// What somebody has taken back since stays so.
		must(w, w.d.Write(ctx, func(tx *db.Tx) error {
			return learning.Revoke(ctx, tx, access.System(), done[0].ID, now)
		}))
		if i = w.undo(i); i.State != history.Undone || i.Kept != 1 {
			w.Errorf("taken back it is %+v", i)
		}
		if n := w.count(`SELECT COUNT(*) FROM completion WHERE revoked_at IS NULL`); n != 0 {
			w.Errorf("%d completions are left", n)
		}
		if i = w.apply(w.stage(completions)); i.Added != 3 || w.count(`SELECT COUNT(*) FROM completion WHERE revoked_at IS NULL`) != 3 {
			w.Errorf("read in anew it does %+v", i)
		}
	})
}

func TestRowsOfCompletionsThatAreNotSureAreRejected(t *testing.T) {
	each(t, func(w *town) {
		w.do(`INSERT INTO completion (person_id, course_id, completed_on, source, recorded_at) SELECT $1, id, '2024-01-15', 'local', 0 FROM course WHERE slug = 'utsatthet-och-vald'`, w.people["Bo"])
		i := w.stage(`staff_id,municipality,email,course,completed_on
00042,2080,asa@example.org,samtal-och-delaktighet,2024-05-02
00042,2080,bo@example.org,samtal-och-delaktighet,2024-05-02
99999,2080,,samtal-och-delaktighet,2024-05-02
00042,,,samtal-och-delaktighet,2024-05-02
00042,Uppsala,,samtal-och-delaktighet,2024-05-02
,,disa@example.org,samtal-och-delaktighet,2024-05-02
,,eva@example.org,samtal-och-delaktighet,2024-05-02
,,cia@example.org,samtal-och-delaktighet,2025-01-01
,,nobody@example.org,samtal-och-delaktighet,2024-05-02
,,bo@example.org,samtal,2024-05-02
,,bo@example.org,samtal-och-delaktighet,2 maj
,,bo@example.org,samtal-och-delaktighet,2026-03-03
,,bo@example.org,samtal-och-delaktighet,2020-01-01
,,bo@example.org,samtal-och-delaktighet,
,,,samtal-och-delaktighet,2024-05-02
,,asa@example.org,samtal-och-delaktighet,2024-05-03
,,bo@example.org,utsatthet-och-vald,2024-05-02
,,bo@example.org,utsatthet-och-vald,2024-01-15
,,bo@example.org
`)
		want := `3 email history.two_people
4 staff_id history.person_unknown
5 municipality history.number_without_municipality
6 municipality history.municipality_unknown
7 email history.person_unknown
8 email history.person_unknown
9 email history.person_unknown
10 email history.person_unknown
11 course history.course_unknown
12 completed_on intake.day_unknown
13 completed_on history.day_wrong
14 completed_on learning.before_course
15 completed_on history.empty
16 email history.row_without_key
17 row history.twice
18 completed_on history.completed_before
19 row history.twice
20 row intake.row_short`
		if diff := cmp.Diff(want, w.why(i)); diff != "" {
			w.Error(diff)
		}
		if i.Added != 1 {
			w.Errorf("%d are added", i.Added)
		}
		// What the file called people is kept nowhere.
		if n := w.count(`SELECT COUNT(*) FROM history_row WHERE cells LIKE '%example.org%' OR problem LIKE '%example.org%' OR cells LIKE '%00042%'`); n != 0 {
			w.Errorf("%d rows tell who they are about", n)
		}
	})
}

// The names in a preview are only for who may see the people.
func TestAPreviewNamesPeople(t *testing.T) {
	each(t, func(w *town) {
		i := w.stage(completions)
		rows, err := i.Rows(ctx, w.d.Reader(), w.viewer, history.Add, 0, 10)
		must(w, err)
		if len(rows) != 3 || rows[0].Person != "Åsa Ek" || rows[0].Course != "Samtal och delaktighet" || rows[1].Line.Line != 3 {
			w.Errorf("%+v", rows)
		}
		nameless := w.viewer
		nameless.Nameless = []int64{falun}
		if rows, err = i.Rows(ctx, w.d.Reader(), nameless, history.Add, 0, 10); err != nil || rows[0].Person != "" || rows[1].Person != "Bo Ek" {
			w.Errorf("where Falun shows no names: %+v, %v", rows, err)
		}
		j, err := history.Stage(ctx, w.d, nameless, dalarna, "fil.csv", strings.NewReader(completions), now)
		if err != nil || j.Added != 1 || j.Rejected != 2 {
			w.Errorf("whose names are not shown is read in: %+v, %v", j, err)
		}
	})
}

const rounds = `Kurs;Omgång;Dag;Ort;Kommun;Deltagare;Närvarande
Samtal och delaktighet;Våren 2019;2019-03-04;Falun;Falun;8;7
Samtal och delaktighet;Våren 2019;2019-03-05;Falun;Falun;8;8
Samtal och delaktighet;Våren 2019;2019-03-04;Falun;2081;4;0
`

func TestDaysAreReadInAsSums(t *testing.T) {
	each(t, func(w *town) {
		i := w.apply(w.stage(rounds))
		if i.Kind != history.Rounds || i.Added != 3 || i.State != history.Applied {
			w.Fatalf("%+v\n%s", i, w.why(i))
		}
		given, err := history.GivenIn(ctx, w.d.Reader(), w.viewer, dalarna)
		must(w, err)
		want := []history.Given{{Year: 2019, Course: "Samtal och delaktighet", Slug: "samtal-och-delaktighet", Rounds: 1, Days: 2, Participants: 20, Attended: 15}}
		if diff := cmp.Diff(want, given); diff != "" {
			w.Error(diff)
		}
		if again := w.stage(rounds); again.Unchanged != 3 {
			w.Errorf("once more: %+v", again)
		}
		other := w.stage(rounds[:strings.Index(rounds, "\n")+1] + `Samtal och delaktighet;Våren 2019;2019-03-04;Falun;Falun;9;7
Samtal och delaktighet;Våren 2019;2019-03-06;Falun;Falun;8;8
Samtal och delaktighet;Våren 2019;2019-03-07;Falun;Falun;8;9
Samtal och delaktighet;Våren 2019;2019-03-08;Falun;;8;8
Samtal och delaktighet;Våren 2019;2019-03-08;Falun;Falun;-1;0
Samtal och delaktighet;Våren 2019;2019-03-08;Falun;Falun;100000;0
Samtal och delaktighet;Våren 2019;2019-03-09;Falun;Falun;100001;0
`)
		want2 := `2 row history.read_otherwise
4 attended history.more_than_seats
5 municipality history.empty
6 participants history.number_unknown
8 participants history.number_unknown`
		if diff := cmp.Diff(want2, w.why(other)); diff != "" {
			w.Error(diff)
		}
		if other = w.apply(other); other.Added != 2 {
			w.Errorf("%+v", other)
		}
		w.undo(i)
		given, err = history.GivenIn(ctx, w.d.Reader(), w.viewer, dalarna)
		if err != nil || len(given) != 1 || given[0].Participants != 100_008 {
			w.Errorf("without the first file the figures are %+v, %v", given, err)
		}
		if again := w.apply(w.stage(rounds)); again.Added != 3 {
			w.Errorf("read in anew: %+v", again)
		}
	})
}

const evaluations = `Kurs;År;Fråga;Svar;Antal svar
Samtal och delaktighet;2019;Hur nöjd är du?;Mycket nöjd;3
Samtal och delaktighet;2019;Hur nöjd är du?;Missnöjd;2
`

func TestEvaluationsAreReadInWholeAndNeverOfAFew(t *testing.T) {
	each(t, func(w *town) {
		few := w.stage(strings.Replace(evaluations, ";2\n", ";1\n", 1))
		if diff := cmp.Diff("2 answers history.too_few\n3 answers history.too_few", w.why(few)); diff != "" {
			w.Error(diff)
		}
		broken := w.stage(strings.Replace(evaluations, ";2\n", ";två\n", 1))
		if diff := cmp.Diff("2 question history.question_broken\n3 answers history.number_unknown", w.why(broken)); diff != "" {
			w.Error(diff)
		}
		w.apply(w.stage(evaluations))
		asked, err := history.AskedIn(ctx, w.d.Reader(), w.viewer, dalarna)
		want := []history.Asked{{Year: 2019, Course: "Samtal och delaktighet", Question: "Hur nöjd är du?", Answers: []string{"Mycket nöjd", "Missnöjd"}, Counts: []int{3, 2}, Total: 5}}
		if diff := cmp.Diff(want, asked); err != nil || diff != "" {
			w.Errorf("%v\n%s", err, diff)
		}
		// An answer that comes later would tell of who gave it.
		more := w.stage(evaluations + "Samtal och delaktighet;2019;Hur nöjd är du?;Vet inte;1\n")
		if diff := cmp.Diff("4 question history.read_otherwise", w.why(more)); diff != "" {
			w.Error(diff)
		}
	})
}

func TestAFileThatIsNotWhatItShouldBeSaysSo(t *testing.T) {
	each(t, func(w *town) {
		many := "email,course,completed_on\n" + strings.Repeat("bo@example.org,x,2024-05-02\n", history.MaxRows)
		for name, c := range map[string]struct {
			file string
			want string
		}{
			"nothing":             {"", "intake.file_empty"},
			"headings alone":      {"email,course,completed_on\n", "intake.file_empty"},
			"of no kind":          {"email,course\nbo@example.org,x\n", "history.no_kind"},
			"of two kinds":        {"course,completed_on,attended\nx,y,z\n", "history.two_kinds"},
			"without who":         {"course,completed_on\nx,2024-05-02\n", "history.no_key"},
			"a number alone":      {"staff_id,course,completed_on\n1,x,2024-05-02\n", "history.no_key"},
			"without a column":    {"course,year,question,answers\nx,2019,y,3\n", "history.lacks_column"},
			"with another's":      {"email,course,completed_on,place\nx,y,2024-05-02,z\n", "history.not_here"},
			"a heading misspelt":  {"e-maill,course,completed_on\nx,y,z\n", "intake.heading_misspelt"},
			"a heading twice":     {"email,e-post,course,completed_on\nx,y,z,w\n", "intake.heading_twice"},
			"an open quotation":   {"email,course,completed_on\n\"x,y,z\n", "intake.file_cut_off"},
			"one row too many":    {many + "bo@example.org,x,2024-05-02\n", "intake.file_too_large"},
			"as many as may be":   {many, ""},
			"an old kind of book": {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "intake.file_old_book"},
		} {
			_, err := history.Stage(ctx, w.d, w.viewer, dalarna, "fil.csv", strings.NewReader(c.file), now)
			f := fault.Of(err)
			switch {
			case c.want == "" && err != nil, c.want != "" && (f == nil || f.Fields[0].Key != c.want):
				w.Errorf("%s: %v, want %q", name, err, c.want)
			case f != nil:
				if text := i18n.Swedish.T(f.Fields[0].Key, f.Fields[0].Args...); strings.Contains(text, "<no value>") {
					w.Errorf("%s: %s", name, text)
				}
			}
		}
	})
}

// However a spreadsheet saves the file, it says the same.
func TestTheSameFileInEveryWayOfWriting(t *testing.T) {
	each(t, func(w *town) {
		latin, err := charmap.Windows1252.NewEncoder().String(completions)
		must(w, err)
		book := excelize.NewFile()
		for r, line := range strings.Split(strings.TrimSpace(completions), "\n") {
			for c, cell := range strings.Split(line, ";") {
				at, err := excelize.CoordinatesToCellName(c+1, r+1)
				must(w, errors.Join(err, book.SetCellStr("Sheet1", at, cell)))
			}
		}
		var xlsx bytes.Buffer
		must(w, book.Write(&xlsx))
		w.apply(w.stage(completions))
		for name, file := range map[string]string{
			"with a mark": "\ufeff" + completions, "commas": strings.ReplaceAll(completions, ";", ","), "Windows-1252": latin, "a workbook": xlsx.String(),
		} {
			if i := w.stage(file); i.Unchanged != 3 || i.Rejected != 0 {
				w.Errorf("%s: %+v\n%s", name, i, w.why(i))
			}
		}
	})
}

func TestWhoReadsHistoryIn(t *testing.T) {
	each(t, func(w *town) {
		i := w.stage(completions)
		for name, c := range map[string]struct {
			viewer access.Viewer
			want   error
		}{
			"another region's administrator": {grantee(access.Regional, 1, uppsala), fault.NotFound},
			"the steering group":             {grantee(access.Steering, 1, dalarna), fault.Forbidden},
			"nobody":                         {access.Viewer{}, fault.Forbidden},
		} {
			_, staged := history.Stage(ctx, w.d, c.viewer, dalarna, "x", strings.NewReader(completions), now)
			_, seen := history.ByID(ctx, w.d.Reader(), c.viewer, i.ID)
			_, listed := history.List(ctx, w.d.Reader(), c.viewer, dalarna)
			_, rows := i.Rows(ctx, w.d.Reader(), c.viewer, history.Add, 0, 1)
			approved := w.d.Write(ctx, func(tx *db.Tx) error { return history.Approve(ctx, tx, c.viewer, i.ID, true, now) })
			undone := w.d.Write(ctx, func(tx *db.Tx) error { return history.Undo(ctx, tx, c.viewer, i.ID, now) })
			for what, err := range map[string]error{"stages": staged, "sees": seen, "lists": listed, "reads": rows, "approves": approved, "undoes": undone} {
				if !errors.Is(err, c.want) {
					w.Errorf("%s %s it: %v, want %v", name, what, err, c.want)
				}
			}
		}
		if _, err := history.GivenIn(ctx, w.d.Reader(), grantee(access.Steering, 1, dalarna), dalarna); err != nil {
			w.Errorf("the steering group sees no figures: %v", err)
		}
		if _, err := history.GivenIn(ctx, w.d.Reader(), grantee(access.Steering, 1, uppsala), dalarna); !errors.Is(err, fault.NotFound) {
			w.Errorf("another region's steering group sees the figures: %v", err)
		}
	})
}

// What somebody does between the preview and the button goes before the file; one that was broken
// off goes on.
func TestBetweenThePreviewAndTheButton(t *testing.T) {
	each(t, func(w *town) {
		i := w.stage(completions)
		w.do(`INSERT INTO completion (person_id, course_id, completed_on, source, recorded_at) SELECT $1, id, '2024-01-15', 'local', 0 FROM course WHERE slug = 'samtal-och-delaktighet'`, w.people["Åsa"])
		if err := w.d.Write(ctx, func(tx *db.Tx) error { return history.Undo(ctx, tx, w.viewer, i.ID, now) }); fault.Of(err) == nil {
			w.Errorf("what is not applied is taken back: %v", err)
		}
		if i = w.apply(i); i.Added != 2 || i.Rejected != 1 || w.why(i) != "2 completed_on history.meanwhile" {
			w.Errorf("%+v\n%s", i, w.why(i))
		}
		if err := w.d.Write(ctx, func(tx *db.Tx) error { return history.Approve(ctx, tx, w.viewer, i.ID, true, now) }); fault.Of(err) == nil {
			w.Errorf("it is applied twice: %v", err)
		}
		var file strings.Builder
		file.WriteString("course,round,day,municipality,participants,attended\n")
		for n := range 401 {
			fmt.Fprintf(&file, "samtal-och-delaktighet,Omgång %d,2019-03-04,falun,2,1\n", n)
		}
		long := w.stage(file.String())
		must(w, w.d.Write(ctx, func(tx *db.Tx) error { return history.Approve(ctx, tx, w.viewer, long.ID, false, now) }))
		broken, cut := context.WithCancel(ctx)
		if err := history.Run(broken, w.d, w.viewer, long.ID, func() clock.Instant { return now }, func(int) { cut() }); err == nil {
			w.Error("it was not broken off")
		}
		if n := w.count(`SELECT COUNT(*) FROM history_day`); n != 200 {
			w.Errorf("broken off after the first step it has made %d days", n)
		}
		if long = w.run(long); long.State != history.Applied || w.count(`SELECT COUNT(*) FROM history_day`) != 401 {
			w.Errorf("%+v", long)
		}
		partial := w.stage("email,course,completed_on\nnobody@example.org,samtal-och-delaktighet,2024-05-02\n")
		if err := w.d.Write(ctx, func(tx *db.Tx) error { return history.Approve(ctx, tx, w.viewer, partial.ID, false, now) }); fault.Of(err) == nil {
			w.Errorf("rejected rows are passed by without a word: %v", err)
		}
		must(w, w.d.Write(ctx, func(tx *db.Tx) error { return history.Discard(ctx, tx, partial.ID) }))
		must(w, w.d.Write(ctx, func(tx *db.Tx) error { return history.Discard(ctx, tx, long.ID) }))
		if w.count(`SELECT COUNT(*) FROM history_import WHERE id = $1`, partial.ID) != 0 || w.count(`SELECT COUNT(*) FROM history_import WHERE id = $1`, long.ID) != 1 {
			w.Error("what is applied can be forgotten, or what is not cannot")
		}
	})
}

func FuzzStage(f *testing.F) {
	for _, seed := range []string{completions, rounds, evaluations, "sep=;\nkurs;ar;fraga;svar;antal\n;;;;\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) { history.ReadOf(file, day) })
}
