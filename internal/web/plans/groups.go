package plans

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/rollout"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/scheduling"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// groupPage splits those whom a plan has not put into an occasion: first how,
// then the groups with their days, which can be changed before they are made.
// What is typed stands in values, under the names that faults have.
type groupPage struct {
	*visit.Visit
	plan    rollout.Plan
	place   organisation.Organisation
	course  catalogue.Course
	ready   map[int64]rollout.Member
	all     []rollout.Member // those ready, by name
	away    []rollout.Member
	settled int

	by      rollout.By
	size    int
	groups  [][]int64
	values  url.Values
	leaders []planning.Leader

	clashes []groupClash
	moved   int // the group that somebody was moved to, -1: none
	count   int // how many were
}

// groupClash is what stands in the way of a group's day.
type groupClash struct {
	group int
	words string
}

func groupField(i int, name string) string { return fmt.Sprintf("groups.%d.%s", i, name) }

func findGroups(v *visit.Visit) (*groupPage, error) {
	plan, m, err := findPlan(v, true)
	if err != nil {
		return nil, err
	}
	if plan.EndedAt != nil {
		return nil, fault.Conflict("rollout.ended")
	}
	p := &groupPage{Visit: v, plan: plan, place: m, size: plan.GroupSize, by: rollout.Mixed, moved: -1, ready: map[int64]rollout.Member{}}
	if p.course, err = catalogue.CourseByID(v.Context(), v.Reader(), plan.CourseID); err != nil {
		return nil, err
	}
	staff, err := rollout.Staff(v.Context(), v.Reader(), v.Viewer, m.ID, plan.CourseID, v.Today)
	if err != nil {
		return nil, err
	}
	settled, ready, away := plan.Chosen(staff)
	p.settled, p.all, p.away = len(settled), ready, away
	for _, each := range ready {
		p.ready[each.PersonID] = each
	}
	p.leaders, err = planning.Leaders(v.Context(), v.Reader(), v.Viewer, plan.CourseID, m.Place(), v.Today)
	p.leaders = slices.DeleteFunc(p.leaders, func(l planning.Leader) bool { return l.Manager && !l.InTeam })
	for _, t := range slices.Backward(plan.Trainers) {
		p.leaders = slices.DeleteFunc(p.leaders, func(l planning.Leader) bool { return l.PersonID == t.PersonID })
		p.leaders = slices.Insert(p.leaders, 0, planning.Leader{PersonID: t.PersonID, Name: t.Name})
	}
	return p, err
}

// Split asks how to split, and shows the groups that this gives, or those that
// were sent.
func Split(v *visit.Visit) error {
	p, err := findGroups(v)
	if err != nil {
		return err
	}
	if v.Sent {
		return p.again()
	}
	p.values = v.URL.Query()
	if len(p.all) == 0 || !p.values.Has("by") {
		return p.ask()
	}
	p.by, p.size = rollout.By(v.FormValue("by")), v.Number("size", 0)
	groups, err := rollout.Split(rollout.Candidates(p.all), p.size, p.by)
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		v.Refused, v.Errs = f, ui.ErrorsOf(v.Lang, f)
		return p.ask()
	}
	if err != nil {
		return err
	}
	for _, g := range groups {
		var ids []int64
		for _, c := range g {
			ids = append(ids, c.PersonID)
		}
		p.groups = append(p.groups, ids)
	}
	if err := p.propose(); err != nil {
		return err
	}
	if err := p.avoidClashes(); err != nil {
		return err
	}
	return p.show()
}

// usual are the fields that are the same for all groups until somebody changes
// one.
func (p *groupPage) usual() (starts, ends, place string, err error) {
	starts, ends, place = "09:00", "16:00", ""
	earlier, err := planning.EarlierPlaces(p.Context(), p.Reader(), p.place.ID, p.Today)
	if len(earlier) > 0 {
		place = earlier[0]
	}
	for name, to := range map[string]*string{"starts": &starts, "ends": &ends, "place": &place} {
		if p.values.Has(name) {
			*to = p.values.Get(name)
		}
	}
	return starts, ends, place, err
}

// ask is the page before the groups.
func (p *groupPage) ask() error {
	title := p.T("rollout.groups.title")
	f := p.Frame(title, p.crumbs(title)...)
	f.Reading = true
	head := ui.PageHead{Title: title, Lead: p.lead()}
	if len(p.all) == 0 {
		return p.Page(f, ui.Parts(head.View(p.Lang), ui.Empty{
			Picture: ui.PicturePeople, Title: p.T("rollout.groups.nobody"), Text: p.T("rollout.groups.nobody_help", "Settled", p.settled, "Away", len(p.away)),
			Action: &ui.Action{Label: p.T("rollout.plan.change"), Href: visit.PlanPath(p.plan.ID, "edit"), Kind: ui.Secondary},
		}.View(p.Lang), p.left())...)
	}
	starts, ends, place, err := p.usual()
	if err != nil {
		return err
	}
	field := func(input ui.Input, name, label, value string) ui.Field {
		if p.values.Has(name) {
			value = p.values.Get(name)
		}
		return ui.Field{Input: input, Name: name, Label: p.T(label), Value: value, Error: p.Wrong(name)}
	}
	by := field(ui.RadioInput, "by", "rollout.groups.by", string(rollout.Mixed))
	for _, way := range rollout.Ways {
		by.Options = append(by.Options, ui.Option{Value: string(way), Label: p.T(way.Key()), Hint: p.T("rollout.groups.by_" + string(way) + "_hint")})
	}
	size := field(ui.NumberInput, "size", "rollout.plan.size", strconv.Itoa(p.plan.GroupSize))
	size.Short, size.Unit = true, p.T("rollout.plan.size_unit")
	where := field(ui.TextInput, "place", "round.place", place)
	where.Optional = true
	return p.Page(f, ui.Parts(head.View(p.Lang), splitForm(p.Visit, visit.PlanPath(p.plan.ID, "groups"), p.T("rollout.groups.look"), []ui.Field{
		by, size, field(ui.TimeInput, "starts", "rollout.groups.starts", starts), field(ui.TimeInput, "ends", "rollout.groups.ends", ends), where,
	}), p.left())...)
}

func (p *groupPage) lead() string {
	return p.T("rollout.groups.lead", "Course", p.plan.Course, "Count", len(p.all), "Plan", p.plan.Name)
}

func (p *groupPage) crumbs(title string) []ui.Crumb {
	return p.CrumbsOf(p.place, ui.Crumb{Label: p.T("rollout.plan.title"), Href: visit.MunicipalityPath(p.place, "plans")}, ui.Crumb{Label: p.plan.Name, Href: visit.PlanPath(p.plan.ID)}, ui.Crumb{Label: title})
}

// left are those who are left out because they are on leave, by name.
func (p *groupPage) left() templ.Component {
	if len(p.away) == 0 {
		return nil
	}
	return ui.Section("away", p.T("rollout.groups.left_out", "Count", len(p.away)), ui.Paragraph(p.T("rollout.plan.away_help")), leaveTable(p.Visit, p.away).View(p.Lang))
}

// propose fills in days, times, place and trainer of each group.
func (p *groupPage) propose() error {
	starts, ends, place, err := p.usual()
	if err != nil {
		return err
	}
	first := make([]clock.Day, len(p.groups))
	for i := range p.groups {
		first[i] = p.plan.StartsFor(p.members(i))
	}
	for i, slot := range p.plan.Propose(first, p.course.Days, p.Today) {
		p.values.Set(groupField(i, "days.0.place"), place)
		p.values.Set(groupField(i, "days.0.trainers"), visit.IDOrNone(slot.TrainerID))
		for d, day := range slot.Days {
			p.values.Set(groupField(i, dayPart(d, "day")), day.String())
			p.values.Set(groupField(i, dayPart(d, "starts")), starts)
			p.values.Set(groupField(i, dayPart(d, "ends")), ends)
		}
	}
	return nil
}

// daysTried is how many workdays a proposal that clashes is moved at most.
const daysTried = 5

// avoidClashes gives the groups whose proposed day clashes another of the plan's
// trainers, and when that does not help another day, for so long as the plan
// lasts.
func (p *groupPage) avoidClashes() error {
	trainers := p.plan.Trainers
	for try := 1; try <= daysTried*max(1, len(trainers)); try++ {
		all, _ := p.occasions() // what is proposed is a day
		if err := p.findClashes(all); err != nil || len(p.clashes) == 0 {
			return err
		}
		moved := map[int]bool{}
		for _, c := range p.clashes {
			if moved[c.group] {
				continue
			}
			moved[c.group] = true
			if len(trainers) > 0 {
				name := groupField(c.group, "days.0.trainers")
				at := slices.IndexFunc(trainers, func(t rollout.Trainer) bool { return visit.ID(t.PersonID) == p.values.Get(name) })
				p.values.Set(name, visit.ID(trainers[(at+1)%len(trainers)].PersonID))
			}
			if try%max(1, len(trainers)) == 0 {
				p.later(c.group)
			}
		}
	}
	return nil
}

// later moves the group's days to the next workdays, unless the plan is over then.
func (p *groupPage) later(group int) {
	var days []clock.Day
	for d := range max(1, p.course.Days) {
		day, err := clock.ParseDay(p.values.Get(groupField(group, dayPart(d, "day"))))
		day = rollout.NextWorkday(day + 1)
		if err != nil || day > p.plan.Until {
			return
		}
		days = append(days, day)
	}
	for d, day := range days {
		p.values.Set(groupField(group, dayPart(d, "day")), day.String())
	}
}

func dayPart(d int, name string) string { return fmt.Sprintf("days.%d.%s", d, name) }

// MakeGroups takes what was typed: it moves people between the groups, or makes
// the occasions.
func MakeGroups(v *visit.Visit) error {
	p, err := findGroups(v)
	if err != nil {
		return err
	}
	if err := p.typed(); err != nil {
		return err
	}
	switch p.values.Get("do") {
	case "move":
		if _, _, err := p.movers(); err != nil {
			return err
		}
	case "save":
		return p.save()
	}
	return v.Again()
}

// again shows the groups as they were sent, with those who are to be moved in
// their new group; from the beginning when people have changed.
func (p *groupPage) again() error {
	if err := p.typed(); err != nil {
		p.values, p.Refused, p.Errs = url.Values{}, errPeopleChanged, nil
		return p.ask()
	}
	if p.values.Get("do") == "move" && p.Refused == nil {
		chosen, to, err := p.movers()
		if err != nil {
			return err
		}
		p.move(chosen, to)
	}
	p.NameErrors(p.group)
	return p.show()
}

// group is which group the field is of, and which of several days.
func (p *groupPage) group(wrong fault.Field) string {
	for i := range p.groups {
		rest, ours := strings.CutPrefix(wrong.Name, groupField(i, ""))
		if !ours {
			continue
		}
		name := p.T("rollout.groups.group", "Number", i+1)
		for d := range p.course.Days {
			if p.course.Days > 1 && strings.HasPrefix(rest, dayPart(d, "")) {
				name += ", " + strings.ToLower(p.T("rollout.groups.day_n", "Number", d+1))
			}
		}
		for _, f := range p.fields(i) {
			if f.Name == wrong.Name && visit.OfAnyField(wrong.Key) {
				name += ", " + strings.ToLower(f.Label)
			}
		}
		return name
	}
	return ""
}

// errPeopleChanged says that the form names people who are not to be put into a
// group any more, errGroupsClash that something stands in the way that was not
// accepted.
var (
	errPeopleChanged = fault.Conflict("rollout.people_changed")
	errGroupsClash   = fault.Conflict("plan.clashes")
)

// typed takes the groups that were sent.
func (p *groupPage) typed() error {
	p.values = p.PostForm
	p.by, p.size = rollout.By(p.values.Get("by")), max(1, p.Number("size", p.plan.GroupSize))
	count := p.Number("groups", 0)
	seen := map[int64]bool{}
	for i := range min(max(count, 0), rollout.MaxGroups) {
		var group []int64
		for _, value := range strings.Split(p.values.Get(groupField(i, "people")), ",") {
			id, err := strconv.ParseInt(value, 10, 64)
			if _, ready := p.ready[id]; err != nil || !ready || seen[id] {
				return errPeopleChanged
			}
			seen[id] = true
			group = append(group, id)
		}
		p.groups = append(p.groups, group)
	}
	if len(p.groups) == 0 {
		return errPeopleChanged
	}
	return nil
}

// movers are the ticked people and the group that they are to be moved to.
func (p *groupPage) movers() (chosen []int64, to int, err error) {
	for _, value := range p.values["move"] {
		if id, err := strconv.ParseInt(value, 10, 64); err == nil {
			chosen = append(chosen, id)
		}
	}
	to, err = strconv.Atoi(p.values.Get("to"))
	switch {
	case len(chosen) == 0:
		return nil, 0, fault.Invalid("to", "rollout.groups.nobody_chosen")
	case err != nil || to < 0 || to > len(p.groups):
		return nil, 0, fault.Invalid("to", "rollout.groups.no_group")
	}
	return chosen, to, nil
}

// move moves the people to the group, and drops groups that nobody is left in, with
// their days.
func (p *groupPage) move(chosen []int64, to int) {
	before := len(p.groups)
	groups := rollout.Regroup(p.groups, chosen, to)
	values := url.Values{"by": p.values["by"], "size": p.values["size"]}
	p.groups = nil
	for i, g := range groups {
		if len(g) == 0 {
			continue
		}
		n := len(p.groups)
		from := i
		if i == before { // a new group: like the last, on the next workday
			from = before - 1
		}
		prefix := groupField(from, "")
		for name, value := range p.values {
			if rest, ours := strings.CutPrefix(name, prefix); ours {
				values[groupField(n, rest)] = slices.Clone(value)
			}
		}
		if i == before {
			for d := range max(1, p.course.Days) {
				if day, err := clock.ParseDay(values.Get(groupField(n, dayPart(d, "day")))); err == nil {
					values.Set(groupField(n, dayPart(d, "day")), rollout.NextWorkday(day+1).String())
				}
			}
		}
		if i == to {
			p.moved, p.count = n, len(chosen)
		}
		p.groups = append(p.groups, g)
	}
	p.values = values
}

// occasions are the groups with their days; what is no day is a fault of its
// field.
func (p *groupPage) occasions() ([]rollout.NewOccasion, error) {
	var checks fault.Checks
	all := make([]rollout.NewOccasion, len(p.groups))
	for i, g := range p.groups {
		all[i].People = g
		var trainers []planning.NewTrainer
		if who, err := strconv.ParseInt(p.values.Get(groupField(i, "days.0.trainers")), 10, 64); err == nil && who != 0 {
			trainers = []planning.NewTrainer{{PersonID: who, Role: trainer.Lead}}
		}
		for d := range max(1, p.course.Days) {
			get := func(name string) string { return strings.TrimSpace(p.values.Get(groupField(i, dayPart(d, name)))) }
			day, err := clock.ParseDay(get("day"))
			checks.Require(err == nil && day >= p.Today && day.Year() <= 2200, groupField(i, dayPart(d, "day")), "rollout.groups.day_wrong")
			all[i].Days = append(all[i].Days, planning.NewDay{
				Day: day, Starts: get("starts"), Ends: get("ends"), Place: p.values.Get(groupField(i, "days.0.place")), Trainers: trainers,
			})
		}
	}
	return all, checks.Err()
}

// findClashes asks what stands in the way of the groups' days, in other rounds
// and among themselves.
func (p *groupPage) findClashes(all []rollout.NewOccasion) error {
	p.clashes = nil
	flat := planning.New{CourseID: p.course.ID, RegionID: p.plan.RegionID, MunicipalityID: p.place.ID, Capacity: 1}
	var group []int
	for i, o := range all {
		for _, d := range o.Days {
			if d.Day != 0 {
				flat.Days, group = append(flat.Days, d), append(group, i)
			}
		}
	}
	found, err := planning.Clashes(p.Context(), p.Reader(), p.Viewer, flat, 0, p.Today)
	if err != nil {
		return err
	}
	words := scheduling.PlanForm{Visit: p.Visit}
	for _, c := range found {
		p.clashes = append(p.clashes, groupClash{group: group[c.Day], words: p.T("rollout.groups.clash", "Number", group[c.Day]+1, "Clash", words.ClashWords(c))})
	}
	for j, b := range flat.Days {
		for i, a := range flat.Days[:j] {
			if group[i] == group[j] || a.Day != b.Day || a.Starts >= b.Ends || b.Starts >= a.Ends {
				continue
			}
			for _, t := range a.Trainers {
				if slices.Contains(b.Trainers, t) {
					p.clashes = append(p.clashes, groupClash{group: group[j], words: p.T("rollout.groups.clash_trainer",
						"Number", group[j]+1, "Other", group[i]+1, "Name", p.leaderName(t.PersonID), "Day", p.Lang.ShortDay(b.Day))})
				}
			}
			if a.Place != "" && a.Place == b.Place {
				p.clashes = append(p.clashes, groupClash{group: group[j], words: p.T("rollout.groups.clash_place",
					"Number", group[j]+1, "Other", group[i]+1, "Place", a.Place, "Day", p.Lang.ShortDay(b.Day))})
			}
		}
	}
	return nil
}

func (p *groupPage) leaderName(id int64) string {
	for _, l := range p.leaders {
		if l.PersonID == id {
			return l.Name
		}
	}
	return ""
}

// signature tells one set of clashes from another, so that nobody accepts one
// that they have not seen.
func (p *groupPage) signature() string {
	words := make([]string, len(p.clashes))
	for i, c := range p.clashes {
		words[i] = c.words
	}
	return strings.Join(words, "|")
}

// clashRole announces the clashes only when they stopped something.
func (p *groupPage) clashRole() string {
	if p.RefusedAs(errGroupsClash) {
		return "alert"
	}
	return "note"
}

// save makes the occasions, when nothing stands in the way that was not
// accepted.
func (p *groupPage) save() error {
	all, err := p.occasions()
	if err == nil {
		if err := p.findClashes(all); err != nil {
			return err
		}
		if len(p.clashes) > 0 && (p.values.Get("anyway") != "on" || p.values.Get("clashes") != p.signature()) {
			return errGroupsClash
		}
		err = p.Write(func(tx *db.Tx) error {
			_, err := rollout.MakeOccasions(p.Context(), tx, p.Viewer, p.plan.ID, all, p.Now)
			return err
		})
	}
	if err != nil {
		return err
	}
	return p.Redirect(visit.PlanPath(p.plan.ID), "notice.occasions_made", "Count", strconv.Itoa(len(p.groups)), "People", strconv.Itoa(p.seated()))
}
