package stafffile

import (
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/intake/undo"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// AskUndo is what would become of each row if the import were taken back.
func AskUndo(v *visit.Visit) error {
	i, m, err := inAddress(v)
	if err != nil {
		return err
	}
	possible, err := undo.Possible(v.Context(), v.Reader(), i)
	if err != nil {
		return err
	}
	if !possible {
		return fault.Conflict("intake.undo_not_now")
	}
	v.TakeTime()
	sum, err := undo.Foresee(v.Context(), v.Reader(), i)
	if err != nil {
		return err
	}
	title := v.T("intake.page.undo")
	f := v.Frame(title, v.CrumbsOf(m, ui.Crumb{Label: v.T("intake.page.title"), Href: visit.MunicipalityPath(m, "imports")},
		ui.Crumb{Label: i.FileName, Href: address.StaffFile(i.ID)}, ui.Crumb{Label: title})...)
	parts := []templ.Component{
		ui.PageHead{Title: title, Tag: state(v, i), Lead: v.T("intake.page.undo_lead")}.View(v.Lang),
		outcomes(v, i, sum).View(v.Lang),
		ui.Paragraph(v.T("intake.page.undo_rules")),
		ui.Form(address.StaffFile(i.ID, "reversal"), v.T("intake.page.undo"), nil).View(v.Lang),
	}
	table, err := tabbed(v, i, []intake.Act{intake.Add, intake.Change, intake.End}, "undo", true)
	if err != nil {
		return err
	}
	return v.Page(f, append(parts, table...)...)
}

// outcomes is how many rows come to what.
func outcomes(v *visit.Visit, i intake.Import, sum undo.Sum) (all ui.Figures) {
	for _, o := range undo.Outcomes {
		if sum[o] > 0 {
			all = append(all, ui.Figure{Label: v.T(outcomeKey(i, o)), Value: v.Lang.Number(int64(sum[o]))})
		}
	}
	return all
}

// outcomeKey is the message of an outcome: what happens, or what has happened.
func outcomeKey(i intake.Import, o undo.Outcome) string {
	if i.State == intake.Undone || i.State == intake.Undoing {
		return "intake.undone." + string(o)
	}
	return "intake.undo." + string(o)
}

// effect says what becomes of a row.
func effect(v *visit.Visit, i intake.Import, e undo.Effect) ui.Cell {
	if e.Outcome == "" {
		return ui.Text("")
	}
	c := ui.Text(v.T(outcomeKey(i, e.Outcome)))
	var stays []string
	for _, p := range e.Stays {
		stays = append(stays, v.T("intake.part."+string(p)))
	}
	if len(stays) > 0 {
		c.Note = v.T("intake.undo.stays", "Parts", strings.Join(stays, ", "))
	}
	return c
}

// Undo takes the import back.
func Undo(v *visit.Visit) error {
	i, _, err := inAddress(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		i, err = undo.Start(v.Context(), tx, v.Viewer, i.ID, v.Now)
		return err
	}); err != nil {
		return err
	}
	if i.Added+i.Changed+i.Ended > atOnce {
		return v.Redirect(address.StaffFile(i.ID), "notice.staff_undoing")
	}
	v.TakeTime()
	if err := undo.Run(v.Context(), v.Server.DB, i.ID, func() clock.Instant { return v.Now }, nil); err != nil {
		return err
	}
	return v.Redirect(address.StaffFile(i.ID), "notice.staff_undone")
}
