package intake

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/people"
)

// accounts opens accounts in the import's journey for those who have none.
func (a *applying) accounts(ctx context.Context, tx *db.Tx, steps []step) error {
	if a.journey == 0 {
		return nil
	}
	var opening []step
	for _, s := range steps {
		if s.person.account == 0 {
			opening = append(opening, s)
		} else if err := a.account(ctx, tx, s); err != nil {
			return err
		}
	}
	ids, err := db.Reserve(ctx, tx, "account", len(opening))
	if err != nil {
		return err
	}
	var accounts, roles, inStep, told [][]any
	for i, s := range opening {
		from := max(a.today, a.begins(s))
		accounts = append(accounts, []any{ids[i], s.person.ID, a.journey, from, a.by.ActorID(), s.Since})
		roles = append(roles, []any{ids[i], access.Employee, from})
		if s.Role != "" && s.Role != access.Employee {
			roles = append(roles, []any{ids[i], s.Role, from})
		}
		if id := a.stepFor(s, from); id != 0 {
			inStep = append(inStep, []any{ids[i], id, from})
			told = append(told, []any{ids[i], id, from, "", a.by.ActorID()})
		}
	}
	for _, insert := range []struct {
		table   string
		columns []string
		rows    [][]any
	}{
		{"account", []string{"id", "person_id", "journey_id", "opened_on", "opened_by", "profession_since"}, accounts},
		{"account_role", []string{"account_id", "role", "from_day"}, roles},
		{"account_step", []string{"account_id", "step_id", "from_day"}, inStep},
		{"step_change", []string{"account_id", "step_id", "from_day", "reason", "told_by"}, told},
	} {
		if err := db.Insert(ctx, tx, insert.table, insert.columns, insert.rows); err != nil {
			return err
		}
	}
	return nil
}

// stepFor is the step of the journey that their years in the profession propose; 0 when
// nothing is known of those.
func (a *applying) stepFor(s step, day clock.Day) int64 {
	if s.Since == nil {
		return 0
	}
	years := people.YearsIn(*s.Since, day)
	for _, each := range a.steps {
		if each.For(years) {
			return each.ID
		}
	}
	return 0
}

// account opens somebody's account again, and says what the row says of it.
func (a *applying) account(ctx context.Context, tx *db.Tx, s step) error {
	k := s.person
	if k.closedOn != nil && *k.closedOn <= a.today {
		if err := people.ReopenAccount(ctx, tx, a.by, k.account, a.now()); err != nil {
			return err
		}
	}
	if s.Since != nil || s.Clears(Since) {
		if _, err := db.Exec(ctx, tx, `UPDATE account SET profession_since = $2 WHERE id = $1`, k.account, s.Since); err != nil {
			return err
		}
	}
	if s.Role == "" || slices.Contains(k.roles, s.Role) {
		return nil
	}
	return db.Insert(ctx, tx, "account_role", []string{"account_id", "role", "from_day"}, [][]any{{k.account, s.Role, a.today}})
}

// office gives the right that goes with the row's role: a manager's in the unit, an
// administrator's in the municipality.
func (a *applying) office(ctx context.Context, tx *db.Tx, s step) error {
	place := s.unitID
	switch s.Role {
	case access.Manager:
	case access.MunicipalAdmin:
		place = a.municipality
	default:
		return nil
	}
	grant, err := identity.Grant(ctx, tx, a.by, s.person.ID, s.Role, place, max(a.today, a.begins(s)), a.now())
	if f := fault.Of(err); f != nil && f.Kind == fault.KindConflict {
		return nil // they hold it
	}
	if err != nil || a.by.PersonID == 0 {
		return err
	}
	giver, _, err := identity.Viewer(ctx, tx, a.by.PersonID, a.today)
	if err != nil {
		return err
	}
	return identity.Limit(ctx, tx, giver, s.Role, access.Place{RegionID: a.region, MunicipalityID: a.municipality}, grant)
}
