package statistics_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/statistics"
)

// given is one answer as the test knows it.
type given struct {
	question string // the course or the step
	region   int64
	on       clock.Day
	option   int
}

// asker answers at random over three years and asks for every figure.
type asker struct {
	*world
	*rand.Rand
	regions []int64
	given   []given
}

// Whoever asks for all figures that their role may see, on every day that makes a
// difference, and takes any from any other, never gets 1 to 4 answers.
func TestNoTwoFiguresThatARoleMayAskForTellOfFewerThanFive(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := &asker{world: newWorld(t, d), Rand: rand.New(rand.NewPCG(20, 26)), regions: []int64{dalarna, uppsala, gavleborg, gotland}}
		a.answer()
		days := []clock.Day{}
		for day := clock.Date(2024, 6, 1); day < clock.Date(2027, 1, 31); day += 45 {
			days = append(days, day)
		}
		for _, end := range []clock.Day{clock.Date(2024, 6, 30), yearEnd, clock.Date(2026, 6, 30)} {
			days = append(days, end-1, end, end+1)
		}
		slices.Sort(days)
		// One asks as time goes, the other afterwards: the figures are the same.
		then := map[string][]string{}
		for _, day := range days {
			a.publish(day - 1)
			for _, region := range append(a.regions, 0) {
				at := fmt.Sprint(day, region)
				then[at] = a.figures(system, region, day)
			}
		}
		seen := map[string][]figure{} // by question
		for _, day := range days {
			for _, region := range append(a.regions, 0) {
				now := a.figures(system, region, day)
				// On the day of a publication it is not made yet.
				if was := then[fmt.Sprint(day, region)]; !slices.Equal(was, now) && !ends(day) {
					t.Fatalf("region %d on %s was %v, afterwards %v", region, day, was, now)
				}
				for _, f := range now {
					var question, answers string
					if _, err := fmt.Sscanf(f, "%s %s", &question, &answers); err != nil {
						t.Fatal(err)
					}
					seen[question] = append(seen[question], a.set(question, answers, region, day))
				}
			}
		}
		if len(seen) < 8 {
			t.Errorf("only %d questions were shown", len(seen))
		}
		for question, figures := range seen {
			differences(t, question, figures)
		}
		a.roles([]clock.Day{yearEnd - 1, yearEnd, clock.Date(2026, 8, 8)})
	})
}

func ends(day clock.Day) bool {
	_, month, of := day.Date()
	return month == 6 && of == 30 || month == 12 && of == 31
}

// answer lets people of four regions answer about eight courses and two steps,
// many or few.
func (a *asker) answer() {
	courses, err := db.Rows(ctx, a.Reader(), db.One[string], `
		SELECT c.slug FROM course AS c JOIN course_journey AS j ON j.course_id = c.id WHERE j.journey_id = $1 ORDER BY c.id LIMIT 8`, a.authority.ID)
	a.check(err)
	steps, err := db.Rows(ctx, a.Reader(), db.One[int64], `SELECT id FROM step WHERE journey_id = $1 ORDER BY ordinal LIMIT 2`, a.authority.ID)
	a.check(err)
	var people, employments, accounts, levels, responses, choices [][]any
	homes := []int64{falun, uppsalaMunicipality, gavle, gotlandMunicipality}
	const perRegion = 70
	for i := range int64(perRegion * len(homes)) {
		home := i / perRegion
		people = append(people, []any{i + 1, "A", "B", []byte{1}, 0})
		employments = append(employments, []any{i + 1, homes[home], a.regions[home], homes[home], []byte{1}, lastYear})
		accounts = append(accounts, []any{i + 1, i + 1, a.authority.ID, lastYear})
	}
	someDay := func() clock.Day { return clock.Date(2024, 3, 1) + clock.Day(a.IntN(1000)) }
	each := func(question string, many int, f func(person int64, g given)) {
		for i := range int64(perRegion * len(homes)) {
			if a.IntN(100) < many*int(1+i/perRegion)/2 {
				g := given{question, a.regions[i/perRegion], someDay(), a.IntN(5)}
				a.given = append(a.given, g)
				f(i+1, g)
			}
		}
	}
	for n, slug := range courses {
		survey, question, options := a.evaluation(slug)
		each(slug, []int{8, 15, 25, 40}[n%4], func(person int64, g given) {
			id := len(responses) + 1
			responses = append(responses, []any{id, survey, person, g.on})
			choices = append(choices, []any{id, question, options[g.option]})
		})
	}
	for n, step := range steps {
		each(fmt.Sprint("step-", step), []int{12, 30}[n], func(person int64, g given) {
			levels = append(levels, []any{person, step, string(learning.Grades[g.option]), g.on})
		})
	}
	a.check(a.Write(ctx, func(tx *db.Tx) error {
		return errors.Join(
			db.Insert(ctx, tx, "person", []string{"id", "given_name", "family_name", "sort_key", "created_at"}, people),
			db.Insert(ctx, tx, "employment", []string{"person_id", "organisation_id", "region_id", "municipality_id", "sort_key", "from_day"}, employments),
			db.Insert(ctx, tx, "account", []string{"id", "person_id", "journey_id", "opened_on"}, accounts),
			db.Insert(ctx, tx, "response", []string{"id", "survey_id", "person_id", "answered_on"}, responses),
			db.Insert(ctx, tx, "response_choice", []string{"response_id", "question_id", "option_id"}, choices),
			db.Insert(ctx, tx, "level_up", []string{"account_id", "from_step_id", "grade", "answered_on"}, levels))
	}))
}

// figures are all that is shown of the region on the day: a question and its
// answers each.
func (a *asker) figures(viewer access.Viewer, region int64, day clock.Day) (all []string) {
	a.Helper()
	evaluations, _, err := statistics.Evaluations(ctx, a.Reader(), viewer, a.authority.ID, region, day)
	a.check(err)
	for _, e := range evaluations {
		if !e.Suppressed {
			all = append(all, fmt.Sprintf("%s %d,%d,%d,%d,%d", e.CourseSlug, e.Answers[0], e.Answers[1], e.Answers[2], e.Answers[3], e.Answers[4]))
		}
	}
	steps, _, err := statistics.StepExperience(ctx, a.Reader(), viewer, a.authority.ID, region, day)
	a.check(err)
	for _, s := range steps {
		if !s.Suppressed {
			all = append(all, fmt.Sprintf("step-%d %d,%d,%d,%d,%d", s.StepID, s.Answers[0], s.Answers[1], s.Answers[2], s.Answers[3], s.Answers[4]))
		}
	}
	return all
}

// figure is what was shown, as the set of answers that it must be of.
type figure struct {
	name string
	of   []bool // by answer
}

// set finds the answers that a figure is of: all that its place gave until the end
// of some term. There is one such set, or the figure is wrong.
func (a *asker) set(question, answers string, region int64, day clock.Day) figure {
	a.Helper()
	for _, end := range []clock.Day{
		clock.Date(2024, 6, 30), clock.Date(2024, 12, 31), clock.Date(2025, 6, 30), clock.Date(2025, 12, 31), clock.Date(2026, 6, 30), clock.Date(2026, 12, 31),
	} {
		if end > day {
			break
		}
		f := figure{name: fmt.Sprintf("%s in %d on %s", question, region, day)}
		var sum [5]int
		for _, g := range a.given {
			in := g.question == question && g.on <= end && (region == 0 || g.region == region)
			f.of = append(f.of, in)
			if in {
				sum[g.option]++
			}
		}
		if fmt.Sprintf("%d,%d,%d,%d,%d", sum[0], sum[1], sum[2], sum[3], sum[4]) == answers {
			return f
		}
	}
	a.Fatalf("%s in region %d on %s shows %s, which is the answers of no term's end", question, region, day, answers)
	return figure{}
}

// less is x without y; nil unless y is a part of x.
func less(x, y []bool) []bool {
	rest := make([]bool, len(x))
	for i := range x {
		if y[i] && !x[i] {
			return nil
		}
		rest[i] = x[i] && !y[i]
	}
	return rest
}

func size(of []bool) (n int) {
	for _, in := range of {
		if in {
			n++
		}
	}
	return n
}

// differences takes every figure from every other, and from what is left all
// others that are a part of it: the country less its regions, and so between days.
func differences(t *testing.T, question string, figures []figure) {
	t.Helper()
	var distinct []figure
	for _, f := range figures {
		if !slices.ContainsFunc(distinct, func(d figure) bool { return slices.Equal(d.of, f.of) }) {
			distinct = append(distinct, f)
		}
	}
	few := func(what string, of []bool) {
		t.Helper()
		if n := size(of); 0 < n && n < statistics.FewestShown {
			t.Errorf("%s: %s is %d answers", question, what, n)
		}
	}
	for _, x := range distinct {
		few(x.name, x.of)
		for _, y := range distinct {
			rest := less(x.of, y.of)
			if rest == nil || size(y.of) == 0 {
				continue
			}
			few(x.name+" less "+y.name, rest)
			name := x.name + " less " + y.name
			for _, z := range distinct {
				if next := less(rest, z.of); next != nil && size(z.of) > 0 {
					rest, name = next, name+" less "+z.name
					few(name, rest)
				}
			}
		}
	}
}

// roles: whoever may see a figure sees the same one, and nobody more.
func (a *asker) roles(days []clock.Day) {
	a.Helper()
	grant := func(role access.Role, level access.Level, id, region, municipality int64) access.Viewer {
		return access.Viewer{PersonID: 1, Grants: []access.Grant{{Role: role, Level: level, OrganisationID: id, RegionID: region, MunicipalityID: municipality}}}
	}
	for name, viewer := range map[string]access.Viewer{
		"regional":  grant(access.Regional, access.Region, dalarna, dalarna, 0),
		"manager":   grant(access.Manager, access.Municipality, falun, dalarna, falun),
		"municipal": grant(access.MunicipalAdmin, access.Municipality, falun, dalarna, falun),
		"steering":  grant(access.Steering, access.Region, dalarna, dalarna, 0),
		"national":  grant(access.National, access.Nation, organisation.NationID, 0, 0),
		"reader":    grant(access.NationalReader, access.Nation, organisation.NationID, 0, 0),
		"employee":  {PersonID: 1, Home: access.Place{RegionID: dalarna}},
	} {
		for _, region := range append(a.regions, 0) {
			_, _, err := statistics.Evaluations(ctx, a.Reader(), viewer, a.authority.ID, region, days[0])
			if errors.Is(err, fault.NotFound) {
				if region == 0 && name != "employee" || region == dalarna && name != "employee" {
					a.Errorf("%s does not see region %d", name, region)
				}
				continue
			}
			a.check(err)
			for _, day := range days {
				if got, want := a.figures(viewer, region, day), a.figures(system, region, day); !slices.Equal(got, want) {
					a.Errorf("%s sees %v of region %d on %s, others %v", name, got, region, day, want)
				}
			}
		}
	}
}
