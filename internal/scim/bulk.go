package scim

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"yrkesresan/internal/scim/resource"
)

// bulkable are the paths of operations that a bulk may hold.
var bulkable = regexp.MustCompile(`^/(Users|Groups)(/[0-9A-Za-z:_.-]+)?$`)

const bulkPrefix = "bulkId:"

// bulk does many operations in their order, each as a request of its own with a transaction
// of its own: RFC 7644 §3.7. An operation may name what one before it made.
func (s *Server) bulk(ctx context.Context, c *call) (answer, error) {
	body, err := read(c.w, c.Request)
	if err != nil {
		return answer{}, err
	}
	operations, ok := resource.Get(body, "Operations").([]any)
	if !ok {
		return answer{}, resource.Bad(resource.InvalidSyntax, "scim.no_operations", "Max", maxBulk)
	}
	if len(operations) > maxBulk {
		return answer{}, resource.Failed(http.StatusRequestEntityTooLarge, "scim.no_operations", "Max", maxBulk)
	}
	most := len(operations) + 1
	if text, told := resource.Get(body, "failOnErrors").(string); told {
		if n, err := strconv.Atoi(text); err == nil && n > 0 {
			most = n
		}
	}
	made := map[string]string{}
	done := []any{}
	wrong := 0
	for _, each := range operations {
		operation, _ := each.(resource.Doc)
		result := s.bulkOne(ctx, c, operation, made)
		done = append(done, result)
		if result["response"] != nil {
			if wrong++; wrong >= most {
				break
			}
		}
	}
	return answer{status: http.StatusOK, body: resource.Doc{"schemas": []any{resource.BulkAnswer}, "Operations": done}}, nil
}

func (s *Server) bulkOne(ctx context.Context, c *call, operation resource.Doc, made map[string]string) resource.Doc {
	method := strings.ToUpper(resource.TextOf(operation, "method"))
	path, bulkID := resource.TextOf(operation, "path"), resource.TextOf(operation, "bulkId")
	result := resource.Doc{"method": method}
	put(result, "bulkId", bulkID)
	refused := func(p *resource.Problem) resource.Doc {
		result["status"], result["response"] = strconv.Itoa(p.Status), p.JSON(c.lang)
		return result
	}
	data, known := resolved(operation["data"], made)
	if before, id, told := strings.Cut(path, bulkPrefix); told {
		path = before + made[id]
		known = known && made[id] != ""
	}
	switch {
	case !known:
		return refused(resource.Bad(resource.InvalidValue, "scim.unknown_bulk_id"))
	case !bulkable.MatchString(path), method == http.MethodPost && bulkID == "", method == http.MethodGet:
		return refused(resource.Bad(resource.InvalidSyntax, "scim.bulk_operation"))
	}
	text, err := json.Marshal(data)
	if err != nil {
		panic(err) // it was read from JSON
	}
	r := c.Clone(ctx)
	r.Method, r.URL, r.RequestURI = method, &url.URL{Path: Prefix + path}, ""
	r.Header = http.Header{"Content-Type": {mediaType}, "Accept-Language": c.Header.Values("Accept-Language")}
	if tag := resource.TextOf(operation, "version"); tag != "" {
		r.Header.Set("If-Match", tag)
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	inner := *c
	a := &recorded{header: http.Header{}, status: http.StatusOK}
	s.mux.ServeHTTP(a, r.WithContext(context.WithValue(ctx, callKey{}, &inner)))

	var answered resource.Doc
	if a.body.Len() > 0 && json.Unmarshal(a.body.Bytes(), &answered) != nil {
		return refused(resource.Bad(resource.InvalidSyntax, "scim.bulk_operation")) // the mux's own words: no such method
	}
	result["status"] = strconv.Itoa(a.status)
	if a.status >= http.StatusBadRequest {
		result["response"] = answered
		return result
	}
	put(result, "version", a.header.Get("ETag"))
	result["location"] = s.Base + Prefix + path
	if location := a.header.Get("Location"); location != "" {
		result["location"] = location
		made[bulkID] = location[strings.LastIndexByte(location, '/')+1:]
	}
	return result
}

// resolved is the data with the identities of what was made before; false when it names what
// was not.
func resolved(v any, made map[string]string) (any, bool) {
	switch v := v.(type) {
	case string:
		if id, told := strings.CutPrefix(v, bulkPrefix); told {
			return made[id], made[id] != ""
		}
	case []any:
		all := make([]any, len(v))
		for i := range v {
			var ok bool
			if all[i], ok = resolved(v[i], made); !ok {
				return nil, false
			}
		}
		return all, true
	case resource.Doc:
		all := make(resource.Doc, len(v))
		for name, each := range v {
			value, ok := resolved(each, made)
			if !ok {
				return nil, false
			}
			all[name] = value
		}
		return all, true
	}
	return v, true
}

// recorded is an answer that goes into another.
type recorded struct {
	header http.Header
	status int
	told   bool
	body   bytes.Buffer
}

func (r *recorded) Header() http.Header { return r.header }

func (r *recorded) WriteHeader(status int) {
	if !r.told {
		r.status, r.told = status, true
	}
}

func (r *recorded) Write(b []byte) (int, error) {
	r.told = true
	return r.body.Write(b)
}
