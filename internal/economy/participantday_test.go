package economy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/trainer"
)

func TestWhoIsCountedOnACourseDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		round := w.round("authority")
		first, second := w.day(round, 1, clock.Date(2025, 3, 3)), w.day(round, 2, clock.Date(2025, 3, 10))
		type counted struct {
			Municipality                 int64
			Billed, Attended, PotBearing bool
			NotBilled                    economy.NotBilled
		}
		want := map[int64]counted{}
		participant := func(at int64, mark string, exempt bool, c counted) int64 {
			person := w.person(at)
			seat := w.seat(round, person)
			w.mark(first, seat, mark)
			if exempt {
				must(t, w.exempt(first, seat))
			}
			want[seat] = c
			return person
		}
		participant(falun, "present", false, counted{falun, true, true, true, ""})
		participant(falun, "late", false, counted{falun, true, true, true, ""})
		participant(falun, "absent", false, counted{falun, true, false, false, ""})
		participant(falun, "excused", false, counted{falun, false, false, false, economy.WasExcused})
		participant(borlange, "present", true, counted{borlange, false, true, false, economy.IsExempted})
		participant(borlange, "absent", true, counted{borlange, false, false, false, economy.IsExempted})
		participant(dalarna, "present", false, counted{0, false, true, false, economy.IsRSSStaff})
		participant(0, "present", false, counted{0, false, true, false, economy.HasNoCharge})
		participant(uppsala, "present", false, counted{uppsala, true, true, true, ""})

		// Somebody's last day at a municipality is the first day of the round, and
		// their first at the next is the second.
		mover := w.person(0)
		last := clock.Date(2025, 3, 3)
		w.employ(mover, mora, clock.Date(2020, 1, 1), &last)
		w.employ(mover, falun, clock.Date(2025, 3, 10), nil)
		seat := w.seat(round, mover)
		w.mark(first, seat, "present")
		w.mark(second, seat, "present")
		want[seat] = counted{mora, true, true, true, ""}

		account, err := economy.DayAccountOf(ctx, d.Reader(), access.System(), first)
		must(t, err)
		got := map[int64]counted{}
		var sum economy.Counts
		for _, p := range account.Participants {
			got[p.EnrolmentID] = counted{p.Municipality.ID, p.Billed, p.Attended, p.PotBearing, p.NotBilled}
			if p.Billed != (p.NotBilled == economy.IsBilled) || p.Name == "" {
				t.Errorf("%+v", p)
			}
			for n, is := range map[*int]bool{&sum.Billed: p.Billed, &sum.Attended: p.Attended, &sum.PotBearing: p.PotBearing} {
				if is {
					*n++
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if account.Counts != sum || sum != (economy.Counts{Billed: 5, Attended: 7, PotBearing: 4}) {
			t.Errorf("the day counts %+v, its participants %+v", account.Counts, sum)
		}

		t.Run("each municipality pays for those whom it employed on the day", func(t *testing.T) {
			var got []string
			y := w.year(2025)
			for _, m := range y.Municipalities {
				got = append(got, fmt.Sprintf("%s %d/%d/%d %v", m.Municipality.Name, m.Billed, m.Attended, m.PotBearing, m.Charged))
			}
			want := []string{"Borlänge 0/1/0 0.00", "Falun 4/3/3 2600.00", "Mora 1/1/1 650.00", "Uppsala 1/1/1 650.00"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if y.Charged != money.Kronor(3900) || y.Pot.Kept != money.Kronor(2000) {
				t.Errorf("charged %v, kept %v", y.Charged, y.Pot.Kept)
			}
		})
		t.Run("a round that carries no money is not in the year", func(t *testing.T) {
			before := w.year(2025)
			for name, change := range map[string]string{
				"cancelled":              "cancelled_at = 0",
				"without a tariff kind":  "tariff_kind = NULL",
				"municipal":              "delivery = 'municipal'",
				"national":               "region_id = NULL, delivery = 'national'",
				"another region's":       fmt.Sprintf("region_id = %d", uppland),
				"another year's":         "",
				"not published nor held": "published_at = NULL",
			} {
				t.Run(name, func(t *testing.T) {
					other := w.round("authority")
					date := clock.Date(2025, 4, 1)
					if name == "another year's" {
						date = clock.Date(2026, 1, 1)
					}
					day := w.day(other, 1, date)
					w.trainer(day, w.person(falun), trainer.Assistant, true)
					if change != "" {
						w.exec("UPDATE round SET "+change+" WHERE id = $1", other)
					}
					if name == "not published nor held" {
						w.exec("UPDATE course_day SET held_at = NULL WHERE id = $1", day)
					} else {
						w.mark(day, w.seat(other, w.person(falun)), "present")
					}
					after := w.year(2025)
					// Without a fee it is held as others are; the other rounds are not the year's at all.
					if want, got := name == "without a tariff kind", len(after.Free) == 1 && after.Free[0].ID == day; want != got {
						t.Errorf("days without a fee: %+v", after.Free)
					}
					if want := before.DayCounts(); name == "without a tariff kind" {
						want.Planned, want.Held = want.Planned+1, want.Held+1
						if got := after.DayCounts(); got != want {
							t.Errorf("the counts are %+v, want %+v", got, want)
						}
						w.exec("UPDATE round SET cancelled_at = 0 WHERE id = $1", other)
					}
					after.Free = nil
					if diff := cmp.Diff(before, after); diff != "" {
						t.Error(diff)
					}
				})
			}
		})
	})
}

func TestADayWithoutWhatItsMoneyTakesIsUnfinished(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		date := clock.Date(2025, 3, 3)
		whole := w.day(w.round("authority"), 1, date)
		w.trainer(whole, w.person(falun), trainer.Assistant, true)
		w.trainer(whole, w.person(falun), trainer.Assistant, false)

		round := w.round("unknown")
		noTariff := w.day(round, 1, date+1)
		w.mark(noTariff, w.seat(round, w.person(falun)), "present")
		noAttendance := w.day(w.round("authority"), 1, date+2)
		w.exec("UPDATE course_day SET held_at = NULL WHERE id = $1", noAttendance)
		w.trainer(noAttendance, w.person(falun), trainer.Assistant, nil)
		unmarked := w.day(w.round("authority"), 1, date+3)
		w.trainer(unmarked, w.person(falun), trainer.Assistant, nil)
		unemployed := w.day(w.round("authority"), 1, date+4)
		w.trainer(unemployed, w.person(0), trainer.Assistant, true)

		got := map[int64][]economy.Obstacle{}
		y := w.year(2025)
		for _, day := range y.Unfinished() {
			got[day.ID] = day.Obstacles
		}
		want := map[int64][]economy.Obstacle{
			noTariff: {economy.NoTariff}, noAttendance: {economy.NoAttendance},
			unmarked: {economy.TrainerUnmarked}, unemployed: {economy.TrainerUnemployed},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if y.Billed != 1 || y.Charged != 0 || y.Pot.Paid != 0 {
			t.Errorf("%+v billed, %v charged, %v paid", y.Counts, y.Charged, y.Pot.Paid)
		}
		err := w.settle(2025)
		if key(err) != "economy.unfinished_days" || !strings.Contains(fmt.Sprint(fault.Of(err).Fields[0].Args...), "2025-03-04; 2025-03-05; 2025-03-06; 2025-03-07") {
			t.Errorf("settling gives %v, %v", err, fault.Of(err).Fields)
		}
		if s, err := economy.SettledYears(ctx, d.Reader(), dalarna); err != nil || len(s) != 0 {
			t.Errorf("a refused settlement left %v, %v", s, err)
		}
	})
}

func TestTheLeadTrainerComesFirstAndDaysAreToldApart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		date := clock.Date(2025, 3, 3)
		round, parallel := w.round("authority"), w.round("authority")
		one := w.day(round, 1, date)
		w.day(parallel, 1, date)
		w.day(round, 2, date)
		w.day(round, 3, date+1)
		assistant, lead := w.person(falun), w.person(borlange)
		w.trainer(one, assistant, trainer.Assistant, true)
		w.trainer(one, lead, trainer.Lead, true)
		result := w.year(2025).Result()
		names := map[string]bool{}
		for _, day := range result.Days {
			if !strings.HasPrefix(day.Day, "2025-03-0") {
				t.Errorf("label %q", day.Day)
			}
			names[day.Day] = true
		}
		if len(names) != 4 || !names["2025-03-04"] || !names["2025-03-03 Handläggning av LVU, Omgång, 2"] {
			t.Errorf("labels %v", names)
		}
		shares := result.Days[0].Shares
		if len(shares) != 2 || shares[0].Role != trainer.Lead || shares[0].Organisation != "Borlänge" {
			t.Errorf("%+v", shares)
		}
	})
}

// Of two employers that pays which sends. Who has left it on the day is their main
// employer's, unless it is just that they changed the main one.
func TestWhoSendsPays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		round := w.round("authority")
		day := w.day(round, 1, clock.Date(2025, 3, 3))
		begin, before, on := clock.Date(2020, 1, 1), clock.Date(2025, 3, 2), clock.Date(2025, 3, 3)
		beside := func(person, at int64, from clock.Day, until *clock.Day) {
			w.employ(person, at, from, until)
			w.exec(`UPDATE employment SET main = FALSE WHERE person_id = $1 AND municipality_id = $2 AND from_day = $3`, person, at, from)
		}
		want := map[int64]int64{}
		sent := func(person, employer, payer int64) {
			seat := w.seat(round, person)
			if employer != 0 {
				w.exec(`UPDATE enrolment SET employer_id = $2 WHERE id = $1`, seat, employer)
			}
			w.mark(day, seat, "present")
			want[seat] = payer
		}
		for _, c := range []struct {
			employer, payer int64
			until           *clock.Day // of the second employment, in Borlänge
		}{
			{0, falun, nil},
			{falun, falun, nil},
			{borlange, borlange, nil},
			{borlange, borlange, &on},
		} {
			person := w.person(0)
			beside(person, borlange, begin, c.until)
			w.employ(person, falun, begin, nil)
			sent(person, c.employer, c.payer)
		}
		mover := w.person(0) // from Mora, which sent them, to Falun
		w.employ(mover, mora, begin, &before)
		w.employ(mover, falun, on, nil)
		sent(mover, mora, falun)

		account, err := economy.DayAccountOf(ctx, d.Reader(), access.System(), day)
		must(t, err)
		got := map[int64]int64{}
		for _, p := range account.Participants {
			got[p.EnrolmentID] = p.Municipality.ID
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if account.Billed != 5 {
			t.Errorf("%d billed", account.Billed)
		}

		t.Run("a trainer's share goes to which employer is paid", func(t *testing.T) {
			person := w.person(0)
			beside(person, borlange, begin, nil)
			w.employ(person, falun, begin, nil)
			w.trainer(day, person, trainer.Lead, true)
			paid := func() (to []string) {
				for _, m := range w.year(2025).Municipalities {
					if m.Share > 0 {
						to = append(to, m.Municipality.Name)
					}
				}
				return to
			}
			if diff := cmp.Diff([]string{"Falun"}, paid()); diff != "" {
				t.Error(diff)
			}
			w.exec(`UPDATE day_trainer SET employer_id = $2 WHERE person_id = $1`, person, borlange)
			if diff := cmp.Diff([]string{"Borlänge"}, paid()); diff != "" {
				t.Error(diff)
			}
		})
	})
}
