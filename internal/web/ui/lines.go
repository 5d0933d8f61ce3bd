package ui

import (
	"strings"

	"yrkesresan/internal/i18n"
)

// Lines are the table as a spreadsheet has it: the head, a line per row and the total.
// What is written as a number, share or amount becomes one, its unit goes into the head,
// and a number's note gets a column of its own. Links of actions are left out. The values
// are strings, which a spreadsheet must not take for formulas, and float64.
func (t Table) Lines(l *i18n.Lang) [][]any {
	rows := make([][]Cell, 0, len(t.Rows)+1)
	for _, r := range t.Rows {
		rows = append(rows, r.Cells)
	}
	if len(t.Total) > 0 {
		rows = append(rows, t.Total)
	}
	lines := make([][]any, len(rows)+1)
	for j, c := range t.Columns {
		if c.Action {
			continue
		}
		column := make([]string, len(rows))
		notes, noted := make([]string, len(rows)), false
		for i, cells := range rows {
			if j >= len(cells) {
				continue
			}
			column[i], notes[i] = cells[j].words(), cells[j].Note
			noted = noted || notes[i] != ""
		}
		if noted && !c.Numeric {
			for i, note := range notes {
				if note != "" {
					column[i] = strings.TrimPrefix(column[i]+" ("+note+")", " ")
				}
			}
		}
		addColumn(lines, l, c.Label, column, c.Numeric)
		if noted && c.Numeric {
			addColumn(lines, l, c.Label, notes, true)
		}
	}
	return lines
}

func addColumn(lines [][]any, l *i18n.Lang, label string, column []string, numeric bool) {
	unit := ""
	for i, text := range column {
		var value any = text
		if number, of, ok := l.ReadFigure(text); numeric && ok {
			value = number
			if of != "" {
				unit = of
			}
		}
		lines[i+1] = append(lines[i+1], value)
	}
	if unit != "" {
		label += " (" + unit + ")"
	}
	lines[0] = append(lines[0], label)
}

// words are what the cell says; a cell of a component says what its Text does.
func (c Cell) words() string {
	if c.Text == "" && c.Tag != nil {
		return c.Tag.Word
	}
	return c.Text
}
