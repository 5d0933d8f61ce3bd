package report

import (
	"fmt"
	"strings"

	"yrkesresan/internal/i18n"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/statistics"
)

// Figure is one number of the report with its key and what it is in words.
type Figure struct {
	Key   string
	Label string
	Unit  Unit
	Value int64 // in its smallest unit
}

// Figures are the report's own figures, each once, in the order of its tables.
// What a table leaves out because there is nothing (a course that was not given,
// a municipality without trainers) is here as 0, so that a printed figure can be
// compared with it.
func (r AnnualReport) Figures(lang *i18n.Lang) []Figure {
	w := writer{r: r, l: lang}
	var all []Figure
	met := map[string]bool{}
	add := func(c Cell) {
		if c.Unit != "" && !met[c.Key] {
			met[c.Key] = true
			all = append(all, Figure{Key: c.Key, Label: c.Label, Unit: c.Unit, Value: c.Value})
		}
	}
	for _, t := range r.Tables(lang) {
		for _, row := range t.Rows {
			for _, c := range row.Cells {
				add(c)
			}
		}
	}
	add(figure(Count, r.Days.PotBearing, "pot.days", w.l.T("report.figure.pot_days")))
	for _, c := range r.AllCourses {
		key := "courses." + c.Slug
		add(figure(Count, 0, key+".rounds", w.l.T("report.figure.rounds", "Course", c.Name)))
		add(figure(Count, 0, key+".course_days", w.l.T("report.figure.course_days", "Course", c.Name)))
		add(figure(Count, 0, key+".approved", w.l.T("report.figure.approved", "Course", c.Name)))
	}
	for _, m := range r.Municipalities {
		key := "pot." + m.Name
		add(figure(Count, 0, key+".trainers", w.l.T("report.figure.pot_trainers", "Place", m.Name)))
		add(figure(Count, 0, key+".lead_trainers", w.l.T("report.figure.lead_trainers", "Place", m.Name)))
		add(figure(Count, 0, key+".trainer_days", w.l.T("report.figure.trainer_days", "Place", m.Name)))
		add(figure(Money, 0, key+".amount", w.l.T("report.figure.pot_amount", "Place", m.Name)))
	}
	return all
}

// Correction is a figure that was printed otherwise than it is computed.
type Correction struct {
	Figure   string // what it is, in words
	Key      string
	Unit     Unit
	Printed  int64
	Computed int64
}

// Corrections are the figures that the printed report has otherwise, in the
// order of the tables; none without a printed report.
func (r AnnualReport) Corrections(lang *i18n.Lang) []Correction {
	corrections, _ := r.corrections(lang) // Annual has refused unknown keys
	return corrections
}

// compare tells whether every printed figure has a computed one.
func (r AnnualReport) compare() ([]Correction, error) { return r.corrections(i18n.Swedish) }

func (r AnnualReport) corrections(lang *i18n.Lang) ([]Correction, error) {
	corrections := []Correction{}
	if r.Printed == nil {
		return corrections, nil
	}
	printed := make(map[string]int64, len(r.Printed.Figures))
	for _, f := range r.Printed.Figures {
		printed[f.Key] = f.Value
	}
	for _, f := range r.Figures(lang) {
		value, ok := printed[f.Key]
		if ok && value != f.Value {
			corrections = append(corrections, Correction{Figure: f.Label, Key: f.Key, Unit: f.Unit, Printed: value, Computed: f.Value})
		}
		delete(printed, f.Key)
	}
	for _, f := range r.Printed.Figures {
		if _, left := printed[f.Key]; left && !r.hidden(f.Key) {
			return nil, fmt.Errorf("compare with the printed report %d of %s: no figure of the report is called %q", r.Year, r.Region.Name, f.Key)
		}
	}
	return corrections, nil
}

// hidden tells whether the key is of answers that are too few to be shown, or
// that nobody has given.
func (r AnnualReport) hidden(key string) bool {
	for _, c := range r.Completions.Courses {
		if strings.HasPrefix(key, "evaluations."+organisation.Slug(c.Name)+".") {
			return true
		}
	}
	for n, q := range r.ManagerSurvey {
		if q.Total < statistics.FewestShown && strings.HasPrefix(key, fmt.Sprintf("manager_survey.%d.", n+1)) {
			return true
		}
	}
	return false
}

// number is a figure as a JSON number: pieces and öre whole, tenths with a
// decimal.
func number(unit Unit, value int64) any {
	switch unit {
	case Percent, Published, Mean:
		return statistics.Tenths(value)
	case Money:
		return money.Ore(value)
	default:
		return value
	}
}
