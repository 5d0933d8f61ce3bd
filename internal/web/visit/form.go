package visit

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/text"
)

// Chosen are the persons that the form names, each once.
func (v *Visit) Chosen() (persons []int64) { return v.Ticked("person") }

// Ticked are the identities that the form has in the field, each once.
func (v *Visit) Ticked(field string) (ids []int64) {
	for _, value := range v.PostForm[field] {
		if id, err := strconv.ParseInt(value, 10, 64); err == nil && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// MaxForm is the largest form that is read; the longest list of attendance
// needs a small part of it.
const MaxForm = 1 << 20

// readForm reads the form that was posted. Files are left to the handler, which
// reads them part by part; nobody but who is signed in may bring any, and of what a
// stranger sends no more is read than a form may hold.
func (v *Visit) readForm(route Route) error {
	if v.Method != http.MethodPost {
		return nil
	}
	most := int64(MaxForm)
	if kind, _, err := mime.ParseMediaType(v.Header.Get("Content-Type")); err == nil && kind == "multipart/form-data" && v.SignedIn() {
		most += route.files
	}
	v.Body = http.MaxBytesReader(v.W, v.Body, most)
	err := v.ParseForm()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		v.W.Header().Set("Connection", "close") // nobody waits for the rest
		return fault.Invalid("form", "fault.form_too_large")
	case err != nil:
		return fault.Invalid("form", "fault.form_unreadable")
	}
	return nil
}

// MaxFields bounds the fields of a form: an attendance list of a thousand seats has
// four for each.
const MaxFields = 5000

// tidy makes what came with the request fit to be read: the fields of the form and
// of the address, by their kind (Route.Lines). Nothing is found at an address that
// holds what no address of ours does.
func (v *Visit) tidy() error {
	if !utf8.ValidString(v.URL.Path) || strings.ContainsFunc(v.URL.Path, unicode.IsControl) {
		return fault.NotFound
	}
	if query := v.URL.Query(); v.fit(query) {
		v.URL.RawQuery = query.Encode()
	}
	v.fit(v.Form)
	v.fit(v.PostForm)
	return nil
}

// bounded refuses a form that says more than the route takes: each thing that is
// chosen is some work inside one transaction, for which all others wait.
func (v *Visit) bounded() error {
	fields := 0
	for name, values := range v.PostForm {
		if len(values) > v.route.choices() {
			return fault.Invalid(name, "fault.too_many_chosen", "Max", v.route.choices(), "Chosen", len(values))
		}
		fields += len(values)
	}
	if fields > MaxFields {
		return fault.Invalid("form", "fault.form_too_many", "Max", MaxFields)
	}
	return nil
}

// fit makes the fields fit to keep, and tells whether any was not.
func (v *Visit) fit(fields url.Values) (changed bool) {
	for name, values := range fields {
		for i, value := range values {
			fit := v.fitText(name, value)
			changed = changed || fit != value
			values[i] = fit
		}
		if fit := text.Line(name); fit != name { // no field of ours
			delete(fields, name)
			changed = true
		}
	}
	return changed
}

func (v *Visit) fitText(name, value string) string {
	if v.route.HasLines(name) {
		return text.Lines(value)
	}
	return text.Line(value)
}

// ReadJSON reads what a script sent, and makes its texts fit to keep: of one line,
// unless their fields say otherwise (text.Tidy).
func (v *Visit) ReadJSON(into any) error {
	if err := json.NewDecoder(v.Body).Decode(into); err != nil {
		return err
	}
	text.Tidy(into)
	return nil
}

// ReadParts reads a form with files part by part: nothing large is held in memory.
// What was typed stands in PostForm afterwards, fit to keep as in any form; take is
// given each file that was chosen, and its error ends the reading. A form that did
// not arrive whole, or with more than its route lets it bring, is fault.Invalid of the field
// file. It is the only reader of such forms; one without files was read before.
func (v *Visit) ReadParts(take func(field string, file *multipart.Part) error) error {
	return v.readParts(func(field string, part *multipart.Part) error {
		if v.route.files == 0 {
			return fault.Invalid("file", "file.too_large", "Max", 0) // the route brings none: see Route.Files
		}
		return take(field, part)
	})
}

func (v *Visit) readParts(take func(field string, file *multipart.Part) error) error {
	if kind, _, err := mime.ParseMediaType(v.Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" {
		return nil //nolint:nilerr // no form with files
	}
	typed := url.Values{}
	v.Form, v.PostForm = typed, typed
	parts, err := v.MultipartReader()
	if err != nil {
		return v.UploadFault(err)
	}
	room := int64(MaxForm)
	for range MaxFields {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return v.UploadFault(err)
		}
		name := part.FormName()
		if part.FileName() != "" {
			if err := take(name, part); err != nil {
				return err
			}
			continue
		}
		if _, disposition, _ := mime.ParseMediaType(part.Header.Get("Content-Disposition")); hasKey(disposition, "filename") {
			continue // a box for a file, and none was chosen
		}
		value, err := io.ReadAll(io.LimitReader(part, room+1))
		if err != nil {
			return v.UploadFault(err)
		}
		if room -= int64(len(value)); room < 0 {
			return fault.Invalid("form", "fault.form_too_large")
		}
		if text.Line(name) == name {
			typed.Add(name, v.fitText(name, string(value)))
		}
	}
	return fault.Invalid("form", "fault.form_too_many", "Max", MaxFields)
}

func hasKey(all map[string]string, key string) bool {
	_, ok := all[key]
	return ok
}

// sent is what a form says, and whether it came with files. Files are not kept:
// nobody knows yet who brings them.
func (v *Visit) sent() (kept url.Values, files bool) {
	err := v.readParts(func(string, *multipart.Part) error { // of a broken form the part that arrived is kept
		files = true
		return nil
	})
	if err != nil {
		v.W.Header().Set("Connection", "close") // a long file: nobody waits for the rest
	}
	return v.PostForm, files
}

func sortedNames(values url.Values) []string { return slices.Sorted(maps.Keys(values)) }

// UploadFault is why an upload ended before its end.
func (v *Visit) UploadFault(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return fault.Invalid("file", "file.too_large", "Max", v.route.files>>20)
	}
	return fault.Invalid("file", "file.broken")
}
