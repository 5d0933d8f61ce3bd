package visit

import (
	"context"
	"errors"
	"mime"
	"net/http"

	"github.com/a-h/templ"

	"yrkesresan/internal/api"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/web/ui"
)

// Foreign is a form that another site has sent.
var Foreign = &fault.Error{Kind: fault.KindForbidden, Key: "fault.foreign"}

// Fail answers a request that has not become a visit, or whose session could not be
// written: in the visitor's language, as a page or, for a script, as JSON.
func (s *Server) Fail(w http.ResponseWriter, r *http.Request, err error) {
	v := &Visit{Request: r, W: api.NewAnswer(w), Server: s, Now: s.Clock()}
	v.Today, v.Lang = v.Now.Day(), v.language()
	if failed := v.readForm(Route{}); failed != nil && fault.Of(err) == nil {
		err = errors.Join(err, failed) // nothing to show again; the log says why
	}
	s.fail(v, err)
}

// fail answers with the page for the error. What went wrong inside is for the
// log alone. When it was none of the visitor's doing, what they sent stays on the
// page and can be sent again; that needs neither database nor session.
func (s *Server) fail(v *Visit, err error) {
	if v.W.Written {
		s.Log.Error("error after the answer had begun", "path", v.URL.Path, "error", err)
		return
	}
	late := errors.Is(context.Cause(v.Context()), context.DeadlineExceeded)
	if errors.Is(err, context.Canceled) && !late {
		return // the browser left
	}
	if v.Lang == nil {
		v.Lang = i18n.Swedish
	}
	away := db.Away(err) || late
	f := fault.Of(err)
	if away || f == nil {
		s.Log.Error("request failed", "method", v.Method, "path", v.URL.Path, "error", err)
	}
	switch {
	case away:
		v.W.Header().Set("Retry-After", api.RetryAfter)
		v.renderFault(http.StatusServiceUnavailable, v.T("fault.away"), v.T("fault.away_help"), true)
	case f == nil:
		v.renderFault(http.StatusInternalServerError, v.T("fault.internal"), v.T("fault.internal_help"), true)
	default:
		key, args, help := f.Key, f.Args, ""
		if v.Lang.Has(key + "_help") {
			help = v.T(key + "_help")
		}
		if f.Kind == fault.KindInvalid && len(f.Fields) > 0 {
			// A form that its page does not show again: say what is wrong here.
			key, args = f.Fields[0].Key, f.Fields[0].Args
		}
		v.renderFault(StatusOf(f.Kind), v.T(key, args...), help, false)
	}
}

// renderFault is the page that says what went wrong and what to do; ours tells that
// it may go better when it is tried again.
func (v *Visit) renderFault(status int, title, help string, ours bool) {
	if v.wantsJSON() {
		if err := v.AnswerJSON(status, map[string]string{"text": title}); err != nil {
			v.Server.Log.Error("the answer for an error failed", "error", err)
		}
		return
	}
	f := v.Frame(title)
	f.Reading = true
	parts := []templ.Component{nil}
	if ours {
		again := ui.Action{Label: v.T("fault.again"), Href: v.URL.RequestURI()}.View(v.Lang)
		if v.Method != http.MethodGet && v.Method != http.MethodHead {
			kept, files := v.sent()
			if len(kept) > 0 {
				help = v.T("fault.kept_help")
			}
			if files {
				help += " " + v.T("entry.session.files")
			}
			again = resend(v, v.URL.RequestURI(), kept, false)
		}
		parts = append(parts, again)
	}
	parts[0] = ui.PageHead{Title: title, Lead: help}.View(v.Lang)
	parts = append(parts, ui.Action{Label: v.T("fault.to_start"), Href: "/", Kind: ui.Secondary}.View(v.Lang))
	if err := v.PageStatus(status, f, parts...); err != nil {
		v.Server.Log.Error("the page for an error failed", "error", err)
		http.Error(v.W, title, status)
	}
}

// wantsJSON tells whether a script asks, which shows the answer itself.
func (v *Visit) wantsJSON() bool {
	for _, name := range []string{"Accept", "Content-Type"} {
		if kind, _, err := mime.ParseMediaType(v.Header.Get(name)); err == nil && kind == "application/json" {
			return true
		}
	}
	return false
}
