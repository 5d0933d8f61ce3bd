// Package setup is the page on which a region sees what it needs before its first course day.
package setup

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/db"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/setup"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Show is the steps, what is done of them and where each is done.
func Show(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	facts, err := setup.Of(v.Context(), v.Reader(), v.Viewer, region.ID, v.Today)
	if err != nil {
		return err
	}
	letter, err := setup.Latest(v.Context(), v.Reader(), v.Viewer, region.ID)
	if err != nil {
		return err
	}
	places, err := setup.Places(v.Context(), v.Reader(), v.Viewer, region.ID, v.Today)
	if err != nil {
		return err
	}
	title := v.T("setup.title", "Region", region.Name)
	f := v.Frame(title, v.CrumbsOf(region, ui.Crumb{Label: title})...)
	f.Refresh = letter != nil && letter.Waits()
	done := len(setup.Steps) - len(facts.Missing())
	head := ui.PageHead{Title: title, Lead: v.T("setup.lead"), Others: []ui.Action{
		{Label: v.T("history.imports"), Href: address.RegionHistory(region.Slug, "imports"), Kind: ui.Secondary},
	}}
	parts := []templ.Component{head.View(v.Lang)}
	if done == len(setup.Steps) {
		parts = append(parts, ui.Notice{Tone: ui.Positive, Title: v.T("setup.all_done"), Text: v.T("setup.all_done_text")}.View(v.Lang))
	} else {
		text := v.T("setup.progress", "Done", done, "All", len(setup.Steps))
		parts = append(parts, ui.Progress{Label: v.T("setup.so_far"), Text: text, Done: done, All: len(setup.Steps)}.View())
	}
	mail, err := mailTest(v, region, letter)
	if err != nil {
		return err
	}
	return v.Page(f, append(parts, v.Table(steps(v, region, facts)), mail, v.Table(municipalities(v, region, places)))...)
}

func steps(v *visit.Visit, region organisation.Organisation, facts setup.Facts) ui.Table {
	t := ui.Table{
		ID: "steps", Caption: v.T("setup.steps"), QuietTitle: true,
		Columns: []ui.Column{{Label: v.T("setup.step")}, {Label: v.T("setup.state")}, {Label: v.T("setup.where"), Action: true}},
	}
	for _, s := range setup.Steps {
		key := "setup.step_" + string(s)
		name, state, where := ui.Cell{Text: v.T(key), Note: v.T(key + "_help")}, ui.Status(v.T("setup.done"), ui.Positive), ui.Text("")
		if href := page(v, region, s); href != "" {
			where = ui.Link(v.T(key+"_do"), href)
		} else if !facts.Done(s) {
			where = ui.Text(v.T("setup.by_regional"))
		}
		if !facts.Done(s) {
			state = ui.Status(v.T("setup.missing"), ui.Caution)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, state, where}})
	}
	return t
}

// page is where the step is taken, or nothing when it is not for the viewer to take.
func page(v *visit.Visit, region organisation.Organisation, s setup.Step) string {
	rounds, people := access.ManageRounds(v.Viewer).Covers(region.Place()), access.GivesRoles(v.Viewer)
	own := func(may bool, path string) string {
		if !may {
			return ""
		}
		return path
	}
	switch s {
	case setup.Administrator:
		return own(access.Officers(v.Viewer), address.NationRegion(region.Slug))
	case setup.Letters:
		return "#letters"
	case setup.Municipalities:
		return visit.RegionPath(region, "affiliation")
	case setup.Staff:
		return "#municipalities"
	case setup.Roles:
		return own(people, visit.PeoplePath)
	case setup.Tariffs:
		return own(access.Settle(v.Viewer).Covers(region.Place()), visit.RegionPath(region, "tariffs"))
	case setup.Rooms:
		return own(rounds, visit.RegionPath(region, "rooms"))
	case setup.Trainers:
		return own(rounds, visit.RegionPath(region, "trainers"))
	case setup.Course:
		return own(rounds, visit.RegionPath(region, "deliveries"))
	case setup.Round:
		return own(rounds, visit.NewRoundPath(region))
	}
	return ""
}

// mailTest tells what became of the latest letter, and lets another be written.
func mailTest(v *visit.Visit, region organisation.Organisation, l *setup.Letter) (templ.Component, error) {
	email, err := setup.Reached(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return nil, err
	}
	var parts []templ.Component
	button := v.T("setup.letter_do")
	if l != nil {
		n := ui.Notice{Tone: ui.Info, Text: v.T("setup.letter_waiting", "Email", l.Email, "At", v.Lang.DayTime(l.AskedAt))}
		switch {
		case l.HandedAt != nil:
			n.Tone, n.Text = ui.Positive, v.T("setup.letter_handed", "Email", l.Email, "At", v.Lang.DayTime(*l.HandedAt))
		case l.FailedAt != nil && l.Answer != "":
			n.Tone, n.Text = ui.Negative, v.T("setup.letter_refused", "Email", l.Email, "At", v.Lang.DayTime(*l.FailedAt), "Answer", l.Answer)
		case l.FailedAt != nil:
			n.Tone, n.Text = ui.Caution, v.T("setup.letter_unreached", "At", v.Lang.DayTime(*l.FailedAt))
		}
		parts, button = append(parts, n.View(v.Lang)), v.T("setup.letter_again")
	}
	switch {
	case email == "":
		parts = append(parts, ui.Paragraph(v.T("setup.letter_none")))
	case l == nil || !l.Waits():
		sheet := ui.Form(address.RegionSetup(region.Slug, "letter"), button, nil)
		sheet.Kind = ui.Secondary
		parts = append(parts, ui.Paragraph(v.T("setup.letter_help", "Email", email)), sheet.View(v.Lang))
	}
	return ui.Section("letters", v.T("setup.letter"), parts...), nil
}

// municipalities are how far each has come, with the page on which its staff is read in.
func municipalities(v *visit.Visit, region organisation.Organisation, places []setup.Place) ui.Table {
	t := ui.Table{
		ID: "municipalities", Caption: v.T("setup.places", "Region", region.Name), Dense: true,
		Columns: []ui.Column{
			{Label: v.T("people.municipality")}, {Label: v.T("affiliation.joined_column")}, {Label: v.T("setup.units"), Numeric: true},
			{Label: v.T("setup.people"), Numeric: true}, {Label: v.T("setup.administrator")}, {Label: v.T("setup.where"), Action: true},
		},
	}
	for _, p := range places {
		joined, administrator := ui.Status(v.T("affiliation.joined_yes"), ui.Positive), ui.Status(v.T("setup.yes"), ui.Positive)
		if !p.Joined {
			joined = ui.Status(v.T("affiliation.joined_no"), ui.Caution)
		}
		if !p.Administered {
			administrator = ui.Status(v.T("setup.no"), ui.Caution)
		}
		name, read := ui.Text(p.Municipality.Name), ui.Text("")
		if access.ManagePeople(v.Viewer).Covers(p.Municipality.Place()) {
			name = ui.Link(p.Municipality.Name, visit.MunicipalityPath(p.Municipality))
			read = ui.Cell{Text: v.T("setup.read_in"), Href: visit.MunicipalityPath(p.Municipality, "imports"), About: p.Municipality.Name}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, joined, v.NumberCell(p.Units), v.NumberCell(p.People), administrator, read}})
	}
	return t
}

// SendLetter lets a letter be written to the visitor.
func SendLetter(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return setup.Try(v.Context(), tx, v.Viewer, region.ID, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(address.RegionSetup(region.Slug)+"#letters", "notice.setup_letter")
}

// Todo is the next thing for who sets the region up while something is missing.
func Todo(v *visit.Visit, region organisation.Organisation) ([]ui.NextThing, error) {
	if !access.SetUp(v.Viewer).Covers(region.Place()) {
		return nil, nil
	}
	facts, err := setup.Of(v.Context(), v.Reader(), v.Viewer, region.ID, v.Today)
	if err != nil {
		return nil, err
	}
	missing := facts.Missing()
	if len(missing) == 0 {
		return nil, nil
	}
	return []ui.NextThing{v.Next("setup", address.RegionSetup(region.Slug), "Count", len(missing), "Region", region.Name, "Step", v.T("setup.step_"+string(missing[0])))}, nil
}
