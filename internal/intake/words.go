package intake

import "yrkesresan/internal/intake/row"

// What package row says of a file's rows is said here, too: whoever has an import has its rows.
type (
	Column   = row.Column
	Line     = row.Line
	Problem  = row.Problem
	Heading  = row.Heading
	Decision = row.Decision
)

// The columns.
const (
	StaffID        = row.StaffID
	GivenName      = row.GivenName
	FamilyName     = row.FamilyName
	Email          = row.Email
	Unit           = row.Unit
	Profession     = row.Profession
	Form           = row.Form
	From           = row.From
	Until          = row.Until
	Since          = row.Since
	Role           = row.Role
	Row            = row.Row
	PersonalNumber = row.PersonalNumber
	Ignored        = row.Ignored
)

// Columns are all of them, in the order of the sample file.
var Columns = row.Columns

// Known tells whether the heading means a column.
func Known(heading string) bool { return row.Known(heading) }

func problem(c Column, key string, args ...any) *Problem { return row.Because(c, key, args...) }
