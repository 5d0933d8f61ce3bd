package scim

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/mail"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/personalnumber"
	"yrkesresan/internal/scim/resource"
)

// user is somebody as the door knows them. Of an employment that has ended it is the last.
type user struct {
	id             int64
	given, family  string
	email          string
	created        clock.Instant
	changed        clock.Instant
	employment     int64
	unit           int64 // or the municipality itself
	department     string
	title          string
	from           clock.Day
	until          *clock.Day
	known          bool   // has a row in scim_user
	userName       string // what the client says; empty while it follows the address
	externalID     string
	employeeNumber string
	staffID        string // the first of those that the municipality has given them
	deleted        bool
	active         bool
}

// complete derives what is told from what is kept, on the day.
func (u *user) complete(today clock.Day) {
	u.active = u.until == nil || *u.until > today && *u.until > u.from
	if !u.known {
		u.externalID, u.employeeNumber = u.staffID, u.staffID
	}
}

// name is what they sign as: what the client said, else the address, else the staff id.
func (u *user) name() string {
	for _, name := range []string{u.userName, u.email, u.employeeNumber, u.externalID, u.staffID} {
		if name != "" {
			return name
		}
	}
	return strconv.FormatInt(u.id, 10)
}

func (u *user) whole() string { return strings.TrimSpace(u.given + " " + u.family) }

// doc is the user as a resource.
func (u *user) doc(base string) resource.Doc { return tagOf(u.untagged(base)) }

// tagOf gives the resource its version.
func tagOf(d resource.Doc) resource.Doc {
	tag := version(without(d, "meta"))
	if meta, ok := d["meta"].(resource.Doc); ok {
		meta["version"] = tag
	}
	return d
}

// untagged is the user without a version, which takes longer than the rest.
func (u *user) untagged(base string) resource.Doc {
	id := strconv.FormatInt(u.id, 10)
	d := resource.Doc{"schemas": []any{resource.UserSchema, resource.EnterpriseSchema}, "id": id, "userName": u.name(), "displayName": u.whole(), "active": u.active}
	name := resource.Doc{"formatted": u.whole()}
	put(name, "givenName", u.given)
	put(name, "familyName", u.family)
	d["name"] = name
	put(d, "externalId", u.externalID)
	put(d, "title", u.title)
	if u.email != "" {
		d["emails"] = []any{resource.Doc{"value": u.email, "type": "work", "primary": true}}
	}
	if u.department != "" && u.active {
		d["groups"] = []any{resource.Doc{"value": strconv.FormatInt(u.unit, 10), "$ref": base + resource.Groups.Path + "/" + strconv.FormatInt(u.unit, 10), "display": u.department, "type": "direct"}}
	}
	more := resource.Doc{}
	put(more, "employeeNumber", u.employeeNumber)
	put(more, "department", u.department)
	if len(more) > 0 {
		d[resource.EnterpriseSchema] = more
	}
	d["meta"] = resource.Doc{
		"resourceType": resource.Users.Name, "created": written(u.created), "lastModified": written(u.changed), "location": base + resource.Users.Path + "/" + id,
	}
	return d
}

func put(d resource.Doc, name, value string) {
	if value != "" {
		d[name] = value
	}
}

func written(i clock.Instant) string { return i.Time().UTC().Format(time.RFC3339Nano) }

// version is the weak tag of a resource: it changes with whatever the resource says, by
// whichever door that was changed.
func version(d resource.Doc) string {
	text, err := json.Marshal(d) // keys in order
	if err != nil {
		panic(err) // texts and booleans
	}
	sum := sha256.Sum256(text)
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// wanted is what a client says of somebody.
type wanted struct {
	userName, externalID, given, family, email, title, employeeNumber, department string
	active                                                                        bool
	number                                                                        personalnumber.Number // until it is marked
}

// said is what is said of the user as they are.
func (u *user) said() wanted {
	return wanted{u.name(), u.externalID, u.given, u.family, u.email, u.title, u.employeeNumber, u.department, u.active, personalnumber.Number{}}
}

// longest is how many characters a text may have.
var longest = map[string]int{"userName": 254, "externalId": 200, "title": 100, "employeeNumber": 100, "department": 100}

// wantedOf reads a normalised document on the day. Without a word about it somebody is active.
func wantedOf(d resource.Doc, today clock.Day) (wanted, error) {
	w := wanted{
		userName: resource.TextOf(d, "userName"), externalID: resource.TextOf(d, "externalId"), title: resource.TextOf(d, "title"),
		given: resource.TextOf(d, "name", "givenName"), family: resource.TextOf(d, "name", "familyName"),
		employeeNumber: resource.TextOf(d, resource.EnterpriseSchema, "employeeNumber"), department: resource.TextOf(d, resource.EnterpriseSchema, "department"), active: true,
	}
	if active, told := d["active"].(bool); told {
		w.active = active
	}
	for name, value := range map[string]string{
		"userName": w.userName, "externalId": w.externalID, "title": w.title, "employeeNumber": w.employeeNumber, "department": w.department,
	} {
		if utf8.RuneCountInString(value) > longest[name] {
			return w, resource.Bad(resource.InvalidValue, "scim.too_long", "Attribute", name, "Max", longest[name])
		}
	}
	if w.given == "" && w.family == "" {
		whole := resource.TextOf(d, "name", "formatted")
		if whole == "" {
			whole = resource.TextOf(d, "displayName")
		}
		w.given, w.family = split(whole)
	}
	for _, each := range resource.Listed(d["emails"]) {
		e, _ := each.(resource.Doc)
		if kind := resource.TextOf(e, "type"); kind != "" && !strings.EqualFold(kind, "work") {
			return w, resource.Bad(resource.InvalidValue, "scim.email_kind", "Kind", kind)
		}
		value := strings.ToLower(resource.TextOf(e, "value"))
		if value != "" && w.email != "" && value != w.email {
			return w, resource.Bad(resource.InvalidValue, "scim.one_email")
		}
		w.email = max(w.email, value)
	}
	var err error
	w.number, err = numberOf(d, today)
	return w, err
}

// split is a whole name as its parts: the last word is the family's.
func split(whole string) (given, family string) {
	if at := strings.LastIndexByte(whole, ' '); at > 0 {
		return whole[:at], whole[at+1:]
	}
	return whole, ""
}

// isAddress tells whether the text is an e-mail address.
func isAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}
