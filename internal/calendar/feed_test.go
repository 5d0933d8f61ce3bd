package calendar_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/arran4/golang-ical"

	"yrkesresan/internal/access"
	"yrkesresan/internal/calendar"
	"yrkesresan/internal/catalogue"
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

func TestAFeedHoldsItsOwnersDaysUntilItIsRevoked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, system := context.Background(), access.System()
		today := clock.Date(2026, 10, 5)
		now := today.At(12, 0)
		var asa, ulla, id int64
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		write := func(f func(tx *db.Tx) error) {
			t.Helper()
			must(d.Write(ctx, f))
		}
		must(organisation.Install(ctx, d))
		write(func(tx *db.Tx) (err error) {
			course, err := catalogue.Add(ctx, tx, catalogue.Course{Slug: "samtal", Name: "Samtal, möten", Days: 2, TariffKind: "authority"}, catalogue.Regional, today-500)
			if err != nil {
				return err
			}
			if asa, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Åsa", FamilyName: "Ö"}, 2080, today-400, "", now); err != nil {
				return err
			}
			if ulla, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Ulla", FamilyName: "Ö"}, 2080, today-400, "", now); err != nil {
				return err
			}
			n := planning.New{
				CourseID: course, RegionID: 20, Label: "Omgång 1", Capacity: 5, SignupFrom: today - 5, SignupUntil: today + 20,
				Days: []planning.NewDay{
					{Day: today + 30, Starts: "09:00", Ends: "16:00", Place: "Sal Åkern", Trainers: []planning.NewTrainer{{PersonID: ulla, Role: trainer.Lead}}},
					{Day: today + 31, Starts: "09:00", Ends: "16:00", Link: "https://example.org/m"},
				},
			}
			if id, err = planning.Plan(ctx, tx, system, n, now); err != nil {
				return err
			}
			n.Label = "Omgång 2"
			if _, err = planning.Plan(ctx, tx, system, n, now); err != nil {
				return err
			}
			if err := planning.Publish(ctx, tx, system, id, now); err != nil {
				return err
			}
			_, err = seat.SignUp(ctx, tx, system, id, asa, now)
			return err
		})
		employee := func(person int64) access.Viewer {
			return access.Viewer{PersonID: person, Home: access.Place{RegionID: 20, MunicipalityID: 2080}}
		}
		made := func(person, region int64) (token string) {
			write(func(tx *db.Tx) (err error) {
				token, err = calendar.Make(ctx, tx, employee(person), region, now)
				return err
			})
			return token
		}
		read := func(token string) (summaries []string) {
			t.Helper()
			text, err := calendar.Read(ctx, d.Reader(), token, "https://x.example.org", now)
			must(err)
			again, err := calendar.Read(ctx, d.Reader(), token, "https://x.example.org", now.Add(3600e9))
			if err != nil || again != text {
				t.Errorf("an hour later nothing has happened, and the feed differs (%v)", err)
			}
			c, err := ics.ParseCalendar(strings.NewReader(text))
			must(err)
			for _, e := range c.Events() {
				starts, err := e.GetStartAt()
				must(err)
				summaries = append(summaries, starts.In(clock.Stockholm).Format("2006-01-02 15:04 ")+e.GetProperty(ics.ComponentPropertySummary).Value)
			}
			return summaries
		}
		equal := func(got []string, want ...string) {
			t.Helper()
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("the feed holds\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
		own := made(asa, 0)
		equal(read(own), "2026-11-04 09:00 Samtal, möten, kursdag 1 av 2", "2026-11-05 09:00 Samtal, möten, kursdag 2 av 2")
		// A year later it is all there, and a day after that the first day is gone.
		for days, want := range map[clock.Day]int{365: 2, 366: 1, 367: 0} {
			text, err := calendar.Read(ctx, d.Reader(), own, "", (today+30+days).At(12, 0))
			must(err)
			if got := strings.Count(text, "BEGIN:VEVENT"); got != want {
				t.Errorf("%d days after the first day the feed holds %d days, want %d", days, got, want)
			}
		}
		// Of a plan that nobody sees yet a trainer's calendar says nothing.
		equal(read(made(ulla, 0)), "2026-11-04 09:00 Samtal, möten (du är utbildare), kursdag 1 av 2")
		// An employee sees what is published in the region.
		region := made(asa, 20)
		equal(read(region), "2026-11-04 09:00 Samtal, möten, Omgång 1, kursdag 1 av 2", "2026-11-05 09:00 Samtal, möten, Omgång 1, kursdag 2 av 2")
		if _, err := calendar.Make(ctx, nil, access.Viewer{}, 0, now); !errors.Is(err, fault.Forbidden) {
			t.Errorf("nobody made a feed: %v", err)
		}
		must(errorIs(d.Write(ctx, func(tx *db.Tx) error {
			_, err := calendar.Make(ctx, tx, employee(asa), 3, now)
			return err
		}), fault.NotFound))
		// The token is not kept, a new one ends the old, and revoking ends it at once.
		if n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM calendar_feed WHERE token_hash = $1`, []byte(own)); err != nil || n != 0 {
			t.Errorf("the token is kept in the open (%v)", err)
		}
		newer := made(asa, 0)
		gone := func(token string) {
			t.Helper()
			_, err := calendar.Read(ctx, d.Reader(), token, "", now)
			must(errorIs(err, fault.NotFound))
		}
		gone(own)
		gone("")
		all, err := calendar.Addresses(ctx, d.Reader(), employee(asa))
		must(err)
		if len(all) != 2 || all[0].RegionID != 0 || all[1].Region != "Dalarna" {
			t.Errorf("%+v", all)
		}
		must(errorIs(d.Write(ctx, func(tx *db.Tx) error { return calendar.Revoke(ctx, tx, employee(ulla), all[0].ID, now) }), fault.NotFound))
		equal(read(newer), "2026-11-04 09:00 Samtal, möten, kursdag 1 av 2", "2026-11-05 09:00 Samtal, möten, kursdag 2 av 2")
		write(func(tx *db.Tx) error { return calendar.Revoke(ctx, tx, employee(asa), all[0].ID, now) })
		gone(newer)
		// What is cancelled is gone, and so is what its owner may no longer see.
		write(func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE employment SET to_day = $2 WHERE person_id = $1`, asa, today-1)
			return err
		})
		equal(read(region), "2026-11-04 09:00 Samtal, möten, Omgång 1, kursdag 1 av 2", "2026-11-05 09:00 Samtal, möten, Omgång 1, kursdag 2 av 2") // her own seat
		write(func(tx *db.Tx) error { return planning.Cancel(ctx, tx, system, id, round.TooFewSeats, "För få", now) })
		equal(read(region))
	})
}

func errorIs(err, want error) error {
	if errors.Is(err, want) {
		return nil
	}
	return errors.Join(errors.New("want "+want.Error()), err)
}
