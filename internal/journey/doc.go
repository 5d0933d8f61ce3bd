// Package journey is somebody's own way through the courses, put together from
// what the domain knows of them: where they are, the one next thing to do, what
// comes, and what they have done. It follows the person: who moves to another
// municipality or changes role has it all with them.
//
//	step      where they are in a journey, and what is left of it
//	thing     something to do; the things stand in the order of Kinds, and the
//	          first is the one next thing
//	event     a day that comes: a course day, or a day by which something is due
package journey
