package demo

import "yrkesresan/internal/catalogue"

// ElderCourses are the courses that the demo adds to the catalogue.
func ElderCourses() (all []catalogue.Course) {
	for _, c := range elderCourses {
		all = append(all, catalogue.Course{Slug: c.slug, Name: c.name, ShortName: c.short, Audience: "Alla", Days: 1})
	}
	return all
}
