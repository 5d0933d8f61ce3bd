package trainers

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/calendar"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// MyCalendar is one's private calendar addresses.
func MyCalendar(v *visit.Visit) error { return calendarPage(v, "") }

// calendarPage shows the addresses that hold; made is one that was just made,
// and is shown this once.
func calendarPage(v *visit.Visit, made string) error {
	all, err := calendar.Addresses(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	head := ui.PageHead{Title: v.T("calendar.title"), Lead: v.T("calendar.lead")}
	f := v.Frame(head.Title)
	f.Reading = true
	parts := []templ.Component{head.View(v.Lang)}
	if made != "" {
		parts = append(parts, ui.Notice{Tone: ui.Positive, Title: v.T("calendar.made"), Text: v.T("calendar.made_text")}.View(v.Lang),
			ui.Choices(ui.TextLink(v.T("calendar.open"), webcal(made))), copyable(v.Lang, v.T("calendar.address"), made))
	}
	t := ui.Table{
		ID: "addresses", Caption: v.T("calendar.addresses"),
		Columns: []ui.Column{{Label: v.T("calendar.holds")}, {Label: v.T("calendar.made_on"), Keep: true}, {Label: v.T("calendar.revoke"), Action: true}},
		Empty:   ui.Empty{Picture: ui.PictureCalendar, Title: v.T("calendar.none"), Text: v.T("calendar.none_help")},
	}
	for _, a := range all {
		what := v.T("calendar.own")
		if a.RegionID != 0 {
			what = v.T("calendar.region", "Region", a.Region)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(what), ui.Text(v.Lang.Day(a.MadeAt.Day())),
			{Slot: ui.Action{Label: v.T("calendar.revoke"), About: what, Href: visit.FeedPath(a.ID, "revocation"), Post: true, Kind: ui.Secondary, Small: true}.View(v.Lang)},
		}})
	}
	options := []ui.Option{{Value: "", Label: v.T("calendar.own")}}
	if r, ok := v.RegionOf(v.Office()); ok && access.Rounds(v.Viewer).Covers(access.Place{RegionID: r.ID}) {
		options = append(options, ui.Option{Value: visit.ID(r.ID), Label: v.T("calendar.region", "Region", r.Name)})
	}
	parts = append(parts, v.Table(t), ui.Section("make", v.T("calendar.make_title"), ui.Paragraph(v.T("calendar.make_help")),
		ui.Form(visit.CalendarPath, v.T("calendar.make"), nil, ui.Field{
			Input: ui.RadioInput, Name: "region", Label: v.T("calendar.holds"), Value: v.FormValue("region"), Options: options,
		}).View(v.Lang)),
		ui.Fold(v.T("calendar.how"), ui.Paragraph(v.T("calendar.how_answer"))))
	return v.Page(f, parts...)
}

// webcal is the address in the scheme at which calendar programs take a subscription.
func webcal(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	return "webcal://" + rest
}

// MakeCalendar makes an address and shows it: it is not kept in the open, so it
// cannot be shown again.
func MakeCalendar(v *visit.Visit) error {
	token := ""
	err := v.Write(func(tx *db.Tx) (err error) {
		token, err = calendar.Make(v.Context(), tx, v.Viewer, v.NumberID("region"), v.Now)
		return err
	})
	if err != nil {
		return err
	}
	return calendarPage(v, v.Server.Site.Base+visit.FeedFile(token))
}

func RevokeCalendar(v *visit.Visit) error {
	id, err := v.ID("feed")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return calendar.Revoke(v.Context(), tx, v.Viewer, id, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(visit.CalendarPath, "notice.calendar_revoked")
}

// ReadCalendar is what a calendar program asks for, without signing in: the
// address is the secret.
func ReadCalendar(v *visit.Visit) error {
	token, ok := strings.CutSuffix(v.PathValue("feed"), ".ics")
	if !ok {
		return fault.NotFound
	}
	text, err := calendar.Read(v.Context(), v.Reader(), token, v.Server.Site.Base, v.Now)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(text))
	h := v.W.Header()
	// Kept by who asked, and asked for again each time: a change is seen at once
	// and costs nothing when there is none.
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
	if v.Header.Get("If-None-Match") == h.Get("ETag") {
		v.W.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	v.W.WriteHeader(http.StatusOK)
	_, _ = v.W.Write([]byte(text)) // nobody left to tell
	return nil
}
