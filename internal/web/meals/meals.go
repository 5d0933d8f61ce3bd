package meals

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
	"yrkesresan/internal/web/visit"
)

// Catering is what to order for each day of a round and what its people need:
// with names for those who manage the round, as totals for its trainers.
func Catering(v *visit.Visit) error {
	d, err := v.RoundInAddress()
	if err != nil {
		return err
	}
	switch {
	case d.Local():
		return fault.NotFound // nothing is ordered
	case d.Manages:
		return cateringPage(v, d)
	case d.Teaches:
		return cateringTotals(v, d)
	}
	return fault.NotFound
}

func cateringFrame(v *visit.Visit, d round.Detail) (ui.Frame, ui.PageHead) {
	title := v.T("catering.title")
	f := v.Frame(title, v.RoundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + d.Label, Href: visit.RoundPath(d.ID)}, ui.Crumb{Label: title})...)
	return f, ui.PageHead{Title: title, Lead: d.Course + ", " + d.Label + ". " + v.T("catering.participants", "Count", d.Seats)}
}

// cateringTotals is what a trainer sees: how many need what, without names.
func cateringTotals(v *visit.Visit, d round.Detail) error {
	counts, err := catering.Totals(v.Context(), v.Reader(), v.Viewer, d)
	if err != nil {
		return err
	}
	f, head := cateringFrame(v, d)
	f.Reading = true
	t := ui.Table{
		ID: "diets", Caption: v.T("catering.diets"), Columns: []ui.Column{{Label: v.T("catering.diet")}, {Label: v.T("catering.how_many"), Numeric: true}},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("catering.no_diets"), Text: v.T("catering.no_diets_help")},
	}
	for _, c := range counts {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(dietWord(v, c)), ui.Text(v.Lang.Number(int64(c.Count)))}})
	}
	return v.Page(f, head.View(v.Lang), ui.Paragraph(v.T("catering.totals_only")), v.Table(t))
}

func dietWord(v *visit.Visit, c catering.Count) string {
	if c.Unreadable {
		return v.T("catering.unreadable_count")
	}
	if c.Diet == "" {
		return c.Other
	}
	return v.T("catering.diet." + string(c.Diet))
}

// Diets is "2 vegetariska, 1 glutenfri" as a list in words.
func Diets(v *visit.Visit, counts []catering.Count) string {
	words := make([]string, len(counts))
	for i, c := range counts {
		words[i] = strconv.Itoa(c.Count) + " × " + strings.ToLower(dietWord(v, c))
	}
	return strings.Join(words, ", ")
}

func cateringPage(v *visit.Visit, d round.Detail) error {
	days, told, err := catering.Sheet(v.Context(), v.Reader(), v.Viewer, d)
	if err != nil {
		return err
	}
	for _, n := range told {
		v.Saw(n.PersonID)
	}
	fields := make([][]ui.Field, len(days))
	for i := range days {
		if v.Sent {
			days[i].Order = typedOrder(v, days[i].DayID)
		}
		fields[i] = orderFields(v, days[i])
	}
	names := make([]func(fault.Field) string, len(days))
	for i, day := range days {
		names[i] = visit.Row(v.Lang.DayHours(day.Day, visit.Minutes(day.Starts), visit.Minutes(day.Ends)), fields[i]...)
	}
	v.NameErrors(names...)
	f, head := cateringFrame(v, d)
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
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, ui.Text(needWords(v, n.Need)), ui.Text(n.Access)}})
	}
	return v.Page(f, head.View(v.Lang), cateringForm(v, d, days, fields), v.Table(t))
}

// needWords are somebody's diets in words.
func needWords(v *visit.Visit, n catering.Need) string {
	var words []string
	for _, d := range n.Diets {
		words = append(words, v.T("catering.diet."+string(d)))
	}
	if n.Other != "" {
		words = append(words, n.Other)
	}
	if n.Unreadable {
		words = append(words, v.T("catering.unreadable_ask"))
	}
	return strings.Join(words, ", ")
}

// orderFields are the questions about a day's order.
func orderFields(v *visit.Visit, day catering.Day) []ui.Field {
	id := visit.ID(day.DayID)
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
	note := ui.Field{Name: "note_" + id, Label: v.T("catering.note"), Optional: true, Value: day.Note, Error: v.Wrong("note_" + id)}
	if day.Unreadable {
		note.Hint = v.T("catering.unreadable_note")
	}
	return []ui.Field{
		check("morning", day.Morning, v.T("catering.morning", "Count", day.Guests())),
		check("afternoon", day.Afternoon, v.T("catering.afternoon", "Count", day.Guests())),
		check("lunch", day.TrainerLunch, v.T("catering.lunch", "Count", day.Trainers)),
		note,
		check("ordered", day.OrderedAt != nil, ordered),
	}
}

// typedOrder is what was sent about the day.
func typedOrder(v *visit.Visit, dayID int64) catering.Order {
	id := visit.ID(dayID)
	ticked := func(name string) bool { return v.PostForm.Get(name+"_"+id) == "on" }
	o := catering.Order{DayID: dayID, Morning: ticked("morning"), Afternoon: ticked("afternoon"), TrainerLunch: ticked("lunch"), Note: v.PostForm.Get("note_" + id)}
	if ticked("ordered") {
		o.OrderedAt = &v.Now
	}
	return o
}

func SaveCatering(v *visit.Visit) error {
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	var orders []catering.Order
	ordered := map[int64]bool{}
	for _, day := range d.CourseDays {
		o := typedOrder(v, day.ID)
		orders, ordered[day.ID] = append(orders, o), o.OrderedAt != nil
	}
	err = v.Write(func(tx *db.Tx) error { return catering.Save(v.Context(), tx, v.Viewer, d, orders, ordered, v.Now) })
	if err != nil {
		return err
	}
	return v.Redirect(visit.RoundPath(d.ID, "catering"), "notice.catering_saved")
}

// Needs is where somebody tells what they need in a round.
func Needs(v *visit.Visit) error {
	d, err := roundWithPart(v)
	if err != nil {
		return err
	}
	n, err := catering.Mine(v.Context(), v.Reader(), v.Viewer, d.ID)
	if err != nil {
		return err
	}
	if v.Sent {
		n = TypedNeed(v)
	}
	title := v.T("catering.tell_title")
	f := v.Frame(title, v.RoundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + d.Label, Href: visit.RoundPath(d.ID)}, ui.Crumb{Label: title})...)
	f.Reading = true
	tell := ui.Form(visit.RoundPath(d.ID, "needs"), v.T("catering.tell_save"), nil, NeedFields(v, n, v.Errs, d.Digital())...)
	tell.Cancel = visit.RoundPath(d.ID)
	v.NameErrors(visit.Labelled(tell.Fields...))
	parts := []templ.Component{ui.PageHead{Title: title, Lead: d.Course + ", " + v.Lang.Days(d.FirstDay, d.LastDay)}.View(v.Lang)}
	if n.Unreadable {
		parts = append(parts, ui.Notice{Tone: ui.Caution, Title: v.T("catering.unreadable_title"), Text: v.T("catering.unreadable_text")}.View(v.Lang))
	}
	return v.Page(f, append(parts, ui.Paragraph(v.T("catering.tell_privacy", "Days", catering.KeptDays)), tell.View(v.Lang))...)
}

// roundWithPart is the round in the address for those who take part in it or
// hold a day of it; for others there is none, nor in a local round: nothing is
// ordered for it and nobody would read what was told.
func roundWithPart(v *visit.Visit) (round.Detail, error) {
	d, err := v.RoundInAddress()
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

// NeedFields ask what somebody needs in order to take part; none has to be
// answered. A digital round asks nobody what they eat.
func NeedFields(v *visit.Visit, n catering.Need, errs ui.Errors, digital bool) []ui.Field {
	access := ui.Field{
		Input: ui.TextareaInput, Name: "access", Label: v.T("catering.tell_access"), Hint: v.T("catering.tell_access_hint"),
		Optional: true, Value: n.Access, Error: errs.For("access"),
	}
	if digital {
		return []ui.Field{access}
	}
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
		access,
	}
}

// TypedNeed is what the form says that somebody needs.
func TypedNeed(v *visit.Visit) catering.Need {
	n := catering.Need{Other: v.FormValue("other"), Access: v.FormValue("access")}
	for _, diet := range v.PostForm["diet"] {
		n.Diets = append(n.Diets, catering.Diet(diet))
	}
	return n
}

func TellNeeds(v *visit.Visit) error {
	d, err := roundWithPart(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return catering.Tell(v.Context(), tx, v.Viewer, d.ID, TypedNeed(v), v.Now) }); err != nil {
		return err
	}
	return v.Redirect(visit.RoundPath(d.ID), "notice.needs_told")
}
