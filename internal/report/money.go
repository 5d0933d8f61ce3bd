package report

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/trainer"
)

// money puts the region's course days, charges and pot of the year into the
// report; of the days up to and including the report's own when it is of another day than the
// year's last.
//
// The report is a document that leaves the house, and its pot is the one that
// the steering group decides on: whoever may read the report reads it with the
// pot, but without the trainers' names.
func (r *AnnualReport) money(ctx context.Context, q db.Querier, whole bool) error {
	year, err := economy.YearOf(ctx, q, access.System(), r.Region.ID, r.Year)
	if err != nil {
		return err
	}
	planned := year.DayCounts().Planned
	if !whole {
		later := func(d economy.Day) bool { return d.Date > r.AsOf }
		year.Days, year.Free = slices.DeleteFunc(year.Days, later), slices.DeleteFunc(year.Free, later)
	}
	r.Pot = economy.PotOf(year.Days)
	counts := year.DayCounts()
	counts.Planned = planned // the whole year's, also in a report as of a day
	var billed []DayCount
	for _, d := range year.Days {
		r.Charged += d.Charged
		if d.InBasis() {
			billed = append(billed, DayCount{Day: d.Date, Course: d.Course, Participants: d.Billed})
		}
	}
	r.Days = sumDays(counts, billed)
	r.LeadTrainers = leadTrainers(r.Pot)
	for _, d := range r.Pot.Days {
		for i := range d.Shares {
			d.Shares[i].Person = economy.Ref{}
		}
		for i := range d.Trainers {
			d.Trainers[i].Person = economy.Ref{}
		}
	}
	return nil
}

// leadTrainers counts, per municipality, the persons who led one of the pot's
// days: leading several courses makes nobody several.
func leadTrainers(pot economy.Pot) map[int64]int {
	type lead struct{ municipalityID, personID int64 }
	met := map[lead]bool{}
	count := map[int64]int{}
	for _, d := range pot.Days {
		for _, s := range d.Shares {
			who := lead{s.Organisation.ID, s.Person.ID}
			if s.Role == trainer.Lead && !s.RSS && !met[who] {
				met[who] = true
				count[who.municipalityID]++
			}
		}
	}
	return count
}
