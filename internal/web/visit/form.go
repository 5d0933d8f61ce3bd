package visit

import (
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"yrkesresan/internal/fault"
)

// Chosen are the persons that the form names, each once.
func (v *Visit) Chosen() (persons []int64) {
	for _, value := range v.PostForm["person"] {
		if id, err := strconv.ParseInt(value, 10, 64); err == nil && !slices.Contains(persons, id) {
			persons = append(persons, id)
		}
	}
	return persons
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

// sent is what a form says, and whether it came with files. Files are not kept:
// nobody knows yet who brings them.
func (v *Visit) sent() (kept url.Values, files bool) {
	if kind, _, err := mime.ParseMediaType(v.Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" {
		return v.PostForm, false
	}
	kept = url.Values{}
	parts, err := v.MultipartReader()
	if err != nil {
		return kept, false
	}
	room := int64(MaxForm)
	for n := 0; n < MaxFields; n++ {
		part, err := parts.NextPart()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				v.W.Header().Set("Connection", "close") // a long file: nobody waits for the rest
			}
			return kept, files
		}
		if part.FileName() != "" {
			files = true
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, room))
		if room -= int64(len(value)); err != nil || room <= 0 {
			return kept, files
		}
		kept.Add(part.FormName(), string(value))
	}
	return kept, files
}

func sortedNames(values url.Values) []string { return slices.Sorted(maps.Keys(values)) }

// MaxFields bounds the fields of a form.
const MaxFields = 2000

// UploadFault is why an upload ended before its end.
func UploadFault(err error, most int64) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return fault.Invalid("file", "file.too_large", "Max", most>>20)
	}
	return fault.Invalid("file", "file.broken")
}
