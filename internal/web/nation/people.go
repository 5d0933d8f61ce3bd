package nation

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/officer"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

const peoplePerPage = 30

// bouncedOnly is the answer of the filter that shows whom letters do not reach.
const bouncedOnly = "bounced"

// People are those who hold an office at a region or the nation, and those whom a name or
// an address finds.
func People(v *visit.Visit) error {
	f := officer.Filter{
		Name: v.FormValue("q"), Letter: v.FormValue("letter"), RegionID: v.NumberID("region"), Bounced: v.FormValue("letters") == bouncedOnly,
		Page: v.PageNumber(), PerPage: v.PerPage(peoplePerPage),
	}
	if role := access.Role(v.FormValue("role")); slices.Contains(officer.Roles, role) {
		f.Role = role
	}
	all, total, err := officer.List(v.Context(), v.Reader(), v.Viewer, f, v.Today)
	if err != nil {
		return err
	}
	regions, err := organisation.Regions(v.Context(), v.Reader())
	if err != nil {
		return err
	}
	choice := ui.Filter{
		Label: v.T("people.filter"), Action: address.Officers, Result: v.T("people.count", "Count", total),
		Fields: []ui.Field{
			{Name: "q", Label: v.T("people.name_or_email"), Hint: v.T("nation.search_hint"), Value: f.Name}, v.LetterField(f.Letter),
			{Input: ui.SelectInput, Name: "role", Label: v.T("people.person.grant_role"), Value: string(f.Role), Options: roleOptions(v, v.T("people.all"), officer.Roles)},
			{Input: ui.SelectInput, Name: "region", Label: v.T("nation.region"), Value: visit.IDOrNone(f.RegionID), Options: visit.PlaceOptions(v.T("people.all"), regions)},
		},
	}
	if people.More(total, f.Page, f.PerPage) {
		choice.Result = v.T("people.many", "Most", total-1)
	}
	if f.Bounced {
		choice.Hidden = append(choice.Hidden, ui.Hidden{Name: "letters", Value: bouncedOnly})
		choice.Result += " " + v.T("nation.bounced_only")
	}
	if f.Name != "" || f.Letter != "" || f.Role != "" || f.RegionID != 0 || f.Bounced {
		choice.Clear = address.Officers
	}
	head := ui.PageHead{Title: v.T("people.title"), Lead: v.T("nation.people_lead"), Action: &ui.Action{Label: v.T("nation.appoint"), Href: address.NewOfficer}}
	return v.Page(v.Frame(head.Title, v.OfficeCrumbs(head.Title)...),
		head.View(v.Lang), choice.View(v.Lang), v.Take(peopleTable(v, all, total, f, choice.Clear != ""), address.Officers))
}

func roleOptions(v *visit.Visit, none string, roles []access.Role) []ui.Option {
	options := []ui.Option{{Label: none}}
	for _, r := range roles {
		options = append(options, ui.Option{Value: string(r), Label: v.T(r.Key())})
	}
	return options
}

func peopleTable(v *visit.Visit, all []officer.Officer, total int, f officer.Filter, narrowed bool) ui.Table {
	here := v.Address()
	t := ui.Table{
		Caption: v.T("people.title"), QuietTitle: true, Dense: true, Address: here,
		Columns: []ui.Column{
			{Label: v.T("people.name")}, {Label: v.T("nation.roles")}, {Label: v.T("nation.workplace")}, {Label: v.T("people.email")}, {Label: v.T("nation.signed_in"), Keep: true},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("nation.no_officers"), Text: v.T("nation.no_officers_help")},
	}
	if narrowed {
		t.Empty = ui.Empty{
			Picture: ui.PictureSearch, Title: v.T("people.not_found"), Text: v.T("nation.not_found_help"),
			Action: &ui.Action{Label: v.T("nation.add_new"), Href: address.NewOfficer, Kind: ui.Secondary},
		}
	}
	for _, o := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(people.NameInList(o.GivenName, o.FamilyName), address.Officer(o.ID)),
			ui.Text(offices(v, o)), workplace(o), contact(v, o), signedIn(v, o, len(o.Offices) > 0),
		}})
	}
	if total > 0 {
		t.Pager = &ui.Pager{Address: here, Page: f.Page, PerPage: f.PerPage, Rows: total}
		if t.Pager.More = people.More(total, f.Page, f.PerPage); t.Pager.More {
			t.Pager.Rows--
		}
	}
	return t
}

// offices are the offices that somebody holds, in words, each with its place.
func offices(v *visit.Visit, o officer.Officer) string {
	var all []string
	for _, h := range o.Offices {
		word := v.T(h.Role.Key())
		if h.Level == organisation.Region {
			word += ", " + h.Organisation
		}
		if h.From > v.Today {
			word = v.T("nation.role_from", "Role", word, "Day", h.From)
		}
		all = append(all, word)
	}
	return strings.Join(all, "; ")
}

// workplace is the municipality of somebody's work, or their region.
func workplace(o officer.Officer) ui.Cell {
	if o.Municipality != "" {
		return ui.Cell{Text: o.Municipality, Note: o.Region}
	}
	return ui.Text(o.Region)
}

// contact is how an officer is reached, and that letters do not arrive.
func contact(v *visit.Visit, o officer.Officer) ui.Cell {
	switch {
	case len(o.Offices) == 0:
		return ui.Text("")
	case o.Email == "":
		return ui.Status(v.T("nation.no_address"), ui.Caution)
	}
	c := ui.Text(o.Email)
	if o.BouncedAt != nil {
		c.Note = v.T("people.person.bounced", "Day", o.BouncedAt.Day())
	}
	return c
}

func signedIn(v *visit.Visit, o officer.Officer, holds bool) ui.Cell {
	switch {
	case !holds:
		return ui.Text("")
	case o.SignedInAt == nil:
		return ui.Text(v.T("people.person.never_signed_in"))
	}
	return ui.Text(v.Lang.TinyDay(o.SignedInAt.Day()))
}

// Person is somebody as the nation sees them, with the offices that they hold.
func Person(v *visit.Visit) error {
	id, err := v.ID("person")
	if err != nil {
		return err
	}
	return personPage(v, id, v.NumberID("end"))
}

// PersonOfGrant is the page of who holds the role in the address, with the form that ends
// it open.
func PersonOfGrant(v *visit.Visit) error {
	grant, err := v.ID("grant")
	if err != nil {
		return err
	}
	id, err := identity.OfGrant(v.Context(), v.Reader(), grant)
	if err != nil {
		return err
	}
	return personPage(v, id, grant)
}

func personPage(v *visit.Visit, id, ending int64) error {
	o, err := officer.Get(v.Context(), v.Reader(), v.Viewer, id, v.Today)
	if err != nil {
		return err
	}
	regions, err := organisation.Regions(v.Context(), v.Reader())
	if err != nil {
		return err
	}
	name := o.Name()
	facts := ui.Summary{{Term: v.T("nation.workplace"), Value: strings.Trim(o.Municipality+", "+o.Region, ", ")}}
	mail := ui.Fact{Term: v.T("people.email"), Value: o.Email}
	if o.Email == "" {
		mail.Value = v.T("people.person.no_email")
	}
	facts = append(facts, mail)
	if o.BouncedAt != nil {
		facts = append(facts, ui.Fact{Term: v.T("people.person.letters"), Value: v.T("people.person.bounced", "Day", o.BouncedAt.Day()) + ". " + v.T("nation.bounced_help")})
	}
	if o.Holds(v.Today) {
		facts = append(facts, ui.Fact{Term: v.T("people.person.signed_in"), Value: signedIn(v, o, true).Text})
	}
	give := appointFields(v, regions)
	sheet := ui.Form(address.Officer(id, "grants"), v.T("nation.give"), nil, give...)
	parts := []templ.Component{ui.PageHead{Title: name, Lead: v.T("nation.person_lead")}.View(v.Lang)}
	var ends []templ.Component // under the roles, of which it ends one
	if end, title := endSheet(v, o, ending); end.Action != "" {
		v.NameErrors(visit.Labelled(end.Fields...))
		ends = []templ.Component{ui.Opened(v.Lang, title, end)}
		sheet.Kind = ui.Secondary
	} else {
		v.NameErrors(visit.Labelled(give...))
	}
	var correction templ.Component = templ.NopComponent
	may, err := officer.Readdresses(v.Context(), v.Reader(), v.Viewer, o, v.Today)
	if err != nil {
		return err
	}
	if may {
		correct := ui.Form(address.Officer(id, "address"), v.T("nation.save_address"), nil, ui.Field{
			Input: ui.EmailInput, Name: "email", Label: v.T("people.email"), Hint: v.T("nation.address_hint"), Value: v.Typed("email", o.Email), Error: v.Wrong("email"), Autocomplete: "off",
		})
		correct.Kind = ui.Secondary
		known, err := ofAddress(v, nil)
		if err != nil {
			return err
		}
		correction = ui.Section("address", v.T("nation.correct_address"), known, correct.View(v.Lang))
	}
	held := officeTable(v, o, address.Officer(id))
	roles := []templ.Component{ui.Paragraph(v.T("nation.no_offices", "Name", name))}
	if len(held.Rows) > 0 {
		roles[0] = held.View(v.Lang)
	}
	parts = append(parts, facts.View(v.Lang), correction, ui.Section("roles", v.T("nation.roles"), append(roles, ends...)...),
		ui.Section("give", v.T("nation.give_title", "Name", name), ui.Paragraph(v.T("nation.give_help")), sheet.View(v.Lang)))
	return v.Page(v.Frame(name, v.CrumbsOf(organisation.Organisation{}, ui.Crumb{Label: v.T("people.title"), Href: address.Officers}, ui.Crumb{Label: name})...), parts...)
}

// mayEnd tells whether the visitor may end the office on the day.
func mayEnd(v *visit.Visit, h identity.Held) bool {
	return (h.Until == nil || *h.Until >= v.Today) && slices.Contains(access.NationalRoles, h.Role) && access.GrantRole(v.Viewer, h.Role).Covers(h.Place())
}

func officeTable(v *visit.Visit, o officer.Officer, page string) ui.Table {
	t := ui.Table{
		ID: "roles-table", Caption: v.T("nation.roles"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: v.T("people.person.grant_role")}, {Label: v.T("people.person.grant_place")}, {Label: v.T("people.person.from"), Keep: true},
			{Label: v.T("people.person.until"), Keep: true}, {Label: v.T("people.person.actions"), Action: true},
		},
	}
	for _, h := range o.Offices {
		until := v.T("people.person.for_now")
		if h.Until != nil {
			until = v.Lang.TinyDay(*h.Until)
		}
		action := ui.Cell{}
		if mayEnd(v, h) {
			action = ui.Cell{Text: v.T("people.person.act_role_end"), Href: page + "?end=" + visit.ID(h.ID) + "#" + ui.FormPlace, About: v.T(h.Role.Key()) + ", " + h.Organisation}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(v.T(h.Role.Key())), ui.Text(h.Organisation), ui.Text(v.Lang.TinyDay(h.From)), ui.Text(until), action}})
	}
	return t
}

// endSheet ends one of the officer's roles; none when it is not one that the visitor ends.
func endSheet(v *visit.Visit, o officer.Officer, grant int64) (ui.FormView, string) {
	i := slices.IndexFunc(o.Offices, func(h identity.Held) bool { return h.ID == grant && mayEnd(v, h) })
	if i < 0 {
		return ui.FormView{}, ""
	}
	h := o.Offices[i]
	sheet := ui.Form(address.OfficeEnd(grant), v.T("people.person.act_role_end"), nil, ui.Field{
		Input: ui.DateInput, Name: "last", Label: v.T("people.person.last_day"), Hint: v.T("people.person.end_hint"), Value: v.Typed("last", v.Today.String()), Error: v.Wrong("last"),
	})
	sheet.Cancel = address.Officer(o.ID)
	return sheet, v.T("people.person.end_title", "Role", v.T(h.Role.Key()), "Place", h.Organisation)
}
