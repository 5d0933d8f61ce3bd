package economy

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// DayAccount is a course day's money opened: who was counted and who was not, what was charged, how
// the pot was split and why something of it was kept.
//
// Whole tells that the viewer sees the region's money. Otherwise Charges, Charged and Participants
// are of the viewer's own municipalities alone, while Counts and Pot are of the whole day: nobody
// can check a share without the weights beside it.
type DayAccount struct {
	Day
	Participants []Participant
	Whole        bool
}

// DayAccountOf opens a course day; fault.NotFound when it carries no money, or none that is the
// viewer's to see.
func DayAccountOf(ctx context.Context, q db.Querier, viewer access.Viewer, courseDayID int64) (DayAccount, error) {
	money := access.MunicipalMoney(viewer)
	if money.Empty() {
		return DayAccount{}, fault.Forbidden
	}
	day := part{condition: "cd.id = $1", args: []any{courseDayID}}
	book, err := open(ctx, q, day)
	if err != nil {
		return DayAccount{}, err
	}
	if len(book.days) == 0 { // none, or of a round without a fee
		return DayAccount{}, fault.NotFound
	}
	a := DayAccount{Day: book.days[0]}
	a.Whole = access.Money(viewer).Covers(access.Place{RegionID: a.RegionID})
	keep := func(municipalityID int64) bool {
		return a.Whole || municipalityID != 0 &&
			money.Covers(access.Place{RegionID: book.regions[municipalityID], MunicipalityID: municipalityID})
	}
	if !a.Whole {
		own := slices.ContainsFunc(a.Pot.Trainers, func(t PotTrainer) bool { return !t.RSS && keep(t.Organisation.ID) })
		a.Charges = slices.DeleteFunc(a.Charges, func(c Charge) bool { return !keep(c.Municipality.ID) })
		if !own && len(a.Charges) == 0 {
			return DayAccount{}, fault.NotFound
		}
		a.Charged = 0
		for _, c := range a.Charges {
			a.Charged += c.Amount
		}
	}
	people, err := participants(ctx, q, viewer, day, keep)
	a.Participants = people[courseDayID]
	return a, err
}
