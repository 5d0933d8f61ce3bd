package nation

import (
	"yrkesresan/internal/address"
	"yrkesresan/internal/circular"
	"yrkesresan/internal/officer"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// bouncedDays is for how many days a letter that came back is told of.
const bouncedDays = 30

// Todo is what waits for the national owner: regions that nobody can sign in for, letters
// to regions that came back, officers whom letters do not reach.
func Todo(v *visit.Visit) (things []ui.NextThing, err error) {
	regions, err := officer.Regions(v.Context(), v.Reader(), v.Viewer, v.Today, v.Today, v.Today)
	if err != nil {
		return nil, err
	}
	var without []officer.Region
	for _, r := range regions {
		if !r.Reachable(v.Today) {
			without = append(without, r)
		}
	}
	switch len(without) {
	case 0:
	case 1:
		things = append(things, v.Next("region_without", address.NationRegion(without[0].Slug), "Region", without[0].Name))
	default:
		things = append(things, v.Next("regions_without", address.NationRegions, "Region", without[0].Name, "Count", len(without)-1))
	}
	letters, err := circular.List(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return nil, err
	}
	told := 0
	for _, c := range letters {
		if c.Bounced > 0 && c.MadeAt.Day() > v.Today-bouncedDays && len(things) < visit.FewTodos {
			told += c.Bounced
			things = append(things, v.Next("circular_bounced", address.NationLetter(c.ID), "Subject", c.Subject, "Count", c.Bounced))
		}
	}
	_, bounced, err := officer.List(v.Context(), v.Reader(), v.Viewer, officer.Filter{Bounced: true, PerPage: 1}, v.Today)
	if err != nil {
		return nil, err
	}
	if bounced > told { // others than those who lack a letter that is told of
		things = append(things, v.Next("officers_bounced", address.Officers+"?letters="+bouncedOnly, "Count", bounced))
	}
	return things, nil
}

// ToRead are the letters from the nation that the visitor's start page leads to.
func ToRead(v *visit.Visit) (things []ui.NextThing, err error) {
	all, err := circular.ToRead(v.Context(), v.Reader(), v.Viewer, v.Today)
	for _, c := range all {
		key := "circular"
		if c.Unread {
			key = "circular_unread"
		}
		if len(things) < 3 {
			things = append(things, v.Next(key, address.Circular(c.ID), "Subject", c.Subject, "When", v.Lang.DayTime(c.MadeAt)))
		}
	}
	return things, err
}
