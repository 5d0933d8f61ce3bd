package merging

import (
	"errors"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity/helping"
	"yrkesresan/internal/merging"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// page is a page about somebody who is to be merged or split.
type page struct {
	*visit.Visit
	people.Detail
	frame ui.Frame
}

// of is the person in the address, for who may merge them. why is what stands in the way, as
// a page that says so.
func of(v *visit.Visit, title string) (p page, why *fault.Error, err error) {
	id, err := v.ID("person")
	if err != nil {
		return p, nil, err
	}
	p.Visit = v
	p.Detail, err = merging.May(v.Context(), v.Reader(), v.Viewer, id, v.Today)
	if errors.Is(err, fault.Conflict("")) {
		why, err = fault.Of(err), nil
	}
	if err != nil {
		return p, nil, err
	}
	p.frame = v.Frame(v.T(title), ui.Crumb{Label: v.T("people.title"), Href: visit.PeoplePath}, ui.Crumb{Label: p.Name(), Href: visit.PersonPath(id)}, ui.Crumb{Label: v.T(title)})
	return p, why, nil
}

// Path is where somebody is merged with another.
func Path(personID int64) string { return visit.PersonPath(personID, "merger") }

func pathWith(personID, with int64) string { return Path(personID) + "?with=" + visit.ID(with) }

// back says what stands in the way, with the way back.
func (p page) back(head ui.PageHead, why *fault.Error) error {
	return p.Page(p.frame, head.View(p.Lang), ui.Notice{
		Tone: ui.Caution, Text: p.T(why.Key, why.Args...),
		Action: &ui.Action{Label: p.T("privacy.back_to", "Name", p.Name()), Href: visit.PersonPath(p.Person.ID)},
	}.View(p.Lang))
}

// Ask is where one says whom somebody is the same as, and reads what merging them does.
func Ask(v *visit.Visit) error {
	p, why, err := of(v, "merging.title")
	if err != nil {
		return err
	}
	with, _ := strconv.ParseInt(v.Typed("with", v.URL.Query().Get("with")), 10, 64)
	if why == nil && with > 0 {
		return p.preview(with)
	}
	head := ui.PageHead{Title: v.T("merging.who", "Name", p.Name()), Lead: v.T("merging.who_lead")}
	if why != nil {
		return p.back(head, why)
	}
	return p.search(head)
}

// search finds whom it may be: at first those of the same name.
func (p page) search(head ui.PageHead) error {
	typed := strings.TrimSpace(p.FormValue("q"))
	if typed == "" {
		typed = p.Name()
	}
	found, err := helping.Find(p.Context(), p.Reader(), p.Viewer, typed, p.Today)
	if err != nil {
		return err
	}
	parts := []templ.Component{head.View(p.Lang), ui.Filter{
		Label: p.T("merging.search"), Action: Path(p.Person.ID), Submit: p.T("merging.search"),
		Fields: []ui.Field{{Name: "q", Label: p.T("merging.query"), Hint: p.T("merging.query_hint"), Value: typed, Error: p.Wrong("with")}},
	}.View(p.Lang)}
	t := ui.Table{
		ID: "found", Caption: p.T("merging.found"),
		Columns: []ui.Column{{Label: p.T("people.name")}, {Label: p.T("entry.help.works")}},
		Empty:   ui.Empty{Picture: ui.PictureSearch, Title: p.T("merging.none_found"), Text: p.T("merging.none_found_help")},
	}
	for _, f := range found {
		if f.PersonID == p.Person.ID || f.PersonID == p.Viewer.PersonID {
			continue
		}
		where := ui.Text(f.Where)
		if f.Until != nil {
			where.Note = p.T("entry.help.left", "Day", p.Lang.Day(*f.Until))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(f.Name, pathWith(p.Person.ID, f.PersonID)), where}})
	}
	return p.Page(p.frame, append(parts, p.Table(t))...)
}

// preview is what merging the two does.
func (p page) preview(with int64) error {
	o, err := merging.Preview(p.Context(), p.Server.DB, p.Viewer, merging.Wish{Kept: p.Person.ID, Gone: with}, p.Now)
	head := ui.PageHead{Title: p.T("merging.who", "Name", p.Name()), Lead: p.T("merging.who_lead")}
	if why := fault.Of(err); why != nil && (why.Kind == fault.KindConflict || why.Kind == fault.KindInvalid) {
		if len(why.Fields) > 0 {
			why = fault.Conflict(why.Fields[0].Key)
		}
		return p.back(head, why)
	}
	if err != nil {
		return err
	}
	gone, err := people.Get(p.Context(), p.Reader(), p.Viewer, with, p.Today)
	if err != nil {
		return err
	}
	p.frame.Reading = true
	head.Title, head.Lead = p.T("merging.both", "Kept", o.Kept.Name(), "Gone", o.Gone.Name()), p.T("merging.both_lead", "Days", merging.Days)
	if o.Kept.Name() == o.Gone.Name() {
		head.Title = p.T("merging.namesakes", "Name", o.Kept.Name())
	}
	head.Others = []ui.Action{{Label: p.T("merging.other_way"), Href: pathWith(with, p.Person.ID), Kind: ui.Secondary}}
	parts := []templ.Component{head.View(p.Lang), ui.Section("who", p.T("merging.who_stays"), ui.Summary{
		{Term: p.T("merging.stays"), Slot: ui.Lines([]string{p.called(o.Kept), p.works(p.Detail)})},
		{Term: p.T("merging.goes"), Slot: ui.Lines([]string{p.called(o.Gone), p.works(gone)})},
	}.View(p.Lang))}
	if o.Kept.Name() != o.Gone.Name() {
		parts = append(parts, ui.Notice{Tone: ui.Caution, Text: p.T("merging.other_names")}.View(p.Lang))
	}
	parts = append(parts, p.courses(o)...)
	parts = append(parts, p.rest(o)...)
	return p.Page(p.frame, append(parts, p.form(o, with))...)
}

// called is somebody with the address.
func (p page) called(who people.Person) string {
	if who.Email == "" {
		return p.T("merging.without_address", "Name", who.Name())
	}
	return p.T("merging.with_address", "Name", who.Name(), "Email", who.Email)
}

// works is where somebody works, worked last or will work, and since when.
func (p page) works(who people.Detail) string {
	e := who.EmployedOn(p.Today)
	if e == nil {
		return p.T("entry.help.nothing")
	}
	return p.T("merging.main", "Where", e.Organisation, "Period", p.period(*e))
}

// courses are what becomes of each course, and of rounds in which both have a seat.
func (p page) courses(o merging.Outcome) (parts []templ.Component) {
	if len(o.Courses) > 0 {
		t := ui.Table{
			ID: "courses", Caption: p.T("merging.courses"),
			Columns: []ui.Column{{Label: p.T("merging.course"), Keep: true}, {Label: p.T("merging.tasks")}, {Label: p.T("merging.completed")}, {Label: p.T("merging.certificates"), Numeric: true}},
		}
		for _, c := range o.Courses {
			name, tasks := ui.Text(c.Title), ""
			if c.Whole {
				name.Note = p.T("merging.whole")
			}
			if c.Required > 0 {
				tasks = p.T("merging.tasks_done", "Done", c.Done, "Required", c.Required)
			}
			var days []string
			for _, d := range c.Completed {
				days = append(days, p.Lang.Day(d))
			}
			completed := ui.Text(strings.Join(days, ", "))
			if len(days) > 1 {
				completed.Note = p.T("merging.first_counts")
			}
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, ui.Text(tasks), completed, p.NumberCell(c.Certificates)}})
		}
		parts = append(parts, t.View(p.Lang))
	}
	var lines []string
	for _, s := range o.Seats {
		key := "merging.seats_stay"
		if s.GivenUp {
			key = "merging.seat_given_up"
		}
		lines = append(lines, p.T(key, "Course", s.Course, "Round", s.Label, "Day", p.Lang.Day(s.First), "Name", o.Gone.Name()))
	}
	if len(lines) > 0 {
		parts = append(parts, ui.Section("seats", p.T("merging.seats"), ui.Lines(lines)))
	}
	return parts
}

// rest is all else that comes along, and what stays.
func (p page) rest(o merging.Outcome) (parts []templ.Component) {
	var work, roles []string
	for _, e := range o.Jobs {
		key := "merging.beside"
		if e.Main {
			key = "merging.main"
		}
		work = append(work, p.T(key, "Where", e.Organisation, "Period", p.period(e)))
	}
	for _, e := range o.Doubled {
		work = append(work, p.T("merging.doubled", "Where", e.Organisation, "Period", p.period(e)))
	}
	for _, r := range o.Roles {
		roles = append(roles, p.T("privacy.sight_role", "Role", p.T(r.Role.KeyAt(r.District)), "Place", r.Organisation))
	}
	if len(work) > 0 {
		parts = append(parts, ui.Section("work", p.T("merging.work"), ui.Lines(work)))
	}
	if len(roles) > 0 {
		parts = append(parts, ui.Section("roles", p.T("merging.roles"), ui.Paragraph(p.T("merging.roles_lead", "Name", o.Kept.Name())), ui.Lines(roles)))
	}
	if len(o.Moved) > 0 {
		parts = append(parts, ui.Section("moved", p.T("merging.moved"), counts(p.Visit, o.Moved).View(p.Lang)))
	}
	if len(o.Stayed) > 0 {
		parts = append(parts, ui.Section("stayed", p.T("merging.stayed"), ui.Paragraph(p.T("merging.stayed_lead")), counts(p.Visit, o.Stayed).View(p.Lang)))
	}
	return parts
}

func (p page) period(e people.Employment) string {
	if e.Until == nil {
		return p.T("merging.since", "From", p.Lang.Day(e.From))
	}
	return p.Lang.Days(e.From, *e.Until)
}

// counts are rows by place.
func counts(v *visit.Visit, all []merging.Count) (s ui.Summary) {
	for _, c := range all {
		s = append(s, ui.Fact{Term: v.T("privacy.place_" + c.Table), Value: v.T("privacy.rows", "Count", c.Rows)})
	}
	return s
}

// form merges the two.
func (p page) form(o merging.Outcome, with int64) templ.Component {
	var fields []ui.Field
	hidden := []ui.Hidden{{Name: "with", Value: visit.ID(with)}}
	if o.Lost() != "" {
		fields = append(fields, ui.Field{
			Input: ui.RadioInput, Name: "email", Label: p.T("merging.address"), Hint: p.T("merging.address_hint"), Value: p.Typed("email", o.Email), Error: p.Wrong("email"),
			Options: []ui.Option{{Value: o.Email, Label: o.Email}, {Value: o.Lost(), Label: o.Lost()}},
		})
	}
	sheet := ui.Form(Path(p.Person.ID), p.T("merging.merge"), hidden, fields...)
	sheet.Cancel = visit.PersonPath(p.Person.ID)
	return ui.Section("do", p.T("merging.do"), ui.Paragraph(p.T("merging.do_lead")), sheet.View(p.Lang))
}

// Merge merges the two.
func Merge(v *visit.Visit) error {
	id, err := v.ID("person")
	if err != nil {
		return err
	}
	if _, err := merging.May(v.Context(), v.Reader(), v.Viewer, id, v.Today); err != nil {
		return err
	}
	with := v.NumberID("with")
	if with == 0 {
		return fault.Invalid("with", "merging.choose")
	}
	wish := merging.Wish{Kept: id, Gone: with, Email: v.FormValue("email")}
	if err := merging.Merge(v.Context(), v.Server.DB, v.Viewer, wish, v.Server.Site, v.Now); err != nil {
		return err
	}
	return v.Redirect(visit.PersonPath(id), "notice.persons_merged")
}
