// Package certificate is the pages of certificates: the document, on the screen, on paper
// and as a file, and where anybody who holds one checks it.
package certificate
