// Package workshop is where courses are written: a draft's pieces each with a form,
// preview, publication, export and import.
package workshop
