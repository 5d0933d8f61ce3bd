package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// run runs the statements as they are.
func (s *site) run(statements ...string) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) error {
		for _, q := range statements {
			if _, err := db.Exec(ctx, tx, q); err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
		}
		return nil
	})
}

// comingRound is one of the picker's region's that is ahead and published.
func comingRound(s *site) int64 {
	return s.id(`SELECT MIN(r.id) FROM round AS r WHERE r.region_id = (SELECT region_id FROM employment WHERE person_id = $1 AND to_day IS NULL)
		AND r.municipality_id IS NULL AND r.cancelled_at IS NULL AND r.published_at IS NOT NULL AND r.first_day > $2
		AND EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL)`, s.person(learner), demoNow.Day())
}

func TestConfirmingIsNotUrgedBeforeSignupEnds(t *testing.T) {
	s := newSite(t)
	id := comingRound(s)
	v, address := s.as(regional), fmt.Sprintf("/rounds/%d", id)
	for name, c := range map[string]struct {
		from, until clock.Day
		minimum     int
		urged       bool
	}{
		"not yet open and too few": {1, 5, 999, false},
		"open and too few":         {-5, 0, 999, false},
		"closed and too few":       {-5, -1, 999, true},
		"open and enough":          {-5, 0, 0, true},
	} {
		s.run(fmt.Sprintf(`UPDATE round SET confirmed_at = NULL, capacity = 999, minimum = %d, signup_from = '%s', signup_until = '%s' WHERE id = %d`,
			c.minimum, demoNow.Day()+c.from, demoNow.Day()+c.until, id))
		page := v.get(address)
		page.wants(t, http.StatusOK, "Bekräfta kursomgången?")
		if got := strings.Contains(page.body, "Bekräfta kursomgången eller ställ in den."); got != c.urged {
			t.Errorf("%s: urged is %v", name, got)
		}
	}
	s.run(fmt.Sprintf(`UPDATE round SET cancelled_at = 1, cancel_cause = 'other', minimum = 0, capacity = 15 WHERE id = %d`, id))
	page := v.get(address)
	page.wants(t, http.StatusOK, "15 platser")
	page.lacks(t, "av 15 tagna")
}

func TestTheListIsPrintedAhead(t *testing.T) {
	s := newSite(t)
	id := comingRound(s)
	day := s.id(`SELECT MIN(id) FROM course_day WHERE round_id = $1`, id)
	person := s.id(`SELECT MIN(person_id) FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NULL`, id)
	s.run(fmt.Sprintf(`DELETE FROM round_need WHERE round_id = %d`, id),
		fmt.Sprintf(`INSERT INTO round_need (round_id, person_id, diet, access_need, told_at) VALUES (%d, %d, 'vegan', 'Hörslinga', 1)`, id, person))
	name := s.text(fmt.Sprintf(`SELECT given_name || ' ' || family_name FROM person WHERE id = %d`, person))
	address := fmt.Sprintf("/days/%d/paper", day)
	v := s.as(regional)
	v.get(fmt.Sprintf("/rounds/%d", id)).wants(t, http.StatusOK, address)
	v.get(fmt.Sprintf("/days/%d/attendance", day)).wants(t, http.StatusOK, address)
	page := v.get(address)
	page.wants(t, http.StatusOK, name, "Underskrift", `class="sign"`, "Specialkost: 1 × vegan")
	page.lacks(t, "Hörslinga")
}

func TestADigitalRoundAsksForNoDiet(t *testing.T) {
	s := newSite(t)
	id := comingRound(s)
	me := s.person(learner)
	s.run(fmt.Sprintf(`DELETE FROM enrolment WHERE person_id = %d AND round_id = %d`, me, id), fmt.Sprintf(`DELETE FROM queue_entry WHERE person_id = %d AND round_id = %d`, me, id),
		fmt.Sprintf(`UPDATE round SET signup_from = '2026-01-01', signup_until = first_day, capacity = 999 WHERE id = %d`, id))
	address := fmt.Sprintf("/rounds/%d", id)
	s.as(learner).get(address).wants(t, http.StatusOK, `name="diet"`, `name="access"`)
	s.run(fmt.Sprintf(`UPDATE course_day SET room_id = NULL, place = '', link = 'https://moten.example.org/1' WHERE round_id = %d`, id))
	page := s.as(learner).get(address)
	page.wants(t, http.StatusOK, `name="access"`)
	page.lacks(t, `name="diet"`, `name="other"`)
}

// Nobody is called "not approved" while nobody has decided that.
func TestNotRegisteredIsNotNotApproved(t *testing.T) {
	s := newSite(t)
	id := s.id(`SELECT MIN(r.id) FROM round AS r JOIN enrolment AS n ON n.round_id = r.id AND n.person_id <> $1 WHERE n.approved_at IS NOT NULL AND r.region_id = (SELECT region_id FROM employment WHERE person_id = $1 AND to_day IS NULL)
		AND r.municipality_id IS NULL AND r.last_day < $2 AND NOT EXISTS (SELECT 1 FROM enrolment AS o WHERE o.round_id = r.id AND o.person_id = $1)`, s.person(learner), demoNow.Day())
	me := s.person(learner)
	s.run(fmt.Sprintf(`DELETE FROM enrolment WHERE person_id = %d AND approved_at IS NULL`, me),
		fmt.Sprintf(`INSERT INTO enrolment (round_id, person_id, enrolled_at) VALUES (%d, %d, 1)`, id, me))
	address := fmt.Sprintf("/people/%d", me)
	page := s.as(regional).get(address)
	page.wants(t, http.StatusOK, "Inte godkänd")
	page.lacks(t, "Inte registrerad")
	s.run(fmt.Sprintf(`UPDATE course_day SET held_at = NULL WHERE id = (SELECT MAX(id) FROM course_day WHERE round_id = %d)`, id))
	page = s.as(regional).get(address)
	page.wants(t, http.StatusOK, "Inte registrerad")
	page.lacks(t, "Inte godkänd")
}
