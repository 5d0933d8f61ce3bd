package visit

import "yrkesresan/internal/web/ui"

// Next is a thing to do whose words are start.KEY, start.KEY_help (if there is
// one) and start.KEY_do.
func (v *Visit) Next(key, href string, args ...any) ui.NextThing {
	n := ui.NextThing{
		Sentence: v.T("start."+key, args...),
		Action:   &ui.Action{Label: v.T("start."+key+"_do", args...), Href: href},
	}
	if v.Lang.Has("start." + key + "_help") {
		n.Help = v.T("start."+key+"_help", args...)
	}
	return n
}

// FewTodos is how much a start page lists.
const FewTodos = 6
