// Package municipalgroup is groups of municipalities inside a region: they plan courses
// together, share what is billed to them together, and have money and administrators of their
// own. In Dalarna Falun, Borlänge, Gagnef and Säter have run a project of three years inside
// the project, with money from the ESF Council (S1:164).
//
// A group is no organisation of the tree, in which a municipality has one region above it: a
// municipality may be in several groups, and each membership has its days. So no role is held
// at a group. It has two offices of its own: who administers it writes its plan and shares,
// and its steering group reads; both see figures of its members while they are members, and
// nobody's name. See docs/decisions/a-group-is-no-organisation.md.
//
// A plan is how many seats each member needs in a course in a year. Shares say how many of a
// hundred parts of a joint bill each member pays from a day on, all who are members that day;
// a sum is shared by the largest remainder (package money).
package municipalgroup
