package scheduling

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// editPlan is the form of the round in the address.
func editPlan(v *visit.Visit) (*PlanForm, error) {
	d, err := v.ManagedRound()
	if err != nil {
		return nil, err
	}
	course, err := catalogue.CourseByID(v.Context(), v.Reader(), d.CourseID)
	if err != nil {
		return nil, err
	}
	p := &PlanForm{
		Visit: v, region: v.Server.Country[d.RegionID], course: course, edited: &d,
		title: v.T("plan.edit_of", "Course", d.Course, "Label", d.Label), lead: v.T("plan.edit_lead", "Count", d.Seats),
		action: visit.RoundPath(d.ID, "edit"), back: visit.RoundPath(d.ID), button: v.T("plan.save"), host: d.Host,
	}
	if d.CancelledAt != nil {
		return nil, fault.Conflict("round.is_cancelled")
	}
	p.take(planning.PlanOf(d))
	p.values.Set("version", strconv.Itoa(d.Version))
	return p, p.read()
}

func Edit(v *visit.Visit) error {
	p, err := editPlan(v)
	if err != nil {
		return err
	}
	return p.page()
}

func Change(v *visit.Visit) error {
	p, err := editPlan(v)
	if err != nil {
		return err
	}
	id := p.edited.ID
	_, err = p.send(func(tx *db.Tx, n planning.New) (int64, error) {
		if err := planning.Edit(v.Context(), tx, v.Viewer, id, v.Number("version", 0), n, v.Now); err != nil {
			return id, err
		}
		return id, letter.After(v.Context(), tx, id, v.Now)
	})
	if err != nil {
		return err
	}
	return p.saved(id, "notice.round_changed")
}

// compare lists what stands saved beside what was typed, and lets the next save
// be of the plan that stands now: knowingly.
func (p *PlanForm) compare(saved url.Values) {
	typed := p.values
	for _, name := range planFields {
		if was, is := strings.TrimSpace(saved.Get(name)), strings.TrimSpace(typed.Get(name)); was != is {
			p.stale = append(p.stale, visit.Difference{What: p.T("plan." + name), Saved: p.shown(name, was), Typed: p.shown(name, is)})
		}
	}
	was, is := p.daysInWords(saved), p.daysInWords(typed)
	for i := range max(len(was), len(is)) {
		d := visit.Difference{What: p.T("round.day_n", "N", i+1)}
		if i < len(was) {
			d.Saved = was[i]
		}
		if i < len(is) {
			d.Typed = is[i]
		}
		if d.Saved != d.Typed {
			p.stale = append(p.stale, d)
		}
	}
	ids := map[string]bool{}
	for i := range p.edited.CourseDays {
		ids[visit.ID(p.edited.CourseDays[i].ID)] = true
	}
	for i := range p.days() {
		if !ids[typed.Get(dayField(i, "id"))] { // the other has left it out
			typed.Del(dayField(i, "id"))
		}
	}
	typed.Set("version", saved.Get("version"))
}

// planFields are the fields of a plan beside its days.
var planFields = []string{
	"label", "capacity", "minimum", "signup_from", "signup_until", "decide_on", "withdraw_until", "step", "accept_hours", "note",
}

// shown is a field's value for people.
func (p *PlanForm) shown(name, value string) string {
	if name == "step" {
		for _, o := range p.steps {
			if o.Value == value {
				return o.Label
			}
		}
	}
	if day, err := clock.ParseDay(value); err == nil {
		return p.Lang.Day(day)
	}
	return value
}

func (p *PlanForm) daysInWords(values url.Values) []string {
	count, _ := strconv.Atoi(values.Get("days"))
	words := make([]string, 0, count)
	for i := range count {
		get := func(name string) string { return values.Get(dayField(i, name)) }
		parts := []string{p.shown("day", get("day")) + " " + get("starts") + "–" + get("ends")}
		for _, r := range p.rooms {
			if visit.ID(r.ID) == get("room") {
				parts = append(parts, r.Name)
			}
		}
		for _, name := range []string{"place", "link"} {
			if value := get(name); value != "" {
				parts = append(parts, value)
			}
		}
		for k := range 20 {
			for _, c := range p.candidates {
				if visit.ID(c.PersonID) == get("trainer."+strconv.Itoa(k)) {
					parts = append(parts, c.Name+" ("+strings.ToLower(p.T(trainer.Role(get("role."+strconv.Itoa(k))).Key()))+")")
				}
			}
		}
		words = append(words, strings.Join(parts, ", "))
	}
	return words
}

// doneNotice tells what another day asks of those whom a local round has
// completed already.
func (p *PlanForm) doneNotice() templ.Component {
	if p.edited == nil || !p.edited.Local() || p.edited.Approved == 0 {
		return templ.NopComponent
	}
	return ui.Notice{Tone: ui.Info, Title: p.T("plan.some_done", "Count", p.edited.Approved), Text: p.T("plan.some_done_help")}.View(p.Lang)
}

// staleTable tells the second of two editors what the first has saved.
func (p *PlanForm) staleTable() templ.Component {
	if len(p.stale) == 0 {
		return templ.NopComponent
	}
	t := ui.Table{
		ID: "stale", Caption: p.T("plan.stale_differs"), Dense: true,
		Columns: []ui.Column{{Label: p.T("plan.stale_what")}, {Label: p.T("plan.stale_saved")}, {Label: p.T("plan.stale_typed")}},
	}
	for _, d := range p.stale {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(d.What), ui.Text(d.Saved), ui.Text(d.Typed)}})
	}
	return t.View(p.Lang)
}
