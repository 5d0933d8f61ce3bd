package persons

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/web/waysin"
)

// sessions is where the person is signed in, for those who may end that.
func (p *personPage) sessions() (templ.Component, error) {
	all, err := identity.SessionsOf(p.Context(), p.Reader(), p.Viewer, p.Person.ID, p.Now)
	if fault.Of(err) != nil {
		return nil, nil //nolint:nilerr // not theirs to see
	}
	if err != nil {
		return nil, err
	}
	parts := []templ.Component{p.rows(waysin.SessionTable(p.Visit, all), "people.person.no_sessions")}
	if len(all) > 0 {
		parts = append(parts, ui.Action{
			Label: p.T("people.person.end_sessions"), Href: visit.PersonPath(p.Person.ID, "sessions", "end"), Post: true, Kind: ui.Secondary,
		}.View(p.Lang))
	}
	return ui.Section("sessions", p.T("people.person.sessions"), parts...), nil
}

// EndSessions signs the person out wherever they are.
func EndSessions(v *visit.Visit) error {
	id, err := v.ID("person")
	if err != nil {
		return err
	}
	p, err := FindPerson(v, id)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		_, err := identity.EndSessions(v.Context(), tx, v.Viewer, id, v.Now)
		return err
	}); err != nil {
		return err
	}
	return v.Redirect(visit.PersonPath(id), "notice.person_signed_out", "Name", p.Name())
}
