package web_test

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"yrkesresan/internal/db"
)

// dueDay is a day that the demo's trainer holds, has passed and has no list.
func (s *site) dueDay() int64 {
	return s.id(`SELECT MIN(d.id) FROM day_trainer AS t JOIN course_day AS d ON d.id = t.course_day_id JOIN person AS p ON p.id = t.person_id
		JOIN round AS r ON r.id = d.round_id WHERE p.email = $1 AND d.held_at IS NULL AND r.cancelled_at IS NULL AND d.day < '2026-11-23'`, teacher)
}

// seats are the enrolments of the day's round, holders its trainers.
func (s *site) seats(day int64) []int64 {
	return s.ids(`SELECT n.id FROM enrolment AS n JOIN course_day AS d ON d.round_id = n.round_id WHERE d.id = $1 AND n.withdrawn_at IS NULL ORDER BY n.id`, day)
}

func (s *site) holders(day int64) []int64 {
	return s.ids(`SELECT person_id FROM day_trainer WHERE course_day_id = $1 ORDER BY person_id`, day)
}

func (s *site) ids(query string, args ...any) []int64 {
	s.t.Helper()
	ids, err := db.Rows(s.t.Context(), s.db.Reader(), db.One[int64], query, args...)
	if err != nil {
		s.t.Fatal(err)
	}
	return ids
}

// allThere is a filled-in list.
func (s *site) allThere(day int64) url.Values {
	form := url.Values{}
	for _, seat := range s.seats(day) {
		form.Set(path("mark_%d", seat), "present")
	}
	for _, person := range s.holders(day) {
		form.Set(path("trainer_%d", person), "yes")
	}
	return form
}

func TestATrainerRegistersAttendance(t *testing.T) {
	s := newSite(t)
	v := s.as(teacher)
	day := s.dueDay()
	page := path("/days/%d/attendance", day)
	round := s.id(`SELECT round_id FROM course_day WHERE id = $1`, day)
	seats := s.seats(day)

	a := v.get(page)
	a.wants(t, http.StatusOK, path("%d deltagare", len(seats)), "Giltig frånvaro", "Var på plats", "Spara närvaron", "Alla andra är närvarande")
	if strings.Contains(a.body, " checked") {
		t.Error("an answer is given before anybody has said")
	}
	if n := strings.Count(a.body, `type="radio"`); n != 4*len(seats)+2*len(s.holders(day)) {
		t.Errorf("%d answers to choose among", n)
	}

	t.Run("the rest are present, without script and without saving", func(t *testing.T) {
		a := v.post(page, url.Values{"preset": {"present"}, path("mark_%d", seats[0]): {"absent"}, path("reason_%d", seats[0]): {"Kom aldrig"}})
		a.wants(t, http.StatusOK, "Inget är sparat än", "Kom aldrig", `value="absent" checked`)
		if n := strings.Count(a.body, `value="present" checked`); n != len(seats)-1 {
			t.Errorf("%d are present, want %d", n, len(seats)-1)
		}
		if n := strings.Count(a.body, `value="yes" checked`); n != len(s.holders(day)) {
			t.Errorf("%d trainers are there", n)
		}
		if s.id(`SELECT COUNT(*) FROM attendance WHERE course_day_id = $1`, day) != 0 {
			t.Error("it was saved")
		}
	})
	t.Run("a list with a gap is not saved, and keeps what was answered", func(t *testing.T) {
		form := s.allThere(day)
		form.Del(path("mark_%d", seats[1]))
		form.Set(path("mark_%d", seats[0]), "excused")
		form.Set(path("reason_%d", seats[0]), "Vård av barn")
		a := v.post(page, form)
		a.wants(t, http.StatusUnprocessableEntity, "Fel:", "1 sak behöver rättas", path(`href="#f-mark_%d"`, seats[1]), path(`id="f-mark_%d"`, seats[1]), "Vård av barn", `value="excused" checked`)
		if s.id(`SELECT COUNT(*) FROM attendance WHERE course_day_id = $1`, day) != 0 {
			t.Error("part of it was saved")
		}
	})
	t.Run("a trainer without an answer and a mark that is none", func(t *testing.T) {
		form := s.allThere(day)
		form.Del(path("trainer_%d", s.holders(day)[0]))
		form.Set(path("mark_%d", seats[0]), "asleep")
		v.post(page, form).wants(t, http.StatusUnprocessableEntity, "2 saker behöver rättas", "var på plats", "Välj ett av alternativen")
	})
	t.Run("a reason that is too long", func(t *testing.T) {
		form, long := s.allThere(day), strings.Repeat("x", 501)
		form.Set(path("mark_%d", seats[0]), "late")
		form.Set(path("reason_%d", seats[0]), long)
		v.post(page, form).wants(t, http.StatusUnprocessableEntity, "för lång", long)
	})
	t.Run("the whole list", func(t *testing.T) {
		form := s.allThere(day)
		form.Set(path("mark_%d", seats[0]), "excused")
		form.Set(path("reason_%d", seats[0]), "Vård av barn")
		a := v.post(page, form)
		if a.status != http.StatusSeeOther || a.location != path("/rounds/%d", round) {
			t.Fatalf("status %d, to %s", a.status, a.location)
		}
		v.get(a.location).wants(t, http.StatusOK, path("är sparad: %d av %d var med", len(seats)-1, len(seats)), "Genomförd</span>")
	})
	t.Run("a change is kept in the history, and nobody present has a reason", func(t *testing.T) {
		form := s.allThere(day)
		form.Set(path("reason_%d", seats[0]), "Vård av barn")
		if strings.Contains(v.get(page).body, "Skäl till ändringen") {
			t.Error("who has just filled in the list has to explain a slip")
		}
		s.write(func(ctx context.Context, tx *db.Tx) error { // it was yesterday
			_, err := db.Exec(ctx, tx, `UPDATE attendance SET marked_at = marked_at - 86400000000 WHERE course_day_id = $1`, day)
			return err
		})
		v.get(page).wants(t, http.StatusOK, "Skäl till ändringen")
		v.post(page, form).wants(t, http.StatusUnprocessableEntity, "Skriv varför du ändrar markeringen", `href="#f-why"`)
		form.Set("why", "Kom till slut")
		v.post(page, form)
		v.get(page).wants(t, http.StatusOK, "Vad som har hänt med listan (2 händelser)", "Giltig frånvaro → Närvarande", "Kom till slut", "Listan sparades första gången")
		if n := s.id(`SELECT COUNT(*) FROM attendance WHERE course_day_id = $1 AND reason <> ''`, day); n != 0 {
			t.Error("a reason is left")
		}
	})
	t.Run("answers for others than the day's are not taken", func(t *testing.T) {
		form := maps.Clone(s.allThere(day))
		form.Set("mark_999999", "present")
		v.post(page, form).wants(t, http.StatusConflict, "har inte längre en plats i kursomgången")
		if n := s.id(`SELECT COUNT(*) FROM attendance WHERE course_day_id = $1`, day); n != int64(len(seats)) {
			t.Errorf("%d marks for %d seats", n, len(seats))
		}
	})
}

func TestAttendanceOpensOnTheDay(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	ahead := s.id(`SELECT MIN(d.id) FROM course_day AS d JOIN round AS r ON r.id = d.round_id JOIN organisation AS o ON o.id = r.region_id
		WHERE o.slug = 'dalarna' AND r.cancelled_at IS NULL AND d.day > '2026-11-23'`)
	off := s.id(`SELECT MIN(d.id) FROM course_day AS d JOIN round AS r ON r.id = d.round_id JOIN organisation AS o ON o.id = r.region_id
		WHERE o.slug = 'dalarna' AND r.cancelled_at IS NOT NULL`)
	for name, c := range map[string]struct {
		day                 int64
		says, whenSent, not string
	}{
		"a day ahead says when":       {ahead, "Närvaron öppnar", "Närvaron kan sparas då", "Spara närvaron"},
		"a cancelled round never has": {off, "Kursomgången är inställd.", "Kursomgången är inställd.", "Spara närvaron"},
	} {
		t.Run(name, func(t *testing.T) {
			page := path("/days/%d/attendance", c.day)
			a := v.get(page)
			a.wants(t, http.StatusOK, c.says)
			a.lacks(t, c.not)
			v.post(page, s.allThere(c.day)).wants(t, http.StatusConflict, c.whenSent)
			v.post(page, url.Values{"preset": {"present"}}).lacks(t, c.not)
		})
	}
}

func TestADayWithoutParticipantsCanBeHeld(t *testing.T) {
	s := newSite(t)
	day := s.dueDay()
	s.withdrawn(s.seats(day)...)
	v := s.as(teacher)
	v.get(path("/days/%d/attendance", day)).wants(t, http.StatusOK, "Ingen har en plats i kursomgången", "Var på plats")
	if a := v.post(path("/days/%d/attendance", day), s.allThere(day)); a.status != http.StatusSeeOther {
		t.Errorf("status %d", a.status)
	}
	round := s.id(`SELECT round_id FROM course_day WHERE id = $1`, day)
	v.get(path("/rounds/%d", round)).wants(t, http.StatusOK, "Ingen har en plats än")
}

// What somebody else said while a list was open is not undone by saving it;
// what was changed in the list is.
func TestAListSaysThatSomebodyInItHasLeft(t *testing.T) {
	s := newSite(t)
	v := s.as(teacher)
	day := s.today()
	page, form, left := path("/days/%d/attendance", day), s.allThere(day), s.seats(day)[0]
	s.withdrawn(left)
	a := v.post(page, form)
	a.wants(t, http.StatusConflict, "har inte längre en plats i kursomgången", `value="present" checked`)
	a.lacks(t, path("mark_%d\"", left))
	if n := s.id(`SELECT COUNT(*) FROM attendance WHERE course_day_id = $1`, day); n != 0 {
		t.Errorf("%d marks are saved", n)
	}
	form.Del(path("mark_%d", left))
	if a := v.post(page, form); a.status != http.StatusSeeOther {
		t.Errorf("the list of those who are left: status %d", a.status)
	}
}

func TestAnOpenListDoesNotUndoWhatOthersSaid(t *testing.T) {
	s := newSite(t)
	day := s.today()
	seats := s.seats(day)
	v, page := s.as(teacher), path("/days/%d/attendance", day)
	form := s.allThere(day)
	form.Set(path("mark_%d", seats[2]), "")
	for _, seat := range seats {
		form.Set(path("shown_mark_%d", seat), "")
	}
	form.Set(path("shown_mark_%d", seats[0]), "present") // as it was
	form.Set(path("shown_mark_%d", seats[1]), "late")    // changed here
	// Another device is first.
	person := s.id(`SELECT id FROM person WHERE email = $1`, regional)
	var sent []map[string]any
	for i, seat := range seats[:3] {
		sent = append(sent, map[string]any{"key": path("k%d", int64(i)), "enrolment": seat, "mark": "absent", "at": 1})
	}
	if status, answer := s.as(regional).send(day, map[string]any{"person": person, "sent": 1, "marks": sent}); status != http.StatusOK {
		t.Fatalf("status %d: %v", status, answer)
	}
	if a := v.post(page, form); a.status != http.StatusSeeOther {
		t.Fatalf("status %d", a.status)
	}
	for i, want := range []string{"absent", "present", "absent"} {
		if n := s.id(`SELECT COUNT(*) FROM attendance WHERE enrolment_id = $1 AND course_day_id = $2 AND mark = $3`, seats[i], day, want); n != 1 {
			t.Errorf("seat %d is not %s", i, want)
		}
	}
	v.get(path("/days/%d/marks", day)).wants(t, http.StatusOK, path(`{"enrolment":%d,"mark":"absent","own":false}`, seats[0]))
}
