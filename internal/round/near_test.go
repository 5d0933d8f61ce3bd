package round_test

import (
	"strings"
	"testing"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
)

// TestWhatIsNearComesFirst lists rounds for somebody who comes to learn.
func TestWhatIsNearComesFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		roundtest.Must(t, catalogue.Install(roundtest.Ctx, d))
		course := func(slug string) int64 {
			c, err := catalogue.CourseBySlug(roundtest.Ctx, d.Reader(), slug)
			roundtest.Must(t, err)
			return c.ID
		}
		rounds := map[string]int64{}
		plan := func(label string, course int64, start clock.Day) {
			n := w.Plan()
			n.Label, n.CourseID = label, course
			n.Days[0].Day, n.Days[1].Day = start, start+1
			rounds[label] = w.Published(n)
		}
		first := roundtest.First
		plan("other", w.Course, first)
		plan("journey", course("handlaggning-av-lvu"), first+1)
		plan("wished", course("bas-1"), first+2)
		plan("waits", w.Course, first+3)
		plan("seat", w.Course, first+4)
		plan("left", w.Course, first+5)

		me := w.Staff[0]
		put := func(query string, args ...any) {
			roundtest.Must(t, w.Write(func(tx *db.Tx) error {
				_, err := db.Exec(roundtest.Ctx, tx, query, args...)
				return err
			}))
		}
		put(`INSERT INTO account (person_id, journey_id, opened_on) SELECT $1, id, $2 FROM journey WHERE slug = 'barn-och-unga'`, me, roundtest.Today)
		put(`INSERT INTO interest (person_id, course_id, region_id, wished_at) VALUES ($1, $2, $3, 1)`, me, course("bas-1"), roundtest.Dalarna)
		put(`INSERT INTO queue_entry (round_id, person_id, joined_at) VALUES ($1, $2, 1)`, rounds["waits"], me)
		put(`INSERT INTO queue_entry (round_id, person_id, joined_at, ended_at, ended_how) VALUES ($1, $2, 1, 2, 'withdrawn')`, rounds["left"], me)
		w.Enrolled(rounds["seat"], me)
		viewer := roundtest.Employee(me, roundtest.Dalarna)

		for name, test := range map[string]struct {
			person int64
			filter round.Filter
			want   string
			mine   int
			meant  int
		}{
			"seat and queue, then journey and wish, then the others": {me, round.Filter{NearFirst: true}, "waits seat journey wished other left", 2, 2},
			"the latest first, within each":                          {me, round.Filter{NearFirst: true, Sort: "-day"}, "seat waits wished journey left other", 2, 2},
			"the pages go on where they end":                         {me, round.Filter{NearFirst: true, PerPage: 3, Page: 2}, "wished other left", 0, 1},
			"before the account is open":                             {me, round.Filter{NearFirst: true, Today: roundtest.Today - 1}, "waits seat wished other journey left", 2, 1},
			"by day alone unless asked":                              {me, round.Filter{}, "other journey wished waits seat left", 0, 0},
			"a colleague who has nothing":                            {w.Staff[1], round.Filter{NearFirst: true}, "other journey wished waits seat left", 0, 0},
		} {
			t.Run(name, func(t *testing.T) {
				viewer := viewer
				viewer.PersonID = test.person
				if test.filter.Today == 0 {
					test.filter.Today = roundtest.Today
				}
				page, err := round.Rounds(roundtest.Ctx, d.Reader(), viewer, test.filter)
				roundtest.Must(t, err)
				var got []string
				for _, r := range page.Rounds {
					got = append(got, r.Label)
				}
				if strings.Join(got, " ") != test.want || page.Mine != test.mine || page.Meant != test.meant || page.Total != 6 {
					t.Errorf("got %v with %d and %d of %d, want %s with %d and %d", got, page.Mine, page.Meant, page.Total, test.want, test.mine, test.meant)
				}
			})
		}
	})
}
