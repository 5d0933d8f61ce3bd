package row

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/personalnumber"
	"yrkesresan/internal/sheet"
)

// Line is a row of a staff file as it is meant. What is empty or nil is not said: it
// changes nothing.
type Line struct {
	Line       int
	StaffID    string
	GivenName  string
	FamilyName string
	Email      string
	Unit       string // empty: the municipality itself
	Profession string
	Form       people.Form
	From       *clock.Day
	Until      *clock.Day // the last day
	Since      *clock.Day // in the profession
	Role       access.Role
	Clear      []Column // what is to be emptied

	Mark         []byte `json:",omitempty"` // of the personal identity number
	MarkKey      string `json:",omitempty"` // the key that made it
	Coordination bool   `json:",omitempty"` // it is a co-ordination number

	Decided *Decision `json:",omitempty"` // by a person, of a row that waited

	Number string   `json:"-"` // the number itself, until it is marked; never kept
	Unsure *Problem `json:"-"` // what a person has to say of it
}

// Clears tells whether the row says that the column is to be emptied.
func (l Line) Clears(c Column) bool {
	return slices.Contains(l.Clear, c)
}

// newPerson is who the row names.
func (l Line) newPerson() people.NewPerson {
	return people.NewPerson{GivenName: l.GivenName, FamilyName: l.FamilyName, Email: l.Email}
}

// Decision is what a person has said of a row that waited: whom it is about, 0 for somebody new.
type Decision struct{ Person int64 }

// Problem is why a row is not taken, or waits for a person: a message key and the
// column that it is about.
type Problem struct {
	Column Column
	Key    string
	Args   []any // names and texts in turn: it is kept as JSON
}

// Because is a problem; args are names and values in turn.
func Because(c Column, key string, args ...any) *Problem {
	texts := make([]any, len(args))
	for i, arg := range args {
		texts[i] = fmt.Sprint(arg)
	}
	return &Problem{c, key, texts}
}

// ClearMarks, in small letters, stand in a cell whose value is to be taken away: an empty one says
// nothing.
var ClearMarks = []string{"#töm", "#clear"}

// clearable are the columns whose value somebody can be without.
var clearable = []Column{Email, Profession, Form, Until, Since}

var forms = map[string]people.Form{
	"permanent": people.Permanent, "tillsvidare": people.Permanent, "tillsvidareanstalld": people.Permanent, "fast": people.Permanent, "fast anstalld": people.Permanent,
	"fixed_term": people.FixedTerm, "visstid": people.FixedTerm, "visstidsanstalld": people.FixedTerm, "tidsbegransad": people.FixedTerm, "vikariat": people.FixedTerm, "vikarie": people.FixedTerm, "sava": people.FixedTerm,
	"hourly": people.Hourly, "timanstalld": people.Hourly, "timavlonad": people.Hourly, "timvikarie": people.Hourly, "intermittent": people.Hourly,
}

var roles = map[string]access.Role{
	"employee": access.Employee, "medarbetare": access.Employee,
	"manager": access.Manager, "chef": access.Manager, "enhetschef": access.Manager,
	"trainer": access.Trainer, "utbildare": access.Trainer,
	"municipal_admin": access.MunicipalAdmin, "kommunadministrator": access.MunicipalAdmin,
}

// Parse is what the row means as of today, or what is wrong with it, the first thing from the
// left.
func (m Mapping) Parse(row sheet.Row, today clock.Day) (Line, *Problem) {
	l := Line{Line: row.Line}
	cell := func(c Column) string {
		at, ok := m[c]
		if !ok || at >= len(row.Cells) {
			return ""
		}
		value := row.Cells[at]
		if strings.HasPrefix(value, "#") && slices.Contains(ClearMarks, strings.ToLower(value)) {
			l.Clear = append(l.Clear, c)
			return ""
		}
		return strings.Join(strings.Fields(value), " ")
	}
	l.StaffID, l.GivenName, l.FamilyName = cell(StaffID), cell(GivenName), cell(FamilyName)
	l.Email, l.Unit, l.Profession = cell(Email), cell(Unit), cell(Profession)
	form, from, until, since, role, personal := cell(Form), cell(From), cell(Until), cell(Since), cell(Role), cell(PersonalNumber)
	for _, c := range l.Clear {
		if !slices.Contains(clearable, c) {
			return l, Because(c, "intake.not_cleared")
		}
	}
	for _, long := range []struct {
		c     Column
		value string
	}{{StaffID, l.StaffID}, {Unit, l.Unit}, {Profession, l.Profession}} {
		if len([]rune(long.value)) > MaxText {
			return l, Because(long.c, "fault.too_long", "Max", MaxText)
		}
	}
	p := l.newPerson()
	if p.GivenName == "" && p.FamilyName == "" {
		p.GivenName = "?" // whoever is known already has a name
	}
	if err := fault.Of(p.Check()); err != nil {
		f := err.Fields[0]
		return l, Because(Column(f.Name), f.Key, f.Args...)
	}
	l.Email = p.Email
	if l.StaffID == "" && l.Email == "" && personal == "" {
		return l, Because(StaffID, "intake.row_without_key")
	}
	var ok bool
	if l.Form, ok = forms[Fold(form)]; !ok && form != "" {
		return l, Because(Form, "intake.form_unknown", "Value", form)
	}
	for _, d := range []struct {
		c     Column
		value string
		into  **clock.Day
	}{{From, from, &l.From}, {Until, until, &l.Until}, {Since, since, &l.Since}} {
		if d.value == "" {
			continue
		}
		day, err := clock.ParseDay(strings.TrimSuffix(d.value, " 00:00:00"))
		if err != nil || day < earliest || day > latest {
			return l, Because(d.c, "intake.day_unknown", "Value", d.value)
		}
		*d.into = &day
	}
	if l.From != nil && l.Until != nil && *l.Until < *l.From {
		return l, Because(Until, "intake.until_before_from", "Day", l.From.String())
	}
	if l.Role, ok = roles[Fold(role)]; !ok && role != "" {
		return l, Because(Role, "intake.role_unknown", "Value", role)
	}
	return l, l.readNumber(personal, today)
}

// MaxText is how long a text may be, in characters.
const MaxText = 100

// Days that nobody who works today was employed or will leave on.
var (
	earliest = clock.Date(1940, 1, 1)
	latest   = clock.Date(2100, 12, 31)
)

// readNumber reads the row's personal identity number, if it has one. What is wrong with it
// holds nothing of it; of an unknown century a person is asked.
func (l *Line) readNumber(cell string, today clock.Day) *Problem {
	if cell == "" {
		return nil
	}
	n, err := personalnumber.Read(cell, today)
	switch {
	case err == nil:
		l.Number, l.Coordination = n.Digits, n.Coordination
	case errors.Is(err, personalnumber.ErrCentury):
		l.Unsure = Because(PersonalNumber, "intake.number_century")
	case errors.Is(err, personalnumber.ErrCheck):
		return Because(PersonalNumber, "intake.number_check")
	case errors.Is(err, personalnumber.ErrDay):
		return Because(PersonalNumber, "intake.number_day")
	case errors.Is(err, personalnumber.ErrReserve):
		return Because(PersonalNumber, "intake.number_reserve")
	default:
		return Because(PersonalNumber, "intake.number_form")
	}
	return nil
}
