package retirement

import (
	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// page is a course in the workshop, as its end is decided.
type page struct {
	*visit.Visit
	course catalogue.Course
}

// opened is the course in the address; fault.Forbidden for those who make no courses.
func opened(v *visit.Visit) (page, error) {
	p := page{Visit: v}
	if !access.ManageCourses(v.Viewer) {
		return p, fault.Forbidden
	}
	var err error
	p.course, err = catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course"))
	return p, err
}

func (p page) path(more ...string) string { return visit.WorkshopPath(p.course, more...) }

func (p page) frame(title string, crumbs ...ui.Crumb) ui.Frame {
	all := []ui.Crumb{{Label: p.T("workshop.title"), Href: visit.WorkshopsPath}, {Label: p.course.Title(), Href: p.path()}}
	f := p.Frame(title+" – "+p.course.Title(), append(append(all, crumbs...), ui.Crumb{Label: title})...)
	f.Reading = true
	return f
}

// told is the day with the name of who decided.
func (p page) told(by *int64) (string, error) {
	if by == nil {
		return p.T("workshop.by_product"), nil
	}
	names, err := people.Names(p.Context(), p.Reader(), []int64{*by})
	return names[*by], err
}

// edition is one of a course, with the others and what is withdrawn of them.
type edition struct {
	page
	catalogue.Edition
	all       []catalogue.Edition
	withdrawn []lifetime.Withdrawal
}

// openedEdition is the edition in the address, by its number.
func openedEdition(v *visit.Visit) (e edition, err error) {
	if e.page, err = opened(v); err != nil {
		return e, err
	}
	if e.all, err = catalogue.Editions(v.Context(), v.Reader(), e.course.ID); err != nil {
		return e, err
	}
	if e.withdrawn, err = lifetime.Withdrawals(v.Context(), v.Reader(), e.course.ID); err != nil {
		return e, err
	}
	for _, each := range e.all {
		if visit.ID(int64(each.Number)) == v.PathValue("number") {
			e.Edition = each
			return e, nil
		}
	}
	return e, fault.NotFound
}

func (e edition) here(more string) string { return e.path("editions", visit.ID(int64(e.Number)), more) }

// next is the edition that new learners get without this one; 0 for none.
func (e edition) next() int {
	for _, each := range e.all { // the newest first
		if each.ID != e.ID && lifetime.WithdrawalOf(e.withdrawn, each.ID) == nil {
			return each.Number
		}
	}
	return 0
}

// Edition asks whether to withdraw the edition, with what that touches, or to undo it.
func Edition(v *visit.Visit) error {
	e, err := openedEdition(v)
	if err != nil {
		return err
	}
	facts, err := e.touches()
	if err != nil {
		return err
	}
	crumb := ui.Crumb{Label: e.T("workshop.edition_n", "Number", e.Number), Href: e.path("editions", visit.ID(int64(e.Number)))}
	if w := lifetime.WithdrawalOf(e.withdrawn, e.ID); w != nil {
		by, err := e.told(w.By)
		if err != nil {
			return err
		}
		title := e.T("lifetime.withdrawn_title", "Number", e.Number)
		undo := ui.Action{Label: e.T("lifetime.reinstate"), Href: e.here("reinstatement"), Post: true}
		return v.Page(e.frame(title, crumb), ui.PageHead{Title: title, Lead: e.T("lifetime.withdrawn_by", "Day", w.On, "Name", by)}.View(v.Lang),
			ui.Summary{{Term: e.T("lifetime.why"), Value: w.Reason}}.View(e.Lang), ui.Section("touches", e.T("lifetime.touches_now"), facts.View(v.Lang)),
			ui.Section("undo", e.T("lifetime.reinstate_title"), ui.Paragraph(e.T("lifetime.reinstate_help")), undo.View(v.Lang)))
	}
	title := e.T("lifetime.withdraw_title", "Number", e.Number)
	form := ui.Form(e.here("withdrawal"), e.T("lifetime.withdraw", "Number", e.Number), nil, e.reason("lifetime.withdraw_reason_hint"))
	form.Kind, form.Cancel = ui.Danger, e.path()
	return v.Page(e.frame(title, crumb), ui.PageHead{Title: title, Lead: e.T("lifetime.withdraw_lead")}.View(v.Lang),
		ui.Section("touches", e.T("lifetime.touches"), facts.View(v.Lang)), ui.Section("form", e.T("lifetime.decide"), form.View(v.Lang)))
}

// reason asks why, in words that those who are concerned read.
func (p page) reason(hint string) ui.Field {
	return ui.Field{Input: ui.TextareaInput, Name: "reason", Label: p.T("lifetime.reason"), Hint: p.T(hint), Value: p.Typed("reason", ""), Error: p.Wrong("reason")}
}

// touches is what the withdrawal touches, in numbers and words.
func (e edition) touches() (ui.Summary, error) {
	ctx, q := e.Context(), e.Reader()
	underWay, err := learning.UnderWay(ctx, q, e.Viewer, e.course)
	if err != nil {
		return nil, err
	}
	done, err := learning.CompletedIn(ctx, q, e.Viewer, e.course)
	if err != nil {
		return nil, err
	}
	promised, err := round.PromisedFrom(ctx, q, e.Viewer, e.course.ID, e.ID, e.Today)
	if err != nil {
		return nil, err
	}
	begun := e.T("lifetime.nobody")
	if n := underWay[e.ID]; n > 0 {
		begun = e.T("lifetime.go_on", "Count", n)
	}
	facts := ui.Summary{{Term: e.T("lifetime.under_way"), Value: begun}}
	if n := done[e.ID]; n > 0 {
		facts = append(facts, ui.Fact{Term: e.T("lifetime.completed"), Value: e.T("lifetime.keep", "Count", n)})
	}
	if len(promised.Rounds) > 0 {
		facts = append(facts, ui.Fact{Term: e.T("lifetime.rounds_ahead"), Value: e.T("lifetime.rounds_in_edition", "Count", len(promised.Rounds), "Seats", promised.Seats())})
	}
	next := e.T("lifetime.next_edition", "Number", e.next())
	switch {
	case e.next() != 0:
	case e.course.Days == 0:
		next = e.T("lifetime.next_none_web")
	default:
		next = e.T("lifetime.next_none")
	}
	return append(facts, ui.Fact{Term: e.T("lifetime.new_learners"), Value: next}), nil
}

// Withdraw withdraws the edition.
func Withdraw(v *visit.Visit) error {
	return changeEdition(v, "notice.edition_withdrawn", func(tx *db.Tx, e edition) error {
		return lifetime.Withdraw(v.Context(), tx, v.Viewer, e.ID, v.PostForm.Get("reason"), v.Now)
	})
}

// Reinstate undoes it.
func Reinstate(v *visit.Visit) error {
	return changeEdition(v, "notice.edition_reinstated", func(tx *db.Tx, e edition) error {
		return lifetime.Reinstate(v.Context(), tx, v.Viewer, e.ID, v.Now)
	})
}

func changeEdition(v *visit.Visit, notice string, change func(tx *db.Tx, e edition) error) error {
	e, err := openedEdition(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return change(tx, e) }); err != nil {
		return err
	}
	return v.Redirect(e.path(), notice, "Number", v.Lang.Number(int64(e.Number)))
}
