// Package officer is who holds an office at a region or the nation, as the national
// owner sees them, and how far each region has come with who runs it.
//
// An office is a role that somebody holds (identity). The nation gives its own and
// those of the regions' administrators (access.NationalRoles). What it is told about
// people is the least that this takes: name, the municipality and region of the
// workplace, offices above the municipalities, how an officer is reached, and when
// they last signed in. It sees no unit, no account, no course and no seat. Somebody
// without such an office is found by their name or address only, to be given one.
// See docs/decisions/what-the-nation-sees.md.
package officer
