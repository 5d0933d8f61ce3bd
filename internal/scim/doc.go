// Package scim is the door for a municipality's personnel system: SCIM 2.0
// (RFC 7643, RFC 7644) below /scim/v2.
//
// A user is somebody whose employment, the one that runs or the last one, is in the
// municipality of the token; a group is one of its units. The door keeps no people of its
// own: it reads and changes the same persons and employments as the pages, by the same
// rules (packages people and intake), and gives nobody a role. What a client may have that
// nobody else needs, its own name and identity for somebody, is in the table scim_user.
//
// Real clients are not careful: names in any letter case, booleans as texts, dotted names.
// What can be understood is done; what cannot be kept is refused whole, never dropped in
// silence. Each request is one transaction, in a bulk each operation.
//
// How a municipality connects is in docs/scim.md.
package scim
