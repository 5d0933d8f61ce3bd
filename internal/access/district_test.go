package access_test

import (
	"slices"
	"testing"

	"yrkesresan/internal/access"
)

// What a role at a district opens: its office and the units that belong to it, never the
// municipality, whose are fee, agreement and what cannot be undone. The places are the
// district's own, a unit of it, a unit of another, the municipality itself and another one.
func TestWhatARoleAtADistrictOpens(t *testing.T) {
	const district, inside, outside int64 = 9100, 9101, 9102
	at := func(unit int64) access.Place {
		return access.Place{RegionID: dalarna, MunicipalityID: falun, UnitID: unit, PersonID: 5}
	}
	places := map[string]access.Place{"office": at(district), "inside": at(inside), "outside": at(outside), "municipality": inFalun, "elsewhere": inTierp}
	held := func(role access.Role) access.Viewer {
		v := grant(role, access.Unit, district, dalarna, falun)
		v.Grants[0].District, v.Grants[0].Units = true, []int64{inside}
		return v
	}
	admin, manager := held(access.DistrictAdmin), held(access.Manager)
	keeps := held(access.Manager)
	keeps.Grants[0].Keeps = true
	guard := held(access.DistrictAdmin)
	guard.Guards = []int64{falun, tierp}
	municipal := grant(access.MunicipalAdmin, access.Municipality, falun, dalarna, falun)
	units, region := []string{"inside", "office"}, []string{"inside", "municipality", "office", "outside"}
	for name, c := range map[string]struct {
		scope access.Scope
		want  []string
	}{
		"people":                            {access.People(admin), units},
		"staff":                             {access.Staff(admin), units},
		"changing people":                   {access.ManagePeople(admin), units},
		"registering courses":               {access.RegisterCompletions(admin), units},
		"sign-in help":                      {access.HelpIn(admin), units},
		"sessions":                          {access.Sessions(admin), units},
		"shared tablets":                    {access.ShareTablets(admin), units},
		"occasions of units":                {access.PlanLocally(admin), units},
		"who lacks a course":                {access.Coverage(admin), units},
		"naming managers":                   {access.GrantRole(admin, access.Manager), units},
		"to whom":                           {access.Grantees(admin, access.Manager), units},
		"figures without names":             {access.Figures(admin), region},
		"published rounds":                  {access.Rounds(admin), region},
		"published occasions":               {access.LocalRounds(admin), region},
		"units and districts":               {access.ManageUnits(admin), nil},
		"the municipality's plans":          {access.PlanRollout(admin), nil},
		"the municipality's money":          {access.MunicipalMoney(admin), nil},
		"the region's money":                {access.Money(admin), nil},
		"costs":                             {access.Costs(admin), nil},
		"settling":                          {access.Settle(admin), nil},
		"agreements":                        {access.Affiliations(admin), nil},
		"whether the region sees names":     {access.DecideNames(admin), nil},
		"ways in with the account at work":  {access.Federate(admin), nil},
		"keys":                              {access.Tokens(admin), nil},
		"keys of the municipality":          {access.MakeToken(admin, access.MunicipalAdmin), nil},
		"erasing":                           {access.ErasePeople(admin), nil},
		"merging":                           {access.MergePeople(admin), nil},
		"the audit":                         {access.ReadAudit(admin), nil},
		"naming guards":                     {access.NameGuards(admin), nil},
		"guarding without being named":      {access.Guard(admin), nil},
		"guarding where they are named":     {access.Guard(guard), region},
		"naming their own kind":             {access.GrantRole(admin, access.DistrictAdmin), nil},
		"naming municipal administrators":   {access.GrantRole(admin, access.MunicipalAdmin), nil},
		"rounds":                            {access.ManageRounds(admin), nil},
		"answers":                           {access.ReadAnswers(admin), nil},
		"a manager's people":                {access.People(manager), units},
		"a manager's team":                  {access.Team(manager), units},
		"a manager's occasions":             {access.PlanLocally(manager), units},
		"a manager's tablets":               {access.ShareTablets(manager), units},
		"a manager changes nobody":          {access.ManagePeople(manager), nil},
		"a manager who keeps people does":   {access.ManagePeople(keeps), units},
		"a manager sees no coverage":        {access.Coverage(manager), nil},
		"a manager gives no roles":          {access.GrantRole(manager, access.Manager), nil},
		"an administrator leads nobody":     {access.Team(admin), nil},
		"the municipality names them":       {access.GrantRole(municipal, access.DistrictAdmin), region},
		"and still not its own kind":        {access.GrantRole(municipal, access.MunicipalAdmin), nil},
		"and sees all districts' coverage":  {access.Coverage(municipal), region},
		"and its units are its own to move": {access.ManageUnits(municipal), region},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for place, p := range places {
				if c.scope.Covers(p) {
					got = append(got, place)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("opens %v, want %v", got, c.want)
			}
			if c.scope.Empty() != (c.want == nil) && name != "sessions" {
				t.Errorf("Empty is %v", c.scope.Empty())
			}
		})
	}
	// Whose identity is protected is hidden from them as from everybody.
	protected := at(inside)
	protected.Protected = true
	for name, scope := range map[string]access.Scope{"people": access.People(admin), "staff": access.Staff(admin), "changing": access.ManagePeople(admin), "a manager's": access.People(manager)} {
		if scope.Covers(protected) {
			t.Errorf("%s: somebody protected is shown", name)
		}
	}
	if !admin.Has(access.DistrictAdmin) || admin.Has(access.MunicipalAdmin) || !access.GivesRoles(admin) || !access.ReadPacks(admin) || access.SeeAsOthers(admin) {
		t.Error("they hold what they hold")
	}
	if got, args := access.Staff(admin).Where(access.Columns{Municipality: "m", Unit: "u"}); got != "(u IN (?, ?))" || !slices.Equal(args, []any{district, inside}) {
		t.Errorf("a list asks %s with %v", got, args)
	}
	empty := held(access.DistrictAdmin)
	empty.Grants[0].Units = nil
	if got, _ := access.Staff(empty).Where(access.Columns{Municipality: "m", Unit: "u"}); got != "(u = ?)" {
		t.Errorf("a list of a district without units asks %s", got)
	}
	for role, want := range map[access.Role]string{access.Manager: "role.district_manager", access.DistrictAdmin: "role.district_admin"} {
		if got := role.KeyAt(true); got != want {
			t.Errorf("at a district %s is called %s", role, got)
		}
	}
	if got := access.Manager.KeyAt(false); got != "role.manager" {
		t.Errorf("a unit's manager is called %s", got)
	}
}
