package history

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/sheet"
)

// Line is a row as it is meant. What tells who somebody is is not kept with it.
type Line struct {
	Line int `json:"-"`

	StaffID  string `json:"-"`
	Email    string `json:"-"`
	PersonID int64  `json:"-"`

	CourseID       int64     `json:"course_id,omitempty"`
	Day            clock.Day `json:"day,omitempty"` // on which the course was completed, or which was held
	Round          string    `json:"round,omitempty"`
	Place          string    `json:"place,omitempty"`
	MunicipalityID int64     `json:"municipality_id,omitempty"`
	Participants   int       `json:"participants,omitempty"`
	Attended       int       `json:"attended,omitempty"`
	Year           int       `json:"year,omitempty"`
	Question       string    `json:"question,omitempty"`
	Answer         string    `json:"answer,omitempty"`
	Answers        int       `json:"answers,omitempty"`
}

// Problem is why a row is not taken: a message key and the column that it is about.
type Problem struct {
	Column Column
	Key    string
	Args   []any // names and texts in turn: it is kept as JSON
}

func because(c Column, key string, args ...any) *Problem {
	texts := make([]any, len(args))
	for i, arg := range args {
		texts[i] = fmt.Sprint(arg)
	}
	return &Problem{c, key, texts}
}

// Bounds of what a row may say.
const (
	maxText   = 300
	maxNumber = 100_000
)

// earliest is a day before which there was no such programme.
var earliest = clock.Date(2000, 1, 1)

// known are the things that rows name: courses by what they are called, folded, and
// municipalities by code and name.
type known struct {
	courses        map[string]int64 // 0: several are called so
	municipalities map[string]int64
	published      map[int64]clock.Day // the first edition
	today          clock.Day
}

// parse is what the row means, or what is wrong with it, the first thing from the left.
func (m mapping) parse(kind Kind, row sheet.Row, k *known) (l Line, p *Problem) {
	l.Line = row.Line
	for _, c := range sorts[kind].columns {
		at, has := m[c]
		value := ""
		if has && at < len(row.Cells) {
			value = strings.Join(strings.Fields(row.Cells[at]), " ")
		}
		if value == "" {
			if !slices.Contains(sorts[kind].optional, c) {
				return l, because(c, "history.empty")
			}
			continue
		}
		if p := l.set(c, value, k); p != nil {
			return l, p
		}
	}
	switch {
	case kind == Completions && l.Email == "" && l.StaffID == "":
		return l, because(Email, "history.row_without_key")
	case kind == Completions && l.Email == "" && l.MunicipalityID == 0:
		return l, because(Municipality, "history.number_without_municipality")
	case kind == Completions && l.Day < k.published[l.CourseID]:
		return l, because(CompletedOn, "learning.before_course", "Day", k.published[l.CourseID])
	case kind == Rounds && l.Attended > l.Participants:
		return l, because(Attended, "history.more_than_seats", "Attended", l.Attended, "Participants", l.Participants)
	}
	return l, nil
}

// set reads the cell of the column.
func (l *Line) set(c Column, value string, k *known) *Problem {
	if utf8.RuneCountInString(value) > maxText {
		return because(c, "fault.too_long", "Max", maxText)
	}
	switch c {
	case StaffID:
		l.StaffID = value
	case Email:
		l.Email = strings.ToLower(value)
	case Place:
		l.Place = value
	case Round:
		l.Round = value
	case Question:
		l.Question = value
	case Answer:
		l.Answer = value
	case Course:
		id, is := k.courses[fold(value)]
		if !is || id == 0 {
			return because(c, "history.course_unknown", "Value", value)
		}
		l.CourseID = id
	case Municipality:
		id, is := k.municipalities[fold(value)]
		if !is {
			return because(c, "history.municipality_unknown", "Value", value)
		}
		l.MunicipalityID = id
	case CompletedOn, Day:
		day, err := clock.ParseDay(strings.TrimSuffix(value, " 00:00:00"))
		if err != nil {
			return because(c, "intake.day_unknown", "Value", value)
		}
		if day < earliest || day > k.today {
			return because(c, "history.day_wrong", "Value", value)
		}
		l.Day = day
	case Participants, Attended, Answers, Year:
		return l.number(c, value, k)
	case Row:
	}
	return nil
}

// number reads a whole number, 0 to maxNumber; a year from earliest to today's.
func (l *Line) number(c Column, value string, k *known) *Problem {
	n, err := strconv.Atoi(strings.ReplaceAll(value, " ", ""))
	if err != nil || n < 0 || n > maxNumber {
		return because(c, "history.number_unknown", "Value", value)
	}
	switch c {
	case Participants:
		l.Participants = n
	case Attended:
		l.Attended = n
	case Answers:
		l.Answers = n
	default:
		if n < earliest.Year() || n > k.today.Year() {
			return because(c, "history.year_wrong", "Value", value)
		}
		l.Year = n
	}
	return nil
}
