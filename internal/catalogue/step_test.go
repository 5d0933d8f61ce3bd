package catalogue_test

import (
	"testing"

	"yrkesresan/internal/catalogue"
)

func TestTheStepThatSuggestsItself(t *testing.T) {
	two, five := 2, 5
	byYears := []catalogue.Step{{ID: 1, UpToYears: &two}, {ID: 2, OverYears: &two, UpToYears: &five}, {ID: 3, OverYears: &five}}
	years := func(n float64) *float64 { return &n }
	for name, c := range map[string]struct {
		steps []catalogue.Step
		years *float64
		want  int64
	}{
		"exactly two years are the first step":                      {byYears, years(2), 1},
		"more than two are the second":                              {byYears, years(2.1), 2},
		"more than five are the last":                               {byYears, years(5.1), 3},
		"where years decide and are not known, nothing does":        {byYears, nil, 0},
		"where they do not decide, everybody begins with the first": {[]catalogue.Step{{ID: 7}, {ID: 8}}, nil, 7},
		"and so does who has been there for long":                   {[]catalogue.Step{{ID: 7}, {ID: 8}}, years(9), 7},
		"a journey without steps suggests none":                     {nil, years(1), 0},
	} {
		if got := catalogue.Suggested(c.steps, c.years); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
