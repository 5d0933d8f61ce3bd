package figures

import (
	"errors"
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/statistics"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// stepExperience is what those who have levelled up thought of their step, as last
// published on the day, with what they have written for those who may read it.
// regionID 0 is the country.
func stepExperience(v *visit.Visit, journeyID, regionID int64, source string, day clock.Day) (templ.Component, error) {
	all, on, err := statistics.StepExperience(v.Context(), v.Reader(), v.Viewer, journeyID, regionID, day)
	if err != nil {
		return nil, err
	}
	parts := []templ.Component{publishedOn(v, day, on)}
	if len(all) == 0 {
		return ui.Section("steps", v.T("figures.steps"), append(parts, ui.Empty{
			Picture: ui.PictureFigures, Title: v.T("figures.no_steps"), Text: v.T("figures.no_steps_help"),
		}.View(v.Lang))...), nil
	}
	texts, err := stepTexts(v, journeyID, regionID, day)
	if err != nil {
		return nil, err
	}
	return ui.Section("steps", v.T("figures.steps"), append(append(parts, stepTable(v, all, source, on).View(v.Lang)), texts)...), nil
}

func stepTable(v *visit.Visit, all []statistics.StepAnswers, source string, on clock.Day) ui.Table {
	t := ui.Table{
		ID: "steps-table", Caption: v.T("figures.steps"), Note: v.T("figures.steps_note", "Day", on, "Source", source),
		Columns: []ui.Column{{Label: v.T("report.column.step")}},
	}
	for _, key := range []string{"good", "neither", "bad", "no_opinion"} {
		t.Columns = append(t.Columns, ui.Column{Label: v.T("report.step." + key), Numeric: true})
	}
	t.Columns = append(t.Columns, ui.Column{Label: v.T("report.column.answers"), Numeric: true})
	for i, s := range all {
		if s.Suppressed {
			few := ui.Text(v.T("report.suppressed"))
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(s.Step), ui.Text(""), ui.Text(""), ui.Text(""), ui.Text(""), few}})
			continue
		}
		if i == 0 {
			t.Caption = v.T("figures.steps_finding", "Share", v.Lang.Percent(s.Good().Float(), 1), "Step", s.Step)
		}
		cells := []ui.Cell{ui.Text(s.Step)}
		for _, share := range []statistics.Tenths{s.Good(), s.Neither(), s.Bad(), s.NoOpinion()} {
			cells = append(cells, ui.Text(v.Lang.Percent(share.Float(), 1)))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: append(cells, v.NumberCell(s.Total))})
	}
	return t
}

// stepTexts are what people have written, by the publication that they are read
// since; nothing for those who may not read it.
func stepTexts(v *visit.Visit, journeyID, regionID int64, day clock.Day) (templ.Component, error) {
	all, err := statistics.StepFreeTexts(v.Context(), v.Reader(), v.Viewer, journeyID, regionID, day)
	if errors.Is(err, fault.NotFound) || err == nil && len(all) == 0 {
		return templ.NopComponent, nil
	}
	if err != nil {
		return nil, err
	}
	parts := []templ.Component{ui.Paragraph(v.T("figures.step_texts_help"))}
	for _, s := range all {
		key := "figures.step_texts_of_spring"
		if s.Autumn {
			key = "figures.step_texts_of_autumn"
		}
		parts = append(parts, said(v.T(key, "Step", s.Step, "Year", strconv.Itoa(s.Year)), s.Texts))
	}
	return ui.Fold(v.T("figures.step_texts"), parts...), nil
}
