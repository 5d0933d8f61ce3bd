package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"yrkesresan/internal/db"
)

// Who has prepared is for those who hold the day; who is only asked is told how
// many.
func TestATrainerSeesWhoHasPrepared(t *testing.T) {
	s := newSite(t)
	exec := func(query string, args ...any) {
		t.Helper()
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, query, args...)
			return err
		})
	}
	day := s.id(`SELECT MIN(d.id) FROM course_day AS d JOIN round AS r ON r.id = d.round_id JOIN course AS c ON c.id = r.course_id
		WHERE c.slug = 'samtal-och-delaktighet' AND d.day > $1`, demoNow.Day())
	trainer := s.id(`SELECT id FROM person WHERE email = $1`, aTrainer)
	exec(`DELETE FROM day_trainer WHERE course_day_id = $1 AND person_id = $2`, day, trainer)
	exec(`INSERT INTO day_trainer (course_day_id, person_id, role, asked_at) VALUES ($1, $2, 'trainer', $3)`, day, trainer, demoNow)
	seats := s.id(`SELECT COUNT(*) FROM enrolment AS n JOIN course_day AS d ON d.round_id = n.round_id WHERE d.id = $1 AND n.withdrawn_at IS NULL`, day)
	// One of them does all that is required before the day.
	one := s.id(`SELECT MIN(n.person_id) FROM enrolment AS n JOIN course_day AS d ON d.round_id = n.round_id WHERE d.id = $1 AND n.withdrawn_at IS NULL`, day)
	name := s.text(`SELECT given_name FROM person WHERE id = $1`, one)
	edition := s.id(`SELECT r.edition_id FROM round AS r JOIN course_day AS d ON d.round_id = r.id WHERE d.id = $1`, day)
	exec(`DELETE FROM progress WHERE person_id IN (SELECT n.person_id FROM enrolment AS n JOIN course_day AS d ON d.round_id = n.round_id WHERE d.id = $1)`, day)
	exec(`INSERT INTO progress (person_id, task_id, opened_at, done_at, changed_at) SELECT $1, id, $2, $2, $2 FROM task WHERE edition_id = $3 AND phase = 'preparation'`, one, demoNow, edition)

	v := s.as(aTrainer)
	page := path("/my/days/%d", day)
	asked := v.get(page)
	asked.says(t, http.StatusOK, "Har förberett sig", fmt.Sprintf("1 av %d", seats))
	if strings.Contains(asked.body, name) && strings.Contains(asked.body, "participants-table") {
		t.Error("who is only asked sees names")
	}
	exec(`UPDATE day_trainer SET answer = 'accepted', answered_at = $3 WHERE course_day_id = $1 AND person_id = $2`, day, trainer, demoNow)
	holds := v.get(page)
	holds.says(t, http.StatusOK, "Förberedelse", name, "Klar", "uppgifter kvar")
	if strings.Contains(holds.body, "Har förberett sig") {
		t.Error("the number stands beside the names")
	}

	exec(`UPDATE course_day SET day = $2 WHERE id = $1`, day, demoNow.Day())
	v.get(path("/days/%d/attendance", day)).says(t, http.StatusOK, name, "förberedelse klar", "förberedelseuppgifter kvar")
}
