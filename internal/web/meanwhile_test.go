package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"yrkesresan/internal/db"
)

// Two seats at the same hours are said to the person, the manager and the region,
// before and after, and are no obstacle.
func TestTwoSeatsAtTheSameHoursAreSaid(t *testing.T) {
	s := newSite(t)
	me := s.person(learner)
	other := s.id(`SELECT MIN(r.id) FROM round AS r WHERE r.region_id = (SELECT region_id FROM employment WHERE person_id = $1 AND to_day IS NULL)
		AND r.municipality_id IS NULL AND r.cancelled_at IS NULL AND r.published_at IS NOT NULL AND r.first_day > $2`, me, demoNow.Day())
	wanted := s.id(`SELECT MIN(r.id) FROM round AS r WHERE r.region_id = (SELECT region_id FROM round WHERE id = $1) AND r.municipality_id IS NULL
		AND r.cancelled_at IS NULL AND r.published_at IS NOT NULL AND r.first_day > $2 AND r.id <> $1`, other, demoNow.Day())
	s.write(func(ctx context.Context, tx *db.Tx) error {
		for _, query := range []string{
			fmt.Sprintf(`DELETE FROM enrolment WHERE person_id = %d AND round_id IN (%d, %d)`, me, wanted, other),
			fmt.Sprintf(`DELETE FROM queue_entry WHERE person_id = %d AND round_id IN (%d, %d)`, me, wanted, other),
			fmt.Sprintf(`UPDATE round SET capacity = 400, signup_from = '2026-01-01', signup_until = first_day WHERE id = %d`, wanted),
			fmt.Sprintf(`UPDATE course_day SET starts = '09:00', ends = '12:00' WHERE round_id = %d`, wanted),
			fmt.Sprintf(`UPDATE course_day SET starts = '11:00', ends = '16:00', day = (SELECT MIN(day) FROM course_day WHERE round_id = %d) WHERE id = (SELECT MIN(id) FROM course_day WHERE round_id = %d)`, wanted, other),
			fmt.Sprintf(`INSERT INTO enrolment (round_id, person_id, enrolled_at) VALUES (%d, %d, 1)`, other, me),
		} {
			if _, err := db.Exec(ctx, tx, query); err != nil {
				return fmt.Errorf("%s: %w", query, err)
			}
		}
		return nil
	})
	v, address := s.as(learner), fmt.Sprintf("/rounds/%d", wanted)
	v.get(address).wants(t, http.StatusOK, "Du har något annat samma tid", "Plats i ", "Du kan anmäla dig ändå")
	s.as(chief).get(address+"/signup?lacks=0").wants(t, http.StatusOK, "Samma tid: Plats i ")

	// The manager has to allow it, and reads it there, too.
	s.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO queue_entry (round_id, person_id, joined_at, needs_manager) VALUES ($1, $2, 1, TRUE)`, wanted, me)
		return err
	})
	v.get(address).wants(t, http.StatusOK, "Du har något annat samma tid", "tacka ja ändå")
	s.as(chief).get("/my/requests").wants(t, http.StatusOK, "Samma tid", "Plats i ")
	s.as(regional).get(address).wants(t, http.StatusOK, "Samma tid: Plats i ")
	entry := s.id(`SELECT id FROM queue_entry WHERE round_id = $1 AND person_id = $2 AND ended_at IS NULL`, wanted, me)
	s.as(chief).post(fmt.Sprintf("/queue/%d/approval", entry), url.Values{}).wants(t, http.StatusSeeOther)
	if s.id(`SELECT COUNT(*) FROM enrolment WHERE round_id = $1 AND person_id = $2 AND withdrawn_at IS NULL`, wanted, me) != 1 {
		t.Fatal("there is no seat")
	}
	v.get(address).wants(t, http.StatusOK, "Du har något annat samma tid", "Du har kvar båda")
	for _, who := range []string{chief, regional} {
		s.as(who).get(address).wants(t, http.StatusOK, "Samma tid: Plats i ")
	}
	if page := s.as(teacher).get(address); strings.Contains(page.body, "Samma tid:") {
		t.Error("a trainer reads it")
	}
}

// A seat that is moved, or given to a colleague, to hours at which they have something
// else: whoever does it is told before and after, and goes on.
func TestAMoveToHoursThatAreTakenIsSaidAndDone(t *testing.T) {
	s := newSite(t)
	me := s.person(learner)
	rounds := s.ids(`SELECT id FROM round WHERE region_id = 20 AND municipality_id IS NULL AND cancelled_at IS NULL AND published_at IS NOT NULL AND first_day > $1 ORDER BY id LIMIT 3`, demoNow.Day())
	from, to, third := rounds[0], rounds[1], rounds[2]
	for _, query := range []string{
		`DELETE FROM enrolment WHERE person_id = %[1]d AND round_id IN (%[2]d, %[3]d, %[4]d)`,
		`DELETE FROM queue_entry WHERE person_id = %[1]d AND round_id IN (%[2]d, %[3]d, %[4]d)`,
		`UPDATE round SET capacity = 400, signup_from = '2026-01-01', signup_until = first_day WHERE id IN (%[2]d, %[3]d)`,
		`UPDATE round SET course_id = (SELECT course_id FROM round WHERE id = %[2]d), edition_id = (SELECT edition_id FROM round WHERE id = %[2]d) WHERE id = %[3]d`,
		// The first day of all three is the same, and so are the hours.
		`UPDATE course_day SET starts = '09:00', ends = '12:00', day = (SELECT MIN(day) FROM course_day WHERE round_id = %[3]d) WHERE ordinal = 1 AND round_id IN (%[2]d, %[3]d, %[4]d)`,
		`INSERT INTO enrolment (round_id, person_id, enrolled_at) VALUES (%[2]d, %[1]d, 1)`,
		`INSERT INTO enrolment (round_id, person_id, enrolled_at) VALUES (%[4]d, %[1]d, 1)`,
	} {
		s.change(fmt.Sprintf(query+" -- %[1]d %[2]d %[3]d %[4]d", me, from, to, third))
	}
	seat := s.id(`SELECT id FROM enrolment WHERE person_id = $1 AND round_id = $2 AND withdrawn_at IS NULL`, me, from)
	label := s.text(`SELECT label FROM round WHERE id = $1`, third)
	address := fmt.Sprintf("/enrolments/%d", seat)
	for _, who := range []string{learner, chief, regional} {
		page := s.as(who).get(address)
		page.wants(t, http.StatusOK, "Samma tid: Plats i ", label)
		if n := strings.Count(page.body, "Samma tid: Plats i "); n < 1 {
			t.Errorf("%s reads it %d times", who, n)
		}
	}
	v := s.as(chief)
	moved := v.post(address+"/move", url.Values{"round": {fmt.Sprint(to)}})
	moved.wants(t, http.StatusSeeOther)
	page := v.get(moved.location)
	page.wants(t, http.StatusOK, "Samma tid: Plats i ")
	if s.id(`SELECT COUNT(*) FROM enrolment WHERE round_id = $1 AND person_id = $2 AND withdrawn_at IS NULL`, to, me) != 1 {
		t.Error("the seat was not moved")
	}
	// What was given up is no trouble.
	own := s.text(`SELECT label FROM round WHERE id = $1`, from)
	at := strings.Index(page.body, "Samma tid: Plats i ")
	if said := page.body[at:min(len(page.body), at+160)]; label != own && strings.Contains(said, own) {
		t.Errorf("it says %s", said)
	}
	for _, who := range []string{learner, regional} { // who did not move it finds it on the round's page
		s.as(who).get(fmt.Sprintf("/rounds/%d", to)).wants(t, http.StatusOK, "Plats i ")
	}
}
