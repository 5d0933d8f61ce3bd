package entry

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/api"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/scim"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Tokens are the keys with which other systems use the API.
func Tokens(v *visit.Visit) error { return tokensPage(v, "") }

// tokensPage shows the tokens; key is one that was made just now, and is shown
// this once.
func tokensPage(v *visit.Visit, key string) error {
	all, err := identity.Tokens(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	title := v.T("entry.token.title")
	f := v.Frame(title, v.OfficeCrumbs(title)...)
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.T("entry.token.lead")}.View(v.Lang)}
	if key != "" {
		parts = append(parts,
			ui.Notice{Tone: ui.Positive, Title: v.T("entry.token.made"), Text: v.T("entry.token.made_once")}.View(v.Lang),
			ui.CodeBlock(v.T("entry.token.key"), key))
	}
	fields, err := tokenFields(v)
	if err != nil {
		return err
	}
	t := ui.Table{
		ID: "tokens", Caption: v.T("entry.token.all"),
		Columns: []ui.Column{
			{Label: v.T("entry.token.name")}, {Label: v.T("entry.token.place")}, {Label: v.T("entry.token.made_at")},
			{Label: v.T("entry.token.used_at")}, {Label: v.T("entry.token.state")}, {Label: v.T("entry.token.revoke"), Action: true},
		},
		Empty: ui.Empty{Picture: ui.PictureFigures, Title: v.T("entry.token.none"), Text: v.T("entry.token.none_help")},
	}
	for _, each := range all {
		made := ui.Text(v.Lang.Day(each.MadeAt.Day()))
		made.Note = each.MadeBy
		used := ui.Text(v.T("entry.token.never"))
		if each.UsedAt != nil {
			used = ui.Text(v.Lang.Day(each.UsedAt.Day()))
		}
		state, action := ui.Status(v.T("entry.token.works"), ui.Positive), ui.Cell{Text: v.T("entry.token.revoke"), Href: visit.TokenPath(each.ID), About: each.Name}
		if each.RevokedAt != nil {
			state, action = ui.Status(v.T("entry.token.revoked", "Day", each.RevokedAt.Day()), ui.Plain), ui.Cell{}
		}
		place := ui.Text(each.Organisation)
		place.Note = v.T(each.Role.Key())
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(each.Name), place, made, used, state, action}})
	}
	parts = append(parts, v.Table(t),
		ui.Section("make", v.T("entry.token.make"), ui.Paragraph(v.T("entry.token.make_help")), ui.Form(visit.TokensPath, v.T("entry.token.make_button"), nil, fields...).View(v.Lang)),
		ui.Action{Label: v.T("entry.token.docs"), Href: api.Docs, Kind: ui.Secondary}.View(v.Lang),
		ui.Section("personnel", v.T("entry.token.personnel"), ui.Paragraph(v.T("entry.token.personnel_help")),
			ui.CodeBlock(v.T("entry.token.personnel_address"), v.Server.Site.Base+scim.Prefix),
			ui.Action{Label: v.T("entry.token.personnel_more"), Href: visit.HelpPath, Kind: ui.Secondary}.View(v.Lang)),
	)
	return v.Page(f, parts...)
}

// tokenFields are the questions about a new token; who has one region only is
// not asked which.
func tokenFields(v *visit.Visit) ([]ui.Field, error) {
	name := ui.Field{
		Name: "name", Label: v.T("entry.token.name"), Hint: v.T("entry.token.name_hint"), Value: v.Typed("name", ""), Error: v.Wrong("name"),
	}
	regions, err := tokenRegions(v)
	if err != nil || len(regions) == 1 {
		return []ui.Field{name}, err
	}
	return []ui.Field{name, {
		Input: ui.SelectInput, Name: "organisation", Label: v.T("entry.token.place"), Value: v.Typed("organisation", ""), Error: v.Wrong("organisation"),
		Options: visit.PlaceOptions(v.T("entry.token.choose"), regions),
	}}, nil
}

func tokenRegions(v *visit.Visit) ([]organisation.Organisation, error) {
	all, err := organisation.Within(v.Context(), v.Reader(), access.MakeToken(v.Viewer, access.Regional))
	var regions []organisation.Organisation
	for _, o := range all {
		if o.Kind == organisation.Region {
			regions = append(regions, o)
		}
	}
	return regions, err
}

// MakeToken makes a token that acts as the region's administrators do.
func MakeToken(v *visit.Visit) error {
	regions, err := tokenRegions(v)
	if err != nil {
		return err
	}
	region := v.NumberID("organisation")
	if len(regions) == 1 {
		region = regions[0].ID
	}
	var key string
	err = v.Write(func(tx *db.Tx) (err error) {
		if len(regions) > 0 && region == 0 {
			return fault.Invalid("organisation", "entry.token.choose")
		}
		key, err = identity.MakeToken(v.Context(), tx, v.Viewer, identity.ForAPI, v.FormValue("name"), access.Regional, region, v.Now)
		return err
	})
	if err != nil {
		return err
	}
	return tokensPage(v, key)
}

// AskRevokeToken asks first: what used the token stops working at once.
func AskRevokeToken(v *visit.Visit) error {
	id, err := v.ID("token")
	if err != nil {
		return err
	}
	all, err := identity.Tokens(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	for _, each := range all {
		if each.ID != id || each.RevokedAt != nil {
			continue
		}
		title := v.T("entry.token.revoke_title", "Name", each.Name)
		f := v.Frame(title, v.OfficeCrumbs(title)...)
		f.Reading = true
		ask := ui.Form(visit.TokenPath(id), v.T("entry.token.revoke"), nil)
		ask.Kind, ask.Cancel = ui.Danger, visit.TokensPath
		return v.Page(f, ui.PageHead{Title: title, Lead: v.T("entry.token.revoke_lead")}.View(v.Lang), ask.View(v.Lang))
	}
	return fault.NotFound
}

// RevokeToken ends it.
func RevokeToken(v *visit.Visit) error {
	id, err := v.ID("token")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return identity.RevokeToken(v.Context(), tx, v.Viewer, id, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(visit.TokensPath, "notice.token_revoked")
}
