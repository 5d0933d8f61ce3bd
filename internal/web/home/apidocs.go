package home

import (
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/api"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// APIDocs lists what other systems can ask of the API, as its own description
// says.
func APIDocs(v *visit.Visit) error {
	f := v.Frame(v.T("api.docs_title"))
	parts := []templ.Component{
		ui.PageHead{Title: v.T("api.docs_title"), Lead: v.T("api.docs_lead")}.View(v.Lang),
		ui.Section("start", v.T("api.docs_start"),
			ui.Paragraph(v.T("api.docs_token")),
			ui.CodeBlock(v.T("api.docs_example"), `curl -H "Authorization: Bearer $TOKEN" "`+v.Server.Site.Base+api.Prefix+`/rounds?region=dalarna"`),
			ui.CodeBlock(v.T("api.docs_example_send"), `curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -d '{"person": 17}' "`+v.Server.Site.Base+api.Prefix+`/rounds/4/enrolments"`),
			ui.Links([]ui.Action{
				{Label: v.T("api.docs_spec") + ", JSON", Href: api.Prefix + "/openapi.json"},
				{Label: v.T("api.docs_spec") + ", YAML", Href: api.Prefix + "/openapi.yaml"},
			})),
		ui.Section("problems", v.T("api.docs_problems"), ui.Paragraph(v.T("api.docs_problems_text"))),
	}
	if !access.Tokens(v.Viewer).Empty() {
		parts = append(parts, ui.Action{Label: v.T("entry.token.title"), Href: visit.TokensPath, Kind: ui.Secondary}.View(v.Lang))
	}
	var operations []templ.Component
	for _, op := range v.Server.API.Operations() {
		summary := op.Method + " " + op.Path + ": " + v.T(op.Key)
		inside := []templ.Component{ui.Paragraph(v.T("api.docs_answers", "Statuses", strings.Join(op.Statuses, ", ")))}
		if len(op.Fields) == 0 {
			inside = append(inside, ui.Paragraph(v.T("api.docs_no_fields")))
		} else {
			inside = append(inside, apiFields(v, op))
		}
		if len(op.Gives) > 0 {
			inside = append(inside, apiAnswer(v, op))
		}
		operations = append(operations, ui.Fold(summary, inside...))
	}
	return v.Page(f, append(parts, ui.Section("operations", v.T("api.docs_operations"), operations...))...)
}

func apiFields(v *visit.Visit, op api.Operation) templ.Component {
	t := ui.Table{
		ID: apiID(op), Caption: v.T("api.docs_fields"), Dense: true,
		Columns: []ui.Column{{Label: v.T("api.docs_field")}, {Label: v.T("api.docs_where")}, {Label: v.T("api.docs_type")}, {Label: v.T("api.docs_required")}},
	}
	for _, field := range op.Fields {
		required := v.T("api.docs_no")
		if field.Required {
			required = v.T("api.docs_yes")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(field.Name), ui.Text(v.T("api.docs_in." + field.In)), ui.Text(field.Type), ui.Text(required),
		}})
	}
	return t.View(v.Lang)
}

// apiAnswer is what stands in a good answer.
func apiAnswer(v *visit.Visit, op api.Operation) templ.Component {
	t := ui.Table{
		ID: apiID(op) + "-answer", Caption: v.T("api.docs_answer"), Dense: true,
		Columns: []ui.Column{{Label: v.T("api.docs_field")}, {Label: v.T("api.docs_type")}},
	}
	for _, field := range op.Gives {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(field.Name), ui.Text(field.Type)}})
	}
	return t.View(v.Lang)
}

func apiID(op api.Operation) string {
	return strings.ToLower(op.Method) + strings.NewReplacer("/", "-", "{", "", "}", "").Replace(op.Path)
}
