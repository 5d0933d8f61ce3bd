// Package seat is the sign-up of rounds: who has a seat, who waits for one and in
// which order, what is set aside for whom, and who wishes for a course.
//
// Whoever changes seats holds the round's row, so that seats, offers and seats
// set aside never exceed the capacity. Whatever frees a seat gives it on in the
// same transaction (places.settle): at once while the round is far off, as an
// offer with a time to accept near it. A job does what the clock alone brings
// about (Sweep). Where a municipality wants it, a manager's word comes first
// (Allow, Refuse). Who finds the sign-up closed leaves a wish (Wish), which
// package demand counts against what is planned. Of a retired course nobody new gets a
// seat: who waits goes on waiting until the round begins.
package seat
