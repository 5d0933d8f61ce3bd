// Package production is the plan of the courses that come, and what is told when they are
// there.
//
//	planned   a course that comes, or a coming edition of one: where it will belong, how far it
//	          has come, the month in which it is expected and how sure that is
//	change    what was planned from a day on, and why it changed
//	news      the letter on an edition to whom it concerns, once, where the region says so
//	advice    what a course recommends before a unit starts with it
//
// A course may be planned before it is in the catalogue. Once it is there it is tied to its row,
// and municipalities can plan with it. Publishing its edition ends the row: the plan keeps it as
// history. What is dropped stays, too, with the reason.
package production
