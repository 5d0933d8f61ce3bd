package rounds

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// planningActions are the ways on from a round's page: to plan, copy and order,
// and to tell what one needs.
func (p *roundPage) planningActions() (actions []ui.Action) {
	add := func(key, page string) {
		actions = append(actions, ui.Action{Label: p.T(key), Href: visit.RoundPath(p.d.ID, page), Kind: ui.Secondary, Small: true})
	}
	if p.d.Manages && p.d.CancelledAt == nil {
		add("plan.edit", "edit")
	}
	if p.d.Manages {
		add("plan.copy", "copy")
		add("letter.title", "letters")
	}
	if p.d.CancelledAt != nil {
		return actions
	}
	if p.d.Local() {
		return actions // nothing is ordered
	}
	if p.d.Manages && p.d.LastDay >= p.Today {
		add("trainer.asking.title", "trainers")
	}
	if p.d.Manages || p.d.Teaches {
		add("catering.title", "catering")
	}
	if (p.d.EnrolmentID != 0 || p.signup.Entry != nil || p.d.Teaches) && p.d.LastDay >= p.Today {
		add("catering.tell_title", "needs")
	}
	return actions
}

// planFacts are what the plan says beside the days.
func (p *roundPage) planFacts() (facts ui.Summary) {
	if p.d.Step != "" {
		facts = append(facts, ui.Fact{Term: p.T("plan.step"), Value: p.d.Step})
	}
	if p.d.WithdrawUntil != nil {
		facts = append(facts, ui.Fact{Term: p.T("plan.withdraw_until"), Value: p.Lang.ShortDay(*p.d.WithdrawUntil)})
	}
	if p.d.DecideOn != nil && p.works() {
		facts = append(facts, ui.Fact{Term: p.T("plan.decide_on"), Value: p.Lang.ShortDay(*p.d.DecideOn)})
	}
	return facts
}

// placeCell is where a day is; the link is for those who take part, hold or
// manage it.
func (p *roundPage) placeCell(day round.Day) ui.Cell {
	if day.Link == "" || p.d.EnrolmentID == 0 && !p.d.MarksAttendance() {
		return ui.Text(day.Place)
	}
	if day.Place == "" {
		return ui.Cell{Text: p.T("plan.join"), Href: day.Link, About: p.Lang.ShortDay(day.Day)}
	}
	return ui.Cell{Slot: templ.Join(ui.Words(day.Place+" · "), ui.TextLink(p.T("plan.join"), day.Link))}
}

// mending is what the round's page says of days that lack trainers, to those
// who can mend it.
func (p *roundPage) mending() templ.Component {
	if !p.d.Manages || p.d.CancelledAt != nil || p.d.Local() { // one can lead a local day alone
		return templ.NopComponent
	}
	for _, day := range p.d.CourseDays {
		if planning.Lacks(day) == planning.LacksNothing || day.HeldAt != nil || day.Day < p.Today {
			continue
		}
		text := p.T(planning.Lacks(day).Key())
		for _, t := range day.Declined {
			text += " " + p.T("trainer.staffing.said_no", "Name", t.Name)
		}
		return ui.Notice{
			Tone: ui.Caution, Title: p.T("trainer.staffing.to_mend_on", "Day", p.Lang.ShortDay(day.Day)), Text: text,
			Action: &ui.Action{Label: p.T("trainer.staffing.see_to_it"), Href: visit.DayPath(day.ID, "trainers")},
		}.View(p.Lang)
	}
	return templ.NopComponent
}
