// Package together is the pages of a course day at one screen: the wall that the room
// sees, the telephone from which a trainer steers it, and the one on which a participant
// follows.
package together
