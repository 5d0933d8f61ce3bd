package handouts

import (
	"errors"

	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/material"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// PackLink leads to the pack of an edition, for those who may read it; nothing
// for others, and for an edition without content.
func PackLink(v *visit.Visit, editionID *int64) (templ.Component, error) {
	if editionID == nil {
		return nil, nil
	}
	c, err := catalogue.ContentOf(v.Context(), v.Reader(), *editionID)
	if errors.Is(err, fault.NotFound) || err == nil && c.Pack.Empty() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	reads, err := material.ReadsPack(v.Context(), v.Reader(), v.Viewer, *editionID)
	if err != nil || !reads {
		return nil, err
	}
	return ui.Action{Label: v.T("workshop.open_pack"), Href: visit.PackPath(*editionID), Kind: ui.Secondary, Small: true}.View(v.Lang), nil
}

// PacksToRead are the trainer packs of the courses in whose teams the visitor
// is; nothing when there are none.
func PacksToRead(v *visit.Visit) ([]templ.Component, error) {
	packs, err := material.Packs(v.Context(), v.Reader(), v.Viewer)
	if err != nil || len(packs) == 0 {
		return nil, err
	}
	var lines []ui.MaterialLine
	for _, p := range packs {
		lines = append(lines, ui.MaterialLine{Title: p.Course, Href: visit.PackPath(p.EditionID)})
	}
	return []templ.Component{ui.Section("packs", v.T("workshop.packs"), ui.MaterialList(v.Lang, lines))}, nil
}
