package statistics_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/statistics"
)

func TestHowAStepWasExperiencedIsToldWhenEnoughHaveAnswered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		answer := func(municipality int64, grade, text, on string) {
			account := w.account(w.person(municipality, lastYear), w.authority, lastYear, "ny", "employee")
			w.put(`INSERT INTO level_up (account_id, from_step_id, grade, free_text, answered_on)
				SELECT a.id, s.step_id, $2, $3, $4 FROM account AS a JOIN account_step AS s ON s.account_id = a.id WHERE a.id = $1 RETURNING id`, account, grade, text, on)
		}
		ask := func(region int64, asOf clock.Day) statistics.StepAnswers {
			t.Helper()
			all, _, err := statistics.StepExperience(ctx, w.Reader(), system, w.authority.ID, region, asOf)
			w.check(err)
			if len(all) != 1 {
				return statistics.StepAnswers{}
			}
			return all[0]
		}
		texts := func(region int64, day clock.Day) (said []string) {
			t.Helper()
			all, err := statistics.StepFreeTexts(ctx, w.Reader(), system, w.authority.ID, region, day)
			w.check(err)
			for _, s := range all {
				said = append(said, fmt.Sprint(s.Step, s.Year, s.Autumn, s.Texts))
			}
			return said
		}
		spring, autumn, next := clock.Date(2025, 6, 30), clock.Date(2025, 12, 31), clock.Date(2026, 6, 30)
		for _, grade := range []string{"very_good", "very_good", "fairly_good", "neither"} {
			answer(falun, grade, "b", "2025-03-03")
		}
		w.publish(spring - 1)
		if s := ask(dalarna, spring); s.Step != "" {
			t.Errorf("before any publication: %+v", s)
		}
		w.publish(spring)
		if s := ask(dalarna, spring); !s.Suppressed || s.Total != 0 || s.Answers != nil {
			t.Errorf("four answers are shown: %+v", s)
		}
		if got := texts(dalarna, autumn); got != nil {
			t.Errorf("the texts of four are shown: %v", got)
		}
		answer(mora, "no_opinion", "å", "2025-07-01")
		if s := ask(dalarna, autumn); !s.Suppressed {
			t.Errorf("an answer that has not been published is shown: %+v", s)
		}
		w.publish(autumn)
		s := ask(dalarna, autumn)
		if s.Suppressed || s.Step != "Ny" || s.Total != 5 || !slices.Equal(s.Answers, []int{2, 1, 1, 0, 0, 1}) {
			t.Errorf("five answers: %+v", s)
		}
		if s.Good() != 600 || s.Neither() != 200 || s.Bad() != 0 || s.NoOpinion() != 200 {
			t.Errorf("the shares are %v, %v, %v and %v", s.Good(), s.Neither(), s.Bad(), s.NoOpinion())
		}
		if s := ask(dalarna, autumn-1); !s.Suppressed {
			t.Errorf("a day before the publication: %+v", s)
		}
		for _, region := range []int64{dalarna, 0} {
			if got := texts(region, autumn-1); got != nil {
				t.Errorf("texts before their publication are %v", got)
			}
			if got := texts(region, autumn); !slices.Equal(got, []string{"Ny2025 true [b b b b å]"}) {
				t.Errorf("the texts are %v", got)
			}
		}
		for range 4 {
			answer(mora, "fairly_bad", "", "2026-02-02")
		}
		answer(mora, "fairly_bad", "c", "2026-02-02")
		answer(uppsalaMunicipality, "very_good", "ensam", "2026-02-02")
		w.publish(next)
		if s := ask(dalarna, next); s.Total != 5 {
			t.Errorf("the only answer outside the region could be worked out: %+v", s)
		}
		if s := ask(0, next); s.Suppressed || s.Total != 11 || s.Bad() != 455 {
			t.Errorf("the nation: %+v", s)
		}
		for _, region := range []int64{dalarna, uppsala, 0} {
			if got := texts(region, next); len(got) > 1 {
				t.Errorf("texts of a region whose answers wait: %v", got)
			}
		}
	})
}

func TestFreeTextsAreReadByThoseWhoArrangeAndMakeTheCourses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for name, c := range map[string]struct {
			grant         access.Grant
			region, whole bool
		}{
			"the region's administrator": {access.Grant{Role: access.Regional, Level: access.Region, OrganisationID: dalarna, RegionID: dalarna}, true, false},
			"another region's":           {access.Grant{Role: access.Regional, Level: access.Region, OrganisationID: uppsala, RegionID: uppsala}, false, false},
			"a producer":                 {access.Grant{Role: access.Producer, Level: access.Region, OrganisationID: uppsala, RegionID: uppsala}, true, true},
			"the nation's owner":         {access.Grant{Role: access.National, Level: access.Nation, OrganisationID: 1}, true, true},
			"a manager":                  {access.Grant{Role: access.Manager, Level: access.Municipality, OrganisationID: falun, RegionID: dalarna, MunicipalityID: falun}, false, false},
			"the steering group":         {access.Grant{Role: access.Steering, Level: access.Region, OrganisationID: dalarna, RegionID: dalarna}, false, false},
		} {
			viewer := access.Viewer{PersonID: 1, Grants: []access.Grant{c.grant}}
			for region, may := range map[int64]bool{dalarna: c.region, 0: c.whole} {
				_, err := statistics.StepFreeTexts(ctx, w.Reader(), viewer, w.authority.ID, region, yearEnd)
				if may && err != nil || !may && !errors.Is(err, fault.NotFound) {
					t.Errorf("%s reads those of region %d: %v", name, region, err)
				}
			}
		}
	})
}
