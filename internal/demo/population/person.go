package population

import (
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
)

// place is where somebody works or holds an office: a unit, or by name a
// municipality or a region; the empty place is the nation.
type place struct {
	unit         *unit
	municipality string
	region       string
}

type unit struct {
	municipality string
	name         string
	id           int64 // given by AddUnits
}

// Person is somebody who never lived.
type Person struct {
	Given, Family, Email, Title string
	From                        clock.Day
	Accounts                    []*Account
	Completions                 []Completion
	Responses                   []Response

	Region string         // of the first employment
	Taken  map[string]int // courses in whose rounds they have a seat, by round
	Busy   map[clock.Day]bool
	ID     int64 // given by AddPeople

	at      place
	moves   []move
	offices []office
}

type move struct {
	to   place
	from clock.Day
}

// Account is somebody's in a journey.
type Account struct {
	Journey string
	Opened  clock.Day
	Roles   []access.Role
	steps   []step // the first holds from the opening
}

type step struct {
	slug string
	from clock.Day
}

type office struct {
	role access.Role
	at   place
	from clock.Day
}

// Completion is of a course given locally, which people report themselves.
type Completion struct {
	Course string
	On     clock.Day
}

// Response is an answer to a course's evaluation; grade 0 is the best of five.
type Response struct {
	Course string
	On     clock.Day
	Grade  int
	Text   string
}

func (p *Person) open(journey string, opened clock.Day, stepSlug string, roles ...access.Role) {
	a := &Account{Journey: journey, Opened: opened, Roles: roles}
	if stepSlug != "" {
		a.steps = []step{{stepSlug, opened}}
	}
	p.Accounts = append(p.Accounts, a)
}

// Account is that in the journey, nil for none.
func (p *Person) Account(journey string) *Account {
	for _, a := range p.Accounts {
		if a.Journey == journey {
			return a
		}
	}
	return nil
}

// Is tells whether the account has the role.
func (a *Account) Is(role access.Role) bool { return slices.Contains(a.Roles, role) }

// StepOn is the account's step on the day, empty for none.
func (a *Account) StepOn(day clock.Day) string {
	slug := ""
	for _, s := range a.steps {
		if s.from <= day {
			slug = s.slug
		}
	}
	return slug
}

// MunicipalityOn is where the person was employed on the day.
func (p *Person) MunicipalityOn(day clock.Day) string {
	at := p.at
	for _, m := range p.moves {
		if m.from <= day {
			at = m.to
		}
	}
	if at.unit != nil {
		return at.unit.municipality
	}
	return at.municipality
}

// completed is how many of the courses the person has completed.
func (p *Person) completed(courses []string) int {
	n := 0
	for _, c := range p.Completions {
		if slices.Contains(courses, c.Course) {
			n++
		}
	}
	return n
}

// CompletedOn is when the person completed the course, 0 for never.
func (p *Person) CompletedOn(course string) clock.Day {
	for _, c := range p.Completions {
		if c.Course == course {
			return c.On
		}
	}
	return 0
}

// play makes the person the picker's for the role.
func (p *Person) play(role access.Role) {
	for _, part := range Parts {
		if part.Role == role {
			p.Email = part.Email
		}
	}
}

func (p *Person) office(role access.Role, at place, from clock.Day) {
	p.offices = append(p.offices, office{role, at, from})
}

// since is when somebody began in the profession, so that their steps are the
// ones that their years ask for; nil where steps have no bounds.
func (a *Account) since() *clock.Day {
	if len(a.steps) == 0 {
		return nil
	}
	spread := int(a.Opened) % 300 // days, so that they are not all alike
	var since clock.Day
	switch {
	case len(a.steps) > 1: // who went over two years then
		since = a.steps[1].from.AddDate(-2, 0, -7)
	case a.steps[0].slug == "ny":
		since = a.Opened.AddDate(0, 0, -30-spread)
	case a.steps[0].slug == "van":
		since = a.Opened.AddDate(-2, -3, -spread)
	case a.steps[0].slug == "erfaren":
		since = a.Opened.AddDate(-6, 0, -spread*13)
	default:
		return nil
	}
	return &since
}
