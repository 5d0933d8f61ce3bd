// Package recruitment is how trainers come and go. Somebody who would like to teach a course says
// so (a wish, with what it means before them); their manager agrees or gives the one reason why not;
// the region then takes them into the team or lets it be.
//
// A wish is answered where the person works on the day, in their main employment: it follows them
// when they move, and the new manager is asked anew. Where no manager can answer, the region does,
// if it sees names there. Where it sees none it is told of those alone whose managers have agreed.
// When nobody can answer, the person reads why (Wish.Lacks), and the wish stays.
//
// Who ends gives the same one reason
// (trainer.Why). A region's year counts both: how many were recruited, ended, and why, for chapter
// 4.1 of the annual report (S1:213–215).
package recruitment
