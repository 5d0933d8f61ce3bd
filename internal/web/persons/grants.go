package persons

import (
	"errors"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// grantedRoles are the roles that are given, those nearest to people first.
var grantedRoles = []access.Role{
	access.Manager, access.DistrictAdmin, access.MunicipalAdmin, access.Regional, access.Steering, access.Producer,
	access.National, access.NationalReader, access.Operator,
}

// grantable are the roles that the visitor may give to somebody.
func grantable(v *visit.Visit) []access.Role {
	var roles []access.Role
	for _, role := range grantedRoles {
		if !access.GrantRole(v.Viewer, role).Empty() {
			roles = append(roles, role)
		}
	}
	return roles
}

func (p *personPage) grantTable() ui.Table {
	t := ui.Table{
		ID: "roles-table", Caption: p.T("people.person.grants"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: p.T("people.person.grant_role")}, {Label: p.T("people.person.grant_place")},
			{Label: p.T("people.person.from"), Keep: true}, {Label: p.T("people.person.until"), Keep: true},
		},
	}
	if p.manages {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("people.person.actions"), Action: true})
	}
	for _, g := range p.grants {
		role := p.T(g.Role.KeyAt(g.District))
		row := ui.Row{Cells: []ui.Cell{ui.Text(role), ui.Text(g.Organisation), ui.Text(p.Lang.TinyDay(g.From)), ui.Text(p.until(g.Period))}}
		if p.manages {
			var cell ui.Cell
			ended := g.Until != nil && *g.Until < p.Today
			if !ended && access.GrantRole(p.Viewer, g.Role).Covers(g.Place()) {
				cell.Slot = ui.Links([]ui.Action{p.act(EndForm, g.ID, role+", "+g.Organisation)})
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	for _, h := range p.groups { // given and ended on the group's own page
		group := ui.Text(h.Group.Name)
		if access.Groups(p.Viewer).Covers(h.Group.Place()) {
			group.Href = address.RegionGroups(p.Server.Country[h.Group.RegionID].Slug, h.Group.Slug)
		}
		row := ui.Row{Cells: []ui.Cell{ui.Text(p.T(h.Office.Key())), group, ui.Text(p.Lang.TinyDay(h.From)), ui.Text(p.until(h.Period))}}
		if p.manages {
			row.Cells = append(row.Cells, ui.Cell{})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (p *personPage) grantSheet() (ui.FormView, error) {
	roles := grantable(p.Visit)
	if len(roles) == 0 {
		return ui.FormView{}, nil
	}
	role := ui.Field{
		Input: ui.SelectInput, Name: "role", Label: p.T("people.person.grant_role"), Value: p.Typed("role", ""), Error: p.Wrong("role"),
		Options: []ui.Option{{Label: p.T("people.person.choose_role")}},
	}
	var usual string
	var municipality int64
	if e := p.EmployedOn(p.Today); e != nil {
		usual, municipality = visit.IDOrNone(e.OrganisationID), e.MunicipalityID
	}
	districts, err := organisation.Districts(p.Context(), p.Reader(), municipality, p.Today)
	if err != nil {
		return ui.FormView{}, err
	}
	for _, r := range roles {
		if r != access.DistrictAdmin || len(districts) > 0 {
			role.Options = append(role.Options, ui.Option{Value: string(r), Label: p.T(r.Key())})
		}
	}
	// Who may give any role may give that of managers: it has the widest reach.
	scope := access.GrantRole(p.Viewer, access.Manager)
	places, err := workplaces(p.Visit, scope, municipality)
	if err != nil {
		return ui.FormView{}, err
	}
	if scope.Everything {
		places = append([]ui.Option{{Value: visit.IDOrNone(organisation.NationID), Label: p.Server.Country[organisation.NationID].Name}}, places...)
	}
	return ui.Form(p.path("grants"), p.T("people.person.offer_role"), nil, role,
		ui.Field{
			Input: ui.SelectInput, Name: "organisation", Label: p.T("people.person.grant_place"), Hint: p.T("people.person.grant_hint"),
			Options: append([]ui.Option{{Label: p.T("people.choose_place")}}, places...),
			Value:   p.Typed("organisation", usual), Error: p.Wrong("organisation"),
		},
		p.dayField("from", p.T("people.person.grant_from"), ""),
		ui.Field{
			Input: ui.DateInput, Name: "until", Label: p.T("people.person.grant_until"), Hint: p.T("people.person.grant_until_hint"), Optional: true,
			Value: p.Typed("until", ""), Error: p.Wrong("until"),
		},
	), nil
}

// GrantRole gives the person a role in the product.
func GrantRole(v *visit.Visit) error {
	return changePerson(v, GrantForm, "notice.role_granted", func(id int64, tx *db.Tx) error {
		var checks fault.Checks
		role, known := access.Role(v.FormValue("role")), false
		for _, each := range grantedRoles {
			known = known || each == role
		}
		checks.Require(known, "role", "people.person.role_missing")
		organisationID := v.NumberID("organisation")
		checks.Require(organisationID != 0, "organisation", "people.place_missing")
		from := v.FormDay(&checks, "from")
		var until clock.Day
		limited := strings.TrimSpace(v.FormValue("until")) != ""
		if limited {
			until = v.FormDay(&checks, "until")
			checks.Require(until == 0 || until >= from, "until", "people.person.grant_until_before")
		}
		if err := checks.Err(); err != nil {
			return err
		}
		grant, err := identity.Grant(v.Context(), tx, v.Viewer, id, role, organisationID, from, v.Now)
		if err == nil && limited {
			err = identity.EndGrant(v.Context(), tx, v.Viewer, grant, until, v.Now)
			if errors.Is(err, fault.Conflict("")) { // it ends before, with the visitor's own
				err = fault.Invalid("until", "people.person.grant_until_after")
			}
		}
		if err == nil {
			_, err = letter.RoleGiven(v.Context(), tx, v.Viewer, grant, v.Server.Site, v.Now)
		}
		return err
	})
}

func (p *personPage) endSheet() (string, ui.FormView) {
	for _, g := range p.grants {
		if g.ID == p.of && access.GrantRole(p.Viewer, g.Role).Covers(g.Place()) {
			title := p.T("people.person.end_title", "Role", p.T(g.Role.KeyAt(g.District)), "Place", g.Organisation)
			return title, ui.Form(visit.GrantPath(g.ID, "end"), p.T("people.person.act_role_end"), nil,
				p.dayField("last", p.T("people.person.last_day"), p.T("people.person.end_hint")))
		}
	}
	return "", ui.FormView{}
}

// EndGrant lets a role end.
func EndGrant(v *visit.Visit) error {
	return changePerson(v, EndForm, "notice.role_ended", func(id int64, tx *db.Tx) error {
		var checks fault.Checks
		last := v.FormDay(&checks, "last")
		if err := checks.Err(); err != nil {
			return err
		}
		return identity.EndGrant(v.Context(), tx, v.Viewer, id, last, v.Now)
	})
}
