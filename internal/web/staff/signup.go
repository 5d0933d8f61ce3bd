package staff

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/web/booking"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// toSignUp are the coming rounds of the course that some of the staff lack.
func (p *staffPage) toSignUp() templ.Component {
	if p.filter.MissingID == 0 {
		return templ.NopComponent
	}
	var wish templ.Component = templ.NopComponent
	for _, c := range p.team.Courses {
		if c.ID == p.filter.MissingID {
			wish = ui.Choices(ui.Parts(p.planOccasion(c), ui.Action{Label: p.T("signup.wish_staff"), Href: visit.WishesPath(c.Slug), Kind: ui.Secondary, Small: true}.View(p.Lang))...)
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
				Label: p.T("signup.people_do"), About: r.Label, Href: ui.Address{Path: visit.RoundPath(r.ID, "signup")}.With("person", visit.IDOrNone(p.NumberID("person"))), Kind: ui.Secondary, Small: true,
			}.View(p.Lang))
		}
		rounds = append(rounds, ui.Fact{Term: p.Lang.Days(r.FirstDay, r.LastDay), Slot: slot})
	}
	return ui.Section("sign-up", p.T("signup.staff_rounds"), rounds.View(p.Lang), wish)
}
