package merging_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/people"
	. "yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"

	"yrkesresan/internal/merging"
)

// step is something that happens to one of the two; a refusal is as good as a change.
type step func(r *rand.Rand, tx *db.Tx, person int64) error

func sql(query string, args ...any) step {
	return func(_ *rand.Rand, tx *db.Tx, person int64) error {
		_, err := db.Exec(Ctx, tx, query, append([]any{person}, args...)...)
		return err
	}
}

// TestMergeAndSplitAreNothing lets many things happen to two persons, merges them and splits
// them again: all is as it was. Between, nothing of the one who is gone that who remains lacks
// is left with them.
func TestMergeAndSplitAreNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world(t, d)
		journey, van := w.Journeys()
		web, tasks := webCourse(w)
		var rounds []int64
		for i := range 3 {
			n := w.Plan()
			n.Label, n.Capacity = fmt.Sprint("Omgång ", i), 2
			rounds = append(rounds, w.Published(n))
		}
		do(t, d, `UPDATE round SET first_day = '2025-03-01' WHERE id = $1`, rounds[2])
		do(t, d, `UPDATE course_day SET day = '2025-03-01' WHERE round_id = $1 AND ordinal = 1`, rounds[2])
		w.Enrolled(rounds[0], w.Staff[8])
		do(t, d, `INSERT INTO survey (kind, title, course_id) VALUES ('course_evaluation', 'Utvärdering', $1)`, w.Course)
		survey := one[int64](t, d, `SELECT MAX(id) FROM survey WHERE course_id = $1`, w.Course)
		day := one[int64](t, d, `SELECT MIN(id) FROM course_day WHERE round_id = $1`, rounds[0])
		pick := func(r *rand.Rand, of []int64) int64 { return of[r.IntN(len(of))] }
		steps := []step{
			func(r *rand.Rand, tx *db.Tx, p int64) error { // moves, also elsewhere
				return people.Employ(Ctx, tx, System, p, pick(r, []int64{Falun, Borlange, Tierp, Dalarna}), Today-clock.Day(r.IntN(300)), "Vårdare")
			},
			func(r *rand.Rand, tx *db.Tx, p int64) error {
				return people.EmployToo(Ctx, tx, System, p, pick(r, []int64{Falun, Borlange, Tierp}), Today-clock.Day(r.IntN(300)), "Också")
			},
			func(r *rand.Rand, tx *db.Tx, p int64) error {
				return people.Leave(Ctx, tx, System, p, Today-clock.Day(r.IntN(100))+50)
			},
			func(r *rand.Rand, tx *db.Tx, p int64) error {
				_, err := people.OpenAccount(Ctx, tx, System, people.NewAccount{PersonID: p, JourneyID: journey, OpenedOn: Today - clock.Day(r.IntN(200)), Roles: []access.Role{access.Employee, access.Trainer}[r.IntN(2):], StepID: []int64{0, van}[r.IntN(2)]})
				return err
			},
			sql(`UPDATE account SET closed_on = '2025-03-02' WHERE person_id = $1 AND closed_on IS NULL`),
			func(r *rand.Rand, tx *db.Tx, p int64) error {
				_, err := learning.Complete(Ctx, tx, System, learning.New{PersonID: p, CourseID: pick(r, []int64{w.Course, web}), On: Today - clock.Day(r.IntN(20)), Source: learning.Import}, Now)
				return err
			},
			sql(`UPDATE completion SET revoked_at = 5 WHERE person_id = $1`),
			sql(`INSERT INTO certificate (code, person_id, completion_id, issued_at) SELECT 'K' || CAST(id AS TEXT), $1, id, 0 FROM completion AS c WHERE person_id = $1 AND NOT EXISTS (SELECT 1 FROM certificate WHERE completion_id = c.id)`),
			func(r *rand.Rand, tx *db.Tx, p int64) error {
				if _, err := db.Exec(Ctx, tx, `INSERT INTO study (person_id, course_id, edition_id, started_at) SELECT $1, $2, edition_id, $4 FROM task WHERE id = $3 ON CONFLICT DO NOTHING`, p, web, tasks[0], Now-clock.Instant(r.IntN(9))); err != nil {
					return err
				}
				var done *clock.Instant
				if r.IntN(2) == 0 {
					at := Now - clock.Instant(r.IntN(9))
					done = &at
				}
				_, err := db.Exec(Ctx, tx, `INSERT INTO progress (person_id, task_id, opened_at, changed_at, done_at, answer, shared) VALUES ($1, $2, 1, $3, $4, 'svar', TRUE) ON CONFLICT DO NOTHING`, p, pick(r, tasks), Now-clock.Instant(r.IntN(9)), done)
				return err
			},
			func(r *rand.Rand, tx *db.Tx, p int64) error {
				_, err := seat.SignUp(Ctx, tx, System, pick(r, rounds[:2]), p, Now)
				return err
			},
			sql(`INSERT INTO enrolment (round_id, person_id, enrolled_at) SELECT $2, $1, 0 WHERE NOT EXISTS (SELECT 1 FROM enrolment WHERE round_id = $2 AND person_id = $1)`, rounds[2]),
			sql(`INSERT INTO day_trainer (course_day_id, person_id, role) VALUES ($2, $1, 'trainer') ON CONFLICT DO NOTHING`, day),
			sql(`INSERT INTO trainer (person_id, course_id, region_id, recruited_on, ready_on) VALUES ($1, $2, 20, '2024-05-05', NULL) ON CONFLICT DO NOTHING`, w.Course),
			func(r *rand.Rand, tx *db.Tx, p int64) error {
				return sql(`UPDATE trainer SET recruited_on = $2, ended_on = '2025-02-02' WHERE person_id = $1`, (Today-400+clock.Day(r.IntN(99))).String())(r, tx, p)
			},
			func(r *rand.Rand, tx *db.Tx, p int64) error {
				return sql(`INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) VALUES ($1, 'manager', $2, '2025-01-01', 0) ON CONFLICT DO NOTHING`, pick(r, []int64{Falun, Borlange}))(r, tx, p)
			},
			func(r *rand.Rand, tx *db.Tx, p int64) error {
				return sql(`INSERT INTO staff_number (municipality_id, number, person_id) VALUES (2080, $2, $1) ON CONFLICT DO NOTHING`, fmt.Sprint(r.IntN(5)))(r, tx, p)
			},
			func(r *rand.Rand, tx *db.Tx, p int64) error {
				return sql(`INSERT INTO federation_identity (municipality_id, issuer, subject, person_id, made_at, used_at) VALUES ($2, 'https://idp.example.org', $3, $1, 0, 0) ON CONFLICT DO NOTHING`, pick(r, []int64{Falun, Borlange}), fmt.Sprint(r.IntN(5)))(r, tx, p)
			},
			sql(`INSERT INTO scim_user (municipality_id, person_id, external_id, changed_at) SELECT 2080, id, 'x' || CAST(id AS TEXT), 0 FROM person WHERE id = $1 ON CONFLICT DO NOTHING`),
			sql(`INSERT INTO interest (person_id, course_id, region_id, wished_at) VALUES ($1, $2, 20, 0) ON CONFLICT DO NOTHING`, w.Course),
			sql(`INSERT INTO leave (person_id, from_day, to_day, told_at) VALUES ($1, '2025-02-01', '2025-02-20', 0) ON CONFLICT DO NOTHING`),
			sql(`INSERT INTO round_need (round_id, person_id, diet, told_at) VALUES ($2, $1, 'vegan', 0) ON CONFLICT DO NOTHING`, rounds[0]),
			sql(`INSERT INTO response (survey_id, person_id, answered_on) VALUES ($2, $1, '2025-02-02') ON CONFLICT DO NOTHING`, survey),
			sql(`INSERT INTO last_sign_in (person_id, at) SELECT id, id * 7 FROM person WHERE id = $1 ON CONFLICT DO NOTHING`),
			sql(`INSERT INTO trainer_absence (person_id, from_day, to_day) VALUES ($1, '2025-05-01', '2025-05-02')`),
			sql(`INSERT INTO calendar_feed (token_hash, person_id, made_at) SELECT CAST('f' || CAST(id AS TEXT) || CAST((SELECT COUNT(*) FROM calendar_feed) AS TEXT) AS ` + map[db.Engine]string{db.SQLite: "BLOB", db.Postgres: "BYTEA"}[d.Engine] + `), id, 0 FROM person WHERE id = $1`),
			sql(`INSERT INTO remark (person_id, organisation_id, text, written_at) VALUES ($1, 2080, 'Fel', 0)`),
			sql(`INSERT INTO support_view (person_id, asked_by, reason, asked_at) SELECT id, $2, 'hjälp', 0 FROM person WHERE id = $1 AND id <> $2 ON CONFLICT DO NOTHING`, w.Staff[0]),
		}
		people := []int64{w.Staff[1], w.Staff[4], w.Others[0]}
		for _, p := range people {
			address(t, d, p, fmt.Sprintf("p%d@example.org", p))
		}
		merged := 0
		for round := range 16 {
			r := rand.New(rand.NewPCG(uint64(round), 7))
			for range 12 {
				what, person := steps[r.IntN(len(steps))], people[r.IntN(len(people))]
				if err := d.Write(Ctx, func(tx *db.Tx) error { return what(r, tx, person) }); err != nil && fault.Of(err) == nil {
					t.Fatalf("round %d: %v", round, err)
				}
			}
			kept, gone := people[round%3], people[(round+1+round/3%2)%3]
			// A seat that is given up would go to who waits: that is a test of its own.
			do(t, d, `DELETE FROM queue_entry WHERE person_id NOT IN ($1, $2)`, kept, gone)
			before := dump(t, d)
			wish := merging.Wish{Kept: kept, Gone: gone}
			if r.IntN(2) == 0 {
				wish.Email = fmt.Sprintf("p%d@example.org", gone)
			}
			if err := merging.Merge(Ctx, d, operator, wish, site, Now); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			merged++
			for what, query := range map[string]string{
				"a seat that who remains lacks":              `SELECT COUNT(*) FROM enrolment AS o WHERE o.person_id = $1 AND o.withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM enrolment AS k WHERE k.round_id = o.round_id AND k.person_id = $2 AND k.withdrawn_at IS NULL)`,
				"a completion that who remains lacks":        `SELECT COUNT(*) FROM completion AS o WHERE o.person_id = $1 AND NOT EXISTS (SELECT 1 FROM completion AS k WHERE k.course_id = o.course_id AND k.person_id = $2 AND k.revoked_at IS NULL AND k.completed_on <= o.completed_on)`,
				"a certificate":                              `SELECT COUNT(*) FROM certificate WHERE person_id = $1 AND $2 > 0`,
				"a task that is done":                        `SELECT COUNT(*) FROM progress AS o WHERE o.person_id = $1 AND o.done_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM progress AS k WHERE k.task_id = o.task_id AND k.person_id = $2 AND k.done_at <= o.done_at)`,
				"an employment of today":                     `SELECT COUNT(*) FROM employment WHERE person_id = $1 AND $2 > 0 AND (to_day IS NULL OR to_day > '2025-03-20')`,
				"a place in a queue":                         `SELECT COUNT(*) FROM queue_entry WHERE person_id = $1 AND $2 > 0`,
				"a course day":                               `SELECT COUNT(*) FROM day_trainer WHERE person_id = $1 AND $2 > 0`,
				"a staff id":                                 `SELECT COUNT(*) FROM staff_number WHERE person_id = $1 AND $2 > 0`,
				"two main employments of who remains":        `SELECT COUNT(*) FROM employment AS a JOIN employment AS b ON b.id > a.id AND b.person_id = a.person_id AND b.main AND a.main AND a.from_day <= COALESCE(b.to_day, '9999-01-01') AND b.from_day <= COALESCE(a.to_day, '9999-01-01') WHERE a.person_id = $2 AND $1 > 0`,
				"a day on which who remains has no main one": `SELECT COUNT(*) FROM employment AS a WHERE a.person_id = $2 AND $1 > 0 AND NOT EXISTS (SELECT 1 FROM employment AS b WHERE b.person_id = a.person_id AND b.main AND b.from_day <= a.from_day AND (b.to_day IS NULL OR b.to_day >= a.from_day))`,
				"somebody without a name":                    `SELECT COUNT(*) FROM person WHERE given_name = '' AND family_name = '' AND $1 > 0 AND $2 > 0`,
			} {
				if n := one[int](t, d, query, gone, kept); n != 0 {
					t.Errorf("round %d: there is %s", round, what)
				}
			}
			if err := merging.Split(Ctx, d, operator, kept, site, Now); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			if diff := differ(before, dump(t, d)); len(diff) > 0 {
				t.Fatalf("round %d: not as it was before:\n%s", round, strings.Join(diff, "\n"))
			}
		}
		if merged < 16 {
			t.Errorf("%d were merged", merged)
		}
	})
}
