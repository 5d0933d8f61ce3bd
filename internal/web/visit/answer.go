package visit

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/report"
)

// SendCSV sends lines as a spreadsheet opens them: semicolons, because a Swedish
// spreadsheet's list separator is one, and a byte order mark, without which it
// would take å for two letters.
func (v *Visit) SendCSV(name string, lines [][]any) error {
	var text bytes.Buffer
	text.WriteString("\ufeff")
	w := csv.NewWriter(&text)
	w.Comma, w.UseCRLF = ';', true
	var cells []string
	for _, line := range lines {
		cells = cells[:0]
		for _, value := range line {
			cells = append(cells, v.plain(value))
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return v.sendFile("text/csv; charset=utf-8", name, "csv", text.Bytes())
}

// plain is a value as text.
func (v *Visit) plain(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case clock.Day:
		if value == 0 {
			return ""
		}
		return value.String()
	case int:
		return strconv.Itoa(value)
	case float64:
		text := strconv.FormatFloat(value, 'f', -1, 64)
		if v.Lang.Code() == "sv" {
			text = strings.Replace(text, ".", ",", 1)
		}
		return text
	}
	return ""
}

func (v *Visit) SendXLSX(name, sheet string, lines [][]any) error {
	var book bytes.Buffer
	if err := report.Sheet(&book, sheet, lines, v.Lang); err != nil {
		return err
	}
	return v.sendFile("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name, "xlsx", book.Bytes())
}

// sendFile sends a file to keep, named after what it is and the day.
func (v *Visit) sendFile(kind, name, ending string, content []byte) error {
	v.W.Header().Set("Content-Type", kind)
	v.W.Header().Set("Content-Disposition", `attachment; filename="`+organisation.Slug(name)+"-"+v.Today.String()+"."+ending+`"`)
	v.W.WriteHeader(http.StatusOK)
	_, _ = v.W.Write(content) // a browser that left is no fault of ours
	return nil
}

// uploadTime is how long a large file may take, either way, over the time that
// other requests have.
const uploadTime = 10 * time.Minute

// AnswerTime is how long anything else may take: a database that does not answer is
// away, and nobody waits longer to be told so.
const AnswerTime = 30 * time.Second

type patienceKey struct{}

// Patient ends the context of each request after the limit, with the cause
// context.DeadlineExceeded, unless it takes more time (TakeTime).
func Patient(limit time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, end := context.WithCancelCause(r.Context())
		defer end(nil)
		timer := time.AfterFunc(limit, func() { end(context.DeadlineExceeded) })
		defer timer.Stop()
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, patienceKey{}, timer)))
	})
}

// TakeTime gives the request time for a large file. A server without deadlines
// of its own has none to move.
func (v *Visit) TakeTime() { TakeTime(v.W, v.Request, v.Now) }

// TakeTime is Visit.TakeTime for a request that is nobody's visit.
func TakeTime(w http.ResponseWriter, r *http.Request, now clock.Instant) {
	if timer, ok := r.Context().Value(patienceKey{}).(*time.Timer); ok && timer.Stop() {
		timer.Reset(uploadTime)
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(now.Time().Add(uploadTime))
	_ = control.SetWriteDeadline(now.Time().Add(uploadTime))
}

// Download heads an answer that is a file.
func (v *Visit) Download(kind, name string) {
	v.W.Header().Set("Content-Type", kind)
	v.W.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

// RefuseJSON says what is wrong in the visitor's words.
func (v *Visit) RefuseJSON(err error) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	key, args := f.Key, f.Args
	if len(f.Fields) > 0 {
		key, args = f.Fields[0].Key, f.Fields[0].Args
	}
	return v.AnswerJSON(StatusOf(f.Kind), map[string]string{"text": v.T(key, args...)})
}

func (v *Visit) AnswerJSON(status int, answer any) error {
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "application/json")
	v.W.WriteHeader(status)
	_, _ = v.W.Write(body) // a browser that left is no fault of ours
	return nil
}

// Harmless keeps a spreadsheet from taking a text for a formula: somebody may
// have named themselves "=HYPERLINK(…)" (OWASP, "CSV Injection").
func Harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
