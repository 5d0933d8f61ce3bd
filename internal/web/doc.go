// Package web is the pages for people: one page of routes over an area per package.
//
// A handler is a function of a visit: it reads, asks the domain, decides, renders, and
// returns an error; the kernel (package visit) turns what it returns into an answer.
// Pages are components of package ui, filled in the areas. A page's owner calls
// functions of another area; areas stand in an order, and imports go one way.
//
// Everything works without script.
package web
