package api

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Operation is what one can ask of the API, for the page that lists them.
type Operation struct {
	Method   string
	Path     string
	Key      string // of the message that says what it does
	Fields   []Field
	Gives    []Field  // what stands in the answer when it went well
	Statuses []string // that it answers with, in their order
}

// Field is something that one sends along, or gets.
type Field struct {
	Name     string // as in days[].starts
	In       string // path, query, header or body
	Type     string // as in integer, 1–200
	Required bool
}

// Operations are all operations in the order of their addresses.
func (s *API) Operations() []Operation {
	var all []Operation
	for path, item := range s.huma.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			o := Operation{Method: op.Method, Path: path, Key: "api.op." + strings.ReplaceAll(op.OperationID, "-", "_")}
			for _, p := range op.Parameters {
				o.Fields = append(o.Fields, Field{p.Name, p.In, kind(p.Schema), p.Required})
			}
			if op.RequestBody != nil {
				o.Fields = append(o.Fields, s.fields("", op.RequestBody.Content["application/json"].Schema)...)
			}
			for status, response := range op.Responses {
				o.Statuses = append(o.Statuses, status)
				if body, ok := response.Content["application/json"]; ok && strings.HasPrefix(status, "2") {
					o.Gives = s.fields("", body.Schema)
				}
			}
			slices.Sort(o.Statuses)
			all = append(all, o)
		}
	}
	methods := []string{"GET", "POST", "PUT", "PATCH", "DELETE"}
	slices.SortFunc(all, func(a, b Operation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(slices.Index(methods, a.Method), slices.Index(methods, b.Method)))
	})
	return all
}

// fields are those of the schema, each list's and object's after itself.
func (s *API) fields(prefix string, schema *huma.Schema) []Field {
	if schema.Ref != "" {
		schema = s.huma.OpenAPI().Components.Schemas.SchemaFromRef(schema.Ref)
	}
	if schema.Type == huma.TypeArray {
		return s.fields(prefix+"[].", schema.Items)
	}
	var all []Field
	for _, name := range sorted(schema) {
		p := schema.Properties[name]
		all = append(all, Field{prefix + name, "body", kind(p), slices.Contains(schema.Required, name)})
		switch {
		case p.Type == huma.TypeArray:
			all = append(all, s.fields(prefix+name, p)...)
		case p.Ref != "":
			all = append(all, s.fields(prefix+name+".", p)...)
		}
	}
	return all
}

// sorted are the names of the properties, the needed ones first.
func sorted(schema *huma.Schema) []string {
	names := make([]string, 0, len(schema.Properties))
	for name := range schema.Properties {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		needed := func(name string) int { return slices.Index(append(slices.Clone(schema.Required), name), name) }
		return cmp.Or(cmp.Compare(needed(a), needed(b)), cmp.Compare(a, b))
	})
	return names
}

// kind is a schema in a few words that need no translation.
func kind(schema *huma.Schema) string {
	word := schema.Type
	switch {
	case schema.Ref != "":
		word = huma.TypeObject
	case len(schema.Enum) > 0:
		words := make([]string, len(schema.Enum))
		for i, value := range schema.Enum {
			words[i] = fmt.Sprint(value)
		}
		word = strings.Join(words, " | ")
	case schema.Format == "date":
		word = "YYYY-MM-DD"
	}
	if schema.Minimum != nil && schema.Maximum != nil {
		number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
		word += " " + number(*schema.Minimum) + "–" + number(*schema.Maximum)
	}
	if schema.Nullable {
		word += " | null"
	}
	return word
}
