package visit

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"yrkesresan/internal/audit"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/support"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit/trail"
)

// Saw tells that the page shows facts about people whom its address does not name, such as
// a list that is taken out. Their kind is the route's.
func (v *Visit) Saw(people ...int64) { v.saw = append(v.saw, people...) }

// trace writes down whose facts an answer is about to show, as its route says (Route.Reads).
func (v *Visit) trace(status int) {
	if v.Viewer.SeenBy != 0 { // nothing of theirs stays in another's browser
		for _, kept := range []string{"Keep-List", "Keep-Page"} {
			v.W.Header().Del(kept)
		}
		v.W.Header().Set("Cache-Control", "no-store")
	}
	again := v.Refused != nil && status == StatusOf(v.Refused.Kind)
	if v.route.reads == "" || status != http.StatusOK && !again {
		return
	}
	about, err := trail.Subject(v.Context(), v.Reader(), v.Request)
	if err != nil {
		v.Server.Log.Error("whose page it is cannot be told", "page", v.route.Path, "error", err)
	}
	act := audit.Read
	if v.route.file != "" || strings.HasPrefix(v.W.Header().Get("Content-Disposition"), "attachment") {
		act = audit.Exported
	}
	v.Server.Audit.Record(v.Context(), v.Viewer, act, v.route.reads, v.route.Path, append(v.saw, about)...)
}

// SupportKey is where the session keeps through which view its person sees the pages.
const SupportKey = "support"

// lookAs makes the viewer the one whose pages they see with consent, if there is one.
func (v *Visit) lookAs() error {
	id, _ := strconv.ParseInt(v.Server.Sessions.GetString(v.Context(), SupportKey), 10, 64)
	if id == 0 { // there is none
		return nil
	}
	seen, view, err := support.Enter(v.Context(), v.Reader(), v.Viewer, id, v.Now)
	if errors.Is(err, fault.NotFound) {
		v.Server.Sessions.Remove(v.Context(), SupportKey) // it is over
		return nil
	}
	v.Viewer, v.support = seen, view
	return err
}

// onlyLooks writes down what somebody who sees the pages as another does, before it is
// shown, and refuses whatever is more than looking. All but the way out is.
func (v *Visit) onlyLooks() error {
	if v.Viewer.SeenBy == 0 || v.route.Path == LeaveSupportPath {
		return nil
	}
	act, refused := audit.Read, error(nil)
	if v.Method != http.MethodGet && v.Method != http.MethodHead || v.route.alone {
		act, refused = audit.Refused, support.OnlyLook
	}
	if err := v.Server.Audit.RecordFirst(v.Context(), v.Viewer, act, audit.Support, v.route.Path, v.Viewer.PersonID); err != nil {
		return err
	}
	return refused
}

// seenAs is the notice on every page that somebody sees as another.
func (v *Visit) seenAs() *ui.Seen {
	if v.Viewer.SeenBy == 0 {
		return nil
	}
	return &ui.Seen{Text: v.T("support.banner", "Name", v.Viewer.Name, "Until", v.Lang.DayTime(*v.support.Until)), End: LeaveSupportPath, Label: v.T("support.leave")}
}
