package plans

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"yrkesresan/internal/rollout"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// show is the groups with what stands in their way.
func (p *groupPage) show() error {
	all, _ := p.occasions() // what is wrong with a day is said when it is saved
	if err := p.findClashes(all); err != nil {
		return err
	}
	title := p.T("rollout.groups.title")
	f := p.Frame(title, p.crumbs(title)...)
	if p.moved >= 0 {
		f.Notice = &ui.Notice{Tone: ui.Positive, Text: p.T("rollout.groups.moved", "Count", p.count, "Number", p.moved+1), Action: &ui.Action{
			Label: p.T("rollout.groups.see_group", "Number", p.moved+1), Href: "#" + ui.FieldID("group-"+strconv.Itoa(p.moved)),
		}}
	}
	head := ui.PageHead{
		Title: title, Lead: p.T("rollout.groups.made_lead", "Groups", len(p.groups), "Count", p.seated(), "Course", p.plan.Course),
		Others: []ui.Action{{Label: p.T("rollout.groups.again"), Href: visit.PlanPath(p.plan.ID, "groups"), Kind: ui.Secondary}},
	}
	shown := ui.Parts(head.View(p.Lang), groupSheet(p), p.left())
	switch {
	case !p.RefusedAs(errGroupsClash):
	case len(p.clashes) > 0: // the list of them says so
		f.Failed = true
		return p.PageStatus(http.StatusConflict, f, shown...)
	default: // they have gone since
		p.Refused = nil
	}
	return p.Page(f, shown...)
}

func (p *groupPage) seated() (n int) {
	for _, g := range p.groups {
		n += len(g)
	}
	return n
}

func (p *groupPage) members(i int) []rollout.Member {
	all := make([]rollout.Member, len(p.groups[i]))
	for k, id := range p.groups[i] {
		all[k] = p.ready[id]
	}
	return all
}

func (p *groupPage) peopleOf(i int) string {
	ids := make([]string, len(p.groups[i]))
	for k, id := range p.groups[i] {
		ids[k] = visit.ID(id)
	}
	return strings.Join(ids, ",")
}

// fewUnits is how many units are named where a group is summed up.
const fewUnits = 3

// units are the group's units with how many come from each, the most first, as
// words.
func (p *groupPage) units(i int) (words []string, most int) {
	count := map[string]int{}
	for _, m := range p.members(i) {
		name := p.unitName(m.UnitID, m.Unit)
		if count[name] == 0 {
			words = append(words, name)
		}
		count[name]++
		most = max(most, count[name])
	}
	slices.SortStableFunc(words, func(a, b string) int { return count[b] - count[a] })
	for k, name := range words {
		words[k] = p.T("rollout.groups.unit", "Unit", name, "Count", count[name])
	}
	return words, most
}

// unitsOf sums up where the group's people work.
func (p *groupPage) unitsOf(i int) string {
	words, most := p.units(i)
	if len(words) <= fewUnits {
		return strings.Join(words, ", ")
	}
	return p.T("rollout.groups.many_units", "Count", len(words), "Most", most)
}

// shiftOf is when the group's people work, where that is how they were split.
func (p *groupPage) shiftOf(i int) string {
	if p.by != rollout.ByShift {
		return ""
	}
	var words []string
	for _, m := range p.members(i) {
		word := p.T("rollout.groups.no_shift")
		if m.Terms.Shift != "" {
			word = p.T(m.Terms.Shift.Key())
		}
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return p.T("rollout.groups.shift", "Shift", strings.Join(words, ", "))
}

// allUnitsOf names all units of a group that unitsOf only counts.
func (p *groupPage) allUnitsOf(i int) string {
	words, _ := p.units(i)
	if len(words) <= fewUnits {
		return ""
	}
	return strings.Join(words, ", ")
}

func (p *groupPage) unitName(id int64, name string) string {
	if id == p.place.ID {
		return p.T("municipality.itself")
	}
	return name
}

// opens tells whether the people of the group are shown: those that somebody was
// just moved to, and those with somebody ticked.
func (p *groupPage) opens(i int) bool {
	return i == p.moved || slices.ContainsFunc(p.groups[i], p.ticked)
}

func (p *groupPage) ticked(id int64) bool {
	return slices.Contains(p.values["move"], visit.ID(id))
}

// fields are the days, place and trainer of a group.
func (p *groupPage) fields(i int) (fields []ui.Field) {
	field := func(input ui.Input, name, label string) ui.Field {
		full := groupField(i, name)
		return ui.Field{Input: input, Name: full, Label: label, Value: p.values.Get(full), Error: p.Wrong(full)}
	}
	for d := range max(1, p.course.Days) {
		label := p.T("rollout.groups.day")
		if p.course.Days > 1 {
			label = p.T("rollout.groups.day_n", "Number", d+1)
		}
		fields = append(fields, field(ui.DateInput, dayPart(d, "day"), label), field(ui.TimeInput, dayPart(d, "starts"), p.T("rollout.groups.starts")), field(ui.TimeInput, dayPart(d, "ends"), p.T("rollout.groups.ends")))
	}
	where := field(ui.TextInput, "days.0.place", p.T("round.place"))
	who := field(ui.SelectInput, "days.0.trainers", p.T("rollout.plan.trainer"))
	who.Options = []ui.Option{{Label: p.T("rollout.groups.no_trainer")}}
	for _, l := range p.leaders {
		who.Options = append(who.Options, ui.Option{Value: visit.ID(l.PersonID), Label: l.Name})
	}
	return append(fields, where, who)
}

// moveTo is where the ticked people go.
func (p *groupPage) moveTo() ui.Field {
	f := ui.Field{Input: ui.SelectInput, Name: "to", Label: p.T("rollout.groups.to"), Value: p.values.Get("to"), Error: p.Wrong("to")}
	for i, g := range p.groups {
		f.Options = append(f.Options, ui.Option{Value: strconv.Itoa(i), Label: p.T("rollout.groups.option", "Number", i+1, "Count", len(g))})
	}
	f.Options = append(f.Options, ui.Option{Value: strconv.Itoa(len(p.groups)), Label: p.T("rollout.groups.new")})
	return f
}
