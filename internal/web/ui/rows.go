package ui

import (
	"context"
	"html"
	"io"
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/i18n"
)

// The rows of a table are most of what the product sends. They are written
// into one buffer here rather than as nested templates, which is many times
// faster on a long list (BenchmarkTable).

func (t Table) rows(l *i18n.Lang) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		b := &buffer{w: w, render: func(c templ.Component) error { return c.Render(ctx, w) }}
		for i, r := range t.Rows {
			b.raw("<tr")
			if t.cards() {
				b.raw(` role="row"`)
			}
			if r.Current {
				b.raw(` class="current" aria-current="true"`)
			}
			b.raw(">")
			if t.Pick != "" {
				t.pick(b, l, i, r)
			}
			for j, c := range r.Cells {
				t.cell(b, j, c)
			}
			b.raw("</tr>")
		}
		return b.flush()
	})
}

func (t Table) total() templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		b := &buffer{w: w, render: func(c templ.Component) error { return c.Render(ctx, w) }}
		b.raw("<tr")
		if t.cards() {
			b.raw(` role="row"`)
		}
		b.raw(">")
		if t.Pick != "" {
			b.raw(`<td class="pick"></td>`)
		}
		for j, c := range t.Total {
			t.cell(b, j, c)
		}
		b.raw("</tr>")
		return b.flush()
	})
}

func (t Table) pick(b *buffer, l *i18n.Lang, i int, r Row) {
	b.raw(`<td class="pick"`)
	if t.cards() {
		b.raw(` role="cell"`)
	}
	b.raw(`><input type="checkbox"`)
	b.attribute("name", t.Pick)
	b.attribute("value", r.Pick)
	if r.Picked {
		b.raw(" checked")
	}
	if r.Locked {
		b.raw(" disabled")
	}
	b.attribute("id", t.Pick+"-"+strconv.Itoa(i))
	b.attribute("aria-label", l.T("ui.choose_row", "Row", r.Cells[0].Text))
	b.raw("></td>")
}

func (t Table) cell(b *buffer, j int, c Cell) {
	column, end := t.Columns[j], "</td>"
	if j == 0 {
		b.raw(`<th scope="row"`)
		end = "</th>"
	} else {
		b.raw("<td")
	}
	if class := column.class(); class != "" {
		b.attribute("class", class)
	}
	switch {
	case !t.cards():
	case j == 0:
		b.raw(` role="rowheader"`)
	case column.Action:
		b.raw(` role="cell"`)
	default:
		b.raw(` role="cell"`)
		b.attribute("data-label", column.Label)
	}
	b.raw(">")
	c.write(b)
	b.raw(end)
}

func (c Cell) write(b *buffer) {
	switch {
	case c.Slot != nil:
		b.component(c.Slot)
	case c.Tag != nil && c.Href != "":
		b.raw(`<a class="tag `)
		b.raw(string(c.Tag.Tone))
		b.raw(`"`)
		b.attribute("href", string(templ.URL(c.Href)))
		b.raw(">")
		b.text(c.Tag.Word)
		if c.About != "" {
			b.raw(`<span class="hidden"> `)
			b.text(c.About)
			b.raw("</span>")
		}
		b.raw("</a>")
	case c.Tag != nil:
		b.raw(`<span class="tag `)
		b.raw(string(c.Tag.Tone))
		b.raw(`">`)
		b.text(c.Tag.Word)
		b.raw("</span>")
	case c.Href != "":
		b.raw("<a")
		b.attribute("href", string(templ.URL(c.Href)))
		b.raw(">")
		b.text(c.Text)
		if c.About != "" {
			b.raw(`<span class="hidden"> `)
			b.text(c.About)
			b.raw("</span>")
		}
		b.raw("</a>")
	case c.Text == "":
		b.raw(`<span class="none">–</span>`)
	default:
		b.text(c.Text)
	}
	if c.Note != "" {
		b.raw(`<span class="note">`)
		b.text(c.Note)
		b.raw("</span>")
	}
}

// buffer collects HTML and keeps the first error.
type buffer struct {
	w      io.Writer
	render func(templ.Component) error
	out    []byte
	err    error
}

func (b *buffer) raw(s string) { b.out = append(b.out, s...) }

func (b *buffer) text(s string) { b.out = append(b.out, html.EscapeString(s)...) }

func (b *buffer) attribute(name, value string) {
	b.raw(" ")
	b.raw(name)
	b.raw(`="`)
	b.text(value)
	b.raw(`"`)
}

func (b *buffer) component(c templ.Component) {
	if b.flush() == nil {
		b.err = b.render(c)
	}
}

func (b *buffer) flush() error {
	if b.err == nil && len(b.out) > 0 {
		_, b.err = b.w.Write(b.out)
		b.out = b.out[:0]
	}
	return b.err
}
