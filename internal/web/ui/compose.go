package ui

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/i18n"
)

// Parts joins what a page shows under one heading, without what is nil.
func Parts(all ...templ.Component) []templ.Component {
	var kept []templ.Component
	for _, each := range all {
		if each != nil {
			kept = append(kept, each)
		}
	}
	return kept
}

// Kept makes a long form keep what is typed: app.js asks before one leaves it, and has
// it again after a reload.
func Kept(l *i18n.Lang) templ.Attributes {
	return templ.Attributes{"data-guard": true, "data-kept": l.T("ui.kept"), "data-anew": l.T("ui.kept_anew")}
}
