package municipalgroup

import (
	"slices"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
)

const (
	longestName    = 100  // characters
	longestProject = 2000 // characters, over several lines
	MostSeats      = 9999 // that a member needs in a course and year
)

// New is what is said of a group. Project is who pays for it and what for, in lines.
type New struct {
	Name    string
	Project string
	clock.Period
}

// check is what is wrong with it, for the fields of the form.
func (n *New) check() error {
	n.Name, n.Project = strings.TrimSpace(n.Name), strings.TrimSpace(n.Project)
	var checks fault.Checks
	checks.Require(n.Name != "" && organisation.Slug(n.Name) != "", "name", "groups.name_missing")
	checks.Require(len([]rune(n.Name)) <= longestName, "name", "groups.name_long", "Most", longestName)
	checks.Require(len([]rune(n.Project)) <= longestProject, "project", "groups.project_long", "Most", longestProject)
	checks.Require(n.Until == nil || *n.Until >= n.From, "until", "groups.until_before")
	return checks.Err()
}

// Group is one of them.
type Group struct {
	ID       int64
	RegionID int64
	Slug     string
	New
}

// Place is where the group is, for an access rule.
func (g Group) Place() access.Place { return access.Place{RegionID: g.RegionID, GroupID: g.ID} }

// Ended tells whether the group has ended by the day.
func (g Group) Ended(day clock.Day) bool { return g.Until != nil && *g.Until < day }

// Member is that a municipality is in a group, from when to when.
type Member struct {
	ID           int64
	Municipality organisation.Organisation
	clock.Period
}

// On are the municipalities that are members on the day, in the order of the members.
func On(all []Member, day clock.Day) []organisation.Organisation {
	return chosen(all, func(m Member) bool { return m.Holds(day) })
}

// In are the municipalities that are members on any day of the year.
func In(all []Member, year int) []organisation.Organisation {
	return chosen(all, func(m Member) bool {
		return m.From < clock.YearStart(year+1) && (m.Until == nil || *m.Until >= clock.YearStart(year))
	})
}

func chosen(all []Member, is func(Member) bool) (some []organisation.Organisation) {
	for _, m := range all {
		if is(m) && !slices.ContainsFunc(some, func(o organisation.Organisation) bool { return o.ID == m.Municipality.ID }) {
			some = append(some, m.Municipality)
		}
	}
	return some
}

// Share is how many of a hundred parts a member pays.
type Share struct {
	Municipality organisation.Organisation
	Percent      int64
}

// Shares are those that hold from the day on; they add up to a hundred.
type Shares struct {
	From clock.Day
	Of   []Share
}

// Holding are the shares that hold on the day, those told from the latest day up to it; false
// when none have been told.
func Holding(all []Shares, day clock.Day) (Shares, bool) {
	for _, s := range all { // the latest first
		if s.From <= day {
			return s, true
		}
	}
	return Shares{}, false
}

// Fit tells whether the shares are those of just these members, each with a part or none: who
// has joined or left since makes them old.
func (s Shares) Fit(members []organisation.Organisation) bool {
	has := func(id int64) bool {
		return slices.ContainsFunc(s.Of, func(x Share) bool { return x.Municipality.ID == id })
	}
	return len(s.Of) == len(members) && !slices.ContainsFunc(members, func(m organisation.Organisation) bool { return !has(m.ID) })
}

// Split is the sum shared among the members, in their order: the parts add up to it.
func (s Shares) Split(sum money.Ore) []money.Ore {
	weights := make([]int64, len(s.Of))
	for i, x := range s.Of {
		weights[i] = x.Percent
	}
	return money.Split(sum, weights)
}

// checkPercent is what is wrong with shares of the members: each has one of 0 to 100, and they
// add up to 100.
func checkPercent(members []organisation.Organisation, percent map[int64]int64) error {
	if len(members) == 0 {
		return fault.Invalid("from", "groups.share_nobody")
	}
	var checks fault.Checks
	sum := int64(0)
	for _, m := range members {
		p := percent[m.ID]
		checks.Require(0 <= p && p <= 100, ShareField(m.ID), "groups.share_wrong")
		sum += p
	}
	if err := checks.Err(); err != nil {
		return err
	}
	checks.Require(sum == 100, ShareField(members[0].ID), "groups.share_sum", "Sum", sum)
	return checks.Err()
}
