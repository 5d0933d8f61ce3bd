package web_test

import (
	"errors"
	"slices"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/people"
	"yrkesresan/internal/privacy"
	"yrkesresan/internal/round"
)

func clockInstant(n int64) clock.Instant { return clock.Instant(n) }

// sightsAreTheRules asks, for some people of each kind and everybody who holds a role
// anywhere or has held a course day, whether they may open the person's page or see them
// among the participants of a round, and compares with the list.
func sightsAreTheRules(t *testing.T, s *site) {
	t.Helper()
	ctx, q, day := t.Context(), s.db.Reader(), demoNow.Day()
	viewers, err := db.Rows(ctx, q, db.One[int64], `SELECT DISTINCT person_id FROM role_grant UNION SELECT DISTINCT person_id FROM day_trainer ORDER BY 1`)
	if err != nil || len(viewers) < 30 {
		t.Fatalf("%d viewers, %v", len(viewers), err)
	}
	subjects, err := db.Rows(ctx, q, db.One[int64], `
		SELECT id FROM person WHERE email IN ('medarbetare@example.org', 'chef@example.org', 'utbildare@example.org', 'regional@example.org', 'kommunadministrator@example.org')
		UNION SELECT MIN(person_id) FROM employment WHERE to_day IS NOT NULL
		UNION SELECT MIN(person_id) FROM enrolment WHERE withdrawn_at IS NULL
		UNION SELECT MIN(e.person_id) FROM employment AS e JOIN district_unit AS d ON d.unit_id = e.organisation_id WHERE e.to_day IS NULL
		ORDER BY 1`)
	if err != nil || len(subjects) < 7 {
		t.Fatalf("%d subjects, %v", len(subjects), err)
	}
	pages, rounds := 0, 0
	for _, subject := range subjects {
		self, _, err := identity.Viewer(ctx, q, subject, day)
		if err != nil {
			t.Fatal(err)
		}
		all, err := privacy.Sights(ctx, q, self, subject, day)
		if err != nil {
			t.Fatal(err)
		}
		detail, err := people.Get(ctx, q, self, subject, day)
		if err != nil {
			t.Fatal(err)
		}
		places := []access.Place{{PersonID: subject}}
		if e := detail.EmployedOn(day); e != nil {
			places = []access.Place{e.Place(subject)}
		}
		for _, e := range detail.Employments { // one of them works at two places
			if e.Holds(day) {
				places = append(places, e.Place(subject))
			}
		}
		seats, err := db.Rows(ctx, q, db.One[int64], `SELECT round_id FROM enrolment WHERE person_id = $1 AND withdrawn_at IS NULL`, subject)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range viewers {
			if id == subject {
				continue
			}
			v, _, err := identity.Viewer(ctx, q, id, day)
			if err != nil {
				t.Fatal(err)
			}
			var said []privacy.See
			if at := slices.IndexFunc(all, func(s privacy.Sight) bool { return s.PersonID == id }); at >= 0 {
				said = all[at].Sees
			}
			_, err = people.Get(ctx, q, v, subject, day)
			if err != nil && !errors.Is(err, fault.NotFound) {
				t.Fatal(err)
			}
			if opens := err == nil; opens != slices.Contains(said, privacy.SeePage) {
				t.Errorf("%d opens the page of %d: %v, and the list says %v", id, subject, opens, said)
			} else if opens {
				pages++
			}
			if changes := slices.ContainsFunc(places, access.ManagePeople(v).Covers); changes != slices.Contains(said, privacy.SeeChange) {
				t.Errorf("%d changes %d: %v, and the list says %v", id, subject, changes, said)
			}
			if ends := slices.ContainsFunc(places, access.Sessions(v).Covers); ends != slices.Contains(said, privacy.SeeSessions) {
				t.Errorf("%d ends sessions of %d: %v, and the list says %v", id, subject, ends, said)
			}
			if !v.Trainer || slices.Contains(said, privacy.SeePage) {
				continue
			}
			holds := false
			for _, r := range seats {
				d, err := round.Get(ctx, q, v, r)
				if err == nil && d.Teaches && slices.ContainsFunc(d.Enrolments, func(e round.Enrolment) bool { return e.PersonID == subject }) {
					holds = true
				}
			}
			if holds != slices.Contains(said, privacy.SeeRound) {
				t.Errorf("%d sees %d as a participant: %v, and the list says %v", id, subject, holds, said)
			} else if holds {
				rounds++
			}
		}
	}
	if pages < 10 || rounds < 1 {
		t.Errorf("only %d pages and %d rounds were seen: the test compares nothing", pages, rounds)
	}
}
