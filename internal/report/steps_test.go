package report

import (
	"bytes"
	"strings"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/statistics"
)

func TestTheStepsAreToldOnceSomebodyHasMovedOn(t *testing.T) {
	r := dalarna(t)
	text := func() string {
		t.Helper()
		var out bytes.Buffer
		if err := Text(&out, r, i18n.Swedish); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if strings.Contains(text(), "Hur kurserna i stegen upplevts") {
		t.Error("a report without answers has a table of them")
	}
	r.StepsOn = clock.Date(2025, 12, 31)
	r.StepExperience = []statistics.StepAnswers{
		{Step: "Ny", StepSlug: "ny", Answers: []int{11, 11, 3, 0, 0, 5}, Total: 30},
		{Step: "Van", StepSlug: "van", Suppressed: true},
	}
	// Of thirty answers 22 are good, which the printed report calls 73 %.
	got := strings.ReplaceAll(text(), "\u00a0", " ")
	for _, want := range []string{"Mycket eller ganska bra", "73,3 %", "10,0 %", "16,7 %", "för få att visa", "per 31 december 2025"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in the report:\n%s", want, got)
		}
	}
	var whole bytes.Buffer
	if err := JSON(&whole, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"step_experience"`, `"no_opinion": 5`, `"suppressed": true`} {
		if !strings.Contains(whole.String(), want) && !strings.Contains(whole.String(), strings.ReplaceAll(want, ": ", ":")) {
			t.Errorf("%s is not in the JSON", want)
		}
	}
}
