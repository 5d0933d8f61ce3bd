package booking

import (
	"errors"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/web/retirement"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// wishFor is the visitor's own wish for the course, 0 when there is none.
func wishFor(v *visit.Visit, courseID int64) (int64, error) {
	wishes, err := seat.MyInterests(v.Context(), v.Reader(), v.Viewer)
	for _, w := range wishes {
		if w.CourseID == courseID {
			return w.ID, err
		}
	}
	return 0, err
}

// wish is how the visitor says that they want a course, or takes it back.
func wish(v *visit.Visit, courseSlug string, interestID int64, back string) templ.Component {
	if interestID != 0 {
		return templ.Join(ui.Paragraph(v.T("signup.wished")), ui.Choices(ui.Action{
			Label: v.T("signup.unwish_do"), Href: visit.UnwishPath(interestID), Post: true, Kind: ui.Secondary,
			Hidden: []ui.Hidden{{Name: "back", Value: back}},
		}.View(v.Lang)))
	}
	return templ.Join(ui.Paragraph(v.T("signup.wish_help")), ui.Choices(ui.Action{
		Label: v.T("signup.wish_do"), Href: visit.WishesPath(courseSlug), Post: true,
		Hidden: []ui.Hidden{{Name: "person", Value: visit.ID(v.Viewer.PersonID)}, {Name: "back", Value: back}},
	}.View(v.Lang)))
}

// Wishes is where a course is wanted without a date, by oneself or for people of
// one's own, with its coming rounds, which may be better than a wish.
func Wishes(v *visit.Visit) error {
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course"))
	if err != nil {
		return err
	}
	ctx, q, path := v.Context(), v.Reader(), visit.WishesPath(course.Slug)
	next, err := seat.NextOf(ctx, q, v.Viewer, course.ID, 0, v.Today, 10)
	if err != nil {
		return err
	}
	title := course.Title()
	f := v.Frame(title, v.OfficeCrumbs(title)...)
	ends, err := lifetime.RetirementOf(ctx, q, course.ID)
	if err != nil {
		return err
	}
	if ends.On(v.Today) {
		f.Reading = true
		return v.Page(f, ui.PageHead{Title: title}.View(v.Lang), retirement.Ends(v, &ends.From, v.T("lifetime.closed_help", "Reason", retirement.Sentence(ends.Reason))))
	}
	parts := []templ.Component{
		ui.PageHead{Title: title, Lead: v.T("signup.wishes_lead")}.View(v.Lang),
		ui.Section("next-rounds", v.T("signup.rounds"), nextRounds(v, "signup.no_rounds", next)),
	}
	if v.Viewer.Home.RegionID != 0 && visit.Learns(v.Office().Role) {
		own, err := wishFor(v, course.ID)
		if err != nil {
			return err
		}
		parts = append(parts, ui.Section("own", v.T("signup.wish_own"), wish(v, course.Slug, own, path)))
	}
	if access.Staff(v.Viewer).Empty() {
		f.Reading = true
		return v.Page(f, parts...)
	}
	wished, err := seat.Wishes(ctx, q, v.Viewer, 0, course.ID, v.Today)
	if err != nil {
		return err
	}
	c, err := pick(v, path, course.ID, 0)
	if err != nil {
		return err
	}
	known, err := seat.WishesOf(ctx, q, course.ID, c.ids())
	if err != nil {
		return err
	}
	locked := map[int64]string{}
	for person, at := range known {
		locked[person] = v.T("signup.has_wished", "Day", v.Lang.TinyDay(at.Day()))
	}
	t := c.table(v.T("signup.wish_staff_caption"), locked, func(int64) string { return "" })
	parts = append(parts, ui.Section("staff", v.T("signup.wish_staff"), ui.Paragraph(v.T("signup.wish_staff_help")), c.form(path, v.T("signup.wish_staff"), t, locked)))
	if len(wished) > 0 {
		parts = append(parts, ui.Section("wished", v.T("signup.who_wishes", "Course", title), WishTable(v, wished, path).View(v.Lang)))
	}
	return v.Page(f, parts...)
}

// WishTable are those who want a course, the oldest wish first.
func WishTable(v *visit.Visit, wishes []seat.Interest, back string) ui.Table {
	t := ui.Table{
		ID: "wishes-table", Caption: v.T("signup.who_wishes", "Course", wishes[0].Course), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: v.T("people.name")}, {Label: v.T("signup.wished_on"), Keep: true}, {Label: v.T("signup.unwish_short"), Action: true}},
	}
	for _, w := range wishes {
		remove := ui.Action{
			Label: v.T("signup.unwish_short"), About: w.Name, Href: visit.UnwishPath(w.ID), Post: true, Kind: ui.Secondary, Small: true,
			Hidden: []ui.Hidden{{Name: "back", Value: back}},
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(w.Name, visit.PersonPath(w.PersonID)), ui.Text(v.Lang.TinyDay(w.WishedAt.Day())), {Slot: remove.View(v.Lang)}}})
	}
	return t
}

// WishCourse notes that those whom the form names want a course without a date:
// oneself, or people of one's own, of whom some may have said so already.
func WishCourse(v *visit.Visit) error {
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course"))
	if err != nil {
		return err
	}
	persons := v.Chosen()
	if len(persons) == 0 {
		return fault.Invalid("person", "signup.nobody_chosen")
	}
	made := 0
	err = v.Write(func(tx *db.Tx) error {
		made = 0
		for _, person := range persons {
			_, err := seat.Wish(v.Context(), tx, v.Viewer, course.ID, person, v.Now)
			switch {
			case err == nil:
				made++
			case len(persons) == 1 || !errors.Is(err, fault.Conflict("")):
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(persons) == 1 && persons[0] == v.Viewer.PersonID {
		return v.Redirect(v.Back(), "notice.signup_wished", "Course", course.Title())
	}
	return v.Redirect(visit.WishesPath(course.Slug), "notice.signup_wished_many", "Course", course.Title(), "People", v.T("signup.people_found", "Count", made))
}

// UnwishCourse takes a wish back, one's own or that of somebody of one's own.
func UnwishCourse(v *visit.Visit) error {
	id, err := v.ID("interest")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return seat.Unwish(v.Context(), tx, v.Viewer, id, v.Now) }); err != nil {
		return err
	}
	back := visit.MyJourneyPath
	if v.PostForm.Has("back") {
		back = v.Back()
	}
	return v.Redirect(back, "notice.signup_unwished")
}
