package population

import (
	"errors"
	"fmt"
	"hash/fnv"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/people"
)

// plannedIn are the municipalities that have told how their staff work, and who
// is on leave.
var plannedIn = []string{"Borlänge", "Falun", "Ludvika"}

// chance is a number below n that follows from the person alone, so that it does
// not disturb what else is drawn.
func chance(p *Person, salt string, n uint32) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(p.Email + salt))
	return (h.Sum32() >> 13) % n // the low figures go together
}

// AddTerms tells how the staff of some municipalities are employed, and that some
// are on leave: none of those who hold an office, have a seat or teach.
func (pop *Population) AddTerms(w *world.World, teaches map[*Person]bool) error {
	today := w.Today
	staffOf := map[*unit]bool{} // the picker's manager has somebody on leave
	for _, p := range pop.People {
		if p.Email == ManagerAddress {
			staffOf[p.at.unit] = true
		}
	}
	forms := []people.Form{people.Permanent, people.Permanent, people.Permanent, people.Permanent, people.FixedTerm, people.Hourly}
	shifts := []people.Shift{people.DayShift, people.DayShift, people.MixedShift, people.MixedShift, people.EveningShift, people.NightShift}
	for _, p := range pop.People {
		at := p.at
		if len(p.moves) > 0 {
			at = p.moves[len(p.moves)-1].to
		}
		if p.From > today || at.unit == nil || !slices.Contains(plannedIn, at.unit.municipality) {
			continue
		}
		if err := people.SetTerms(w.Ctx, w.Tx, access.System(), p.ID, people.Terms{
			Title: p.Title, Form: forms[chance(p, "form", 6)], Shift: shifts[chance(p, "shift", 6)],
		}, today); err != nil {
			return fmt.Errorf("terms of %s: %w", p.Email, err)
		}
		if chance(p, "leave", 40) != 0 && !staffOf[at.unit] || len(p.offices) > 0 || len(p.Taken) > 0 || teaches[p] || p.Email == EmployeeAddress {
			continue
		}
		delete(staffOf, at.unit)
		leave := clock.Period{From: max(p.From, today-clock.Day(20+chance(p, "from", 200)))} //nolint:gosec // under 220
		if chance(p, "known", 4) > 0 {
			until := today + clock.Day(30+chance(p, "until", 240)) //nolint:gosec // under 270
			leave.Until = &until
		}
		if _, err := people.TellLeave(w.Ctx, w.Tx, access.System(), p.ID, leave, w.Now); err != nil {
			return fmt.Errorf("leave of %s: %w", p.Email, err)
		}
	}
	if err := pop.hire(w); err != nil {
		return err
	}
	return pop.addSecond(w)
}

// hire has one of the picker's municipality come from a staffing agency.
func (pop *Population) hire(w *world.World) error {
	for _, p := range slices.Backward(pop.People) {
		if p.From > w.Today || p.at.unit == nil || p.at.unit.municipality != "Borlänge" || len(p.moves)+len(p.offices)+len(p.Taken) > 0 {
			continue
		}
		if err := people.Leave(w.Ctx, w.Tx, access.System(), p.ID, w.Today+120); err != nil {
			return fmt.Errorf("the last day of %s: %w", p.Email, err)
		}
		return people.SetTerms(w.Ctx, w.Tx, access.System(), p.ID, people.Terms{
			Title: p.Title, Form: people.Hourly, Shift: people.MixedShift, Agency: "Bemanning i Exempel AB",
		}, w.Today)
	}
	return errors.New("nobody in Borlänge can be hired")
}

// addSecond lets the picker's employee work some nights for another municipality, too.
func (pop *Population) addSecond(w *world.World) error {
	for _, p := range pop.People {
		if p.Email != EmployeeAddress {
			continue
		}
		at, err := place{unit: pop.byUnit["Säter/"+world.BarnOchUnga][0]}.id(w)
		if err == nil {
			err = people.EmployToo(w.Ctx, w.Tx, access.System(), p.ID, at, w.Today-40, "Timvikarie")
		}
		if err != nil {
			return fmt.Errorf("second employment of %s: %w", p.Email, err)
		}
	}
	return nil
}
