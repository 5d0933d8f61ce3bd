package economy_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yrkesresan/internal/economy"
	"yrkesresan/internal/money"
	"yrkesresan/internal/trainer"
)

// The tariffs of S1:176–180: authority courses, and the manager course from 2026.
var (
	authority = economy.Terms{Fee: money.Kronor(650), PerParticipant: money.Kronor(400), LeadWeight: 150, TrainerWeight: 100, RSS: economy.RSSKept}
	manager   = economy.Terms{Fee: money.Kronor(450), PerParticipant: money.Kronor(200), LeadWeight: 150, TrainerWeight: 100, RSS: economy.RSSShared}
)

func from(organisation string, role trainer.Role) economy.PotTrainer {
	return economy.PotTrainer{Organisation: economy.Ref{Name: organisation}, RSS: organisation == "RSS", Role: role}
}

func day(participants int, trainers ...economy.PotTrainer) economy.PotDay {
	return economy.PotDay{Ref: economy.Ref{Name: "1"}, Course: "Utsatthet och våld", Participants: participants, Trainers: trainers}
}

func TestTheSplitOfADay(t *testing.T) {
	const lead, trainer = trainer.Lead, trainer.Assistant
	type share struct{ Amount, Kept money.Ore }
	kr := money.Kronor
	for _, c := range []struct {
		name       string
		terms      economy.Terms
		day        economy.PotDay
		paid, kept money.Ore
		reason     economy.Reason
		shares     []share
	}{
		{"a lead trainer gets three parts where a trainer gets two", authority,
			day(19, from("Borlänge", lead), from("Falun", trainer)),
			kr(7600), 0, economy.KeptNothing, []share{{kr(4560), 0}, {kr(3040), 0}}},
		{"the region keeps the share of an RSS trainer where the tariff says kept", authority,
			day(19, from("Rättvik", trainer), from("RSS", lead)),
			kr(3040), kr(4560), economy.KeptRSSShare, []share{{kr(3040), 0}, {0, kr(4560)}}},
		{"the one municipal trainer gets the whole pot where the tariff says shared", manager,
			day(20, from("RSS", lead), from("Mora", trainer)),
			kr(4000), 0, economy.KeptNothing, []share{{0, 0}, {kr(4000), 0}}},
		{"two municipal trainers share by their own weights alone where the tariff says shared", manager,
			day(20, from("RSS", trainer), from("Mora", lead), from("Borlänge", trainer)),
			kr(4000), 0, economy.KeptNothing, []share{{0, 0}, {kr(2400), 0}, {kr(1600), 0}}},
		{"a day with RSS trainers only pays nothing out where the tariff says kept", authority,
			day(10, from("RSS", lead), from("RSS", trainer)),
			0, kr(4000), economy.KeptNoMunicipalTrainer, []share{{0, kr(2400)}, {0, kr(1600)}}},
		{"a day with RSS trainers only pays nothing out where the tariff says shared", manager,
			day(10, from("RSS", trainer)),
			0, kr(2000), economy.KeptNoMunicipalTrainer, []share{{0, kr(2000)}}},
		{"a day without any trainer keeps its pot", authority,
			day(10),
			0, kr(4000), economy.KeptNoMunicipalTrainer, []share{}},
		{"a day without participants has no pot", authority,
			day(0, from("Falun", trainer), from("RSS", lead)),
			0, 0, economy.KeptNothing, []share{{0, 0}, {0, 0}}},
		{"the öre left over goes to the part that lost most", authority,
			day(11, from("Borlänge", lead), from("Falun", trainer), from("Mora", trainer)),
			kr(4400), 0, economy.KeptNothing, []share{{188572, 0}, {125714, 0}, {125714, 0}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			pot, err := c.terms.Split(c.day)
			if err != nil {
				t.Fatal(err)
			}
			if pot.Paid != c.paid || pot.Kept != c.kept || pot.Reason != c.reason {
				t.Errorf("paid %v, kept %v because %q; want %v, %v, %q", pot.Paid, pot.Kept, pot.Reason, c.paid, c.kept, c.reason)
			}
			shares := []share{}
			for i, s := range pot.Shares {
				shares = append(shares, share{s.Amount, s.Kept})
				if want, _ := c.terms.Weight(c.day.Trainers[i].Role); s.Weight != want {
					t.Errorf("share %d weighs %v, want %v", i, s.Weight, want)
				}
			}
			if diff := cmp.Diff(c.shares, shares); diff != "" {
				t.Errorf("shares (-want +got):\n%s", diff)
			}
		})
	}
}

func TestASplitIsRefused(t *testing.T) {
	falun := from("Falun", trainer.Assistant)
	with := func(change func(*economy.Terms)) economy.Terms {
		terms := authority
		change(&terms)
		return terms
	}
	for _, c := range []struct {
		name  string
		terms economy.Terms
		day   economy.PotDay
	}{
		{"when the amount per participant is negative", with(func(t *economy.Terms) { t.PerParticipant = -1 }), day(1, falun)},
		{"when the amount per participant is absurd", with(func(t *economy.Terms) { t.PerParticipant = 10_000_001 }), day(1, falun)},
		{"when a trainer weighs nothing", with(func(t *economy.Terms) { t.TrainerWeight = 0 }), day(1, falun)},
		{"when the lead trainer's weight is negative", with(func(t *economy.Terms) { t.LeadWeight = -150 }), day(1, falun)},
		{"when a weight is absurd", with(func(t *economy.Terms) { t.LeadWeight = 100_01 }), day(1, falun)},
		{"when there is no rule for RSS trainers", with(func(t *economy.Terms) { t.RSS = "" }), day(1, falun)},
		{"when the number of participants is negative", authority, day(-1, falun)},
		{"when the number of participants is absurd", authority, day(10_001, falun)},
		{"when a role is unknown", authority, day(1, from("Falun", "kock"))},
	} {
		t.Run(c.name, func(t *testing.T) {
			if pot, err := c.terms.SplitDays([]economy.PotDay{c.day}); err == nil {
				t.Errorf("got %+v", pot)
			}
		})
	}
}

func TestTheLargestPotIsSplit(t *testing.T) {
	terms := economy.Terms{PerParticipant: 10_000_000, LeadWeight: 100_00, TrainerWeight: 100_00, RSS: economy.RSSKept}
	pot, err := terms.SplitDays([]economy.PotDay{day(10_000, from("Falun", trainer.Assistant))})
	if err != nil || pot.Paid != 100_000_000_000 {
		t.Errorf("got %+v, %v", pot, err)
	}
}

func TestSumPot(t *testing.T) {
	row := func(id int64, name, person string, role trainer.Role) economy.PotTrainer {
		return economy.PotTrainer{Organisation: economy.Ref{ID: id, Name: name}, Role: role, Person: economy.Ref{Name: person}}
	}
	sum := func(t *testing.T, days ...economy.PotDay) []economy.MunicipalPot {
		t.Helper()
		pot, err := authority.SplitDays(days)
		if err != nil {
			t.Fatal(err)
		}
		return pot.Municipalities
	}
	n := func(n int) *int { return &n }

	t.Run("two trainers of a municipality on one day are two trainer days, a person on two days one trainer", func(t *testing.T) {
		got := sum(t,
			day(20, row(0, "Borlänge", "B3", trainer.Assistant), row(0, "Borlänge", "B4", trainer.Assistant)),
			day(10, row(0, "Borlänge", "B3", trainer.Lead)))
		want := []economy.MunicipalPot{{Municipality: economy.Ref{Name: "Borlänge"}, Trainers: n(2), TrainerDays: 3, Amount: money.Kronor(12000)}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("the number of trainers is unknown as soon as one trainer day has no person", func(t *testing.T) {
		got := sum(t, day(20, row(0, "Borlänge", "B3", trainer.Assistant), row(0, "Borlänge", "", trainer.Assistant)))
		if got[0].Trainers != nil {
			t.Errorf("%d trainers", *got[0].Trainers)
		}
	})
	t.Run("a municipality that is renamed in the year stays one", func(t *testing.T) {
		got := sum(t, day(10, row(7, "Malung", "M1", trainer.Assistant)), day(10, row(7, "Malung-Sälen", "M1", trainer.Assistant)))
		if len(got) != 1 || got[0].Amount != money.Kronor(8000) || *got[0].Trainers != 1 {
			t.Errorf("%+v", got)
		}
	})
	t.Run("municipalities stand in Swedish order", func(t *testing.T) {
		var trainers []economy.PotTrainer
		for _, name := range []string{"Örebro", "Älvdalen", "Åre", "Vara", "Wadstena", "Vingåker", "Orsa"} {
			trainers = append(trainers, from(name, trainer.Assistant))
		}
		var names []string
		for _, m := range sum(t, day(10, trainers...)) {
			names = append(names, m.Municipality.Name)
		}
		if want := []string{"Orsa", "Vara", "Vingåker", "Wadstena", "Åre", "Älvdalen", "Örebro"}; !slices.Equal(names, want) {
			t.Errorf("%v, want %v", names, want)
		}
	})
	t.Run("days may follow different terms", func(t *testing.T) {
		first, err := authority.Split(day(10, from("Mora", trainer.Assistant)))
		if err != nil {
			t.Fatal(err)
		}
		second, err := manager.Split(day(10, from("Mora", trainer.Assistant), from("RSS", trainer.Assistant)))
		if err != nil {
			t.Fatal(err)
		}
		if pot := economy.SumPot([]economy.DayPot{first, second}); pot.Paid != money.Kronor(6000) || pot.Kept != 0 {
			t.Errorf("paid %v, kept %v", pot.Paid, pot.Kept)
		}
	})
}

// drawTerms draws tariffs from 1 krona per participant, so that a participant brings more öre than
// a day has trainers.
func drawTerms(t *rapid.T) economy.Terms {
	return economy.Terms{
		PerParticipant: money.Ore(rapid.Int64Range(100, 100_000).Draw(t, "per participant")),
		LeadWeight:     economy.Weight(rapid.Int64Range(50, 300).Draw(t, "lead weight")),
		TrainerWeight:  economy.Weight(rapid.Int64Range(50, 300).Draw(t, "trainer weight")),
		RSS:            rapid.SampledFrom([]economy.RSSRule{economy.RSSKept, economy.RSSShared}).Draw(t, "RSS"),
	}
}

func drawDays(t *rapid.T) []economy.PotDay {
	one := rapid.Custom(func(t *rapid.T) economy.PotTrainer {
		return from(rapid.SampledFrom([]string{"Falun", "Mora", "Borlänge", "RSS"}).Draw(t, "organisation"),
			rapid.SampledFrom([]trainer.Role{trainer.Lead, trainer.Assistant}).Draw(t, "role"))
	})
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) economy.PotDay {
		return day(rapid.IntRange(0, 40).Draw(t, "participants"), rapid.SliceOfN(one, 0, 5).Draw(t, "trainers")...)
	}), 1, 5).Draw(t, "days")
}

func split(t *rapid.T, terms economy.Terms, days []economy.PotDay) economy.Pot {
	pot, err := terms.SplitDays(days)
	if err != nil {
		t.Fatal(err)
	}
	return pot
}

func TestPotProperties(t *testing.T) {
	t.Run("paid and kept sum to the pots, per day and in all, and nothing is negative", rapid.MakeCheck(func(t *rapid.T) {
		terms := drawTerms(t)
		pot := split(t, terms, drawDays(t))
		var pots, municipal money.Ore
		for _, d := range pot.Days {
			var amounts, kept money.Ore
			for _, s := range d.Shares {
				if s.Amount < 0 || s.Kept < 0 || s.RSS && s.Amount != 0 || !s.RSS && s.Kept != 0 {
					t.Fatalf("share %+v", s)
				}
				amounts += s.Amount
				kept += s.Kept
			}
			if d.Pot != terms.PerParticipant*money.Ore(d.Participants) || d.Paid+d.Kept != d.Pot || d.Kept < 0 {
				t.Fatalf("pot %v, paid %v, kept %v", d.Pot, d.Paid, d.Kept)
			}
			if amounts != d.Paid || len(d.Shares) > 0 && kept != d.Kept {
				t.Fatalf("shares give %v and keep %v, the day %v and %v", amounts, kept, d.Paid, d.Kept)
			}
			if (d.Kept == 0) != (d.Reason == economy.KeptNothing) {
				t.Fatalf("kept %v because %q", d.Kept, d.Reason)
			}
			pots += d.Pot
		}
		for _, m := range pot.Municipalities {
			if m.Municipality.Name == "RSS" || m.TrainerDays < 1 {
				t.Fatalf("%+v", m)
			}
			municipal += m.Amount
		}
		if pot.Paid+pot.Kept != pots || municipal != pot.Paid {
			t.Fatalf("pots %v: paid %v, kept %v, municipalities %v", pots, pot.Paid, pot.Kept, municipal)
		}
	}))

	t.Run("under shared a day pays out everything or nothing, and never less than under kept", rapid.MakeCheck(func(t *rapid.T) {
		terms, days := drawTerms(t), drawDays(t)
		terms.RSS = economy.RSSShared
		shared := split(t, terms, days)
		terms.RSS = economy.RSSKept
		kept := split(t, terms, days)
		for i, d := range shared.Days {
			municipal := slices.ContainsFunc(d.Trainers, func(tr economy.PotTrainer) bool { return !tr.RSS })
			if municipal && d.Kept != 0 || !municipal && d.Paid != 0 {
				t.Fatalf("paid %v, kept %v", d.Paid, d.Kept)
			}
			if d.Paid < kept.Days[i].Paid {
				t.Fatalf("%v shared, %v kept", d.Paid, kept.Days[i].Paid)
			}
		}
	}))

	t.Run("another participant never lowers what is paid or kept", rapid.MakeCheck(func(t *rapid.T) {
		terms, days := drawTerms(t), drawDays(t)
		before := split(t, terms, days)
		days[rapid.IntRange(0, len(days)-1).Draw(t, "day")].Participants++
		after := split(t, terms, days)
		if after.Paid < before.Paid || after.Kept < before.Kept {
			t.Fatalf("paid %v then %v, kept %v then %v", before.Paid, after.Paid, before.Kept, after.Kept)
		}
		for i, m := range after.Municipalities {
			if m.Amount < before.Municipalities[i].Amount {
				t.Fatalf("%s %v then %v", m.Municipality.Name, before.Municipalities[i].Amount, m.Amount)
			}
		}
	}))

	t.Run("municipal trainers of one day differ by at most one öre when they have the same role", rapid.MakeCheck(func(t *rapid.T) {
		for _, d := range split(t, drawTerms(t), drawDays(t)).Days {
			most, least := map[trainer.Role]money.Ore{}, map[trainer.Role]money.Ore{}
			for _, s := range d.Shares {
				if s.RSS {
					continue
				}
				if _, met := least[s.Role]; !met {
					least[s.Role] = s.Amount
				}
				most[s.Role], least[s.Role] = max(most[s.Role], s.Amount), min(least[s.Role], s.Amount)
			}
			for role := range most {
				if most[role]-least[role] > 1 {
					t.Fatalf("%s: %v and %v", role, most[role], least[role])
				}
			}
		}
	}))

	t.Run("the order of the days changes no sum", rapid.MakeCheck(func(t *rapid.T) {
		terms, days := drawTerms(t), drawDays(t)
		first := split(t, terms, days)
		second := split(t, terms, rapid.Permutation(days).Draw(t, "order"))
		if first.Paid != second.Paid || first.Kept != second.Kept {
			t.Fatal("sums differ")
		}
		if diff := cmp.Diff(first.Municipalities, second.Municipalities); diff != "" {
			t.Fatal(diff)
		}
	}))
}

func TestWeight(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       economy.Weight
		ok         bool
	}{
		{"one share and a half", "1.5", 150, true},
		{"a decimal comma", "1,25", 125, true},
		{"one share", "1", 100, true},
		{"the most", "100", economy.MaxWeight, true},
		{"more than the most", "100.01", 0, false},
		{"nothing", "0", 0, false},
		{"less than nothing", "-1", 0, false},
		{"three decimals", "1.333", 0, false},
		{"words", "en och en halv", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := economy.ParseWeight(c.text); got != c.want || (err == nil) != c.ok {
				t.Errorf("ParseWeight(%q) = %v, %v", c.text, got, err)
			}
		})
	}
	for w, want := range map[economy.Weight]string{150: "1.5", 100: "1", 125: "1.25", 5: "0.05", 1000: "10"} {
		if got := w.String(); got != want {
			t.Errorf("%d hundredths are %q, want %q", int64(w), got, want)
		}
	}
}
