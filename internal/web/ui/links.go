package ui

// oneOfSeveral is the action where it is one of several.
func oneOfSeveral(a Action) Action {
	a.Kind, a.Small = Secondary, true
	return a
}

// MaterialLine is a piece of material as its readers see it.
type MaterialLine struct{ Title, Href, Note string }

// FormPlace is the element that holds the open form.
const FormPlace = "open-form"

// LastPage is the page that is shown when the one asked for is beyond the last.
func LastPage(page, rows, perPage int) int {
	return max(1, min(page, (rows+perPage-1)/perPage))
}
