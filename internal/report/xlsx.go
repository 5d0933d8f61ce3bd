package report

import (
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"yrkesresan/internal/i18n"
)

// XLSX writes the report as a workbook: a sheet per table with its title above
// and its caption below, numbers as numbers, per cent as 93.9 under a heading
// that says so, amounts in kronor. A cell that the printed report has otherwise
// carries a note, and the last sheet lists all corrections.
func XLSX(out io.Writer, r AnnualReport, lang *i18n.Lang) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	styles, err := newStyles(f)
	if err != nil {
		return err
	}
	for _, t := range r.Tables(lang) {
		if err := writeSheet(f, t, lang, styles); err != nil {
			return fmt.Errorf("write sheet %s: %w", t.Sheet, err)
		}
	}
	if r.Printed != nil {
		t := Table{
			Sheet: lang.T("report.sheet.corrections"), Title: lang.T("report.title.corrections"),
			Columns: []string{lang.T("report.column.figure"), lang.T("report.column.printed"), lang.T("report.column.computed")},
		}
		for _, c := range r.Corrections(lang) {
			t.Rows = append(t.Rows, Row{Name: c.Figure, Cells: []Cell{{Unit: c.Unit, Value: c.Printed}, {Unit: c.Unit, Value: c.Computed}}})
		}
		if err := writeSheet(f, t, lang, styles); err != nil {
			return fmt.Errorf("write sheet %s: %w", t.Sheet, err)
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		return err
	}
	title := Title(r, lang)
	if err := f.SetDocProps(&excelize.DocProperties{Title: title, Creator: lang.T("ui.product"), Language: lang.Code()}); err != nil {
		return err
	}
	return f.Write(out)
}

// style is what a cell looks like: its figure's format, and bold in a total.
type style struct {
	unit Unit
	bold bool
}

func newStyles(f *excelize.File) (map[style]int, error) {
	formats := map[Unit]string{"": "@", Count: "#,##0", Percent: "0.0", Published: "0", Mean: "0.0", Money: "#,##0.00"}
	styles := map[style]int{}
	for unit, format := range formats {
		for _, bold := range []bool{false, true} {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format, Font: &excelize.Font{Bold: bold}})
			if err != nil {
				return nil, err
			}
			styles[style{unit, bold}] = id
		}
	}
	return styles, nil
}

func writeSheet(f *excelize.File, t Table, lang *i18n.Lang, styles map[style]int) error {
	if _, err := f.NewSheet(t.Sheet); err != nil {
		return err
	}
	const head = 3 // title, an empty line, the headings
	s := sheet{file: f, name: t.Sheet, lang: lang, styles: styles, widths: make([]int, len(t.Columns))}
	if err := s.set(1, 1, t.Title, style{bold: true}); err != nil {
		return err
	}
	for i, c := range t.Columns {
		s.widen(i, c)
		if err := s.set(i+1, head, c, style{bold: true}); err != nil {
			return err
		}
	}
	for n, row := range t.Rows {
		if err := s.row(head+1+n, row); err != nil {
			return err
		}
	}
	if t.Caption != "" {
		if err := s.set(1, head+len(t.Rows)+2, t.Caption, style{}); err != nil {
			return err
		}
	}
	for i, width := range s.widths {
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		const narrow, wide = 8, 60
		if err := f.SetColWidth(t.Sheet, column, column, float64(min(max(width, narrow), wide)+2)); err != nil {
			return err
		}
	}
	return f.SetPanes(t.Sheet, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: head, TopLeftCell: "B4", ActivePane: "bottomRight"})
}

// sheet is a sheet that is being written; widths are the longest text of each
// column, in characters.
type sheet struct {
	file   *excelize.File
	name   string
	lang   *i18n.Lang
	styles map[style]int
	widths []int
}

func (s *sheet) widen(column int, text string) {
	s.widths[column] = max(s.widths[column], utf8.RuneCountInString(text))
}

func (s *sheet) set(column, row int, value any, look style) error {
	at, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return err
	}
	if err := s.file.SetCellValue(s.name, at, value); err != nil {
		return err
	}
	return s.file.SetCellStyle(s.name, at, at, s.styles[look])
}

// row writes a row of the table; what was printed becomes a note at the figure.
func (s *sheet) row(at int, row Row) error {
	s.widen(0, row.Name)
	if err := s.set(1, at, row.Name, style{bold: row.Total}); err != nil {
		return err
	}
	for i, c := range row.Cells {
		s.widen(i+1, c.Show(s.lang))
		if err := s.set(i+2, at, spreadsheetValue(c), style{c.Unit, row.Total}); err != nil {
			return err
		}
		if c.Printed == nil {
			continue
		}
		cell, err := excelize.CoordinatesToCellName(i+2, at)
		if err != nil {
			return err
		}
		note := s.lang.T("report.printed", "Printed", c.ShowPrinted(s.lang))
		if err := s.file.AddComment(s.name, excelize.Comment{Cell: cell, Author: s.lang.T("ui.product"), Text: note}); err != nil {
			return err
		}
	}
	return nil
}

// spreadsheetValue is the figure as a spreadsheet takes it; amounts in kronor.
func spreadsheetValue(c Cell) any {
	switch c.Unit {
	case "":
		return c.Text
	case Percent, Published, Mean:
		return float64(c.Value) / 10
	case Money:
		return float64(c.Value) / 100
	default:
		return c.Value
	}
}
