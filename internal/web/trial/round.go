package trial

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/db"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trial"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// OnRound tells on the page of a round that it is given in an edition that is tried, and
// lets those who manage it choose so before it begins.
func OnRound(v *visit.Visit, d round.Detail) (templ.Component, error) {
	if d.CancelledAt != nil {
		return templ.NopComponent, nil
	}
	t, err := trial.OfRound(v.Context(), v.Reader(), d.CourseID, d.EditionID)
	if err != nil || t == nil {
		return templ.NopComponent, err
	}
	tried, may := d.EditionID != nil && *d.EditionID == t.EditionID, t.Running() && d.Manages && d.FirstDay > v.Today
	if !tried && !may {
		return templ.NopComponent, nil
	}
	counts := v.T("trial.round_counts_" + yes(t.Counts))
	if tried {
		n := ui.Notice{Tone: ui.Info, Text: v.T("trial.round_tries", "Number", t.Number) + " " + counts}
		if may {
			n.Action = &ui.Action{Label: v.T("trial.round_try_not"), Href: address.RoundTrial(d.ID), Post: true, Kind: ui.Secondary, Hidden: []ui.Hidden{{Name: "try", Value: "no"}}}
		}
		return n.View(v.Lang), nil
	}
	text := v.T("trial.round_try_text", "Number", t.Number) + " " + counts
	if n := len(d.Enrolments); n > 0 {
		text += " " + v.T("trial.round_try_letters", "Count", n)
	}
	ask := ui.Confirm{
		ID: "try", Opener: ui.Action{Label: v.T("trial.round_try"), Kind: ui.Secondary, Small: true}, Title: v.T("trial.round_try_title"),
		Text:   text,
		Action: ui.Action{Label: v.T("trial.round_try"), Href: address.RoundTrial(d.ID), Post: true, Hidden: []ui.Hidden{{Name: "try", Value: "yes"}}},
	}
	return templ.Join(ui.Notice{Tone: ui.Info, Text: v.T("trial.round_may", "Number", t.Number)}.View(v.Lang), ask.View(v.Lang)), nil
}

// InRound lets the round be given in the edition that is tried, or no longer.
func InRound(v *visit.Visit) error {
	id, err := v.ID("round")
	if err != nil {
		return err
	}
	try := v.PostForm.Get("try") == "yes"
	if err := v.WriteRound(id, func(tx *db.Tx) error {
		return trial.InRound(v.Context(), tx, v.Viewer, id, try, v.Server.Site, v.Now)
	}); err != nil {
		return err
	}
	notice := "notice.trial_round"
	if !try {
		notice = "notice.trial_round_not"
	}
	return v.Redirect(visit.RoundPath(id), notice)
}
