// Package rollout is how a municipality gives a course to its own staff: a plan
// (rollout) says which units start when, who is included by title and form of
// employment, and who holds it; those who have not completed the course are
// split into groups; each group becomes an occasion, which is a local round
// (package round); and coverage tells how far the municipality has come.
//
// Somebody is missing who is employed in one of the units, is included, has not
// completed the course and has no seat at a coming occasion. Somebody on leave
// is not put into a group before they are back; the plan names them, so that
// nobody is forgotten.
package rollout
