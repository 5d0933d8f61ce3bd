package rounds

import (
	"slices"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/rollcall"
	"yrkesresan/internal/web/trainers"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// own is the visitor's own seat: what an employee came to see.
func (p *roundPage) own() templ.Component {
	at := slices.IndexFunc(p.d.Enrolments, func(e round.Enrolment) bool { return e.ID == p.d.EnrolmentID })
	if p.d.EnrolmentID == 0 || at < 0 {
		return templ.NopComponent
	}
	e := p.d.Enrolments[at]
	var facts ui.Summary
	for i, day := range p.d.CourseDays {
		mark := p.ownMark(e, i, day)
		for _, mine := range p.reported {
			if mine.ID == day.ID {
				mark = templ.Join(mark, ui.Words(" "), rollcall.RegretOwnWord(p.Visit, mine, visit.RoundPath(p.d.ID)))
			}
		}
		facts = append(facts, ui.Fact{Term: p.dayWord(day), Slot: mark})
	}
	approved := p.T("round.not_approved_yet")
	switch {
	case e.ApprovedOn != nil && p.d.Local():
		approved = p.T("journey.my_courses.done_on", "Day", *e.ApprovedOn)
	case e.ApprovedOn != nil:
		approved = p.T("round.approved_on", "Day", *e.ApprovedOn)
	case p.d.Local():
		approved = p.T("local.not_done_yet")
	}
	course := "round.approved_course"
	if p.d.Local() {
		course = "round.course"
	}
	facts = append(facts, ui.Fact{Term: p.T(course), Value: approved})
	return ui.Section("own", p.T("round.own_seat"), facts.View(p.Lang))
}

func (p *roundPage) ownMark(e round.Enrolment, i int, day round.Day) templ.Component {
	switch {
	case e.Marks[i] != "":
		return markTag(p.Visit, e.Marks[i]).View(p.Lang)
	case p.d.CancelledAt != nil:
		return ui.Tag{Word: p.T(round.Cancelled.Key()), Tone: ui.Negative}.View(p.Lang)
	case day.Day < p.Today:
		return ui.Words(p.T("round.is_unmarked"))
	}
	return ui.Words(p.T("round.you_have_a_seat"))
}

func markTag(v *visit.Visit, m round.Mark) ui.Tag {
	tone := ui.Positive
	switch m {
	case round.Late:
		tone = ui.Info
	case round.Excused:
		tone = ui.Caution
	case round.Absent:
		tone = ui.Negative
	case round.Present:
	}
	return ui.Tag{Word: v.T("attendance.mark_" + string(m)), Tone: tone}
}

// showsMarks tells whether the day's marks are shown: once the list is saved, and
// of a local round as soon as its participants say that they were there.
func (p *roundPage) showsMarks(day round.Day) bool {
	return day.HeldAt != nil || p.d.Local() && p.d.MarksAttendance() && day.Markable(p.Today)
}

// participants are those whom the visitor may see because of an office or
// because they hold a day.
func (p *roundPage) participants() templ.Component {
	d := p.d
	staff := access.Staff(p.Viewer)
	if !d.MarksAttendance() && staff.Empty() {
		return templ.NopComponent
	}
	t := ui.Table{
		ID: "participants-table", Caption: p.T("round.participants"), QuietTitle: true, Dense: true,
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: p.T("round.no_participants"), Text: p.T("round.no_participants_help")},
	}
	if !d.MarksAttendance() {
		t.Empty = ui.Empty{Picture: ui.PicturePeople, Title: p.T("round.no_own_participants"), Text: p.T("round.no_own_participants_help")}
		t.Note = p.T("round.only_your_people")
	}
	columns := p.participantColumns(staff)
	for _, c := range columns {
		t.Columns = append(t.Columns, c.Column)
	}
	for _, e := range d.Enrolments {
		p.Saw(e.PersonID)
		row := ui.Row{Current: e.ID == d.EnrolmentID}
		for _, c := range columns {
			row.Cells = append(row.Cells, c.cell(e))
		}
		t.Rows = append(t.Rows, row)
	}
	return ui.Section("participants", p.T("round.participants"), p.Take(t, visit.RoundPath(d.ID, "participants")))
}

// participantColumn is a column of the participants with what it says of each.
type participantColumn struct {
	ui.Column
	cell func(round.Enrolment) ui.Cell
}

// participantColumns are those with something in them: others would only be dashes.
func (p *roundPage) participantColumns(staff access.Scope) []participantColumn {
	d := p.d
	columns := []participantColumn{{ui.Column{Label: p.T("round.name")}, func(e round.Enrolment) ui.Cell {
		name := ui.Text(e.Name)
		if staff.Covers(access.Place{RegionID: d.RegionID, MunicipalityID: e.MunicipalityID}) {
			name.Href = visit.PersonPath(e.PersonID)
		}
		if e.ID != d.EnrolmentID { // one's own stands above
			name.Note = p.signup.Meanwhile(e.PersonID)
		}
		return name
	}}}
	if label := trainers.Wherefrom(d); label != "" {
		columns = append(columns, participantColumn{ui.Column{Label: p.T(label)}, func(e round.Enrolment) ui.Cell { return ui.Text(visit.Workplace(d, e)) }})
	}
	for i, day := range d.CourseDays {
		if !p.showsMarks(day) {
			continue
		}
		label := p.Lang.TinyDay(day.Day)
		if d.Days > 1 {
			label = p.T("round.day_n", "N", day.Ordinal) + ", " + label
		}
		columns = append(columns, participantColumn{ui.Column{Label: label}, func(e round.Enrolment) ui.Cell { return p.markCell(e, i) }})
	}
	ends := d.Held == d.Days || d.Approved > 0
	if ends {
		label := "round.approved_one"
		if d.Local() {
			label = "local.done_one"
		}
		columns = append(columns, participantColumn{ui.Column{Label: p.T(label)}, func(e round.Enrolment) ui.Cell {
			if e.ApprovedOn == nil {
				return ui.Text("")
			}
			return ui.Text(p.Lang.TinyDay(*e.ApprovedOn))
		}})
	}
	if ends && d.Manages && !d.Local() { // a local round's follows the attendance
		columns = append(columns, participantColumn{ui.Column{Label: p.T("round.unapprove"), Action: true}, func(e round.Enrolment) ui.Cell {
			if e.ApprovedOn == nil {
				return ui.Cell{Slot: templ.NopComponent}
			}
			return ui.Cell{Text: p.T("round.unapprove_short"), Href: visit.SeatPath(e.ID, "unapproval"), About: e.Name}
		}})
	}
	if d.Held == 0 && d.CancelledAt == nil && (d.Manages || !staff.Empty() && p.Today < d.FirstDay) {
		columns = append(columns, participantColumn{ui.Column{Label: p.T("signup.change_seat"), Action: true}, func(e round.Enrolment) ui.Cell {
			return ui.Cell{Text: p.T("signup.change_seat"), Href: visit.SeatPath(e.ID), About: e.Name}
		}})
	}
	return columns
}

// markCell is what is said of the participant on the day, the i-th of the round.
func (p *roundPage) markCell(e round.Enrolment, i int) ui.Cell {
	switch m := e.Marks[i]; {
	case m == round.Present && e.Words[i].Source == round.SelfSaid && p.d.Local():
		return ui.Status(p.T("local.says_so"), ui.Info)
	case m == round.Present:
		return ui.Text(p.T("attendance.mark_present"))
	case m != "":
		tag := markTag(p.Visit, m)
		cell := ui.Cell{Tag: &tag}
		if p.d.MarksAttendance() {
			cell.Note = e.Reasons[i]
		}
		return cell
	}
	return ui.Text("")
}
