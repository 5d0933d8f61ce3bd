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
	if d.CancelledAt != nil || d.LastDay < v.Today {
		return templ.NopComponent, nil
	}
	number, counts, err := trial.OfCourse(v.Context(), v.Reader(), d.CourseID)
	if err != nil || number == 0 {
		return templ.NopComponent, err
	}
	tried, may := d.Edition == number, d.Manages && d.FirstDay > v.Today
	if !tried && !may {
		return templ.NopComponent, nil
	}
	key := "trial.round_may"
	action := ui.Action{Label: v.T("trial.round_try"), Href: address.RoundTrial(d.ID), Post: true, Kind: ui.Secondary, Hidden: []ui.Hidden{{Name: "try", Value: yes(!tried)}}}
	if tried {
		key, action.Label = "trial.round_tries", v.T("trial.round_try_not")
	}
	n := ui.Notice{Tone: ui.Info, Text: v.T(key, "Number", number) + " " + v.T("trial.round_counts_"+yes(counts))}
	if may {
		n.Action = &action
	}
	return n.View(v.Lang), nil
}

// InRound lets the round be given in the edition that is tried, or no longer.
func InRound(v *visit.Visit) error {
	id, err := v.ID("round")
	if err != nil {
		return err
	}
	try := v.PostForm.Get("try") == "yes"
	if err := v.WriteRound(id, func(tx *db.Tx) error {
		return trial.InRound(v.Context(), tx, v.Viewer, id, try, v.Now)
	}); err != nil {
		return err
	}
	notice := "notice.trial_round"
	if !try {
		notice = "notice.trial_round_not"
	}
	return v.Redirect(visit.RoundPath(id), notice)
}
