package comings

import (
	"cmp"
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/recruitment"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Candidates are those of the region who would like to teach and whose managers agree.
func Candidates(v *visit.Visit) error {
	region, err := v.ManagedRegion()
	if err != nil {
		return err
	}
	all, err := recruitment.Candidates(v.Context(), v.Reader(), v.Viewer, region.ID, v.Today)
	if err != nil {
		return err
	}
	title := v.T("comings.candidates")
	t := ui.Table{
		ID: "candidates", Caption: title, QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: v.T("people.name")}, {Label: v.T("round.course")}, {Label: v.T("people.municipality")}, {Label: v.T("comings.words_of")}, {Label: v.T("comings.since"), Keep: true}, {Label: v.T("trainer.team.change"), Action: true}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: v.T("comings.candidates_none"), Text: v.T("comings.candidates_none_help")},
	}
	all, t.Pager = visit.Paged(v, all, perPage)
	for _, w := range all {
		v.Saw(w.PersonID)
		about := w.Name + ", " + w.Course
		decide := func(label, answer string, kind ui.Kind) ui.Action {
			return ui.Action{Label: v.T(label), About: about, Href: address.TrainerWish(w.ID, "decision"), Post: true, Kind: kind, Small: true, Hidden: []ui.Hidden{{Name: "answer", Value: answer}}}
		}
		who := ui.Cell{Text: w.Name, Note: w.Unit}
		if named := access.Staff(v.Viewer); named.Covers(w.Place()) {
			who.Href = visit.PersonPath(w.PersonID)
		}
		words := ui.Text(w.Words)
		if !w.ByManager() {
			words.Note = v.T("comings.no_manager")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			who, ui.Text(w.Course), ui.Text(cmp.Or(w.Municipality, v.T("round.rss"))), words, ui.Text(v.Lang.TinyDay(w.WishedAt.Day())),
			{Slot: ui.Buttons(v.Lang, []ui.Action{decide("comings.recruit_do", "yes", ui.Secondary), decide("comings.let_be_do", "no", ui.Quiet)})},
		}})
	}
	return v.Page(v.Frame(title, v.CrumbsOf(region, ui.Crumb{Label: v.T("trainer.team.short"), Href: visit.RegionPath(region, "trainers")}, ui.Crumb{Label: title})...),
		ui.PageHead{Title: title, Lead: v.T("comings.candidates_lead")}.View(v.Lang), t.View(v.Lang))
}

// Decide is the region's word on a candidate.
func Decide(v *visit.Visit) error {
	id, err := v.ID("wish")
	if err != nil {
		return err
	}
	answer := v.PostForm.Get("answer")
	recruits := answer == "yes"
	var region int64
	if err := v.Write(func(tx *db.Tx) (err error) {
		region, err = recruitment.Close(v.Context(), tx, v.Viewer, id, recruits, v.Server.Site, v.Now)
		if err == nil && answer != "yes" && answer != "no" {
			err = fault.Invalid("answer", "comings.answer_missing") // and nothing is decided
		}
		return err
	}); err != nil {
		return err
	}
	notice := "notice.teaching_let_be"
	if recruits {
		notice = "notice.teaching_recruited"
	}
	return v.Redirect(address.RegionCandidates(v.Server.Country[region].Slug), notice)
}

// End asks why a membership of a team ends, and when, or lets what was said of that be mended.
func End(v *visit.Visit) error {
	id, err := v.ID("trainer")
	if err != nil {
		return err
	}
	m, err := trainer.MemberOf(v.Context(), v.Reader(), v.Viewer, id)
	if err != nil {
		return err
	}
	region := v.Server.Country[m.RegionID]
	title, lead, do, on := v.T("comings.end", "Course", m.Course), "comings.end_lead", "comings.end_do", v.Today
	if m.EndedOn != nil {
		title, lead, do, on = v.T("comings.mend_of", "Course", m.Course), "comings.mend_lead", "comings.mend_do", *m.EndedOn
		v.Saw(m.PersonID)
	}
	fields := append(reasons(v, v.T("comings.why_end"), "", m.Why), ui.Field{Input: ui.DateInput, Name: "on", Label: v.T("people.person.last_day"), Value: v.Typed("on", on.String()), Error: v.Wrong("on")})
	v.NameErrors(visit.Labelled(fields...))
	form := ui.Form(address.TrainerEnd(id), v.T(do), nil, fields...)
	form.Cancel = visit.RegionPath(region, "trainers")
	f := v.Frame(title, v.CrumbsOf(region, ui.Crumb{Label: v.T("trainer.team.short"), Href: visit.RegionPath(region, "trainers")}, ui.Crumb{Label: title})...)
	f.Reading = true
	return v.Page(f, ui.PageHead{Title: title, Lead: v.T(lead, "Name", m.Name)}.View(v.Lang), form.View(v.Lang))
}

// EndMembership ends it.
func EndMembership(v *visit.Visit) error {
	id, err := v.ID("trainer")
	if err != nil {
		return err
	}
	m, err := trainer.MemberOf(v.Context(), v.Reader(), v.Viewer, id)
	if err != nil {
		return err
	}
	var checks fault.Checks
	on := v.FormDay(&checks, "on")
	why := typedWhy(v, "")
	if err := visit.Together(checks.Err(), why.Check()); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return trainer.End(v.Context(), tx, v.Viewer, id, on, why) }); err != nil {
		return err
	}
	team, notice := visit.RegionPath(v.Server.Country[m.RegionID], "trainers"), "notice.team_ended"
	if m.EndedOn != nil {
		notice = "notice.team_end_mended"
		if m.EndedOn = &on; m.Status(v.Today) == trainer.Ended {
			team += "?ended=1"
		}
	}
	return v.Redirect(team, notice)
}

// Year is how the region's trainers came and went.
func Year(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	year := v.Year(v.Today.Year())
	y, err := recruitment.YearOf(v.Context(), v.Reader(), v.Viewer, region.ID, year, v.Today)
	if err != nil {
		return err
	}
	path := address.RegionComings(region.Slug)
	title := v.T("comings.title_of", "Region", region.Name)
	t := ui.Table{
		ID: "comings", Caption: v.T("comings.reasons"), Note: v.T("comings.reasons_note", "Year", strconv.Itoa(year)), Dense: true,
		Columns: []ui.Column{{Label: v.T("comings.reason")}, {Label: v.T("comings.ended"), Numeric: true}, {Label: v.T("comings.refused"), Numeric: true}},
	}
	for _, l := range y.Lines {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(v.T(l.Reason.Key())), v.NumberCell(l.Ended), v.NumberCell(l.Refused)}})
	}
	t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(v.T("comings.unsaid")), v.NumberCell(y.Unsaid), v.NumberCell(0)}})
	t.Total = []ui.Cell{ui.Text(v.T("studytime.together")), v.NumberCell(y.Ended), v.NumberCell(y.Refused)}
	facts := ui.Summary{{Term: v.T("comings.recruited"), Value: v.Lang.Number(int64(y.Recruited))}, {Term: v.T("comings.wished_count"), Value: v.Lang.Number(int64(y.Wished))}}
	head := ui.PageHead{Title: title, Lead: v.T("comings.lead")}
	if access.ManageRounds(v.Viewer).Covers(region.Place()) {
		head.Others = []ui.Action{{Label: v.T("comings.who_ended"), Href: visit.RegionPath(region, "trainers") + "?ended=1", Kind: ui.Secondary}}
	}
	parts := []templ.Component{
		head.View(v.Lang),
		v.YearTabs(path, []int{v.Today.Year(), v.Today.Year() - 1, v.Today.Year() - 2}, year), facts.View(v.Lang), v.Table(t, path),
	}
	return v.Page(v.Frame(title, v.CrumbsOf(region, ui.Crumb{Label: v.T("comings.title")})...), parts...)
}

// RegionTodo puts the candidates who wait for the region last among what it has to do.
func RegionTodo(v *visit.Visit, region organisation.Organisation, things []ui.NextThing) ([]ui.NextThing, error) {
	all, err := recruitment.Candidates(v.Context(), v.Reader(), v.Viewer, region.ID, v.Today)
	if err != nil || len(all) == 0 {
		return things, err
	}
	return append(things, v.Next("trainer_candidates", address.RegionCandidates(region.Slug), "Count", len(all))), nil
}
