package api_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/api"
	"yrkesresan/internal/db/dbtest"
)

// specified is the OpenAPI document as it is served, which needs no token.
func specified(t *testing.T, w *world) *openapi3.T {
	t.Helper()
	a := w.send("GET", "/api/v1/openapi.json", "", nil)
	doc, err := openapi3.NewLoader().LoadFromData(a.body)
	must(t, err)
	return doc
}

func TestTheDocumentIsOpenAPI31(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, dbtest.SQLite(t)), 0)
	doc := specified(t, w)
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") || !doc.IsOpenAPI31OrLater() {
		t.Errorf("it is OpenAPI %s", doc.OpenAPI)
	}
	if err := doc.Validate(ctx, openapi3.IsOpenAPI31OrLater()); err != nil {
		t.Error(err)
	}
	var asJSON, asYAML any
	must(t, json.Unmarshal(w.send("GET", "/api/v1/openapi.json", "", nil).body, &asJSON))
	must(t, yaml.Unmarshal(w.send("GET", "/api/v1/openapi.yaml", "", nil).body, &asYAML))
	text, err := json.Marshal(asYAML)
	must(t, err)
	must(t, json.Unmarshal(text, &asYAML))
	if diff := cmp.Diff(asJSON, asYAML); diff != "" {
		t.Errorf("the YAML is another document:\n%s", diff)
	}
}

func TestEveryOperationIsDescribed(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, dbtest.SQLite(t)), 0)
	for path, item := range specified(t, w).Paths.Map() {
		for method, op := range item.Operations() {
			name := method + " " + path
			if op.OperationID == "" || op.Summary == "" || strings.Contains(op.Summary, "[[") {
				t.Errorf("%s has no name", name)
			}
			if op.Responses.Status(401) == nil || op.Responses.Status(401).Value.Content["application/problem+json"] == nil {
				t.Errorf("%s does not tell of problems", name)
			}
			if method != "GET" && method != "DELETE" && op.RequestBody == nil && !strings.HasSuffix(path, "ation") {
				t.Errorf("%s has no body", name)
			}
			if op.RequestBody != nil {
				for _, status := range []int{400, 413, 415, 422} {
					if op.Responses.Status(status) == nil {
						t.Errorf("%s reads a body and does not tell of %d", name, status)
					}
				}
			}
			// It answers there, and asks for a token.
			filled := strings.NewReplacer("{round}", "1", "{day}", "1", "{enrolment}", "1", "{entry}", "1").Replace(path)
			if a := w.send(method, filled, "", nil); a.status != 401 {
				t.Errorf("%s without a token: %d", name, a.status)
			}
		}
	}
}

func TestTheOperationsForReadersAreThoseOfTheDocument(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, dbtest.SQLite(t)), 0)
	described := map[string]bool{}
	for path, item := range specified(t, w).Paths.Map() {
		for method := range item.Operations() {
			described[method+" "+path] = true
		}
	}
	server, err := api.New(ctx, api.Config{DB: w.d})
	must(t, err)
	listed := map[string]bool{}
	for _, op := range server.Operations() {
		listed[op.Method+" "+op.Path] = true
		if op.Method == "PUT" {
			var given []string
			for _, field := range op.Gives {
				given = append(given, field.Name+" "+field.Type)
			}
			for _, want := range []string{"complete boolean", "day object", "day.trainers[].present boolean | null", "marks[].mark present | late | excused | absent | null"} {
				if !slices.Contains(given, want) {
					t.Errorf("the answer to %s does not hold %q: %q", op.Path, want, given)
				}
			}
		}
	}
	if diff := cmp.Diff(described, listed); diff != "" {
		t.Error(diff)
	}
}
