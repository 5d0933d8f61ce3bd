package visit

import (
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
)

func (v *Visit) RoundInAddress() (round.Detail, error) {
	id, err := v.ID("round")
	if err != nil {
		return round.Detail{}, err
	}
	return round.Get(v.Context(), v.Reader(), v.Viewer, id)
}

// ManagedRound is the round in the address for those who manage it; for others
// there is none.
func (v *Visit) ManagedRound() (round.Detail, error) {
	d, err := v.RoundInAddress()
	if err == nil && !d.Manages {
		err = fault.NotFound
	}
	return d, err
}

// ChangeRound makes a change of the round and goes back to its page, which says
// so.
func (v *Visit) ChangeRound(d round.Detail, notice string, change func(tx *db.Tx) error) error {
	if err := v.WriteRound(d.ID, change); err != nil {
		return err
	}
	return v.Redirect(RoundPath(d.ID), notice)
}

func (v *Visit) RoundCrumbs(r round.Round, more ...ui.Crumb) []ui.Crumb {
	if r.Local() {
		return v.LocalCrumbs(r.MunicipalityID, more...)
	}
	crumbs := v.CrumbsOf(v.Server.Country[r.RegionID], ui.Crumb{Label: v.T("round.title"), Href: RoundsPath})
	return append(crumbs, more...)
}

// WriteRound is Write for a change of the round, whose news become letters.
func (v *Visit) WriteRound(roundID int64, change func(tx *db.Tx) error) error {
	return v.Write(func(tx *db.Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		return letter.After(v.Context(), tx, roundID, v.Now)
	})
}
