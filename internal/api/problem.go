package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/text"
)

// Problem is what went wrong, as RFC 9457 writes it.
type Problem struct {
	Type   string         `json:"type" doc:"Always about:blank: the code says more." enum:"about:blank"`
	Title  string         `json:"title" doc:"The status in words."`
	Status int            `json:"status" doc:"The HTTP status."`
	Detail string         `json:"detail" doc:"What went wrong, for people."`
	Code   string         `json:"code" doc:"What went wrong, for machines: it stays the same." example:"round.already_enrolled"`
	Errors []ProblemPlace `json:"errors,omitempty" nullable:"false" doc:"Each place of the request that is wrong."`
}

// ProblemPlace is one place of a request that is wrong.
type ProblemPlace struct {
	Location string `json:"location" doc:"Where, as in body.days[0].starts." example:"body.capacity"`
	Detail   string `json:"detail" doc:"What is wrong there, for people."`
	Code     string `json:"code" doc:"What is wrong there, for machines." example:"round.capacity_wrong"`
}

// Error is for logs.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus is the status to answer with.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of problems.
func (*Problem) ContentType(string) string { return "application/problem+json" }

// RetryAfter is when to try again whatever the database could not answer, in seconds.
const RetryAfter = "30"

// GetHeaders are those of the answer.
func (p *Problem) GetHeaders() http.Header {
	if p.Status == http.StatusServiceUnavailable {
		return http.Header{"Retry-After": {RetryAfter}}
	}
	return nil
}

func problem(lang *i18n.Lang, status int, key string, args ...any) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: lang.T(key, args...), Code: key}
}

func (p *Problem) write(w http.ResponseWriter) {
	maps.Copy(w.Header(), p.GetHeaders())
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = jsonFormat.Marshal(w, p) // nobody left to tell
}

// problemOf is the problem to answer with. What went wrong inside is for the
// log alone.
func (s *API) problemOf(ctx context.Context, c *call, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	if db.Away(err) || errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		s.Log.Error("request failed", "error", err)
		return problem(c.lang, http.StatusServiceUnavailable, "fault.away")
	}
	f := fault.Of(err)
	if f == nil {
		if ctx.Err() == nil { // the caller has not left
			s.Log.Error("request failed", "error", err)
		}
		return problem(c.lang, http.StatusInternalServerError, "fault.internal")
	}
	status, key := http.StatusInternalServerError, f.Key
	switch f.Kind {
	case fault.KindNotFound:
		status, key = http.StatusNotFound, "api.not_found"
	case fault.KindForbidden:
		status, key = http.StatusForbidden, "api.forbidden"
	case fault.KindConflict:
		status = http.StatusConflict
	case fault.KindInvalid:
		status = http.StatusUnprocessableEntity
	case fault.KindTooMany:
		status = http.StatusTooManyRequests
	}
	p = problem(c.lang, status, key, f.Args...)
	for _, field := range f.Fields {
		p.Errors = append(p.Errors, ProblemPlace{Location: location(field.Name), Detail: c.lang.T(field.Key, field.Args...), Code: field.Key})
	}
	return p
}

// listed are the numbers in the domain's names of fields: days.0.starts.
var listed = regexp.MustCompile(`\.(\d+)\b`)

// location is where in a body the domain's field is. Fields that are elsewhere
// say so: query.year.
func location(field string) string {
	if strings.HasPrefix(field, "query.") || strings.HasPrefix(field, "body") {
		return field
	}
	return "body." + listed.ReplaceAllString(field, "[$1]")
}

// renamed calls each field of an invalid request by another name.
func renamed(err error, name func(field string) string) error {
	f := fault.Of(err)
	if f == nil || len(f.Fields) == 0 {
		return err
	}
	named := *f
	named.Fields = make([]fault.Field, len(f.Fields))
	for i, field := range f.Fields {
		field.Name = name(field.Name)
		named.Fields[i] = field
	}
	return &named
}

// useProblems makes huma answer in our words. It knows one form of errors per
// program.
var useProblems = sync.OnceFunc(func() {
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		return refused(callOf(ctx.Context()).lang, status, errs)
	}
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		return refused(i18n.Swedish, status, errs)
	}
})

// refused is the problem of a request that was not understood.
func refused(lang *i18n.Lang, status int, errs []error) *Problem {
	key := "fault.invalid"
	switch status {
	case http.StatusBadRequest:
		key = "api.unreadable"
	case http.StatusRequestEntityTooLarge:
		key = "api.too_large"
	case http.StatusUnsupportedMediaType:
		key = "api.not_json"
	case http.StatusRequestTimeout:
		key = "api.too_slow"
	case http.StatusInternalServerError:
		key = "fault.internal"
	}
	p := problem(lang, status, key)
	if status == http.StatusUnsupportedMediaType {
		return p
	}
	for _, err := range errs {
		var d *huma.ErrorDetail
		if !errors.As(err, &d) {
			continue
		}
		if strings.HasPrefix(d.Location, "path.") { // no such number: nothing is there
			return problem(lang, http.StatusNotFound, "api.not_found")
		}
		code, args := meaning(d.Message)
		p.Errors = append(p.Errors, ProblemPlace{Location: d.Location, Detail: lang.T(code, args...), Code: code})
	}
	return p
}

// meanings are huma's messages by their beginnings, and ours; the longer ones
// first. What follows the beginning is the argument Value.
var meanings = []struct{ begins, key string }{
	{"unexpected property", "api.unknown_field"},
	{"unknown query parameter", "api.unknown_parameter"},
	{"required query parameter is missing", "api.missing_parameter"},
	{"expected required property ", "api.missing"},
	{"expected string to be RFC 3339 date", "fault.day"},
	{"expected string to match pattern ^(19|20|21)", "fault.day"}, // the years that a day may have
	{"expected string to be ", "api.wrong_text"},
	{"expected string to match", "api.wrong_text"},
	{"expected string", "api.want_text"},
	{"expected boolean", "api.want_boolean"},
	{"invalid boolean", "api.want_boolean"},
	{"expected number >= ", "api.at_least"},
	{"expected number <= ", "api.at_most"},
	{"expected number", "api.want_number"},
	{"expected integer", "api.want_number"},
	{"invalid integer", "api.want_number"},
	{"expected array length >= ", "api.too_few"},
	{"expected array length <= ", "api.too_many"},
	{"expected array", "api.want_list"},
	{"expected object", "api.want_object"},
	{"expected value to be one of ", "api.want_one_of"},
	{"expected length >= ", "api.too_short"},
	{"expected length <= ", "api.too_long"},
	{nulMessage, "api.wrong_text"},
}

// meaning is our message for huma's, with its arguments.
func meaning(message string) (key string, args []any) {
	for _, m := range meanings {
		if rest, ok := strings.CutPrefix(message, m.begins); ok {
			rest = strings.TrimSuffix(rest, " to be present")
			return m.key, []any{"Value", strings.Trim(rest, `"`)}
		}
	}
	return "api.wrong_json", nil
}

// jsonFormat reads and writes bodies. What is read is fit to keep: of one line,
// unless its field is tagged otherwise (text.Tidy). PostgreSQL cannot keep the
// character NUL, and no program means it: it is refused, so that whoever wrote the
// program learns of it.
var jsonFormat = huma.Format{
	Marshal: huma.DefaultJSONFormat.Marshal,
	Unmarshal: func(data []byte, v any) error {
		data = bytes.TrimPrefix(data, []byte("\ufeff")) // RFC 8259 § 8.1: parsers may ignore it
		if !utf8.Valid(data) {
			return errors.New("the text is not UTF-8")
		}
		if err := json.Unmarshal(data, v); err != nil {
			return err
		}
		if bytes.Contains(data, []byte(`\u0000`)) {
			if parsed, ok := v.(*any); ok && holdsNUL(*parsed) {
				return errors.New(nulMessage)
			}
		}
		if _, raw := v.(*any); !raw {
			text.Tidy(v)
		}
		return nil
	},
}

const nulMessage = "the text holds the character NUL"

func holdsNUL(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, "\x00")
	case []any:
		for _, each := range v {
			if holdsNUL(each) {
				return true
			}
		}
	case map[string]any:
		for name, each := range v {
			if strings.Contains(name, "\x00") || holdsNUL(each) {
				return true
			}
		}
	}
	return false
}
