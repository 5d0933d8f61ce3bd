package resource

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/text"
)

// maxDepth is how deep lists and objects may stand in each other.
const maxDepth = 12

// Doc is a resource as JSON has it.
type Doc = map[string]any

// Parse is the document that the bytes are.
func Parse(body []byte) (Doc, error) {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if !utf8.Valid(body) || tooDeep(body) {
		return nil, Bad(InvalidSyntax, "api.unreadable")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var d Doc
	if err := decoder.Decode(&d); err != nil || d == nil {
		return nil, Bad(InvalidSyntax, "api.unreadable")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, Bad(InvalidSyntax, "api.unreadable")
	}
	return tidy(d).(Doc), nil //nolint:forcetypeassert // of a document comes a document
}

// tooDeep tells whether lists and objects stand deeper in each other than maxDepth, before
// a parser follows them.
func tooDeep(body []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

// tidy makes the texts of a value fit to keep: of one line, without what cannot be stored.
// Numbers are texts: no attribute of ours is a number.
func tidy(v any) any {
	switch v := v.(type) {
	case string:
		return text.Line(v)
	case json.Number:
		return v.String()
	case []any:
		for i := range v {
			v[i] = tidy(v[i])
		}
	case Doc:
		for name, each := range v {
			v[name] = tidy(each)
		}
	}
	return v
}

// Get is the value of the name in any letter case.
func Get(d Doc, name string) any {
	if v, ok := d[name]; ok {
		return v
	}
	for each, v := range d {
		if strings.EqualFold(each, name) {
			return v
		}
	}
	return nil
}

// empty tells whether a value says nothing: RFC 7643 §2.5.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case Doc:
		return len(v) == 0
	}
	return false
}

// Normalised is what a client sent as the document of a resource: names as the schema
// writes them, values of its types, nothing that is read only. What is not in the schema
// and says something is refused, so that nothing is dropped in silence.
func (k *Kind) Normalised(sent Doc) (Doc, error) {
	d := Doc{}
	for name, v := range sent {
		if e := k.extension(name); e != nil {
			inner, ok := v.(Doc)
			if !ok && !empty(v) {
				return nil, Bad(InvalidValue, "scim.wrong_value", "Attribute", name)
			}
			for part, value := range inner {
				if err := k.put(d, e.ID, part, value); err != nil {
					return nil, err
				}
			}
			continue
		}
		if err := k.put(d, "", name, v); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// put writes a sent value into a document.
func (k *Kind) put(d Doc, urn, name string, v any) error {
	t, ok := k.find(urn, name)
	if !ok {
		if empty(v) {
			return nil
		}
		return Bad(InvalidValue, "scim.not_kept", "Attribute", name)
	}
	if t.attr.Mutability == readOnly {
		return nil // RFC 7644 §3.5.1: ignored
	}
	value, err := typed(t.attr, v)
	if err != nil {
		return err
	}
	into := d
	if t.urn != "" {
		if into, ok = d[t.urn].(Doc); !ok {
			into = Doc{}
			d[t.urn] = into
		}
	}
	if _, twice := into[t.attr.Name]; twice {
		return Bad(InvalidSyntax, "scim.twice", "Attribute", name)
	}
	into[t.attr.Name] = value
	return nil
}

// typed is a sent value as the attribute has it: booleans also from texts, one value also
// where a list belongs, a text also as {"value": …}. nil takes the value away.
func typed(a *attribute, v any) (any, error) {
	switch {
	case empty(v):
		return nil, nil //nolint:nilnil // no value and no error
	case a.MultiValued:
		return typedList(*a, v)
	case a.Type == aComplex:
		return typedParts(a, v)
	}
	return typedPlain(a, v)
}

func wrongValue(a *attribute) error {
	return Bad(InvalidValue, "scim.wrong_value", "Attribute", a.Name)
}

func typedList(a attribute, v any) (any, error) {
	a.MultiValued = false
	all := []any{}
	for _, each := range Listed(v) {
		value, err := typed(&a, each)
		if err != nil {
			return nil, err
		}
		if value != nil {
			all = append(all, value)
		}
	}
	return all, nil
}

func typedParts(a *attribute, v any) (any, error) {
	inner, ok := v.(Doc)
	if text, plain := v.(string); plain && a.sub("value") != nil {
		inner, ok = Doc{"value": text}, true
	}
	if !ok {
		return nil, wrongValue(a)
	}
	value := Doc{}
	for name, each := range inner {
		sub := a.sub(name)
		if sub == nil {
			if empty(each) {
				continue
			}
			return nil, Bad(InvalidValue, "scim.not_kept", "Attribute", a.Name+"."+name)
		}
		part, err := typed(sub, each)
		if err != nil {
			return nil, err
		}
		if part != nil {
			value[sub.Name] = part
		}
	}
	return value, nil
}

func typedPlain(a *attribute, v any) (any, error) {
	if list, ok := v.([]any); ok && len(list) == 1 {
		v = list[0]
	}
	if inner, ok := v.(Doc); ok && len(inner) == 1 {
		v = Get(inner, "value")
	}
	text, isText := v.(string)
	if a.Type != aBoolean {
		if !isText {
			return nil, wrongValue(a)
		}
		return text, nil
	}
	value, ok := Truth(v)
	if !ok {
		return nil, wrongValue(a)
	}
	return value, nil
}

// TextOf is the text at the path of names in a document; empty without one.
func TextOf(d Doc, path ...string) string {
	for _, name := range path[:len(path)-1] {
		inner, ok := d[name].(Doc)
		if !ok {
			return ""
		}
		d = inner
	}
	s, _ := d[path[len(path)-1]].(string)
	return s
}

// Number is the identity that the text is, and whether it is one.
func Number(s string) (int64, bool) {
	id, err := strconv.ParseInt(s, 10, 64)
	return id, err == nil && id > 0 && strconv.FormatInt(id, 10) == s
}
