package planning

import (
	"yrkesresan/internal/clock"
	"yrkesresan/internal/round"
)

// Copied is the plan of the same round with its first day on the given one: as
// many days between the days, the same times, rooms and trainers, and sign-up
// as long before. So weekdays stay when the first day has the same weekday.
// Nobody who has a seat comes along; the trainers are a proposal, not asked.
func Copied(d round.Detail, first clock.Day) New {
	n := PlanOf(d)
	n.CopiedFrom, n.EditionID, n.TariffKind, n.Delivery = d.ID, nil, "", "" // as the catalogue says by then
	by := first - d.FirstDay
	later := func(day *clock.Day) *clock.Day {
		if day == nil {
			return nil
		}
		moved := *day + by
		return &moved
	}
	n.SignupFrom, n.SignupUntil = n.SignupFrom+by, n.SignupUntil+by
	n.DecideOn, n.WithdrawUntil = later(n.DecideOn), later(n.WithdrawUntil)
	for i := range n.Days {
		n.Days[i].ID = 0
		n.Days[i].Day += by
	}
	return n
}
