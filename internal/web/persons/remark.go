package persons

import (
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/db"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// remarks are what the person says is wrong, for those who can mend it, until they say
// that it is done.
func (p *personPage) remarks() (templ.Component, error) {
	all, err := people.RemarksOf(p.Context(), p.Reader(), p.Viewer, p.Person.ID, p.Today)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	var facts ui.Summary
	for _, r := range all {
		facts = append(facts, ui.Fact{Term: p.Lang.DayTime(r.WrittenAt), Slot: ui.Choices(
			ui.Paragraph(r.Text), ui.Paragraph(p.T("people.remark_went_to", "Readers", strings.Join(r.Readers, ", "))),
			ui.Action{Label: p.T("people.remark_finish"), About: p.Lang.DayTime(r.WrittenAt), Href: visit.RemarkPath(r.ID, "end"), Post: true, Kind: ui.Secondary, Small: true}.View(p.Lang),
		)})
	}
	return ui.Section("remarks", p.T("people.remarks", "Name", p.Name()), facts.View(p.Lang)), nil
}

// FinishRemark says that what somebody said was wrong is seen to.
func FinishRemark(v *visit.Visit) error {
	return changePerson(v, "", "notice.remark_done", func(id int64, tx *db.Tx) error {
		return people.FinishRemark(v.Context(), tx, v.Viewer, id, v.Now)
	})
}
