package municipal

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/statistics"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// termsBack is how many ends of terms are shown beside today.
const termsBack = 4

// summaryPage is a municipality on one sheet, for who answers for it as a whole:
// what stands out, against the region and over time, money, and what waits.
type summaryPage struct {
	*visit.Visit
	place   organisation.Organisation
	region  organisation.Organisation
	figures statistics.MunicipalityFigures
	journey statistics.JourneyUnits // the chosen one; zero when nobody has an account
	beside  statistics.CompletionTable
	before  []pastTerm
	year    economy.MunicipalityYear
	pending statistics.Pending
}

// pastTerm is how many courses the employees in the journey had completed by the
// end of a term.
type pastTerm struct {
	day  clock.Day
	done int
}

// Summary is the municipality on one sheet.
func Summary(v *visit.Visit) error {
	m, err := v.Municipality()
	if err != nil {
		return err
	}
	if err := access.MunicipalMoney(v.Viewer).Allow(m.Place()); err != nil {
		return err
	}
	p := &summaryPage{Visit: v, place: m, region: v.Server.Country[m.RegionID]}
	if err := p.read(); err != nil {
		return err
	}
	title := v.T("municipality.summary", "Municipality", m.Name)
	head := ui.PageHead{
		Title: title, Lead: v.T("municipality.summary_lead", "Day", v.Today),
		Others: []ui.Action{
			{Label: v.T("municipality.all_figures"), Href: visit.MunicipalityPath(m), Kind: ui.Secondary},
			{Label: v.T("nav.money"), Href: visit.MunicipalityPath(m, "money"), Kind: ui.Secondary},
		},
	}
	return v.Page(v.Frame(title, v.CrumbsOf(m, ui.Crumb{Label: v.T("nav.summary")})...), ui.Parts(
		head.View(v.Lang), p.tabs(),
		ui.Section("findings", v.T("municipality.findings"), ui.Lines(p.findings())),
		ui.Section("waiting", v.T("municipality.waiting"), p.waits()),
		beside(p.againstRegion().View(v.Lang), p.overTime().View(v.Lang)),
		ui.Section("trainers-and-money", v.T("municipality.trainers_money", "Year", strconv.Itoa(p.year.Year)), p.money().View(v.Lang)),
	)...)
}

func (p *summaryPage) read() (err error) {
	ctx, q := p.Context(), p.Reader()
	if p.figures, err = statistics.Municipality(ctx, q, p.Viewer, p.place, p.Today); err != nil {
		return err
	}
	p.journey = chosenJourney(p.Visit, p.figures)
	if p.journey.Journey.ID != 0 {
		if p.beside, err = statistics.Completions(ctx, q, p.Viewer, p.region.ID, p.journey.Journey.ID, p.Today); err != nil {
			return err
		}
		for _, day := range termEnds(p.Today, termsBack) {
			then, err := statistics.Municipality(ctx, q, p.Viewer, p.place, day)
			if err != nil {
				return err
			}
			p.before = append(p.before, pastTerm{day, completedIn(then, p.journey.Journey.ID)})
		}
	}
	if p.year, err = economy.MunicipalityYearOf(ctx, q, p.Viewer, p.place.ID, p.Today.Year()); err != nil {
		return err
	}
	p.pending, err = statistics.PendingIn(ctx, q, p.Viewer, p.place, p.Today)
	return err
}

// chosenJourney is the one in the address, or that with most accounts.
func chosenJourney(v *visit.Visit, f statistics.MunicipalityFigures) (journey statistics.JourneyUnits) {
	most := 0
	for _, j := range f.Journeys {
		if chosen := v.FormValue("journey"); chosen == j.Journey.Slug || chosen == "" && j.Total.Accounts > most {
			journey, most = j, j.Total.Accounts
		}
	}
	return journey
}

// termEnds are the last count ends of terms (30 June, 31 December) before the day,
// the oldest first.
func termEnds(day clock.Day, count int) (ends []clock.Day) {
	for year := day.Year(); len(ends) < count; year-- {
		for _, end := range []clock.Day{clock.YearEnd(year), clock.Date(year, 6, 30)} {
			if end < day && len(ends) < count {
				ends = append(ends, end)
			}
		}
	}
	slices.Reverse(ends)
	return ends
}

// completedIn is how many courses of the journey its employees have completed.
func completedIn(f statistics.MunicipalityFigures, journeyID int64) (sum int) {
	for _, j := range f.Journeys {
		if j.Journey.ID == journeyID {
			for _, n := range j.Total.Completed {
				sum += n
			}
		}
	}
	return sum
}

func (p *summaryPage) tabs() templ.Component {
	if len(p.figures.Journeys) < 2 {
		return nil
	}
	tabs := ui.Tabs{Label: p.T("staff.journeys")}
	for _, j := range p.figures.Journeys {
		tabs.Items = append(tabs.Items, ui.Tab{Label: j.Journey.Name, Href: p.Address().With("journey", j.Journey.Slug), Current: j.Journey.ID == p.journey.Journey.ID})
	}
	return tabs.View(p.Lang)
}

func (p *summaryPage) percent(share statistics.Tenths) string {
	return p.Lang.Percent(share.Float(), 1)
}

// compared is a course with its shares in the municipality and in the region.
type compared struct {
	title     string
	here, all statistics.Tenths
	employees int
	completed int
}

// courses are those of the journey that anybody in the region has completed.
func (p *summaryPage) courses() (all []compared) {
	for i, c := range p.journey.Courses {
		at := slices.IndexFunc(p.beside.Courses, func(b statistics.Course) bool { return b.ID == c.ID })
		if at >= 0 && p.beside.Total.Completed[at] > 0 {
			all = append(all, compared{c.Title(), p.journey.Total.Share(i), p.beside.Total.Share(at), p.journey.Total.Employees, p.journey.Total.Completed[i]})
		}
	}
	return all
}

// findings are what stands out, a sentence each.
func (p *summaryPage) findings() []string {
	if p.journey.Journey.ID == 0 {
		return []string{p.T("municipality.no_accounts")}
	}
	said := []string{p.T("municipality.find_accounts", "Journey", p.journey.Journey.Name, "Count", p.journey.Total.Accounts, "Employees", p.journey.Total.Employees)}
	if all := p.courses(); len(all) > 0 {
		gap := func(a, b compared) int { return int(a.here-a.all) - int(b.here-b.all) }
		say := func(key string, c compared) {
			said = append(said, p.T(key, "Course", c.title, "Done", c.completed, "Count", c.employees, "Here", p.percent(c.here), "All", p.percent(c.all), "Region", p.region.Name))
		}
		if ahead := slices.MaxFunc(all, gap); ahead.here > ahead.all {
			say("municipality.find_ahead", ahead)
		}
		if behind := slices.MinFunc(all, gap); behind.here < behind.all {
			say("municipality.find_behind", behind)
		}
	}
	if n := len(p.before); n > 0 {
		now, then := completedIn(p.figures, p.journey.Journey.ID), p.before[n-1]
		said = append(said, p.T("municipality.find_lately", "Count", max(0, now-then.done), "Day", then.day, "Now", now))
	}
	if p.figures.WithoutAccount > 0 {
		said = append(said, p.T("municipality.without", "Count", p.figures.WithoutAccount))
	}
	return append(said, p.T("municipality.find_money", "Year", strconv.Itoa(p.year.Year), "Charged", p.year.Charged, "Share", p.year.Share, "Count", p.year.TrainerDays))
}

// waits is what waits for somebody's decision; of what nobody waits for nothing is said.
func (p *summaryPage) waits() templ.Component {
	var facts ui.Summary
	if p.pending.Managers > 0 {
		facts = append(facts, ui.Fact{Term: p.T("municipality.waits_manager"), Value: p.T("municipality.waits_managers", "Count", p.pending.Managers, "Day", p.pending.Since.Day())})
	}
	for _, w := range []struct {
		key   string
		count int
	}{{"municipality.waits_offer", p.pending.Offers}, {"municipality.waits_line", p.pending.InLine}, {"municipality.waits_account", p.figures.WithoutAccount}} {
		if w.count > 0 {
			facts = append(facts, ui.Fact{Term: p.T(w.key), Value: p.T("municipality.persons_count", "Count", w.count)})
		}
	}
	if n := len(p.year.Differences); n > 0 {
		facts = append(facts, ui.Fact{Term: p.T("nav.money"), Slot: ui.LinkTo(p.T("money.municipal.differs", "Count", n), visit.MunicipalityPath(p.place, "money"))})
	}
	if len(facts) == 0 {
		return ui.Paragraph(p.T("municipality.waits_none"))
	}
	return facts.View(p.Lang)
}

// againstRegion is each course's share beside the region's.
func (p *summaryPage) againstRegion() ui.BarChart {
	all := p.courses()
	if len(all) == 0 {
		return ui.BarChart{}
	}
	ahead := 0
	chart := ui.BarChart{
		ChartText: ui.ChartText{
			ID: "against-region", Source: p.T("municipality.source"), AsOf: p.Today, Column: p.T("money.course"), Desc: p.T("municipality.against_desc", "Municipality", p.place.Name, "Region", p.region.Name),
		},
		Unit: p.T("figures.share_of_employees"), Series: []string{p.place.Name, p.region.Name},
		Format: func(share float64) string { return p.Lang.Percent(share, 1) },
	}
	for _, c := range all {
		if c.here >= c.all {
			ahead++
		}
		chart.Bars = append(chart.Bars, ui.Bar{Label: c.title, Values: []float64{c.here.Float(), c.all.Float()}})
	}
	chart.Title = p.T("municipality.against_finding", "Ahead", ahead, "Count", len(all), "Region", p.region.Name, "Journey", p.journey.Journey.Name)
	return chart
}

// overTime is how many courses had been completed at the end of each term.
func (p *summaryPage) overTime() ui.BarChart {
	now := completedIn(p.figures, p.journey.Journey.ID)
	if now == 0 || len(p.before) == 0 {
		return ui.BarChart{}
	}
	chart := ui.BarChart{
		ChartText: ui.ChartText{
			ID: "over-time", Source: p.T("municipality.source"), AsOf: p.Today, Column: p.T("municipality.by_day"), Desc: p.T("municipality.time_desc"),
			Title: p.T("municipality.time_finding", "From", p.before[0].done, "Day", p.before[0].day, "Now", now, "Journey", p.journey.Journey.Name),
		},
		Unit: p.T("municipality.completed_courses"),
	}
	for _, t := range append(slices.Clone(p.before), pastTerm{p.Today, now}) {
		chart.Bars = append(chart.Bars, ui.Bar{Label: p.Lang.Day(t.day), Values: []float64{float64(t.done)}})
	}
	return chart
}

func (p *summaryPage) money() ui.Figures {
	href := visit.InYear(visit.MunicipalityPath(p.place, "money"), p.year.Year)
	return ui.Figures{
		{Label: p.T("municipality.lent"), Value: p.Lang.Number(int64(p.year.TrainerDays)), Unit: p.T("municipality.trainer_days", "Count", p.year.TrainerDays), Href: href},
		{Label: p.T("money.municipal.charged"), Value: p.Lang.Money(p.year.Charged), Note: p.T("money.excl_vat"), Href: href},
		{Label: p.T("money.municipal.share"), Value: p.Lang.Money(p.year.Share), Href: href},
		{Label: p.T("money.municipal.net"), Value: p.Lang.Money(p.year.Charged - p.year.Share), Href: href},
	}
}
