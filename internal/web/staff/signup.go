package staff

import (
	"net/url"

	"github.com/a-h/templ"

	"yrkesresan/internal/web/booking"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// toSignUp are the coming rounds of the course that some of the staff lack.
func (p *staffPage) toSignUp() templ.Component {
	if p.filter.LacksID == 0 {
		return templ.NopComponent
	}
	var wish templ.Component = templ.NopComponent
	button, tick, person := p.T("signup.people_do"), false, p.NumberID("person")
	for _, c := range p.team.Courses {
		if c.ID == p.filter.LacksID {
			if c.Days == 0 {
				return ui.Section("sign-up", p.T("signup.staff_rounds"), ui.Paragraph(p.T("staff.web_course", "Course", c.Title())))
			}
			if person == 0 && c.ToSignUp > 0 {
				button, tick = p.T("staff.sign_up", "Count", c.ToSignUp), true
			}
			wish = ui.Choices(ui.Parts(p.planOccasion(c), ui.Action{Label: p.T("signup.wish_staff"), Href: p.pickHref(visit.WishesPath(c.Slug), 0, false), Kind: ui.Secondary, Small: true}.View(p.Lang))...)
		}
	}
	if len(p.rounds) == 0 {
		return ui.Section("sign-up", p.T("signup.staff_rounds"), ui.Paragraph(p.T("signup.staff_no_round")), wish)
	}
	var rounds ui.Summary
	for _, r := range p.rounds {
		slot := ui.Paragraph(booking.SeatWords(p.Visit, r))
		if r.Bookable(p.Today) {
			slot = ui.Choices(slot, ui.Action{
				Label: button, About: r.Label, Href: p.pickHref(visit.RoundPath(r.ID, "signup"), person, tick), Kind: ui.Secondary, Small: true,
			}.View(p.Lang))
		}
		rounds = append(rounds, ui.Fact{Term: p.Lang.Days(r.FirstDay, r.LastDay), Slot: slot})
	}
	return ui.Section("sign-up", p.T("signup.staff_rounds"), rounds.View(p.Lang), wish)
}

// pickHref leads to where those are chosen whom the list shows: of the same unit
// and journey, and with somebody already ticked, or all who are to be signed up.
func (p *staffPage) pickHref(path string, personID int64, tick bool) string {
	address := ui.Address{Path: path, Query: url.Values{}}
	for name, id := range map[string]int64{"journey": p.team.Journey.ID, "unit": p.filter.UnitID, "person": personID} {
		if id != 0 {
			address.Query.Set(name, visit.ID(id))
		}
	}
	if tick {
		address.Query.Set("tick", "1")
	}
	return address.With("page", "")
}
