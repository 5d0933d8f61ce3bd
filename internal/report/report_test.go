package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/statistics"
	"yrkesresan/internal/studytime"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestTheReportIsWrittenAsJSONAndText(t *testing.T) {
	r := dalarna(t)
	for _, each := range []struct {
		name  string
		write func(*bytes.Buffer) error
	}{
		{"annual.golden.json", func(b *bytes.Buffer) error { return JSON(b, r) }},
		{"annual.sv.golden.txt", func(b *bytes.Buffer) error { return Text(b, r, i18n.Swedish) }},
		{"annual.en.golden.txt", func(b *bytes.Buffer) error { return Text(b, r, i18n.English) }},
	} {
		t.Run(each.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := each.write(&b); err != nil {
				t.Fatal(err)
			}
			golden(t, each.name, b.Bytes())
		})
	}
}

// domain.md, "Sums that the sources print wrong".
func TestTheCorrectionsAreTheWrongSumsAndNothingElse(t *testing.T) {
	type correction struct {
		key               string
		printed, computed int64
	}
	var got []correction
	for _, c := range dalarna(t).Corrections(i18n.Swedish) {
		got = append(got, correction{c.Key, c.Printed, c.Computed})
	}
	want := []correction{
		{"courses.total.rounds", 8, 9},
		{"courses.total.approved", 121, 148},
		{"course_days.mean", 185, 178},
		{"pot.Mora.lead_trainers", 2, 1},
		{"evaluations.kommunikation.total", 369, 399},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(correction{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTheCorrectionsFollowWhatIsPrinted(t *testing.T) {
	set := func(r AnnualReport, key string, value int64) {
		i := slices.IndexFunc(r.Printed.Figures, func(f PrintedFigure) bool { return f.Key == key })
		r.Printed.Figures[i].Value = value
	}
	for _, c := range []struct {
		name  string
		alter func(AnnualReport)
		want  int
	}{
		{"a wrong figure printed right is no correction", func(r AnnualReport) { set(r, "courses.total.rounds", 9) }, 4},
		{"a right figure printed wrong is one more", func(r AnnualReport) { set(r, "accounts.barn-och-unga.Avesta.ny", 11) }, 6},
		{"a share counts in tenths", func(r AnnualReport) { set(r, "completions.funktionshinder-utforare.Totalt.bas-1.share", 895) }, 6},
		{"a municipality without trainers has none", func(r AnnualReport) {
			r.Printed.Figures = append(r.Printed.Figures, PrintedFigure{"pot.Leksand.trainers", 1})
		}, 6},
		{"a course that was not given has no rounds", func(r AnnualReport) {
			r.Printed.Figures = append(r.Printed.Figures, PrintedFigure{"courses.lvu-for-18-20-ar.rounds", 1})
		}, 6},
		{"answers that are too few to be shown are not compared", func(r AnnualReport) {
			r.Evaluations[3] = statistics.Evaluation{Course: "Kommunikation", Suppressed: true}
		}, 4},
		{"nor are managers' answers", func(r AnnualReport) {
			r.ManagerSurvey[0].Total, r.ManagerSurvey[0].Answers = 4, nil
		}, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := dalarna(t)
			c.alter(r)
			got, err := r.compare()
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != c.want {
				t.Errorf("%d corrections, want %d: %v", len(got), c.want, got)
			}
		})
	}
}

func TestAPrintedFigureThatNobodyComputesIsAnError(t *testing.T) {
	r := dalarna(t)
	r.Printed.Figures = append(r.Printed.Figures, PrintedFigure{"accounts.barn-och-unga.Atlantis.ny", 1})
	if _, err := r.compare(); err == nil || !strings.Contains(err.Error(), "accounts.barn-och-unga.Atlantis.ny") {
		t.Errorf("got %v", err)
	}
}

func TestWithoutAPrintedReportThereIsNothingToCorrect(t *testing.T) {
	r := dalarna(t)
	r.Printed = nil
	var b bytes.Buffer
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	var got struct{ Corrections []any }
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Corrections == nil || len(got.Corrections) != 0 {
		t.Errorf("corrections: %v, want an empty list", got.Corrections)
	}
}

func TestEveryFigureHasOneKeyAndALabelInBothLanguages(t *testing.T) {
	r := dalarna(t)
	gotland := []studytime.Line{{Place: organisation.Organisation{Kind: organisation.Region, Name: "Gotland"}}, {Place: organisation.Organisation{Kind: organisation.Municipality, Name: "Gotland"}}}
	r.Time = append(r.Time, TermTime{Term: "vt", Sums: studytime.Sums{Lines: gotland}})
	swedish, english := r.Figures(i18n.Swedish), r.Figures(i18n.English)
	met := map[string]bool{}
	for i, f := range swedish {
		if met[f.Key] || f.Label == "" || english[i].Label == "" || english[i].Key != f.Key || english[i].Value != f.Value {
			t.Errorf("%+v, %+v", f, english[i])
		}
		met[f.Key] = true
	}
	if len(swedish) < 400 {
		t.Errorf("only %d figures", len(swedish))
	}
}

func TestTheWorkbookHasNumbersAndNotes(t *testing.T) {
	r := dalarna(t)
	var b bytes.Buffer
	if err := XLSX(&b, r, i18n.Swedish); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want := []string{"Konton BoU", "Kurser", "Kursdagar", "Kostnad", "Utbildarpott", "Chefsenkät", "Chefsenkät 2",
		"Konton Funk", "Genomförda BAS-kurser", "Kursutvärdering", "Rättelser"}
	if diff := cmp.Diff(want, f.GetSheetList()); diff != "" {
		t.Errorf("sheets (-want +got):\n%s", diff)
	}
	for _, c := range []struct{ sheet, cell, raw string }{
		{"Konton BoU", "B4", "19"},
		{"Genomförda BAS-kurser", "C4", "93.9"},
		{"Kostnad", "B4", "196950"},
		{"Kursdagar", "B6", "17.8"},
		{"Rättelser", "B4", "8"},
		{"Rättelser", "C4", "9"},
	} {
		raw, err := f.GetCellValue(c.sheet, c.cell, excelize.Options{RawCellValue: true})
		if err != nil || raw != c.raw {
			t.Errorf("%s!%s is %q, %v; want %q", c.sheet, c.cell, raw, err, c.raw)
		}
		if kind, err := f.GetCellType(c.sheet, c.cell); err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
			t.Errorf("%s!%s is text, want a number (%v)", c.sheet, c.cell, err)
		}
	}
	notes, err := f.GetComments("Kurser")
	if err != nil {
		t.Fatal(err)
	}
	if len(notes) != 2 || !strings.Contains(notes[0].Text, "tryckt: 8") {
		t.Errorf("notes: %+v", notes)
	}
}

func TestPrintedFiguresAreRefusedWithTheirLine(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"other columns", "key,value\na,1\n", "line 1"},
		{"a value that is no whole number", "figure,value\na,1\nb,1.5\n", "line 3"},
		{"a figure twice", "figure,value\na,1\na,2\n", "line 3"},
		{"a line with too much", "figure,value\na,1,2\n", "line 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := ReadPrinted(strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
