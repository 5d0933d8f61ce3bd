package history

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/text"
)

// Kind is what a file is about.
type Kind string

// The kinds.
const (
	Completions Kind = "completions"
	Rounds      Kind = "rounds"
	Evaluations Kind = "evaluations"
)

// Kinds are all of them.
var Kinds = []Kind{Completions, Rounds, Evaluations}

// Column is a column of a file, by the name that it has in the command's answers.
type Column string

// The columns.
const (
	StaffID      Column = "staff_id"
	Municipality Column = "municipality"
	Email        Column = "email"
	Course       Column = "course"
	CompletedOn  Column = "completed_on"
	Round        Column = "round"
	Day          Column = "day"
	Place        Column = "place"
	Participants Column = "participants"
	Attended     Column = "attended"
	Year         Column = "year"
	Question     Column = "question"
	Answer       Column = "answer"
	Answers      Column = "answers"
	Row          Column = "row" // no column: the row as a whole
)

// sort is what a kind of file has: the column by which it is known comes first.
type sort struct {
	mark     Column
	columns  []Column // in the order of the sample file
	optional []Column
}

var sorts = map[Kind]sort{
	Completions: {CompletedOn, []Column{StaffID, Municipality, Email, Course, CompletedOn}, []Column{StaffID, Municipality, Email}},
	Rounds:      {Attended, []Column{Course, Round, Day, Place, Municipality, Participants, Attended}, []Column{Place}},
	Evaluations: {Answers, []Column{Course, Year, Question, Answer, Answers}, nil},
}

// ColumnsOf are the columns of a file of the kind, in the order of the sample file.
func ColumnsOf(k Kind) []Column { return sorts[k].columns }

// headings are what the columns are called in people's files, folded.
var headings = map[string]Column{
	"anstallningsnummer": StaffID, "anstallningsnr": StaffID, "anstnr": StaffID, "anst nr": StaffID, "anst.nr": StaffID, "anstallningsid": StaffID,
	"kommun": Municipality, "kommunkod": Municipality,
	"e-post": Email, "epost": Email, "e-postadress": Email, "epostadress": Email, "e-mail": Email, "mejl": Email, "mejladress": Email,
	"kurs": Course, "kursnamn": Course, "utbildning": Course,
	"genomford": CompletedOn, "genomford den": CompletedOn, "genomforandedatum": CompletedOn, "slutford": CompletedOn, "klar": CompletedOn, "klar den": CompletedOn,
	"omgang": Round, "kursomgang": Round,
	"dag": Day, "datum": Day, "kursdag": Day,
	"ort": Place, "plats": Place, "lokal": Place,
	"deltagare": Participants, "anmalda": Participants, "platser": Participants,
	"narvarande": Attended, "narvaro": Attended, "deltog": Attended,
	"ar":    Year,
	"fraga": Question,
	"svar":  Answer, "svarsalternativ": Answer,
	"antal svar": Answers, "antal": Answers,
}

func init() {
	for _, s := range sorts {
		for _, c := range s.columns {
			headings[string(c)] = c
		}
	}
}

// fold is a text without what people write in different ways.
func fold(s string) string { return strings.Join(strings.Fields(text.Fold(s)), " ") }

// Known tells whether the heading means a column.
func Known(heading string) bool {
	_, ok := headings[fold(heading)]
	return ok
}

// mapping is where the columns stand in the rows of a file.
type mapping map[Column]int

// mapped finds the columns under the headings, and by them what the file is about. fault.Invalid
// names each heading that is unknown or there twice, each column that a file of the kind does not
// have, and each that it lacks.
func mapped(cells []string) (Kind, mapping, error) {
	m := mapping{}
	var checks fault.Checks
	for i, heading := range cells {
		if heading == "" {
			continue
		}
		c, ok := headings[fold(heading)]
		if !ok {
			if near := like(heading); near != "" {
				checks.Require(false, heading, "intake.heading_misspelt", "Heading", heading, "Like", string(near))
			} else {
				checks.Require(false, heading, "intake.heading_unknown", "Heading", heading)
			}
			continue
		}
		_, twice := m[c]
		checks.Require(!twice, heading, "intake.heading_twice", "Heading", heading, "Column", string(c))
		m[c] = i
	}
	if err := checks.Err(); err != nil {
		return "", nil, err
	}
	var kind Kind
	for _, k := range Kinds {
		if _, is := m[sorts[k].mark]; !is {
			continue
		}
		if kind != "" {
			return "", nil, fault.Invalid("file", "history.two_kinds")
		}
		kind = k
	}
	if kind == "" {
		return "", nil, fault.Invalid("file", "history.no_kind")
	}
	s := sorts[kind]
	for c, i := range m {
		checks.Require(slices.Contains(s.columns, c), cells[i], "history.not_here", "Heading", cells[i])
	}
	for _, c := range s.columns {
		_, has := m[c]
		checks.Require(has || slices.Contains(s.optional, c), string(c), "history.lacks_column", "Column", string(c))
	}
	if kind == Completions {
		_, email := m[Email]
		_, number := m[StaffID]
		_, municipality := m[Municipality]
		checks.Require(email || number && municipality, string(Email), "history.no_key")
	}
	return kind, m, checks.Err()
}

// like is the column whose name is most like the heading; empty when none is.
func like(heading string) (best Column) {
	heading = fold(heading)
	nearest := 1 + len(heading)/3
	for name, c := range headings {
		if d := levenshtein.ComputeDistance(heading, name); d < nearest || d == nearest && best != "" && c < best {
			best, nearest = c, d
		}
	}
	return best
}
