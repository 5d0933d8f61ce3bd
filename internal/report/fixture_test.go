package report

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/statistics"
	"yrkesresan/internal/trainer"
)

// dalarna is the report of 2025 whose figures are the rows of the printed one;
// its sums are computed.
func dalarna(t *testing.T) AnnualReport {
	t.Helper()
	r := AnnualReport{
		Region: organisation.Organisation{ID: 20, Kind: organisation.Region, Slug: "dalarna", Name: "Dalarna"},
		Year:   2025, AsOf: clock.Date(2025, 12, 31), EvaluationsOn: clock.Date(2026, 5, 12),
	}
	authority := catalogue.Journey{ID: 1, Slug: authorityJourney, Name: "Barn och unga", Audience: catalogue.Authority}
	provider := catalogue.Journey{ID: 2, Slug: providerJourney, Name: "Funktionshinder utförare", Audience: catalogue.Provider}

	a := &r.AuthorityAccounts
	a.Journey, a.Day = authority, r.AsOf
	a.Steps = []catalogue.Step{{ID: 1, Slug: "ny", Name: "Ny"}, {ID: 2, Slug: "van", Name: "Van"}, {ID: 3, Slug: "erfaren", Name: "Erfaren"}}
	a.Total.Steps = make([]int, 3)
	for i, row := range rows(t, "bou-accounts-2025-12-31") {
		o := organisation.Organisation{ID: int64(i + 1), Name: row["municipality"]}
		if o.Name == "Totalt" {
			continue
		}
		r.Municipalities = append(r.Municipalities, o)
		one := statistics.AccountRow{
			Organisation: o, Accounts: n(t, row, "accounts"), Managers: n(t, row, "managers"), Trainers: n(t, row, "trainers"),
			Steps: []int{n(t, row, "new_0_2"), n(t, row, "experienced_2_5"), n(t, row, "senior_5_plus")},
		}
		a.Rows = append(a.Rows, one)
		a.Total.Accounts += one.Accounts
		a.Total.Managers += one.Managers
		a.Total.Trainers += one.Trainers
		for s := range one.Steps {
			a.Total.Steps[s] += one.Steps[s]
		}
	}
	p := &r.ProviderAccounts
	p.Journey, p.Day = provider, r.AsOf
	for i, row := range rows(t, "funk-accounts-2025-12-31") {
		if row["municipality"] == "Totalt" {
			continue
		}
		one := statistics.AccountRow{
			Organisation: r.Municipalities[i], Accounts: n(t, row, "accounts"), Employees: n(t, row, "employees"),
			Managers: n(t, row, "managers"), Trainers: n(t, row, "trainers"), MunicipalAdmins: n(t, row, "municipal_admins"),
		}
		p.Rows = append(p.Rows, one)
		p.Total.Accounts += one.Accounts
		p.Total.Employees += one.Employees
		p.Total.Managers += one.Managers
		p.Total.Trainers += one.Trainers
		p.Total.MunicipalAdmins += one.MunicipalAdmins
	}
	c := &r.Completions
	c.Journey, c.Day, c.Total.Completed = provider, r.AsOf, make([]int, 4)
	for i, row := range rows(t, "funk-bas-evaluations") {
		course := catalogue.Course{ID: int64(100 + i), Slug: "bas-" + strconv.Itoa(i+1), ShortName: "BAS " + strconv.Itoa(i+1), Name: row["course"]}
		c.Courses = append(c.Courses, statistics.Course{Course: course, StepSlug: basicStep})
		e := statistics.Evaluation{CourseID: course.ID, Course: course.Name, CourseSlug: course.Slug}
		for _, grade := range []string{"very_satisfied", "fairly_satisfied", "neither", "fairly_dissatisfied", "very_dissatisfied"} {
			e.Answers = append(e.Answers, n(t, row, grade))
			e.Total += n(t, row, grade)
		}
		r.Evaluations = append(r.Evaluations, e)
	}
	for i, row := range rows(t, "funk-bas-completions-2025-12-31") {
		if row["municipality"] == "Totalt" {
			continue
		}
		one := statistics.CompletionRow{Organisation: r.Municipalities[i], Employees: p.Rows[i].Employees}
		c.Total.Employees += one.Employees
		for course := range 4 {
			one.Completed = append(one.Completed, n(t, row, "bas"+strconv.Itoa(course+1)))
			c.Total.Completed[course] += one.Completed[course]
		}
		c.Rows = append(c.Rows, one)
	}
	k := &r.Courses
	k.Journey, k.Year, k.AsOf = authority, 2025, r.AsOf
	for _, row := range rows(t, "bou-courses-2025") {
		if strings.HasPrefix(row["course"], "Totalt") {
			continue
		}
		course := catalogue.Course{Slug: organisation.Slug(row["course"]), Name: row["course"]}
		r.AllCourses = append(r.AllCourses, course)
		one := statistics.CourseRow{Course: course, Delivery: catalogue.Delivery(row["delivery"]), Approved: n(t, row, "approved_participants")}
		k.Total.Approved += one.Approved
		if one.Delivery == catalogue.Regional {
			rounds, days := n(t, row, "rounds"), n(t, row, "course_days")
			one.Rounds, one.CourseDays = &rounds, &days
			k.Total.Rounds += rounds
			k.Total.CourseDays += days
			k.Total.ApprovedRegional += one.Approved
		}
		k.Rows = append(k.Rows, one)
	}
	r.AllCourses = append(r.AllCourses, catalogue.Course{Slug: "lvu-for-18-20-ar", Name: "LVU för 18–20 år"})
	days := potDays(t, r.Municipalities)
	terms := economy.Terms{Fee: money.Kronor(650), PerParticipant: money.Kronor(400), LeadWeight: 150, TrainerWeight: 100, RSS: economy.RSSKept}
	var counts []DayCount
	for _, d := range days {
		counts = append(counts, DayCount{Course: d.Course, Participants: d.Participants})
		r.Charged += terms.Fee * money.Ore(d.Participants)
	}
	r.Days = sumDays(economy.DayCounts{Planned: len(days), Held: len(days), Billed: len(days), PotBearing: len(days)}, counts)
	var err error
	if r.Pot, err = terms.SplitDays(days); err != nil {
		t.Fatal(err)
	}
	r.LeadTrainers = leadTrainers(r.Pot)
	for _, row := range rows(t, "manager-survey-2025-dalarna-overall") {
		r.ManagerSurvey = append(r.ManagerSurvey, statistics.SurveyQuestion{Question: row["question"], Total: n(t, row, "answers"), Answers: []statistics.SurveyAnswer{
			{Slug: "very_good", Label: "Mycket bra", Percent: statistics.Tenths(10 * n(t, row, "very_good_pct"))},
			{Slug: "fairly_good", Label: "Ganska bra", Percent: statistics.Tenths(10 * n(t, row, "fairly_good_pct"))},
		}})
	}
	for _, row := range rows(t, "manager-survey-2025-dalarna") {
		q := statistics.SurveyQuestion{Question: row["question"], Total: 20}
		for _, a := range []statistics.SurveyAnswer{
			{Slug: "very_much", Label: "Väldigt mycket"}, {Slug: "yes_much", Label: "Ja, mycket"}, {Slug: "yes_some", Label: "Ja, en del"},
			{Slug: "not_at_all", Label: "Nej, inte alls"}, {Slug: "too_early", Label: "För tidigt att bedöma"}, {Slug: "do_not_know", Label: "Vet inte"},
		} {
			a.Percent = statistics.Tenths(10 * n(t, row, a.Slug))
			q.Answers = append(q.Answers, a)
		}
		r.ManagerSurvey = append(r.ManagerSurvey, q)
	}
	file, err := os.Open("../demo/data/printed-2025.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	printed, err := ReadPrinted(file)
	if err != nil {
		t.Fatal(err)
	}
	r.Printed = &Printed{RegionID: 20, Year: 2025, SignedOn: clock.Date(2026, 5, 12), EvaluationsOn: r.EvaluationsOn, Figures: printed}
	return r
}

// potDays are the reconstructed course days, with rows for names.
func potDays(t *testing.T, municipalities []organisation.Organisation) []economy.PotDay {
	t.Helper()
	ids := map[string]int64{"RSS": 99}
	for _, m := range municipalities {
		ids[m.Name] = m.ID
	}
	people := map[string]int64{}
	var days []economy.PotDay
	for _, row := range rows(t, "course-days-2025-reconstruction") {
		if len(days) == 0 || days[len(days)-1].Name != row["day"] {
			days = append(days, economy.PotDay{Ref: economy.Ref{Name: row["day"]}, Course: row["course"], Participants: n(t, row, "participants")})
		}
		if people[row["trainer"]] == 0 {
			people[row["trainer"]] = int64(len(people) + 1)
		}
		d := &days[len(days)-1]
		d.Trainers = append(d.Trainers, economy.PotTrainer{
			Organisation: economy.Ref{ID: ids[row["trainer_org"]], Name: row["trainer_org"]}, RSS: row["trainer_org"] == "RSS",
			Role: trainer.Role(row["role"]), Person: economy.Ref{ID: people[row["trainer"]]},
		})
	}
	return days
}

func rows(t *testing.T, name string) []map[string]string {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, value := range line {
			row[lines[0][i]] = value
		}
		all = append(all, row)
	}
	return all
}

func n(t *testing.T, row map[string]string, column string) int {
	t.Helper()
	value, err := strconv.Atoi(row[column])
	if err != nil {
		t.Fatalf("%s of %v: %v", column, row, err)
	}
	return value
}
