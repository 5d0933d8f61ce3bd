package merging

import (
	"net/http"
	"strings"

	"yrkesresan/internal/people"
	"yrkesresan/internal/web/visit"
)

// Forward leads from the address of who was merged to that of who remains, for who may see
// them. A form is not carried over: it was about another.
func Forward(do visit.Handler) visit.Handler {
	return func(v *visit.Visit) error {
		id, err := v.ID("person")
		if err != nil {
			return do(v)
		}
		remaining, err := people.Remaining(v.Context(), v.Reader(), id)
		if err != nil {
			return err
		}
		if remaining == id {
			return do(v)
		}
		if err := people.Visible(v.Context(), v.Reader(), v.Viewer, remaining, v.Today); err != nil {
			return err
		}
		if v.Method != http.MethodGet {
			return v.Redirect(visit.PersonPath(remaining), "notice.merged_meanwhile")
		}
		to := *v.URL
		to.Path = strings.Replace(to.Path, visit.PersonPath(id), visit.PersonPath(remaining), 1)
		return v.Redirect(to.RequestURI(), "notice.leads_to_remaining")
	}
}
