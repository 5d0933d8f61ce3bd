package trainers

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/letters"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Meetings are a region's trainer meetings, with the form to plan one.
func Meetings(v *visit.Visit) error {
	region, err := v.ManagedRegion()
	if err != nil {
		return err
	}
	all, err := trainer.Meetings(v.Context(), v.Reader(), v.Viewer, region.ID)
	if err != nil {
		return err
	}
	title := v.T("trainer.meetings")
	f := v.Frame(title, v.CrumbsOf(region, ui.Crumb{Label: v.T("trainer.team.short"), Href: visit.RegionPath(region, "trainers")}, ui.Crumb{Label: title})...)
	page := ui.LastPage(max(1, v.Number("page", 1)), len(all), pastDaysPerPage)
	from := (page - 1) * pastDaysPerPage
	t := ui.Table{
		ID: "meetings", Caption: title, QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: v.T("trainer.meeting")}, {Label: v.T("round.day"), Keep: true}, {Label: v.T("round.hours"), Keep: true}, {Label: v.T("round.place")},
			{Label: v.T("meeting.invited"), Numeric: true}, {Label: v.T("meeting.come"), Numeric: true}, {Label: v.T("meeting.attended"), Numeric: true}, {Label: v.T("trainer.team.status")},
		},
		Pager: &ui.Pager{Address: v.Address(), Page: page, PerPage: pastDaysPerPage, Rows: len(all)},
		Empty: ui.Empty{Picture: ui.PictureCalendar, Title: v.T("meeting.none"), Text: v.T("meeting.none_help")},
	}
	for _, m := range all[min(from, len(all)):min(from+pastDaysPerPage, len(all))] {
		attended := ui.Text("")
		if m.Markable(v.Today) {
			attended = v.NumberCell(m.Attended)
		}
		place := m.Place
		if place == "" && m.Link != "" {
			place = v.T("meeting.online")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(m.Title, visit.MeetingPath(m.ID)), ui.Text(v.Lang.ShortDay(m.Day)), ui.Text(v.Lang.Hours(visit.Minutes(m.Starts), visit.Minutes(m.Ends))), ui.Text(place),
			v.NumberCell(m.Invited), v.NumberCell(m.Accepted), attended, meetingStatus(v, m),
		}})
	}
	invited, err := invitedFields(v, region.ID, v.Today)
	if err != nil {
		return err
	}
	plan := ui.Form(visit.RegionPath(region, "trainer-meetings"), v.T("meeting.plan"), nil, append(meetingFields(v, nil), invited...)...)
	return v.Page(f, ui.PageHead{Title: title, Lead: v.T("meeting.lead")}.View(v.Lang),
		t.View(v.Lang), ui.Section("plan", v.T("meeting.plan"), plan.View(v.Lang)))
}

func PlanMeeting(v *visit.Visit) error {
	region, err := v.ManagedRegion()
	if err != nil {
		return err
	}
	n, err := typedMeeting(v)
	if err == nil {
		n.RegionID = region.ID
		err = v.Write(func(tx *db.Tx) error {
			id, err := trainer.PlanMeeting(v.Context(), tx, v.Viewer, n, v.Today)
			if err != nil {
				return err
			}
			return letter.AfterMeeting(v.Context(), tx, id, v.Server.Site, v.Now)
		})
	}
	if err != nil {
		return err
	}
	return v.Redirect(visit.RegionPath(region, "trainer-meetings"), "notice.meeting_planned")
}

// typedMeeting is the meeting of the form.
func typedMeeting(v *visit.Visit) (trainer.NewMeeting, error) {
	var checks fault.Checks
	n := trainer.NewMeeting{
		Title: v.PostForm.Get("title"), Day: v.FormDay(&checks, "day"), Starts: v.PostForm.Get("starts"), Ends: v.PostForm.Get("ends"),
		Place: v.PostForm.Get("place"), Link: v.PostForm.Get("link"), Agenda: v.PostForm.Get("agenda"), Invited: trainer.Invited{Courses: ids(v, "courses"), Local: ids(v, "local")},
	}
	return n, checks.Err()
}

// meetingFields are the fields of a meeting, as they were typed, or with what
// stands in them before anybody has.
func meetingFields(v *visit.Visit, stands map[string]string) []ui.Field {
	fields := []ui.Field{
		{Name: "title", Label: v.T("meeting.title")},
		{Input: ui.DateInput, Name: "day", Label: v.T("round.day"), Min: v.Today.String()},
		{Input: ui.TimeInput, Name: "starts", Label: v.T("meeting.starts")},
		{Input: ui.TimeInput, Name: "ends", Label: v.T("meeting.ends")},
		{Name: "place", Label: v.T("round.place"), Hint: v.T("meeting.place_hint"), Optional: true},
		{Name: "link", Label: v.T("trainer.my_days.link"), Optional: true},
		{Input: ui.TextareaInput, Name: "agenda", Label: v.T("meeting.agenda"), Optional: true},
	}
	for i := range fields {
		f := &fields[i]
		f.Value, f.Error = v.Typed(f.Name, stands[f.Name]), v.Wrong(f.Name)
	}
	v.NameErrors(visit.Labelled(fields...))
	return fields
}

// ids are the identities that were chosen in the form's boxes; what is none is
// left out.
func ids(v *visit.Visit, name string) []int64 {
	var all []int64
	for _, value := range v.PostForm[name] {
		if id, err := strconv.ParseInt(value, 10, 64); err == nil {
			all = append(all, id)
		}
	}
	return all
}

// teamCourses are the courses that have a team in the region on the day.
func teamCourses(v *visit.Visit, regionID int64, day clock.Day) ([]ui.Option, error) {
	team, err := trainer.Team(v.Context(), v.Reader(), v.Viewer, regionID, day)
	var options []ui.Option
	for _, m := range team {
		value := visit.ID(m.CourseID)
		if m.Status(day) != trainer.Ended && !slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == value }) {
			options = append(options, ui.Option{Value: value, Label: m.Course})
		}
	}
	return options, err
}

// invitedFields are who can be invited to a meeting on the day: teams, and those who lead
// local occasions where there are any.
func invitedFields(v *visit.Visit, regionID int64, day clock.Day) ([]ui.Field, error) {
	courses, err := teamCourses(v, regionID, day)
	if err != nil {
		return nil, err
	}
	fields := []ui.Field{{
		Input: ui.CheckInput, Name: "courses", Label: v.T("meeting.courses"), Hint: v.T("meeting.courses_hint"),
		Options: courses, Values: append([]string{}, v.PostForm["courses"]...), Error: v.Wrong("courses"),
	}}
	local, err := trainer.LocalCourses(v.Context(), v.Reader(), v.Viewer, regionID, day)
	if err != nil || len(local) == 0 {
		return fields, err
	}
	leads := ui.Field{Input: ui.CheckInput, Name: "local", Label: v.T("meeting.local"), Hint: v.T("meeting.local_hint"), Optional: true, Values: append([]string{}, v.PostForm["local"]...)}
	for _, c := range local {
		leads.Options = append(leads.Options, ui.Option{Value: visit.ID(c.ID), Label: c.Name, Hint: v.T("meeting.local_leaders", "Count", c.Leaders)})
	}
	return append(fields, leads), nil
}

func meetingStatus(v *visit.Visit, m trainer.Meeting) ui.Cell {
	switch {
	case m.CancelledAt != nil:
		return ui.Status(v.T("trainer.meeting_cancelled"), ui.Negative)
	case m.Day < v.Today:
		return ui.Status(v.T("meeting.over"), ui.Plain)
	}
	return ui.Status(v.T("meeting.coming"), ui.Info)
}

// meetingAnswer is a guest's answer, as a word.
func meetingAnswer(v *visit.Visit, a trainer.Answer) ui.Cell {
	switch a {
	case trainer.Accepted:
		return ui.Status(v.T("meeting.comes"), ui.Positive)
	case trainer.Declined:
		return ui.Status(v.T("meeting.comes_not"), ui.Caution)
	}
	return ui.Text(v.T("meeting.unanswered"))
}

// meetingInAddress is the meeting, for its guests and those who manage it.
func meetingInAddress(v *visit.Visit) (trainer.MeetingDetail, error) {
	id, err := v.ID("meeting")
	if err != nil {
		return trainer.MeetingDetail{}, err
	}
	return trainer.MeetingByID(v.Context(), v.Reader(), v.Viewer, id)
}

func Meeting(v *visit.Visit) error {
	m, err := meetingInAddress(v)
	if err != nil {
		return err
	}
	return meetingPage(v, m)
}

// changeMeeting carries out a form of the meeting's page.
func changeMeeting(v *visit.Visit, notice string, do func(tx *db.Tx, m trainer.MeetingDetail) error) error {
	m, err := meetingInAddress(v)
	if err != nil {
		return err
	}
	err = v.Write(func(tx *db.Tx) error {
		if err := do(tx, m); err != nil {
			return err
		}
		return letter.AfterMeeting(v.Context(), tx, m.ID, v.Server.Site, v.Now)
	})
	if err != nil {
		return err
	}
	return v.Redirect(visit.MeetingPath(m.ID), notice)
}

func InviteToMeeting(v *visit.Visit) error {
	return changeMeeting(v, "notice.meeting_invited", func(tx *db.Tx, m trainer.MeetingDetail) error {
		_, err := trainer.Invite(v.Context(), tx, v.Viewer, m.ID, trainer.Invited{Courses: ids(v, "courses"), Local: ids(v, "local")}, v.Today)
		return err
	})
}

// SendMeetingAgain sends what bounced once more.
func SendMeetingAgain(v *visit.Visit) error {
	m, err := managedMeeting(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		_, err := letter.SendMeetingAgain(v.Context(), tx, v.Viewer, m.ID)
		return err
	}); err != nil {
		return err
	}
	return v.Redirect(visit.MeetingPath(m.ID), "notice.letter_again")
}

func AnswerMeeting(v *visit.Visit) error {
	return changeMeeting(v, "notice.meeting_answered", func(tx *db.Tx, m trainer.MeetingDetail) error {
		return trainer.AnswerMeeting(v.Context(), tx, v.Viewer, m.ID, trainer.Answer(v.PostForm.Get("answer")), v.Today)
	})
}

func MarkMeeting(v *visit.Visit) error {
	return changeMeeting(v, "notice.meeting_marked", func(tx *db.Tx, m trainer.MeetingDetail) error {
		return trainer.MarkMeeting(v.Context(), tx, v.Viewer, m.ID, ids(v, "came"), v.Today)
	})
}

func CancelMeeting(v *visit.Visit) error {
	return changeMeeting(v, "notice.meeting_cancelled", func(tx *db.Tx, m trainer.MeetingDetail) error {
		return trainer.CancelMeeting(v.Context(), tx, v.Viewer, m.ID, v.Now)
	})
}

// managedMeeting is the meeting in the address, for those who manage it.
func managedMeeting(v *visit.Visit) (trainer.MeetingDetail, error) {
	m, err := meetingInAddress(v)
	if err == nil && !m.Manages {
		err = fault.NotFound
	}
	return m, err
}

// MeetingForm is the form to change a meeting.
func MeetingForm(v *visit.Visit) error {
	m, err := managedMeeting(v)
	if err != nil {
		return err
	}
	if !m.Answerable(v.Today) {
		v.Refused = fault.Conflict("trainer.meeting_over")
		return meetingPage(v, m)
	}
	region := v.Server.Country[m.RegionID]
	head := ui.PageHead{Title: v.T("meeting.change"), Lead: v.T("meeting.change_lead")}
	f := v.Frame(head.Title, v.CrumbsOf(region, ui.Crumb{Label: v.T("trainer.meetings"), Href: visit.RegionPath(region, "trainer-meetings")}, ui.Crumb{Label: m.Title, Href: visit.MeetingPath(m.ID)})...)
	change := ui.Form(visit.MeetingPath(m.ID, "plan"), v.T("meeting.save"), nil, meetingFields(v, map[string]string{
		"title": m.Title, "day": m.Day.String(), "starts": m.Starts, "ends": m.Ends, "place": m.Place, "link": m.Link, "agenda": m.Agenda,
	})...)
	change.Cancel = visit.MeetingPath(m.ID)
	return v.Page(f, head.View(v.Lang), change.View(v.Lang))
}

// ReplanMeeting changes a meeting.
func ReplanMeeting(v *visit.Visit) error {
	m, err := managedMeeting(v)
	if err != nil {
		return err
	}
	n, err := typedMeeting(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		if err := trainer.ChangeMeeting(v.Context(), tx, v.Viewer, m.ID, n, v.Today); err != nil {
			return err
		}
		return letter.AfterMeeting(v.Context(), tx, m.ID, v.Server.Site, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(visit.MeetingPath(m.ID), "notice.meeting_changed")
}

// meetingLetters are who was written what about the meeting, and when.
func meetingLetters(v *visit.Visit, m trainer.MeetingDetail) (templ.Component, error) {
	all, err := letter.MeetingLetters(v.Context(), v.Reader(), v.Viewer, m.ID)
	if err != nil || len(all) == 0 {
		return templ.NopComponent, err
	}
	t := ui.Table{
		ID: "letters", Caption: v.T("letter.recipients"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: v.T("letter.name")}, {Label: v.T("letter.text")}, {Label: v.T("letter.state")}},
	}
	bounced := 0
	latest := map[int64]bool{}
	for _, l := range all {
		if !latest[l.PersonID] && l.Bounced() {
			bounced++
		}
		latest[l.PersonID] = true
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			letters.ReaderCell(v, l.Part), {Slot: ui.Fold(l.Subject, ui.LetterText(l.Subject, l.Body))}, letters.PartState(v, l.Part),
		}})
	}
	return templ.Join(letters.Bounces(v, bounced, visit.MeetingPath(m.ID, "resending")), ui.Fold(v.T("meeting.letters", "Count", len(all)), t.View(v.Lang))), nil
}

func meetingPage(v *visit.Visit, m trainer.MeetingDetail) error {
	region := v.Server.Country[m.RegionID]
	up := ui.Crumb{Label: v.T("trainer.my_days.title"), Href: visit.MyDaysPath}
	if m.Manages {
		up = ui.Crumb{Label: v.T("trainer.meetings"), Href: visit.RegionPath(region, "trainer-meetings")}
	}
	f := v.Frame(m.Title, v.CrumbsOf(region, up, ui.Crumb{Label: m.Title})...)
	f.Reading = !m.Manages
	head := ui.PageHead{Title: m.Title, Lead: v.Lang.DayHours(m.Day, visit.Minutes(m.Starts), visit.Minutes(m.Ends))}
	if m.CancelledAt != nil {
		head.Tag = &ui.Tag{Word: v.T("trainer.meeting_cancelled"), Tone: ui.Negative}
	}
	if m.Manages && m.Answerable(v.Today) {
		head.Others = []ui.Action{{Label: v.T("meeting.change"), Href: visit.MeetingPath(m.ID, "plan")}}
	}
	var facts ui.Summary
	if m.Place != "" {
		facts = append(facts, ui.Fact{Term: v.T("round.place"), Value: m.Place})
	}
	if m.Link != "" {
		facts = append(facts, ui.Fact{Term: v.T("trainer.my_days.link"), Slot: ui.TextLink(m.Link, m.Link)})
	}
	if m.Agenda != "" {
		facts = append(facts, ui.Fact{Term: v.T("meeting.agenda"), Slot: paragraphs(strings.Split(m.Agenda, "\n"))})
	}
	shown := []templ.Component{head.View(v.Lang), facts.View(v.Lang)}
	if m.Own != nil {
		shown = append(shown, ownAnswer(v, m))
	}
	if m.Manages {
		guests, err := meetingGuests(v, m)
		if err != nil {
			return err
		}
		shown = append(shown, guests...)
	}
	return v.Page(f, shown...)
}

func ownAnswer(v *visit.Visit, m trainer.MeetingDetail) templ.Component {
	if !m.Answerable(v.Today) {
		return templ.NopComponent
	}
	said := meetingAnswer(v, m.Own.Answer)
	answer := ui.Words(said.Text)
	if said.Tag != nil {
		answer = said.Tag.View(v.Lang)
	}
	return ui.Section("answer", v.T("meeting.your_answer"), ui.Summary{{Term: v.T("trainer.my_days.answer"), Slot: answer}}.View(v.Lang),
		answerButtons(v, visit.MeetingPath(m.ID, "answer"), "", m.Own.Answer))
}

func meetingGuests(v *visit.Visit, m trainer.MeetingDetail) ([]templ.Component, error) {
	marks := m.Markable(v.Today)
	t := ui.Table{
		ID: "guests", Caption: v.T("meeting.guests"), QuietTitle: true, Dense: true,
		Note:    v.T("meeting.counts", "Accepted", m.Accepted, "Declined", m.Declined, "Invited", m.Invited),
		Columns: []ui.Column{{Label: v.T("round.name")}, {Label: v.T("round.municipality")}, {Label: v.T("meeting.answer")}, {Label: v.T("meeting.came")}},
	}
	for _, g := range m.Guests {
		where := g.Municipality
		if where == "" {
			where = v.T("round.rss")
		}
		came := ui.Text("")
		if g.Attended != nil {
			came = ui.Text(v.T("meeting.did_not_come"))
			if *g.Attended {
				came = ui.Text(v.T("meeting.did_come"))
			}
		}
		if marks {
			came = ui.Cell{Slot: cameBox(v, g)}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(g.Name), ui.Text(where), meetingAnswer(v, g.Answer), came}})
	}
	list := t.View(v.Lang)
	if marks {
		list = picked(v, visit.MeetingPath(m.ID, "attendance"), v.T("meeting.save_attendance"), t)
	}
	letters, err := meetingLetters(v, m)
	if err != nil {
		return nil, err
	}
	shown := []templ.Component{ui.Section("guests", v.T("meeting.guests"), list), letters}
	if !m.Answerable(v.Today) {
		return shown, nil
	}
	invited, err := invitedFields(v, m.RegionID, m.Day)
	if err != nil {
		return nil, err
	}
	invite := ui.Form(visit.MeetingPath(m.ID, "guests"), v.T("meeting.invite"), nil, invited...)
	invite.Kind = ui.Secondary
	return append(shown, ui.Fold(v.T("meeting.invite_more"), invite.View(v.Lang)),
		ui.Confirm{
			ID: "cancellation", Opener: ui.Action{Label: v.T("meeting.cancel"), Kind: ui.Secondary}, Title: v.T("meeting.cancel_title"), Text: v.T("meeting.cancel_text", "Count", m.Invited-m.Declined),
			Action: ui.Action{Label: v.T("meeting.cancel"), Href: visit.MeetingPath(m.ID, "cancellation"), Kind: ui.Danger, Post: true},
		}.View(v.Lang)), nil
}
