package economy_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/trainer"
)

const (
	dalarna  int64 = 20
	uppland  int64 = 3
	falun    int64 = 2080
	borlange int64 = 2081
	mora     int64 = 2062
	uppsala  int64 = 380
)

var (
	ctx      = context.Background()
	december = clock.Date(2025, 12, 10).At(9, 0)
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// kind is the kind of fault that err is, 0 for none.
func kind(err error) fault.Kind {
	if f := fault.Of(err); f != nil {
		return f.Kind
	}
	return 0
}

// key is the message key of err's first field, or of err itself.
func key(err error) string {
	f := fault.Of(err)
	switch {
	case f == nil:
		return ""
	case len(f.Fields) > 0:
		return f.Fields[0].Key
	}
	return f.Key
}

// world is a database with the country and its courses, and a project leader of Dalarna.
type world struct {
	t       testing.TB
	d       *db.DB
	course  int64
	leader  access.Viewer
	persons int
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	must(t, errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d)))
	w := &world{t: t, d: d}
	course, err := catalogue.CourseBySlug(ctx, d.Reader(), "handlaggning-av-lvu")
	must(t, err)
	w.course = course.ID
	w.leader = access.Viewer{PersonID: w.person(dalarna), Grants: []access.Grant{
		{Role: access.Regional, Level: access.Region, OrganisationID: dalarna, RegionID: dalarna},
	}}
	return w
}

// tariffs gives Dalarna the two tariffs of domain.md, "Money".
func (w *world) tariffs() {
	w.t.Helper()
	w.must(func(tx *db.Tx) error {
		for kind, terms := range map[string]economy.Terms{"authority": authority, "manager": manager} {
			if _, err := economy.AddTariff(ctx, tx, w.leader, economy.Tariff{RegionID: dalarna, Kind: kind, From: clock.Date(2024, 1, 1), Terms: terms}, clock.Date(2023, 6, 1).At(9, 0)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) write(f func(tx *db.Tx) error) error { return w.d.Write(ctx, f) }

func (w *world) must(f func(tx *db.Tx) error) {
	w.t.Helper()
	must(w.t, w.write(f))
}

// insert adds a row; columns are separated by spaces.
func (w *world) insert(table, columns string, values ...any) {
	w.t.Helper()
	w.must(func(tx *db.Tx) error {
		return db.Insert(ctx, tx, table, strings.Fields(columns), [][]any{values})
	})
}

// add adds a row of a table with identities.
func (w *world) add(table, columns string, values ...any) int64 {
	w.t.Helper()
	w.insert(table, columns, values...)
	id, err := db.Row(ctx, w.d.Reader(), db.One[int64], "SELECT MAX(id) FROM "+table)
	must(w.t, err)
	return id
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	w.must(func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, query, args...)
		return err
	})
}

// person is somebody employed at the organisation from 2000 on, or nowhere (0).
func (w *world) person(at int64) int64 {
	w.t.Helper()
	w.persons++
	id := w.add("person", "given_name family_name sort_key created_at", "Test", fmt.Sprintf("Person%03d", w.persons), fmt.Appendf(nil, "%03d", w.persons), 0)
	if at != 0 {
		w.employ(id, at, clock.Date(2000, 1, 1), nil)
	}
	return id
}

func (w *world) employ(person, at int64, from clock.Day, until *clock.Day) {
	w.t.Helper()
	o, err := organisation.ByID(ctx, w.d.Reader(), at)
	must(w.t, err)
	var municipality *int64
	if o.MunicipalityID != 0 {
		municipality = &o.MunicipalityID
	}
	w.insert("employment", "person_id organisation_id region_id municipality_id sort_key from_day to_day",
		person, o.ID, o.RegionID, municipality, []byte{1}, from, until)
}

// round is a published regional round of Dalarna.
func (w *world) round(kind any) int64 {
	w.t.Helper()
	return w.add("round", "course_id region_id label delivery tariff_kind capacity minimum signup_from signup_until first_day last_day created_at published_at",
		w.course, dalarna, "Omgång", "regional", kind, 100, 0, clock.Date(2024, 1, 1), clock.Date(2024, 1, 1), clock.Date(2024, 1, 1), clock.Date(2026, 12, 31), 0, clock.Date(2030, 1, 1).At(9, 0))
}

// day is a course day of the round whose attendance was saved.
func (w *world) day(round int64, ordinal int, date clock.Day) int64 {
	w.t.Helper()
	return w.add("course_day", "round_id ordinal day starts ends held_at", round, ordinal, date, "09:00", "16:00", 0)
}

func (w *world) seat(round, person int64) int64 {
	w.t.Helper()
	return w.add("enrolment", "round_id person_id enrolled_at", round, person, 0)
}

func (w *world) mark(day, seat int64, mark string) {
	w.t.Helper()
	w.insert("attendance", "course_day_id enrolment_id mark marked_at", day, seat, mark, 0)
}

func (w *world) trainer(day, person int64, role trainer.Role, present any) {
	w.t.Helper()
	w.insert("day_trainer", "course_day_id person_id role present", day, person, role, present)
}

func (w *world) exempt(day, seat int64) error {
	return w.write(func(tx *db.Tx) error { return economy.Exempt(ctx, tx, w.leader, day, seat, "gäst", december) })
}

func (w *world) settle(year int) error {
	return w.write(func(tx *db.Tx) error { return economy.Settle(ctx, tx, w.leader, dalarna, year, december) })
}

func (w *world) correct(year int, reason string) error {
	return w.write(func(tx *db.Tx) error { return economy.Correct(ctx, tx, w.leader, dalarna, year, reason, december) })
}

func (w *world) year(year int) economy.Year {
	w.t.Helper()
	y, err := economy.YearOf(ctx, w.d.Reader(), w.leader, dalarna, year)
	must(w.t, err)
	return y
}

func TestTheYear2025FromTheDatabaseIsTheOneOfTheSheet(t *testing.T) {
	sheet := readRecords(t, "course-days-2025-reconstruction.csv")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		var participants []int64
		for range 22 {
			participants = append(participants, w.person(falun))
		}
		people, days := map[string]int64{}, map[string]int64{}
		for _, r := range sheet {
			if days[r["day"]] == 0 {
				round := w.round("authority")
				id := w.day(round, 1, clock.Date(2025, 2, number(t, r["day"])))
				days[r["day"]] = id
				for _, p := range participants[:number(t, r["participants"])] {
					w.mark(id, w.seat(round, p), "present")
				}
			}
			if people[r["trainer"]] == 0 {
				at := dalarna
				if r["trainer_org"] != "RSS" {
					m, err := organisation.BySlug(ctx, d.Reader(), organisation.Municipality, organisation.Slug(r["trainer_org"]))
					must(t, err)
					at = m.ID
				}
				people[r["trainer"]] = w.person(at)
			}
			w.trainer(days[r["day"]], people[r["trainer"]], trainer.Role(r["role"]), true)
		}

		y := w.year(2025)
		if len(y.Days) != 17 || y.Counts != (economy.Counts{Billed: 303, Attended: 303, PotBearing: 303}) || y.Charged != money.Kronor(196950) {
			t.Errorf("%d days, %+v, %v charged", len(y.Days), y.Counts, y.Charged)
		}
		if y.Pot.Paid != money.Kronor(108000) || y.Pot.Kept != money.Kronor(13200) || len(y.Unfinished()) != 0 {
			t.Errorf("paid %v, kept %v, %d unfinished", y.Pot.Paid, y.Pot.Kept, len(y.Unfinished()))
		}
		var want, got []string
		for _, r := range readRecords(t, "trainer-pot-2025.csv") {
			if r["trainers"] != "" {
				want = append(want, fmt.Sprintf("%s %s %s %s.00", r["municipality"], r["trainers"], r["trainer_days"], r["amount_sek"]))
			}
		}
		for _, m := range y.Result().Municipalities {
			got = append(got, fmt.Sprintf("%s %d %d %s", m.Municipality, *m.Trainers, m.TrainerDays, m.Amount))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWhoSeesWhichMoney(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		round := w.round("authority")
		day := w.day(round, 1, clock.Date(2025, 3, 3))
		inFalun, inBorlange := w.seat(round, w.person(falun)), w.seat(round, w.person(borlange))
		w.mark(day, inFalun, "present")
		w.mark(day, inBorlange, "present")
		w.trainer(day, w.person(mora), trainer.Assistant, true)

		at := func(role access.Role, level access.Level, id, region int64) access.Viewer {
			return access.Viewer{PersonID: w.leader.PersonID, Grants: []access.Grant{{Role: role, Level: level, OrganisationID: id, RegionID: region, MunicipalityID: id}}}
		}
		const ok = fault.Kind(0)
		for _, c := range []struct {
			name                string
			viewer              access.Viewer
			year, falun, oneDay fault.Kind
			participants, names int
		}{
			{"the region's leader sees all", w.leader, ok, ok, ok, 2, 2},
			{"the steering group sees all money and no names", at(access.Steering, access.Region, dalarna, dalarna), ok, ok, ok, 2, 0},
			{"a municipality's administrator sees its own", at(access.MunicipalAdmin, access.Municipality, falun, dalarna), fault.KindForbidden, ok, ok, 1, 1},
			{"a municipality with a trainer alone sees the day", at(access.MunicipalAdmin, access.Municipality, mora, dalarna), fault.KindForbidden, fault.KindNotFound, ok, 0, 0},
			{"a municipality that was not there sees nothing of it", at(access.MunicipalAdmin, access.Municipality, uppsala, uppland), fault.KindForbidden, fault.KindNotFound, fault.KindNotFound, 0, 0},
			{"another region's leader sees nothing", at(access.Regional, access.Region, uppland, uppland), fault.KindNotFound, fault.KindNotFound, fault.KindNotFound, 0, 0},
			{"a manager sees no money", at(access.Manager, access.Municipality, falun, dalarna), fault.KindForbidden, fault.KindForbidden, fault.KindForbidden, 0, 0},
			{"nobody sees nothing", access.Viewer{}, fault.KindForbidden, fault.KindForbidden, fault.KindForbidden, 0, 0},
		} {
			t.Run(c.name, func(t *testing.T) {
				_, err := economy.YearOf(ctx, d.Reader(), c.viewer, dalarna, 2025)
				if kind(err) != c.year {
					t.Errorf("the year: %v", err)
				}
				if _, err := economy.InvoiceBasisOf(ctx, d.Reader(), c.viewer, dalarna, 2025); kind(err) != c.year {
					t.Errorf("the invoice basis: %v", err)
				}
				if _, err := economy.MunicipalityYearOf(ctx, d.Reader(), c.viewer, falun, 2025); kind(err) != c.falun {
					t.Errorf("Falun's year: %v", err)
				}
				account, err := economy.DayAccountOf(ctx, d.Reader(), c.viewer, day)
				if kind(err) != c.oneDay {
					t.Errorf("the day: %v", err)
				}
				names := 0
				for _, p := range account.Participants {
					if (p.Name != "") != (p.PersonID != 0) {
						t.Errorf("%+v", p)
					}
					if p.Name != "" {
						names++
					}
				}
				if len(account.Participants) != c.participants || names != c.names || account.Charged != money.Kronor(650*int64(c.participants)) {
					t.Errorf("%d participants, %d names, %v charged", len(account.Participants), names, account.Charged)
				}
				if err == nil && (account.Counts.Billed != 2 || len(account.Pot.Shares) != 1 || account.Whole != (c.participants == 2)) {
					t.Errorf("%+v", account)
				}
			})
		}

		t.Run("only the region's leader exempts, settles and corrects", func(t *testing.T) {
			for _, viewer := range []access.Viewer{
				at(access.Steering, access.Region, dalarna, dalarna), at(access.MunicipalAdmin, access.Municipality, falun, dalarna),
				at(access.Regional, access.Region, uppland, uppland), {},
			} {
				for name, f := range map[string]func(tx *db.Tx) error{
					"exempt":   func(tx *db.Tx) error { return economy.Exempt(ctx, tx, viewer, day, inFalun, "gäst", december) },
					"unexempt": func(tx *db.Tx) error { return economy.Unexempt(ctx, tx, viewer, day, inFalun, december) },
					"settle":   func(tx *db.Tx) error { return economy.Settle(ctx, tx, viewer, dalarna, 2025, december) },
					"correct":  func(tx *db.Tx) error { return economy.Correct(ctx, tx, viewer, dalarna, 2025, "fel", december) },
				} {
					if k := kind(w.write(f)); k != fault.KindForbidden && k != fault.KindNotFound {
						t.Errorf("%+v may %s: %v", viewer.Grants, name, k)
					}
				}
			}
			if k := kind(w.write(func(tx *db.Tx) error { return economy.Settle(ctx, tx, access.System(), dalarna, 2025, december) })); k != fault.KindForbidden {
				t.Errorf("a settlement that no person answers for: %v", k)
			}
		})
		t.Run("what is no region, municipality or year is not found", func(t *testing.T) {
			for name, err := range map[string]error{
				"a municipality as a region": second(economy.YearOf(ctx, d.Reader(), access.System(), falun, 2025)),
				"an unknown region":          second(economy.YearOf(ctx, d.Reader(), access.System(), 999999, 2025)),
				"a region as a municipality": second(economy.MunicipalityYearOf(ctx, d.Reader(), access.System(), dalarna, 2025)),
				"the year before the first":  second(economy.YearOf(ctx, d.Reader(), access.System(), dalarna, 1899)),
				"the year after the last":    second(economy.YearOf(ctx, d.Reader(), access.System(), dalarna, 10_000)),
				"a year beyond all days":     second(economy.YearOf(ctx, d.Reader(), access.System(), dalarna, 1<<40)),
				"a municipality's own":       second(economy.MunicipalityYearOf(ctx, d.Reader(), access.System(), falun, -1)),
				"an unknown day":             second(economy.DayAccountOf(ctx, d.Reader(), access.System(), 999999)),
			} {
				if !errors.Is(err, fault.NotFound) {
					t.Errorf("%s: %v", name, err)
				}
			}
			for _, year := range []int{1900, 9999} {
				if _, err := economy.YearOf(ctx, d.Reader(), access.System(), dalarna, year); err != nil {
					t.Errorf("the year %d: %v", year, err)
				}
			}
		})
	})
}

func second[T any](_ T, err error) error { return err }

func TestAMunicipalityOpensItsYear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		round := w.round("authority")
		date := clock.Date(2025, 3, 3)
		paid, worked, neither := w.day(round, 1, date), w.day(round, 2, date+1), w.day(round, 3, date+2)
		here, elsewhere := w.seat(round, w.person(falun)), w.seat(round, w.person(borlange))
		w.mark(paid, here, "present")
		for _, day := range []int64{paid, worked, neither} {
			w.mark(day, elsewhere, "present")
		}
		assistant, colleague, rss := w.person(falun), w.person(falun), w.person(dalarna)
		w.trainer(worked, assistant, trainer.Lead, true)
		w.trainer(worked, colleague, trainer.Assistant, true)
		w.trainer(worked, rss, trainer.Assistant, true)
		w.trainer(paid, rss, trainer.Assistant, true)

		// And a guest seat in a neighbouring region's round.
		abroad := w.round("authority")
		w.exec("UPDATE round SET region_id = $1 WHERE id = $2", uppland, abroad)
		w.insert("tariff", "region_id kind from_day fee_ore pot_ore lead_weight trainer_weight rss_rule", uppland, "authority", date, 50000, 0, 150, 100, "kept")
		visited := w.day(abroad, 1, date+3)
		w.mark(visited, w.seat(abroad, w.person(falun)), "absent")

		must(t, w.settle(2025))
		must(t, w.exempt(paid, here))
		admin := access.Viewer{Grants: []access.Grant{{Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: falun, RegionID: dalarna}}}
		y, err := economy.MunicipalityYearOf(ctx, d.Reader(), admin, falun, 2025)
		must(t, err)
		type line struct {
			Day                       int64
			Billed, Of, Participants  int
			Charged                   money.Ore
			TrainerDays               int
			Share, Pot, Kept          money.Ore
			Shares, NamedParticipants int
		}
		var got []line
		for _, day := range y.Days {
			named := 0
			for _, p := range day.Participants {
				if p.Name != "" && p.Municipality.ID == falun {
					named++
				}
			}
			got = append(got, line{day.ID, day.Own.Billed, day.Counts.Billed, len(day.Participants), day.Charged, day.TrainerDays, day.Share, day.Pot.Pot, day.Pot.Kept, len(day.Pot.Shares), named})
		}
		want := []line{
			{paid, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1},
			{worked, 0, 1, 0, 0, 2, 28572, 40000, 11428, 3, 0},
			{visited, 1, 1, 1, 50000, 0, 0, 0, 0, 0, 1},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if y.Charged != 50000 || y.Share != 28572 || y.SettledCharged != 65000 || y.SettledShare != 28572 || y.Billed != 1 || y.TrainerDays != 2 {
			t.Errorf("%+v", y.MunicipalitySum)
		}
		if len(y.Settlements) != 1 || len(y.Settlements[0].Lines) != 2 || len(y.Differences) != 1 || y.Differences[0].Amount() != -65000 {
			t.Errorf("settlements %+v, differences %+v", y.Settlements, y.Differences)
		}
		for _, l := range y.Settlements[0].Lines {
			if l.Municipality.ID != falun {
				t.Errorf("another municipality's line %+v", l)
			}
		}
	})
}

func TestAnExemptionHasAReasonAndCanBeTakenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		round, other := w.round("authority"), w.round("authority")
		day := w.day(round, 1, clock.Date(2025, 3, 3))
		seat, foreign := w.seat(round, w.person(falun)), w.seat(other, w.person(falun))
		w.mark(day, seat, "present")
		exempt := func(seat int64, reason string) error {
			return w.write(func(tx *db.Tx) error { return economy.Exempt(ctx, tx, w.leader, day, seat, reason, december) })
		}
		if err := exempt(seat, " \n"); key(err) != "economy.reason_missing" {
			t.Errorf("without a reason: %v", err)
		}
		if err := exempt(seat, strings.Repeat("x", 501)); key(err) != "economy.reason_long" {
			t.Errorf("with too long a reason: %v", err)
		}
		if err := exempt(foreign, "gäst"); !errors.Is(err, fault.NotFound) {
			t.Errorf("a seat of another round: %v", err)
		}
		w.exec(`UPDATE round SET municipality_id = $2 WHERE id = $1`, round, falun)
		if err := exempt(seat, "gäst"); !errors.Is(err, fault.NotFound) {
			t.Errorf("a seat of a municipality's own round, which costs nothing: %v", err)
		}
		w.exec(`UPDATE round SET municipality_id = NULL WHERE id = $1`, round)
		must(t, exempt(seat, " Gästar från en annan region "))
		if err := exempt(seat, "igen"); key(err) != "economy.exempt_already" {
			t.Errorf("twice: %v", err)
		}
		account, err := economy.DayAccountOf(ctx, d.Reader(), w.leader, day)
		must(t, err)
		if p := account.Participants[0]; p.Exemption != "Gästar från en annan region" || p.NotBilled != economy.IsExempted || account.Charged != 0 {
			t.Errorf("%+v, %v charged", p, account.Charged)
		}
		unexempt := func() error {
			return w.write(func(tx *db.Tx) error { return economy.Unexempt(ctx, tx, w.leader, day, seat, december+1) })
		}
		must(t, unexempt())
		if err := unexempt(); !errors.Is(err, fault.NotFound) {
			t.Errorf("taken back twice: %v", err)
		}
		must(t, exempt(seat, "Gästar ändå"))
		must(t, unexempt())
		kept, err := economy.Exemptions(ctx, d.Reader(), w.leader, day)
		must(t, err)
		taken := december + 1
		const name, leader = "Test Person002", "Test Person001"
		if diff := cmp.Diff([]economy.Exemption{
			{Name: name, Reason: "Gästar ändå", GrantedAt: december, GrantedBy: leader, WithdrawnAt: &taken, WithdrawnBy: leader},
			{Name: name, Reason: "Gästar från en annan region", GrantedAt: december, GrantedBy: leader, WithdrawnAt: &taken, WithdrawnBy: leader},
		}, kept); diff != "" {
			t.Errorf("what is kept: %s", diff)
		}
		if kept, err := economy.Exemptions(ctx, d.Reader(), access.Viewer{PersonID: 1}, day); err != nil || len(kept) > 0 {
			t.Errorf("others see %v, %v", kept, err)
		}
		if y := w.year(2025); y.Charged != money.Kronor(650) {
			t.Errorf("charged %v", y.Charged)
		}
	})
}

// readRecords reads the course days of 2025 as a sheet has them.
func readRecords(t *testing.T, name string) []map[string]string {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "daysheet", "testdata", name))
	must(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var records []map[string]string
	for _, row := range rows[1:] {
		record := map[string]string{}
		for i, cell := range row {
			record[rows[0][i]] = cell
		}
		records = append(records, record)
	}
	return records
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
