package visit

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/api"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/support"
	"yrkesresan/internal/web/ui"
)

// Visit is one request of one person.
type Visit struct {
	*http.Request
	W      *api.Answer
	Lang   *i18n.Lang
	Viewer access.Viewer
	Today  clock.Day
	Now    clock.Instant

	// Sent tells that the page shows a form again that was sent: what was typed is
	// in PostForm. Refused is why it was not accepted, nil when nothing is wrong,
	// and Errs what is wrong with its fields.
	Sent    bool
	Refused *fault.Error
	Errs    ui.Errors

	// OwnAlone tells that the device is remembered, so that the visitor's roles open
	// nothing here until they sign in anew.
	OwnAlone bool

	Server *Server

	route   Route
	expired bool      // the address names a form that is kept no longer
	taken   *ui.Table // what is sent as a file, see Take
	saw     []int64
	support support.View // through which somebody sees the pages as the viewer
}

// Reader is for questions.
func (v *Visit) Reader() db.Querier { return v.Server.DB.Reader() }

// Write runs f in a transaction.
func (v *Visit) Write(f func(tx *db.Tx) error) error {
	if v.Viewer.SeenBy != 0 {
		return support.OnlyLook
	}
	return v.Server.DB.Write(v.Context(), f)
}

// T is a message in the visitor's language.
func (v *Visit) T(key string, args ...any) string { return v.Lang.T(key, args...) }

// SiteName is our own address as people type it.
func (v *Visit) SiteName() string {
	_, name, _ := strings.Cut(v.Server.Site.Base, "://")
	return name
}

// SignedIn tells whether we know who it is.
func (v *Visit) SignedIn() bool { return v.Viewer.PersonID != 0 }

// ID is the number in the address; fault.NotFound when it is none.
func (v *Visit) ID(name string) (int64, error) {
	id, err := strconv.ParseInt(v.PathValue(name), 10, 64)
	if err != nil || id <= 0 {
		return 0, fault.NotFound
	}
	return id, nil
}

// Region is the region in the address.
func (v *Visit) Region() (organisation.Organisation, error) {
	return organisation.BySlug(v.Context(), v.Reader(), organisation.Region, v.PathValue("region"))
}

// Municipality is the municipality in the address.
func (v *Visit) Municipality() (organisation.Organisation, error) {
	return organisation.BySlug(v.Context(), v.Reader(), organisation.Municipality, v.PathValue("municipality"))
}

// Number is a whole number of the query or form, or fallback when it is missing
// or none.
func (v *Visit) Number(name string, fallback int) int {
	n, err := strconv.Atoi(v.FormValue(name))
	if err != nil {
		return fallback
	}
	return n
}

// NumberID is an identity of the query or form; 0 when it is missing or none.
func (v *Visit) NumberID(name string) int64 {
	id, err := strconv.ParseInt(v.FormValue(name), 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

// Day is a day of the query or form, or fallback when it is missing or none.
func (v *Visit) Day(name string, fallback clock.Day) clock.Day {
	day, err := clock.ParseDay(v.FormValue(name))
	if err != nil || day.Year() < 1900 || day.Year() > 2200 {
		return fallback
	}
	return day
}

// FormDay reads a day that a form must hold, or notes what is wrong with it.
func (v *Visit) FormDay(checks *fault.Checks, name string) clock.Day {
	day, err := clock.ParseDay(strings.TrimSpace(v.FormValue(name)))
	checks.Require(err == nil && day.Year() >= 1900 && day.Year() <= 2200, name, "fault.day")
	return day
}

// Year is the year of the query: this one, or fallback when it is missing or out
// of all reason.
func (v *Visit) Year(fallback int) int {
	if year := v.Number("year", fallback); year >= 2000 && year <= 2100 {
		return year
	}
	return fallback
}

// Address is this page's, for sorting, paging and filters: without the form that it
// shows again.
func (v *Visit) Address() ui.Address {
	query := v.URL.Query()
	query.Del(RefusedParam)
	return ui.Address{Path: v.URL.Path, Query: query}
}

// Page answers with the page: the shell of the frame around the parts. When it
// shows a refused form again it says so first, and answers with the refusal's
// status.
func (v *Visit) Page(f ui.Frame, parts ...templ.Component) error {
	if v.Refused == nil {
		return v.PageStatus(http.StatusOK, f, parts...)
	}
	f.Failed = true
	said := []templ.Component{v.Errs.View(v.Lang)}
	if v.Refused.Kind != fault.KindInvalid {
		said = append(said, ui.Notice{Tone: ui.Negative, Text: v.T(v.Refused.Key, v.Refused.Args...)}.View(v.Lang))
	}
	return v.PageStatus(StatusOf(v.Refused.Kind), f, append(said, parts...)...)
}

// PageStatus is Page with another status.
func (v *Visit) PageStatus(status int, f ui.Frame, parts ...templ.Component) error {
	if v.route.file != "" && status == http.StatusOK {
		return v.sendTaken(f.Title)
	}
	// The page is made whole before it is sent, so that a failure half-way is
	// an error page and not half a page.
	var page bytes.Buffer
	page.Grow(32 << 10)
	ctx := templ.WithChildren(v.Context(), templ.Join(parts...))
	if err := ui.Page(f).Render(ctx, &page); err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.W.WriteHeader(status)
	_, _ = page.WriteTo(v.W) // a browser that left is no fault of ours
	return nil
}

// Redirect sends the browser on to a page of ours. notice is the message key of
// what was done; its text is shown on that page, once.
func (v *Visit) Redirect(path, notice string, args ...string) error {
	if notice != "" {
		v.Tell(notice, args...)
	}
	http.Redirect(v.W, v.Request, path, http.StatusSeeOther)
	return nil
}

// Tell leaves the notice for the next page.
func (v *Visit) Tell(notice string, args ...string) {
	v.SetCookie(noticeCookie, url.QueryEscape(strings.Join(append([]string{notice}, args...), "\n")), 60)
}

const (
	noticeCookie   = "notice"
	LanguageCookie = "language"
)

// notice is what the previous page had to say, and forgets it.
func (v *Visit) notice() *ui.Notice {
	if v.expired {
		return &ui.Notice{Tone: ui.Caution, Text: v.T("ui.form_expired")}
	}
	cookie, err := v.Cookie(noticeCookie)
	if err != nil {
		return nil
	}
	v.SetCookie(noticeCookie, "", -1)
	text, err := url.QueryUnescape(cookie.Value)
	if err != nil {
		return nil
	}
	parts := strings.Split(text, "\n")
	if !strings.HasPrefix(parts[0], "notice.") || !v.Lang.Has(parts[0]) {
		return nil // a cookie can come from anywhere: only our own words are shown
	}
	var args []any
	for _, part := range parts[1:] {
		args = append(args, part)
	}
	return &ui.Notice{Tone: ui.Positive, Text: v.T(parts[0], args...)}
}

func (v *Visit) SetCookie(name, value string, maxAge int) {
	http.SetCookie(v.W, &http.Cookie{ //nolint:gosec // Secure as far as the connection is
		Name: name, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: v.secure(),
	})
}

// secure tells whether the browser speaks TLS with us or with the proxy before us.
func (v *Visit) secure() bool {
	return v.TLS != nil || v.Server.BehindProxy && v.Header.Get("X-Forwarded-Proto") == "https"
}

// language is the visitor's choice; Swedish until there is one.
func (v *Visit) language() *i18n.Lang {
	if cookie, err := v.Cookie(LanguageCookie); err == nil {
		return i18n.For(cookie.Value)
	}
	return i18n.Swedish
}

// Back is the address of ours that the form names, or "/".
func (v *Visit) Back() string { return identity.LocalPath(v.FormValue("back")) }

// Remote is the network address of the browser, as the proxy before us tells it
// when there is one: only the last hop is believed.
func (v *Visit) Remote() string {
	hops := strings.Split(v.Header.Get("X-Forwarded-For"), ",")
	if last := strings.TrimSpace(hops[len(hops)-1]); last != "" && v.Server.BehindProxy {
		return last
	}
	return v.RemoteAddr
}
