// Package review is how a draft of a course is read before it is published: by
// Socialstyrelsen, by a working group, by municipalities that try it.
//
// A Reviewer is asked by those who make courses, by name or because they hold a role.
// They read the draft as it stands, comment at its places, and say that they approve or
// that they ask for changes. Publishing shows what was said; over a verdict that asks for
// changes the producer decides with a reason. With the publication the review becomes
// that of the edition, and the next draft has none.
//
// Who tries a draft (package trial) comments on its tasks, too, without a name, and reads no draft.
//
// Who is asked because of a role reads as long as they hold it; what they have said stays.
package review
