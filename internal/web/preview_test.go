package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAProducerTriesAQuizWithoutSavingAnything(t *testing.T) {
	s := withFiles(t)
	v := s.as("producent@example.org")
	kept := func() int64 { return s.id(`SELECT (SELECT COUNT(*) FROM progress) + (SELECT COUNT(*) FROM study)`) }
	before := kept()
	right := url.Values{
		"do": {"submit"}, "q0": {"0"}, "q1": {"0"}, "q2": {"0", "1", "2", "3"}, "q3": {"0", "1", "2", "3", "4"}, "q4": {"Jag frågar honom själv."},
	}
	for _, page := range []string{"/workshop/bas-3/preview/prova-dig", "/workshop/bas-3/editions/2/tasks/prova-dig"} {
		first := v.get(page)
		first.says(t, http.StatusOK, "Lämna in svaren", "I förhandsgranskningen sparas ingenting.")
		if strings.Contains(first.body, "data-learn") {
			t.Errorf("%s: the script would save what is touched", page)
		}
		v.get(page+"?do=submit").says(t, http.StatusUnprocessableEntity, "Fråga 1 av", "Lämna in svaren")
		strange := v.get(page + "?do=submit&q0=77&q1=x&q3=1")
		strange.says(t, http.StatusUnprocessableEntity, "Fråga 1 av", "Lämna in svaren")
		result := v.get(page + "?" + right.Encode())
		result.says(t, http.StatusOK, "Försök igen", "ditt svar", "Jag frågar honom själv.")
		if strings.Contains(result.body, "Lämna in svaren") {
			t.Errorf("%s: the questions are asked once more under the result", page)
		}
		v.get(page+"?do=again").says(t, http.StatusOK, "Fråga 1 av", "Lämna in svaren")
		// Without the script the arrows ask for the page anew.
		moved := v.get(page + "?move=3:0:1&q3=0&q3=1&q3=2&q3=3&q3=4&q4=Mitt+ord")
		moved.says(t, http.StatusOK, "Mitt ord")
		if order := strings.Index(moved.body, `name="q3" value="1"`); order < 0 || order > strings.Index(moved.body, `name="q3" value="0"`) {
			t.Errorf("%s: the first option has not gone down", page)
		}
	}
	if after := kept(); after != before {
		t.Errorf("%d rows were saved", after-before)
	}
}
