package improvement

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/db"
	"yrkesresan/internal/improvement"
	"yrkesresan/internal/journey"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Wishes are the subjects that people want courses about, counted by region.
func Wishes(v *visit.Visit) error {
	all, err := improvement.Wishes(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	head := ui.PageHead{Title: v.T("improvement.wishes"), Lead: v.T("improvement.wishes_lead")}
	t := ui.Table{
		ID: "wishes", Caption: head.Title, QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: v.T("improvement.subject")}, {Label: v.T("improvement.journey")}, {Label: v.T("improvement.region")}, {Label: v.T("improvement.count"), Numeric: true}, {Label: v.T("improvement.all"), Numeric: true}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: v.T("improvement.no_wishes"), Text: v.T("improvement.no_wishes_help")},
	}
	all, t.Pager = visit.Paged(v, all, v.PerPage(perPage))
	for _, w := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(w.Subject), ui.Text(w.Journey), ui.Text(w.Region), v.NumberCell(w.Count), v.NumberCell(w.All)}})
	}
	return v.Page(v.Frame(head.Title, v.OfficeCrumbs(head.Title)...), head.View(v.Lang), v.Take(t, address.Wishes))
}

// MyWishes are one's own, and a form to wish for a subject.
func MyWishes(v *visit.Visit) error {
	mine, err := improvement.MyWishes(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	way, err := journey.Of(v.Context(), v.Reader(), v.Viewer, v.Now)
	if err != nil {
		return err
	}
	var journeys []ui.Option
	for _, s := range way.Steps {
		journeys = append(journeys, ui.Option{Value: visit.ID(s.JourneyID), Label: s.Journey})
	}
	title := v.T("improvement.my_wishes")
	f := v.Frame(title, ui.Crumb{Label: v.T("journey.title"), Href: visit.MyJourneyPath}, ui.Crumb{Label: title})
	f.Reading = true
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.T("improvement.my_wishes_lead")}.View(v.Lang)}
	if len(journeys) == 0 {
		parts = append(parts, ui.Notice{Tone: ui.Info, Title: v.T("journey.no_journey"), Text: v.T("improvement.no_journey")}.View(v.Lang))
	} else {
		fields := []ui.Field{
			{Name: "subject", Label: v.T("improvement.subject"), Hint: v.T("improvement.subject_hint"), Value: v.Typed("subject", ""), Error: v.Wrong("subject"), Autocomplete: "off"},
			{Input: ui.SelectInput, Name: "journey", Label: v.T("improvement.journey"), Value: v.Typed("journey", journeys[0].Value), Options: journeys, Error: v.Wrong("journey")},
		}
		v.NameErrors(visit.Labelled(fields...))
		parts = append(parts, ui.Form(address.MyWishes, v.T("improvement.wish"), nil, fields...).View(v.Lang))
	}
	if len(mine) > 0 {
		t := ui.Table{
			ID: "mine", Caption: v.T("improvement.wished"),
			Columns: []ui.Column{{Label: v.T("improvement.subject")}, {Label: v.T("improvement.journey")}, {Label: v.T("improvement.take_back"), Action: true}},
		}
		for _, w := range mine {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
				{Text: w.Subject, Note: v.Lang.TinyDay(w.On)}, ui.Text(w.Journey),
				{Slot: ui.Action{Label: v.T("improvement.take_back"), About: w.Subject, Href: address.MyWish(w.ID, "removal"), Kind: ui.Quiet, Post: true}.View(v.Lang)},
			}})
		}
		parts = append(parts, t.View(v.Lang))
	}
	return v.Page(f, parts...)
}

// Wish makes a wish.
func Wish(v *visit.Visit) error {
	if err := v.Write(func(tx *db.Tx) error {
		return improvement.MakeWish(v.Context(), tx, v.Viewer, v.NumberID("journey"), v.FormValue("subject"), v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(address.MyWishes, "notice.wish_made")
}

// EndWish takes one back.
func EndWish(v *visit.Visit) error {
	id, err := v.ID("wished")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return improvement.EndWish(v.Context(), tx, v.Viewer, id) }); err != nil {
		return err
	}
	return v.Redirect(address.MyWishes, "notice.wish_ended")
}
