// Package access says who may do what, where.
//
// A Viewer carries the roles that somebody holds on a day. A rule (rules.go)
// turns a Viewer into a Scope: the part of the country that the rule opens to
// them. A Scope answers for one thing (Covers) and for a list (Where), so a
// page and a list cannot disagree.
package access

import (
	"slices"
	"strings"

	"yrkesresan/internal/fault"
)

// Role is what somebody may be, by a grant or in a journey; domain.md, "Who". What a
// trainer is on a course day is a trainer.Role.
type Role string

// The roles. Employee and Trainer are not granted: everybody sees their own
// journey, and a trainer the days that they hold.
const (
	Employee       Role = "employee"
	Trainer        Role = "trainer"
	Manager        Role = "manager"
	MunicipalAdmin Role = "municipal_admin"
	DistrictAdmin  Role = "district_admin"
	Regional       Role = "regional"
	Producer       Role = "producer"
	National       Role = "national"
	NationalReader Role = "national_reader"
	Operator       Role = "operator"
	Steering       Role = "steering"
)

// Key is the role's message key.
func (r Role) Key() string { return "role." + string(r) }

// KeyAt is the message key of the role as it is held at an organisation: who leads a
// district is no unit's manager.
func (r Role) KeyAt(district bool) string {
	if district && r == Manager {
		return "role.district_manager"
	}
	return r.Key()
}

// Level is a level of the organisation.
type Level string

// The levels.
const (
	Nation       Level = "nation"
	Region       Level = "region"
	Municipality Level = "municipality"
	Unit         Level = "unit"
)

// GroupOffice is what somebody is in a group of municipalities.
type GroupOffice string

// The offices: those that are given, and that of who answers for a municipality in the group.
const (
	GroupAdministrator GroupOffice = "administrator"
	GroupSteering      GroupOffice = "steering"
	GroupMember        GroupOffice = "member"
)

// Key is the office's message key.
func (o GroupOffice) Key() string { return "groups.office_" + string(o) }

// Group is a group of municipalities that the viewer has an office in. A group is no
// organisation of the tree: none of the rules about people or places reads these.
type Group struct {
	ID       int64
	RegionID int64
	Slug     string
	Name     string
	Office   GroupOffice
}

// Place is where something is: the organisation it belongs to with its
// ancestors, the group of municipalities, and the person it is about. Zero means none.
type Place struct {
	RegionID       int64
	MunicipalityID int64
	UnitID         int64
	GroupID        int64
	PersonID       int64
	Protected      bool // the person's identity is protected: see Scope.Covers
}

// Grant is a role at an organisation. One that is held at a district, which is a unit that
// other units belong to, opens those, too: Units are the ones of the day.
type Grant struct {
	ID             int64
	Role           Role
	Level          Level
	OrganisationID int64
	RegionID       int64
	MunicipalityID int64
	Name           string // the organisation's
	Keeps          bool   // a manager's: the municipality lets its managers keep the people of their units
	District       bool   // the organisation is a district
	Units          []int64
}

// Viewer is who asks. The zero Viewer is nobody and may do nothing.
type Viewer struct {
	PersonID int64
	Name     string
	Home     Place   // where they are employed today, mainly
	Also     []Place // where they are employed beside that
	Grants   []Grant
	Guards   []int64 // the municipalities that have named them to look after protected people
	Opened   []int64 // the protected people whose record they have opened
	Nameless []int64 // the municipalities of their regions that let the region see no names
	Groups   []Group // the groups of municipalities that they have an office in
	Trainer  bool    // holds or has held a course day, or is in a team
	TokenID  int64   // the API key that acts; 0: none
	SeenBy   int64   // who sees the pages as this person does, with their consent; 0: nobody
	system   bool
}

// workplaces are all the places where the viewer is employed today.
func (v Viewer) workplaces() []Place { return append([]Place{v.Home}, v.Also...) }

// AsEmployee is the same person without what their roles open: their own journey is
// left.
func (v Viewer) AsEmployee() Viewer {
	v.Grants, v.Guards, v.Opened, v.Groups, v.Trainer = nil, nil, nil, nil, false
	return v
}

// Token is the API key to write down as what did it; nil for none.
func (v Viewer) Token() *int64 {
	if v.TokenID == 0 {
		return nil
	}
	return &v.TokenID
}

// System is the product itself: jobs, imports, commands. It may do everything.
func System() Viewer { return Viewer{system: true} }

// ActingFor is the product itself as it does what the person has decided: it may do
// everything, and they are written down as who did it.
func ActingFor(personID int64) Viewer { return Viewer{system: true, PersonID: personID} }

// ActorID is the person to write down as the one who did it; nil for System.
func (v Viewer) ActorID() *int64 {
	if v.PersonID == 0 {
		return nil
	}
	return &v.PersonID
}

// Has tells whether the viewer holds one of the roles anywhere.
func (v Viewer) Has(roles ...Role) bool {
	if v.system {
		return true
	}
	for _, role := range roles {
		switch role {
		case Employee:
			if v.PersonID != 0 {
				return true
			}
		case Trainer:
			if v.Trainer {
				return true
			}
		default:
			for _, g := range v.Grants {
				if g.Role == role {
					return true
				}
			}
		}
	}
	return false
}

// Scope is the part of the country that a rule opens. The zero Scope is empty.
type Scope struct {
	Everything     bool
	Regions        []int64
	Municipalities []int64
	Units          []int64
	Groups         []int64
	People         []int64
	nameless       []int64 // the municipalities that Regions do not reach into: see named
	opened         []int64 // of the protected people at those places, the ones it opens
	protected      bool    // it opens all of them: the product's own
}

// Empty tells whether the scope opens nothing at all.
func (s Scope) Empty() bool {
	return !s.Everything && len(s.Regions)+len(s.Municipalities)+len(s.Units)+len(s.Groups)+len(s.People) == 0
}

// Covers tells whether a thing at the place is in the scope. What is about somebody whose
// identity is protected is in that of the person, and of those named who have opened it.
func (s Scope) Covers(p Place) bool {
	if p.Protected && !s.protected {
		return has(s.People, p.PersonID) || has(s.opened, p.PersonID)
	}
	return s.Everything || has(s.Regions, p.RegionID) && !has(s.nameless, p.MunicipalityID) || has(s.Municipalities, p.MunicipalityID) ||
		has(s.Units, p.UnitID) || has(s.Groups, p.GroupID) || has(s.People, p.PersonID)
}

// Names tells whether the scope opens what is about the person wherever they work: it is
// their own.
func (s Scope) Names(personID int64) bool { return has(s.People, personID) }

// Opens tells whether the scope opens the record of somebody whose identity is protected.
func (s Scope) Opens(personID int64) bool { return has(s.opened, personID) }

// Allow is fault.Forbidden for those to whom the rule opens nothing anywhere, and
// fault.NotFound for those to whom it opens other places than this one.
func (s Scope) Allow(p Place) error {
	switch {
	case s.Covers(p):
		return nil
	case s.Empty():
		return fault.Forbidden
	}
	return fault.NotFound
}

func has(ids []int64, id int64) bool {
	if id == 0 {
		return false
	}
	for _, each := range ids {
		if each == id {
			return true
		}
	}
	return false
}

// Columns names the columns of a query that hold the parts of a Place; an empty
// name means that the things have no such part.
type Columns struct {
	Region       string
	Municipality string
	Unit         string
	Group        string
	Person       string
}

// Where is the scope as a condition for a query, in parentheses, each argument
// written "?".
func (s Scope) Where(c Columns) (string, []any) {
	if s.Everything {
		return "TRUE", nil
	}
	var parts []string
	var args []any
	add := func(ids []int64) {
		for _, id := range ids {
			args = append(args, id)
		}
	}
	for _, each := range []struct {
		column string
		ids    []int64
		but    []int64 // municipalities
	}{{c.Region, s.Regions, s.nameless}, {c.Municipality, s.Municipalities, nil}, {c.Unit, s.Units, nil}, {c.Group, s.Groups, nil}, {c.Person, s.People, nil}} {
		if each.column == "" || len(each.ids) == 0 || len(each.but) > 0 && c.Municipality == "" {
			continue
		}
		condition := " = ?" // an index that sorts serves one value, not a list
		if len(each.ids) > 1 {
			condition = " IN (" + marks(len(each.ids)) + ")"
		}
		add(each.ids)
		if len(each.but) > 0 {
			condition += " AND COALESCE(" + c.Municipality + ", 0) NOT IN (" + marks(len(each.but)) + ")"
			add(each.but)
		}
		parts = append(parts, each.column+condition)
	}
	if len(parts) == 0 {
		return "FALSE", nil
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}

// marks are as many "?" as there are arguments, one at least.
func marks(n int) string { return "?" + strings.Repeat(", ?", n-1) }

// at adds a grant's organisation to the scope.
func (s *Scope) at(g Grant) {
	switch g.Level {
	case Nation:
		s.Everything = true
	case Region:
		s.Regions = append(s.Regions, g.OrganisationID)
	case Municipality:
		s.Municipalities = append(s.Municipalities, g.OrganisationID)
	case Unit:
		s.Units = append(append(s.Units, g.OrganisationID), g.Units...)
	}
}

// regionOf adds the whole region in which the grant's organisation lies.
func (s *Scope) regionOf(g Grant) {
	if g.Level == Nation {
		s.Everything = true
	} else {
		s.Regions = append(s.Regions, g.RegionID)
	}
}

// held is the scope of the places where the viewer holds one of the roles.
func (v Viewer) held(roles ...Role) Scope { return v.scope((*Scope).at, roles) }

// named is held where the rule opens names: what is held at a region does not reach into
// the municipalities that let it see none.
func (v Viewer) named(roles ...Role) Scope {
	s := v.held(roles...)
	s.nameless = v.Nameless
	return s
}

// around is the scope of the regions in which the viewer holds one of the roles.
func (v Viewer) around(roles ...Role) Scope { return v.scope((*Scope).regionOf, roles) }

// scope adds up what the viewer's grants of the roles open.
func (v Viewer) scope(add func(*Scope, Grant), roles []Role) Scope {
	if v.system {
		return Scope{Everything: true, protected: true}
	}
	s := Scope{opened: v.Opened}
	for _, g := range v.Grants {
		if slices.Contains(roles, g.Role) {
			add(&s, g)
		}
	}
	return s
}
