package web

import (
	"yrkesresan/internal/web/ui"
)

// start answers "what do I do now?" for the office that the visitor acts in.
func (s *Server) start(v *Visit) error {
	f := v.Frame(v.T("start.title"))
	return v.Page(f, ui.PageHead{Title: v.T("start.hello", "Name", v.Viewer.Name)}.View(v.Lang))
}
