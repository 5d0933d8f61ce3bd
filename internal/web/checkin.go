package web

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"github.com/boombuler/barcode/qr"

	"yrkesresan/internal/attendance"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
)

func checkInPath(dayID int64) string { return "/check-in/" + strconv.FormatInt(dayID, 10) }

// onScreen is the screen of the day in the address.
func (v *Visit) onScreen() (attendance.Screen, error) {
	id, err := v.ID("day")
	if err != nil {
		return attendance.Screen{}, err
	}
	return attendance.OnScreen(v.Context(), v.server.DB, v.Viewer, id, v.Now)
}

// site is our own address as this browser writes it.
func (v *Visit) site() string {
	if v.secure() {
		return "https://" + v.Host
	}
	return "http://" + v.Host
}

// screen is what the projector shows: the course's name, the picture to scan,
// the code to type, and how many have come.
func (s *Server) screen(v *Visit) error {
	screen, err := v.onScreen()
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

// typedCode is written in two halves, to be read across a hall.
func typedCode(code string) string { return code[:3] + " " + code[3:] }

// whyClosed says why nobody can check in now; empty while they can.
func whyClosed(v *Visit, s attendance.Screen) string {
	if s.CancelledAt != nil {
		return v.T("round.is_cancelled")
	}
	_, err := attendance.MarkAt(s.Day, v.Now)
	if f := fault.Of(err); f != nil {
		return v.T(f.Key+"_room", f.Args...)
	}
	return ""
}

// codePicture is the day's code of the moment as a picture to scan. The
// address that it holds is also its title.
func (s *Server) codePicture(v *Visit) error {
	screen, err := v.onScreen()
	if err != nil {
		return err
	}
	picture, err := drawCode(v.site() + checkInPath(screen.Day.ID) + "/" + screen.Scan)
	if err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "image/svg+xml")
	_, _ = v.W.Write(picture) // a browser that left is no fault of ours
	return nil
}

// quiet is the white margin that readers need, in modules (ISO/IEC 18004).
const quiet = 4

// drawCode is a QR code of the text as SVG, dark on white in every scheme.
func drawCode(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("draw the code: %w", err)
	}
	size := code.Bounds().Dx()
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges"><title>`, size+2*quiet)
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		return nil, err
	}
	b.WriteString(`</title><rect width="100%" height="100%" fill="#fff"/><path fill="#000" d="`)
	for y := range size {
		for x := 0; x < size; x++ {
			run := 0
			for x+run < size {
				if r, _, _, _ := code.At(x+run, y).RGBA(); r != 0 {
					break
				}
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.Bytes(), nil
}

// scan is the page that the picture leads to. A visitor who is not signed in
// yet comes back to it afterwards: the scan holds as long as that takes.
func (s *Server) scan(v *Visit) error {
	dayID, err := v.ID("day")
	if err != nil {
		return err
	}
	ticket, err := attendance.Scan(v.Context(), v.Reader(), dayID, v.PathValue("code"), v.Now)
	if fault.Of(err) != nil {
		return v.checkInRefused(0, err)
	}
	if err != nil {
		return err
	}
	if !v.SignedIn() {
		return v.Redirect("/sign-in?next="+url.QueryEscape(checkInPath(dayID)+"/"+ticket), "")
	}
	mine, err := attendance.MyDay(v.Context(), v.Reader(), v.Viewer, dayID)
	if fault.Of(err) != nil {
		return v.checkInRefused(dayID, err)
	}
	if err != nil {
		return err
	}
	if mine.Mark != "" {
		return v.Redirect("/check-in", "")
	}
	f := v.Frame(v.T("check_in.title"))
	f.Reading = true
	button := form(checkInPath(dayID), v.T("check_in.here"), []ui.Hidden{{Name: "code", Value: ticket}})
	return v.Page(f, ui.PageHead{Title: mine.Course, Lead: v.whenAndWhere(mine)}.View(v.Lang), button.View(v.Lang))
}

// whenAndWhere is the day's label, hours and place.
func (v *Visit) whenAndWhere(d attendance.OwnDay) string {
	words := d.Label
	if d.Days > 1 {
		words += ", " + v.T("my_days.day_n_of", "N", d.Ordinal, "All", d.Days)
	}
	words += ", " + v.Lang.DayHours(d.Day.Day, minutes(d.Starts), minutes(d.Ends))
	if d.Place != "" {
		words += ", " + d.Place
	}
	return words
}

// checkInScanned is "I am here" after a scan.
func (s *Server) checkInScanned(v *Visit) error {
	dayID, err := v.ID("day")
	if err != nil {
		return err
	}
	mine, err := attendance.CheckIn(v.Context(), s.DB, v.Viewer, dayID, v.PostForm.Get("code"), v.Now)
	if err != nil {
		return err
	}
	return v.checkedIn(mine)
}

// scanRefused says why the button after a scan did not check somebody in.
func (s *Server) scanRefused(v *Visit) error {
	if v.Refused == nil {
		return v.Redirect("/check-in", "")
	}
	dayID, err := v.ID("day")
	if err != nil {
		return err
	}
	return v.checkInRefused(dayID, v.Refused)
}

// checkedIn leads to the page that shows it.
func (v *Visit) checkedIn(mine attendance.OwnDay) error {
	if mine.Word.Source != round.SelfSaid {
		return v.Redirect("/check-in", "")
	}
	return v.Redirect("/check-in", "notice.checked_in", "Course", mine.Course)
}

// checkInRefused says why somebody cannot check in, and what to do about it.
func (v *Visit) checkInRefused(dayID int64, refused error) error {
	problem := fault.Of(refused)
	f := v.Frame(v.T("check_in.title"))
	f.Reading = true
	head := ui.PageHead{Title: v.T(problem.Key, problem.Args...)}
	if help := problem.Key + "_help"; v.Lang.Has(help) {
		head.Lead = v.T(help)
	}
	next := ui.Action{Label: v.T("check_in.type_instead"), Href: "/check-in", Kind: ui.Secondary}
	switch {
	case problem.Kind == fault.KindTooMany:
		next = ui.Action{Label: v.T("nav.my_journey"), Href: myJourneyPath, Kind: ui.Secondary}
	case problem.Key == "check_in.not_enrolled" && dayID != 0:
		next = ui.Action{Label: v.T("my_courses.see_rounds"), Href: "/rounds", Kind: ui.Secondary}
	}
	return v.PageStatus(statusOf(problem.Kind), f, head.View(v.Lang), next.View(v.Lang))
}

func (s *Server) checkInTyped(v *Visit) error {
	code := v.PostForm.Get("code")
	if code == "" {
		return fault.Invalid("code", "check_in.code_missing")
	}
	mine, err := attendance.CheckInTyped(v.Context(), s.DB, v.Viewer, code, v.Now)
	if f := fault.Of(err); f != nil && f.Key == "check_in.code_expired" {
		return fault.Conflict("check_in.code_wrong") // typed, it may be a slip of the finger
	}
	if err != nil {
		return err
	}
	return v.checkedIn(mine)
}

// checkIn is for those who type the code: their course days of today, and where
// each of them stands.
func (s *Server) checkIn(v *Visit) error {
	days, err := attendance.OwnDays(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil {
		return err
	}
	f := v.Frame(v.T("check_in.title"))
	f.Reading = true
	parts := []templ.Component{ui.PageHead{Title: v.T("check_in.title")}.View(v.Lang)}
	waiting := 0
	for _, d := range days {
		if d.Mark == "" && !d.Cancelled {
			waiting++
		}
	}
	if len(days) == 0 {
		parts = append(parts, ui.Empty{
			Picture: ui.PictureCalendar, Title: v.T("check_in.no_day"), Text: v.T("check_in.no_day_help"),
			Action: &ui.Action{Label: v.T("my_courses.see_rounds"), Href: "/rounds", Kind: ui.Secondary},
		}.View(v.Lang))
		return v.Page(f, parts...)
	}
	var facts ui.Summary
	for _, d := range days {
		facts = append(facts, ui.Fact{Term: d.Course + ", " + v.Lang.Hours(minutes(d.Starts), minutes(d.Ends)), Value: v.whereIStand(d)})
	}
	if asked := v.askOwnWord(days, "/check-in"); asked != nil {
		parts = append(parts, asked)
	}
	parts = append(parts, facts.View(v.Lang))
	if waiting > 0 {
		wrong := v.Wrong("code")
		if wrong == "" && v.Refused != nil {
			wrong = v.T(v.Refused.Key, v.Refused.Args...)
		}
		field := ui.Field{
			Input: ui.NumberInput, Name: "code", Label: v.T("check_in.code"), Hint: v.T("check_in.code_hint"),
			Value: v.Typed("code", ""), Error: wrong, Autocomplete: "one-time-code", Short: true,
		}
		parts = append(parts, form("/check-in", v.T("check_in.here"), nil, field).View(v.Lang))
	}
	return v.Page(f, parts...)
}

// whereIStand says whether one is checked in, and on whose word.
func (v *Visit) whereIStand(d attendance.OwnDay) string {
	switch {
	case d.Cancelled:
		return v.T("round.is_cancelled")
	case d.Mark == "":
		if _, err := attendance.MarkAt(d.Day, v.Now); err != nil {
			f := fault.Of(err)
			return v.T(f.Key, f.Args...)
		}
		return v.T("check_in.not_yet")
	case d.Word.Source == round.SelfSaid:
		return v.T("check_in.own_"+string(d.Mark), "At", d.Word.At)
	}
	return v.T("check_in.trainer_said", "Mark", v.T(d.Mark.Key()))
}
