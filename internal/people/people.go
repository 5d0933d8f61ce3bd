package people

import (
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
)

// Roles are those that somebody may have in a journey, several at once, in the
// order of the tables.
var Roles = []access.Role{access.Employee, access.Manager, access.Trainer, access.MunicipalAdmin}

// Person is one of those who take part. Email is empty when none is known.
type Person struct {
	ID         int64
	GivenName  string
	FamilyName string
	Email      string
	Language   string
	Alias      string // by which others know them, when their identity is protected
}

// Name is the person's whole name.
func (p Person) Name() string { return strings.TrimSpace(p.GivenName + " " + p.FamilyName) }

// Known is what somebody is called in a letter to them: the given name, the only one that
// they have, or the alias by which others know them.
func (p Person) Known() string {
	switch {
	case p.Alias != "":
		return p.Alias
	case p.GivenName == "":
		return p.FamilyName
	}
	return p.GivenName
}

// NewPerson is what it takes to add somebody.
type NewPerson struct {
	GivenName  string
	FamilyName string
	Email      string // may be empty
}

// Check tells what is wrong, with what is right trimmed into shape.
func (p *NewPerson) Check() error {
	p.GivenName, p.FamilyName = strings.TrimSpace(p.GivenName), strings.TrimSpace(p.FamilyName)
	p.Email = strings.ToLower(strings.TrimSpace(p.Email))
	var checks fault.Checks
	checks.Require(p.GivenName != "" || p.FamilyName != "", "given_name", "fault.name_missing") // some have one name only
	checks.Require(utf8.RuneCountInString(p.GivenName) <= 100, "given_name", "fault.too_long", "Max", 100)
	checks.Require(utf8.RuneCountInString(p.FamilyName) <= 100, "family_name", "fault.too_long", "Max", 100)
	if p.Email != "" {
		address, err := mail.ParseAddress(p.Email)
		checks.Require(err == nil && address.Address == p.Email && len(p.Email) <= 254, "email", "fault.email")
	}
	return checks.Err()
}

// address is the e-mail address as it is kept.
func (p NewPerson) address() *string {
	if p.Email == "" {
		return nil
	}
	return &p.Email
}

func (p NewPerson) sortKey() []byte {
	return i18n.SortKey(strings.TrimSpace(p.FamilyName + " " + p.GivenName))
}

// Employment is where somebody works, until and including Until.
type Employment struct {
	ID             int64
	OrganisationID int64
	Organisation   string
	RegionID       int64
	MunicipalityID int64
	Municipality   string
	Main           bool // counted by it where regions and the country are counted
	Protected      bool // the person's identity is
	Terms
	clock.Period
}

// EmployerID is the organisation that employs: the municipality, or for RSS staff the
// region.
func (e Employment) EmployerID() int64 {
	if e.MunicipalityID != 0 {
		return e.MunicipalityID
	}
	return e.RegionID
}

// Employer is the name of the organisation that employs.
func (e Employment) Employer() string {
	if e.Municipality != "" {
		return e.Municipality
	}
	return e.Organisation
}

// Place is where the employment is, for an access rule.
func (e Employment) Place(personID int64) access.Place {
	p := access.Place{RegionID: e.RegionID, MunicipalityID: e.MunicipalityID, PersonID: personID, Protected: e.Protected}
	if e.OrganisationID != e.MunicipalityID && e.OrganisationID != e.RegionID {
		p.UnitID = e.OrganisationID
	}
	return p
}

// NewAccount is what it takes to open an account. StepID 0 is no step.
// ProfessionSince is when they began in the profession, which is what the step
// was proposed from; nil when it is not known.
type NewAccount struct {
	PersonID        int64
	JourneyID       int64
	OpenedOn        clock.Day
	Roles           []access.Role
	StepID          int64
	ProfessionSince *clock.Day
}

// Account is somebody's account in a journey, as it is on a day.
type Account struct {
	ID              int64
	Journey         string
	Slug            string
	OpenedOn        clock.Day
	ClosedOn        *clock.Day
	Step            string
	StepID          int64
	StepFrom        *clock.Day
	Roles           []access.Role
	ProfessionSince *clock.Day // nil: not known
}

// ValidRole tells whether r is a role in a journey.
func ValidRole(r access.Role) bool { return slices.Contains(Roles, r) }
