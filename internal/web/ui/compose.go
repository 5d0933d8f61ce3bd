package ui

import "github.com/a-h/templ"

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
