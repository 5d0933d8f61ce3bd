package economy

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"yrkesresan/internal/i18n"
	"yrkesresan/internal/money"
	"yrkesresan/internal/trainer"
)

// Bounds that no real tariff or course day comes near. Within them no sum of a year overflows;
// beyond them a figure is taken for a slip of the keyboard and refused.
const (
	MaxParticipants          = 10_000         // on one course day
	MaxPerParticipant        = 10_000_000     // öre: 100 000 kr
	MaxWeight         Weight = 100 * oneShare // of one trainer
)

// Weight is a trainer's weight in the split, in hundredths of a share: 150 is one share and a half.
type Weight int64

const oneShare Weight = 100

// String writes the weight as a decimal number of shares: "1.5", "1".
func (w Weight) String() string {
	return strings.TrimSuffix(strings.TrimRight(money.Ore(w).String(), "0"), ".")
}

// MarshalJSON writes the weight as a number of shares: 1.5.
func (w Weight) MarshalJSON() ([]byte, error) { return []byte(w.String()), nil }

// ParseWeight reads a weight of more than 0 and at most 100 shares, with at most two decimals
// after a comma or a point: "1,5".
func ParseWeight(s string) (Weight, error) {
	hundredths, err := money.Parse(s) // the same notation
	if w := Weight(hundredths); err == nil && w > 0 && w <= MaxWeight {
		return w, nil
	}
	return 0, fmt.Errorf("reading %q as a weight: expected a number over 0 and up to %v with at most two decimals, like 1.5", s, MaxWeight)
}

// RSSRule says what a tariff does, for its period, with the share of trainers employed by the RSS,
// who take no compensation (domain.md, "Money").
type RSSRule string

const (
	RSSKept   RSSRule = "kept"   // the region keeps it
	RSSShared RSSRule = "shared" // the municipal trainers of the day share it
)

// Terms are what a tariff says for one kind of course and one period.
type Terms struct {
	Fee            money.Ore // charged per billed participant-day
	PerParticipant money.Ore // the part of Fee set aside in the pot per pot-bearing participant-day
	LeadWeight     Weight
	TrainerWeight  Weight
	RSS            RSSRule
}

// Check says what in the terms no pot can be split by. It does not look at Fee.
func (t Terms) Check() error {
	var wrong []error
	if t.PerParticipant < 0 || t.PerParticipant > MaxPerParticipant {
		wrong = append(wrong, fmt.Errorf("%v kr per participant: expected 0 to %v", t.PerParticipant, money.Ore(MaxPerParticipant)))
	}
	for _, w := range []Weight{t.LeadWeight, t.TrainerWeight} {
		if w <= 0 || w > MaxWeight {
			wrong = append(wrong, fmt.Errorf("weight %v: expected over 0 and up to %v", w, MaxWeight))
		}
	}
	if t.RSS != RSSKept && t.RSS != RSSShared {
		wrong = append(wrong, fmt.Errorf("rule %q for RSS trainers: expected %q or %q", t.RSS, RSSKept, RSSShared))
	}
	return errors.Join(wrong...)
}

// Weight is what a role weighs under the terms, and false for an unknown role.
func (t Terms) Weight(r trainer.Role) (Weight, bool) {
	switch r {
	case trainer.Lead:
		return t.LeadWeight, true
	case trainer.Assistant:
		return t.TrainerWeight, true
	}
	return 0, false
}

// Ref names a day, an organisation or a person: a row of the database by its ID, or, with ID 0,
// something that only a file knows and that is told apart by Name.
type Ref struct {
	ID   int64
	Name string
}

// key tells references apart: a row keeps its ID when it is renamed.
func (r Ref) key() Ref {
	if r.ID != 0 {
		r.Name = ""
	}
	return r
}

// PotDay is what the pot of one course day is made from.
type PotDay struct {
	Ref
	Course       string
	Participants int          // pot-bearing, see the package comment
	Trainers     []PotTrainer // the ones present; the order decides who gets an öre left over
}

// PotTrainer is a trainer who was present on a course day.
type PotTrainer struct {
	Organisation Ref // employer on the course day
	RSS          bool
	Role         trainer.Role
	Person       Ref // zero when the source does not tell persons apart
}

// Reason says why something of a day's pot stays with the region.
type Reason string

const (
	KeptNothing            Reason = ""
	KeptRSSShare           Reason = "rss_share"            // RSS trainers' shares under RSSKept
	KeptNoMunicipalTrainer Reason = "no_municipal_trainer" // nobody to pay, so the whole pot
)

// DayPot is the pot of one course day and where it went: Paid + Kept is Pot.
type DayPot struct {
	PotDay
	Pot    money.Ore
	Paid   money.Ore
	Kept   money.Ore
	Reason Reason
	Shares []Share // one per trainer, in the day's order
}

// Share is one trainer's part of a day's pot. The parts of a day, Amount and Kept together,
// sum to its pot whenever a trainer was present.
type Share struct {
	PotTrainer
	Weight Weight    // of the role, also where RSSShared lets others have what it would give
	Amount money.Ore // paid to the municipality; 0 for RSS trainers
	Kept   money.Ore // kept by the region because the trainer is employed by the RSS
}

// Split makes the pot of a day and splits it among the trainers present (domain.md, "Money";
// S1:285–301). Under RSSKept everybody present gets a share and the region keeps those of RSS
// trainers; under RSSShared only municipal trainers get one. A day without a municipal trainer
// pays nothing out under either. It fails on terms that Check refuses, on an unknown role and
// on a number of participants outside 0 to MaxParticipants.
func (t Terms) Split(d PotDay) (DayPot, error) {
	if err := t.Check(); err != nil {
		return DayPot{}, fmt.Errorf("splitting the pot of day %s: %w", d.Name, err)
	}
	if d.Participants < 0 || d.Participants > MaxParticipants {
		return DayPot{}, fmt.Errorf("splitting the pot of day %s: %d participants, expected 0 to %d", d.Name, d.Participants, MaxParticipants)
	}

	pot := DayPot{PotDay: d, Pot: t.PerParticipant * money.Ore(d.Participants), Shares: make([]Share, len(d.Trainers))}
	municipal := slices.ContainsFunc(d.Trainers, func(tr PotTrainer) bool { return !tr.RSS })
	weights := make([]int64, len(d.Trainers))
	for i, tr := range d.Trainers {
		weight, known := t.Weight(tr.Role)
		if !known {
			return DayPot{}, fmt.Errorf("splitting the pot of day %s: unknown role %q", d.Name, tr.Role)
		}
		pot.Shares[i] = Share{PotTrainer: tr, Weight: weight}
		if !tr.RSS || !municipal || t.RSS == RSSKept {
			weights[i] = int64(weight)
		}
	}

	if len(d.Trainers) > 0 {
		for i, part := range money.Split(pot.Pot, weights) {
			if pot.Shares[i].RSS {
				pot.Shares[i].Kept = part
			} else {
				pot.Shares[i].Amount = part
				pot.Paid += part
			}
		}
	}
	pot.Kept = pot.Pot - pot.Paid
	switch {
	case pot.Kept == 0:
		pot.Reason = KeptNothing
	case !municipal:
		pot.Reason = KeptNoMunicipalTrainer
	default:
		pot.Reason = KeptRSSShare
	}
	return pot, nil
}

// SplitDays splits days that all follow the same terms and sums them.
func (t Terms) SplitDays(days []PotDay) (Pot, error) {
	pots := make([]DayPot, len(days))
	for i, d := range days {
		var err error
		if pots[i], err = t.Split(d); err != nil {
			return Pot{}, err
		}
	}
	return SumPot(pots), nil
}

// Pot is the trainer pot of a set of course days, as a rule a region's year.
type Pot struct {
	Paid           money.Ore
	Kept           money.Ore
	Municipalities []MunicipalPot // in Swedish order; never the RSS
	Days           []DayPot       // in the order given
}

// MunicipalPot is what one municipality gets of the pot, and for how much work.
type MunicipalPot struct {
	Municipality Ref
	Trainers     *int // distinct persons; nil when a trainer day does not say who it was
	TrainerDays  int  // two trainers on the same day are two
	Amount       money.Ore
}

// SumPot sums days, which may follow different terms, per municipality and in all.
func SumPot(days []DayPot) Pot {
	pot := Pot{Municipalities: []MunicipalPot{}, Days: days}
	place := map[Ref]int{}
	persons := map[Ref]map[Ref]bool{} // by municipality; the zero person stands for unknown ones
	for _, d := range days {
		pot.Paid += d.Paid
		pot.Kept += d.Kept
		for _, s := range d.Shares {
			if s.RSS {
				continue
			}
			of := s.Organisation.key()
			i, met := place[of]
			if !met {
				i = len(pot.Municipalities)
				place[of] = i
				persons[of] = map[Ref]bool{}
				pot.Municipalities = append(pot.Municipalities, MunicipalPot{Municipality: s.Organisation})
			}
			pot.Municipalities[i].TrainerDays++
			pot.Municipalities[i].Amount += s.Amount
			persons[of][s.Person.key()] = true
		}
	}
	for i, m := range pot.Municipalities {
		if who := persons[m.Municipality.key()]; !who[Ref{}] {
			n := len(who)
			pot.Municipalities[i].Trainers = &n
		}
	}
	slices.SortFunc(pot.Municipalities, func(a, b MunicipalPot) int {
		return cmp.Or(
			bytes.Compare(i18n.SortKey(a.Municipality.Name), i18n.SortKey(b.Municipality.Name)),
			cmp.Compare(a.Municipality.ID, b.Municipality.ID),
		)
	})
	return pot
}
