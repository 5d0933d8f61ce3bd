// Package trainers is the teams of the courses, the days that trainers are asked
// for and answer, and their meetings.
package trainers

import (
	"cmp"
	"fmt"
	"slices"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/courses"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/demo/rounds"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/trainer"
)

// Member is somebody of a course's team of trainers in a region.
type Member struct {
	Who       *population.Person
	course    string
	region    string
	recruited clock.Day
	ready     *clock.Day
}

// Teams gives every trainer of a region's rounds a place in the course's team.
func Teams(plan *rounds.Plan) []Member {
	var all []Member
	type key struct {
		who            *population.Person
		course, region string
	}
	seen := map[key]bool{}
	byDay := slices.Clone(plan.Rounds)
	slices.SortStableFunc(byDay, func(x, y *rounds.Round) int { return cmp.Compare(x.Days[0].Day, y.Days[0].Day) })
	for _, r := range byDay {
		if r.Region == "" {
			continue
		}
		for _, d := range r.Days {
			for _, t := range d.Trainers {
				k := key{t.Who, r.Course, r.Region}
				if seen[k] {
					continue
				}
				seen[k] = true
				ready := d.Day - 20
				all = append(all, Member{t.Who, r.Course, r.Region, d.Day - 80, &ready})
			}
		}
	}
	return append(all, Member{plan.Cast.LateTrainer, "arbeta-med-familjehem", world.Dalarna, plan.Today - 12, nil})
}

// Recruit adds the teams.
func Recruit(w *world.World, teams []Member) error {
	for _, t := range teams {
		viewer := w.Regional[t.region]
		id, err := trainer.Recruit(w.Ctx, w.Tx, viewer, trainer.New{
			PersonID: t.Who.ID, CourseID: w.Courses[t.course], RegionID: w.Regions[t.region], On: t.recruited,
		})
		if err != nil {
			return fmt.Errorf("%s in %s: %w", t.Who.Email, t.course, err)
		}
		if t.ready != nil {
			if err := trainer.Ready(w.Ctx, w.Tx, viewer, id, *t.ready); err != nil {
				return fmt.Errorf("%s in %s: %w", t.Who.Email, t.course, err)
			}
		}
	}
	return nil
}

// Equip puts the trainer whom the picker offers into the team of a course
// with content, so that they have a trainer pack to read.
func Equip(w *world.World, who *population.Person) error {
	on := courses.Published.Day()
	id, err := trainer.Recruit(w.Ctx, w.Tx, w.Regional[world.Dalarna], trainer.New{
		PersonID: who.ID, CourseID: w.Courses["samtal-och-delaktighet"], RegionID: w.Regions[world.Dalarna], On: on,
	})
	if err != nil {
		return err
	}
	return trainer.Ready(w.Ctx, w.Tx, w.Regional[world.Dalarna], id, on+30)
}
