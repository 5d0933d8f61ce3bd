package rounds

import (
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/round"
	"yrkesresan/internal/web/rollcall"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// markLocal is what waits on a local day that has come: to say who was there, in
// one touch for those who have said so themselves, and when it was everybody.
func (p *roundPage) markLocal(day round.Day) templ.Component {
	said, unsaid, place := 0, 0, 0
	for i, each := range p.d.CourseDays {
		if each.ID == day.ID {
			place = i
		}
	}
	for _, e := range p.d.Enrolments {
		switch e.Words[place].Source {
		case round.SelfSaid:
			said++
		case "":
			unsaid++
		case round.TrainerSaid, round.Corrected:
		}
	}
	var help string
	if said > 0 {
		help = p.T("local.said_themselves", "Some", said, "All", p.d.Seats)
	}
	list := ui.Action{Label: p.T("local.mark_each"), Href: visit.DayPath(day.ID, "attendance"), Kind: ui.Secondary}
	if p.d.Seats == 0 {
		return ui.NextThing{Sentence: p.T("local.nobody_in"), Action: &ui.Action{Label: p.T("signup.participants_do"), Href: visit.RoundPath(p.d.ID, "signup")}}.View(p.Lang)
	}
	var acts []templ.Component
	if said > 0 {
		acts = append(acts, ui.Action{Label: p.T("local.confirm", "Count", said), Href: visit.ConfirmOwnPath(day.ID), Post: true}.View(p.Lang))
	}
	if unsaid > 0 {
		opener := ui.Action{Label: p.T("local.everybody", "Count", said+unsaid)}
		if said > 0 {
			opener.Kind = ui.Secondary
		}
		text := p.T("local.everybody_text", "Count", unsaid, "Day", p.Lang.ShortDay(day.Day))
		if said > 0 {
			text += " " + p.T("local.everybody_confirms", "Count", said)
		}
		acts = append(acts, ui.Confirm{
			ID: "everybody", Opener: opener, Title: p.T("local.everybody_title"), Text: text,
			Action: ui.Action{Label: p.T("local.everybody", "Count", said+unsaid), Href: visit.EverybodyPath(day.ID), Post: true},
		}.View(p.Lang))
	}
	acts = append(acts, list.View(p.Lang))
	return ui.Waiting(p.Lang, p.T("round.next_attendance", "Day", p.Lang.ShortDay(day.Day)), help, ui.Choices(acts...))
}

// lacking tells who attended a local round and has tasks left.
func (p *roundPage) lacking() templ.Component {
	if p.d.Awaiting == 0 {
		return templ.NopComponent
	}
	return ui.Notice{Tone: ui.Info, Title: p.T("local.tasks_left", "Count", p.d.Awaiting), Text: p.T("local.tasks_left_help")}.View(p.Lang)
}

// localFacts are what there is to know of a local round.
func (p *roundPage) localFacts() ui.Summary {
	d := p.d
	facts := append(p.firstFacts(),
		ui.Fact{Term: p.T("local.giver"), Value: d.Giver()},
		ui.Fact{Term: p.T("round.delivery"), Value: p.T("round.delivery_" + string(d.Delivery))},
		ui.Fact{Term: p.T("round.seats"), Value: p.seatsTaken()},
	)
	if d.Edition > 0 {
		facts = append(facts, ui.Fact{Term: p.T("round.edition"), Value: strconv.Itoa(d.Edition)})
	}
	return append(facts, p.note()...)
}

// ownWordFirst is the one thing to do for somebody whose local day has been.
func (p *roundPage) ownWordFirst() templ.Component {
	if asked := rollcall.AskOwnWord(p.Visit, p.reported, visit.CoursePath(p.d.CourseSlug)); asked != nil {
		p.asked = true
		return asked
	}
	return templ.NopComponent
}
