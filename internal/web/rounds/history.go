package rounds

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/web/rollcall"
	"yrkesresan/internal/web/ui"
)

// history is what happened to the round, for those who may save its attendance.
func (p *roundPage) history() templ.Component {
	if len(p.events) == 0 {
		return templ.NopComponent
	}
	return ui.Fold(p.T("round.history", "Count", len(p.events)), rollcall.EventTable(p.Visit, p.events).View(p.Lang))
}
