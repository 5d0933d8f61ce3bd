// Package improvement is what people say of the courses, and what comes of it.
//
//	feedback  what somebody said of a course that could be better: where it came from, what it is
//	          about, and the decision on it. What an edition meets is told to who said it
//	wish      a subject that somebody wants a course about, counted by region
//
// Evaluations are anonymous: what is entered of them has no name, and nobody is told. Who says
// something from the course's page can be told what came of it: the product knows who it was, and
// tells nobody.
package improvement
