package waysin

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/identity/helping"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/passkey"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/merging"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// page is what is known of somebody's ways in.
type page struct {
	*visit.Visit
	people.Detail
	sessions []identity.Session
	keys     []passkey.Key
	roles    []identity.Held
	tried    []helping.Attempt
	bounced  bool
}

// of reads it, for who may help the person.
func of(v *visit.Visit) (*page, error) {
	id, err := v.ID("person")
	if err != nil {
		return nil, err
	}
	if err := identity.Within(v.Context(), v.Reader(), access.HelpIn(v.Viewer), id, v.Today); err != nil {
		return nil, err
	}
	p := &page{Visit: v}
	if p.Detail, err = people.Get(v.Context(), v.Reader(), v.Viewer, id, v.Today); err != nil {
		return nil, err
	}
	if p.sessions, err = identity.SessionsOf(v.Context(), v.Reader(), v.Viewer, id, v.Now); err != nil {
		return nil, err
	}
	if p.keys, err = passkey.Of(v.Context(), v.Reader(), v.Viewer, id, v.Today); err != nil {
		return nil, err
	}
	if p.roles, err = identity.Grants(v.Context(), v.Reader(), v.Viewer, id, v.Today); err != nil {
		return nil, err
	}
	if p.tried, err = helping.Attempts(v.Context(), v.Reader(), v.Viewer, id, v.Today); err != nil {
		return nil, err
	}
	bounce, err := letter.LastBounce(v.Context(), v.Reader(), v.Viewer, id, v.Today)
	p.bounced = bounce != nil
	return p, err
}

// Show is somebody's ways in: what stands in their way, and the button that solves it.
func Show(v *visit.Visit) error {
	p, err := of(v)
	if err != nil {
		return err
	}
	return p.show("")
}

// show is the page; paper is a code on paper that was just made.
func (p *page) show(paper string) error {
	title := p.T("entry.help.of", "Name", p.Name())
	f := p.Frame(title, p.OfficeCrumbs(p.T("entry.help.title"))...)
	f.Crumbs[len(f.Crumbs)-1].Href = visit.SignInsPath
	f.Crumbs = append(f.Crumbs, ui.Crumb{Label: p.Name()})
	head := ui.PageHead{Title: title, Others: []ui.Action{{Label: p.T("entry.help.page"), Href: visit.PersonPath(p.Person.ID), Kind: ui.Secondary}}}
	if !access.MergePeople(p.Viewer).Empty() {
		head.Others = append(head.Others, ui.Action{Label: p.T("merging.twice"), Href: merging.Path(p.Person.ID), Kind: ui.Secondary})
	}
	parts := []templ.Component{head.View(p.Lang)}
	if paper != "" {
		parts = append(parts, ui.Section("paper", p.T("entry.help.paper"),
			ui.Paragraph(p.T("entry.help.paper_help", "Name", p.Name(), "Address", p.SiteName()+visit.PaperPath, "Day", p.Lang.Day(p.Now.Add(identity.PaperLife).Day()))), paperCode(paper)))
	}
	parts = append(parts, p.obstacles()...)
	parts = append(parts, p.facts().View(p.Lang))
	if len(p.tried) > 0 {
		parts = append(parts, attempts(p.Visit, p.tried).View(p.Lang))
	} else {
		parts = append(parts, ui.Section("attempts", p.T("entry.help.attempts"), ui.Paragraph(p.T("entry.help.no_attempts"))))
	}
	if len(p.sessions) > 0 {
		parts = append(parts, SessionTable(p.Visit, p.sessions).View(p.Lang),
			ui.Action{Label: p.T("people.person.end_sessions"), Href: visit.PersonPath(p.Person.ID, "sessions", "end"), Post: true, Kind: ui.Secondary}.View(p.Lang))
	}
	if len(p.keys) > 0 {
		parts = append(parts, PasskeyTable(p.Visit, p.keys, func(k passkey.Key) string { return visit.OthersPasskeyPath(p.Person.ID, k.ID) }).View(p.Lang))
	}
	return p.Page(f, parts...)
}

// obstacles are what keeps the person out, each with what solves it; when there is none,
// that is said, too.
func (p *page) obstacles() (all []templ.Component) {
	add := func(text string, do *ui.Action) {
		all = append(all, ui.Notice{Tone: ui.Caution, Title: p.T("entry.help.in_the_way"), Text: text, Action: do}.View(p.Lang))
	}
	e := p.EmployedOn(p.Today)
	if e == nil || !e.Holds(p.Today) {
		add(p.T("entry.help.not_employed"), &ui.Action{Label: p.T("entry.help.employ"), Href: visit.PersonPath(p.Person.ID) + "?form=move#" + ui.FormPlace})
	}
	open := false
	for _, a := range p.Accounts {
		open = open || a.ClosedOn == nil || *a.ClosedOn > p.Today
	}
	if !open {
		add(p.T("entry.help.no_account"), &ui.Action{Label: p.T("entry.help.account"), Href: visit.PersonPath(p.Person.ID) + "#accounts"})
	}
	correct := &ui.Action{Label: p.T("entry.help.correct"), Href: visit.CorrectPersonPath(p.Person.ID)}
	switch {
	case p.Email == "":
		add(p.T("entry.help.no_email"), correct)
	case p.bounced:
		add(p.T("entry.help.bounced", "Email", p.Email), correct)
	}
	if len(all) == 0 {
		all = append(all, ui.Notice{Tone: ui.Info, Title: p.T("entry.help.free"), Text: p.T("entry.help.free_help")}.View(p.Lang))
	}
	var do []ui.Action
	if p.Email != "" {
		do = append(do, ui.Action{Label: p.T("entry.help.send"), Href: visit.PersonSignInPath(p.Person.ID, "letter"), Post: true})
	}
	do = append(do, ui.Action{Label: p.T("entry.help.make_paper"), Href: visit.PersonSignInPath(p.Person.ID, "paper"), Post: true, Kind: ui.Secondary})
	return append(all, ui.Buttons(p.Lang, do))
}

// facts are accounts, employments and roles in short; the person's own page has them at
// length.
func (p *page) facts() ui.Summary {
	var works, accounts, roles []string
	for _, e := range p.Employments {
		line := e.Organisation
		switch {
		case e.Until != nil && *e.Until < p.Today:
			line = p.T("entry.help.worked", "Where", e.Organisation, "Day", p.Lang.Day(*e.Until))
		case e.From > p.Today:
			line = p.T("entry.help.will_work", "Where", e.Organisation, "Day", p.Lang.Day(e.From))
		}
		works = append(works, line)
	}
	for _, a := range p.Accounts {
		line := a.Journey
		if a.ClosedOn != nil && *a.ClosedOn <= p.Today {
			line = p.T("entry.help.closed", "Journey", a.Journey, "Day", p.Lang.Day(*a.ClosedOn))
		}
		accounts = append(accounts, line)
	}
	for _, h := range p.roles {
		if h.Holds(p.Today) {
			roles = append(roles, p.T("entry.help.role", "Role", p.T(h.Role.KeyAt(h.District)), "Where", h.Organisation)+" "+p.T("entry.help.shows_"+string(h.Role)))
		}
	}
	roles = append(roles, p.T("entry.help.shows_employee"))
	ways := []string{p.T("entry.help.by_letter", "Email", p.Email)}
	if p.Email == "" {
		ways = []string{p.T("entry.help.by_paper")}
	}
	if len(p.keys) > 0 {
		ways = append(ways, p.T("entry.help.by_key", "Number", len(p.keys)))
	}
	return ui.Summary{
		{Term: p.T("entry.help.ways"), Slot: ui.Lines(ways)},
		{Term: p.T("entry.help.works"), Slot: ui.Lines(orNone(p.Visit, works))},
		{Term: p.T("entry.help.accounts"), Slot: ui.Lines(orNone(p.Visit, accounts))},
		{Term: p.T("entry.help.roles"), Slot: ui.Lines(roles)},
	}
}

func orNone(v *visit.Visit, lines []string) []string {
	if len(lines) == 0 {
		return []string{v.T("entry.help.nothing")}
	}
	return lines
}

// SendLetter sends the person a letter with a new link.
func SendLetter(v *visit.Visit) error {
	p, err := of(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return identity.SendLink(v.Context(), tx, v.Viewer, p.Person.ID, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(visit.PersonSignInPath(p.Person.ID), "notice.link_sent", "Email", p.Email)
}

// MakePaper makes a code on paper and shows it, once.
func MakePaper(v *visit.Visit) error {
	p, err := of(v)
	if err != nil {
		return err
	}
	var code string
	if err := v.Write(func(tx *db.Tx) (err error) {
		code, err = identity.PaperCode(v.Context(), tx, v.Viewer, p.Person.ID, v.Now)
		return err
	}); err != nil {
		return err
	}
	return p.show(code)
}

// RemovePasskey takes away a passkey of somebody who has lost what it was on.
func RemovePasskey(v *visit.Visit) error {
	p, err := of(v)
	if err != nil {
		return err
	}
	id, err := v.ID("passkey")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return passkey.Remove(v.Context(), tx, v.Viewer, id, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(visit.PersonSignInPath(p.Person.ID), "notice.passkey_removed")
}
