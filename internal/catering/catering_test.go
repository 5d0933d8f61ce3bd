package catering_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catering"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/trainer"
)

const (
	dalarna int64 = 20
	falun   int64 = 2080
)

var (
	ctx    = context.Background()
	system = access.System()
	today  = clock.Date(2026, 11, 23)
	now    = today.At(12, 0)
	first  = today + 10
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// key is the message of the first wrong field, or of the fault itself.
func key(err error) string {
	f := fault.Of(err)
	switch {
	case f == nil && err != nil:
		return err.Error()
	case f == nil:
		return ""
	case len(f.Fields) > 0:
		return f.Fields[0].Key
	}
	return f.Key
}

var regional = access.Viewer{Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: dalarna, RegionID: dalarna}}}

func person(id int64) access.Viewer {
	return access.Viewer{PersonID: id, Home: access.Place{RegionID: dalarna, PersonID: id}}
}

// world is a round of two days with four participants; one trainer holds both
// days and another the second.
type world struct {
	*testing.T
	d           *db.DB
	round       int64
	participant []int64
	lead, other int64
	outsider    int64
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{T: t, d: d}
	must(t, organisation.Install(ctx, d))
	must(t, d.Write(ctx, func(tx *db.Tx) error {
		course, err := catalogue.Add(ctx, tx, catalogue.Course{Slug: "kurs", Name: "Kurs", Days: 2, TariffKind: "authority"}, catalogue.Regional, today-500)
		if err != nil {
			return err
		}
		var all []int64
		for i := range 7 {
			id, err := people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: fmt.Sprintf("Person%d", i)}, falun, today-400, "", now)
			if err != nil {
				return err
			}
			all = append(all, id)
		}
		w.participant, w.lead, w.other, w.outsider = all[:4], all[4], all[5], all[6]
		day := func(n clock.Day, who ...int64) planning.NewDay {
			nd := planning.NewDay{Day: n, Starts: "09:00", Ends: "16:00", Place: "Falun"}
			for _, id := range who {
				nd.Trainers = append(nd.Trainers, planning.NewTrainer{PersonID: id, Role: trainer.Assistant})
			}
			return nd
		}
		w.round, err = planning.Plan(ctx, tx, system, planning.New{
			CourseID: course, RegionID: dalarna, Label: "Omgång", Capacity: 20, SignupFrom: today, SignupUntil: today + 5,
			Days: []planning.NewDay{day(first, w.lead), day(first+1, w.lead, w.other)},
		}, now)
		if err != nil {
			return err
		}
		if err := planning.Publish(ctx, tx, system, w.round, now); err != nil {
			return err
		}
		for _, p := range w.participant {
			if _, err := seat.Enrol(ctx, tx, system, w.round, p, now); err != nil {
				return err
			}
		}
		return nil
	}))
	return w
}

func (w *world) tell(who int64, n catering.Need, at clock.Instant) error {
	return w.d.Write(ctx, func(tx *db.Tx) error { return catering.Tell(ctx, tx, person(who), w.round, n, at) })
}

func (w *world) detail(viewer access.Viewer) round.Detail {
	w.Helper()
	d, err := round.Get(ctx, w.d.Reader(), viewer, w.round)
	must(w.T, err)
	return d
}

func TestNeedsAreSeenByThoseWhoOrderAndAsTotalsByTrainers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		must(t, w.tell(w.participant[0], catering.Need{Diets: []catering.Diet{catering.GlutenFree, catering.Vegan}, Access: "Hörslinga"}, now))
		must(t, w.tell(w.participant[1], catering.Need{Diets: []catering.Diet{catering.Vegan}, Other: " inga  morötter"}, now))
		must(t, w.tell(w.other, catering.Need{Diets: []catering.Diet{catering.Vegan}, Other: "Inga morötter"}, now))

		mine, err := catering.Mine(ctx, d.Reader(), person(w.participant[0]), w.round)
		must(t, err)
		if diff := cmp.Diff(catering.Need{Diets: []catering.Diet{catering.Vegan, catering.GlutenFree}, Access: "Hörslinga"}, mine); diff != "" {
			t.Errorf("one's own: %s", diff)
		}
		days, told, err := catering.Sheet(ctx, d.Reader(), regional, w.detail(regional))
		must(t, err)
		if len(told) != 3 || told[0].Name != "Test Person0" || told[0].Access != "Hörslinga" || !told[2].Trainer {
			t.Errorf("those who order are told %+v", told)
		}
		oneDay := []catering.Count{{Diet: catering.Vegan, Count: 2}, {Diet: catering.GlutenFree, Count: 1}, {Other: "inga morötter", Count: 1}}
		if diff := cmp.Diff(oneDay, days[0].Diets); diff != "" {
			t.Errorf("a trainer eats on their own days only: %s", diff)
		}
		bothDays := []catering.Count{{Diet: catering.Vegan, Count: 3}, {Diet: catering.GlutenFree, Count: 1}, {Other: "inga morötter", Count: 2}}
		if diff := cmp.Diff(bothDays, days[1].Diets); diff != "" {
			t.Error(diff)
		}
		if days[0].Guests() != 5 || days[1].Guests() != 6 || days[1].Trainers != 2 {
			t.Errorf("%d and %d guests", days[0].Guests(), days[1].Guests())
		}
		totals, err := catering.Totals(ctx, d.Reader(), person(w.lead), w.detail(person(w.lead)))
		must(t, err)
		if diff := cmp.Diff(bothDays, totals); diff != "" {
			t.Errorf("a trainer's totals: %s", diff)
		}
		if _, _, err := catering.Sheet(ctx, d.Reader(), person(w.lead), w.detail(person(w.lead))); key(err) != "fault.not_found" {
			t.Errorf("a trainer was told names: %v", err)
		}
		if _, err := catering.Totals(ctx, d.Reader(), person(w.participant[2]), w.detail(person(w.participant[2]))); key(err) != "fault.not_found" {
			t.Errorf("a participant was told totals: %v", err)
		}

		t.Run("who gives their seat back is not ordered for", func(t *testing.T) {
			must(t, d.Write(ctx, func(tx *db.Tx) error {
				enrolment, err := db.Row(ctx, tx, db.One[int64], `SELECT id FROM enrolment WHERE round_id = $1 AND person_id = $2`, w.round, w.participant[0])
				if err != nil {
					return err
				}
				return seat.Withdraw(ctx, tx, system, enrolment, now)
			}))
			_, told, err := catering.Sheet(ctx, d.Reader(), regional, w.detail(regional))
			must(t, err)
			if len(told) != 2 {
				t.Errorf("%d needs, want 2", len(told))
			}
		})
		t.Run("an empty need takes back what was told", func(t *testing.T) {
			must(t, w.tell(w.participant[1], catering.Need{}, now))
			_, told, err := catering.Sheet(ctx, d.Reader(), regional, w.detail(regional))
			must(t, err)
			if len(told) != 1 {
				t.Errorf("%d needs, want 1", len(told))
			}
		})
		t.Run("outsiders, unknown diets and rounds that are over are refused", func(t *testing.T) {
			vegan := catering.Need{Diets: []catering.Diet{catering.Vegan}}
			if err := w.tell(w.outsider, vegan, now); key(err) != "fault.not_found" {
				t.Errorf("an outsider: %v", err)
			}
			if err := w.tell(w.participant[2], catering.Need{Diets: []catering.Diet{"stones"}}, now); key(err) != "catering.diet_unknown" {
				t.Errorf("stones: %v", err)
			}
			if err := w.tell(w.participant[2], vegan, (first+2).At(8, 0)); key(err) != "catering.over" {
				t.Errorf("afterwards: %v", err)
			}
		})
	})
}

func TestNeedsAreDeletedThirtyDaysAfterTheLastDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		must(t, w.tell(w.participant[0], catering.Need{Access: "Hörslinga"}, now))
		last := first + 1
		forget := func(on clock.Day) (n int64) {
			must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
				n, err = catering.Forget(ctx, tx, on)
				return err
			}))
			return n
		}
		for _, c := range []struct {
			on   clock.Day
			want int64
		}{{today, 0}, {last, 0}, {last + 29, 0}, {last + 30, 1}, {last + 31, 0}} {
			if got := forget(c.on); got != c.want {
				t.Errorf("on %s %d needs are deleted, want %d", c.on, got, c.want)
			}
		}
	})
}

func TestOrdersAreSavedWholeAndKeepWhoPlacedThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		detail := w.detail(regional)
		a, b := detail.CourseDays[0].ID, detail.CourseDays[1].ID
		save := func(viewer access.Viewer, at clock.Instant, ordered map[int64]bool, orders ...catering.Order) error {
			return d.Write(ctx, func(tx *db.Tx) error { return catering.Save(ctx, tx, viewer, w.detail(viewer), orders, ordered, at) })
		}
		admin := regional
		admin.PersonID = w.outsider
		coffee := catering.Order{DayID: a, Morning: true, Note: "Frukt"}
		must(t, save(admin, now, map[int64]bool{a: true}, coffee, catering.Order{DayID: b}))
		later := now.Add(1e9)
		coffee.Afternoon = true
		must(t, save(regional, later, map[int64]bool{a: true}, coffee))
		days, _, err := catering.Sheet(ctx, d.Reader(), regional, detail)
		must(t, err)
		want := coffee
		want.OrderedAt, want.OrderedBy = &now, "Test Person6"
		if diff := cmp.Diff(want, days[0].Order); diff != "" {
			t.Error(diff)
		}
		must(t, save(regional, later, nil, coffee))
		if days, _, err = catering.Sheet(ctx, d.Reader(), regional, detail); err != nil || days[0].OrderedAt != nil || days[0].OrderedBy != "" {
			t.Errorf("taken back: %+v, %v", days[0].Order, err)
		}
		coffee.Note = "Något annat"
		if err := save(regional, now, map[int64]bool{b: true}, coffee, catering.Order{DayID: b}); key(err) != "catering.nothing_to_order" {
			t.Errorf("an order of nothing: %v", err)
		}
		if err := save(regional, now, nil, coffee, catering.Order{DayID: 99999}); key(err) != "fault.not_found" {
			t.Errorf("a day of another round: %v", err)
		}
		if days, _, _ = catering.Sheet(ctx, d.Reader(), regional, detail); days[0].Note != "Frukt" {
			t.Error("half of a refused order was saved")
		}
		if err := save(person(w.lead), now, nil, coffee); key(err) != "fault.not_found" {
			t.Errorf("a trainer ordered: %v", err)
		}
	})
}

func TestNeedsThatCannotBeReadAreCounted(t *testing.T) {
	lost, vegan := catering.Told{Need: catering.Need{Unreadable: true}}, catering.Told{Need: catering.Need{Diets: []catering.Diet{catering.Vegan}}}
	for name, c := range map[string]struct {
		told []catering.Told
		want []catering.Count
	}{
		"none": {[]catering.Told{vegan}, []catering.Count{{Diet: catering.Vegan, Count: 1}}},
		"one":  {[]catering.Told{lost, vegan}, []catering.Count{{Diet: catering.Vegan, Count: 1}, {Count: 1, Unreadable: true}}},
		"two":  {[]catering.Told{lost, lost}, []catering.Count{{Count: 2, Unreadable: true}}},
	} {
		if diff := cmp.Diff(c.want, catering.Counts(c.told)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
