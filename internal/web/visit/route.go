package visit

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"yrkesresan/internal/audit"
)

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
	fresh  bool    // for those who have signed in a short while ago, see Fresh
	files  int64   // how much its form may bring in files, in bytes
	most   int     // how much may be chosen in one list of its form; 0 for MostChoices
	file   string  // the kind of file that its page's table becomes, see File
	reads  audit.Kind
	alone  bool     // only for the person themselves, see Alone
	lines  []string // the fields of several lines, by name or beginning, see Lines
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

// Fresh asks whoever has not signed in within identity.FreshLife to do so, and then
// goes on: for what changes rights, keys and ways in, so that a screen that somebody
// left open does not do.
func (r Route) Fresh() Route {
	r.fresh = true
	return r
}

// NeedsFresh tells whether the route is for those who have signed in a short while ago.
func (r Route) NeedsFresh() bool { return r.fresh }

// Again names the page on which a refused form is shown again. It is asked at the
// form's own address and may be opened by anybody who is signed in, so it checks
// who may see it as any page does.
func (r Route) Again(show Handler) Route {
	r.again = show
	return r
}

// ShowsAgain tells whether a refused form of the route is shown again.
func (r Route) ShowsAgain() bool { return r.again != nil }

// Reads says of which kind the facts about a person are that the page shows: the kernel
// writes into the audit that they were read. Whom they are about is in the address
// (visit/trail), or told by the page (Visit.Saw).
func (r Route) Reads(kind audit.Kind) Route {
	r.reads = kind
	return r
}

// WhatIsRead is the kind that Reads was told; "" for none.
func (r Route) WhatIsRead() audit.Kind { return r.reads }

// Alone keeps the page from whoever sees the pages as another does (package support): it is
// only for the person themselves.
func (r Route) Alone() Route {
	r.alone = true
	return r
}

// Through lets f answer before what the route's own answers, if it does.
func (r Route) Through(f func(Handler) Handler) Route {
	r.do = f(r.do)
	return r
}

// Files lets the form bring files, so many bytes of them together.
func (r Route) Files(most int64) Route {
	r.files = most
	return r
}

// MostChoices is how much may be chosen in one list of a form.
const MostChoices = 100

// Choices lets more than MostChoices be chosen in one list of the form.
func (r Route) Choices(most int) Route {
	r.most = most
	return r
}

func (r Route) choices() int { return cmp.Or(r.most, MostChoices) }

// Lines names the fields of the form that are of several lines, a textarea each; a
// star stands for any end of a name. Every other field is of one line, and what was
// sent in it becomes one (text.Line) before anybody reads it.
func (r Route) Lines(fields ...string) Route {
	r.lines = fields
	return r
}

// HasLines tells whether the field of the form is of several lines.
func (r Route) HasLines(field string) bool {
	return slices.ContainsFunc(r.lines, func(pattern string) bool {
		stem, any := strings.CutSuffix(pattern, "*")
		return field == pattern || any && strings.HasPrefix(field, stem)
	})
}

// LineFields are the fields of several lines, as Lines was told.
func (r Route) LineFields() []string { return r.lines }
