package rounds

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/material"
	"yrkesresan/internal/web/handouts"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// material is what the visitor may read of the round's edition.
func (p *roundPage) material() templ.Component {
	d := p.d
	if d.EditionID == nil || d.CancelledAt != nil {
		return templ.NopComponent
	}
	var parts []templ.Component
	for _, audience := range []material.Audience{material.Participants, material.Trainers} {
		lines := handouts.MaterialLines(p.Visit, p.papers, audience)
		if len(lines) == 0 {
			continue
		}
		if audience == material.Trainers {
			parts = append(parts, ui.Paragraph(p.T("material.for_trainers")))
		}
		parts = append(parts, ui.MaterialList(p.Lang, lines))
	}
	if p.pack != nil {
		parts = append(parts, p.pack)
	}
	if !access.ManageMaterial(p.Viewer).Empty() {
		if len(parts) == 0 {
			parts = append(parts, ui.Paragraph(p.T("material.none_round")))
		}
		parts = append(parts, ui.Action{Label: p.T("material.manage"), Href: visit.CourseMaterialPath(d.CourseSlug), Kind: ui.Secondary, Small: true}.View(p.Lang))
	}
	if len(parts) == 0 {
		return templ.NopComponent
	}
	return ui.Section("material", p.T("material.title"), parts...)
}
