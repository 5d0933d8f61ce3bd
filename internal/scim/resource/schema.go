package resource

import (
	"strings"

	filter "github.com/scim2/filter-parser/v2"
)

// The names of schemas and messages.
const (
	UserSchema       = "urn:ietf:params:scim:schemas:core:2.0:User"
	GroupSchema      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	EnterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	NumberSchema     = "urn:ietf:params:scim:schemas:extension:yrkesresan:2.0:User"
	SchemaSchema     = "urn:ietf:params:scim:schemas:core:2.0:Schema"
	TypeSchema       = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	ConfigSchema     = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	ListMessage      = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	BulkAnswer       = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
	ErrorMessage     = "urn:ietf:params:scim:api:messages:2.0:Error"
)

// The types of attributes.
const (
	aString   = "string"
	aBoolean  = "boolean"
	aDateTime = "dateTime"
	aComplex  = "complex"
)

// The mutabilities of what a client cannot write, and of what it can do nothing else with.
const (
	readOnly  = "readOnly"
	writeOnly = "writeOnly"
)

// attribute is what /Schemas says of one, and what bodies, paths and filters are read by.
type attribute struct {
	Name          string      `json:"name"`
	Type          string      `json:"type"`
	MultiValued   bool        `json:"multiValued"`
	Description   string      `json:"description"`
	Required      bool        `json:"required"`
	CaseExact     bool        `json:"caseExact"`
	Mutability    string      `json:"mutability"`
	Returned      string      `json:"returned"`
	Uniqueness    string      `json:"uniqueness"`
	SubAttributes []attribute `json:"subAttributes,omitempty"`
}

// sub is the part with the name, in any letter case; nil without one.
func (a *attribute) sub(name string) *attribute { return named(a.SubAttributes, name) }

func named(all []attribute, name string) *attribute {
	for i := range all {
		if strings.EqualFold(all[i].Name, name) {
			return &all[i]
		}
	}
	return nil
}

func simple(name, Kind, description string) attribute {
	return attribute{Name: name, Type: Kind, Description: description, Mutability: "readWrite", Returned: "default", Uniqueness: "none"}
}

func complexOf(name, description string, parts ...attribute) attribute {
	a := simple(name, aComplex, description)
	a.SubAttributes = parts
	return a
}

func (a attribute) with(change func(*attribute)) attribute {
	change(&a)
	return a
}

func exact(a *attribute)    { a.CaseExact = true }
func many(a *attribute)     { a.MultiValued = true }
func required(a *attribute) { a.Required = true }
func fixed(a *attribute) {
	a.Mutability = readOnly
	for i := range a.SubAttributes {
		a.SubAttributes[i].Mutability = readOnly
	}
}
func secret(a *attribute) { a.Mutability, a.Returned = writeOnly, "never" }
func unique(a *attribute) { a.Uniqueness = "server" }
func always(a *attribute) { a.Returned = "always" }

// Schema is one of /Schemas.
type Schema struct {
	ID, Name, Description string
	Attributes            []attribute
}

// common are the attributes of every resource, which no schema lists.
var common = []attribute{
	simple("id", aString, "Yrkesresan's own identity.").with(exact).with(fixed).with(unique).with(always),
	simple("schemas", aString, "The schemas of the resource.").with(exact).with(many).with(fixed).with(always),
	complexOf("meta", "When and where the resource is.",
		simple("resourceType", aString, "").with(exact),
		simple("created", aDateTime, ""),
		simple("lastModified", aDateTime, ""),
		simple("location", aString, "").with(exact),
		simple("version", aString, "").with(exact),
	).with(fixed),
}

var externalID = simple("externalId", aString, "What the client calls the resource.").with(exact).with(unique)

// Users are people.
var Users = Kind{
	Name: "User", Path: "/Users",
	Core: Schema{UserSchema, "User", "Somebody who is or was employed in the municipality.", []attribute{
		simple("userName", aString, "The e-mail address, else the employee number, unless the client says another. In any letter case.").with(required).with(unique),
		complexOf("name", "What they are called. One of the two parts is enough.",
			simple("formatted", aString, "The whole name: made of the parts, read only where both are missing."),
			simple("givenName", aString, ""),
			simple("familyName", aString, ""),
		),
		simple("displayName", aString, "The whole name: made of the parts, read only where both are missing."),
		simple("title", aString, "The profession."),
		simple("active", aBoolean, "Employed in the municipality after today."),
		complexOf("emails", "The address at work: one.",
			simple("value", aString, "").with(unique),
			simple("type", aString, "Always work."),
			simple("primary", aBoolean, "Always true."),
		).with(many),
		complexOf("groups", "The unit where they are employed.",
			simple("value", aString, "").with(exact),
			simple("$ref", aString, "").with(exact),
			simple("display", aString, ""),
			simple("type", aString, ""),
		).with(many).with(fixed),
	}},
	Extensions: []Schema{{EnterpriseSchema, "EnterpriseUser", "What a personnel system knows of somebody.", []attribute{
		simple("employeeNumber", aString, "The municipality's own staff id.").with(exact).with(unique),
		simple("department", aString, "The unit; one that is not there is made. Without one they are employed by the municipality itself."),
	}}, {NumberSchema, "YrkesresanUser", "What finds somebody who was known before.", []attribute{
		simple("personalNumber", aString, "The personal identity or co-ordination number. A keyed mark of it is kept, never the number; it is not told and cannot be searched for.").with(unique).with(secret),
	}}},
}

// Groups are units.
var Groups = Kind{
	Name: "Group", Path: "/Groups",
	Core: Schema{GroupSchema, "Group", "A unit of the municipality.", []attribute{
		simple("displayName", aString, "The unit's name.").with(required).with(unique),
		complexOf("members", "Those who are employed there. Who is added moves there today; who is removed is employed by the municipality itself.",
			simple("value", aString, "").with(exact),
			simple("$ref", aString, "").with(exact),
			simple("display", aString, ""),
			simple("type", aString, ""),
		).with(many),
	}},
}

func init() { //nolint:gochecknoinits // externalId is common, but with us only users have one
	Users.common = append([]attribute{externalID}, common...)
	Groups.common = common
}

// Kind is a resource type.
type Kind struct {
	Name, Path string // its endpoint
	Core       Schema
	Extensions []Schema
	common     []attribute
}

func (k *Kind) schemas() []string {
	all := []string{k.Core.ID}
	for _, e := range k.Extensions {
		all = append(all, e.ID)
	}
	return all
}

// extension is the one with the URN, in any letter case; nil without one.
func (k *Kind) extension(urn string) *Schema {
	for i := range k.Extensions {
		if strings.EqualFold(urn, k.Extensions[i].ID) {
			return &k.Extensions[i]
		}
	}
	return nil
}

// Target is the attribute that a path names. urn is that of the extension, or empty.
type Target struct {
	urn  string
	attr *attribute
	sub  *attribute
}

// Name is the attribute as the schema writes it, with its part after a dot.
func (t Target) Name() string {
	if t.sub != nil {
		return t.attr.Name + "." + t.sub.Name
	}
	return t.attr.Name
}

// leaf is what a value of the target is of.
func (t Target) leaf() *attribute {
	if t.sub != nil {
		return t.sub
	}
	return t.attr
}

// find is the attribute with the name, in any letter case, in the schema with the URN, or
// without one in the core schema or those of every resource.
func (k *Kind) find(urn, name string) (Target, bool) {
	if e := k.extension(urn); e != nil {
		a := named(e.Attributes, name)
		return Target{urn: e.ID, attr: a}, a != nil
	}
	if urn != "" && !strings.EqualFold(urn, k.Core.ID) {
		return Target{}, false
	}
	a := named(k.Core.Attributes, name)
	if a == nil {
		a = named(k.common, name)
	}
	return Target{attr: a}, a != nil
}

// Resolve is the attribute that the parsed path names.
func (k *Kind) Resolve(p filter.AttributePath) (Target, bool) {
	t, ok := k.find(strings.TrimSuffix(p.URI(), ":"), p.AttributeName)
	if ok && p.SubAttribute != nil {
		t.sub = t.attr.sub(*p.SubAttribute)
		ok = t.sub != nil
	}
	return t, ok
}

// JSON is the schema as /Schemas has it.
func (s Schema) JSON(base string) map[string]any {
	return map[string]any{
		"schemas": []string{SchemaSchema}, "id": s.ID, "name": s.Name, "description": s.Description, "attributes": s.Attributes,
		"meta": map[string]any{"resourceType": "Schema", "location": base + "/Schemas/" + s.ID},
	}
}

// JSON is the resource type as /ResourceTypes has it.
func (k *Kind) JSON(base string) map[string]any {
	t := map[string]any{
		"schemas": []string{TypeSchema}, "id": k.Name, "name": k.Name, "endpoint": k.Path, "description": k.Core.Description, "schema": k.Core.ID,
		"meta": map[string]any{"resourceType": "ResourceType", "location": base + "/ResourceTypes/" + k.Name},
	}
	var more []map[string]any
	for _, e := range k.Extensions {
		more = append(more, map[string]any{"schema": e.ID, "required": false})
	}
	if len(more) > 0 {
		t["schemaExtensions"] = more
	}
	return t
}
