package booking

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// setsAside tells whether the visitor keeps seats of the round for municipalities.
func (p *Signup) setsAside() bool {
	d := p.d
	return d.Manages && !d.National() && !d.Local() && d.CancelledAt == nil && p.Today < d.FirstDay
}

// SetAside are the seats kept per municipality, with the form that keeps more.
func (p *Signup) SetAside() templ.Component {
	d := p.d
	if !p.setsAside() {
		return templ.NopComponent
	}
	t := ui.Table{
		ID: "quotas", Caption: p.T("signup.quotas"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: p.T("round.municipality")}, {Label: p.T("signup.quota_seats"), Numeric: true}, {Label: p.T("signup.quota_used"), Numeric: true},
			{Label: p.T("signup.quota_state")}, {Label: p.T("signup.release_do"), Action: true},
		},
	}
	for _, c := range p.quotas {
		state, act := ui.Text(p.T("signup.quota_until", "Day", p.Lang.TinyDay(c.ReleaseOn))), ui.Cell{Slot: templ.NopComponent}
		if c.ReleasedAt != nil {
			state = ui.Text(p.T("signup.quota_released", "Day", p.Lang.TinyDay(c.ReleasedAt.Day())))
		} else {
			act.Slot = ui.Action{
				Label: p.T("signup.release_do"), About: c.Municipality, Small: true, Kind: ui.Secondary, Post: true,
				Href: visit.RoundPath(d.ID, "quotas", p.Server.Country[c.MunicipalityID].Slug, "release"),
			}.View(p.Lang)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(c.Municipality), ui.Text(p.Lang.Number(int64(c.Seats))), ui.Text(p.Lang.Number(int64(c.Used))), state, act,
		}})
	}
	municipality := ui.Field{Input: ui.SelectInput, Name: "municipality", Label: p.T("round.municipality"), Options: []ui.Option{{Label: p.T("signup.choose")}}}
	for _, m := range p.municipalities {
		municipality.Options = append(municipality.Options, ui.Option{Value: visit.ID(m.ID), Label: m.Name})
	}
	seats := ui.Field{Input: ui.NumberInput, Name: "seats", Label: p.T("signup.quota_seats"), Short: true}
	day := ui.Field{
		Input: ui.DateInput, Name: "release_on", Label: p.T("signup.release_on"), Hint: p.T("signup.release_on_hint"), Value: max(p.Today+1, d.SignupUntil).String(),
		Min: (p.Today + 1).String(), Max: d.FirstDay.String(),
	}
	sent := p.SentTo("quotas")
	if sent {
		for _, f := range []*ui.Field{&municipality, &seats, &day} {
			f.Value, f.Error = p.PostForm.Get(f.Name), p.Wrong(f.Name)
		}
	}
	keep := ui.Form(visit.RoundPath(d.ID, "quotas"), p.T("signup.quota_do"), nil, municipality, seats, day)
	keep.Kind = ui.Secondary
	parts := []templ.Component{}
	if len(t.Rows) > 0 {
		parts = append(parts, t.View(p.Lang))
	}
	if sent {
		parts = append(parts, keep.View(p.Lang))
	} else {
		parts = append(parts, ui.Fold(p.T("signup.quota_new"), ui.Paragraph(p.T("signup.quota_help")), keep.View(p.Lang)))
	}
	return ui.Section("quota", p.T("signup.quotas"), parts...)
}

// SetAsideSeats keeps seats for a municipality.
func SetAsideSeats(v *visit.Visit) error {
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	var checks fault.Checks
	on := v.FormDay(&checks, "release_on")
	municipality := v.NumberID("municipality")
	checks.Require(municipality != 0, "municipality", "round.quota_municipality")
	seats := v.Number("seats", 0)
	if err := checks.Err(); err != nil {
		return err
	}
	return v.ChangeRound(d, "notice.signup_quota", func(tx *db.Tx) error {
		return seat.SetAside(v.Context(), tx, v.Viewer, d.ID, municipality, seats, on, v.Now)
	})
}

func ReleaseSeats(v *visit.Visit) error {
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	m, err := v.Municipality()
	if err != nil {
		return err
	}
	return v.ChangeRound(d, "notice.signup_released", func(tx *db.Tx) error {
		return seat.Release(v.Context(), tx, v.Viewer, d.ID, m.ID, v.Now)
	})
}
