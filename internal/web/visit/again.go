package visit

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/keptform"
	"yrkesresan/internal/web/ui"
)

// RefusedParam is the query that names a kept form.
const RefusedParam = "refused"

// errAgain is what a handler answers that wants its form shown again though
// nothing is wrong with it: rows were asked for, or a look before sending.
var errAgain = errors.New("the form is shown again")

// Again shows the form once more with what was typed: the route says on which
// page.
func (*Visit) Again() error { return errAgain }

// refuse answers a form that was not accepted. It is kept for a quarter of an
// hour and the browser is sent on to a page that shows it again (Route.again), so
// that going back and reloading work as on any page. What is no word about the
// form, or has no such page, is the caller's error.
func refuse(v *Visit, route Route, err error) error {
	f := fault.Of(err)
	if route.again == nil || !errors.Is(err, errAgain) && (f == nil || f.Kind != fault.KindInvalid && f.Kind != fault.KindConflict && f.Kind != fault.KindTooMany) {
		return err
	}
	var token string
	if failed := v.Write(func(tx *db.Tx) (err error) {
		token, err = keptform.Keep(v.Context(), tx, v.Viewer, keptform.Form{
			Route: route.Method + " " + route.Path, Path: v.URL.Path, Values: v.PostForm, Refused: f,
		}, v.Now)
		return err
	}); failed != nil {
		// It cannot be kept: it is shown here and now, so that nothing typed is lost.
		v.Server.Log.Warn("a refused form is shown without being kept", "path", v.URL.Path, "error", failed)
		v.again(v.PostForm, f)
		return route.again(v)
	}
	query := v.URL.Query()
	query.Set(RefusedParam, token)
	return v.Redirect(v.URL.Path+"?"+query.Encode(), "")
}

// recall puts the kept form that the address names into the visit, as if it had
// just been sent, and tells which route it was sent to; "" for none.
func (v *Visit) recall() (route string, err error) {
	if v.Method != http.MethodGet || !strings.Contains(v.URL.RawQuery, RefusedParam+"=") {
		return "", nil
	}
	token := v.URL.Query().Get(RefusedParam)
	form, err := keptform.Find(v.Context(), v.Reader(), v.Viewer, token, v.Now)
	if errors.Is(err, fault.NotFound) || err == nil && form.Path != v.URL.Path {
		v.expired = true // the page as it is without it, which says so
		return "", nil
	}
	if err != nil {
		return "", err
	}
	v.again(form.Values, form.Refused)
	return form.Route, nil
}

// again makes the visit one that shows a form again: with what was typed, and why it
// was refused; nil when nothing is wrong.
func (v *Visit) again(typed url.Values, refused *fault.Error) {
	v.Sent, v.Refused = true, refused
	if refused != nil {
		v.Errs = ui.ErrorsOf(v.Lang, refused)
	}
	v.PostForm = typed
	v.Form = url.Values{}
	for _, values := range []url.Values{typed, v.URL.Query()} {
		for name, each := range values {
			v.Form[name] = append(v.Form[name], each...)
		}
	}
}

// Typed is what was typed into the field, or the usual value when the form is
// new.
func (v *Visit) Typed(name, usual string) string {
	if v.Sent && v.PostForm.Has(name) {
		return v.PostForm.Get(name)
	}
	return usual
}

// Wrong is what is wrong with the field; empty when nothing is.
func (v *Visit) Wrong(field string) string { return v.Errs.For(field) }

// RefusedAs tells whether the form was refused with this message.
func (v *Visit) RefusedAs(f *fault.Error) bool { return v.Refused != nil && v.Refused.Key == f.Key }

// SentTo tells whether the form that is shown again is the one whose address ends
// in the noun.
func (v *Visit) SentTo(noun string) bool { return v.Sent && strings.HasSuffix(v.URL.Path, "/"+noun) }

// Together is all that is wrong with a form in one error; the first error of
// another sort goes before.
func Together(errs ...error) error {
	var fields []fault.Field
	var first error
	for _, err := range errs {
		f := fault.Of(err)
		switch {
		case err == nil:
		case f == nil || f.Kind != fault.KindInvalid:
			if first == nil {
				first = err
			}
		default:
			for _, field := range f.Fields {
				if !names(fields, field.Name) {
					fields = append(fields, field)
				}
			}
		}
	}
	if len(fields) > 0 {
		return &fault.Error{Kind: fault.KindInvalid, Key: fault.Invalid("", "").Key, Fields: fields}
	}
	return first
}

func names(fields []fault.Field, name string) bool {
	for _, f := range fields {
		if f.Name == name {
			return true
		}
	}
	return false
}

// Difference is what somebody else has saved meanwhile, and what was typed here.
type Difference struct{ What, Saved, Typed string }
