package scheduling

import (
	"cmp"
	"slices"

	"github.com/a-h/templ"

	"yrkesresan/internal/organisation"
	"yrkesresan/internal/room"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/seat/demand"
	"yrkesresan/internal/web/booking"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Demand is what a region's courses are wanted for against what is planned, so
// that the next round is planned where it is missing.
func Demand(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	all, err := demand.In(v.Context(), v.Reader(), v.Viewer, region.ID, v.Today)
	if err != nil {
		return err
	}
	number := func(n int) string { return v.Lang.Number(int64(n)) }
	f := v.Frame(v.T("signup.demand"), v.CrumbsOf(region, ui.Crumb{Label: v.T("signup.demand")})...)
	t := ui.Table{
		ID: "demand", Caption: v.T("signup.demand_caption", "Region", region.Name), Note: v.T("signup.demand_note", "Day", v.Today), Dense: true,
		Columns: []ui.Column{
			{Label: v.T("round.course")}, {Label: v.T("signup.wishes"), Numeric: true}, {Label: v.T("signup.in_queue"), Numeric: true}, {Label: v.T("signup.likely"), Numeric: true},
			{Label: v.T("signup.trainers"), Numeric: true}, {Label: v.T("signup.rounds"), Numeric: true}, {Label: v.T("signup.seats_free"), Numeric: true}, {Label: v.T("signup.lacking")}, {Label: v.T("signup.plan_do"), Action: true},
		},
		Empty: ui.Empty{Picture: ui.PictureFigures, Title: v.T("signup.demand_none"), Text: v.T("signup.demand_none_help")},
	}
	slices.SortStableFunc(all, func(a, b demand.Demand) int {
		return cmp.Or(cmp.Compare(b.Lacks(), a.Lacks()), cmp.Compare(min(a.Rounds, 1), min(b.Rounds, 1)), cmp.Compare(b.Likely, a.Likely))
	})
	// The one thing to do: the course that most people lack a seat in.
	var most demand.Demand
	for _, d := range all {
		if !d.Regional && d.Wishes+d.Rounds+d.Waiting == 0 {
			continue
		}
		lacks := ui.Text("")
		switch {
		case d.Lacks() > 0:
			lacks = ui.Status(v.T("signup.lacks", "Count", d.Lacks()), ui.Caution)
		case d.Likely > 0 && d.Rounds == 0:
			lacks = ui.Status(v.T("signup.no_round"), ui.Info)
		}
		if d.Lacks() > most.Lacks() {
			most = d
		}
		rounds := ui.Text(number(d.Rounds))
		if d.Rounds > 0 {
			rounds = ui.Cell{Text: number(d.Rounds), Href: visit.RoundsPath + "?course=" + visit.IDOrNone(d.CourseID) + "&region=" + visit.IDOrNone(region.ID), About: d.Course}
		}
		wishes := ui.Text(number(d.Wishes))
		if d.Wishes > 0 {
			wishes = ui.Cell{Text: number(d.Wishes), Href: visit.RegionPath(region, "demand") + "?wishes=" + visit.IDOrNone(d.CourseID) + "#wishes", About: d.Course}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(d.Course), wishes, ui.Text(number(d.Waiting)), ui.Text(number(d.Likely)), ui.Text(number(d.Trainers)), rounds,
			ui.Text(v.T("round.of", "Some", d.Free, "All", d.Seats)), lacks,
			{Text: v.T("signup.plan_do"), Href: visit.RegionPath(region, "rounds/new") + "?course=" + visit.IDOrNone(d.CourseID), About: d.Course},
		}})
	}
	rooms, err := roomFigure(v, region)
	if err != nil {
		return err
	}
	parts := []templ.Component{ui.PageHead{Title: v.T("signup.demand"), Lead: v.T("signup.demand_lead")}.View(v.Lang)}
	if most.Lacks() > 0 {
		parts = append(parts, ui.NextThing{
			Sentence: v.T("signup.demand_next", "Course", most.Course, "Count", most.Lacks()),
			Action:   &ui.Action{Label: v.T("signup.plan_next"), Href: visit.RegionPath(region, "rounds/new") + "?course=" + visit.IDOrNone(most.CourseID)},
		}.View(v.Lang))
	}
	parts = append(parts, rooms, v.Take(t, visit.RegionPath(region, "demand")))
	if course := v.NumberID("wishes"); course != 0 {
		wishes, err := seat.Wishes(v.Context(), v.Reader(), v.Viewer, region.ID, course, v.Today)
		if err != nil {
			return err
		}
		if len(wishes) > 0 {
			back := visit.RegionPath(region, "demand") + "?wishes=" + visit.IDOrNone(course)
			parts = append(parts, ui.Section("wishes", v.T("signup.who_wishes", "Course", wishes[0].Course), booking.WishTable(v, wishes, back).View(v.Lang)))
		}
	}
	return v.Page(f, parts...)
}

// roomFigure is how many rooms there are to plan rounds in, and for how many.
func roomFigure(v *visit.Visit, region organisation.Organisation) (templ.Component, error) {
	rooms, err := room.All(v.Context(), v.Reader(), v.Viewer, region.ID, v.Today)
	if err != nil {
		return nil, err
	}
	var seats []int
	for _, r := range rooms {
		if r.OpenOn(v.Today) {
			seats = append(seats, r.Seats)
		}
	}
	figure := ui.Figure{Label: v.T("signup.rooms"), Value: v.Lang.Number(int64(len(seats))), AsOf: v.Today, Href: visit.RegionPath(region, "rooms")}
	if len(seats) > 0 {
		figure.Note = v.T("signup.rooms_for", "Seats", v.Lang.Range(int64(slices.Min(seats)), int64(slices.Max(seats))))
	}
	return ui.Figures{figure}.View(v.Lang), nil
}
