// Package daysheet reads a spreadsheet of course days, so that the trainer pot of a year can be split
// without a database: columns day, course, participants, trainer_org, role and, if it is there, trainer.
package daysheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"yrkesresan/internal/economy"
	sheets "yrkesresan/internal/sheet"
	"yrkesresan/internal/text"
	"yrkesresan/internal/trainer"

	"golang.org/x/text/unicode/norm"
)

// What is read of a sheet of course days, so that a wrong file costs little.
const (
	MaxBytes  = 10 << 20
	MaxErrors = 1000 // reading stops there
	maxLabel  = 200  // characters
)

// Error refuses a sheet and lists what is wrong with it, in the order of the file: everything,
// or the first MaxErrors things.
type Error struct {
	Cells []CellError
}

// CellError is one thing wrong in a sheet.
type CellError struct {
	Line     int    // from 1, as a text editor counts
	Column   string // its name; where it has none, words like "column 7" or "character 12"
	Expected string
	Got      string
}

func (e CellError) Error() string {
	where := e.Column
	if known(where) {
		where = "column " + where
	}
	return fmt.Sprintf("line %d, %s: expected %s, got %s", e.Line, where, e.Expected, e.Got)
}

// Error is one line per thing wrong, and after 50 of them only that there are more.
func (e *Error) Error() string {
	var text strings.Builder
	text.WriteString("the sheet of course days was refused")
	for i, c := range e.Cells {
		if i == 50 {
			text.WriteString("\n… and more")
			break
		}
		text.WriteString("\n" + c.Error())
	}
	return text.String()
}

// The columns of a sheet. Only trainer may be left out.
const (
	colDay          = "day"
	colCourse       = "course"
	colParticipants = "participants"
	colOrganisation = "trainer_org"
	colRole         = "role"
	colTrainer      = "trainer"
)

var required = []string{colDay, colCourse, colParticipants, colOrganisation, colRole}

func known(column string) bool { return column == colTrainer || slices.Contains(required, column) }

// Read reads course days from a CSV sheet with one row per day and trainer, the way a region
// keeps them in a spreadsheet: in any way of writing that text.Decode knows, with commas, semicolons or
// tabs, perhaps a first line that says which ("sep=;"), the
// columns day, course, participants, trainer_org and role in any order, perhaps trainer, others
// ignored. Rows with the same day are one day. The organisation RSS takes no compensation.
//
// A sheet with anything wrong is refused whole with a *Error; other errors are those of r.
func Read(r io.Reader) ([]economy.PotDay, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading course days: %w", err)
	}
	if len(raw) > MaxBytes {
		return nil, &Error{[]CellError{{
			Line:     1 + bytes.Count(raw, []byte("\n")),
			Column:   "whole file",
			Expected: fmt.Sprintf("at most %d MiB", MaxBytes>>20),
			Got:      "more",
		}}}
	}
	if bytes.HasPrefix(raw, []byte("PK")) || bytes.HasPrefix(raw, []byte{0xD0, 0xCF, 0x11, 0xE0}) {
		return nil, &Error{[]CellError{{1, "whole file", "text (in the spreadsheet, save as “CSV UTF-8”)", "a workbook"}}}
	}
	decoded, err := text.Decode(raw)
	if err != nil {
		line := 1
		if at := bytes.IndexByte(raw, 0); at > 0 && utf8.Valid(raw) {
			line += bytes.Count(raw[:at], []byte("\n"))
		}
		return nil, &Error{[]CellError{{line, "whole file", "text in UTF-8, UTF-16 or Windows-1252 (in Excel, save as “CSV UTF-8”)", "bytes that are none of them"}}}
	}
	if !strings.Contains(decoded, "\n") {
		decoded = strings.ReplaceAll(decoded, "\r", "\n")
	}
	rows, comma := separated(decoded)

	s := sheet{in: newReader(rows, comma), at: map[string]int{}, spellings: map[[3]string]spelling{}}
	if s.readHeader() {
		s.readRows()
	}
	if len(s.wrong) > 0 {
		return nil, &Error{s.wrong}
	}
	return s.days, nil
}

func newReader(rows string, comma rune) *csv.Reader {
	in := csv.NewReader(strings.NewReader(rows))
	in.Comma = comma
	in.FieldsPerRecord = -1 // ragged rows are listed with the rest
	return in
}

// separated is the sheet without the line by which Excel says what stands between its cells, and that.
// An empty line is left in its place, so that the others keep their numbers.
func separated(rows string) (rest string, comma rune) {
	first, after, _ := strings.Cut(rows, "\n")
	if said, ok := sheets.Said(first); ok {
		return "\n" + after, said
	}
	return rows, sheets.Separator(first, func(heading string) bool { return known(columnName(heading)) })
}

func columnName(cell string) string { return strings.ToLower(tidy(cell)) }

// tidy makes the same text look the same: one space for any run of white space, none around,
// and å as one letter whichever system wrote it.
func tidy(cell string) string { return norm.NFC.String(strings.Join(strings.Fields(cell), " ")) }

// sheet is a CSV file while it is read.
type sheet struct {
	in         *csv.Reader
	header     []string
	headerLine int
	at         map[string]int // where the known columns stand
	wrong      []CellError
	days       []economy.PotDay
	spellings  map[[3]string]spelling // by column, the name it must be unique within, lower case
}

// spelling is how a name was written first, and where.
type spelling struct {
	text string
	line int
}

func (s *sheet) refuse(line int, column, expected, got string) {
	if len(s.wrong) < MaxErrors {
		s.wrong = append(s.wrong, CellError{line, column, expected, got})
	}
}

// quoted shows a cell in a message, shortened and without anything a terminal would act on.
func quoted(cell string) string {
	if cell == "" {
		return "an empty cell"
	}
	if r := []rune(cell); len(r) > 60 {
		cell = string(r[:60]) + "…"
	}
	return strconv.Quote(cell)
}

// column is the name of the column at position i for messages.
func (s *sheet) column(i int) string {
	if i < len(s.header) && known(s.header[i]) {
		return s.header[i]
	}
	return fmt.Sprintf("column %d", i+1)
}

// next reads the next row that is not blank, and false at the end, where the file can't be read on
// and when enough is wrong.
func (s *sheet) next() ([]string, bool) {
	for len(s.wrong) < MaxErrors {
		row, err := s.in.Read()
		if broken := (*csv.ParseError)(nil); errors.As(err, &broken) {
			where := fmt.Sprintf("character %d", broken.Column)
			if broken.StartLine != broken.Line { // an open quote is only found out at its far end
				where = "the row that begins here"
			}
			s.refuse(broken.StartLine, where, "quotes only around a whole cell, and doubled inside one", broken.Err.Error())
		}
		if err != nil {
			return nil, false
		}
		if slices.ContainsFunc(row, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
			return row, true
		}
	}
	return nil, false
}

func (s *sheet) readHeader() bool {
	header, ok := s.next()
	if !ok {
		if len(s.wrong) == 0 {
			s.refuse(1, "header", "the columns "+strings.Join(required, ", "), "an empty file")
		}
		return false
	}
	s.headerLine, _ = s.in.FieldPos(0)
	for i, cell := range header {
		name := columnName(cell)
		s.header = append(s.header, name)
		if _, twice := s.at[name]; twice && known(name) {
			s.refuse(s.headerLine, name, "one column of this name", "another as column "+strconv.Itoa(i+1))
		}
		s.at[name] = i
	}
	for _, name := range required {
		if _, ok := s.at[name]; !ok {
			s.refuse(s.headerLine, name, "a column of this name", "only "+quoted(strings.Join(s.header, ", ")))
		}
	}
	return len(s.wrong) == 0
}

func (s *sheet) readRows() {
	type place struct{ index, line int }
	places := map[string]place{} // of days, by label
	seen := map[[3]string]int{}  // line of a day's trainer
	_, named := s.at[colTrainer]
	rows := 0
	for {
		row, ok := s.next()
		if !ok {
			break
		}
		rows++
		line, _ := s.in.FieldPos(0)
		if len(row) != len(s.header) {
			s.refuse(line, s.column(min(len(row), len(s.header))),
				fmt.Sprintf("%d cells as in the header", len(s.header)), fmt.Sprintf("%d", len(row)))
			continue
		}

		before := len(s.wrong)
		day := s.name(row, colDay, "")
		course := s.name(row, colCourse, day)
		participants := s.participants(row)
		trainer := s.trainer(row)
		if named {
			trainer.Person.Name = s.name(row, colTrainer, trainer.Organisation.Name)
		}
		if len(s.wrong) > before {
			continue
		}

		if named {
			who := [3]string{day, trainer.Organisation.Name, trainer.Person.Name}
			if first, twice := seen[who]; twice {
				s.refuseCell(row, colTrainer, fmt.Sprintf("a trainer once a day, who is on line %d already", first))
				continue
			}
			seen[who] = line
		}
		p, met := places[day]
		if !met {
			p = place{len(s.days), line}
			places[day] = p
			s.days = append(s.days, economy.PotDay{Ref: economy.Ref{Name: day}, Course: course, Participants: participants})
		}
		d := &s.days[p.index]
		if d.Course != course {
			s.refuseCell(row, colCourse, fmt.Sprintf("%q as on line %d for the same day", d.Course, p.line))
		}
		if d.Participants != participants {
			s.refuseCell(row, colParticipants, fmt.Sprintf("%d as on line %d for the same day", d.Participants, p.line))
		}
		d.Trainers = append(d.Trainers, trainer)
	}
	if rows == 0 && len(s.wrong) == 0 {
		s.refuse(s.headerLine+1, colDay, "at least one row below the header", "the end of the file")
	}
}

func (s *sheet) refuseCell(row []string, column, expected string) {
	i := s.at[column]
	line, _ := s.in.FieldPos(i)
	s.refuse(line, column, expected, quoted(row[i]))
}

// name reads a label. One that differs from an earlier one only in upper and lower case is refused:
// it would count one day, municipality or person as two. Persons are compared within their
// organisation, courses within their day.
func (s *sheet) name(row []string, column, within string) string {
	text := tidy(row[s.at[column]])
	if text == "" || utf8.RuneCountInString(text) > maxLabel || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		s.refuseCell(row, column, fmt.Sprintf("printable text of at most %d characters", maxLabel))
		return ""
	}
	key := [3]string{column, within, strings.ToLower(text)}
	first, met := s.spellings[key]
	if !met {
		line, _ := s.in.FieldPos(s.at[column])
		s.spellings[key] = spelling{text, line}
	} else if first.text != text {
		s.refuseCell(row, column, fmt.Sprintf("%q spelled as on line %d", first.text, first.line))
	}
	return text
}

func (s *sheet) participants(row []string) int {
	n, ok := whole(tidy(row[s.at[colParticipants]]))
	if !ok || n > economy.MaxParticipants {
		s.refuseCell(row, colParticipants, fmt.Sprintf("a whole number from 0 to %d", economy.MaxParticipants))
		return 0
	}
	return n
}

// whole is a whole number as spreadsheets write one: 14, and 14,0 or 14.00 where the column shows decimals.
func whole(figures string) (n int, ok bool) {
	if at := strings.IndexAny(figures, ",."); at > 0 && at+1 < len(figures) && strings.Trim(figures[at+1:], "0") == "" {
		figures = figures[:at]
	}
	n, err := strconv.Atoi(figures)
	return n, err == nil && figures[0] >= '0' && figures[0] <= '9' // Atoi takes a sign
}

func (s *sheet) trainer(row []string) economy.PotTrainer {
	var t economy.PotTrainer
	t.Role = trainer.Role(strings.ToLower(tidy(row[s.at[colRole]])))
	if t.Role != trainer.Lead && t.Role != trainer.Assistant {
		s.refuseCell(row, colRole, fmt.Sprintf("%s or %s", trainer.Lead, trainer.Assistant))
	}
	organisation := tidy(row[s.at[colOrganisation]])
	if strings.EqualFold(organisation, "RSS") {
		t.RSS = true
		t.Organisation.Name = "RSS"
		return t
	}
	// “RSS Dalarna” would be paid as if it were a municipality.
	if words := strings.FieldsFunc(organisation, func(r rune) bool { return !unicode.IsLetter(r) }); len(words) > 0 && strings.EqualFold(words[0], "RSS") {
		s.refuseCell(row, colOrganisation, "a municipality, or RSS and nothing more")
		return t
	}
	t.Organisation.Name = s.name(row, colOrganisation, "")
	return t
}
