package ui

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/i18n"
)

// ChartText is what every chart says about itself.
type ChartText struct {
	ID     string // unique on the page
	Title  string // the finding, as a sentence
	Desc   string // what is drawn, for those who cannot see it
	Source string
	AsOf   clock.Day
	Column string // what the rows are: "Kommun"
}

// BarChart compares one to three figures per row as horizontal bars with their
// values beside them. No value is negative.
type BarChart struct {
	ChartText
	Unit   string   // under the title: "kronor", "deltagare per kursdag"
	Series []string // one name per value
	Bars   []Bar
	Format func(float64) string // for the values; whole numbers when nil
}

// Bar is one row of a BarChart.
type Bar struct {
	Label  string
	Values []float64
}

// Distribution shows how answers spread over up to five grades, best first.
type Distribution struct {
	ChartText
	Grades []string
	Rows   []Answers
}

// Answers is one question's answers per grade; Note stands beneath it, the
// number of answers when empty.
type Answers struct {
	Label  string
	Counts []int
	Note   string
}

// A chart is as wide as its page and its text keeps its size, so lengths across
// are percentages and lengths down are pixels. The narrowest drawing area is
// that of a 320 px phone.
const (
	narrowest  = 248 // px
	charWidth  = 8.2 // px, the widest figure at 15 px
	lineLength = 30  // characters of a label at the narrowest
	lineHeight = 20
	barHeight  = 18
	rowGap     = 14
)

type drawnText struct {
	X, Y  string
	Words string
	Class string
	DX    string
}

type drawnBar struct{ X, Y, Width, Height, Class string }

type drawing struct {
	Height string
	Bars   []drawnBar
	Texts  []drawnText
}

func (c BarChart) format(l *i18n.Lang, v float64) string {
	if c.Format == nil {
		return l.Number(int64(v))
	}
	return c.Format(v)
}

// value is the text beside a bar: with several series also the series' name,
// which spares a legend.
func (c BarChart) value(l *i18n.Lang, series int, v float64) string {
	if len(c.Series) < 2 {
		return c.format(l, v)
	}
	return c.format(l, v) + " " + c.Series[series]
}

func (c BarChart) draw(l *i18n.Lang) drawing {
	var largest float64
	longest := 0
	for _, b := range c.Bars {
		for i, v := range b.Values {
			largest = max(largest, v)
			longest = max(longest, utf8.RuneCountInString(c.value(l, i, v)))
		}
	}
	// What the longest value needs beside the longest bar stays free.
	room := 100 - (float64(longest)*charWidth+8)/narrowest*100
	room = max(room, 30)
	d := drawing{}
	y := 0
	for _, b := range c.Bars {
		for _, line := range wrap(b.Label, lineLength) {
			y += lineHeight
			d.Texts = append(d.Texts, drawnText{X: "0", Y: px(y - 5), Words: line})
		}
		for i, v := range b.Values {
			width := 0.0
			if largest > 0 {
				width = v / largest * room
			}
			d.Bars = append(d.Bars, drawnBar{X: "0", Y: px(y), Width: percent(width), Height: px(barHeight), Class: "b" + strconv.Itoa(i+1)})
			d.Texts = append(d.Texts, drawnText{X: percent(width), DX: "7", Y: px(y + barHeight - 4), Words: c.value(l, i, v), Class: "strong"})
			y += barHeight + 3
		}
		y += rowGap
	}
	d.Height = px(max(y-rowGap, 0))
	return d
}

func (c BarChart) table(l *i18n.Lang) Table {
	t := c.ChartText.table()
	for i := range c.Bars[0].Values {
		label := c.Unit
		if len(c.Series) > 1 {
			label = c.Series[i]
		}
		t.Columns = append(t.Columns, Column{Label: label, Numeric: true})
	}
	for _, b := range c.Bars {
		cells := []Cell{Text(b.Label)}
		for _, v := range b.Values {
			cells = append(cells, Text(c.format(l, v)))
		}
		t.Rows = append(t.Rows, Row{Cells: cells})
	}
	return t
}

func (c ChartText) table() Table {
	return Table{ID: c.ID, Caption: c.Title, QuietTitle: true, Wide: true, Dense: true, Columns: []Column{{Label: c.Column}}}
}

func (c ChartText) caption(l *i18n.Lang) string {
	return l.T("ui.source", "Source", c.Source, "Day", c.AsOf)
}

func (a Answers) total() int {
	sum := 0
	for _, n := range a.Counts {
		sum += n
	}
	return sum
}

func (a Answers) note(l *i18n.Lang) string {
	if a.Note != "" {
		return a.Note
	}
	return l.T("ui.answers", "Count", a.total())
}

func (c Distribution) draw(l *i18n.Lang) drawing {
	const height = 26
	d := drawing{}
	y := 0
	for _, r := range c.Rows {
		for _, line := range wrap(r.Label, lineLength) {
			y += lineHeight
			d.Texts = append(d.Texts, drawnText{X: "0", Y: px(y - 5), Words: line})
		}
		x, total := 0.0, r.total()
		for i, n := range r.Counts {
			if n == 0 {
				continue
			}
			class := gradeClass(c, i)
			width := float64(n) / float64(total) * 100
			d.Bars = append(d.Bars, drawnBar{X: percent(x), Y: px(y), Width: percent(width), Height: px(height), Class: class})
			words := l.Number(int64(n))
			if width/100*narrowest >= float64(len(words))*charWidth+4 {
				d.Texts = append(d.Texts, drawnText{X: percent(x + width/2), Y: px(y + 18), Words: words, Class: "middle " + class})
			}
			x += width
		}
		y += height + lineHeight
		d.Texts = append(d.Texts, drawnText{X: "0", Y: px(y - 5), Words: r.note(l), Class: "quiet"})
		y += rowGap
	}
	d.Height = px(max(y-rowGap, 0))
	return d
}

func gradeClass(c Distribution, i int) string { return "g" + strconv.Itoa(c.grade(i)) }

// grade is which of the five colours the grade has: the ends are always the
// ends, and an even number of grades has no middle.
func (c Distribution) grade(i int) int {
	switch n := len(c.Grades); {
	case n == 2 && i == 1:
		return 5
	case n == 3:
		return 1 + 2*i
	case n == 4 && i >= 2:
		return i + 2
	}
	return i + 1
}

func (c Distribution) table(l *i18n.Lang) Table {
	t := c.ChartText.table()
	for _, g := range c.Grades {
		t.Columns = append(t.Columns, Column{Label: g, Numeric: true})
	}
	t.Columns = append(t.Columns, Column{Label: l.T("ui.total"), Numeric: true})
	for _, r := range c.Rows {
		cells := []Cell{Text(r.Label)}
		for _, n := range r.Counts {
			cells = append(cells, Text(l.Number(int64(n))))
		}
		t.Rows = append(t.Rows, Row{Cells: append(cells, Text(l.Number(int64(r.total()))))})
	}
	return t
}

func px(n int) string { return strconv.Itoa(n) }

func percent(x float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", x), "0"), ".") + "%"
}

// wrap breaks words into lines of at most limit characters; a longer word
// stands alone.
func wrap(s string, limit int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= limit:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}
