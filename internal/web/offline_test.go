package web_test

import "testing"

// The browser may keep a task for where there is no network, but nothing that somebody
// has written: devices are shared.
func TestNoReflectionIsKeptInTheBrowser(t *testing.T) {
	v := newSite(t).as(employee)
	for path, kept := range map[string]bool{
		"/offline":                          true,
		"/courses/bas-3/tasks/valkommen":    true,
		"/courses/bas-3/tasks/ett-bra-mote": false,
		"/my/journey":                       false,
	} {
		a := v.get(path)
		if got := a.header.Get("Keep-Page") != ""; a.status != 200 || got != kept {
			t.Errorf("%s: status %d, may be kept: %t, want %t", path, a.status, got, kept)
		}
	}
}
