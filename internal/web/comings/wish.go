package comings

import (
	"cmp"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/recruitment"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

const perPage = 30

// Offer says what teaching a course means, and takes the wish to.
func Offer(v *visit.Visit) error {
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course"))
	if err != nil {
		return err
	}
	title := v.T("comings.offer", "Course", course.Title())
	f := v.Frame(title, ui.Crumb{Label: v.T("journey.title"), Href: visit.MyJourneyPath}, ui.Crumb{Label: course.Short(), Href: visit.CoursePath(course.Slug)}, ui.Crumb{Label: v.T("comings.offer_short")})
	f.Reading = true
	parts := []templ.Component{
		ui.PageHead{Title: title, Lead: v.T("comings.offer_lead")}.View(v.Lang),
		ui.Section("means", v.T("comings.means"), ui.Lines([]string{v.T("comings.means_days"), v.T("comings.means_time"), v.T("comings.means_material"), v.T("comings.means_money")})),
	}
	if course.Days == 0 {
		return v.Page(f, append(parts, ui.Notice{Tone: ui.Info, Text: v.T("comings.no_days")}.View(v.Lang))...)
	}
	if err := recruitment.May(v.Context(), v.Reader(), v.Viewer, course.ID, v.Today); err != nil {
		why := fault.Of(err)
		if why == nil || why.Kind != fault.KindConflict {
			return err
		}
		note := ui.Notice{Tone: ui.Info, Text: v.T(why.Key, why.Args...), Action: &ui.Action{Label: v.T("comings.to_mine"), Href: address.MyTeaching}}
		return v.Page(f, append(parts, note.View(v.Lang))...)
	}
	words := ui.Field{Input: ui.TextareaInput, Name: "words", Label: v.T("comings.words"), Hint: v.T("comings.words_hint"), Value: v.Typed("words", ""), Error: v.Wrong("words"), Optional: true}
	v.NameErrors(visit.Labelled(words))
	return v.Page(f, append(parts, ui.Form(address.CourseTeaching(course.Slug), v.T("comings.wish_do"), nil, words).View(v.Lang), ui.LinkTo(v.T("comings.to_mine"), address.MyTeaching))...)
}

// Wish takes it.
func Wish(v *visit.Visit) error {
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course"))
	if err != nil {
		return err
	}
	if course.Days == 0 {
		return fault.Conflict("comings.no_days")
	}
	var w recruitment.Wish
	if err := v.Write(func(tx *db.Tx) (err error) {
		w, err = recruitment.Say(v.Context(), tx, v.Viewer, course.ID, v.FormValue("words"), v.Server.Site, v.Now)
		return err
	}); err != nil {
		return err
	}
	notice := map[recruitment.State]string{recruitment.Agreed: "notice.teaching_wished_region", recruitment.Nobody: "notice.teaching_wished_nobody"}[w.State()]
	return v.Redirect(address.MyTeaching, cmp.Or(notice, "notice.teaching_wished"), "Course", course.Title())
}

// Mine are one's own wishes to teach, and where they stand.
func Mine(v *visit.Visit) error {
	all, err := recruitment.Mine(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil {
		return err
	}
	title := v.T("comings.mine")
	f := v.Frame(title, ui.Crumb{Label: title})
	f.Reading = true
	t := ui.Table{
		ID: "wishes", Caption: title, QuietTitle: true,
		Columns: []ui.Column{{Label: v.T("round.course")}, {Label: v.T("comings.since"), Keep: true}, {Label: v.T("round.status")}, {Label: v.T("comings.withdraw"), Action: true}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: v.T("comings.mine_none"), Text: v.T("comings.mine_none_help"), Action: &ui.Action{Label: v.T("nav.my_journey"), Href: visit.MyJourneyPath, Kind: ui.Secondary}},
	}
	for _, w := range all {
		row := ui.Row{Cells: []ui.Cell{ui.Link(w.Course, visit.CoursePath(w.CourseSlug)), ui.Text(v.Lang.TinyDay(w.WishedAt.Day())), state(v, w), {}}}
		if s := w.State(); s == recruitment.Asked || s == recruitment.Agreed || s == recruitment.Nobody || s == recruitment.InTeam {
			row.Cells[3].Slot = ui.Action{Label: v.T("comings.withdraw"), About: w.Course, Href: address.MyTeachingRemoval(w.ID), Post: true, Kind: ui.Secondary, Small: true}.View(v.Lang)
		}
		t.Rows = append(t.Rows, row)
	}
	return v.Page(f, ui.PageHead{Title: title, Lead: v.T("comings.mine_lead")}.View(v.Lang), t.View(v.Lang))
}

// state is where a wish stands, with why when the manager said no or nobody can answer.
func state(v *visit.Visit, w recruitment.Wish) ui.Cell {
	tone := map[recruitment.State]ui.Tone{recruitment.Asked: ui.Info, recruitment.Agreed: ui.Info, recruitment.Recruited: ui.Positive, recruitment.InTeam: ui.Positive}[w.State()]
	cell := ui.Cell{Tag: &ui.Tag{Word: v.T(w.State().Key()), Tone: cmp.Or(tone, ui.Plain)}}
	if w.State() == recruitment.Nobody {
		cell.Note = v.T(w.Lacks())
	}
	if w.State() == recruitment.Refused {
		cell.Note = v.T(w.Reason.Key())
		if w.ReasonWord != "" {
			cell.Note += ": " + w.ReasonWord
		}
	}
	return cell
}

// Withdraw takes one's own wish back.
func Withdraw(v *visit.Visit) error {
	id, err := v.ID("wish")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return recruitment.Withdraw(v.Context(), tx, v.Viewer, id, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(address.MyTeaching, "notice.teaching_withdrawn")
}

// reasons ask why, with a word for what is none of them; the names of the fields end with suffix.
func reasons(v *visit.Visit, label, suffix string, said trainer.Why) []ui.Field {
	why := ui.Field{Input: ui.RadioInput, Name: "reason" + suffix, Label: label, Value: v.Typed("reason"+suffix, string(said.Reason)), Error: v.Wrong("reason" + suffix)}
	for _, r := range trainer.Reasons {
		why.Options = append(why.Options, ui.Option{Value: string(r), Label: v.T(r.Key())})
	}
	return []ui.Field{why, {Name: "word" + suffix, Label: v.T("comings.word"), Hint: v.T("comings.word_hint"), Value: v.Typed("word"+suffix, said.Word), Error: v.Wrong("word" + suffix), Optional: true, Autocomplete: "off"}}
}

// typedWhy is what was said in the fields of reasons.
func typedWhy(v *visit.Visit, suffix string) trainer.Why {
	return trainer.Why{Reason: trainer.Reason(v.FormValue("reason" + suffix)), Word: v.FormValue("word" + suffix)}
}

// Wishes are those of the visitor's staff that wait for their word.
func Wishes(v *visit.Visit) error {
	all, err := recruitment.ToAnswer(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil {
		return err
	}
	title := v.T("comings.wishes")
	f := v.Frame(title, v.OfficeCrumbs(title)...)
	f.Reading = true
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.T("comings.wishes_lead")}.View(v.Lang)}
	if len(all) == 0 {
		return v.Page(f, append(parts, ui.Empty{Picture: ui.PicturePeople, Title: v.T("comings.wishes_none"), Text: v.T("comings.wishes_none_help")}.View(v.Lang))...)
	}
	parts = append(parts, ui.Fold(v.T("comings.means"), ui.Lines([]string{v.T("comings.means_days"), v.T("comings.means_time"), v.T("comings.means_material"), v.T("comings.means_money")})))
	shown, pager := visit.Paged(v, all, perPage)
	for _, w := range shown {
		v.Saw(w.PersonID)
		id := visit.ID(w.ID)
		facts := ui.Summary{{Term: v.T("people.name"), Slot: ui.LinkTo(w.Name, visit.PersonPath(w.PersonID))}, {Term: v.T("people.unit"), Value: w.Unit}, {Term: v.T("comings.since"), Value: v.Lang.Day(w.WishedAt.Day())}}
		if w.Words != "" {
			facts = append(facts, ui.Fact{Term: v.T("comings.words_of"), Value: w.Words})
		}
		no := ui.Form(address.TrainerWish(w.ID, "answer"), v.T("comings.refuse_do"), []ui.Hidden{{Name: "answer", Value: "no"}}, reasons(v, v.T("comings.why_no"), "_"+id, trainer.Why{})...)
		no.Kind = ui.Secondary
		parts = append(parts, ui.Section("wish-"+id, v.T("comings.wish_of", "Name", w.Name, "Course", w.Course), facts.View(v.Lang),
			ui.Action{Label: v.T("comings.agree_do"), About: w.Name, Href: address.TrainerWish(w.ID, "answer"), Post: true, Hidden: []ui.Hidden{{Name: "answer", Value: "yes"}}}.View(v.Lang),
			ui.Fold(v.T("comings.refuse", "Name", w.Name), no.View(v.Lang))))
	}
	if pager != nil {
		parts = append(parts, pager.View(v.Lang))
	}
	return v.Page(f, parts...)
}

// Answer is a manager's word on a wish.
func Answer(v *visit.Visit) error {
	id, err := v.ID("wish")
	if err != nil {
		return err
	}
	if access.AnswerTrainers(v.Viewer).Empty() {
		return fault.Forbidden
	}
	suffix := "_" + visit.ID(id)
	agrees := v.FormValue("answer") == "yes"
	if err := v.Write(func(tx *db.Tx) error {
		return recruitment.Answer(v.Context(), tx, v.Viewer, id, agrees, typedWhy(v, suffix), v.Server.Site, v.Now)
	}); err != nil {
		if wrong := fault.Of(err); wrong != nil && len(wrong.Fields) > 0 { // the page has a form for each wish
			fields := *wrong
			fields.Fields = append([]fault.Field{}, wrong.Fields...)
			for i := range fields.Fields {
				fields.Fields[i].Name += suffix
			}
			return &fields
		}
		return err
	}
	if agrees {
		return v.Redirect(address.TrainerWishes, "notice.teaching_agreed")
	}
	return v.Redirect(address.TrainerWishes, "notice.teaching_refused")
}

// Todo is what a manager has to answer, for the start page.
func Todo(v *visit.Visit, things []ui.NextThing) ([]ui.NextThing, error) {
	all, err := recruitment.ToAnswer(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil || len(all) == 0 {
		return things, err
	}
	return append([]ui.NextThing{v.Next("trainer_wish", address.TrainerWishes, "Count", len(all), "Name", all[0].Name, "Course", all[0].Course)}, things...), nil
}
