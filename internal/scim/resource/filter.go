package resource

import (
	"encoding/json"
	"strings"
	"time"

	filter "github.com/scim2/filter-parser/v2"

	"yrkesresan/internal/text"
)

// Bounds of a filter. The parser follows parentheses and tries in turn what a word may be.
const (
	maxFilter = 2000 // bytes
	maxNested = 10   // parentheses and brackets in each other
	maxTerms  = 60
)

// Condition is a filter that fits its kind of resource.
type Condition struct {
	Kind *Kind
	Expr filter.Expression
}

// ParseFilter reads a filter; invalidFilter for one that cannot be read or names what the
// resource does not have.
func (k *Kind) ParseFilter(s string) (*Condition, error) {
	if !parsable(s) {
		return nil, Bad(InvalidFilter, "scim.filter_wrong")
	}
	expr, err := filter.ParseFilter([]byte(s))
	if err != nil {
		return nil, Bad(InvalidFilter, "scim.filter_wrong")
	}
	terms := 0
	if err := k.check(expr, nil, &terms); err != nil {
		return nil, err
	}
	return &Condition{k, expr}, nil
}

// parsable tells whether the text is short and flat enough to be given to the parser.
func parsable(s string) bool {
	if len(s) > maxFilter || strings.Contains(s, "\x00") {
		return false
	}
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(' || c == '[':
			if depth++; depth > maxNested {
				return false
			}
		case c == ')' || c == ']':
			depth--
		}
	}
	return !quoted
}

// check finds the attributes of the expression, and the type of what each is compared with.
// inside is the attribute whose brackets it stands in, or nil.
func (k *Kind) check(e filter.Expression, inside *attribute, terms *int) error {
	if *terms++; *terms > maxTerms {
		return Bad(InvalidFilter, "scim.filter_long")
	}
	switch e := e.(type) {
	case *filter.LogicalExpression:
		if err := k.check(e.Left, inside, terms); err != nil {
			return err
		}
		return k.check(e.Right, inside, terms)
	case *filter.NotExpression:
		return k.check(e.Expression, inside, terms)
	case *filter.ValuePath:
		t, ok := k.Resolve(e.AttributePath)
		if !ok || inside != nil || t.sub != nil || t.attr.Type != aComplex {
			return Bad(InvalidFilter, "scim.unknown_attribute", "Attribute", e.AttributePath.String())
		}
		return k.check(e.ValueFilter, t.attr, terms)
	case *filter.AttributeExpression:
		leaf, ok := k.leafOf(e.AttributePath, inside)
		if !ok {
			return Bad(InvalidFilter, "scim.unknown_attribute", "Attribute", e.AttributePath.String())
		}
		return fitting(leaf, e)
	}
	return Bad(InvalidFilter, "scim.filter_wrong")
}

// leafOf is the attribute that is compared: of one with parts, its value.
func (k *Kind) leafOf(p filter.AttributePath, inside *attribute) (*attribute, bool) {
	if inside != nil {
		a := inside.sub(p.AttributeName)
		return a, a != nil && p.SubAttribute == nil && p.URIPrefix == nil
	}
	t, ok := k.Resolve(p)
	if !ok {
		return nil, false
	}
	leaf := t.leaf()
	if leaf.Type == aComplex {
		if value := leaf.sub("value"); value != nil {
			return value, true
		}
	}
	return leaf, true
}

// fitting tells what is wrong with comparing the attribute so.
func fitting(a *attribute, e *filter.AttributeExpression) error {
	if a.Mutability == writeOnly {
		return Bad(InvalidFilter, "scim.write_only", "Attribute", a.Name)
	}
	wrong := Bad(InvalidFilter, "scim.not_comparable", "Attribute", e.AttributePath.String(), "Operator", string(e.Operator))
	if e.Operator == filter.PR {
		return nil
	}
	if e.CompareValue == nil {
		if e.Operator != filter.EQ && e.Operator != filter.NE {
			return wrong
		}
		return nil
	}
	switch a.Type {
	case aBoolean:
		if _, ok := Truth(e.CompareValue); !ok || e.Operator != filter.EQ && e.Operator != filter.NE {
			return wrong
		}
	case aDateTime:
		if _, ok := Moment(e.CompareValue); !ok {
			return wrong
		}
	case aComplex:
		return wrong
	default:
		if _, ok := e.CompareValue.(string); !ok {
			return wrong
		}
	}
	return nil
}

// Truth is a boolean, also as a text.
func Truth(v any) (value, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case string:
		return strings.EqualFold(v, "true"), strings.EqualFold(v, "true") || strings.EqualFold(v, "false")
	}
	return false, false
}

func Moment(v any) (time.Time, bool) {
	s, _ := v.(string)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// Said is the text that a filter compares with: the parser leaves its escapes as they are.
func Said(v any) string {
	s, _ := v.(string)
	var plain string
	if json.Unmarshal([]byte(`"`+s+`"`), &plain) == nil {
		s = plain
	}
	return text.Line(s)
}

// Fits tells whether the document passes.
func (c *Condition) Fits(d Doc) bool { return c.Kind.fits(c.Expr, d, nil) }

// fits of an expression; inside is the attribute in whose brackets it stands, d then one of
// its values.
func (k *Kind) fits(e filter.Expression, d Doc, inside *attribute) bool {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		if e.Operator == filter.AND {
			return k.fits(e.Left, d, inside) && k.fits(e.Right, d, inside)
		}
		return k.fits(e.Left, d, inside) || k.fits(e.Right, d, inside)
	case *filter.NotExpression:
		return !k.fits(e.Expression, d, inside)
	case *filter.ValuePath:
		t, ok := k.Resolve(e.AttributePath)
		if !ok {
			return false
		}
		for _, each := range Listed(holder(d, t)[t.attr.Name]) {
			if part, ok := each.(Doc); ok && k.fits(e.ValueFilter, part, t.attr) {
				return true
			}
		}
	case *filter.AttributeExpression:
		leaf, ok := k.leafOf(e.AttributePath, inside)
		return ok && passes(leaf, e, k.values(e.AttributePath, d, inside))
	}
	return false
}

// holder is the part of a document in which the target stands.
func holder(d Doc, t Target) Doc {
	if t.urn == "" {
		return d
	}
	inner, _ := d[t.urn].(Doc)
	return inner
}

func Listed(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// values are those of the path in the document.
func (k *Kind) values(p filter.AttributePath, d Doc, inside *attribute) (all []any) {
	if inside != nil {
		return Listed(d[inside.sub(p.AttributeName).Name])
	}
	t, _ := k.Resolve(p)
	part := t.sub
	if part == nil {
		part = t.attr.sub("value")
	}
	for _, v := range Listed(holder(d, t)[t.attr.Name]) {
		if inner, ok := v.(Doc); ok && part != nil {
			all = append(all, Listed(inner[part.Name])...)
		} else {
			all = append(all, v)
		}
	}
	return all
}

// passes compares the values with what the expression says: one of them has to pass; ne is
// not eq.
func passes(a *attribute, e *filter.AttributeExpression, values []any) bool {
	here := false
	for _, v := range values {
		here = here || !empty(v)
	}
	switch {
	case e.Operator == filter.PR, e.Operator == filter.NE && e.CompareValue == nil:
		return here
	case e.Operator == filter.EQ && e.CompareValue == nil:
		return !here
	case e.Operator == filter.NE:
		equal := *e
		equal.Operator = filter.EQ
		return !passes(a, &equal, values)
	}
	for _, v := range values {
		if compares(a, e, v) {
			return true
		}
	}
	return false
}

func compares(a *attribute, e *filter.AttributeExpression, v any) bool {
	switch a.Type {
	case aBoolean:
		want, _ := Truth(e.CompareValue)
		return v == want
	case aDateTime:
		if e.Operator == filter.CO || e.Operator == filter.SW || e.Operator == filter.EW {
			break
		}
		have, ok := Moment(v)
		want, _ := Moment(e.CompareValue)
		return ok && ordered(e.Operator, have.Compare(want))
	}
	have, ok := v.(string)
	if !ok {
		return false
	}
	want := Said(e.CompareValue)
	if !a.CaseExact {
		have, want = strings.ToLower(have), strings.ToLower(want)
	}
	switch e.Operator { //nolint:exhaustive // the others are by order
	case filter.CO:
		return strings.Contains(have, want)
	case filter.SW:
		return strings.HasPrefix(have, want)
	case filter.EW:
		return strings.HasSuffix(have, want)
	}
	return ordered(e.Operator, strings.Compare(have, want))
}

// ordered tells whether the operator holds of two values that compare so.
func ordered(o filter.CompareOperator, c int) bool {
	switch o { //nolint:exhaustive // those by order
	case filter.EQ:
		return c == 0
	case filter.GT:
		return c > 0
	case filter.GE:
		return c >= 0
	case filter.LT:
		return c < 0
	case filter.LE:
		return c <= 0
	}
	return false
}

// ParsePath reads the path of an attribute to sort by.
func (k *Kind) ParsePath(s string) (filter.AttributePath, error) {
	if !parsable(s) {
		return filter.AttributePath{}, Bad(InvalidPath, "scim.path_wrong")
	}
	p, err := filter.ParseAttrPath([]byte(s))
	if err != nil {
		return p, Bad(InvalidPath, "scim.path_wrong")
	}
	if _, ok := k.Resolve(p); !ok {
		return p, Bad(InvalidPath, "scim.unknown_attribute", "Attribute", s)
	}
	return p, nil
}
