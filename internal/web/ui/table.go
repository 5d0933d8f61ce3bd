package ui

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/i18n"
)

// Address is a page's path and query. Sorting, paging and filters are
// variations of it, so that a view can be kept, sent and gone back to.
type Address struct {
	Path  string
	Query url.Values
}

// With is the address with one parameter changed, or dropped when value is
// empty. Anything but turning the page goes back to its first.
func (a Address) With(key, value string) string {
	query := make(url.Values, len(a.Query)+1)
	for k, v := range a.Query {
		query[k] = v
	}
	if key != "page" {
		query.Del("page")
	}
	query.Set(key, value)
	if value == "" {
		query.Del(key)
	}
	if len(query) == 0 {
		return a.Path
	}
	return a.Path + "?" + query.Encode()
}

// Table is rows of one sort of thing, or figures. The first column heads its
// row. On a phone a table becomes cards; a Wide one scrolls in its own region.
type Table struct {
	ID         string // unique on the page when it has several
	Caption    string
	Note       string // under the caption: unit, day, how it was counted
	QuietTitle bool   // the caption is read out only, because a heading says the same
	Columns    []Column
	Rows       []Row
	Total      []Cell // a last row that stays; one cell for each column
	Address    Address
	Sorted     string // column key, with "-" before it when falling
	Dense      bool   // for those who work in it all day
	Wide       bool   // many figures side by side
	Folds      bool   // a Wide one that is cards on a phone, and on paper
	Pick       string // name of the check boxes, when rows can be chosen; they belong to the form around
	Pager      *Pager
	Empty      Empty
}

// Column heads a column; one with a Key can be sorted by. Action is for the
// last column of links and has its label read out only.
type Column struct {
	Label, Key string
	Numeric    bool
	Keep       bool // on one line, for days
	Action     bool
}

func (c Column) class() string {
	switch {
	case c.Numeric:
		return "number"
	case c.Keep:
		return "keep"
	case c.Action:
		return "row-action"
	}
	return ""
}

// Row is one row; Pick is its check box's value. A Picked row is chosen from the
// start, a Locked one cannot be; one of its cells says why.
type Row struct {
	Cells   []Cell
	Pick    string
	Picked  bool
	Locked  bool
	Current bool
}

// Cell is text, a link, a tag, a tag that is a link, or any component. About is read out after a
// link's text, for links that read the same in every row.
type Cell struct {
	Text, Href, Note, About string
	Tag                     *Tag
	Slot                    templ.Component
}

// Text is a cell of words or of a number already written.
func Text(s string) Cell { return Cell{Text: s} }

// Link is a cell that leads on.
func Link(s, href string) Cell { return Cell{Text: s, Href: href} }

// Status is a cell with a status word.
func Status(word string, tone Tone) Cell { return Cell{Tag: &Tag{Word: word, Tone: tone}} }

func (t Table) class() string {
	var class []string
	if t.Dense {
		class = append(class, "dense")
	}
	if t.cards() {
		class = append(class, "cards")
	}
	if t.Folds {
		class = append(class, "folds")
	}
	return strings.Join(class, " ")
}

// nothing is what the table says without rows: a page that has no words of its own
// for it says so, too.
func (t Table) nothing(l *i18n.Lang) Empty {
	if t.Empty.Title == "" {
		t.Empty.Title = l.T("ui.nothing")
	}
	return t.Empty
}

func (t Table) cards() bool { return !t.Wide || t.Folds }

// role is said of what a card's style would take from a table.
func (t Table) role(name string) templ.Attributes {
	if t.cards() {
		return templ.Attributes{"role": name}
	}
	return nil
}

func (t Table) captionID() string {
	if t.ID == "" {
		return "table-caption"
	}
	return t.ID + "-caption"
}

// sort is aria-sort's value for the column: empty, "ascending" or "descending".
func (t Table) sort(c Column) string {
	switch {
	case c.Key == "":
		return ""
	case t.Sorted == c.Key:
		return "ascending"
	case t.Sorted == "-"+c.Key:
		return "descending"
	}
	return ""
}

func (t Table) sortHref(c Column) templ.SafeURL {
	key := c.Key
	if t.Sorted == key {
		key = "-" + key
	}
	return templ.SafeURL(t.Address.With("sort", key))
}

// Pager steps through a long list. With More there are more rows than Rows: the
// list was not counted to its end. Within a form its buttons bring along what is
// ticked: then Turn is the name of the number in the address, and the form's own
// page stays what it is for a refused try.
type Pager struct {
	Address       Address
	Page          int // from 1; one after the last is the last
	PerPage, Rows int
	More          bool
	Turn          string
}

func (p Pager) pages() int { return max(1, (p.Rows+p.PerPage-1)/max(1, p.PerPage)) }

// at is the page that is shown.
func (p Pager) at() int {
	if p.More {
		return max(1, p.Page)
	}
	return LastPage(p.Page, p.Rows, p.PerPage)
}

func (p Pager) shown(l *i18n.Lang) string {
	key := "ui.rows_of"
	if p.More {
		key = "ui.rows_of_more"
	}
	return l.T(key, "From", min((p.at()-1)*p.PerPage+1, p.Rows), "To", min(p.at()*p.PerPage, p.Rows), "Total", p.Rows)
}

func (p Pager) place(l *i18n.Lang) string {
	if p.More {
		return l.T("ui.page_number", "Page", strconv.Itoa(p.at()))
	}
	return l.T("ui.page_of", "Page", strconv.Itoa(p.at()), "Pages", p.pages())
}

func (p Pager) href(page int) templ.SafeURL {
	value := ""
	if page > 1 {
		value = strconv.Itoa(page)
	}
	return templ.SafeURL(p.Address.With("page", value))
}
