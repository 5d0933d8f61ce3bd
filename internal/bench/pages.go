package main

import (
	"fmt"
	"html"
	"net/http"
	"strings"

	"yrkesresan/internal/access"
)

// person is somebody to sign in as.
type person struct {
	id     int64
	name   string
	region string // the slug
	town   string // the slug of the municipality that a planner plans for
	rounds []int64
	lesson []string // slugs of courses, first the one that they have begun
	token  string
}

// page is what is measured: who asks for it, where it is, what must stand in it
// and the server's CPU time that it may take (milliseconds; 0 is no goal).
// turn counts the requests, so that somebody's rounds come one after the other.
// What is sent to the API has a send.
type page struct {
	name string
	role access.Role
	path func(p person, turn int) string
	want string
	goal float64
	send func(p person, turn int) (method, body string) // nil: GET
}

func at(path string) func(person, int) string {
	return func(person, int) string { return path }
}

func ofRegion(format string) func(person, int) string {
	return func(p person, _ int) string { return fmt.Sprintf(format, p.region) }
}

func ofTown(format string) func(person, int) string {
	return func(p person, _ int) string { return fmt.Sprintf(format, p.town) }
}

// Those who are measured because of how many they answer for: the administrators
// of the municipality with nearest to 6 000 employees, and the managers with
// nearest to 60; the administrators of the municipality with nearest to 3 000.
const (
	planner     access.Role = "planner"
	listOf3000  access.Role = "lister"
	managerOf60 access.Role = "manager of 60"
)

// holds is the role that those who ask for the page hold.
func (g page) holds() access.Role {
	switch g.role {
	case planner, listOf3000:
		return access.MunicipalAdmin
	case managerOf60:
		return access.Manager
	default:
		return g.role
	}
}

func aRound(p person, turn int) string {
	return fmt.Sprintf("/rounds/%d", p.rounds[turn%len(p.rounds)])
}

func aCourse(p person, turn int) string { return "/courses/" + p.lesson[turn%len(p.lesson)] }

// The goals are those that the product set itself at 300 000 people on SQLite.
var pages = []page{
	{"start page, employee", access.Employee, at("/"), "<h1", 1, nil},
	{"start page, manager", access.Manager, at("/"), "<h1", 1, nil},
	{"start page, regional administrator", access.Regional, at("/"), "<h1", 1, nil},
	{"a round, employee", access.Employee, aRound, "<h1", 1, nil},
	{"a round with its participants, regional administrator", access.Regional, aRound, "<table", 3, nil},
	{"rounds, first page, employee", access.Employee, at("/rounds"), "<h1", 3, nil},
	{"rounds, first page, regional administrator", access.Regional, at("/rounds"), "<h1", 3, nil},
	{"term page, regional administrator", access.Regional, ofRegion("/regions/%s/plan?year=2026&term=vt"), "<table", 2, nil},
	{"term page, the whole year, regional administrator", access.Regional, ofRegion("/regions/%s/plan?year=2026"), "<table", 3, nil},
	{"my staff, first page, manager", access.Manager, at("/my/staff"), "<table", 3, nil},
	{"team × course, manager of about 60", managerOf60, at("/my/staff"), "<table", 3, nil},
	{"where the courses of a municipality of about 6 000 stand", planner, ofTown("/municipalities/%s/courses"), "<table", 15, nil},
	{"people × courses of a municipality of about 6 000, first page", planner, ofTown("/municipalities/%s/staff"), "<table", 5, nil},
	{"the same as a CSV file", planner, ofTown("/municipalities/%s/staff.csv"), ";", 300, nil},
	{"the same as a workbook", planner, ofTown("/municipalities/%s/staff.xlsx"), "PK", 300, nil},
	{"people, first page, municipal administrator", access.MunicipalAdmin, at("/people"), "<table", 3, nil},
	{"people of a municipality of about 3 000, first page", listOf3000, at("/people"), "<table", 3, nil},
	{"people, first page, regional administrator", access.Regional, at("/people"), "<table", 3, nil},
	{"my journey, employee", access.Employee, at("/my/journey"), "<h1", 1, nil},
	{"the courses that come, employee", access.Employee, at("/production"), "<h1", 2, nil},
	{"what is said of a course, national owner", access.National, at("/workshop/bas-1/feedback"), "<h1", 2, nil},
	{"what courses build on, national owner", access.National, at("/foundations"), "<h1", 2, nil},
	{"a course, employee", access.Employee, aCourse, "phase-", 1, nil},
	{"a task, employee", access.Employee, func(p person, _ int) string { return aCourse(p, 0) + "/tasks/uppgift-3" }, "data-learn", 1, nil},
	{"figures of a region", access.Regional, ofRegion("/regions/%s/figures"), "<table", 150, nil},
	{"figures of a region, the largest journey", access.Regional, ofRegion("/regions/%s/figures?journey=aldre-utforare"), "<table", 150, nil},
	{"annual report 2025 of a region", access.Regional, ofRegion("/regions/%s/annual-report?year=2025"), "<table", 150, nil},
	{"figures of the nation", access.National, at("/figures"), "<table", 150, nil},
	{"figures of the nation, the largest journey", access.National, at("/figures?journey=aldre-utforare"), "<table", 150, nil},
}

// saving is a touch of a task, each time another: a text of one's own.
var saving = page{
	name: "saving progress, employee", role: access.Employee, path: func(p person, _ int) string { return aCourse(p, 0) + "/tasks/uppgift-4/progress" },
	want: `"older":false`, goal: 0.5,
	send: func(_ person, turn int) (string, string) {
		return http.MethodPost, fmt.Sprintf("answer=Jag+%%C3%%B6var+mig+p%%C3%%A5+att+fr%%C3%%A5ga+f%%C3%%B6rst.+Det+%%C3%%A4r+g%%C3%%A5ng+%d.", turn)
	},
}

// wrong says what is amiss with the answer to the person, or "". Every page
// names the one who is signed in.
func (g page) wrong(p person, status int, body string) string {
	switch {
	case g.send != nil && (status == 200 || status == 201 || status == 303) && contains(body, g.want):
		return ""
	case g.send != nil:
		return fmt.Sprintf("answered with %d: %s", status, body)
	case status >= 300 && status < 400:
		return fmt.Sprintf("sent elsewhere with %d: is nobody signed in?", status)
	case status != 200:
		return fmt.Sprintf("answered with %d", status)
	case !strings.HasPrefix(g.want, "<") && contains(body, g.want):
		return "" // a file names nobody who asks for it
	case !contains(body, html.EscapeString(p.name)):
		return fmt.Sprintf("the name %q is not in the page", p.name)
	case !contains(body, g.want):
		return fmt.Sprintf("%q is not in the page", g.want)
	}
	return ""
}
