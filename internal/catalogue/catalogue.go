package catalogue

import (
	"cmp"
	"slices"
	"strings"

	"yrkesresan/internal/clock"
)

// Delivery is how a course is given.
type Delivery string

// The ways: in rounds arranged by the RSS, nationally, on the web at any time,
// in mixed groups of one municipality, or at the workplace.
const (
	Regional  Delivery = "regional"
	National  Delivery = "national"
	Web       Delivery = "web"
	Municipal Delivery = "municipal"
	Workplace Delivery = "workplace"
)

// Audience is the side of social services that a journey is for.
type Audience string

// The sides: authority (casework) and provider.
const (
	Authority Audience = "authority"
	Provider  Audience = "provider"
)

// Journey is a delresa.
type Journey struct {
	ID       int64
	Slug     string
	Name     string
	Audience Audience
	StartsOn *clock.Day
}

// Step is a step of a journey. A step with bounds is for those with more than
// OverYears and up to and including UpToYears in the profession; nil is no bound.
type Step struct {
	ID        int64
	JourneyID int64
	Slug      string
	Name      string
	OverYears *int
	UpToYears *int
}

// For tells whether the step is the one for somebody with so many years in the
// profession. A step without bounds is chosen by hand.
func (s Step) For(years float64) bool {
	if s.OverYears == nil && s.UpToYears == nil {
		return false
	}
	return (s.OverYears == nil || years > float64(*s.OverYears)) &&
		(s.UpToYears == nil || years <= float64(*s.UpToYears))
}

// Suggested is the step for somebody with so many years in the profession, nil
// when they are not known. In a journey whose steps have no bounds everybody
// begins with the first: BAS is what all who work there take. It is 0 when
// nothing suggests itself.
func Suggested(steps []Step, years *float64) int64 {
	bounded := func(s Step) bool { return s.OverYears != nil || s.UpToYears != nil }
	if len(steps) > 0 && !slices.ContainsFunc(steps, bounded) {
		return steps[0].ID
	}
	for _, s := range steps {
		if years != nil && s.For(*years) {
			return s.ID
		}
	}
	return 0
}

// Course is one course. ShortName is what people call it where they count their
// courses ("BAS 1"), empty otherwise. Days is the number of course days.
type Course struct {
	ID         int64
	Slug       string
	Name       string
	ShortName  string
	Audience   string
	Days       int
	TariffKind string
}

// Short is what people call the course where they count it, or its name.
func (c Course) Short() string { return cmp.Or(c.ShortName, c.Name) }

// Title is the short name and the name, or the name alone.
func (c Course) Title() string {
	if c.ShortName == "" || c.ShortName == c.Name {
		return c.Name
	}
	return c.ShortName + " " + c.Name
}

// TitleSQL is Title in a query that knows the course by the alias.
func TitleSQL(alias string) string {
	return "CASE WHEN " + alias + ".short_name IN ('', " + alias + ".name) THEN " + alias + ".name ELSE " +
		alias + ".short_name || ' ' || " + alias + ".name END"
}

// ForAll tells whether the course is meant for everybody in its journeys, in
// the words of the catalogue's own table (data/courses.csv).
func (c Course) ForAll() bool { return c.Audience == "Alla" }

// ForManagers tells whether the course is meant for managers, alone or among
// others.
func (c Course) ForManagers() bool { return strings.Contains(strings.ToLower(c.Audience), "chefer") }

// Edition is a published version of a course.
type Edition struct {
	ID          int64
	CourseID    int64
	Number      int
	PublishedOn clock.Day // zero for one that is only tried
	Changes     string
}
