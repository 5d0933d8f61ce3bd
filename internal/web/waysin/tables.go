package waysin

import (
	"yrkesresan/internal/identity"
	"yrkesresan/internal/passkey"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// SessionTable is where somebody is signed in.
func SessionTable(v *visit.Visit, all []identity.Session) ui.Table {
	t := ui.Table{
		ID: "sessions", Caption: v.T("entry.sessions.devices"),
		Columns: []ui.Column{{Label: v.T("entry.sessions.device")}, {Label: v.T("entry.sessions.made")}, {Label: v.T("entry.sessions.used")}},
	}
	for _, s := range all {
		device := ui.Text(DeviceName(v, s.Device))
		if s.Remembered {
			device.Note = v.T("entry.sessions.remembered", "Day", v.Lang.Day(s.Until.Day()))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			device, ui.Text(v.Lang.DayTime(s.MadeAt)), ui.Text(v.Lang.DayTime(s.UsedAt)),
		}})
	}
	return t
}

// PasskeyTable are somebody's passkeys, each with a button that removes it.
func PasskeyTable(v *visit.Visit, all []passkey.Key, removal func(passkey.Key) string) ui.Table {
	t := ui.Table{
		ID: "passkey-list", Caption: v.T("entry.passkey.list"),
		Columns: []ui.Column{{Label: v.T("entry.passkey.name")}, {Label: v.T("entry.passkey.made")}, {Label: v.T("entry.passkey.used")}, {Label: v.T("entry.passkey.remove"), Action: true}},
	}
	for _, k := range all {
		name, used := ui.Text(k.Name), v.T("entry.passkey.never")
		if k.BackedUp {
			name.Note = v.T("entry.passkey.backed_up")
		}
		if k.UsedAt != nil {
			used = v.Lang.DayTime(*k.UsedAt)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, ui.Text(v.Lang.DayTime(k.MadeAt)), ui.Text(used), {Slot: ui.Action{
			Label: v.T("entry.passkey.remove"), About: k.Name, Href: removal(k), Post: true, Kind: ui.Secondary, Small: true,
		}.View(v.Lang)}}})
	}
	return t
}

// DeviceName is a device in words, as in "Mobil: Safari, iOS".
func DeviceName(v *visit.Visit, d identity.Device) string {
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
