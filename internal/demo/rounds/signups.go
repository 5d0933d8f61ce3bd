package rounds

import (
	"fmt"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/seat"
)

// SignUp lays out what the rounds to come show of waiting: a waiting list, a
// request to a manager, seats set aside, and wishes without a date.
func SignUp(w *world.World) error {
	falun, err := organisation.BySlug(w.Ctx, w.Tx, organisation.Municipality, "falun")
	if err != nil {
		return err
	}
	mora, err := organisation.BySlug(w.Ctx, w.Tx, organisation.Municipality, "mora")
	if err != nil {
		return err
	}
	today := w.Today
	admin := w.Regional[world.Dalarna]

	// The full round: three wait, one of whom has left again.
	full, err := nextRound(w, "utsatthet-och-vald")
	if err != nil {
		return err
	}
	waiting, err := without(w, full, `TRUE`, 3)
	if err != nil {
		return err
	}
	for i, person := range waiting {
		o, err := seat.SignUp(w.Ctx, w.Tx, w.Self(person), full, person, (today-2).At(9, 12+i))
		if err != nil {
			return fmt.Errorf("wait: %w", err)
		}
		if i == 2 {
			if err := seat.Decline(w.Ctx, w.Tx, w.Self(person), o.EntryID, (today-1).At(16, 0)); err != nil {
				return fmt.Errorf("leave the queue: %w", err)
			}
		}
	}

	// Falun's managers approve: two of the picker's manager's staff have asked.
	if err := people.SetManagerApproves(w.Ctx, w.Tx, admin, falun.ID, true, (today-30).At(10, 0)); err != nil {
		return err
	}
	open, err := nextRound(w, "samtal-och-delaktighet")
	if err != nil {
		return err
	}
	asking, err := without(w, open, `e.organisation_id IN (
		SELECT g.organisation_id FROM role_grant AS g JOIN person AS m ON m.id = g.person_id WHERE m.email = 'chef@example.org' AND g.role = 'manager'
	)`, 2)
	if err != nil {
		return err
	}
	for i, person := range asking {
		if _, err := seat.SignUp(w.Ctx, w.Tx, w.Self(person), open, person, (today-1).At(13, 5+i)); err != nil {
			return fmt.Errorf("ask: %w", err)
		}
	}

	// Mora is far away: two seats are kept for it.
	kept, err := nextRound(w, "uppdrag-och-ansvar")
	if err != nil {
		return err
	}
	if err := seat.SetAside(w.Ctx, w.Tx, admin, kept, mora.ID, 2, today+14, (today-5).At(9, 0)); err != nil {
		return fmt.Errorf("set seats aside: %w", err)
	}

	// More want the course that is given seldom than there are rounds of it.
	for _, wish := range []struct {
		course string
		people int
	}{{"handlaggning-av-lvu", 6}, {"handlaggning-av-unga-lagovertradare", 3}, {"arbeta-med-familjehem", 2}} {
		who, err := without(w, full, `NOT EXISTS (
			SELECT 1 FROM completion AS c WHERE c.person_id = e.person_id AND c.revoked_at IS NULL
			AND c.course_id = (SELECT id FROM course WHERE slug = '`+wish.course+`'))`, wish.people)
		if err != nil {
			return err
		}
		for i, person := range who {
			if _, err := seat.Wish(w.Ctx, w.Tx, w.Self(person), w.Courses[wish.course], person, (today-20+clock.Day(i)).At(15, 0)); err != nil {
				return fmt.Errorf("wish for %s: %w", wish.course, err)
			}
		}
	}
	return nil
}

// nextRound is Dalarna's published round of the course that is still to come.
func nextRound(w *world.World, course string) (int64, error) {
	return db.Row(w.Ctx, w.Tx, db.One[int64], `
		SELECT MAX(id)
		FROM round
		WHERE course_id = $1
		AND region_id = $2
		AND first_day > $3
		AND published_at IS NOT NULL
		AND cancelled_at IS NULL`, w.Courses[course], w.Regions[world.Dalarna], w.Today)
}

// without are some of Dalarna's employees in the first journey, as narrowed by
// the condition on their employment e, who have nothing to do with the round.
func without(w *world.World, roundID int64, condition string, most int) ([]int64, error) {
	return db.Rows(w.Ctx, w.Tx, db.One[int64], `
		SELECT e.person_id
		FROM employment AS e
		JOIN account AS a ON a.person_id = e.person_id AND a.journey_id = $1 AND a.closed_on IS NULL
		JOIN person AS p ON p.id = e.person_id
		WHERE e.region_id = $2
		AND e.municipality_id IS NOT NULL
		AND e.to_day IS NULL
		AND p.email LIKE '%.%@%'
		AND `+condition+`
		AND NOT EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = $3 AND n.person_id = e.person_id AND n.withdrawn_at IS NULL)
		AND NOT EXISTS (SELECT 1 FROM queue_entry AS w WHERE w.round_id = $3 AND w.person_id = e.person_id)
		AND EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id AND r.role = 'employee' AND r.to_day IS NULL)
		ORDER BY e.person_id
		LIMIT $4`, w.Journeys[world.BarnOchUnga], w.Regions[world.Dalarna], roundID, most)
}
