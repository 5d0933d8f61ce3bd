package review

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/review"
	"yrkesresan/internal/web/study"
	"yrkesresan/internal/web/trainerpack"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Mine are the drafts that the visitor is asked to review.
func Mine(v *visit.Visit) error {
	all, err := review.Mine(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil {
		return err
	}
	title := v.T("review.mine")
	t := ui.Table{
		ID: "drafts", Caption: title, QuietTitle: true,
		Columns: []ui.Column{{Label: v.T("workshop.course")}, {Label: v.T("review.asked"), Keep: true}, {Label: v.T("review.verdict")}},
		Empty:   ui.Empty{Title: v.T("review.none"), Text: v.T("review.none_help")},
	}
	for _, w := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(w.Course.Title(), Path(w.Course)), ui.Text(v.Lang.ShortDay(w.AskedAt.Day())), verdictCell(v, w.Verdict)}})
		if w.Changed {
			t.Rows[len(t.Rows)-1].Cells[2].Note = v.T("review.of_earlier")
		}
	}
	f := v.Frame(title, ui.Crumb{Label: title})
	f.Reading = true
	return v.Page(f, ui.PageHead{Title: title, Lead: v.T("review.mine_lead")}.View(v.Lang), v.Table(t))
}

// Todo is what the visitor's start page leads to: drafts without their verdict, and those that changed or whose
// comments were answered since.
func Todo(v *visit.Visit) (things []ui.NextThing, err error) {
	all, err := review.Mine(v.Context(), v.Reader(), v.Viewer, v.Today)
	for _, w := range all {
		key := "review"
		switch {
		case w.Changed:
			key = "review_changed"
		case w.Answers > 0:
			key = "review_answered"
		}
		if (w.Verdict == "" || w.Changed || w.Answers > 0) && len(things) < 3 {
			things = append(things, v.Next(key, Path(w.Course), "Course", w.Course.Title(), "Count", w.Answers))
		}
	}
	return things, err
}

// Path is the page of a draft that one is asked to review, or one below it.
func Path(c catalogue.Course, more ...string) string {
	return address.Below(address.Reviews+"/"+c.Slug, more...)
}

// says is who said the comment, and as what: of who tries the draft no name.
func says(v *visit.Visit, c review.Comment) string {
	if c.Trial {
		return v.T("trial.group")
	}
	return c.Name
}

func verdictCell(v *visit.Visit, verdict review.Verdict) ui.Cell {
	switch verdict {
	case review.Approved:
		return ui.Status(v.T("review.verdict_approved"), ui.Positive)
	case review.Changes:
		return ui.Status(v.T("review.verdict_changes"), ui.Caution)
	}
	return ui.Status(v.T("review.verdict_none"), ui.Plain)
}

// reading is the draft in the address as the visitor reviews it.
type reading struct {
	*visit.Visit
	review.Reading
	content *catalogue.Content
}

func inAddress(v *visit.Visit) (reading, error) {
	r, err := review.Read(v.Context(), v.Reader(), v.Viewer, v.PathValue("course"), v.Today)
	return reading{Visit: v, Reading: r, content: r.Draft.Content.At(Path(r.Course, "media") + "/")}, err
}

// Media is a file of a draft that the visitor is asked to review.
func Media(v *visit.Visit) error {
	r, err := inAddress(v)
	if err != nil {
		return err
	}
	return study.ServeContentFile(v, &r.Draft.Content, v.PathValue("name"))
}

// Read is the whole draft on one page, with what has been said of each part of it.
func Read(v *visit.Visit) error {
	r, err := inAddress(v)
	if err != nil {
		return err
	}
	title := r.Course.Title()
	f := v.Frame(title, ui.Crumb{Label: v.T("review.mine"), Href: address.Reviews}, ui.Crumb{Label: title})
	f.Reading = true
	parts := []templ.Component{
		ui.PageHead{Title: title, Tag: &ui.Tag{Word: v.T("workshop.is_draft"), Tone: ui.Info}, Lead: v.T("review.read_lead", "When", v.Lang.DayTime(r.Draft.ChangedAt))}.View(v.Lang),
	}
	if r.Me.At != nil && r.Me.Version < r.Draft.Version {
		parts = append(parts, ui.Notice{Tone: ui.Info, Text: v.T("review.changed_since", "When", v.Lang.DayTime(*r.Me.At))}.View(v.Lang))
	}
	for _, place := range review.Places(r.content) {
		parts = append(parts, r.section(place, r.link(place)))
	}
	for _, place := range r.Review.Elsewhere(r.content) {
		parts = append(parts, ui.Section(partID(place), r.title(place), comments(v, r.Review.At(place))))
	}
	return v.Page(f, append(parts, ui.Section("verdict", v.T("review.your_verdict"), r.verdictForm()))...)
}

// link leads to where one comments on the part.
func (r reading) link(place string) templ.Component {
	return ui.Action{Label: r.T("review.say"), About: r.title(place), Href: Path(r.Course, "places", place), Kind: ui.Secondary, Small: true}.View(r.Lang)
}

// title is what the part of the draft is called.
func (r reading) title(place string) string { return titleOf(r.Visit, r.content, place) }

func titleOf(v *visit.Visit, c *catalogue.Content, place string) string {
	switch place {
	case review.About:
		return v.T("workshop.about")
	case review.Pack:
		return v.T("workshop.pack")
	}
	if t := review.Task(c, place); t != nil {
		return v.Words(t.Title)
	}
	return v.T("review.task_gone")
}

// section is a part of the draft, with what has been said of it.
func (r reading) section(place string, more ...templ.Component) templ.Component {
	body := append(r.body(place), comments(r.Visit, r.Review.At(place)))
	return ui.Section(partID(place), r.title(place), append(body, more...)...)
}

// body is what stands at the place of the draft.
func (r reading) body(place string) []templ.Component {
	media := Path(r.Course, "media") + "/"
	switch place {
	case review.About:
		if r.content.About.In("sv") == "" {
			return []templ.Component{ui.Paragraph(r.T("workshop.about_missing"))}
		}
		return []templ.Component{ui.Markup(r.content.HTML(r.content.About, r.Lang.Code(), 3))}
	case review.Pack:
		if r.content.Pack.Empty() {
			return []templ.Component{ui.Paragraph(r.T("workshop.pack_empty"))}
		}
		return []templ.Component{trainerpack.Page{Visit: r.Visit, Course: r.Course, Content: r.content, Media: media}.View()}
	}
	t := review.Task(r.content, place)
	note := r.T("workshop.phase."+string(t.Phase)) + " · " + r.T("workshop.kind."+string(t.Kind))
	if t.Minutes > 0 {
		note += " · " + trainerpack.MinutesText(r.Visit, t.Minutes)
	}
	view := study.NewTaskView(r.Visit, r.content, t, media, learning.Progress{})
	parts := []templ.Component{ui.Paragraph(note), study.TaskBody(view)}
	if t.Kind == catalogue.QuizTask {
		parts = append(parts, study.AnswerKey(view))
	}
	return parts
}

// Place is a part of the draft, where one comments on it.
func Place(v *visit.Visit) error {
	r, err := inAddress(v)
	if err != nil {
		return err
	}
	place := v.PathValue("place")
	if !slices.Contains(review.Places(r.content), place) {
		return fault.NotFound
	}
	title := r.title(place)
	f := v.Frame(title, ui.Crumb{Label: v.T("review.mine"), Href: address.Reviews}, ui.Crumb{Label: r.Course.Title(), Href: Path(r.Course)}, ui.Crumb{Label: title})
	f.Reading = true
	form := ui.Form(Path(r.Course, "places", place), v.T("review.say_do"), nil,
		ui.Field{Input: ui.TextareaInput, Name: "text", Label: v.T("review.comment"), Value: v.Typed("text", ""), Error: v.Wrong("text")},
		ui.Field{Name: "quote", Label: v.T("review.quote"), Hint: v.T("review.quote_hint"), Value: v.Typed("quote", ""), Error: v.Wrong("quote"), Optional: true},
	)
	form.Cancel = Path(r.Course) + "#" + partID(place)
	v.NameErrors(visit.Labelled(form.Fields...))
	parts := append([]templ.Component{ui.PageHead{Title: title}.View(v.Lang)}, r.body(place)...)
	return v.Page(f, append(parts, comments(v, r.Review.At(place)), ui.Section("comment", v.T("review.say"), form.View(v.Lang)))...)
}

func (r reading) verdictForm() templ.Component {
	form := ui.Form(Path(r.Course, "verdict"), r.T("review.decide"), []ui.Hidden{{Name: "seen", Value: visit.ID(int64(r.Draft.Version))}},
		ui.Field{Input: ui.RadioInput, Name: "verdict", Label: r.T("review.verdict_question"), Value: r.Typed("verdict", string(r.Me.Verdict)), Error: r.Wrong("verdict"), Options: []ui.Option{
			{Value: string(review.Approved), Label: r.T("review.approve"), Hint: r.T("review.approve_hint")},
			{Value: string(review.Changes), Label: r.T("review.ask_changes"), Hint: r.T("review.ask_changes_hint")},
		}},
		ui.Field{Input: ui.TextareaInput, Name: "note", Label: r.T("review.note"), Value: r.Typed("note", r.Me.Note), Error: r.Wrong("note"), Optional: true},
	)
	r.NameErrors(visit.Labelled(form.Fields...))
	return form.View(r.Lang)
}

// Say keeps a comment.
func Say(v *visit.Visit) error {
	r, err := inAddress(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return review.Say(v.Context(), tx, v.Viewer, r.Course.ID, v.PathValue("place"), v.PostForm.Get("quote"), v.PostForm.Get("text"), v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(Path(r.Course)+"#"+partID(v.PathValue("place")), "notice.review_said")
}

// Decide keeps the verdict.
func Decide(v *visit.Visit) error {
	r, err := inAddress(v)
	if err != nil {
		return err
	}
	verdict := review.Verdict(v.PostForm.Get("verdict"))
	if err := v.Write(func(tx *db.Tx) error {
		return review.Decide(v.Context(), tx, v.Viewer, r.Course.ID, verdict, v.PostForm.Get("note"), v.Number("seen", 0), v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(address.Reviews, "notice.review_decided", "Course", r.Course.Title())
}

// partID is the place as the identity of its part of the page.
func partID(place string) string { return "at-" + strings.ReplaceAll(place, ":", "-") }
