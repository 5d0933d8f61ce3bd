package municipalities

import (
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/courses"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/rollout"
)

// MakePlans makes plans: Borlänge is about to split those who miss BAS 3 and waits for a course that comes, and
// Falun's for BAS 4 is under way.
func MakePlans(w *world.World) error {
	today := w.Today
	for _, r := range []struct {
		municipality, course, name string
		from, until                clock.Day
		wave                       clock.Day // between the units' starts
	}{
		{"Borlänge", "bas-3", "BAS 3 för alla", today, today + 200, 7},
		{"Falun", "bas-4", "BAS 4 i Falun", today - 30, today + 150, 14},
		{"Borlänge", courses.Coming, "Vård i livets slut för alla", today + 150, today + 300, 14},
	} {
		id, err := w.Municipality(r.municipality)
		if err != nil {
			return err
		}
		m, err := organisation.ByID(w.Ctx, w.Tx, id)
		if err != nil {
			return err
		}
		staff, err := rollout.Staff(w.Ctx, w.Tx, access.System(), id, w.Courses[r.course], today)
		if err != nil {
			return err
		}
		plan := rollout.New{Name: r.name, From: r.from, Until: r.until, GroupSize: 15}
		_, units := rollout.Cover(staff)
		for i, u := range units {
			plan.Units = append(plan.Units, rollout.Unit{ID: u.UnitID, StartsOn: max(r.from, rollout.NextWorkday(r.from+r.wave*clock.Day(i%4)))})
		}
		leaders, err := planning.Leaders(w.Ctx, w.Tx, access.System(), w.Courses[r.course], m.Place(), today)
		if err != nil {
			return err
		}
		for _, each := range leaders {
			if (each.InTeam || !each.Manager) && len(plan.Trainers) < 3 {
				plan.Trainers = append(plan.Trainers, each.PersonID)
			}
		}
		if _, err := rollout.Make(w.Ctx, w.Tx, access.System(), m.ID, w.Courses[r.course], plan, (today-3).At(10, 0)); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	return nil
}
