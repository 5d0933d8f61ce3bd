package plans

import (
	"slices"
	"strconv"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/rollout"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// seatPage is the people of a plan's occasions, to move between them.
type seatPage struct {
	*visit.Visit
	plan      rollout.Plan
	place     organisation.Organisation
	occasions []rollout.Occasion
}

func findSeats(v *visit.Visit) (*seatPage, error) {
	plan, m, err := findPlan(v, true)
	if err != nil {
		return nil, err
	}
	p := &seatPage{Visit: v, plan: plan, place: m}
	p.occasions, err = rollout.Occasions(v.Context(), v.Reader(), v.Viewer, plan.ID, v.Today)
	return p, err
}

// People is the page on which people are moved between a plan's occasions.
func People(v *visit.Visit) error {
	p, err := findSeats(v)
	if err != nil {
		return err
	}
	title := p.T("rollout.plan.move_people")
	crumbs := p.CrumbsOf(p.place, ui.Crumb{Label: p.T("rollout.plan.title"), Href: visit.MunicipalityPath(p.place, "plans")}, ui.Crumb{Label: p.plan.Name, Href: visit.PlanPath(p.plan.ID)}, ui.Crumb{Label: title})
	f := p.Frame(title, crumbs...)
	head := ui.PageHead{Title: title, Lead: p.T("rollout.plan.move_lead", "Plan", p.plan.Name)}
	if len(p.occasions) == 0 {
		return p.Page(f, head.View(p.Lang), ui.Empty{
			Picture: ui.PictureCalendar, Title: p.T("rollout.plan.no_occasions"), Text: p.T("rollout.plan.no_occasions_help"),
			Action: &ui.Action{Label: p.T("rollout.plan.split"), Href: visit.PlanPath(p.plan.ID, "groups")},
		}.View(p.Lang))
	}
	return p.Page(f, head.View(p.Lang), seatSheet(p))
}

func (p *seatPage) when(o rollout.Occasion) string { return occasionTime(p.Visit, o) }

func (p *seatPage) ticked(enrolment int64) bool {
	return slices.Contains(p.PostForm["move"], visit.ID(enrolment))
}

func (p *seatPage) opens(o rollout.Occasion) bool {
	return slices.ContainsFunc(o.People, func(s rollout.Seated) bool { return p.ticked(s.EnrolmentID) })
}

func (p *seatPage) moveTo() ui.Field {
	f := ui.Field{Input: ui.SelectInput, Name: "to", Label: p.T("rollout.groups.to"), Value: p.Typed("to", ""), Error: p.Wrong("to")}
	for _, o := range p.occasions {
		if !o.Held && o.FirstDay >= p.Today {
			f.Options = append(f.Options, ui.Option{Value: visit.ID(o.RoundID), Label: p.T("rollout.plan.option", "When", occasionTime(p.Visit, o), "Count", o.Free())})
		}
	}
	return f
}

// MovePeople moves people to another of the plan's occasions, all or none.
func MovePeople(v *visit.Visit) error {
	p, err := findSeats(v)
	if err != nil {
		return err
	}
	to := v.NumberID("to")
	from := map[int64]int64{} // the round of each seat
	target := false
	for _, o := range p.occasions {
		target = target || o.RoundID == to
		for _, each := range o.People {
			from[each.EnrolmentID] = each.RoundID
		}
	}
	var checks fault.Checks
	checks.Require(target, "to", "rollout.groups.no_group")
	checks.Require(len(v.PostForm["move"]) > 0, "to", "rollout.groups.nobody_chosen")
	var seats []int64
	stays := true // everybody is where they were
	for _, value := range v.PostForm["move"] {
		id, err := strconv.ParseInt(value, 10, 64)
		stays = stays && err == nil && from[id] != 0
		if from[id] != to {
			seats = append(seats, id)
		}
	}
	checks.Require(stays, "to", "rollout.people_changed")
	err = checks.Err()
	if err == nil {
		err = v.Write(func(tx *db.Tx) error {
			written := map[int64]bool{}
			for _, id := range seats {
				if _, err := seat.Move(v.Context(), tx, v.Viewer, id, to, v.Now); err != nil {
					return err
				}
				written[from[id]], written[to] = true, true
			}
			for id := range written {
				if err := letter.After(v.Context(), tx, id, v.Now); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return err
	}
	return v.Redirect(visit.PlanPath(p.plan.ID, "people"), "notice.people_moved", "Count", strconv.Itoa(len(seats)))
}
