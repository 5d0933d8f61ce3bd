// Package protection is the pages for those whom a municipality has named to look after
// people whose identity is protected: who they are, opening what is known with a reason,
// marking somebody and ending it.
package protection
