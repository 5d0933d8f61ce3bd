package review

import (
	"errors"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/review"
	"yrkesresan/internal/web/trial"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// managed is the course in the address for those who write it, with what has been said of
// its draft.
type managed struct {
	*visit.Visit
	course catalogue.Course
	draft  *catalogue.Draft // nil when nobody writes one
	review review.Review
	trial  trial.Beside
}

func inWorkshop(v *visit.Visit) (m managed, err error) {
	m.Visit = v
	if !access.ManageCourses(v.Viewer) {
		return m, fault.Forbidden
	}
	if m.course, err = catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course")); err != nil {
		return m, err
	}
	draft, err := catalogue.DraftOf(v.Context(), v.Reader(), v.Viewer, m.course.ID)
	switch {
	case err == nil:
		m.draft = &draft
	case !errors.Is(err, fault.NotFound):
		return m, err
	}
	if m.review, err = review.Of(v.Context(), v.Reader(), v.Viewer, m.course.ID, nil, v.Today); err != nil || m.draft == nil {
		return m, err
	}
	m.trial, err = trial.BesideDraft(v, m.course, 0)
	return m, err
}

// Manage is the review of the course's draft for those who write it: whom they have asked,
// what was said, and how earlier editions were reviewed.
func Manage(v *visit.Visit) error {
	m, err := inWorkshop(v)
	if err != nil {
		return err
	}
	title := v.T("review.title")
	f := v.Frame(title+" – "+m.course.Title(), ui.Crumb{Label: v.T("workshop.title"), Href: visit.WorkshopsPath}, ui.Crumb{Label: m.course.Title(), Href: visit.WorkshopPath(m.course)}, ui.Crumb{Label: title})
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.T("review.manage_lead")}.View(v.Lang)}
	if m.draft == nil {
		parts = append(parts, ui.Empty{
			Title: v.T("review.no_draft"), Text: v.T("review.no_draft_help"),
			Action: &ui.Action{Label: v.T("workshop.to_workshop"), Href: visit.WorkshopPath(m.course), Kind: ui.Secondary},
		}.View(v.Lang))
	} else {
		if m.trial.Summary != "" {
			parts = append(parts, ui.Notice{Tone: ui.Info, Text: m.trial.Summary, Action: &ui.Action{Label: v.T("trial.see"), Href: visit.WorkshopPath(m.course, "trial")}}.View(v.Lang))
		}
		parts = append(parts, v.Table(m.reviewers()), m.said(), m.askForm())
	}
	before, err := m.before()
	if err != nil {
		return err
	}
	return v.Page(f, append(parts, before...)...)
}

// ToAnswer are the drafts with comments that nobody has answered, for the start page of those who write them.
func ToAnswer(v *visit.Visit) (things []ui.NextThing, err error) {
	all, err := review.ToAnswer(v.Context(), v.Reader(), v.Viewer)
	for _, u := range all[:min(len(all), visit.FewTodos)] {
		things = append(things, v.Next("review_comments", visit.WorkshopPath(u.Course, "review")+"#said", "Course", u.Course.Title(), "Count", u.Count))
	}
	return things, err
}

// reviewers are whom the producers have asked.
func (m managed) reviewers() ui.Table {
	t := reviewerTable(m.Visit, "reviewers", m.T("review.reviewers"), m.review, m.draft.Version)
	t.Columns = append(t.Columns, ui.Column{Label: m.T("review.end"), Action: true})
	for i, r := range m.review.Reviewers {
		cell := ui.Cell{Slot: templ.NopComponent}
		if r.EndedAt == nil {
			cell.Slot = ui.Action{Label: m.T("review.end"), About: r.Name, Href: visit.WorkshopPath(m.course, "reviewers", visit.ID(r.ID), "removal"), Post: true, Kind: ui.Secondary, Small: true}.View(m.Lang)
		}
		t.Rows[i].Cells = append(t.Rows[i].Cells, cell)
	}
	return t
}

// reviewerTable is who reviews, and what each says; version is the draft's, 0 for an
// edition.
func reviewerTable(v *visit.Visit, id, caption string, r review.Review, version int) ui.Table {
	t := ui.Table{
		ID: id, Caption: caption,
		Columns: []ui.Column{{Label: v.T("review.who")}, {Label: v.T("review.for")}, {Label: v.T("review.verdict")}, {Label: v.T("review.note_short")}},
		Empty:   ui.Empty{Title: v.T("review.nobody"), Text: v.T("review.nobody_help")},
	}
	for _, each := range r.Reviewers {
		who := ui.Text(each.Name)
		switch {
		case each.EndedAt != nil:
			who.Note = v.T("review.ended", "Day", each.EndedAt.Day())
		case !each.Holds:
			who.Note = v.T("review.role_ended")
		}
		verdict := verdictCell(v, each.Verdict)
		if each.At != nil {
			verdict.Note = v.Lang.ShortDay(each.At.Day())
			if each.Version < version {
				verdict.Note += ", " + v.T("review.of_earlier")
			}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{who, ui.Text(v.T("review.part." + string(each.Part))), verdict, ui.Text(each.Note)}})
	}
	return t
}

// said are the comments by place, each with an answer to write.
func (m managed) said() templ.Component {
	var parts []templ.Component
	places := append(review.Places(&m.draft.Content), m.review.Elsewhere(&m.draft.Content)...)
	for _, place := range places {
		all, tried := m.review.At(place), m.trial.Of(place)
		if len(all) == 0 && tried == "" {
			continue
		}
		parts = append(parts, subheading(titleOf(m.Visit, &m.draft.Content, place)))
		if tried != "" {
			parts = append(parts, ui.Paragraph(tried))
		}
		for _, c := range all {
			parts = append(parts, comments(m.Visit, []review.Comment{c}),
				ui.Action{Label: m.T("review.settle"), About: says(m.Visit, c), Href: visit.WorkshopPath(m.course, "comments", visit.ID(c.ID)), Kind: ui.Secondary, Small: true}.View(m.Lang))
		}
	}
	if len(parts) == 0 {
		parts = []templ.Component{ui.Paragraph(m.T("review.nothing_said"))}
	}
	return ui.Section("said", m.T("review.comments", "Count", m.review.Unsettled()), parts...)
}

func (m managed) askForm() templ.Component {
	var parts []ui.Option
	for _, p := range review.Parts {
		parts = append(parts, ui.Option{Value: string(p), Label: m.T("review.part." + string(p))})
	}
	form := ui.Form(visit.WorkshopPath(m.course, "reviewers"), m.T("review.ask"), nil,
		ui.Field{Input: ui.RadioInput, Name: "part", Label: m.T("review.for"), Options: parts, Value: m.Typed("part", ""), Error: m.Wrong("part")},
		ui.Field{Input: ui.EmailInput, Name: "email", Label: m.T("review.email"), Hint: m.T("review.email_hint"), Value: m.Typed("email", ""), Error: m.Wrong("email")},
	)
	m.NameErrors(visit.Labelled(form.Fields...))
	role := ui.Action{Label: m.T("review.ask_role"), Href: visit.WorkshopPath(m.course, "reviewers"), Post: true, Kind: ui.Secondary, Hidden: []ui.Hidden{{Name: "by", Value: "role"}}}
	return ui.Section("ask", m.T("review.ask_heading"), ui.Paragraph(m.T("review.ask_role_help")), role.View(m.Lang), form.View(m.Lang))
}

// before is how the course's editions were reviewed.
func (m managed) before() (parts []templ.Component, err error) {
	editions, err := review.Editions(m.Context(), m.Reader(), m.Viewer, m.course.ID)
	if err != nil {
		return nil, err
	}
	for _, e := range editions {
		r, err := review.Of(m.Context(), m.Reader(), m.Viewer, m.course.ID, &e.ID, m.Today)
		if err != nil {
			return nil, err
		}
		id := "edition-" + visit.ID(int64(e.Number))
		tried, err := trial.BesideDraft(m.Visit, m.course, e.Number)
		if err != nil {
			return nil, err
		}
		folded := []templ.Component{reviewerTable(m.Visit, id, m.T("review.reviewers"), r, 0).View(m.Lang)}
		if r.Overruled != "" {
			folded = append(folded, ui.Paragraph(m.T("review.overruled", "Reason", r.Overruled)))
		}
		if tried.Summary != "" {
			folded = append(folded, ui.Paragraph(tried.Summary))
		}
		if len(r.Comments) > 0 {
			folded = append(folded, comments(m.Visit, r.Comments))
		}
		parts = append(parts, ui.Fold(m.T("review.of_edition", "Number", e.Number, "Count", r.Unsettled()), folded...))
	}
	return parts, nil
}

// Ask asks somebody to review the draft, or all who hold the role.
func Ask(v *visit.Visit) error {
	m, err := inWorkshop(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		if v.PostForm.Get("by") == "role" {
			return review.AskByRole(v.Context(), tx, v.Viewer, m.course.ID, v.Server.Site, v.Now)
		}
		return review.Ask(v.Context(), tx, v.Viewer, m.course.ID, v.PostForm.Get("email"), review.Part(v.PostForm.Get("part")), v.Server.Site, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(visit.WorkshopPath(m.course, "review"), "notice.review_asked")
}

// End lets a reviewer read no more.
func End(v *visit.Visit) error {
	m, err := inWorkshop(v)
	if err != nil {
		return err
	}
	id, err := v.ID("reviewer")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return review.End(v.Context(), tx, v.Viewer, m.course.ID, id, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(visit.WorkshopPath(m.course, "review"), "notice.review_ended")
}

// Comment is a comment with its answer.
func Comment(v *visit.Visit) error {
	m, c, err := commentInAddress(v)
	if err != nil {
		return err
	}
	title := v.T("review.settle")
	f := v.Frame(title, ui.Crumb{Label: v.T("workshop.title"), Href: visit.WorkshopsPath}, ui.Crumb{Label: m.course.Title(), Href: visit.WorkshopPath(m.course)},
		ui.Crumb{Label: v.T("review.title"), Href: visit.WorkshopPath(m.course, "review")}, ui.Crumb{Label: title})
	f.Reading = true
	form := ui.Form(visit.WorkshopPath(m.course, "comments", visit.ID(c.ID)), v.T("review.settle_do"), nil,
		ui.Field{Input: ui.TextareaInput, Name: "answer", Label: v.T("review.answer"), Hint: v.T("review.answer_hint"), Value: v.Typed("answer", c.Answer), Error: v.Wrong("answer")})
	form.Cancel = visit.WorkshopPath(m.course, "review")
	v.NameErrors(visit.Labelled(form.Fields...))
	parts := []templ.Component{ui.PageHead{Title: title, Lead: titleOf(v, &m.draft.Content, c.Place)}.View(v.Lang), comments(v, []review.Comment{c})}
	if t := review.Task(&m.draft.Content, c.Place); t != nil {
		parts = append(parts, ui.LinkTo(v.T("workshop.change_task"), visit.WorkshopPath(m.course, "tasks", t.Key)))
	}
	return v.Page(f, append(parts, form.View(v.Lang))...)
}

func commentInAddress(v *visit.Visit) (managed, review.Comment, error) {
	m, err := inWorkshop(v)
	if err != nil {
		return m, review.Comment{}, err
	}
	id, err := v.ID("comment")
	if err != nil {
		return m, review.Comment{}, err
	}
	for _, c := range m.review.Comments {
		if c.ID == id {
			return m, c, nil
		}
	}
	return m, review.Comment{}, fault.NotFound
}

// Settle answers a comment.
func Settle(v *visit.Visit) error {
	m, c, err := commentInAddress(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return review.Settle(v.Context(), tx, v.Viewer, m.course.ID, c.ID, v.PostForm.Get("answer"), v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(visit.WorkshopPath(m.course, "review"), "notice.review_settled")
}

// Before is what the page of publication says of the review of the draft, and how many ask
// for changes: over them a reason is needed.
func Before(v *visit.Visit, course catalogue.Course, version int) (told []templ.Component, asks int, err error) {
	r, err := review.Of(v.Context(), v.Reader(), v.Viewer, course.ID, nil, v.Today)
	if err != nil {
		return nil, 0, err
	}
	tried, err := trial.BesideDraft(v, course, 0)
	if err != nil {
		return nil, 0, err
	}
	if tried.Summary != "" {
		told = append(told, ui.Notice{Tone: ui.Info, Text: tried.Summary, Action: &ui.Action{Label: v.T("trial.see"), Href: visit.WorkshopPath(course, "trial")}}.View(v.Lang))
	}
	to := &ui.Action{Label: v.T("review.see"), Href: visit.WorkshopPath(course, "review")}
	if len(r.Reviewers) == 0 {
		told = append(told, ui.Notice{Tone: ui.Info, Text: v.T("review.unreviewed"), Action: to}.View(v.Lang))
	} else {
		told = append(told, v.Table(reviewerTable(v, "reviewers", v.T("review.reviewers"), r, version)))
	}
	if n := r.Unsettled(); n > 0 {
		told = append(told, ui.Notice{Tone: ui.Caution, Text: v.T("review.left_open", "Count", n), Action: to}.View(v.Lang))
	}
	asking := r.Asks()
	if len(asking) > 0 {
		told = append(told, ui.Notice{Tone: ui.Caution, Text: v.T("review.asks", "Count", len(asking), "Name", asking[0].Name), Action: to}.View(v.Lang))
	}
	return told, len(asking), nil
}
