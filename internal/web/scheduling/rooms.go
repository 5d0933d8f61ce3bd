package scheduling

import (
	"strconv"
	"strings"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/room"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Rooms are the region's rooms, how much each is used in the year, and what
// that costs.
func Rooms(v *visit.Visit) error {
	region, err := v.ManagedRegion()
	if err != nil {
		return err
	}
	rooms, err := room.All(v.Context(), v.Reader(), v.Viewer, region.ID, v.Today)
	if err != nil {
		return err
	}
	year := v.Year(v.Today.Year())
	uses, err := room.Year(v.Context(), v.Reader(), v.Viewer, region.ID, year)
	if err != nil {
		return err
	}
	title := v.T("room.title")
	f := v.Frame(title, v.CrumbsOf(region, ui.Crumb{Label: title})...)
	t := ui.Table{
		ID: "rooms", Caption: title, QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: v.T("room.name")}, {Label: v.T("room.seats"), Numeric: true}, {Label: v.T("room.equipment")},
			{Label: v.T("room.accessibility")}, {Label: v.T("room.cost"), Numeric: true},
			{Label: v.T("room.days_in", "Year", strconv.Itoa(year)), Numeric: true}, {Label: v.T("room.cost_in", "Year", strconv.Itoa(year)), Numeric: true},
		},
		Note:  v.T("money.excl_vat"),
		Empty: ui.Empty{Picture: ui.PictureCalendar, Title: v.T("room.none"), Text: v.T("room.none_help")},
	}
	var days int
	var cost money.Ore
	for _, r := range rooms {
		use := uses[r.ID]
		days, cost = days+use.Days, cost+use.Cost
		name := ui.Cell{Text: r.Name, Href: visit.RoomPath(r.ID), Note: r.Address}
		if r.ClosedOn != nil {
			name.Note += " · " + v.T("room.closed_from", "Day", *r.ClosedOn)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			name, ui.Text(v.Lang.Number(int64(r.Seats))), ui.Text(r.Equipment), ui.Text(r.Accessibility),
			v.AmountCell(r.Cost), ui.Text(v.Lang.Number(int64(use.Days))), v.AmountCell(use.Cost),
		}})
	}
	if len(rooms) > 0 {
		t.Total = []ui.Cell{ui.Text(v.T("ui.total")), {}, {}, {}, {}, ui.Text(v.Lang.Number(int64(days))), v.AmountCell(cost)}
	}
	add := ui.Form(visit.RegionPath(region, "rooms"), v.T("room.add"), nil, roomFields(v, room.Room{})...)
	return v.Page(f,
		ui.PageHead{
			Title: title, Lead: v.T("room.lead", "Region", region.Name),
			Others: []ui.Action{{Label: v.T("plan.to_plan"), Href: visit.RegionPath(region, "plan"), Kind: ui.Secondary}},
		}.View(v.Lang),
		v.YearTabs(v.URL.Path, []int{year - 1, year, year + 1}, year),
		t.View(v.Lang),
		ui.Section("add", v.T("room.add_title"), add.View(v.Lang)),
	)
}

// roomFields are the questions about a room; old is what is known of it.
func roomFields(v *visit.Visit, old room.Room) []ui.Field {
	seats, cost := "", ""
	if old.ID != 0 {
		seats, cost = strconv.Itoa(old.Seats), strings.TrimSuffix(old.Cost.String(), ".00")
		if v.Lang.Code() == "sv" {
			cost = strings.Replace(cost, ".", ",", 1)
		}
	}
	fields := []ui.Field{
		{Name: "name", Label: v.T("room.name"), Hint: v.T("room.name_hint"), Value: v.Typed("name", old.Name)},
		{Name: "address", Label: v.T("room.address"), Hint: v.T("room.address_hint"), Value: v.Typed("address", old.Address)},
		{Input: ui.NumberInput, Name: "seats", Label: v.T("room.seats"), Short: true, Value: v.Typed("seats", seats)},
		{Name: "equipment", Label: v.T("room.equipment"), Hint: v.T("room.equipment_hint"), Optional: true, Value: v.Typed("equipment", old.Equipment)},
		{Name: "accessibility", Label: v.T("room.accessibility"), Hint: v.T("room.accessibility_hint"), Optional: true, Value: v.Typed("accessibility", old.Accessibility)},
		{Name: "cost", Label: v.T("room.cost"), Unit: v.T("money.tariff.kr"), Hint: v.T("room.cost_hint"), Short: true, Optional: true, Value: v.Typed("cost", cost)},
	}
	if old.ID != 0 {
		closed := ""
		if old.ClosedOn != nil {
			closed = old.ClosedOn.String()
		}
		fields = append(fields, ui.Field{
			Input: ui.DateInput, Name: "closed_on", Label: v.T("room.closed_on"), Hint: v.T("room.closed_on_hint"), Optional: true, Value: v.Typed("closed_on", closed),
		})
	}
	for i := range fields {
		fields[i].Error = v.Wrong(fields[i].Name)
	}
	return fields
}

// typedRoom reads the form.
func typedRoom(v *visit.Visit) (room.Room, error) {
	var checks fault.Checks
	r := room.Room{
		Name: v.FormValue("name"), Address: v.FormValue("address"), Seats: v.Number("seats", 0),
		Equipment: v.FormValue("equipment"), Accessibility: v.FormValue("accessibility"),
	}
	if text := strings.Join(strings.Fields(v.FormValue("cost")), ""); text != "" { // "1 500"
		cost, err := money.Parse(text)
		checks.Require(err == nil, "cost", "room.cost_wrong")
		r.Cost = cost
	}
	r.ClosedOn = optionalDay(&checks, v.FormValue("closed_on"), "closed_on")
	return r, checks.Err()
}

// optionalDay is the day that was typed, nil when nothing was.
func optionalDay(checks *fault.Checks, text, field string) *clock.Day {
	if text == "" {
		return nil
	}
	day, err := clock.ParseDay(text)
	checks.Require(err == nil && day.Year() >= 1900 && day.Year() <= 2200, field, "fault.day")
	return &day
}

func AddRoom(v *visit.Visit) error {
	region, err := v.ManagedRegion()
	if err != nil {
		return err
	}
	r, err := typedRoom(v)
	if err == nil {
		r.RegionID = region.ID
		err = v.Write(func(tx *db.Tx) error {
			_, err := room.Add(v.Context(), tx, v.Viewer, r)
			return err
		})
	}
	if err != nil {
		return err
	}
	return v.Redirect(visit.RegionPath(region, "rooms"), "notice.room_added", "Name", r.Name)
}

// Room is the page on which a room is changed or closed.
func Room(v *visit.Visit) error {
	r, err := roomInAddress(v)
	if err != nil {
		return err
	}
	region := v.Server.Country[r.RegionID]
	f := v.Frame(r.Name, v.CrumbsOf(region, ui.Crumb{Label: v.T("room.title"), Href: visit.RegionPath(region, "rooms")}, ui.Crumb{Label: r.Name})...)
	f.Reading = true
	change := ui.Form(visit.RoomPath(r.ID), v.T("room.save"), nil, roomFields(v, r)...)
	change.Cancel = visit.RegionPath(region, "rooms")
	return v.Page(f,
		ui.PageHead{Title: r.Name, Lead: v.T("room.change_lead")}.View(v.Lang),
		change.View(v.Lang),
	)
}

func roomInAddress(v *visit.Visit) (room.Room, error) {
	id, err := v.ID("room")
	if err != nil {
		return room.Room{}, err
	}
	return room.Get(v.Context(), v.Reader(), v.Viewer, id)
}

// ChangeRoom writes the room; days to come in it carry its new name and address.
func ChangeRoom(v *visit.Visit) error {
	old, err := roomInAddress(v)
	if err != nil {
		return err
	}
	r, err := typedRoom(v)
	if err == nil {
		r.ID = old.ID
		err = v.Write(func(tx *db.Tx) error {
			if err := room.Change(v.Context(), tx, v.Viewer, r); err != nil {
				return err
			}
			return planning.FollowRoom(v.Context(), tx, v.Viewer, r.ID, v.Today)
		})
	}
	if err != nil {
		return err
	}
	return v.Redirect(visit.RegionPath(v.Server.Country[old.RegionID], "rooms"), "notice.room_changed", "Name", r.Name)
}
