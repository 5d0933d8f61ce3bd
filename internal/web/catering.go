package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/catering"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
)

// catering is what to order for each day of a round and what its people need:
// with names for those who manage the round, as totals for its trainers.
func (s *Server) catering(v *Visit) error {
	d, err := v.roundInAddress()
	if err != nil {
		return err
	}
	switch {
	case d.Local():
		return fault.NotFound // nothing is ordered
	case d.Manages:
		return v.cateringPage(d)
	case d.Teaches:
		return v.cateringTotals(d)
	}
	return fault.NotFound
}

func (v *Visit) cateringFrame(d round.Detail) (ui.Frame, ui.PageHead) {
	title := v.T("catering.title")
	f := v.Frame(title, v.roundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + d.Label, Href: roundPath(d.ID)}, ui.Crumb{Label: title})...)
	return f, ui.PageHead{Title: title, Lead: d.Course + ", " + d.Label + ". " + v.T("catering.participants", "Count", d.Seats)}
}

// cateringTotals is what a trainer sees: how many need what, without names.
func (v *Visit) cateringTotals(d round.Detail) error {
	counts, err := catering.Totals(v.Context(), v.Reader(), v.Viewer, d)
	if err != nil {
		return err
	}
	f, head := v.cateringFrame(d)
	f.Reading = true
	t := ui.Table{
		ID: "diets", Caption: v.T("catering.diets"), Columns: []ui.Column{{Label: v.T("catering.diet")}, {Label: v.T("catering.how_many"), Numeric: true}},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("catering.no_diets"), Text: v.T("catering.no_diets_help")},
	}
	for _, c := range counts {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(v.dietWord(c)), ui.Text(v.Lang.Number(int64(c.Count)))}})
	}
	return v.Page(f, head.View(v.Lang), paragraph(v.T("catering.totals_only")), v.table(t))
}

func (v *Visit) dietWord(c catering.Count) string {
	if c.Diet == "" {
		return c.Other
	}
	return v.T("catering.diet." + string(c.Diet))
}

// diets is "2 vegetariska, 1 glutenfri" as a list in words.
func (v *Visit) diets(counts []catering.Count) string {
	words := make([]string, len(counts))
	for i, c := range counts {
		words[i] = strconv.Itoa(c.Count) + " × " + strings.ToLower(v.dietWord(c))
	}
	return strings.Join(words, ", ")
}

func (v *Visit) cateringPage(d round.Detail) error {
	days, told, err := catering.Sheet(v.Context(), v.Reader(), v.Viewer, d)
	if err != nil {
		return err
	}
	fields := make([][]ui.Field, len(days))
	for i := range days {
		if v.Sent {
			days[i].Order = v.typedOrder(days[i].DayID)
		}
		fields[i] = v.orderFields(days[i])
	}
	for i := range days {
		day := days[i]
		v.nameRow(v.Lang.DayHours(day.Day, minutes(day.Starts), minutes(day.Ends)), fields[i]...)
	}
	f, head := v.cateringFrame(d)
	t := ui.Table{
		ID: "needs", Caption: v.T("catering.needs"), Note: v.T("catering.needs_note", "Days", catering.KeptDays), Dense: true,
		Columns: []ui.Column{{Label: v.T("catering.name")}, {Label: v.T("catering.diet")}, {Label: v.T("catering.access")}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: v.T("catering.no_needs"), Text: v.T("catering.no_needs_help")},
	}
	for _, n := range told {
		name := ui.Text(n.Name)
		if n.Trainer {
			name.Note = v.T("catering.is_trainer")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, ui.Text(v.needWords(n.Need)), ui.Text(n.Access)}})
	}
	return v.Page(f, head.View(v.Lang), cateringForm(v, d, days, fields), v.table(t))
}

// needWords are somebody's diets in words.
func (v *Visit) needWords(n catering.Need) string {
	var words []string
	for _, d := range n.Diets {
		words = append(words, v.T("catering.diet."+string(d)))
	}
	if n.Other != "" {
		words = append(words, n.Other)
	}
	return strings.Join(words, ", ")
}

// orderFields are the questions about a day's order.
func (v *Visit) orderFields(day catering.Day) []ui.Field {
	id := idString(day.DayID)
	check := func(name string, on bool, label string) ui.Field {
		f := ui.Field{Input: ui.CheckInput, Name: name + "_" + id, Label: label, Error: v.Wrong(name + "_" + id)}
		if on {
			f.Value = "on"
		}
		return f
	}
	ordered := v.T("catering.is_ordered")
	if day.OrderedAt != nil && day.OrderedBy != "" {
		ordered = v.T("catering.ordered_by", "Name", day.OrderedBy, "Day", day.OrderedAt.Day())
	}
	return []ui.Field{
		check("morning", day.Morning, v.T("catering.morning", "Count", day.Guests())),
		check("afternoon", day.Afternoon, v.T("catering.afternoon", "Count", day.Guests())),
		check("lunch", day.TrainerLunch, v.T("catering.lunch", "Count", day.Trainers)),
		{Name: "note_" + id, Label: v.T("catering.note"), Optional: true, Value: day.Note, Error: v.Wrong("note_" + id)},
		check("ordered", day.OrderedAt != nil, ordered),
	}
}

// typedOrder is what was sent about the day.
func (v *Visit) typedOrder(dayID int64) catering.Order {
	id := idString(dayID)
	ticked := func(name string) bool { return v.PostForm.Get(name+"_"+id) == "on" }
	o := catering.Order{DayID: dayID, Morning: ticked("morning"), Afternoon: ticked("afternoon"), TrainerLunch: ticked("lunch"), Note: v.PostForm.Get("note_" + id)}
	if ticked("ordered") {
		o.OrderedAt = &v.Now
	}
	return o
}

func (s *Server) saveCatering(v *Visit) error {
	d, err := v.managedRound()
	if err != nil {
		return err
	}
	var orders []catering.Order
	ordered := map[int64]bool{}
	for _, day := range d.CourseDays {
		o := v.typedOrder(day.ID)
		orders, ordered[day.ID] = append(orders, o), o.OrderedAt != nil
	}
	err = v.Write(func(tx *db.Tx) error { return catering.Save(v.Context(), tx, v.Viewer, d, orders, ordered, v.Now) })
	if err != nil {
		return err
	}
	return v.Redirect(roundPath(d.ID)+"/catering", "notice.catering_saved")
}

// needs is where somebody tells what they need in a round.
func (s *Server) needs(v *Visit) error {
	d, err := v.roundWithPart()
	if err != nil {
		return err
	}
	n, err := catering.Mine(v.Context(), v.Reader(), v.Viewer, d.ID)
	if err != nil {
		return err
	}
	if v.Sent {
		n = v.typedNeed()
	}
	title := v.T("catering.tell_title")
	f := v.Frame(title, v.roundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + d.Label, Href: roundPath(d.ID)}, ui.Crumb{Label: title})...)
	f.Reading = true
	tell := form(roundPath(d.ID)+"/needs", v.T("catering.tell_save"), nil, v.needFields(n, v.Errs)...)
	tell.Cancel = roundPath(d.ID)
	v.nameRow("", tell.Fields...)
	return v.Page(f,
		ui.PageHead{Title: title, Lead: d.Course + ", " + v.Lang.Days(d.FirstDay, d.LastDay)}.View(v.Lang),
		paragraph(v.T("catering.tell_privacy", "Days", catering.KeptDays)),
		tell.View(v.Lang))
}

// roundWithPart is the round in the address for those who take part in it or
// hold a day of it; for others there is none, nor in a local round: nothing is
// ordered for it and nobody would read what was told.
func (v *Visit) roundWithPart() (round.Detail, error) {
	d, err := v.roundInAddress()
	if err != nil {
		return d, err
	}
	if d.Local() {
		return d, fault.NotFound
	}
	part, err := catering.HasPart(v.Context(), v.Reader(), v.Viewer, d.ID)
	if err == nil && !part {
		err = fault.NotFound
	}
	return d, err
}

// needFields ask what somebody needs in order to take part; none has to be
// answered.
func (v *Visit) needFields(n catering.Need, errs ui.Errors) []ui.Field {
	diets := ui.Field{Input: ui.CheckInput, Name: "diet", Label: v.T("catering.tell_diet"), Optional: true, Values: []string{}, Error: errs.For("diet")}
	for _, diet := range catering.Diets {
		diets.Options = append(diets.Options, ui.Option{Value: string(diet), Label: v.T("catering.diet." + string(diet))})
		if slices.Contains(n.Diets, diet) {
			diets.Values = append(diets.Values, string(diet))
		}
	}
	return []ui.Field{
		diets,
		{Name: "other", Label: v.T("catering.tell_other"), Hint: v.T("catering.tell_other_hint"), Optional: true, Value: n.Other, Error: errs.For("other")},
		{
			Input: ui.TextareaInput, Name: "access", Label: v.T("catering.tell_access"), Hint: v.T("catering.tell_access_hint"),
			Optional: true, Value: n.Access, Error: errs.For("access"),
		},
	}
}

// typedNeed is what the form says that somebody needs.
func (v *Visit) typedNeed() catering.Need {
	n := catering.Need{Other: v.FormValue("other"), Access: v.FormValue("access")}
	for _, diet := range v.PostForm["diet"] {
		n.Diets = append(n.Diets, catering.Diet(diet))
	}
	return n
}

func (s *Server) tellNeeds(v *Visit) error {
	d, err := v.roundWithPart()
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return catering.Tell(v.Context(), tx, v.Viewer, d.ID, v.typedNeed(), v.Now) }); err != nil {
		return err
	}
	return v.Redirect(roundPath(d.ID), "notice.needs_told")
}

// planningActions are the ways on from a round's page: to plan, copy and order,
// and to tell what one needs.
func (p *roundPage) planningActions() (actions []ui.Action) {
	add := func(key, page string) {
		actions = append(actions, ui.Action{Label: p.T(key), Href: roundPath(p.d.ID) + page, Kind: ui.Secondary, Small: true})
	}
	if p.d.Manages && p.d.CancelledAt == nil {
		add("plan.edit", "/edit")
	}
	if p.d.Manages {
		add("plan.copy", "/copy")
		add("letters.title", "/letters")
	}
	if p.d.CancelledAt != nil {
		return actions
	}
	if p.d.Local() {
		return actions // nothing is ordered
	}
	if p.d.Manages || p.d.Teaches {
		add("catering.title", "/catering")
	}
	if (p.d.EnrolmentID != 0 || p.signup.entry != nil || p.d.Teaches) && p.d.LastDay >= p.Today {
		add("catering.tell_title", "/needs")
	}
	return actions
}

// needs lead to where one tells what one needs, one for each round to come.
func (p *journeyPage) needs() templ.Component {
	var facts ui.Summary
	for _, seat := range p.Seats {
		if !seat.Local && seat.Coming(p.Today) != nil {
			facts = append(facts, ui.Fact{Term: p.Known[seat.CourseID].Title(), Slot: link(p.T("catering.tell_title"), roundPath(seat.RoundID)+"/needs")})
		}
	}
	if len(facts) == 0 {
		return templ.NopComponent
	}
	return section("needs", p.T("catering.tell_access"), facts.View(p.Lang))
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
	return ui.Cell{Slot: templ.Join(words(day.Place+" · "), link(p.T("plan.join"), day.Link))}
}
