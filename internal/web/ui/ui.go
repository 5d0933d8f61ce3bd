// Package ui is the design language: the shell around every page and the
// handful of components that pages are made of. A component is a struct filled
// by the page and shown by its View; texts come translated, addresses ready.
// docs/design-language.md says when to use which.
package ui

import (
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
	MyPagePath   = "/my/page"      // a page: what is kept about oneself
	SessionsPath = "/my/sessions"  // a page: where one is signed in
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
	Search, Help string  // addresses of the search and of the help about the page, empty for those without
	Demo         bool
	Notice       *Notice // the outcome of what was just done
	Seen         *Seen   // somebody sees the page as the person does
	Scheme       string  // "light" or "dark" when chosen, otherwise the browser decides
	Organisation string  // on paper
	Today        clock.Day
	Idle         int  // seconds without a touch after which who is signed in is signed out; 0: never
	Refresh      bool // something goes on that the page shows: it shows itself anew
}

// Seen says on each page that somebody sees it as another does, with the way back.
type Seen struct{ Text, Label, End string }

// NavItem is one line of the main menu.
type NavItem struct {
	Label, Href, Key string // Key is of its message; empty for those that have none
	Current          bool
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
	Print  bool     // with a button that prints the page, where there is script
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

// Progress is how far something has come: Done of All, or an All of 0 when nobody knows of how
// much. A page shows one at most, and says Refresh in its Frame.
type Progress struct {
	Label, Text string
	Done, All   int
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
