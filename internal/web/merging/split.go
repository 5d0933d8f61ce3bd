package merging

import (
	"errors"

	"github.com/a-h/templ"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/merging"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// SplitPath is where the last merge into somebody is taken back.
func SplitPath(personID int64) string { return visit.PersonPath(personID, "split") }

// AskSplit says what taking back the last merge into somebody does.
func AskSplit(v *visit.Visit) error {
	p, why, err := of(v, "merging.split_title")
	if err != nil {
		return err
	}
	head := ui.PageHead{Title: v.T("merging.split_of", "Name", p.Name())}
	var parting merging.Parting
	if why == nil {
		parting, err = merging.PreviewSplit(v.Context(), v.Server.DB, v.Viewer, p.Person.ID, v.Now)
		if errors.Is(err, fault.Conflict("")) {
			why, err = fault.Of(err), nil
		}
	}
	if err != nil {
		return err
	}
	if why != nil {
		return p.back(head, why)
	}
	p.frame.Reading = true
	head.Lead = v.T("merging.split_lead", "Gone", parting.Gone.Name(), "At", v.Lang.DayTime(parting.At), "By", parting.By, "Until", v.Lang.Day(parting.Until()))
	parting.Gone.Email = parting.Email
	parts := []templ.Component{head.View(v.Lang), ui.Section("who", v.T("merging.split_two"), ui.Lines([]string{p.called(parting.Kept), p.called(parting.Gone)}))}
	for _, each := range []struct {
		id  string
		all []merging.Count
	}{{"back", parting.Back}, {"changed", parting.Changed}, {"lost", parting.Lost}} {
		if len(each.all) > 0 {
			parts = append(parts, ui.Section(each.id, v.T("merging.split_"+each.id), ui.Paragraph(v.T("merging.split_"+each.id+"_lead")), counts(v, each.all).View(v.Lang)))
		}
	}
	sheet := ui.Form(SplitPath(p.Person.ID), v.T("merging.split"), nil)
	sheet.Cancel = visit.PersonPath(p.Person.ID)
	return v.Page(p.frame, append(parts, ui.Section("do", v.T("merging.split_do"), ui.Paragraph(v.T("merging.split_do_lead")), sheet.View(v.Lang)))...)
}

// Split takes the last merge into somebody back.
func Split(v *visit.Visit) error {
	id, err := v.ID("person")
	if err != nil {
		return err
	}
	if err := merging.Split(v.Context(), v.Server.DB, v.Viewer, id, v.Server.Site, v.Now); err != nil {
		return err
	}
	return v.Redirect(visit.PersonPath(id), "notice.persons_split")
}
