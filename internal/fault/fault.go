// Package fault is the product's errors as its users meet them: a kind, which
// decides the answer's status, and a message key, which decides its words.
package fault

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Kind says what sort of trouble an error is.
type Kind int

// The kinds, each with the HTTP status that the doors answer with.
const (
	KindNotFound  Kind = iota + 1 // 404: no such thing, or none that this viewer may know of
	KindForbidden                 // 403: the viewer has no role for this at all
	KindConflict                  // 409: somebody or something was first
	KindInvalid                   // 422: what was sent cannot be accepted, see Fields
	KindTooMany                   // 429: too many tries, wait
)

// Error is trouble with a message for the user. Key is a message key of the
// catalogue ("fault.…"); Args are its alternating names and values.
type Error struct {
	Kind   Kind
	Key    string
	Args   []any
	Fields []Field
}

// Field is what is wrong with one field of a form.
type Field struct {
	Name string // the form's name for it
	Key  string // message key
	Args []any
}

// The plain faults; compare with errors.Is, which compares kinds.
var (
	NotFound  = &Error{Kind: KindNotFound, Key: "fault.not_found"}
	Forbidden = &Error{Kind: KindForbidden, Key: "fault.forbidden"}
	TooMany   = &Error{Kind: KindTooMany, Key: "fault.too_many"}
)

// Conflict is trouble of somebody having been first, in words of its own.
func Conflict(key string, args ...any) *Error {
	return &Error{Kind: KindConflict, Key: key, Args: args}
}

// Invalid is one wrong field.
func Invalid(field, key string, args ...any) *Error {
	return &Error{Kind: KindInvalid, Key: "fault.invalid", Fields: []Field{{Name: field, Key: key, Args: args}}}
}

// Error is for logs.
func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.Key
	}
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = f.Name + ": " + f.Key
	}
	sort.Strings(parts)
	return fmt.Sprintf("%s (%s)", e.Key, strings.Join(parts, ", "))
}

// Is compares kinds, so that errors.Is(err, fault.NotFound) holds for each of them.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind
}

// Checks collects what is wrong with a form.
type Checks struct{ fields []Field }

// Require adds a fault of the field unless ok holds.
func (c *Checks) Require(ok bool, field, key string, args ...any) {
	if !ok {
		c.fields = append(c.fields, Field{Name: field, Key: key, Args: args})
	}
}

// Err is nil when nothing was wrong.
func (c *Checks) Err() error {
	if len(c.fields) == 0 {
		return nil
	}
	return &Error{Kind: KindInvalid, Key: "fault.invalid", Fields: c.fields}
}

// Of is the fault inside err, or nil when err is trouble of another sort.
func Of(err error) *Error {
	var f *Error
	if errors.As(err, &f) {
		return f
	}
	return nil
}
