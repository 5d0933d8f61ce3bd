package api

import (
	"context"
	"net/http"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
)

func (s *API) people() {
	add(s, http.MethodGet, "/people", "list-people", http.StatusOK, s.listPeople)
}

// Person is somebody who is employed today.
type Person struct {
	ID           int64  `json:"id"`
	GivenName    string `json:"given_name"`
	FamilyName   string `json:"family_name"`
	Title        string `json:"title" doc:"What they work as."`
	Unit         string `json:"unit" doc:"Empty for those employed by the municipality itself."`
	Municipality string `json:"municipality" doc:"Empty for staff of the region."`
}

type listPeopleInput struct {
	Address
	Municipality string `query:"municipality" pattern:"^[a-z0-9-]+$" maxLength:"100" doc:"A municipality's official code or its name in addresses." example:"2080"`
	Page         int    `query:"page" minimum:"1" maximum:"100000" default:"1" doc:"From 1. A page after the last is empty."`
	Limit        int    `query:"limit" minimum:"1" maximum:"2000" default:"100" doc:"How many a page. No list goes further than 2000: narrow it."`
}

type listPeopleOutput struct {
	Paged
	Body []Person `nullable:"false"`
}

func (o *listPeopleOutput) tells() (audit.Kind, []int64) {
	return audit.Person, each(o.Body, func(p Person) int64 { return p.ID })
}

// listPeople are those employed today whom the viewer's office may see, in
// Swedish order.
func (s *API) listPeople(ctx context.Context, c *call, in *listPeopleInput) (*listPeopleOutput, error) {
	f := people.Filter{Page: in.Page, PerPage: in.Limit}
	if in.Municipality != "" {
		m, ok := s.towns[in.Municipality]
		if !ok {
			return nil, fault.Invalid("query.municipality", "api.no_such_municipality")
		}
		if scope := access.Staff(c.Viewer); !scope.Empty() && !scope.Covers(m.Place()) {
			return nil, fault.NotFound // as a page of another's municipality is
		}
		f.MunicipalityID = m.ID
	}
	rows, total, err := people.List(ctx, s.DB.Reader(), c.Viewer, f, c.now.Day())
	if err != nil {
		return nil, err
	}
	total = min(total, people.MaxCounted)
	out := &listPeopleOutput{Paged: pagedAs(in.url, in.Page, in.Limit, total), Body: []Person{}}
	if (in.Page-1)*in.Limit < total { // the domain gives the last page instead
		for _, r := range rows {
			out.Body = append(out.Body, Person{
				ID: r.ID, GivenName: r.GivenName, FamilyName: r.FamilyName, Title: r.Title, Unit: r.Unit, Municipality: r.Municipality,
			})
		}
	}
	return out, nil
}
