package demo

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/population"
)

// Persona is somebody whom the demo's role picker signs in as. They are among
// the invented people and found again by their address.
type Persona struct {
	Role     access.Role
	Email    string
	PersonID int64
	Name     string
	Place    string // where they are employed
	Region   string // of that place
}

// Personas are those of the role picker in its order, one for each role; none
// in a database without the demo.
func Personas(ctx context.Context, q db.Querier) ([]Persona, error) {
	var all []Persona
	for _, p := range population.Parts {
		found, err := db.Rows(ctx, q, func(f *Persona) []any {
			return []any{&f.Email, &f.PersonID, &f.Name, &f.Place, &f.Region}
		}, `
			SELECT
				p.email,
				p.id,
				TRIM(p.given_name || ' ' || p.family_name),
				o.name,
				r.name
			FROM person AS p
			JOIN employment AS e ON e.person_id = p.id AND e.to_day IS NULL AND e.main
			JOIN organisation AS o ON o.id = e.organisation_id
			JOIN organisation AS r ON r.id = e.region_id
			WHERE p.email = $1`, p.Email)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			f.Role = p.Role
			all = append(all, f)
		}
	}
	return all, nil
}
