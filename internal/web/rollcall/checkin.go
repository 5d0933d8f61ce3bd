package rollcall

import (
	"bytes"

	"github.com/a-h/templ"

	"yrkesresan/internal/attendance"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/qrcode"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// onScreen is the screen of the day in the address.
func onScreen(v *visit.Visit) (attendance.Screen, error) {
	id, err := v.ID("day")
	if err != nil {
		return attendance.Screen{}, err
	}
	return attendance.OnScreen(v.Context(), v.Server.DB, v.Viewer, id, v.Now)
}

// Screen is what the projector shows: the course's name, the picture to scan,
// the code to type, and how many have come.
func Screen(v *visit.Visit) error {
	screen, err := onScreen(v)
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := screenPage(v, screen).Render(v.Context(), &page); err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = page.WriteTo(v.W) // a browser that left is no fault of ours
	return nil
}

// TypedCode is written in two halves, to be read across a hall.
func TypedCode(code string) string { return code[:3] + " " + code[3:] }

// WhyClosed says why nobody can check in now; empty while they can.
func WhyClosed(v *visit.Visit, s attendance.Screen) string {
	if s.CancelledAt != nil {
		return v.T("round.is_cancelled")
	}
	_, err := attendance.MarkAt(s.Day, v.Now)
	if f := fault.Of(err); f != nil {
		return v.T(f.Key+"_room", f.Args...)
	}
	return ""
}

// CodePicture is the day's code of the moment as a picture to scan. The
// address that it holds is also its title.
func CodePicture(v *visit.Visit) error {
	screen, err := onScreen(v)
	if err != nil {
		return err
	}
	picture, err := qrcode.SVG(v.Server.Site.Base + visit.CheckInPath(screen.Day.ID, screen.Scan))
	if err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "image/svg+xml")
	_, _ = v.W.Write(picture) // a browser that left is no fault of ours
	return nil
}

// Scan is the page that the picture leads to. A visitor who is not signed in
// yet comes back to it afterwards: the scan holds as long as that takes.
func Scan(v *visit.Visit) error {
	dayID, err := v.ID("day")
	if err != nil {
		return err
	}
	ticket, err := attendance.Scan(v.Context(), v.Reader(), dayID, v.PathValue("code"), v.Now)
	if fault.Of(err) != nil {
		return checkInRefused(v, 0, err)
	}
	if err != nil {
		return err
	}
	if !v.SignedIn() {
		return v.Redirect(visit.SignInTo(visit.CheckInPath(dayID, ticket)), "")
	}
	mine, err := attendance.MyDay(v.Context(), v.Reader(), v.Viewer, dayID)
	if fault.Of(err) != nil {
		return checkInRefused(v, dayID, err)
	}
	if err != nil {
		return err
	}
	if mine.Mark != "" {
		return v.Redirect(visit.CheckInPage, "")
	}
	f := v.Frame(v.T("attendance.check_in.title"))
	f.Reading = true
	button := ui.Form(visit.CheckInPath(dayID), v.T("attendance.check_in.here"), []ui.Hidden{{Name: "code", Value: ticket}})
	return v.Page(f, ui.PageHead{Title: mine.Course, Lead: whenAndWhere(v, mine)}.View(v.Lang), button.View(v.Lang))
}

// whenAndWhere is the day's label, hours and place.
func whenAndWhere(v *visit.Visit, d attendance.OwnDay) string {
	words := d.Label
	if d.Days > 1 {
		words += ", " + v.T("trainer.my_days.day_n_of", "N", d.Ordinal, "All", d.Days)
	}
	words += ", " + v.Lang.DayHours(d.Day.Day, visit.Minutes(d.Starts), visit.Minutes(d.Ends))
	if d.Place != "" {
		words += ", " + d.Place
	}
	return words
}

// CheckInScanned is "I am here" after a scan.
func CheckInScanned(v *visit.Visit) error {
	dayID, err := v.ID("day")
	if err != nil {
		return err
	}
	mine, err := attendance.CheckIn(v.Context(), v.Server.DB, v.Viewer, dayID, v.PostForm.Get("code"), v.Now)
	if err != nil {
		return err
	}
	return checkedIn(v, mine)
}

// ScanRefused says why the button after a scan did not check somebody in.
func ScanRefused(v *visit.Visit) error {
	if v.Refused == nil {
		return v.Redirect(visit.CheckInPage, "")
	}
	dayID, err := v.ID("day")
	if err != nil {
		return err
	}
	return checkInRefused(v, dayID, v.Refused)
}

// checkedIn leads to the page that shows it.
func checkedIn(v *visit.Visit, mine attendance.OwnDay) error {
	if mine.Word.Source != round.SelfSaid {
		return v.Redirect(visit.CheckInPage, "")
	}
	return v.Redirect(visit.CheckInPage, "notice.checked_in", "Course", mine.Course)
}

// checkInRefused says why somebody cannot check in, and what to do about it.
func checkInRefused(v *visit.Visit, dayID int64, refused error) error {
	problem := fault.Of(refused)
	f := v.Frame(v.T("attendance.check_in.title"))
	f.Reading = true
	head := ui.PageHead{Title: v.T(problem.Key, problem.Args...)}
	if help := problem.Key + "_help"; v.Lang.Has(help) {
		head.Lead = v.T(help)
	}
	next := ui.Action{Label: v.T("attendance.check_in.type_instead"), Href: visit.CheckInPage, Kind: ui.Secondary}
	switch {
	case problem.Kind == fault.KindTooMany:
		next = ui.Action{Label: v.T("nav.my_journey"), Href: visit.MyJourneyPath, Kind: ui.Secondary}
	case problem.Key == "attendance.check_in.not_enrolled" && dayID != 0:
		next = ui.Action{Label: v.T("journey.my_courses.see_rounds"), Href: visit.RoundsPath, Kind: ui.Secondary}
	}
	return v.PageStatus(visit.StatusOf(problem.Kind), f, head.View(v.Lang), next.View(v.Lang))
}

func CheckInTyped(v *visit.Visit) error {
	code := v.PostForm.Get("code")
	if code == "" {
		return fault.Invalid("code", "attendance.check_in.code_missing")
	}
	mine, err := attendance.CheckInTyped(v.Context(), v.Server.DB, v.Viewer, code, v.Now)
	if f := fault.Of(err); f != nil && f.Key == "attendance.check_in.code_expired" {
		return fault.Conflict("attendance.check_in.code_wrong") // typed, it may be a slip of the finger
	}
	if err != nil {
		return err
	}
	return checkedIn(v, mine)
}

// CheckIn is for those who type the code: their course days of today, and where
// each of them stands.
func CheckIn(v *visit.Visit) error {
	days, err := attendance.OwnDays(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil {
		return err
	}
	f := v.Frame(v.T("attendance.check_in.title"))
	f.Reading = true
	parts := []templ.Component{ui.PageHead{Title: v.T("attendance.check_in.title")}.View(v.Lang)}
	waiting := 0
	for _, d := range days {
		if d.Mark == "" && !d.Cancelled {
			waiting++
		}
	}
	if len(days) == 0 {
		parts = append(parts, ui.Empty{
			Picture: ui.PictureCalendar, Title: v.T("attendance.check_in.no_day"), Text: v.T("attendance.check_in.no_day_help"),
			Action: &ui.Action{Label: v.T("journey.my_courses.see_rounds"), Href: visit.RoundsPath, Kind: ui.Secondary},
		}.View(v.Lang))
		return v.Page(f, parts...)
	}
	var facts ui.Summary
	for _, d := range days {
		facts = append(facts, ui.Fact{Term: d.Course + ", " + v.Lang.Hours(visit.Minutes(d.Starts), visit.Minutes(d.Ends)), Value: whereIStand(v, d)})
	}
	for _, d := range days {
		if d.Mark.Attended() && !d.Cancelled {
			parts = append(parts, ui.Action{Label: v.T("together.follow"), About: d.Course, Href: visit.DayPath(d.ID, "room")}.View(v.Lang))
		}
	}
	if asked := AskOwnWord(v, days, visit.CheckInPage); asked != nil {
		parts = append(parts, asked)
	}
	parts = append(parts, facts.View(v.Lang))
	if waiting > 0 {
		wrong := v.Wrong("code")
		if wrong == "" && v.Refused != nil {
			wrong = v.T(v.Refused.Key, v.Refused.Args...)
		}
		field := ui.Field{
			Input: ui.NumberInput, Name: "code", Label: v.T("attendance.check_in.code"), Hint: v.T("attendance.check_in.code_hint"),
			Value: v.Typed("code", ""), Error: wrong, Autocomplete: "one-time-code", Short: true,
		}
		parts = append(parts, ui.Form(visit.CheckInPage, v.T("attendance.check_in.here"), nil, field).View(v.Lang))
	}
	return v.Page(f, parts...)
}

// whereIStand says whether one is checked in, and on whose word.
func whereIStand(v *visit.Visit, d attendance.OwnDay) string {
	switch {
	case d.Cancelled:
		return v.T("round.is_cancelled")
	case d.Mark == "":
		if _, err := attendance.MarkAt(d.Day, v.Now); err != nil {
			f := fault.Of(err)
			return v.T(f.Key, f.Args...)
		}
		return v.T("attendance.check_in.not_yet")
	case d.Word.Source == round.SelfSaid:
		return v.T("attendance.check_in.own_"+string(d.Mark), "At", d.Word.At)
	}
	return v.T("attendance.check_in.trainer_said", "Mark", v.T(d.Mark.Key()))
}
