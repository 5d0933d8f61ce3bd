package demo

import (
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/demo/courses"
	"yrkesresan/internal/demo/rounds"
)

// What tests of the whole ask of its parts.
const ReconstructionNote = rounds.ReconstructionNote

var (
	Courses = courses.Slugs
	Course  = courses.Folder
)

// ElderCourses are the courses that the demo adds to the catalogue.
func ElderCourses() (all []catalogue.Course) {
	for _, c := range courses.Elder {
		all = append(all, catalogue.Course{Slug: c.Slug, Name: c.Name, ShortName: c.Short, Audience: "Alla", Days: 1})
	}
	return all
}
