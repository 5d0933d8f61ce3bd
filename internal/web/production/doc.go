// Package production has the pages of the courses that come: the plan for everybody, the form of
// those who make courses, and where a region decides about the letter on a new edition.
package production
