// Package device shows where somebody is signed in.
package device

import (
	"yrkesresan/internal/identity"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Table is where somebody is signed in.
func Table(v *visit.Visit, all []identity.Session) ui.Table {
	t := ui.Table{
		ID: "sessions", Caption: v.T("entry.sessions.devices"),
		Columns: []ui.Column{{Label: v.T("entry.sessions.device")}, {Label: v.T("entry.sessions.made")}, {Label: v.T("entry.sessions.used")}},
	}
	for _, s := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(Name(v, s.Device)), ui.Text(v.Lang.DayTime(s.MadeAt)), ui.Text(v.Lang.DayTime(s.UsedAt)),
		}})
	}
	return t
}

// Name is a device in words, as in "Mobil: Safari, iOS".
func Name(v *visit.Visit, d identity.Device) string {
	kind := v.T("entry.sessions." + string(identity.OtherDevice))
	switch d.Kind {
	case identity.Computer, identity.Phone, identity.Tablet:
		kind = v.T("entry.sessions." + string(d.Kind))
	case identity.OtherDevice:
	}
	if d.Name == "" {
		return kind
	}
	return v.T("entry.sessions.named", "Kind", kind, "Name", d.Name)
}
