package resource

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	filter "github.com/scim2/filter-parser/v2"
)

// Sort orders the documents by the first value at the path; those without one are last:
// RFC 7644 §3.4.2.3.
func (k *Kind) Sort(docs []Doc, by filter.AttributePath, falling bool) {
	t, _ := k.Resolve(by)
	key := func(d Doc) (string, bool) {
		values := k.values(by, d, nil)
		if len(values) == 0 {
			return "", false
		}
		switch v := values[0].(type) {
		case string:
			if !t.leaf().CaseExact {
				return strings.ToLower(v), true
			}
			return v, true
		case bool:
			return strconv.FormatBool(v), true
		}
		return "", false
	}
	slices.SortStableFunc(docs, func(a, b Doc) int {
		x, inX := key(a)
		y, inY := key(b)
		if inX != inY {
			if inX {
				return -1
			}
			return 1
		}
		if falling {
			return cmp.Compare(y, x)
		}
		return cmp.Compare(x, y)
	})
}

// Shown are the documents with the attributes that were asked for.
func (k *Kind) Shown(docs []Doc, attributes, excluded []string) []Doc {
	if len(attributes) == 0 && len(excluded) == 0 {
		return docs
	}
	all := make([]Doc, len(docs))
	for i, d := range docs {
		all[i] = k.Cut(d, attributes, excluded)
	}
	return all
}

// Cut is the document with the attributes alone, or without those excluded. id and schemas
// are always told.
func (k *Kind) Cut(d Doc, attributes, excluded []string) Doc {
	if len(attributes) == 0 && len(excluded) == 0 {
		return d
	}
	if len(attributes) > 0 {
		only := Doc{"id": d["id"], "schemas": d["schemas"]}
		for _, name := range attributes {
			k.copyAt(d, only, name)
		}
		return only
	}
	left := Copied(d)
	for _, name := range excluded {
		k.dropAt(left, name)
	}
	return left
}

// pathOf is what the name of an attribute in a list means: whole tells that it is a schema.
func (k *Kind) pathOf(name string) (t Target, whole, ok bool) {
	if e := k.extension(name); e != nil {
		return Target{urn: e.ID}, true, true
	}
	p, err := filter.ParseAttrPath([]byte(name))
	if len(name) > maxFilter || err != nil {
		return t, false, false
	}
	t, ok = k.Resolve(p)
	return t, false, ok
}

func (k *Kind) copyAt(d, into Doc, name string) {
	t, whole, ok := k.pathOf(name)
	switch {
	case !ok:
		return
	case whole:
		if v := d[t.urn]; v != nil {
			into[t.urn] = v
		}
		return
	}
	from := holder(d, t)
	v := from[t.attr.Name]
	if v == nil {
		return
	}
	if t.urn != "" {
		inner, ok := into[t.urn].(Doc)
		if !ok {
			inner = Doc{}
			into[t.urn] = inner
		}
		into = inner
	}
	if t.sub == nil {
		into[t.attr.Name] = v
		return
	}
	part := func(v, had any) Doc {
		inner, ok := had.(Doc)
		if !ok {
			inner = Doc{}
		}
		if whole, ok := v.(Doc); ok && whole[t.sub.Name] != nil {
			inner[t.sub.Name] = whole[t.sub.Name]
		}
		return inner
	}
	list, several := v.([]any)
	if !several {
		into[t.attr.Name] = part(v, into[t.attr.Name])
		return
	}
	had := Listed(into[t.attr.Name])
	parts := make([]any, len(list))
	for i := range list {
		var before any
		if i < len(had) {
			before = had[i]
		}
		parts[i] = part(list[i], before)
	}
	into[t.attr.Name] = parts
}

func (k *Kind) dropAt(d Doc, name string) {
	t, whole, ok := k.pathOf(name)
	switch {
	case !ok:
	case whole:
		delete(d, t.urn)
	case t.attr.Returned == "always":
	case t.sub == nil:
		delete(holder(d, t), t.attr.Name)
	default:
		for _, v := range Listed(holder(d, t)[t.attr.Name]) {
			if inner, ok := v.(Doc); ok {
				delete(inner, t.sub.Name)
			}
		}
	}
}

// Copied is a document whose parts can be changed without those of the other.
func Copied(d Doc) Doc {
	other := make(Doc, len(d))
	for name, v := range d {
		other[name] = copiedValue(v)
	}
	return other
}

func copiedValue(v any) any {
	switch v := v.(type) {
	case Doc:
		return Copied(v)
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = copiedValue(v[i])
		}
		return all
	}
	return v
}

// Names tells whether the text names the attribute.
func (k *Kind) Names(text, attribute string) bool {
	t, _, ok := k.pathOf(text)
	return ok && t.attr != nil && t.attr.Name == attribute
}

// About tells whether the expression asks for the attribute.
func (k *Kind) About(e filter.Expression, attribute string) bool {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		return k.About(e.Left, attribute) || k.About(e.Right, attribute)
	case *filter.NotExpression:
		return k.About(e.Expression, attribute)
	case *filter.ValuePath:
		return strings.EqualFold(e.AttributePath.AttributeName, attribute)
	case *filter.AttributeExpression:
		return strings.EqualFold(e.AttributePath.AttributeName, attribute)
	}
	return false
}
