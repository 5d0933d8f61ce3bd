package demo

import (
	"fmt"
	"hash/fnv"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/rollout"
)

// plannedIn are the municipalities that have told how their staff work, and who
// is on leave.
var plannedIn = []string{"Borlänge", "Falun", "Ludvika"}

// chance is a number below n that follows from the person alone, so that it does
// not disturb what else is drawn.
func chance(p *person, salt string, n uint32) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(p.email + salt))
	return (h.Sum32() >> 13) % n // the low figures go together
}

// terms tells how the staff of some municipalities are employed, and that some
// are on leave: none of those who hold an office, have a seat or teach.
func (l *loader) terms() error {
	today, teaches := l.plan.today, map[*person]bool{}
	for _, t := range l.plan.teams {
		teaches[t.who] = true
	}
	staffOf := map[*unit]bool{} // the picker's manager has somebody on leave
	for _, p := range l.plan.people {
		if p.email == personas[1].email {
			staffOf[p.at.unit] = true
		}
	}
	forms := []people.Form{people.Permanent, people.Permanent, people.Permanent, people.Permanent, people.FixedTerm, people.Hourly}
	shifts := []people.Shift{people.DayShift, people.DayShift, people.MixedShift, people.MixedShift, people.EveningShift, people.NightShift}
	for _, p := range l.plan.people {
		at := p.at
		if len(p.moves) > 0 {
			at = p.moves[len(p.moves)-1].to
		}
		if p.from > today || at.unit == nil || !slices.Contains(plannedIn, at.unit.municipality) {
			continue
		}
		if err := people.SetTerms(l.ctx, l.tx, access.System(), p.id, people.Terms{
			Title: p.title, Form: forms[chance(p, "form", 6)], Shift: shifts[chance(p, "shift", 6)],
		}, today); err != nil {
			return fmt.Errorf("terms of %s: %w", p.email, err)
		}
		if chance(p, "leave", 40) != 0 && !staffOf[at.unit] || len(p.offices) > 0 || len(p.taken) > 0 || teaches[p] || p.email == personas[0].email {
			continue
		}
		delete(staffOf, at.unit)
		leave := clock.Period{From: max(p.from, today-clock.Day(20+chance(p, "from", 200)))} //nolint:gosec // under 220
		if chance(p, "known", 4) > 0 {
			until := today + clock.Day(30+chance(p, "until", 240)) //nolint:gosec // under 270
			leave.Until = &until
		}
		if _, err := people.TellLeave(l.ctx, l.tx, access.System(), p.id, leave, l.now); err != nil {
			return fmt.Errorf("leave of %s: %w", p.email, err)
		}
	}
	return nil
}

// rollouts are two plans: Borlänge is about to split those who miss BAS 3, and
// Falun's for BAS 4 is under way.
func (l *loader) rollouts() error {
	today := l.plan.today
	for _, r := range []struct {
		municipality, course, name string
		from, until                clock.Day
		wave                       clock.Day // between the units' starts
	}{
		{"Borlänge", "bas-3", "BAS 3 för alla", today, today + 200, 7},
		{"Falun", "bas-4", "BAS 4 i Falun", today - 30, today + 150, 14},
	} {
		id, err := l.municipality(r.municipality)
		if err != nil {
			return err
		}
		m, err := organisation.ByID(l.ctx, l.tx, id)
		if err != nil {
			return err
		}
		staff, err := rollout.Staff(l.ctx, l.tx, access.System(), id, l.courses[r.course], today)
		if err != nil {
			return err
		}
		plan := rollout.New{Name: r.name, From: r.from, Until: r.until, GroupSize: 15}
		_, units := rollout.Cover(staff)
		for i, u := range units {
			plan.Units = append(plan.Units, rollout.Unit{ID: u.UnitID, StartsOn: max(r.from, rollout.NextWorkday(r.from+r.wave*clock.Day(i%4)))})
		}
		leaders, err := planning.Leaders(l.ctx, l.tx, access.System(), l.courses[r.course], m.Place(), today)
		if err != nil {
			return err
		}
		for _, each := range leaders {
			if (each.InTeam || !each.Manager) && len(plan.Trainers) < 3 {
				plan.Trainers = append(plan.Trainers, each.PersonID)
			}
		}
		if _, err := rollout.Make(l.ctx, l.tx, access.System(), m.ID, l.courses[r.course], plan, (today-3).At(10, 0)); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	return nil
}
