package resource

import (
	"net/http"
	"strconv"

	"yrkesresan/internal/i18n"
)

// The kinds of errors that RFC 7644 §3.12 names.
const (
	InvalidFilter = "invalidFilter"
	TooMany       = "tooMany"
	Uniqueness    = "uniqueness"
	Mutability    = "mutability"
	InvalidSyntax = "invalidSyntax"
	InvalidPath   = "invalidPath"
	NoTarget      = "noTarget"
	InvalidValue  = "invalidValue"
)

// Problem is what went wrong: an HTTP status, SCIM's word for it where it has one, and a
// message key with its arguments.
type Problem struct {
	Status int
	Kind   string // empty: SCIM has no word for it
	Key    string
	Args   []any
}

// Error is for logs.
func (p *Problem) Error() string { return p.Kind + " " + p.Key }

// Bad is a request that is refused with status 400.
func Bad(kind, key string, args ...any) *Problem {
	return &Problem{http.StatusBadRequest, kind, key, args}
}

// Taken is a request that is refused because of somebody who is there.
func Taken(key string, args ...any) *Problem {
	return &Problem{http.StatusConflict, Uniqueness, key, args}
}

// Failed is another problem, for which SCIM has no word.
func Failed(status int, key string, args ...any) *Problem { return &Problem{status, "", key, args} }

// JSON is the problem as SCIM tells it.
func (p *Problem) JSON(lang *i18n.Lang) map[string]any {
	body := map[string]any{"schemas": []string{ErrorMessage}, "status": strconv.Itoa(p.Status), "detail": lang.T(p.Key, p.Args...)}
	if p.Kind != "" {
		body["scimType"] = p.Kind
	}
	return body
}
