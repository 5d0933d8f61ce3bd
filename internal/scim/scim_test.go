package scim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/scim"
)

const (
	falun      int64 = 2080
	borlange   int64 = 2081
	enterprise       = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	patchOp          = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
)

var (
	ctx    = context.Background()
	system = access.System()
	today  = clock.Date(2026, 3, 2)
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// world is a door over the country, with keys for Falun and its neighbour.
type world struct {
	testing.TB
	d               *db.DB
	server          *scim.Server
	handler         http.Handler
	falun, borlange string
	at              clock.Instant
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	must(t, errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d), jobs.Migrate(ctx, d)))
	w := &world{TB: t, d: d, at: today.At(9, 0)}
	w.falun, w.borlange = w.token(identity.ForSCIM, falun), w.token(identity.ForSCIM, borlange)
	log := &bytes.Buffer{}
	w.server = scim.New(scim.Config{
		DB: d, Clock: func() clock.Instant { return w.at }, Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelError})), Base: "https://yrkesresan.example.org",
	})
	w.handler = w.server.Handler(nil)
	t.Cleanup(func() {
		if log.Len() > 0 { // no test brings about trouble of our own; that something waits is none
			t.Errorf("logged:\n%s", log)
		}
	})
	return w
}

func (w *world) token(scope identity.TokenScope, municipality int64) (key string) {
	w.Helper()
	must(w, w.d.Write(ctx, func(tx *db.Tx) (err error) {
		key, err = identity.MakeToken(ctx, tx, system, scope, "Personalsystemet", access.MunicipalAdmin, municipality, w.at)
		return err
	}))
	return key
}

// reply is what was answered.
type reply struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

// at is the value at the path of names and places in lists, as text.
func (r reply) at(path ...any) string {
	var v any = r.body
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			l, _ := v.([]any)
			if step >= len(l) {
				return ""
			}
			v = l[step]
		}
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// send sends a request of Falun's key; header holds names and values in turn.
func (w *world) send(method, path, body string, header ...string) reply {
	w.Helper()
	return w.sendAs(w.falun, method, path, body, header...)
}

func (w *world) sendAs(key, method, path, body string, header ...string) reply {
	w.Helper()
	var in io.Reader = http.NoBody
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, "/scim/v2"+strings.ReplaceAll(path, " ", "%20"), in)
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Accept-Language", "en")
	if body != "" {
		r.Header.Set("Content-Type", "application/scim+json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	a := reply{status: answer.Code, header: answer.Header(), text: answer.Body.String()}
	if a.text != "" {
		if err := json.Unmarshal(answer.Body.Bytes(), &a.body); err != nil {
			w.Fatalf("%s %s: %v: %s", method, path, err, a.text)
		}
		if kind := a.header.Get("Content-Type"); kind != "application/scim+json" {
			w.Errorf("%s %s answers in %s", method, path, kind)
		}
	}
	return a
}

// want is a reply of the status.
func (r reply) want(t testing.TB, status int) reply {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d: %s", r.status, status, r.text)
	}
	return r
}

// refused is an error of SCIM's kind.
func (r reply) refused(t testing.TB, status int, kind string) {
	t.Helper()
	if r.status != status || r.at("scimType") != kind || r.at("status") != fmt.Sprint(status) || r.at("detail") == "" {
		t.Errorf("status %d, want %d %s: %s", r.status, status, kind, r.text)
	}
}

// anna is somebody as a personnel system sends her.
const anna = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","` + enterprise + `"],
	"externalId":"4f1c-1","userName":"Anna.Berg@falun.example","name":{"givenName":"Anna","familyName":"Berg"},
	"emails":[{"value":"Anna.Berg@falun.example","type":"work","primary":true}],"title":"Undersköterska","active":true,
	"` + enterprise + `":{"employeeNumber":"00042","department":"Hemtjänst Norr"}}`

// add adds somebody whose number is n.
func (w *world) add(n int) string {
	w.Helper()
	return w.send("POST", "/Users", fmt.Sprintf(`{"userName":"p%d@falun.example","externalId":"x%d","name":{"givenName":"Per","familyName":"Nr%03d"}}`, n, n, n)).want(w, 201).at("id")
}

func (w *world) patch(id, operations string) reply {
	w.Helper()
	return w.send("PATCH", "/Users/"+id, `{"schemas":["`+patchOp+`"],"Operations":[`+operations+`]}`)
}

func (w *world) count(query string, args ...any) int {
	w.Helper()
	n, err := db.Row(ctx, w.d.Reader(), db.One[int], query, args...)
	must(w, err)
	return n
}

// elsewhere is somebody of the neighbour.
func (w *world) elsewhere(email string) (id int64) {
	w.Helper()
	must(w, w.d.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Bo", FamilyName: "Ek", Email: email}, borlange, today-100, "", w.at)
		return err
	}))
	return id
}
