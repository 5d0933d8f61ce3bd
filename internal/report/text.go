package report

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/i18n"
)

// Text writes the report as plain text: its tables with aligned columns, what
// the printed report says otherwise in brackets, and the corrections.
func Text(out io.Writer, r AnnualReport, lang *i18n.Lang) error {
	w := bufio.NewWriter(out)
	title := Title(r, lang)
	line(w, title)
	line(w, strings.Repeat("=", utf8.RuneCountInString(title)))
	for _, t := range r.Tables(lang) {
		line(w, "")
		line(w, t.Title)
		line(w, strings.Repeat("-", utf8.RuneCountInString(t.Title)))
		writeTable(w, t, lang)
		line(w, t.Caption)
	}
	if r.Printed != nil {
		heading := lang.T("report.title.corrections")
		line(w, "")
		line(w, heading)
		line(w, strings.Repeat("-", utf8.RuneCountInString(heading)))
		for _, c := range r.Corrections(lang) {
			line(w, lang.T("report.correction", "Figure", c.Figure, "Printed", show(lang, c.Unit, c.Printed), "Computed", show(lang, c.Unit, c.Computed)))
		}
	}
	return w.Flush()
}

// Title is the report's title.
func Title(r AnnualReport, lang *i18n.Lang) string {
	return lang.T("report.title.annual", "Region", r.Region.Name, "Year", strconv.Itoa(r.Year))
}

// line keeps no error: a bufio.Writer gives its first one when it is flushed.
func line(w *bufio.Writer, s string) {
	_, _ = w.WriteString(strings.TrimRight(s, " ") + "\n")
}

// writeTable sets names to the left and everything else to the right.
func writeTable(w *bufio.Writer, t Table, lang *i18n.Lang) {
	lines := [][]string{t.Columns}
	for _, row := range t.Rows {
		cells := []string{row.Name}
		for _, c := range row.Cells {
			s := c.Show(lang)
			if c.Printed != nil {
				s += " (" + lang.T("report.printed", "Printed", c.ShowPrinted(lang)) + ")"
			}
			cells = append(cells, s)
		}
		lines = append(lines, cells)
	}
	widths := make([]int, len(t.Columns))
	for _, cells := range lines {
		for i, s := range cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(s))
		}
	}
	for _, cells := range lines {
		var b strings.Builder
		for i, s := range cells {
			gap := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(s))
			if i == 0 {
				b.WriteString(s + gap)
			} else {
				b.WriteString("  " + gap + s)
			}
		}
		line(w, b.String())
	}
}
