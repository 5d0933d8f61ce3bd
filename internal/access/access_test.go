package access_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/fault"
)

// Two regions with a municipality each, and a unit in the first.
const (
	dalarna, uppsala int64 = 20, 3
	falun, tierp     int64 = 2080, 360
	unit             int64 = 9001
	self             int64 = 77
)

func grant(role access.Role, level access.Level, id, region, municipality int64) access.Viewer {
	return access.Viewer{PersonID: self, Grants: []access.Grant{{
		ID: 1, Role: role, Level: level, OrganisationID: id, RegionID: region, MunicipalityID: municipality,
	}}}
}

var (
	inUnit    = access.Place{RegionID: dalarna, MunicipalityID: falun, UnitID: unit, PersonID: 1}
	inFalun   = access.Place{RegionID: dalarna, MunicipalityID: falun, PersonID: 2}
	inDalarna = access.Place{RegionID: dalarna, PersonID: 3}
	inTierp   = access.Place{RegionID: uppsala, MunicipalityID: tierp, PersonID: 4}
	own       = access.Place{RegionID: uppsala, MunicipalityID: tierp, PersonID: self}
	places    = map[string]access.Place{"unit": inUnit, "municipality": inFalun, "region": inDalarna, "elsewhere": inTierp, "own": own}
)

func TestWhereEachRoleReaches(t *testing.T) {
	manager := grant(access.Manager, access.Unit, unit, dalarna, falun)
	admin := grant(access.MunicipalAdmin, access.Municipality, falun, dalarna, falun)
	regional := grant(access.Regional, access.Region, dalarna, dalarna, 0)
	steering := grant(access.Steering, access.Region, dalarna, dalarna, 0)
	operator := grant(access.Operator, access.Nation, 1, 0, 0)
	employee := access.Viewer{PersonID: self, Home: own}
	all := []string{"elsewhere", "municipality", "own", "region", "unit"}
	for name, c := range map[string]struct {
		scope access.Scope
		want  []string
	}{
		"nobody sees nobody":                                   {access.People(access.Viewer{}), nil},
		"an employee sees themselves":                          {access.People(employee), []string{"own"}},
		"a manager sees the unit and themselves":               {access.People(manager), []string{"own", "unit"}},
		"a municipal administrator sees the municipality":      {access.People(admin), []string{"municipality", "own", "unit"}},
		"a regional administrator sees the region":             {access.People(regional), []string{"municipality", "own", "region", "unit"}},
		"an operator sees everybody":                           {access.People(operator), all},
		"a steering group sees nobody but themselves":          {access.People(steering), []string{"own"}},
		"a manager changes nobody":                             {access.ManagePeople(manager), nil},
		"a municipal administrator changes the municipality's": {access.ManagePeople(admin), []string{"municipality", "unit"}},
		"a manager plans the unit's own occasions":             {access.PlanLocally(manager), []string{"unit"}},
		"a municipal administrator plans the municipality's":   {access.PlanLocally(admin), []string{"municipality", "unit"}},
		"a steering group plans no occasions":                  {access.PlanLocally(steering), nil},
		"a manager plans no rollout":                           {access.PlanRollout(manager), nil},
		"the region helps its municipalities to plan":          {access.PlanRollout(regional), []string{"municipality", "region", "unit"}},
		"the region's rounds are the region's to change":       {access.ManageRounds(regional), []string{"municipality", "region", "unit"}},
		"a municipal administrator changes no rounds":          {access.ManageRounds(admin), nil},
		"a steering group sees the region's money":             {access.Money(steering), []string{"municipality", "region", "unit"}},
		"a municipal administrator sees its own money":         {access.MunicipalMoney(admin), []string{"municipality", "unit"}},
		"a municipal administrator does not see all money":     {access.Money(admin), nil},
		"only the region settles":                              {access.Settle(steering), nil},
		"figures are open to the whole region of an office":    {access.Figures(manager), []string{"municipality", "region", "unit"}},
		"an employee has no office":                            {access.Figures(employee), nil},
		"what is one's own is nobody else's":                   {access.Own(operator), []string{"own"}},
		"the product itself may everything":                    {access.ManagePeople(access.System()), all},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for place, p := range places {
				want := fault.NotFound
				if c.want == nil {
					want = fault.Forbidden
				}
				if c.scope.Covers(p) {
					got = append(got, place)
					want = nil
				}
				if err := c.scope.Allow(p); want == nil && err != nil || want != nil && !errors.Is(err, want) {
					t.Errorf("Allow says %v of the %s, want %v", err, place, want)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("reaches %v, want %v", got, c.want)
			}
			if c.scope.Empty() != (c.want == nil) {
				t.Errorf("Empty is %v", c.scope.Empty())
			}
		})
	}
}

// A list's condition names exactly what Covers looks at, so that a page and a
// list cannot disagree.
func TestACovererAndItsConditionSayTheSame(t *testing.T) {
	columns := access.Columns{Region: "r", Municipality: "m", Unit: "u", Person: "p"}
	for name, c := range map[string]struct {
		scope access.Scope
		want  string
		args  []any
	}{
		"nothing":           {access.Scope{}, "FALSE", nil},
		"everything":        {access.Scope{Everything: true, Regions: []int64{1}}, "TRUE", nil},
		"one of a kind":     {access.Scope{Regions: []int64{20}}, "(r = ?)", []any{dalarna}},
		"several of a kind": {access.Scope{Municipalities: []int64{1, 2}}, "(m IN (?, ?))", []any{int64(1), int64(2)}},
		"several kinds":     {access.Scope{Units: []int64{9}, People: []int64{7}}, "(u = ? OR p = ?)", []any{int64(9), int64(7)}},
	} {
		t.Run(name, func(t *testing.T) {
			got, args := c.scope.Where(columns)
			if got != c.want || !slices.Equal(args, c.args) || strings.Count(got, "?") != len(args) {
				t.Errorf("got %q with %v, want %q with %v", got, args, c.want, c.args)
			}
		})
	}
	if got, _ := (access.Scope{People: []int64{7}}).Where(access.Columns{Region: "r"}); got != "FALSE" {
		t.Errorf("things without a person are in a person's scope: %q", got)
	}
}

func TestARoleIsHeldAnywhereOrNowhere(t *testing.T) {
	manager := grant(access.Manager, access.Unit, unit, dalarna, falun)
	if !manager.Has(access.Regional, access.Manager) || manager.Has(access.Regional) || manager.Has(access.Trainer) {
		t.Error("a manager holds what they hold")
	}
	if !manager.Has(access.Employee) || (access.Viewer{}).Has(access.Employee) {
		t.Error("everybody who is somebody is an employee")
	}
	if trainer := (access.Viewer{PersonID: self, Trainer: true}); !trainer.Has(access.Trainer) {
		t.Error("a trainer is one")
	}
	if manager.ActorID() == nil || access.System().ActorID() != nil {
		t.Error("the product itself is nobody to write down")
	}
}

// A region that may see no names of a municipality administers none of its people, units
// and plans, and keeps what concerns no names: its rounds, its money, its figures.
func TestARegionSeesNoNamesWhereTheMunicipalityLetsItNot(t *testing.T) {
	regional := grant(access.Regional, access.Region, dalarna, dalarna, 0)
	regional.Nameless = []int64{falun}
	both := regional
	both.Grants = append(slices.Clone(both.Grants), grant(access.MunicipalAdmin, access.Municipality, falun, dalarna, falun).Grants...)
	columns := access.Columns{Region: "r", Municipality: "m", Unit: "u", Person: "p"}
	for name, c := range map[string]struct {
		scope    access.Scope
		falun    bool // and its unit
		inRegion bool
		where    string
	}{
		"its people":             {access.People(regional), false, true, "(r = ? AND COALESCE(m, 0) NOT IN (?) OR p = ?)"},
		"staff":                  {access.Staff(regional), false, true, "(r = ? AND COALESCE(m, 0) NOT IN (?))"},
		"changing people":        {access.ManagePeople(regional), false, true, "(r = ? AND COALESCE(m, 0) NOT IN (?))"},
		"units":                  {access.ManageUnits(regional), false, true, "(r = ? AND COALESCE(m, 0) NOT IN (?))"},
		"local occasions":        {access.PlanLocally(regional), false, true, "(r = ? AND COALESCE(m, 0) NOT IN (?))"},
		"plans":                  {access.PlanRollout(regional), false, true, "(r = ? AND COALESCE(m, 0) NOT IN (?))"},
		"erasing":                {access.ErasePeople(regional), false, true, "(r = ? AND COALESCE(m, 0) NOT IN (?))"},
		"merging":                {access.MergePeople(regional), false, true, "(r = ? AND COALESCE(m, 0) NOT IN (?))"},
		"sign-in help":           {access.HelpIn(regional), false, true, "(r = ? AND COALESCE(m, 0) NOT IN (?))"},
		"a role that opens them": {access.GrantRole(regional, access.MunicipalAdmin), false, true, "(r = ? AND COALESCE(m, 0) NOT IN (?))"},
		"a key that opens them":  {access.MakeToken(regional, access.Manager), false, true, "(r = ? AND COALESCE(m, 0) NOT IN (?))"},
		"rounds":                 {access.ManageRounds(regional), true, true, "(r = ?)"},
		"money":                  {access.MunicipalMoney(regional), true, true, "(r = ?)"},
		"figures":                {access.Figures(regional), true, true, "(r = ?)"},
		"its own municipality":   {access.Staff(both), true, true, "(r = ? AND COALESCE(m, 0) NOT IN (?) OR m = ?)"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.scope.Covers(inFalun) != c.falun || c.scope.Covers(inUnit) != c.falun || c.scope.Covers(inDalarna) != c.inRegion {
				t.Errorf("covers the municipality: %v, its unit: %v, the region: %v", c.scope.Covers(inFalun), c.scope.Covers(inUnit), c.scope.Covers(inDalarna))
			}
			if got, args := c.scope.Where(columns); got != c.where || strings.Count(got, "?") != len(args) {
				t.Errorf("asks %s with %v, want %s", got, args, c.where)
			}
		})
	}
	if got, args := access.Staff(regional).Where(access.Columns{Region: "r"}); got != "FALSE" || len(args) != 0 {
		t.Errorf("a list that cannot tell municipalities apart asks %s", got)
	}
}

// An office in a group of municipalities opens the group, and nothing that has a place.
func TestAnOfficeInAGroupOpensTheGroupAlone(t *testing.T) {
	const one, another int64 = 1, 2
	in := func(o access.GroupOffice) access.Viewer {
		return access.Viewer{PersonID: self, Groups: []access.Group{{ID: one, RegionID: dalarna, Office: o}}}
	}
	group := access.Place{RegionID: dalarna, GroupID: one}
	regional := grant(access.Regional, access.Region, dalarna, dalarna, 0)
	for name, c := range map[string]struct {
		viewer               access.Viewer
		sees, plans, manages bool
	}{
		"its administrator":               {in(access.GroupAdministrator), true, true, false},
		"its steering group":              {in(access.GroupSteering), true, false, false},
		"who answers for a member":        {in(access.GroupMember), true, false, false},
		"the region's administrator":      {regional, true, true, true},
		"the region's steering group":     {grant(access.Steering, access.Region, dalarna, dalarna, 0), true, false, false},
		"another region's administrator":  {grant(access.Regional, access.Region, uppsala, uppsala, 0), false, false, false},
		"the nation":                      {grant(access.National, access.Nation, 1, 0, 0), true, false, false},
		"a municipality's administrator":  {grant(access.MunicipalAdmin, access.Municipality, falun, dalarna, falun), false, false, false},
		"an employee":                     {access.Viewer{PersonID: self, Home: inFalun}, false, false, false},
		"its administrator as themselves": {in(access.GroupAdministrator).AsEmployee(), false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			if access.Groups(c.viewer).Covers(group) != c.sees || access.PlanForGroups(c.viewer).Covers(group) != c.plans || access.ManageGroups(c.viewer).Covers(group) != c.manages {
				t.Errorf("sees %v, plans %v, manages %v", access.Groups(c.viewer).Covers(group), access.PlanForGroups(c.viewer).Covers(group), access.ManageGroups(c.viewer).Covers(group))
			}
		})
	}
	admin := in(access.GroupAdministrator)
	if access.Groups(admin).Covers(access.Place{RegionID: dalarna, GroupID: another}) || access.PlanForGroups(admin).Covers(access.Place{RegionID: dalarna}) {
		t.Error("it opens another group, or all of the region's")
	}
	for name, scope := range map[string]access.Scope{
		"people": access.Staff(admin), "figures of places": access.Figures(admin), "rounds": access.ManageRounds(admin), "money": access.Money(admin),
		"a municipality's money": access.MunicipalMoney(admin), "local plans": access.PlanRollout(admin), "coverage": access.Coverage(admin), "roles": access.GrantRole(admin, access.Manager),
	} {
		if !scope.Empty() {
			t.Errorf("it opens %s: %+v", name, scope)
		}
	}
	if got, args := access.Groups(admin).Where(access.Columns{Region: "r", Group: "g"}); got != "(g = ?)" || !slices.Equal(args, []any{one}) {
		t.Errorf("a list asks %s with %v", got, args)
	}
}
