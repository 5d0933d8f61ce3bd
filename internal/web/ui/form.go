package ui

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/i18n"
)

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
	Veiled       bool     // what is typed shows as dots
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
	case f.Veiled:
		return "input w-date veiled"
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
