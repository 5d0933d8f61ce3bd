// Package calendar is course days in people's own calendars.
//
// They come there in two ways. An entry (iTIP, RFC 5546) rides a letter: the
// calendar that the letter reaches takes it in, changes it, and takes it out
// again. Each person and course day has one entry with one name (UID) for ever;
// its number (SEQUENCE) rises with each letter that changes it. What an entry
// last said is kept, so a change is found by comparing it with the day as it is
// now, and a day that was deleted can still be taken out.
//
// A feed is a private address that a calendar asks again and again: a person's
// own course days, or all of a region's. Whoever knows the address reads it,
// so it can be revoked, and only a hash of it is kept.
//
// All times are Swedish time and say so (TZID Europe/Stockholm).
package calendar
