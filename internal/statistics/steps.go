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
	"yrkesresan/internal/publication"
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

// StepExperience is how those who have levelled up in the journey have experienced
// the steps that they came from, as it was last published up to and including the
// day, which comes with it (0: nothing had been published). It is that of the whole
// country when regionID is 0, else of those who were employed in the region when
// they answered. Steps that nobody in the country had gone on from are left out.
// It is open to those to whom Evaluations are.
func StepExperience(ctx context.Context, q db.Querier, viewer access.Viewer, journeyID, regionID int64, day clock.Day) ([]StepAnswers, clock.Day, error) {
	if err := answersOf(ctx, q, viewer, regionID); err != nil {
		return nil, 0, err
	}
	on, err := publication.Last(ctx, q, 0, day)
	if err != nil || on == 0 {
		return nil, 0, err
	}
	type count struct {
		StepAnswers
		grade   *learning.Grade
		answers int
	}
	counts, err := db.Rows(ctx, q, func(c *count) []any {
		return []any{&c.StepID, &c.Step, &c.StepSlug, &c.grade, &c.answers}
	}, `
		SELECT
			s.id,
			s.name,
			s.slug,
			n.answer,
			COALESCE(n.answers, 0)
		FROM step AS s
		LEFT JOIN (
			SELECT
				b.step_id,
				a.answer,
				SUM(a.answers) AS answers
			FROM answer_batch AS b
			JOIN batch_answer AS a ON a.batch_id = b.id
			WHERE b.step_id IS NOT NULL
			AND `+shownSQL(regionID)+`
			GROUP BY 1, 2
		) AS n ON n.step_id = s.id
		WHERE s.journey_id = $1
		AND EXISTS (SELECT 1 FROM answer_batch AS t WHERE t.step_id = s.id AND t.taken_on <= $2)
		ORDER BY s.ordinal`, journeyID, on, regionID)
	if err != nil {
		return nil, 0, err
	}
	var all []StepAnswers
	for _, c := range counts {
		if len(all) == 0 || all[len(all)-1].StepID != c.StepID {
			all = append(all, c.StepAnswers)
		}
		s := &all[len(all)-1]
		if c.grade == nil {
			s.Suppressed = true
			continue
		}
		if s.Answers == nil {
			s.Answers = make([]int, len(learning.Grades))
		}
		s.Answers[slices.Index(learning.Grades, *c.grade)] += c.answers
		s.Total += c.answers
	}
	return all, on, nil
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

// StepTexts are what people have written about a step, as published at the end of
// a term, in an order that tells nothing of who wrote when.
type StepTexts struct {
	Step   string
	Year   int
	Autumn bool
	Texts  []string
}

// StepFreeTexts are the free texts at the gates of the journey's steps, of the
// country when regionID is 0, else of those who were employed in the region when
// they answered; the latest publication first, up to and including the day. A text
// can be recognised by whoever reads two lists. So it is read since the publication
// in which the answers of its region are shown, in both lists, and a text from
// nowhere never is. fault.NotFound for those who may not read them.
func StepFreeTexts(ctx context.Context, q db.Querier, viewer access.Viewer, journeyID, regionID int64, day clock.Day) ([]StepTexts, error) {
	if !access.ReadAnswers(viewer).Covers(access.Place{RegionID: regionID}) {
		return nil, fault.NotFound
	}
	on, err := publication.Last(ctx, q, 0, day)
	if err != nil || on == 0 {
		return nil, err
	}
	type answer struct {
		step string
		on   clock.Day
		text string
	}
	rows, err := db.Rows(ctx, q, func(a *answer) []any { return []any{&a.step, &a.on, &a.text} }, `
		SELECT
			s.name,
			b.regional_on,
			l.free_text
		FROM step AS s
		JOIN answer_batch AS b ON b.step_id = s.id AND b.regional_on <= $2
		JOIN batch_level_up AS t ON t.batch_id = b.id
		JOIN level_up AS l ON l.id = t.level_up_id
		WHERE s.journey_id = $1
		AND l.free_text <> ''
		AND ($3 = 0 OR b.region_id = $3)
		ORDER BY b.regional_on DESC, s.ordinal`, journeyID, on, regionID)
	if err != nil {
		return nil, err
	}
	var all []StepTexts
	var last answer
	for _, a := range rows {
		if a.step != last.step || a.on != last.on {
			_, month, _ := a.on.Date()
			all = append(all, StepTexts{Step: a.step, Year: a.on.Year(), Autumn: month > 6})
			last = a
		}
		s := &all[len(all)-1]
		s.Texts = append(s.Texts, a.text)
	}
	for _, s := range all {
		slices.SortFunc(s.Texts, func(a, b string) int { return bytes.Compare(i18n.SortKey(a), i18n.SortKey(b)) })
	}
	return all, nil
}
