// Package visit is the kernel of the pages: the request of one person.
//
// A Visit knows who asks, in which role and language, and when. It reads forms and
// addresses, answers with pages, files and redirects, and holds the words, places
// and addresses that more than one area needs. A Server runs the routes: it makes
// the visit, finds out who it is, and turns what a handler returns into an answer.
//
// A form that is refused has one home. Its handler returns the fault; the kernel
// keeps what was typed for a quarter of an hour and sends the browser on to the
// form's own address, where the page that the route names (Route.Again) shows it
// again: what was typed is in PostForm, what is wrong in Refused and Errs, and Page
// says it first. So going back and reloading work, without script, too.
package visit
