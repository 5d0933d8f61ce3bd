package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/money"
	"yrkesresan/internal/statistics"
)

// object is a JSON object that keeps its order.
type object []field

type field struct {
	key   string
	value any
}

// MarshalJSON writes the fields in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(f.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(f.value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.key, err)
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// MarshalJSON writes the report as `yrkesresan report annual --format json`
// does. Others read it: a field may be added, none renamed.
func (r AnnualReport) MarshalJSON() ([]byte, error) {
	w := writer{r: r, l: i18n.Swedish}
	type courseRow struct {
		Course     string `json:"course"`
		Delivery   string `json:"delivery"`
		Rounds     *int   `json:"rounds"`
		CourseDays *int   `json:"course_days"`
		Approved   int    `json:"approved"`
	}
	courseRows := []courseRow{}
	for _, c := range r.Courses.Rows {
		courseRows = append(courseRows, courseRow{c.Course.Name, string(c.Delivery), c.Rounds, c.CourseDays, c.Approved})
	}
	type evaluation struct {
		Course     string    `json:"course"`
		Scope      string    `json:"scope"`
		AsOf       clock.Day `json:"as_of"`
		Answers    []int     `json:"answers"` // null, and so Total, when they are too few to be shown
		Total      *int      `json:"total"`
		Suppressed bool      `json:"suppressed,omitempty"`
	}
	evaluations := []evaluation{}
	for _, e := range r.Evaluations {
		row := evaluation{Course: e.Course, Scope: "national", AsOf: r.EvaluationsOn, Suppressed: e.Suppressed}
		if !e.Suppressed {
			row.Answers, row.Total = e.Answers, &e.Total
		}
		evaluations = append(evaluations, row)
	}
	steps := []object{}
	for _, e := range r.StepExperience {
		row := object{{"step", e.StepSlug}, {"as_of", r.StepsOn}}
		if e.Suppressed {
			row = append(row, field{"suppressed", true})
		} else {
			answers := object{}
			for i, g := range learning.Grades {
				answers = append(answers, field{string(g), e.Answers[i]})
			}
			row = append(row, field{"answers", answers}, field{"total", e.Total})
		}
		steps = append(steps, row)
	}
	survey := []object{}
	for _, q := range r.ManagerSurvey {
		answers := object{}
		for _, a := range q.Answers {
			var percent any = a.Percent
			if a.Percent%10 == 0 {
				percent = int64(a.Percent / 10) // as published: 65
			}
			answers = append(answers, field{a.Slug, percent})
		}
		var total any
		if q.Total >= statistics.FewestShown {
			total = q.Total
		}
		survey = append(survey, object{{"question", q.Question}, {"answers", answers}, {"total", total}, {"unit", "percent"}})
	}
	corrections := []object{}
	for _, c := range r.Corrections(i18n.Swedish) {
		corrections = append(corrections, object{
			{"figure", c.Figure}, {"printed", number(c.Unit, c.Printed)}, {"computed", number(c.Unit, c.Computed)},
		})
	}
	accounts := object{}
	for _, a := range slices.Concat([]statistics.AccountTable{r.AuthorityAccounts, r.ProviderAccounts}, r.OtherAccounts) {
		accounts = append(accounts, field{a.Journey.Slug, accountRows(a, w.columns(a))})
	}
	completions := object{}
	for _, c := range append([]statistics.CompletionTable{r.Completions}, r.OtherCompletions...) {
		completions = append(completions, field{c.Journey.Slug, completionRows(c)})
	}
	cancelled := []object{}
	for _, c := range r.Cancelled {
		cancelled = append(cancelled, object{
			{"course", c.Course}, {"round", c.Label}, {"first_day", c.FirstDay}, {"seats", c.Seats}, {"minimum", c.Minimum},
			{"cause", string(c.Cause)}, {"reason", c.Reason},
		})
	}
	all := object{
		{"accounts", accounts},
		{"completions", completions},
		{"courses", object{
			{"rows", courseRows},
			{"total", object{
				{"rounds", r.Courses.Total.Rounds},
				{"course_days", r.Courses.Total.CourseDays},
				{"approved", r.Courses.Total.Approved},
				{"approved_regional", r.Courses.Total.ApprovedRegional},
			}},
		}},
		{"course_days", object{
			{"count", r.Days.Held},
			{"planned", r.Days.Planned},
			{"billed", r.Days.Billed},
			{"pot_bearing", r.Days.PotBearing},
			{"participant_days", r.Days.ParticipantDays},
			{"mean", r.Days.Mean},
			{"min", r.Days.Min},
			{"max", r.Days.Max},
		}},
		{"evaluations", evaluations},
		{"manager_survey", survey},
		{"variable_fee", struct {
			Charged money.Ore `json:"charged_ore"`
		}{r.Charged}},
		{"pot", r.Pot.Result()},
		{"corrections", corrections},
	}
	if len(cancelled) > 0 {
		all = append(all, field{"cancelled_rounds", cancelled})
	}
	if len(steps) > 0 {
		all = append(all, field{"step_experience", steps})
	}
	if r.Comings.Any() {
		all = append(all, field{"trainers", w.comingsJSON()})
	}
	if len(r.Time) > 0 {
		all = append(all, field{"study_time", w.studyTimeJSON()})
	}
	return json.Marshal(all)
}

func accountRows(t statistics.AccountTable, columns []column) []object {
	rows := []object{}
	for _, r := range append(t.Rows[:len(t.Rows):len(t.Rows)], t.Total) {
		row := object{{"municipality", municipality(r.Organisation.ID, r.Organisation.Name)}}
		for _, c := range columns {
			row = append(row, field{c.key, c.of(r)})
		}
		rows = append(rows, row)
	}
	return rows
}

func completionRows(t statistics.CompletionTable) []object {
	rows := []object{}
	for _, r := range append(t.Rows[:len(t.Rows):len(t.Rows)], t.Total) {
		courses := []object{}
		for i, c := range t.Courses {
			courses = append(courses, object{{"course", c.Name}, {"completed", r.Completed[i]}, {"share_percent", r.Share(i)}})
		}
		rows = append(rows, object{{"municipality", municipality(r.Organisation.ID, r.Organisation.Name)}, {"courses", courses}})
	}
	return rows
}

func municipality(id int64, name string) string {
	if id == 0 {
		return totalKey
	}
	return name
}

// JSON writes the report for other programs, indented, with a line end.
func JSON(w io.Writer, r AnnualReport) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
