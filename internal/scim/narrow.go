package scim

import (
	"strings"

	filter "github.com/scim2/filter-parser/v2"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/scim/resource"
)

// narrowed is what of a filter SQL can decide: a condition on the columns of userQuery that
// everybody meets who passes the filter. exact tells that nobody else meets it.
type narrowed struct {
	sql   string
	args  []any
	exact bool
}

// everybody is the condition that narrows nothing.
var everybody = narrowed{sql: "TRUE"}

// narrow is the condition of an expression. What a personnel system asks all day, an
// identity, a name, a number or an address, is looked up by its index and then compared
// as SCIM says; whether somebody is active and when they changed is decided in SQL alone.
func narrow(e filter.Expression, municipality int64, today clock.Day) narrowed {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		left, right := narrow(e.Left, municipality, today), narrow(e.Right, municipality, today)
		return narrowed{
			sql:  "(" + left.sql + " " + strings.ToUpper(string(e.Operator)) + " " + right.sql + ")",
			args: append(append([]any(nil), left.args...), right.args...), exact: left.exact && right.exact,
		}
	case *filter.NotExpression:
		if inner := narrow(e.Expression, municipality, today); inner.exact {
			return narrowed{"NOT " + inner.sql, inner.args, true}
		}
	case *filter.ValuePath:
		if a, ok := e.ValueFilter.(*filter.AttributeExpression); ok && strings.EqualFold(e.AttributePath.AttributeName, "emails") &&
			strings.EqualFold(a.AttributePath.AttributeName, "value") && a.Operator == filter.EQ {
			return addressed(resource.Said(a.CompareValue))
		}
	case *filter.AttributeExpression:
		return narrowTerm(e, municipality, today)
	}
	return everybody
}

func addressed(address string) narrowed {
	return narrowed{"(e.person_id IN (SELECT id FROM person WHERE email = ?))", []any{strings.ToLower(address)}, false}
}

func narrowTerm(e *filter.AttributeExpression, municipality int64, today clock.Day) narrowed {
	t, ok := resource.Users.Resolve(e.AttributePath)
	if !ok || e.CompareValue == nil {
		return everybody
	}
	name := t.Name()
	value := resource.Said(e.CompareValue)
	switch {
	case name == "active":
		want, _ := resource.Truth(e.CompareValue)
		sql := "(" + activeSQL + ")"
		if want != (e.Operator == filter.EQ) {
			sql = "NOT " + sql
		}
		return narrowed{sql, []any{today}, true}
	case name == "meta.lastModified" && e.Operator != filter.CO && e.Operator != filter.SW && e.Operator != filter.EW:
		when, _ := resource.Moment(e.CompareValue)
		return narrowed{"(" + changedSQL + " " + signs[e.Operator] + " ?)", []any{clock.At(when)}, true}
	case e.Operator != filter.EQ:
		return everybody
	}
	switch name {
	case "id":
		id, ok := resource.Number(value)
		if !ok {
			return narrowed{"FALSE", nil, true}
		}
		return narrowed{"(e.person_id = ?)", []any{id}, true}
	case "emails", "emails.value":
		return addressed(value)
	case "userName":
		return narrowed{"(e.person_id IN (" + namedSQL + "))", namedArgs(municipality, value), false}
	case "externalId", "employeeNumber":
		return narrowed{
			"(e.person_id IN (SELECT person_id FROM scim_user WHERE municipality_id = ? AND external_id = ? UNION SELECT person_id FROM staff_number WHERE municipality_id = ? AND number = ?))",
			[]any{municipality, value, municipality, value}, false,
		}
	}
	return everybody
}

var signs = map[filter.CompareOperator]string{filter.EQ: "=", filter.NE: "<>", filter.GT: ">", filter.GE: ">=", filter.LT: "<", filter.LE: "<="}

// namedSQL are those who may have the user name, and perhaps others.
const namedSQL = `
	SELECT person_id FROM scim_user WHERE municipality_id = ? AND user_name_key = ?
	UNION
	SELECT id FROM person WHERE email = ?
	UNION
	SELECT person_id FROM staff_number WHERE municipality_id = ? AND number IN (?, ?, ?)
	UNION
	SELECT id FROM person WHERE id = ?`

func namedArgs(municipality int64, name string) []any {
	key := strings.ToLower(name)
	id, _ := resource.Number(name)
	return []any{municipality, key, key, municipality, name, key, strings.ToUpper(name), id}
}
