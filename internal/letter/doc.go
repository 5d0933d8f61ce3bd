// Package letter is what people are written about rounds: what happened to their
// seat, what comes next, and what somebody who runs the round has to tell.
//
// A letter (round_letter) has an occasion, its key, and gives rise to one letter
// however often it is asked for. What each recipient got is kept word by word,
// with when the mail server took it, or that it never will (a bounce). A
// calendar entry takes an e-mail of its own, because calendars take in one entry
// per message (RFC 5546 § 3.2.2: one UID per request): who has several course
// days gets several parts.
//
// What happens to a round is written as its events. After turns those that are
// new into work, and the work into letters: in one transaction that holds the
// round, reads the events after the last one that has given its letters, writes
// the letters and moves on. So each event gives its letters once, whoever does
// the work and however often it is begun.
//
// Several events that concern one person and wait at the same time give one
// letter, about where the person now stands.
//
// Each part is sent by a job of its own. Its Message-ID is the same at each
// try, so that a mail server which got it twice can tell.
package letter
