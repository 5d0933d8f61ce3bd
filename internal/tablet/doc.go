// Package tablet is a tablet that the people of a unit share: whoever is on the list of its
// unit chooses their name and types a code of their own.
//
// The tablet is known by a secret in its cookie, so nobody elsewhere can try anybody's code. A
// code opens one's own alone, and the session ends when nobody touches the tablet for Idle.
// Whose identity is protected stands on the list by their alias.
package tablet
