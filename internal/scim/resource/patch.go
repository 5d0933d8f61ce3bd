package resource

import (
	"maps"
	"slices"
	"strings"

	filter "github.com/scim2/filter-parser/v2"
)

// maxPatch is how many operations a PATCH may have.
const maxPatch = 200

// Change is one change of a document: of a single operation of a PATCH, or of one name in
// an operation without a path.
type Change struct {
	op    string // add, replace, remove
	at    Target
	where filter.Expression // which of several values; nil: all
	value any
}

// Changes reads the operations of a PATCH. op is in any letter case; without a path the
// value is a document whose names may be paths themselves.
func (k *Kind) Changes(body Doc) ([]Change, error) {
	operations, ok := Get(body, "Operations").([]any)
	if !ok || len(operations) == 0 || len(operations) > maxPatch {
		return nil, Bad(InvalidSyntax, "scim.no_operations", "Max", maxPatch)
	}
	var all []Change
	for _, each := range operations {
		operation, _ := each.(Doc)
		op, _ := Get(operation, "op").(string)
		op = strings.ToLower(op)
		if !slices.Contains([]string{"add", "replace", "remove"}, op) {
			return nil, Bad(InvalidSyntax, "scim.unknown_op", "Op", op)
		}
		path, _ := Get(operation, "path").(string)
		value := Get(operation, "value")
		if path != "" {
			more, err := k.changesAt(op, path, value)
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
			continue
		}
		if op == "remove" {
			return nil, Bad(NoTarget, "scim.remove_what")
		}
		names, ok := value.(Doc)
		if !ok {
			return nil, Bad(InvalidValue, "scim.wrong_value", "Attribute", "value")
		}
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if t, ok := k.find("", name); ok && t.attr.Mutability == readOnly {
				continue // a client's copy of what it read
			}
			more, err := k.changesAt(op, name, names[name])
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
	}
	return all, nil
}

// changesAt are the changes at a path; several for a schema, whose value has names again.
func (k *Kind) changesAt(op, path string, value any) ([]Change, error) {
	for _, urn := range k.schemas() {
		if !strings.EqualFold(path, urn) {
			continue
		}
		names, ok := value.(Doc)
		if e := k.extension(urn); op == "remove" && empty(value) && e != nil {
			names, ok = Doc{}, true
			for _, a := range e.Attributes {
				names[a.Name] = nil
			}
		}
		if !ok {
			return nil, Bad(InvalidValue, "scim.wrong_value", "Attribute", path)
		}
		var all []Change
		for _, name := range slices.Sorted(maps.Keys(names)) {
			more, err := k.changesAt(op, urn+":"+name, names[name])
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
		return all, nil
	}
	c, err := k.changeAt(op, path, value)
	if err != nil {
		return nil, err
	}
	return []Change{c}, nil
}

func (k *Kind) changeAt(op, path string, value any) (Change, error) {
	unknown := Bad(InvalidPath, "scim.not_kept", "Attribute", path)
	if !parsable(path) {
		return Change{}, Bad(InvalidPath, "scim.path_wrong")
	}
	p, err := filter.ParsePath([]byte(path))
	if err != nil {
		return Change{}, Bad(InvalidPath, "scim.path_wrong")
	}
	c := Change{op: op, where: p.ValueExpression, value: value}
	var ok bool
	if c.at, ok = k.Resolve(p.AttributePath); !ok {
		return Change{}, unknown
	}
	if c.where != nil {
		terms := 0
		if c.at.sub != nil || c.at.attr.Type != aComplex || !c.at.attr.MultiValued || k.check(c.where, c.at.attr, &terms) != nil {
			return Change{}, Bad(InvalidPath, "scim.path_wrong")
		}
	}
	if p.SubAttribute != nil {
		if c.at.sub = c.at.attr.sub(*p.SubAttribute); c.at.sub == nil {
			return Change{}, unknown
		}
	}
	if c.at.attr.Mutability == readOnly {
		return Change{}, Bad(Mutability, "scim.read_only", "Attribute", path)
	}
	if c.op == "remove" {
		if c.at.attr.Name == "active" {
			return Change{}, Bad(Mutability, "scim.missing", "Attribute", "active")
		}
		return c, nil
	}
	if empty(value) && c.at.attr.Name == "active" {
		return Change{}, Bad(InvalidValue, "scim.missing", "Attribute", "active")
	}
	leaf := *c.at.leaf()
	if c.where != nil && c.at.sub == nil {
		leaf.MultiValued = false
	}
	if c.value, err = typed(&leaf, value); err != nil {
		return Change{}, err
	}
	return c, nil
}

// Apply makes the changes in the document.
func (k *Kind) Apply(d Doc, all []Change) error {
	for _, c := range all {
		into := d
		if c.at.urn != "" {
			inner, ok := d[c.at.urn].(Doc)
			if !ok {
				inner = Doc{}
				d[c.at.urn] = inner
			}
			into = inner
		}
		var err error
		if c.at.attr.MultiValued {
			err = k.applyToMany(into, c)
		} else {
			applyToOne(into, c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// applyToOne changes a single value. For one value Add is Replace; of one with parts those
// that are told are replaced; Remove takes away, whatever value it carries.
func applyToOne(into Doc, c Change) {
	name := c.at.attr.Name
	remove := c.op == "remove" || c.value == nil
	if c.at.sub == nil && c.at.attr.Type != aComplex {
		if remove {
			delete(into, name)
		} else {
			into[name] = c.value
		}
		return
	}
	parts, ok := into[name].(Doc)
	if !ok {
		parts = Doc{}
	}
	switch {
	case remove && c.at.sub == nil:
		delete(into, name)
		return
	case remove:
		delete(parts, c.at.sub.Name)
	case c.at.sub != nil:
		parts[c.at.sub.Name] = c.value
	default:
		for part, value := range c.value.(Doc) { //nolint:forcetypeassert // as typed made it
			parts[part] = value
		}
	}
	if name == "name" { // the whole is made of the parts
		if _, told := c.value.(Doc); c.at.sub == nil && told || c.at.sub != nil && c.at.sub.Name != "formatted" {
			if parts["givenName"] != nil || parts["familyName"] != nil {
				delete(parts, "formatted")
			}
		}
	}
	into[name] = parts
}

// applyToMany changes several values, or those of them that the brackets choose.
func (k *Kind) applyToMany(into Doc, c Change) error {
	name := c.at.attr.Name
	have := Listed(into[name])
	chosen := func(v any) bool {
		part, ok := v.(Doc)
		return c.where == nil || ok && k.fits(c.where, part, c.at.attr)
	}
	if c.op == "remove" || c.value == nil {
		into[name] = without(have, c, chosen)
		return nil
	}
	if c.where == nil && c.at.sub == nil {
		told := Listed(c.value)
		if c.op == "add" && name != "emails" { // of addresses there is one: Add is Replace
			told = append(have, told...)
		}
		into[name] = told
		return nil
	}
	found := false
	for i, v := range have {
		part, ok := v.(Doc)
		if !ok || !chosen(v) {
			continue
		}
		found = true
		switch {
		case c.at.sub != nil:
			part[c.at.sub.Name] = c.value
		case c.op == "add":
			for each, value := range c.value.(Doc) { //nolint:forcetypeassert // as typed made it
				part[each] = value
			}
		default:
			have[i] = c.value
		}
	}
	if !found { // real clients mean that it is to be made
		made := Doc{}
		if !implied(c.where, made, c.at.attr) {
			return Bad(NoTarget, "scim.no_target", "Attribute", name)
		}
		if c.at.sub != nil {
			made[c.at.sub.Name] = c.value
		} else {
			for each, value := range c.value.(Doc) { //nolint:forcetypeassert // as typed made it
				made[each] = value
			}
		}
		have = append(have, made)
	}
	into[name] = have
	return nil
}

// without are the values that a Remove leaves: of those chosen, or where it carries some,
// of the same.
func without(have []any, c Change, chosen func(any) bool) []any {
	var carried []string
	if c.where == nil && c.at.sub == nil {
		for _, v := range Listed(c.value) {
			if part, ok := v.(Doc); ok {
				v = Get(part, "value")
			}
			s, _ := v.(string)
			carried = append(carried, strings.ToLower(s))
		}
	}
	left := []any{}
	for _, v := range have {
		part, _ := v.(Doc)
		if !chosen(v) || len(carried) > 0 && !slices.Contains(carried, strings.ToLower(TextOf(part, "value"))) {
			left = append(left, v)
			continue
		}
		if c.at.sub != nil && c.at.sub.Name != "value" {
			delete(part, c.at.sub.Name)
			left = append(left, v)
		}
	}
	return left
}

// implied writes what the brackets say of a value that is not there; false when they do not
// say what it would be.
func implied(e filter.Expression, made Doc, a *attribute) bool {
	switch e := e.(type) {
	case nil:
		return true
	case *filter.LogicalExpression:
		return e.Operator == filter.AND && implied(e.Left, made, a) && implied(e.Right, made, a)
	case *filter.AttributeExpression:
		sub := a.sub(e.AttributePath.AttributeName)
		if sub == nil || e.Operator != filter.EQ || e.CompareValue == nil {
			return false
		}
		value := e.CompareValue
		if _, ok := value.(string); ok {
			value = Said(value)
		}
		made[sub.Name] = value
		return true
	}
	return false
}
