// Package together is how a group goes through a course day at one screen in the room,
// or in a digital one: the rows of the edition's run sheet as steps, one after the other,
// with the time that each has left.
//
// Who keeps the day's list moves the screen; those with a seat follow on their phones, if
// they have one. A move carries the version of the screen that was seen, so that of two
// who move it at once the second is told. The screen belongs to its day: the next morning
// it is closed, also when nobody closed it. Which tasks the group did, and for whom they
// are done, is package attendance's.
package together
