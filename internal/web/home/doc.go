// Package home is what everybody has: the start page of each role with its one next
// thing, the search, the help, and the description of the API.
package home
