package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/report"
)

const dalarna int64 = 20

func TestTheReportIsComparedWithThePrintedOneThatIsSaved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		check := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		check(organisation.Install(ctx, d))
		check(catalogue.Install(ctx, d))
		save := func(viewer access.Viewer, figures ...report.PrintedFigure) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				return report.SavePrinted(ctx, tx, viewer, report.Printed{
					RegionID: dalarna, Year: 2025, SignedOn: clock.Date(2026, 5, 12), EvaluationsOn: clock.Date(2026, 5, 12), Figures: figures,
				})
			})
		}
		annual := func(options report.Options) (report.AnnualReport, error) {
			return report.Annual(ctx, d.Reader(), access.System(), dalarna, 2025, options)
		}

		r, err := annual(report.Options{})
		check(err)
		if r.Printed != nil || r.EvaluationsOn != clock.Date(2025, 12, 31) || len(r.AuthorityAccounts.Rows) != 15 {
			t.Errorf("without a printed report: %+v", r)
		}

		check(save(access.System(), report.PrintedFigure{Key: "courses.total.rounds", Value: 8}))
		check(save(access.System(), report.PrintedFigure{Key: "course_days.mean", Value: 185}, report.PrintedFigure{Key: "pot.Mora.trainers", Value: 0}))
		r, err = annual(report.Options{})
		check(err)
		got := r.Corrections(i18n.English)
		if len(got) != 1 || got[0].Key != "course_days.mean" || got[0].Printed != 185 || got[0].Computed != 0 {
			t.Errorf("corrections: %+v", got)
		}
		if r.EvaluationsOn != clock.Date(2026, 5, 12) {
			t.Errorf("evaluations on %v", r.EvaluationsOn)
		}
		var b bytes.Buffer
		check(report.JSON(&b, r))
		var page struct {
			Completions map[string][]struct {
				Municipality string
				Courses      []struct{ Course string }
			}
			Corrections []struct {
				Figure            string
				Printed, Computed float64
			}
		}
		check(json.Unmarshal(b.Bytes(), &page))
		if len(page.Corrections) != 1 || page.Corrections[0].Printed != 18.5 {
			t.Errorf("corrections: %+v", page.Corrections)
		}
		rows := page.Completions["funktionshinder-utforare"]
		if len(rows) != 16 || rows[15].Municipality != "Totalt" || len(rows[0].Courses) != 4 {
			t.Errorf("completions: %+v", rows)
		}

		midsummer := clock.Date(2025, 6, 30)
		r, err = annual(report.Options{AsOf: &midsummer})
		check(err)
		if r.Printed != nil || r.AsOf != midsummer || r.EvaluationsOn != midsummer {
			t.Errorf("at midsummer: printed %v, as of %v, evaluations on %v", r.Printed, r.AsOf, r.EvaluationsOn)
		}

		check(save(access.System(), report.PrintedFigure{Key: "courses.atlantis.rounds", Value: 1}))
		if _, err := annual(report.Options{}); err == nil || !strings.Contains(err.Error(), "courses.atlantis.rounds") {
			t.Errorf("an unknown figure: %v", err)
		}

		neighbour := access.Viewer{PersonID: 1, Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: 3, RegionID: 3}}}
		if err := save(neighbour); !errors.Is(err, fault.NotFound) {
			t.Errorf("a neighbour saves: %v", err)
		}
		if _, err := report.Annual(ctx, d.Reader(), neighbour, dalarna, 2025, report.Options{}); !errors.Is(err, fault.NotFound) {
			t.Errorf("a neighbour reads: %v", err)
		}
	})
}
