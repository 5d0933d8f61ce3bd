// Package ui is the design language: the shell around every page and the
// handful of components that pages are made of. A component is a struct filled
// by the page and shown by its View; texts come translated, addresses ready.
// docs/design-language.md says when to use which.
package ui

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
)

// Where the shell's own forms are sent, by POST.
const (
	LanguagePath = "/language"     // lang ("sv", "en") and back (an address of ours)
	RolePath     = "/session/role" // role (Role.Value) and back
	SignOutPath  = "/session/end"  // nothing
)

// Frame is what the shell needs to know about a page.
type Frame struct {
	Lang         *i18n.Lang
	Title        string // of the page, without the product's name
	Failed       bool   // a form came back: the title begins with "Fel:"
	Path         string // the page's own address with its query, to return to
	Reading      bool   // one column to read or fill in, instead of a wide page to work in
	Nav          []NavItem
	Crumbs       []Crumb // by organisation, the widest first; the last is where one is
	Person       *Person // nil when nobody is signed in
	Search       string  // address of the command search, empty for those without
	Demo         bool
	Notice       *Notice // the outcome of what was just done
	Scheme       string  // "light" or "dark" when chosen, otherwise the browser decides
	Organisation string  // on paper
	Today        clock.Day
}

// NavItem is one line of the main menu.
type NavItem struct {
	Label, Href string
	Current     bool
}

// Crumb is one organisation on the way down to here; without Href it is plain text.
type Crumb struct{ Label, Href string }

// Person is the one who is signed in.
type Person struct {
	Name   string
	Role   string // the role in use, in words
	Place  string // where it holds
	Roles  []Role // all roles, for those with several
	Picker string // demo: where one chooses to be somebody else
}

func (p *Person) where() string {
	if p.Place == "" {
		return p.Role
	}
	return p.Role + ", " + p.Place
}

// initials are the first letters of the first and the last name.
func (p *Person) initials() string {
	names := strings.Fields(p.Name)
	if len(names) == 0 {
		return ""
	}
	first, _ := utf8.DecodeRuneInString(names[0])
	if len(names) == 1 {
		return string(first)
	}
	last, _ := utf8.DecodeRuneInString(names[len(names)-1])
	return string(first) + string(last)
}

// Role is one of a person's roles to switch to.
type Role struct {
	Label, Place, Value string
	Current             bool
}

// Tone is how a tag or notice is meant. It is never the only bearer of meaning.
type Tone string

// The tones.
const (
	Plain    Tone = ""
	Info     Tone = "info"
	Positive Tone = "positive"
	Caution  Tone = "caution"
	Negative Tone = "negative"
)

// Kind is a button's weight: at most one primary on a page.
type Kind string

// The kinds of button.
const (
	Primary   Kind = ""
	Secondary Kind = "secondary"
	Danger    Kind = "danger" // cannot be taken back
	Quiet     Kind = "quiet"  // what is seldom done, beside what is done often
)

// Action is a link, or with Post a form of one button. Label is a verb with
// its object ("Boka plats"). About is read out after the label and not shown,
// where the same label stands in many rows.
type Action struct {
	Label, Href string
	About       string
	Kind        Kind
	Small       bool
	Post        bool
	Hidden      []Hidden
}

// Hidden is a value that a form carries along.
type Hidden struct{ Name, Value string }

func (a Action) class() string {
	class := "button"
	if a.Kind != Primary {
		class += " " + string(a.Kind)
	}
	if a.Small {
		class += " small"
	}
	return class
}

// PageHead is the page's heading with its one primary action.
type PageHead struct {
	Title  string
	Tag    *Tag
	Lead   string
	Action *Action
	Others []Action // secondary ones, few
}

// NextThing is the one thing to do now: a sentence and a button.
type NextThing struct {
	Sentence string
	Help     string
	Action   *Action
}

// Tag is a status as a word.
type Tag struct {
	Word string
	Tone Tone
}

// Chain shows where a thing stands on its way. Current counts from 0; the
// steps before it are done, and len(Steps) means that all are.
type Chain struct {
	Label   string // what it is the way of, for screen readers
	Steps   []Step
	Current int
}

// Step is one station: a word, its day or number, and where it leads.
type Step struct{ Word, Note, Href string }

func (c Chain) class(i int) string {
	switch {
	case i < c.Current:
		return "done"
	case i == c.Current:
		return "now"
	}
	return "ahead"
}

func (c Chain) state(i int) string {
	switch {
	case i < c.Current:
		return "ui.step_done"
	case i == c.Current:
		return "ui.step_now"
	}
	return "ui.step_ahead"
}

// Notice is a banner: what happened or what to keep in mind.
type Notice struct {
	Tone   Tone
	Title  string // empty: the tone's own word
	Text   string
	Action *Action // shown as a link
}

func (n Notice) title(l *i18n.Lang) string {
	if n.Title != "" {
		return n.Title
	}
	tone := n.Tone
	if tone == Plain {
		tone = Info
	}
	return l.T("ui.tone_" + string(tone))
}

func (n Notice) role() string {
	switch n.Tone {
	case Positive:
		return "status"
	case Negative:
		return "alert"
	default:
		return "note"
	}
}

// Picture is the small line drawing of an empty page.
type Picture int

// The pictures.
const (
	PicturePath Picture = iota
	PictureCalendar
	PicturePeople
	PictureSearch
	PictureFigures
)

// Empty says why there is nothing and what to do.
type Empty struct {
	Picture Picture
	Title   string
	Text    string
	Action  *Action
}

// Figure is a number with its unit and its day.
type Figure struct {
	Label string
	Value string // written by i18n
	Unit  string
	AsOf  clock.Day // left out when zero
	Note  string
	Href  string // to the rows that the number is made of
}

// Figures are shown side by side.
type Figures []Figure

// Tabs are views of one thing, each with its address.
type Tabs struct {
	Label string
	Items []Tab
}

// Tab is one of them; Count is left out when empty.
type Tab struct {
	Label, Href, Count string
	Current            bool
}

// Summary lists facts about one thing.
type Summary []Fact

// Fact is a line of a summary; Slot replaces Value; Change is the link that
// alters it, its Label "Ändra" when empty.
type Fact struct {
	Term   string
	Value  string
	Slot   templ.Component
	Change string
}

// Confirm asks before what cannot be taken back. Text says in numbers what
// will happen. Without script the question opens where it stands.
type Confirm struct {
	ID     string // unique on the page
	Opener Action // its Href is not used
	Title  string
	Text   string
	Action Action // with Post
}

// Errors are what was wrong with a form, translated.
type Errors []FieldError

// FieldError is one of them; Field is the form's name of the field.
type FieldError struct{ Field, Text string }

// ErrorsOf are the field errors inside err; none for any other error or nil.
func ErrorsOf(l *i18n.Lang, err error) Errors {
	f := fault.Of(err)
	if f == nil {
		return nil
	}
	errs := make(Errors, 0, len(f.Fields))
	for _, field := range f.Fields {
		errs = append(errs, FieldError{Field: field.Name, Text: l.T(field.Key, field.Args...)})
	}
	return errs
}

// For is what is wrong with the field; empty when nothing is.
func (e Errors) For(field string) string {
	for _, f := range e {
		if f.Field == field {
			return f.Text
		}
	}
	return ""
}

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
	if !t.Wide {
		class = append(class, "cards")
	}
	return strings.Join(class, " ")
}

// role repeats what the element is, where the phone's cards would take it away.
func (t Table) role(role string) templ.Attributes {
	if t.Wide {
		return nil
	}
	return templ.Attributes{"role": role}
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

// Pager steps through a long list.
type Pager struct {
	Address       Address
	Page          int // from 1
	PerPage, Rows int
}

func (p Pager) pages() int { return max(1, (p.Rows+p.PerPage-1)/max(1, p.PerPage)) }

func (p Pager) shown(l *i18n.Lang) string {
	from := min((p.Page-1)*p.PerPage+1, p.Rows)
	return l.T("ui.rows_of", "From", from, "To", min(p.Page*p.PerPage, p.Rows), "Total", p.Rows)
}

func (p Pager) href(page int) templ.SafeURL {
	value := ""
	if page > 1 {
		value = strconv.Itoa(page)
	}
	return templ.SafeURL(p.Address.With("page", value))
}

// Input is a field's kind.
type Input string

// The kinds of field.
const (
	TextInput     Input = "text"
	EmailInput    Input = "email"
	DateInput     Input = "date"
	TimeInput     Input = "time"
	NumberInput   Input = "number"
	TextareaInput Input = "textarea"
	SelectInput   Input = "select"
	RadioInput    Input = "radio"
	FileInput     Input = "file"
	CheckInput    Input = "checkbox" // with Options several boxes, without one box with Label
)

// Field is one question of a form. Every field must be answered unless it is
// Optional, and then the label says so.
type Field struct {
	Input        Input // text when empty
	Name, Label  string
	Hint, Error  string
	Value        string   // what was typed or chosen; "on" ticks a single box
	Values       []string // of several boxes
	Options      []Option
	Optional     bool
	Unit         string // after the box: "kr", "deltagare"
	Min, Max     string
	Autocomplete string   // "email", "name", …: WCAG 1.3.5
	Short        bool     // a few figures
	Accept       string   // endings of files: ".pdf,.docx"
	Suggest      []string // what others have written, to choose among
}

// Option is one of a field's answers.
type Option struct {
	Value, Label, Hint string
	Group              string // of a SelectInput: the name of those that it stands among, "" for none
}

// groups are the options by their group, in the order in which they stand.
func (f Field) groups() (all [][]Option) {
	for i, o := range f.Options {
		if i == 0 || o.Group != f.Options[i-1].Group {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], o)
	}
	return all
}

// ID is the element that an error summary leads to.
func (f Field) ID() string { return FieldID(f.Name) }

// FieldID is the id of the field with the name.
func FieldID(name string) string { return "f-" + name }

func (f Field) optionID(i int) string {
	if i == 0 {
		return f.ID() // the summary's link lands on the first answer
	}
	return f.ID() + "-" + strconv.Itoa(i)
}

func (f Field) chosen(value string) bool {
	if value == f.Value && f.Values == nil {
		return true
	}
	for _, v := range f.Values {
		if v == value {
			return true
		}
	}
	return false
}

func (f Field) group() bool {
	return f.Input == RadioInput || f.Input == CheckInput && len(f.Options) > 0
}

func (f Field) class() string {
	if f.Error != "" {
		return "field bad"
	}
	return "field"
}

func (f Field) inputClass() string {
	switch {
	case f.Short:
		return "input w-short"
	case f.Input == DateInput || f.Input == TimeInput || f.Input == NumberInput:
		return "input w-date"
	}
	return "input"
}

// attributes are those that depend on the field's hint, error and limits.
func (f Field) attributes() templ.Attributes {
	attributes := templ.Attributes{}
	if described := f.describedBy(); described != "" {
		attributes["aria-describedby"] = described
	}
	if f.Error != "" {
		attributes["aria-invalid"] = "true"
	}
	for name, value := range map[string]string{"min": f.Min, "max": f.Max, "autocomplete": f.Autocomplete, "accept": f.Accept} {
		if value != "" {
			attributes[name] = value
		}
	}
	if len(f.Suggest) > 0 {
		attributes["list"] = f.ID() + "-list"
	}
	return attributes
}

func (f Field) describedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID()+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID()+"-error")
	}
	return strings.Join(ids, " ")
}

// Filter narrows a list. It is a GET form, so the choice stands in the address.
type Filter struct {
	Label  string
	Action string
	Fields []Field
	Hidden []Hidden // what the address shall keep, such as the sorting
	Result string   // "22 kursomgångar"
	Clear  string   // address without any choice; empty when nothing is chosen
	Submit string   // the button's label; "Visa urval" when empty
}

func (f Filter) submit(l *i18n.Lang) string {
	if f.Submit != "" {
		return f.Submit
	}
	return l.T("ui.filter")
}
