package report

import (
	"fmt"
	"strconv"
	"strings"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/statistics"
)

// Unit is what a figure counts.
type Unit string

// The units. The values of Percent, Published (per cent as somebody else has
// published them) and Mean are tenths, those of Money öre.
const (
	Count     Unit = "count"
	Percent   Unit = "percent"
	Published Unit = "published_percent"
	Mean      Unit = "mean"
	Money     Unit = "money"
)

// Table is one table of the report in one language.
type Table struct {
	ID      string // stable, for anchors and sheets
	Sheet   string // at most 31 characters
	Title   string
	Caption string // what it counts, of whom, and its day
	Columns []string
	Rows    []Row
}

// Row is a line of a table: its name and a cell for every other column.
type Row struct {
	Name  string
	Cells []Cell
	Total bool
}

// Cell is a figure or, with an empty Unit, a text (a place without a figure).
type Cell struct {
	Unit    Unit
	Value   int64 // in its smallest unit
	Text    string
	Key     string // see the package comment; empty when the figure is in no printed report
	Label   string // what the figure is, in words that stand alone
	Printed *int64 // what the printed report says when it says another thing
}

// Show writes the figure as the language does.
func (c Cell) Show(lang *i18n.Lang) string {
	if c.Unit == "" {
		return c.Text
	}
	return show(lang, c.Unit, c.Value)
}

// ShowPrinted writes the printed figure; empty when it is the same.
func (c Cell) ShowPrinted(lang *i18n.Lang) string {
	if c.Printed == nil {
		return ""
	}
	return show(lang, c.Unit, *c.Printed)
}

func show(lang *i18n.Lang, unit Unit, value int64) string {
	switch unit {
	case Percent:
		return lang.Percent(float64(value)/10, 1)
	case Published:
		if value%10 == 0 {
			return lang.Percent(float64(value)/10, 0)
		}
		return lang.Percent(float64(value)/10, 1)
	case Mean:
		return lang.Decimal(float64(value)/10, 1)
	case Money:
		return lang.Money(money.Ore(value))
	default:
		return lang.Number(value)
	}
}

// Tables are the report's tables in the order of the printed one, with what the
// printed report says otherwise.
func (r AnnualReport) Tables(lang *i18n.Lang) []Table {
	w := writer{r: r, l: lang}
	tables := []Table{w.accounts(r.AuthorityAccounts, w.l.T("report.sheet.authority_accounts"))}
	others := func(audience catalogue.Audience) {
		for _, a := range r.OtherAccounts {
			if a.Journey.Audience == audience {
				tables = append(tables, w.accounts(a, w.sheet("report.sheet.accounts", a.Journey.Name)))
			}
		}
	}
	if r.Comings.Any() {
		tables = append([]Table{w.comings()}, tables...)
	}
	others(catalogue.Authority)
	tables = append(tables, w.courses())
	if len(r.Cancelled) > 0 {
		tables = append(tables, w.cancelled())
	}
	tables = append(tables, w.courseDays(), w.fee(), w.pot())
	if len(r.Time) > 0 {
		tables = append(tables, w.studyTime())
	}
	if len(r.StepExperience) > 0 {
		tables = append(tables, w.stepExperience())
	}
	tables = append(tables, w.managerSurvey()...)
	tables = append(tables, w.accounts(r.ProviderAccounts, w.l.T("report.sheet.provider_accounts")), w.completions(r.Completions, w.l.T("report.sheet.completions")))
	others(catalogue.Provider)
	for _, c := range r.OtherCompletions {
		tables = append(tables, w.completions(c, w.sheet("report.sheet.basic_courses", c.Journey.Name)))
	}
	tables = append(tables, w.evaluations())
	if r.Printed == nil {
		return tables
	}
	printed := make(map[string]int64, len(r.Printed.Figures))
	for _, f := range r.Printed.Figures {
		printed[f.Key] = f.Value
	}
	for _, t := range tables {
		for _, row := range t.Rows {
			for i, c := range row.Cells {
				if value, ok := printed[c.Key]; ok && c.Unit != "" && value != c.Value {
					row.Cells[i].Printed = &value
				}
			}
		}
	}
	return tables
}

// writer makes the tables in a language.
type writer struct {
	r AnnualReport
	l *i18n.Lang
}

func figure(unit Unit, value int, key, label string) Cell {
	return Cell{Unit: unit, Value: int64(value), Key: key, Label: label}
}

func (writer) text(s string) Cell { return Cell{Text: s} }

// place is the organisation's name and its part of a key; the total's are
// "Totalt" in every key.
func (w writer) place(o organisation.Organisation) (name, key string) {
	if o.ID == 0 {
		return w.l.T("report.total"), totalKey
	}
	return o.Name, o.Name
}

const totalKey = "Totalt"

// column is one column of an account table: its name in the JSON, its heading
// and its figure.
type column struct {
	key, title string
	of         func(statistics.AccountRow) int
}

// columns are those of the journey's table: steps in an authority journey, roles in a provider one.
func (w writer) columns(a statistics.AccountTable) []column {
	if a.Journey.Audience == catalogue.Provider {
		return w.providerColumns()
	}
	return w.authorityColumns(a)
}

func (w writer) authorityColumns(a statistics.AccountTable) []column {
	columns := []column{{"accounts", w.l.T("report.column.accounts"), func(r statistics.AccountRow) int { return r.Accounts }}}
	for i, s := range a.Steps {
		columns = append(columns, column{s.Slug, s.Name, func(r statistics.AccountRow) int { return r.Steps[i] }})
	}
	return append(columns,
		column{"chef", w.l.T("report.column.managers"), func(r statistics.AccountRow) int { return r.Managers }},
		column{"trainers", w.l.T("report.column.trainers"), func(r statistics.AccountRow) int { return r.Trainers }})
}

func (w writer) providerColumns() []column {
	return []column{
		{"accounts", w.l.T("report.column.accounts"), func(r statistics.AccountRow) int { return r.Accounts }},
		{"employees", w.l.T("report.column.employees"), func(r statistics.AccountRow) int { return r.Employees }},
		{"managers", w.l.T("report.column.managers"), func(r statistics.AccountRow) int { return r.Managers }},
		{"trainers", w.l.T("report.column.trainers"), func(r statistics.AccountRow) int { return r.Trainers }},
		{"municipal_admins", w.l.T("report.column.municipal_admins"), func(r statistics.AccountRow) int { return r.MunicipalAdmins }},
	}
}

// sheet is a sheet's name about a journey, no longer than a workbook takes it.
func (w writer) sheet(key, journey string) string {
	const most = 31
	name := []rune(w.l.T(key, "Journey", journey))
	return strings.TrimSpace(string(name[:min(len(name), most)]))
}

func (w writer) accounts(a statistics.AccountTable, sheet string) Table {
	columns := w.columns(a)
	t := Table{ID: "accounts-" + a.Journey.Slug, Sheet: sheet, Title: w.l.T("report.title.accounts", "Journey", a.Journey.Name), Columns: []string{w.l.T("report.column.municipality")}}
	t.Caption = w.l.T("report.caption."+string(a.Journey.Audience)+"_accounts", "Day", w.r.AsOf, "None", a.Total.None, "Overlap", a.Total.Overlap)
	for _, c := range columns {
		t.Columns = append(t.Columns, c.title)
	}
	for _, r := range append(a.Rows[:len(a.Rows):len(a.Rows)], a.Total) {
		name, place := w.place(r.Organisation)
		row := Row{Name: name, Total: r.Organisation.ID == 0}
		for _, c := range columns {
			row.Cells = append(row.Cells, figure(Count, c.of(r), "accounts."+a.Journey.Slug+"."+place+"."+c.key,
				w.l.T("report.figure.accounts", "Journey", a.Journey.Name, "Place", name, "Column", c.title)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (w writer) courses() Table {
	c := w.r.Courses
	title := w.l.T("report.title.all_courses")
	if c.Journey.ID != 0 {
		title = w.l.T("report.title.courses", "Journey", c.Journey.Name)
	}
	t := Table{
		ID: "courses", Sheet: w.l.T("report.sheet.courses"), Title: title,
		Caption: w.l.T("report.caption.courses", "Year", strconv.Itoa(c.Year), "Day", c.AsOf, "Regional", c.Total.ApprovedRegional),
		Columns: []string{w.l.T("report.column.course"), w.l.T("report.column.delivery"), w.l.T("report.column.rounds"), w.l.T("report.column.course_days"), w.l.T("report.column.approved")},
	}
	several := severalJourneys(c.Rows)
	if several {
		t.Columns = append(t.Columns, w.l.T("report.column.journey"))
	}
	none := w.l.T("report.none")
	for _, r := range c.Rows {
		key := "courses." + r.Course.Slug
		rounds, days := Cell{Text: none}, Cell{Text: none}
		if r.Rounds != nil {
			rounds = figure(Count, *r.Rounds, key+".rounds", w.l.T("report.figure.rounds", "Course", r.Course.Name))
			days = figure(Count, *r.CourseDays, key+".course_days", w.l.T("report.figure.course_days", "Course", r.Course.Name))
		}
		row := Row{Name: r.Course.Name, Cells: []Cell{
			w.text(w.l.T("report.delivery." + string(r.Delivery))), rounds, days,
			figure(Count, r.Approved, key+".approved", w.l.T("report.figure.approved", "Course", r.Course.Name)),
		}}
		if several {
			row.Cells = append(row.Cells, w.text(w.journeys(r.Journeys)))
		}
		t.Rows = append(t.Rows, row)
	}
	total := Row{Name: w.l.T("report.total"), Total: true, Cells: []Cell{
		w.text(""),
		figure(Count, c.Total.Rounds, "courses.total.rounds", w.l.T("report.figure.rounds_total")),
		figure(Count, c.Total.CourseDays, "courses.total.course_days", w.l.T("report.figure.course_days_total")),
		figure(Count, c.Total.Approved, "courses.total.approved", w.l.T("report.figure.approved_total")),
	}}
	if several {
		total.Cells = append(total.Cells, w.text(""))
	}
	t.Rows = append(t.Rows, total)
	return t
}

// severalJourneys tells whether the courses are of more than one journey, so that each has to say
// whose it is.
func severalJourneys(rows []statistics.CourseRow) bool {
	met := map[int64]bool{}
	for _, r := range rows {
		for _, j := range r.Journeys {
			met[j.ID] = true
		}
	}
	return len(met) > 1
}

// journeys are the names of a course's journeys, or how many they are.
func (w writer) journeys(all []catalogue.Journey) string {
	const most = 2
	if len(all) > most {
		return w.l.T("report.several_journeys", "Count", len(all))
	}
	names := make([]string, len(all))
	for i, j := range all {
		names[i] = j.Name
	}
	return strings.Join(names, ", ")
}

// cancelled is the rounds that did not run, each with why.
func (w writer) cancelled() Table {
	t := Table{
		ID: "cancelled-rounds", Sheet: w.l.T("report.sheet.cancelled"), Title: w.l.T("report.title.cancelled"),
		Caption: w.l.T("report.caption.cancelled", "Year", strconv.Itoa(w.r.Year), "Day", w.r.AsOf),
		Columns: []string{
			w.l.T("report.column.course"), w.l.T("report.column.round"), w.l.T("report.column.first_day"),
			w.l.T("report.column.seats"), w.l.T("report.column.minimum"), w.l.T("report.column.why"),
		},
	}
	for _, c := range w.r.Cancelled {
		why := w.l.T(c.Cause.Key())
		if c.Reason != "" && c.Reason != why {
			why = w.l.T("report.cause_and_reason", "Cause", why, "Reason", c.Reason)
		}
		count := func(n int) Cell { return Cell{Unit: Count, Value: int64(n)} }
		t.Rows = append(t.Rows, Row{Name: c.Course, Cells: []Cell{
			w.text(c.Label), w.text(w.l.Day(c.FirstDay)), count(c.Seats), count(c.Minimum), w.text(why),
		}})
	}
	return t
}

func (w writer) courseDays() Table {
	d := w.r.Days
	row := func(name string, c Cell) Row { c.Label = name; return Row{Name: name, Cells: []Cell{c}} }
	return Table{
		ID: "course-days", Sheet: w.l.T("report.sheet.course_days"), Title: w.l.T("report.title.course_days"),
		Caption: w.l.T("report.caption.course_days", "Year", strconv.Itoa(w.r.Year)),
		Columns: []string{w.l.T("report.column.figure"), w.l.T("report.column.value")},
		Rows: []Row{
			row(w.l.T("report.figure.day_count"), figure(Count, d.Held, "course_days.count", "")),
			row(w.l.T("report.figure.participant_days"), figure(Count, d.ParticipantDays, "course_days.participant_days", "")),
			row(w.l.T("report.figure.day_mean"), figure(Mean, int(d.Mean), "course_days.mean", "")),
			row(w.l.T("report.figure.day_min"), figure(Count, d.Min, "course_days.min", "")),
			row(w.l.T("report.figure.day_max"), figure(Count, d.Max, "course_days.max", "")),
			row(w.l.T("report.figure.days_planned"), figure(Count, d.Planned, "course_days.planned", "")),
			row(w.l.T("report.figure.days_billed"), figure(Count, d.DayCounts.Billed, "course_days.billed", "")),
			row(w.l.T("report.figure.days_pot_bearing"), figure(Count, d.PotBearing, "course_days.pot_bearing", "")),
		},
	}
}

func (w writer) fee() Table {
	row := func(name, key string, amount money.Ore) Row {
		return Row{Name: name, Cells: []Cell{figure(Money, int(amount), key, name)}}
	}
	return Table{
		ID: "variable-fee", Sheet: w.l.T("report.sheet.fee"), Title: w.l.T("report.title.fee"),
		Caption: w.l.T("report.caption.fee", "Year", strconv.Itoa(w.r.Year)),
		Columns: []string{w.l.T("report.column.figure"), w.l.T("report.column.amount")},
		Rows: []Row{
			row(w.l.T("report.figure.charged"), "variable_fee.charged", w.r.Charged),
			row(w.l.T("report.figure.paid"), "pot.paid", w.r.Pot.Paid),
			row(w.l.T("report.figure.kept"), "pot.kept", w.r.Pot.Kept),
		},
	}
}

func (w writer) pot() Table {
	t := Table{
		ID: "pot", Sheet: w.l.T("report.sheet.pot"), Title: w.l.T("report.title.pot"),
		Caption: w.l.T("report.caption.pot", "Year", strconv.Itoa(w.r.Year), "Days", w.r.Days.PotBearing),
		Columns: []string{w.l.T("report.column.municipality"), w.l.T("report.column.pot_trainers"), w.l.T("report.column.lead_trainers"), w.l.T("report.column.trainer_days"), w.l.T("report.column.amount")},
	}
	trainerDays := 0
	for _, m := range w.r.Pot.Municipalities {
		name := m.Municipality.Name
		key := "pot." + name
		trainers := Cell{Text: w.l.T("report.none")}
		if m.Trainers != nil {
			trainers = figure(Count, *m.Trainers, key+".trainers", w.l.T("report.figure.pot_trainers", "Place", name))
		}
		trainerDays += m.TrainerDays
		t.Rows = append(t.Rows, Row{Name: name, Cells: []Cell{
			trainers,
			figure(Count, w.r.LeadTrainers[m.Municipality.ID], key+".lead_trainers", w.l.T("report.figure.lead_trainers", "Place", name)),
			figure(Count, m.TrainerDays, key+".trainer_days", w.l.T("report.figure.trainer_days", "Place", name)),
			figure(Money, int(m.Amount), key+".amount", w.l.T("report.figure.pot_amount", "Place", name)),
		}})
	}
	t.Rows = append(t.Rows, Row{Name: w.l.T("report.total"), Total: true, Cells: []Cell{
		w.text(""), w.text(""),
		figure(Count, trainerDays, "pot.total.trainer_days", w.l.T("report.figure.trainer_days_total")),
		figure(Money, int(w.r.Pot.Paid), "pot.paid", w.l.T("report.figure.paid")),
	}})
	return t
}

// managerSurvey is one table per set of answers: the overall question has its
// own.
func (w writer) managerSurvey() []Table {
	var tables []Table
	for n, q := range w.r.ManagerSurvey {
		key := fmt.Sprintf("manager_survey.%d.", n+1)
		if len(tables) == 0 || !sameAnswers(w.r.ManagerSurvey[n-1], q) {
			id := "manager-survey"
			title := w.l.T("report.title.manager_survey")
			sheet := w.l.T("report.sheet.manager_survey")
			if len(tables) > 0 {
				id += "-" + strconv.Itoa(len(tables)+1)
				title = w.l.T("report.title.manager_survey_knowledge")
				sheet += " " + strconv.Itoa(len(tables)+1)
			}
			t := Table{ID: id, Sheet: sheet, Title: title, Caption: w.l.T("report.caption.manager_survey", "Year", strconv.Itoa(w.r.Year)), Columns: []string{w.l.T("report.column.question")}}
			for _, a := range q.Answers {
				t.Columns = append(t.Columns, a.Label)
			}
			t.Columns = append(t.Columns, w.l.T("report.column.answers"))
			tables = append(tables, t)
		}
		row := Row{Name: q.Question}
		for _, a := range q.Answers {
			row.Cells = append(row.Cells, figure(Published, int(a.Percent), key+a.Slug,
				w.l.T("report.figure.manager_survey", "Question", q.Question, "Answer", a.Label)))
		}
		total := Cell{Text: w.l.T("report.suppressed")}
		if q.Total >= statistics.FewestShown {
			total = figure(Count, q.Total, key+"total", w.l.T("report.figure.survey_total", "Question", q.Question))
		}
		row.Cells = append(row.Cells, total)
		last := &tables[len(tables)-1]
		last.Rows = append(last.Rows, row)
	}
	return tables
}

func sameAnswers(a, b statistics.SurveyQuestion) bool {
	if len(a.Answers) != len(b.Answers) {
		return false
	}
	for i := range a.Answers {
		if a.Answers[i].Slug != b.Answers[i].Slug {
			return false
		}
	}
	return true
}

func (w writer) completions(c statistics.CompletionTable, sheet string) Table {
	t := Table{
		ID: "completions-" + c.Journey.Slug, Sheet: sheet, Title: w.l.T("report.title.completions", "Journey", c.Journey.Name),
		Columns: []string{w.l.T("report.column.municipality")},
	}
	names := ""
	for i, course := range c.Courses {
		short := course.Short()
		t.Columns = append(t.Columns, w.l.T("report.column.completed", "Course", short), w.l.T("report.column.share", "Course", short))
		if i > 0 {
			names += ", "
		}
		names += course.Title()
	}
	t.Caption = w.l.T("report.caption.completions", "Day", c.Day, "Courses", names)
	for _, r := range append(c.Rows[:len(c.Rows):len(c.Rows)], c.Total) {
		name, place := w.place(r.Organisation)
		row := Row{Name: name, Total: r.Organisation.ID == 0}
		for i, course := range c.Courses {
			key := "completions." + c.Journey.Slug + "." + place + "." + course.Slug
			row.Cells = append(row.Cells,
				figure(Count, r.Completed[i], key, w.l.T("report.figure.completed", "Course", course.Title(), "Place", name)),
				figure(Percent, int(r.Share(i)), key+".share", w.l.T("report.figure.share", "Course", course.Title(), "Place", name)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (w writer) evaluations() Table {
	t := Table{
		ID: "evaluations", Sheet: w.l.T("report.sheet.evaluations"), Title: w.l.T("report.title.evaluations", "Journey", w.r.Completions.Journey.Name),
		Caption: w.l.T("report.caption.evaluations", "Day", w.r.EvaluationsOn),
		Columns: []string{w.l.T("report.column.course")},
	}
	for grade := 1; grade <= grades; grade++ {
		t.Columns = append(t.Columns, w.l.T("report.grade."+strconv.Itoa(grade)))
	}
	t.Columns = append(t.Columns, w.l.T("report.column.answers"))
	for _, e := range w.r.Evaluations {
		row := Row{Name: e.Course}
		key := "evaluations." + organisation.Slug(e.Course)
		if e.Suppressed {
			for range grades {
				row.Cells = append(row.Cells, w.text(w.l.T("report.none")))
			}
			row.Cells = append(row.Cells, w.text(w.l.T("report.suppressed")))
		} else {
			for i, n := range e.Answers {
				row.Cells = append(row.Cells, figure(Count, n, key+"."+strconv.Itoa(i+1),
					w.l.T("report.figure.grade", "Course", e.Course, "Grade", w.l.T("report.grade."+strconv.Itoa(i+1)))))
			}
			row.Cells = append(row.Cells, figure(Count, e.Total, key+".total", w.l.T("report.figure.answers", "Course", e.Course)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// stepExperience is what those who have levelled up thought of their step
// (the printed report, 4.5.1).
func (w writer) stepExperience() Table {
	t := Table{
		ID: "step-experience", Sheet: w.l.T("report.sheet.step_experience"), Title: w.l.T("report.title.step_experience", "Journey", w.r.AuthorityAccounts.Journey.Name),
		Caption: w.l.T("report.caption.step_experience", "Day", w.r.StepsOn),
		Columns: []string{w.l.T("report.column.step")},
	}
	shares := []struct {
		key string
		of  func(statistics.StepAnswers) statistics.Tenths
	}{
		{"good", statistics.StepAnswers.Good}, {"neither", statistics.StepAnswers.Neither}, {"bad", statistics.StepAnswers.Bad}, {"no_opinion", statistics.StepAnswers.NoOpinion},
	}
	for _, share := range shares {
		t.Columns = append(t.Columns, w.l.T("report.step."+share.key))
	}
	t.Columns = append(t.Columns, w.l.T("report.column.answers"))
	for _, s := range w.r.StepExperience {
		row := Row{Name: s.Step}
		key := "step_experience." + s.StepSlug + "."
		for _, share := range shares {
			if s.Suppressed {
				row.Cells = append(row.Cells, w.text(w.l.T("report.none")))
				continue
			}
			row.Cells = append(row.Cells, figure(Percent, int(share.of(s)), key+share.key,
				w.l.T("report.figure.step_experience", "Step", s.Step, "Grade", w.l.T("report.step."+share.key))))
		}
		if s.Suppressed {
			row.Cells = append(row.Cells, w.text(w.l.T("report.suppressed")))
		} else {
			row.Cells = append(row.Cells, figure(Count, s.Total, key+"total", w.l.T("report.figure.step_answers", "Step", s.Step)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// grades is how many grades an evaluation has.
const grades = 5
