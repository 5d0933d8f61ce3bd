package economy_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/money"
	"yrkesresan/internal/trainer"
)

// participantDay is one mark of a random year, with what it comes to by the words of domain.md.
type participantDay struct {
	day          int
	employer     int64 // on the day, 0: none
	mark         string
	exempt       bool
	seat, dayRow int64
}

func (p participantDay) billed() bool {
	return p.mark != "excused" && !p.exempt && p.employer != 0 && p.employer != dalarna
}

func (p participantDay) attended() bool { return p.mark == "present" || p.mark == "late" }

func TestEveryYearAddsUpAndConvergesWhenCorrected(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		employers := []int64{falun, borlange, mora, uppsala, dalarna, 0}
		people := map[int64][]int64{}
		for _, at := range employers {
			for range 4 {
				people[at] = append(people[at], w.person(at))
			}
		}
		year := 2024 // each random year is a year of its own
		now := clock.Date(9000, 1, 1).At(12, 0)
		marks := []string{"present", "late", "absent", "excused"}
		rapid.Check(t, func(t *rapid.T) {
			year++
			var all []participantDay
			var kinds []string
			for n := range rapid.IntRange(1, 3).Draw(t, "days") {
				kinds = append(kinds, rapid.SampledFrom([]string{"authority", "manager"}).Draw(t, "kind"))
				round := w.round(kinds[n])
				day := w.day(round, 1, clock.Date(year, 1, 1+n))
				for _, at := range employers {
					who := people[at]
					if rapid.Bool().Draw(t, "trains") {
						role := rapid.SampledFrom([]trainer.Role{trainer.Lead, trainer.Assistant}).Draw(t, "role")
						if at != 0 {
							w.trainer(day, who[0], role, rapid.Bool().Draw(t, "present"))
						}
					}
					for _, person := range who[:rapid.IntRange(0, 3).Draw(t, "participants")] {
						p := participantDay{
							day: n, employer: at, dayRow: day, seat: w.seat(round, person),
							mark:   rapid.SampledFrom(marks).Draw(t, "mark"),
							exempt: rapid.IntRange(0, 4).Draw(t, "exempt") == 0,
						}
						w.mark(day, p.seat, p.mark)
						if p.exempt {
							must(w.t, w.exempt(day, p.seat))
						}
						all = append(all, p)
					}
				}
			}
			check := func() economy.Year {
				y := w.year(year)
				var want economy.Counts
				var charged, pots, kept, municipal, paid money.Ore
				for _, p := range all {
					terms := map[string]economy.Terms{"authority": authority, "manager": manager}[kinds[p.day]]
					if p.billed() {
						want.Billed++
						charged += terms.Fee
					}
					if p.attended() {
						want.Attended++
					}
					if p.billed() && p.attended() {
						want.PotBearing++
						pots += terms.PerParticipant
					}
				}
				if y.Counts != want || y.Charged != charged || y.Pot.Paid+y.Pot.Kept != pots {
					t.Fatalf("%+v, %v charged, %v paid, %v kept; want %+v, %v, %v", y.Counts, y.Charged, y.Pot.Paid, y.Pot.Kept, want, charged, pots)
				}
				charged = 0
				for _, m := range y.Municipalities {
					municipal += m.Charged
					paid += m.Share
				}
				for _, day := range y.Days {
					charged += day.Charged
					kept += day.Pot.Kept
					for _, s := range day.Pot.Shares {
						if s.RSS && s.Amount != 0 {
							t.Fatalf("RSS staff are paid: %+v", s)
						}
					}
				}
				if municipal != y.Charged || charged != y.Charged || paid != y.Pot.Paid || kept != y.Pot.Kept {
					t.Fatalf("municipalities %v and %v, days %v and %v, the year %v, %v and %v", municipal, paid, charged, kept, y.Charged, y.Pot.Paid, y.Pot.Kept)
				}
				if b := y.InvoiceBasis(); b.Amount+b.Uncorrected != y.Charged || y.Settlement == nil && b.ParticipantDays != y.Billed {
					t.Fatalf("invoiced %v and %v to come for %d, the year %v for %d", b.Amount, b.Uncorrected, b.ParticipantDays, y.Charged, y.Billed)
				}
				return y
			}
			check()
			settle := func(tx *db.Tx) error { return economy.Settle(ctx, tx, w.leader, dalarna, year, now) }
			if err := w.write(settle); err != nil {
				if key(err) != "economy.nothing_to_settle" {
					t.Fatal(err)
				}
				return
			}
			frozen := check()
			if len(frozen.Differences) != 0 || frozen.Settlement.Charged() != frozen.Charged || frozen.Settlement.Paid() != frozen.Pot.Paid {
				t.Fatalf("settled %v and %v, differences %+v", frozen.Settlement.Charged(), frozen.Settlement.Paid(), frozen.Differences)
			}
			for range rapid.IntRange(1, 2).Draw(t, "corrections") {
				for i := range all {
					if rapid.IntRange(0, 3).Draw(t, "changed") == 0 {
						all[i].mark = rapid.SampledFrom(marks).Draw(t, "new mark")
						w.exec("UPDATE attendance SET mark = $1 WHERE enrolment_id = $2", all[i].mark, all[i].seat)
					}
				}
				before := check()
				if diff := cmp.Diff(frozen.Settlement.Lines, before.Settlement.Lines); diff != "" {
					t.Fatalf("frozen lines moved:\n%s", diff)
				}
				err := w.correct(year, "ändrad närvaro")
				if (err == nil) != (len(before.Differences) > 0) {
					t.Fatalf("%d differences, and correcting gives %v", len(before.Differences), err)
				}
				after := check()
				if s := after.Settlement; len(after.Differences) != 0 || s.Charged() != after.Charged || s.Paid() != after.Pot.Paid {
					t.Fatalf("settled and corrected %v and %v, the year %v and %v", s.Charged(), s.Paid(), after.Charged, after.Pot.Paid)
				}
				for _, m := range after.Municipalities {
					if m.SettledCharged != m.Charged || m.SettledShare != m.Share {
						t.Fatalf("%+v", m)
					}
				}
			}
		})
	})
}

// aBasis has everything that an invoice basis can: two municipalities, a settled line, a correction,
// an unfinished day and names that a spreadsheet would run.
func aBasis() economy.InvoiceBasis {
	fee := money.Ore(65050)
	settled := &economy.InvoiceBasisAct{At: "2025-12-10T09:00:00+01:00", By: "Test Ledare"}
	correction := &economy.InvoiceBasisAct{At: "2026-01-11T23:30:00Z", By: "Test Ledare", Reason: `Sjuk; anmält "i tid"`}
	day := clock.Date(2025, 3, 3)
	return economy.InvoiceBasis{
		Region: "Dalarna", Year: 2025, Settled: settled, ParticipantDays: 2, Amount: 2 * fee,
		Municipalities: []economy.InvoiceBasisMunicipality{
			{Municipality: "Falun", ParticipantDays: 2, Amount: 2 * fee, Lines: []economy.InvoiceBasisLine{
				{Day: day, Course: "=HYPERLINK(\"x\")", Round: "@vår", DayNumber: 1, Participants: 3, Fee: &fee, Amount: 3 * fee},
				{Day: day, Course: "Handläggning av LVU", Round: "-1", DayNumber: 1, Participants: -1, Amount: -fee, Correction: correction},
			}},
			{Municipality: "Älvdalen", Lines: []economy.InvoiceBasisLine{
				{Day: day, Course: "+1", Round: "\tflik", DayNumber: 2, Participants: 0, Fee: &fee, Amount: 0},
			}},
		},
		Unfinished:  []economy.InvoiceBasisDay{{Day: day, Course: "Samtal", Round: "Vår", DayNumber: 2, Obstacles: []economy.Obstacle{economy.NoTariff}}},
		Uncorrected: -fee,
	}
}

var update = flag.Bool("update", false, "write golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		must(t, os.WriteFile(filepath.Join("testdata", name), got, 0o600))
	}
	want, err := os.ReadFile(filepath.Join("testdata", name))
	must(t, err)
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("(-%s +got)\n%s", name, diff)
	}
}

func TestTheInvoiceBasisAsItIsPrinted(t *testing.T) {
	text, err := json.MarshalIndent(aBasis(), "", "  ")
	must(t, err)
	golden(t, "invoice-basis.golden.json", append(text, '\n'))
	var sheet bytes.Buffer
	must(t, aBasis().CSV(&sheet, i18n.Swedish))
	golden(t, "invoice-basis.golden.csv", sheet.Bytes())
}

func TestNoCellOfTheSheetIsAFormula(t *testing.T) {
	var sheet bytes.Buffer
	must(t, aBasis().CSV(&sheet, i18n.English))
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(sheet.String(), "\uFEFF")))
	in.Comma = ';'
	rows, err := in.ReadAll()
	must(t, err)
	if len(rows) != 4 || !strings.HasPrefix(sheet.String(), "\uFEFF") {
		t.Fatalf("%q", sheet.String())
	}
	for _, row := range rows[1:] {
		for i, cell := range row {
			number := i == 7 || i == 9 // participant-days and amount
			if !number && cell != "" && strings.ContainsRune("=+-@\t", rune(cell[0])) {
				t.Errorf("%s: %q", rows[0][i], cell)
			}
			if number && strings.Trim(cell, "-0123456789,") != "" {
				t.Errorf("%s: %q", rows[0][i], cell)
			}
		}
	}
}
