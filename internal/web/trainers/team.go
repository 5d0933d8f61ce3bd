package trainers

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// teamPage is a region's trainers, course by course.
type teamPage struct {
	*visit.Visit
	region organisation.Organisation
	term   trainer.Term
	day    clock.Day // on which one asks who is free, 0: none
}

func Team(v *visit.Visit) error {
	region, err := v.ManagedRegion()
	if err != nil {
		return err
	}
	return showTeam(v, region)
}

// TeamOfTrainer is the team that the trainer in the address is in.
func TeamOfTrainer(v *visit.Visit) error {
	_, region, err := memberInAddress(v)
	if err != nil {
		return err
	}
	return showTeam(v, region)
}

// memberInAddress is the trainer in the address and the region of their team, for
// those who manage it.
func memberInAddress(v *visit.Visit) (id int64, region organisation.Organisation, err error) {
	if id, err = v.ID("trainer"); err != nil {
		return 0, region, err
	}
	regionID, err := trainer.TeamOf(v.Context(), v.Reader(), v.Viewer, id)
	return id, v.Server.Country[regionID], err
}

// Recruit takes somebody into a course's team.
func Recruit(v *visit.Visit) error {
	region, err := v.ManagedRegion()
	if err != nil {
		return err
	}
	var checks fault.Checks
	n := trainer.New{RegionID: region.ID, PersonID: v.NumberID("person"), CourseID: v.NumberID("course")}
	checks.Require(n.PersonID != 0, "person", "trainer.team.person_missing")
	checks.Require(n.CourseID != 0, "course", "round.course_missing")
	n.On = v.FormDay(&checks, "on")
	err = checks.Err()
	if err == nil {
		// Only those whom the visitor may see: nobody learns who has which number.
		if err = people.Visible(v.Context(), v.Reader(), v.Viewer, n.PersonID, v.Today); fault.Of(err) != nil {
			err = fault.Invalid("person", "trainer.team.person_missing")
		}
	}
	if err == nil {
		err = v.Write(func(tx *db.Tx) error {
			_, err := trainer.Recruit(v.Context(), tx, v.Viewer, n)
			return err
		})
	}
	return teamChanged(v, region, "notice.team_recruited", "person", err)
}

// teamChanged goes back to the team, which says what was done; a conflict is wrong
// with the field.
func teamChanged(v *visit.Visit, region organisation.Organisation, notice, field string, err error) error {
	if f := fault.Of(err); f != nil && f.Kind == fault.KindConflict {
		return fault.Invalid(field, f.Key, f.Args...)
	}
	if err != nil {
		return err
	}
	return v.Redirect(visit.RegionPath(region, "trainers"), notice)
}

// memberForm carries out a form about one member of a team.
func memberForm(v *visit.Visit, notice string, do func(tx *db.Tx, id int64, on clock.Day) error) error {
	id, region, err := memberInAddress(v)
	if err != nil {
		return err
	}
	var checks fault.Checks
	on := v.FormDay(&checks, "on")
	if err = checks.Err(); err == nil {
		err = v.Write(func(tx *db.Tx) error { return do(tx, id, on) })
	}
	return teamChanged(v, region, notice, "on", err)
}

func ReadyTrainer(v *visit.Visit) error {
	return memberForm(v, "notice.team_ready", func(tx *db.Tx, id int64, on clock.Day) error {
		return trainer.Ready(v.Context(), tx, v.Viewer, id, on)
	})
}

// termInAddress is the term of the day on which somebody is to be free, or the
// one that the address asks for by a day in it.
func termInAddress(v *visit.Visit) trainer.Term {
	return trainer.TermOf(v.Day("day", v.Day("term", v.Today)))
}

func showTeam(v *visit.Visit, region organisation.Organisation) error {
	p := teamPage{Visit: v, region: region, term: termInAddress(v), day: v.Day("day", 0)}
	team, err := trainer.Team(v.Context(), v.Reader(), v.Viewer, region.ID, v.Today)
	if err != nil {
		return err
	}
	loads, err := trainer.Loads(v.Context(), v.Reader(), v.Viewer, region.ID, p.term)
	if err != nil {
		return err
	}
	taken := map[int64][]trainer.Engagement{}
	if p.day != 0 {
		if taken, err = trainer.Engagements(v.Context(), v.Reader(), v.Viewer, region.ID, p.day, 0); err != nil {
			return err
		}
	}
	course := v.NumberID("only")
	shownTeam := slices.DeleteFunc(slices.Clone(team), func(m trainer.Member) bool {
		ended, asked := m.Status(v.Today) == trainer.Ended, v.FormValue("ended") != ""
		return course != 0 && m.CourseID != course || (course == 0 || asked) && ended != asked
	})
	title := v.T("trainer.team.title", "Region", region.Name)
	f := v.Frame(title, v.CrumbsOf(region, ui.Crumb{Label: v.T("trainer.team.short")})...)
	head := ui.PageHead{Title: title, Lead: v.T("trainer.team.lead"), Others: []ui.Action{{Label: v.T("comings.candidates"), Href: address.RegionCandidates(region.Slug), Kind: ui.Secondary}, {Label: v.T("comings.title"), Href: address.RegionComings(region.Slug), Kind: ui.Secondary}, {Label: v.T("trainer.meetings"), Href: visit.RegionPath(region, "trainer-meetings"), Kind: ui.Secondary}}}
	add, err := p.recruiting()
	if err != nil {
		return err
	}
	return v.Page(f, head.View(v.Lang), p.filter(team, course, len(shownTeam)).View(v.Lang),
		v.Take(p.table(shownTeam, loads, taken), visit.RegionPath(region, "trainers")), p.over(team, loads), add)
}

// filter chooses course, term and the day on which somebody is to be free.
func (p *teamPage) filter(team []trainer.Member, course int64, count int) ui.Filter {
	courses := []ui.Option{{Label: p.T("trainer.team.all_courses")}}
	for _, m := range team { // in the order of the courses
		if last := courses[len(courses)-1]; last.Value != visit.ID(m.CourseID) {
			courses = append(courses, ui.Option{Value: visit.ID(m.CourseID), Label: m.Course})
		}
	}
	terms := []ui.Option{}
	now := trainer.TermOf(p.Today)
	for _, t := range []trainer.Term{now.Before().Before(), now.Before(), now, now.Next()} {
		terms = append(terms, ui.Option{Value: t.From.String(), Label: termName(p.Visit, t)})
	}
	choice := ui.Filter{
		Label: p.T("trainer.team.filter"), Action: visit.RegionPath(p.region, "trainers"), Result: p.T("trainer.team.count", "Count", count),
		Fields: []ui.Field{
			{Input: ui.SelectInput, Name: "only", Label: p.T("round.course"), Value: visit.IDOrNone(course), Options: courses},
			{Input: ui.SelectInput, Name: "term", Label: p.T("trainer.team.term"), Value: p.term.From.String(), Options: terms},
			{Input: ui.DateInput, Name: "day", Label: p.T("trainer.team.free_on"), Optional: true},
		},
	}
	if p.day != 0 {
		choice.Fields[2].Value = p.day.String()
	}
	if p.FormValue("ended") != "" {
		choice.Hidden = []ui.Hidden{{Name: "ended", Value: "1"}}
	}
	if course != 0 || p.day != 0 || p.term != now || len(choice.Hidden) > 0 {
		choice.Clear = visit.RegionPath(p.region, "trainers")
	}
	return choice
}

func (p *teamPage) table(team []trainer.Member, loads map[int64]trainer.Load, taken map[int64][]trainer.Engagement) ui.Table {
	t := ui.Table{
		ID: "team", Caption: p.T("trainer.team.short"), QuietTitle: true, Dense: true, Note: p.T("trainer.team.note", "Term", termName(p.Visit, p.term)),
		Columns: []ui.Column{
			{Label: p.T("round.name")}, {Label: p.T("round.course")}, {Label: p.T("round.municipality")}, {Label: p.T("trainer.team.status")},
			{Label: p.T("trainer.course_days"), Numeric: true}, {Label: p.T("trainer.share"), Numeric: true},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: p.T("trainer.team.none"), Text: p.T("trainer.team.none_help")},
	}
	if p.day != 0 {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("trainer.team.on", "Day", p.Lang.TinyDay(p.day))})
		slices.SortStableFunc(team, func(a, b trainer.Member) int { return cmp.Compare(len(taken[a.PersonID]), len(taken[b.PersonID])) })
	}
	t.Columns = append(t.Columns, ui.Column{Label: p.T("trainer.team.change"), Action: true})
	workdays := planning.Workdays(p.term.From, p.term.Until)
	for _, m := range team {
		where := cmp.Or(m.Municipality, p.T("round.rss"))
		l := loads[m.PersonID]
		share := ui.Text(p.Lang.Percent(float64(l.Thousandths(workdays))/10, 1))
		if l.Over(workdays) {
			share = ui.Status(share.Text+", "+p.T("trainer.team.over"), ui.Caution)
		}
		cells := []ui.Cell{
			ui.Link(m.Name, p.pageOf(m, "")), ui.Text(m.Course), ui.Text(where), p.memberStatus(m),
			{Text: p.Lang.Number(int64(l.Days)), Href: p.daysOf(m), About: m.Name}, share,
		}
		if p.day != 0 {
			free := ui.Status(p.T("trainer.free"), ui.Positive)
			if len(taken[m.PersonID]) > 0 {
				free = ui.Text(availability(p.Visit, taken[m.PersonID]))
			}
			cells = append(cells, free)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: append(cells, ui.Cell{Slot: p.memberForms(m)})})
	}
	return t
}

func (p *teamPage) memberStatus(m trainer.Member) ui.Cell {
	status, tone, note := m.Status(p.Today), ui.Info, p.T("trainer.team.since", "Day", m.RecruitedOn)
	switch status {
	case trainer.IsReady:
		tone, note = ui.Positive, p.T("trainer.team.since", "Day", *m.ReadyOn)
	case trainer.Ended:
		tone = ui.Plain
	case trainer.Recruited:
	}
	if m.EndedOn != nil {
		note = p.T("trainer.team.until", "Day", *m.EndedOn)
		if m.Why.Reason != "" {
			note += ". " + p.T(m.Why.Reason.Key())
			p.Saw(m.PersonID)
		}
	}
	return ui.Cell{Slot: tagged(p.Visit, ui.Tag{Word: p.T(status.Key()), Tone: tone}, strings.TrimSuffix(note+": "+m.Why.Word, ": ")), Text: p.T(status.Key()) + ", " + note} // no file has the words of their own
}

// memberForms are what can be done with a member, each as of today.
func (p *teamPage) memberForms(m trainer.Member) templ.Component {
	today := []ui.Hidden{{Name: "on", Value: p.Today.String()}}
	about := m.Name + ", " + m.Course
	if m.EndedOn != nil {
		return ui.Action{Label: p.T("comings.mend"), About: about, Href: address.TrainerEnd(m.ID), Kind: ui.Quiet, Small: true}.View(p.Lang)
	}
	first := ui.Action{Label: p.T("trainer.team.see_days"), About: about, Href: p.daysOf(m), Kind: ui.Secondary, Small: true}
	if m.ReadyOn == nil {
		first = ui.Action{Label: p.T("trainer.team.ready"), About: about, Href: visit.TrainerPath(m.ID, "readiness"), Kind: ui.Secondary, Small: true, Post: true, Hidden: today}
	}
	end := ui.Action{Label: p.T("trainer.team.end"), About: about, Href: address.TrainerEnd(m.ID), Kind: ui.Quiet, Small: true}
	return ui.Buttons(p.Lang, slices.DeleteFunc([]ui.Action{first, end}, func(a ui.Action) bool { return a.Href == "" }))
}

// daysOf are the days that the member has held in the year of the term.
func (p *teamPage) daysOf(m trainer.Member) string {
	return p.pageOf(m, "?year="+p.term.Year(), "trainer-days")
}

// pageOf is the member's page; empty where their municipality keeps its names from the region.
func (p *teamPage) pageOf(m trainer.Member, query string, pages ...string) string {
	if !access.Staff(p.Viewer).Covers(access.Place{RegionID: p.region.ID, MunicipalityID: m.MunicipalityID}) {
		return ""
	}
	return visit.PersonPath(m.PersonID, pages...) + query
}

// over says who has more than the 3 % of a post in the term, for there is a
// manager to talk to.
func (p *teamPage) over(team []trainer.Member, loads map[int64]trainer.Load) templ.Component {
	workdays := planning.Workdays(p.term.From, p.term.Until)
	seen := map[int64]bool{}
	var names []string
	for _, m := range team {
		if loads[m.PersonID].Over(workdays) && !seen[m.PersonID] {
			seen[m.PersonID] = true
			names = append(names, m.Name)
		}
	}
	help := ui.Fold(p.T("trainer.load_how"), ui.Paragraph(p.T("trainer.load_help")))
	if len(names) == 0 {
		return help
	}
	return ui.Columns(ui.Notice{Tone: ui.Info, Title: p.T("trainer.team.over_count", "Count", len(names), "Term", termName(p.Visit, p.term)), Text: strings.Join(names, ", ")}.View(p.Lang), help)
}

// fewPeople is how many hits the search for a new trainer shows.
const fewPeople = 20

// recruiting finds people of the region by name and takes one into a team.
func (p *teamPage) recruiting() (templ.Component, error) {
	name := p.FormValue("q")
	search := ui.Filter{
		Label: p.T("trainer.team.find"), Action: visit.RegionPath(p.region, "trainers") + "#add",
		Fields: []ui.Field{{Name: "q", Label: p.T("trainer.team.find_name"), Value: name}}, Submit: p.T("search.title"),
	}
	parts := []templ.Component{ui.Paragraph(p.T("trainer.team.add_help")), search.View(p.Lang)}
	if name == "" {
		return ui.Section("add", p.T("trainer.team.add"), parts...), nil
	}
	found, total, err := people.List(p.Context(), p.Reader(), p.Viewer, people.Filter{RegionID: p.region.ID, Name: name, PerPage: fewPeople}, p.Today)
	if err != nil {
		return nil, err
	}
	if total == 0 {
		return ui.Section("add", p.T("trainer.team.add"), append(parts, ui.Paragraph(p.T("trainer.team.not_found", "Name", name)))...), nil
	}
	who := ui.Field{Input: ui.RadioInput, Name: "person", Label: p.T("trainer.team.who"), Value: p.Typed("person", ""), Error: p.Wrong("person")}
	for _, r := range found {
		hint := r.Title
		for _, where := range []string{r.Unit, r.Municipality} {
			if where != "" && hint != "" {
				hint += ", "
			}
			hint += where
		}
		who.Options = append(who.Options, ui.Option{Value: visit.ID(r.ID), Label: r.Name(), Hint: hint})
	}
	if total > fewPeople {
		who.Hint = p.T("trainer.team.more", "Count", fewPeople)
	}
	courses, err := catalogue.CoursesOn(p.Context(), p.Reader(), p.Today)
	if err != nil {
		return nil, err
	}
	which := ui.Field{Input: ui.SelectInput, Name: "course", Label: p.T("round.course"), Value: p.Typed("course", ""), Error: p.Wrong("course"), Options: []ui.Option{{Label: p.T("trainer.team.choose_course")}}}
	for _, c := range courses {
		which.Options = append(which.Options, ui.Option{Value: strconv.FormatInt(c.ID, 10), Label: c.Title()})
	}
	on := ui.Field{Input: ui.DateInput, Name: "on", Label: p.T("trainer.team.recruited_on"), Value: p.Typed("on", p.Today.String()), Error: p.Wrong("on")}
	p.NameErrors(visit.Labelled(on))
	sheet := ui.Form(visit.RegionPath(p.region, "trainers"), p.T("trainer.team.recruit"), []ui.Hidden{{Name: "q", Value: name}}, who, which, on)
	return ui.Section("add", p.T("trainer.team.add"), append(parts, sheet.View(p.Lang))...), nil
}
