// Package row is the rows of a municipality's file of staff as they are meant: which column a
// heading names, and what the cells under it say.
package row

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/text"
)

// Column is a column of a staff file, by the name that it has in the command's
// answers.
type Column string

// The columns.
const (
	StaffID    Column = "staff_id"
	GivenName  Column = "given_name"
	FamilyName Column = "family_name"
	Email      Column = "email"
	Unit       Column = "unit"
	Profession Column = "profession"
	Form       Column = "employment_form"
	From       Column = "employed_from"
	Until      Column = "employed_until"
	Since      Column = "in_profession_since"
	Role       Column = "role"
	Row        Column = "row" // no column: the row as a whole

	PersonalNumber Column = "personal_number" // kept as a keyed mark alone
)

// Columns are all of them, in the order of the sample file.
var Columns = []Column{StaffID, GivenName, FamilyName, Email, Unit, Profession, Form, From, Until, Since, Role, PersonalNumber}

// headings are what the columns are called in the files of personnel systems, folded.
var headings = map[string]Column{
	"anstallningsnummer": StaffID, "anstallningsnr": StaffID, "anstnr": StaffID, "anst nr": StaffID, "anst.nr": StaffID,
	"personalid": StaffID, "personal-id": StaffID, "anstallnings-id": StaffID, "anstallningsid": StaffID, "medarbetar-id": StaffID, "signatur": StaffID,
	"fornamn": GivenName, "tilltalsnamn": GivenName,
	"efternamn": FamilyName,
	"e-post":    Email, "epost": Email, "e-postadress": Email, "epostadress": Email, "e-mail": Email, "mejl": Email, "mejladress": Email,
	"enhet": Unit, "arbetsplats": Unit,
	"yrke": Profession, "befattning": Profession, "titel": Profession, "yrkestitel": Profession,
	"anstallningsform": Form,
	"anstalld fran":    From, "anstalld fran och med": From, "anstallningsdatum": From, "fran": From, "startdatum": From,
	"anstalld till": Until, "anstalld till och med": Until, "slutdatum": Until, "till": Until,
	"i yrket sedan": Since, "yrkesverksam sedan": Since,
	"roll":         Role,
	"personnummer": PersonalNumber, "personnr": PersonalNumber, "pnr": PersonalNumber, "person-id": PersonalNumber, "samordningsnummer": PersonalNumber,
}

func init() {
	for _, c := range Columns {
		headings[string(c)] = c
	}
}

// Fold is a heading without what people write in different ways.
func Fold(heading string) string {
	return strings.Join(strings.Fields(text.Fold(heading)), " ")
}

// ColumnOf is the column that the heading means.
func ColumnOf(heading string) (Column, bool) {
	c, ok := headings[Fold(heading)]
	return c, ok
}

// Known tells whether the heading means a column.
func Known(heading string) bool {
	_, ok := ColumnOf(heading)
	return ok
}

// Ignored is what a heading means whose column is not read.
const Ignored Column = "-"

// Heading is what a heading means that is not known by itself.
type Heading struct {
	Text       string
	Means      Column // or Ignored
	Remembered bool   // from an earlier file, or else said of this one
}

// Meanings are what the headings of a file mean that are not known by themselves: as is said of
// the file, else as the municipality said of an earlier one.
func Meanings(cells []string, chosen map[string]string, remembered []Heading) (all []Heading) {
	for _, cell := range cells {
		said, is := chosen[cell]
		if cell == "" || Known(cell) && !is {
			continue
		}
		if is {
			all = append(all, Heading{Text: cell, Means: Column(said)})
			continue
		}
		for _, h := range remembered {
			if h.Text == Fold(cell) {
				all = append(all, Heading{cell, h.Means, true})
			}
		}
	}
	return all
}

// Mapping is where the columns stand in the rows of a file.
type Mapping map[Column]int

// Map finds the columns under the headings. meant says what headings mean that are not
// known by themselves. fault.Invalid names each heading
// that is unknown or there twice, with the column that it is most like, and each column
// without which nobody can be told apart.
func Map(cells []string, meant []Heading) (Mapping, error) {
	m := Mapping{}
	var checks fault.Checks
	for i, heading := range cells {
		if heading == "" {
			continue
		}
		c, ok := ColumnOf(heading)
		if at := slices.IndexFunc(meant, func(h Heading) bool { return h.Text == heading }); at >= 0 {
			if meant[at].Means == Ignored {
				continue
			}
			c, ok = ColumnOf(string(meant[at].Means))
		}
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
	_, id := m[StaffID]
	_, email := m[Email]
	_, personal := m[PersonalNumber]
	checks.Require(id || email || personal, string(StaffID), "intake.no_key")
	_, given := m[GivenName]
	_, family := m[FamilyName]
	checks.Require(given || family, string(GivenName), "intake.no_name")
	return m, checks.Err()
}

// like is the column whose name in some language is most like the heading; empty when
// none is.
func like(heading string) Column {
	heading = Fold(heading)
	var best Column
	nearest := 1 + len(heading)/3
	for name, c := range headings {
		if d := levenshtein.ComputeDistance(heading, name); d < nearest || d == nearest && best != "" && c < best {
			best, nearest = c, d
		}
	}
	return best
}
