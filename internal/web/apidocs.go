package web

import (
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/api"
	"yrkesresan/internal/web/ui"
)

// apiDocs lists what other systems can ask of the API, as its own description
// says.
func (s *Server) apiDocs(v *Visit) error {
	f := v.Frame(v.T("api.docs_title"))
	parts := []templ.Component{
		ui.PageHead{Title: v.T("api.docs_title"), Lead: v.T("api.docs_lead")}.View(v.Lang),
		section("start", v.T("api.docs_start"),
			paragraph(v.T("api.docs_token")),
			codeBlock(v.T("api.docs_example"), "curl -H \"Authorization: Bearer $TOKEN\" "+v.site()+api.Prefix+"/rounds?region=dalarna"),
			links([]ui.Action{
				{Label: v.T("api.docs_spec") + ", JSON", Href: api.Prefix + "/openapi.json"},
				{Label: v.T("api.docs_spec") + ", YAML", Href: api.Prefix + "/openapi.yaml"},
			})),
		section("problems", v.T("api.docs_problems"), paragraph(v.T("api.docs_problems_text"))),
	}
	var operations []templ.Component
	for _, op := range s.api.Operations() {
		summary := op.Method + " " + op.Path + ": " + v.T(op.Key)
		inside := []templ.Component{paragraph(v.T("api.docs_answers", "Statuses", strings.Join(op.Statuses, ", ")))}
		if len(op.Fields) == 0 {
			inside = append(inside, paragraph(v.T("api.docs_no_fields")))
		} else {
			inside = append(inside, v.apiFields(op))
		}
		operations = append(operations, details(summary, inside...))
	}
	return v.Page(f, append(parts, section("operations", v.T("api.docs_operations"), operations...))...)
}

func (v *Visit) apiFields(op api.Operation) templ.Component {
	t := ui.Table{
		ID: strings.ToLower(op.Method) + strings.NewReplacer("/", "-", "{", "", "}", "").Replace(op.Path), Caption: v.T("api.docs_fields"), QuietTitle: true, Dense: true,
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
