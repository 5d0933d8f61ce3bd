package rounds

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/db"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/retirement"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

func Cancel(v *visit.Visit) error {
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	notice := "notice.round_cancelled"
	if d.Local() {
		notice = "notice.occasion_cancelled"
	}
	return v.ChangeRound(d, notice, func(tx *db.Tx) error {
		return planning.Cancel(v.Context(), tx, v.Viewer, d.ID, round.Cause(v.FormValue("cause")), v.FormValue("reason"), v.Now)
	})
}

func (p *roundPage) cancelled() templ.Component {
	if p.d.CancelledAt == nil {
		return templ.NopComponent
	}
	title := p.T("round.cancelled_on", "Day", p.d.CancelledAt.Day())
	if p.d.Local() {
		title = p.T("local.is_cancelled", "Day", p.d.CancelledAt.Day())
	}
	return ui.Notice{
		Tone: ui.Caution, Title: title, Text: p.T("round.cancel_reason", "Reason", p.d.CancelReason),
	}.View(p.Lang)
}

// cancellation asks why, and says in numbers whom it is about.
func (p *roundPage) cancellation() templ.Component {
	d := p.d
	switch {
	case d.Manages && d.PublishedAt == nil:
		return p.deletion() // there is nobody yet to call it off for
	case !d.Manages || d.CancelledAt != nil || d.Held > 0:
		return templ.NopComponent
	}
	sent := p.SentTo("cancellation")
	cancel := "round.cancel"
	if d.Local() {
		cancel = "local.cancel"
	}
	cause := ui.Field{Input: ui.RadioInput, Name: "cause", Label: p.T("round.cause"), Hint: p.T("round.cause_hint")}
	for _, c := range round.Causes {
		cause.Options = append(cause.Options, ui.Option{Value: string(c), Label: p.T(c.Key())})
	}
	reason := ui.Field{Input: ui.TextareaInput, Name: "reason", Label: p.T("round.cancel_words"), Hint: p.T("round.cancel_hint")}
	switch {
	case sent:
		cause.Value, cause.Error = p.PostForm.Get("cause"), p.Wrong("cause")
		reason.Value, reason.Error = p.PostForm.Get("reason"), p.Wrong("reason")
	case d.TooFew() > 0:
		cause.Value, reason.Value = string(round.TooFewSeats), p.T(round.TooFewSeats.Key())
	}
	return ui.WithReason(p.Lang, ui.Confirm{
		ID: "cancellation", Opener: ui.Action{Label: p.T(cancel)}, Title: p.T(cancel) + "?",
		Text:   p.T("round.cancel_seats", "Count", d.Seats) + " " + p.T("round.cancel_days", "Count", d.Days) + " " + p.T("round.cancel_help"),
		Action: ui.Action{Label: p.T(cancel), Href: visit.RoundPath(d.ID, "cancellation"), Kind: ui.Danger},
	}, reason, sent, cause)
}

// Delete takes away a plan that was never published.
func Delete(v *visit.Visit) error {
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	if err := v.WriteRound(d.ID, func(tx *db.Tx) error { return planning.Delete(v.Context(), tx, v.Viewer, d.ID, v.Now) }); err != nil {
		return err
	}
	if d.National() {
		return v.Redirect(visit.RoundsPath, "notice.plan_deleted")
	}
	return v.Redirect(visit.InYear(visit.RegionPath(v.Server.Country[d.RegionID], "plan"), d.FirstDay.Year()), "notice.plan_deleted")
}

// deletion says in numbers what goes with the plan.
func (p *roundPage) deletion() templ.Component {
	asked := map[int64]bool{}
	for _, day := range p.d.CourseDays {
		for _, t := range day.Trainers {
			if t.AskedAt != nil {
				asked[t.PersonID] = true
			}
		}
	}
	text := p.T("round.delete_days", "Count", p.d.Days)
	if len(asked) > 0 {
		text += " " + p.T("round.delete_asked", "Count", len(asked))
	}
	return ui.Confirm{
		ID: "deletion", Opener: ui.Action{Label: p.T("round.delete")}, Title: p.T("round.delete_title"), Text: text + " " + p.T("round.delete_help"),
		Action: ui.Action{Label: p.T("round.delete"), Href: visit.RoundPath(p.d.ID, "deletion"), Kind: ui.Danger, Post: true},
	}.View(p.Lang)
}

// lifetime says that the round's course ends, or that nothing stands of its edition: the
// round is held all the same.
func (p *roundPage) lifetime() templ.Component {
	if p.d.CancelledAt != nil || p.d.LastDay < p.Today {
		return templ.NopComponent
	}
	var parts []templ.Component
	if from := p.d.RetiredFrom; from != nil {
		help := "lifetime.round_ends_help"
		if p.d.Retired(p.Today) {
			help = "lifetime.round_help"
		}
		parts = append(parts, retirement.Ends(p.Visit, from, p.T(help)))
	}
	if p.d.EditionID == nil {
		parts = append(parts, ui.Notice{Tone: ui.Info, Title: p.T("lifetime.none_stands"), Text: p.T("lifetime.none_stands_days")}.View(p.Lang))
	}
	return templ.Join(parts...)
}
