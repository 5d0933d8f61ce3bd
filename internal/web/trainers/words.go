package trainers

import "yrkesresan/internal/round"

// Wherefrom is what the column of where the participants work is called: those
// of a municipality's own occasion are of several units, those of a unit's own
// are all of one, and then there is none.
func Wherefrom(d round.Detail) string {
	switch {
	case !d.Local():
		return "round.municipality"
	case d.UnitID == 0:
		return "people.unit"
	}
	return ""
}
