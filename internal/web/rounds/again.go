package rounds

import (
	"yrkesresan/internal/access"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/web/booking"
	"yrkesresan/internal/web/visit"
)

// EnrolAgain is where a sign-up that was not accepted is shown again: the round's
// page for oneself, the list for people of one's own.
func EnrolAgain(v *visit.Visit) error {
	if booking.AloneIn(v, v.Chosen()) || access.Staff(v.Viewer).Empty() {
		return Show(v)
	}
	return booking.SignupOthers(v)
}

// RoundOfDay is the page of the round whose day is in the address: what is said of
// the day in one touch is said there.
func RoundOfDay(v *visit.Visit) error {
	id, err := v.ID("day")
	if err != nil {
		return err
	}
	roundID, err := round.RoundOf(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	return page(v, roundID)
}

// RoundOfEntry is the page of the round in whose queue the entry in the address is
// or was.
func RoundOfEntry(v *visit.Visit) error {
	id, err := v.ID("entry")
	if err != nil {
		return err
	}
	roundID, err := seat.OfEntry(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	return page(v, roundID)
}
