package economy

import (
	"yrkesresan/internal/money"
	"yrkesresan/internal/trainer"
)

// PotResult is the pot as `yrkesresan pot --format json` and the annual report print it.
// Others read it: a field may be added, none renamed.
type PotResult struct {
	Paid           money.Ore               `json:"paid_ore"`
	Kept           money.Ore               `json:"kept_ore"`
	Municipalities []PotResultMunicipality `json:"municipalities"`
	Days           []PotResultDay          `json:"days"`
}

// PotResultMunicipality is one municipality's sum; Trainers is null when persons are not known.
type PotResultMunicipality struct {
	Municipality string    `json:"municipality"`
	Trainers     *int      `json:"trainers"`
	TrainerDays  int       `json:"trainer_days"`
	Amount       money.Ore `json:"amount_ore"`
}

// PotResultDay is one course day; its label is the one of the source.
type PotResultDay struct {
	Day          string           `json:"day"`
	Participants int              `json:"participants"`
	Pot          money.Ore        `json:"pot_ore"`
	Kept         money.Ore        `json:"kept_ore"`
	Shares       []PotResultShare `json:"shares"`
}

// PotResultShare is one trainer present; those of the RSS are listed with the amount 0.
type PotResultShare struct {
	Organisation string       `json:"organisation"`
	Role         trainer.Role `json:"role"`
	Weight       Weight       `json:"weight"`
	Amount       money.Ore    `json:"amount_ore"`
}

// Result is the pot in the form that is printed; its lists are never nil.
func (p Pot) Result() PotResult {
	result := PotResult{
		Paid:           p.Paid,
		Kept:           p.Kept,
		Municipalities: make([]PotResultMunicipality, len(p.Municipalities)),
		Days:           make([]PotResultDay, len(p.Days)),
	}
	for i, m := range p.Municipalities {
		result.Municipalities[i] = PotResultMunicipality{
			Municipality: m.Municipality.Name,
			Trainers:     m.Trainers,
			TrainerDays:  m.TrainerDays,
			Amount:       m.Amount,
		}
	}
	for i, d := range p.Days {
		day := PotResultDay{
			Day:          d.Name,
			Participants: d.Participants,
			Pot:          d.Pot,
			Kept:         d.Kept,
			Shares:       make([]PotResultShare, len(d.Shares)),
		}
		for j, s := range d.Shares {
			day.Shares[j] = PotResultShare{Organisation: s.Organisation.Name, Role: s.Role, Weight: s.Weight, Amount: s.Amount}
		}
		result.Days[i] = day
	}
	return result
}
