package visit

import "net/http"

// Handler answers a visit: it reads, asks the domain, decides and renders. What it
// returns is answered by the kernel.
type Handler func(*Visit) error

// Route is one address and what answers there.
type Route struct {
	Method string
	Path   string
	do     Handler
	again  Handler // what shows its refused form again; nil for the page of the error
	open   bool    // for those who are not signed in, too
	files  int64   // how much its form may bring in files, in bytes
}

// Get is a page for those who are signed in.
func Get(path string, do Handler) Route { return Route{Method: http.MethodGet, Path: path, do: do} }

// Post is a form for those who are signed in.
func Post(path string, do Handler) Route { return Route{Method: http.MethodPost, Path: path, do: do} }

// Open lets in those who are not signed in, too.
func (r Route) Open() Route {
	r.open = true
	return r
}

// Again names the page on which a refused form is shown again. It is asked at the
// form's own address and may be opened by anybody who is signed in, so it checks
// who may see it as any page does.
func (r Route) Again(show Handler) Route {
	r.again = show
	return r
}

// ShowsAgain tells whether a refused form of the route is shown again.
func (r Route) ShowsAgain() bool { return r.again != nil }

// Files lets the form bring files, so many bytes of them together.
func (r Route) Files(most int64) Route {
	r.files = most
	return r
}
