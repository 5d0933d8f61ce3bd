package planning

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
)

func TestWhereAPlanEnds(t *testing.T) {
	first := clock.Date(2027, 3, 10)
	one := NewDay{Day: first, Starts: "09:00", Ends: "16:00"}
	days := func(n int) []NewDay {
		all := slices.Repeat([]NewDay{one}, n)
		for i := range all {
			all[i].Day += clock.Day(i)
		}
		return all
	}
	on := func(day clock.Day) *clock.Day { return &day }
	for name, c := range map[string]struct {
		change func(n *New)
		wrong  string // the field, or empty
	}{
		"a round has one seat":                         {func(n *New) { n.Capacity, n.Minimum = 1, 0 }, ""},
		"a round has a thousand seats":                 {func(n *New) { n.Capacity = 1000 }, ""},
		"not one more":                                 {func(n *New) { n.Capacity = 1001 }, "capacity"},
		"the minimum may be all seats":                 {func(n *New) { n.Minimum = n.Capacity }, ""},
		"not one more than all":                        {func(n *New) { n.Minimum = n.Capacity + 1 }, "minimum"},
		"a round has thirty days":                      {func(n *New) { n.Days = days(30) }, ""},
		"not thirty-one":                               {func(n *New) { n.Days = days(31) }, "days"},
		"sign-up may be open for one day":              {func(n *New) { n.SignupFrom = n.SignupUntil }, ""},
		"it does not end the day before":               {func(n *New) { n.SignupFrom = n.SignupUntil + 1 }, "signup_until"},
		"sign-up may end on the first day":             {func(n *New) { n.SignupUntil = first }, ""},
		"not after it":                                 {func(n *New) { n.SignupUntil = first + 1 }, "signup_until"},
		"a round may be decided on on its first day":   {func(n *New) { n.DecideOn = on(first) }, ""},
		"it is not decided on afterwards":              {func(n *New) { n.DecideOn = on(first + 1) }, "decide_on"},
		"nor before sign-up opens":                     {func(n *New) { n.DecideOn = on(n.SignupFrom - 1) }, "decide_on"},
		"it may be decided on as sign-up opens":        {func(n *New) { n.DecideOn = on(n.SignupFrom) }, ""},
		"a seat may be given back until the first day": {func(n *New) { n.WithdrawUntil = on(first) }, ""},
		"not until the day after":                      {func(n *New) { n.WithdrawUntil = on(first + 1) }, "withdraw_until"},
		"it may be given back only as sign-up opens":   {func(n *New) { n.WithdrawUntil = on(n.SignupFrom) }, ""},
		"not only before":                              {func(n *New) { n.WithdrawUntil = on(n.SignupFrom - 1) }, "withdraw_until"},
		"an offer may be kept for an hour":             {func(n *New) { n.AcceptHours = 1 }, ""},
		"an offer may be kept for two weeks":           {func(n *New) { n.AcceptHours = 14 * 24 }, ""},
		"not for an hour more":                         {func(n *New) { n.AcceptHours = 14*24 + 1 }, "accept_hours"},
		"nor for less than nothing":                    {func(n *New) { n.AcceptHours = -1 }, "accept_hours"},
		"a name has a hundred characters":              {func(n *New) { n.Label = strings.Repeat("å", 100) }, ""},
		"not a hundred and one":                        {func(n *New) { n.Label = strings.Repeat("å", 101) }, "label"},
		"a note has two thousand characters":           {func(n *New) { n.Note = strings.Repeat("å", 2000) }, ""},
		"not two thousand and one":                     {func(n *New) { n.Note = strings.Repeat("å", 2001) }, "note"},
		"a day may begin when the other has ended":     {func(n *New) { n.Days = []NewDay{one, {Day: first, Starts: "16:00", Ends: "17:00"}} }, ""},
		"not a minute before":                          {func(n *New) { n.Days = []NewDay{one, {Day: first, Starts: "15:59", Ends: "17:00"}} }, "days.1.day"},
		"a day that ends as it begins is none":         {func(n *New) { n.Days[0].Ends = "09:00" }, "days.0.ends"},
	} {
		t.Run(name, func(t *testing.T) {
			n := New{CourseID: 1, Label: "Omgång 1", Capacity: 22, Minimum: 2, SignupFrom: first - 60, SignupUntil: first - 20, Days: []NewDay{one}}
			c.change(&n)
			err := n.check()
			var f *fault.Error
			if c.wrong == "" && err != nil || c.wrong != "" && (!errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Name != c.wrong) {
				t.Errorf("got %v, want %q", err, c.wrong)
			}
		})
	}
}

func TestWhatIsUsualWhenAPlanDoesNotSay(t *testing.T) {
	n := New{}
	_ = n.check() // the hours are put in, whatever else is wrong
	if n.AcceptHours != 48 {
		t.Errorf("an offer is kept for %d hours", n.AcceptHours)
	}
	for day, want := range map[clock.Day]string{
		clock.Date(2027, 1, 1): "våren 2027", clock.Date(2027, 6, 30): "våren 2027", clock.Date(2027, 7, 1): "hösten 2027", clock.Date(2027, 12, 31): "hösten 2027",
	} {
		if got := UsualLabel(day); got != want {
			t.Errorf("a round of %s is called %q", day, got)
		}
	}
}
