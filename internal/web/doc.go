// Package web is the pages for people.
//
// routes.go names every route on one page. A handler reads, asks the domain,
// decides, renders, and returns an error; one wrapper turns the error into a
// page. Pages are components of package ui, filled here.
//
// Everything works without script. A form that was refused comes back with what
// was typed and what is wrong; one that was accepted redirects to the page that
// shows the result, with a notice.
package web
