package statistics

import (
	"bytes"
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/learning"
)

// StepAnswers are the answers at the gate of a step: how its courses have been
// experienced. Answers stand in the order of learning.Grades. When Suppressed
// there are answers, but too few to be shown: neither they nor their number.
type StepAnswers struct {
	StepID     int64
	Step       string
	StepSlug   string
	Suppressed bool
	Answers    []int
	Total      int
}

// share is that of the grades among all answers in per cent.
func (s StepAnswers) share(grades ...learning.Grade) Tenths {
	part := 0
	for i, n := range s.Answers {
		if slices.Contains(grades, learning.Grades[i]) {
			part += n
		}
	}
	return Share(part, s.Total)
}

// Good, Neither, Bad and NoOpinion are the shares that the annual report tells
// (domain.md, "Surveys"; the report 2025 leaves out Bad, which was none).
func (s StepAnswers) Good() Tenths { return s.share(learning.VeryGood, learning.FairlyGood) }

// Neither is the share that found the courses neither good nor bad.
func (s StepAnswers) Neither() Tenths { return s.share(learning.Neither) }

// Bad is the share with one of the two lowest grades.
func (s StepAnswers) Bad() Tenths { return s.share(learning.FairlyBad, learning.VeryBad) }

// NoOpinion is the share without an opinion.
func (s StepAnswers) NoOpinion() Tenths { return s.share(learning.NoOpinion) }

// StepExperience is how those who have levelled up in the journey up to and
// including asOf have experienced the steps that they came from; of the whole
// country when regionID is 0, else of those who on asOf are employed in the
// region. Steps without answers are left out. Few answers are protected as
// those of Evaluations are, and open to the same.
func StepExperience(ctx context.Context, q db.Querier, viewer access.Viewer, journeyID, regionID int64, asOf clock.Day) ([]StepAnswers, error) {
	if err := answersOf(ctx, q, viewer, regionID); err != nil {
		return nil, err
	}
	type count struct {
		StepAnswers
		grade    learning.Grade
		regionID int64 // 0: of the country, or of those employed nowhere
		answers  int
	}
	place, employment := "0", ""
	if regionID != 0 {
		place, employment = "COALESCE(e.region_id, 0)", employedSQL("$2")
	}
	counts, err := db.Rows(ctx, q, func(c *count) []any {
		return []any{&c.StepID, &c.Step, &c.StepSlug, &c.grade, &c.regionID, &c.answers}
	}, `
		SELECT
			s.id,
			s.name,
			s.slug,
			l.grade,
			`+place+`,
			COUNT(*)
		FROM step AS s
		JOIN level_up AS l ON l.from_step_id = s.id AND l.answered_on <= $2
		JOIN account AS a ON a.id = l.account_id`+employment+`
		WHERE s.journey_id = $1
		GROUP BY 1, 2, 3, s.ordinal, 4, 5
		ORDER BY s.ordinal`, journeyID, asOf)
	if err != nil {
		return nil, err
	}
	var all []StepAnswers
	totals := map[int64]map[int64]int{} // by step and region
	for _, c := range counts {
		if len(all) == 0 || all[len(all)-1].StepID != c.StepID {
			c.Answers = make([]int, len(learning.Grades))
			all = append(all, c.StepAnswers)
			totals[c.StepID] = map[int64]int{}
		}
		totals[c.StepID][c.regionID] += c.answers
		if c.regionID != regionID {
			continue
		}
		s := &all[len(all)-1]
		s.Answers[slices.Index(learning.Grades, c.grade)] += c.answers
		s.Total += c.answers
	}
	all = slices.DeleteFunc(all, func(s StepAnswers) bool { return s.Total == 0 })
	for i := range all {
		if s := &all[i]; s.Total < FewestShown || regionID != 0 && withheld(totals[s.StepID])[regionID] {
			s.Suppressed, s.Answers, s.Total = true, nil, 0
		}
	}
	return all, nil
}

// answersOf is nil when the viewer may see answers of the region, or of the
// country (regionID 0), which are open to everybody with an office.
func answersOf(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64) error {
	if regionID != 0 {
		err := region(ctx, q, viewer, regionID)
		return err
	}
	if access.Figures(viewer).Empty() {
		return fault.NotFound
	}
	return nil
}

// employedSQL joins e, where the person of the account a is employed on the day.
func employedSQL(day string) string {
	return `
		LEFT JOIN employment AS e ON e.person_id = a.person_id
			AND e.from_day <= ` + day + ` AND (e.to_day IS NULL OR e.to_day >= ` + day + `)`
}

// StepTexts are what people have written about a step in a term, in an order
// that tells nothing of who wrote when.
type StepTexts struct {
	Step   string
	Year   int
	Autumn bool
	Texts  []string
}

// StepFreeTexts are the free texts at the gates of the journey's steps, of the
// country when regionID is 0, else of those who were employed in the region when
// they answered; the latest term first. Only terms that are over are told, and
// only those in which enough have answered: a text that turned up from one day
// to the next would be that of whoever levelled up then. A region's are left out
// also when its answers would let others' be worked out. fault.NotFound for those
// who may not read them.
func StepFreeTexts(ctx context.Context, q db.Querier, viewer access.Viewer, journeyID, regionID int64, today clock.Day) ([]StepTexts, error) {
	if !access.ReadAnswers(viewer).Covers(access.Place{RegionID: regionID}) {
		return nil, fault.NotFound
	}
	type answer struct {
		step     string
		on       clock.Day
		regionID int64
		text     string
	}
	rows, err := db.Rows(ctx, q, func(a *answer) []any { return []any{&a.step, &a.on, &a.regionID, &a.text} }, `
		SELECT
			s.name,
			l.answered_on,
			COALESCE(e.region_id, 0),
			l.free_text
		FROM step AS s
		JOIN level_up AS l ON l.from_step_id = s.id
		JOIN account AS a ON a.id = l.account_id`+employedSQL("l.answered_on")+`
		WHERE s.journey_id = $1
		ORDER BY s.ordinal, l.answered_on`, journeyID)
	if err != nil {
		return nil, err
	}
	type group struct {
		step string
		term int // 2 × year, and 1 in the autumn
	}
	var order []group
	totals, texts := map[group]map[int64]int{}, map[group][]string{}
	for _, a := range rows {
		g := group{a.step, termOf(a.on)}
		if g.term >= termOf(today) {
			continue
		}
		if totals[g] == nil {
			order = append(order, g)
			totals[g] = map[int64]int{}
		}
		totals[g][a.regionID]++
		if a.text != "" && (regionID == 0 || a.regionID == regionID) {
			texts[g] = append(texts[g], a.text)
		}
	}
	slices.SortStableFunc(order, func(a, b group) int { return b.term - a.term })
	var all []StepTexts
	for _, g := range order {
		sum := 0
		for _, n := range totals[g] {
			sum += n
		}
		hidden := sum < FewestShown
		if regionID != 0 {
			hidden = hidden || totals[g][regionID] < FewestShown || withheld(totals[g])[regionID]
		}
		if hidden || len(texts[g]) == 0 {
			continue
		}
		slices.SortFunc(texts[g], func(a, b string) int { return bytes.Compare(i18n.SortKey(a), i18n.SortKey(b)) })
		all = append(all, StepTexts{Step: g.step, Year: g.term / 2, Autumn: g.term%2 == 1, Texts: texts[g]})
	}
	return all, nil
}

// termOf counts the half-years.
func termOf(day clock.Day) int {
	year, month, _ := day.Date()
	term := 2 * year
	if month > 6 {
		term++
	}
	return term
}
