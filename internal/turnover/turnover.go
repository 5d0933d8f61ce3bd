// Package turnover is what follows when somebody moves to another place of work or leaves:
// their seats, their roles, and what they are written about it.
package turnover

import (
	"context"
	"errors"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/municipalgroup"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/seat"
)

// Move lets the person work elsewhere from a day on, with all that follows: regional
// seats come along and the new manager is asked, and who leaves the municipality leaves
// the roles and the local seats there. On the day on which the employment began it
// corrects where that was. The faults are those of people.Employ and people.Replace.
func Move(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID, organisationID int64, from clock.Day, title string, now clock.Instant) error {
	old, err := people.Leaves(ctx, tx, viewer, personID, organisationID, from)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	employed := err == nil
	if employed && old.From == from { // put in the wrong place
		err = people.Replace(ctx, tx, viewer, personID, organisationID, from, title, now.Day())
	} else {
		err = people.Employ(ctx, tx, viewer, personID, organisationID, from, title)
	}
	if err != nil || !employed {
		return err
	}
	to, err := organisation.ByID(ctx, tx, organisationID)
	if err == nil {
		err = seat.SentAfter(ctx, tx, personID, old.EmployerID(), people.Employment{RegionID: to.RegionID, MunicipalityID: to.MunicipalityID}.EmployerID(), from)
	}
	if err == nil && to.ID != old.OrganisationID {
		var brought []int64
		if brought, err = seat.Brought(ctx, tx, viewer, personID, to.ID, now); err == nil {
			err = writeAbout(ctx, tx, brought, now)
		}
	}
	if err != nil || to.MunicipalityID == old.MunicipalityID && to.RegionID == old.RegionID {
		return err
	}
	if err := endRoles(ctx, tx, old, personID, from-1); err != nil {
		return err
	}
	return giveUp(ctx, tx, viewer, personID, i18n.Swedish.T("people.person.seat_was_local", "Municipality", old.Municipality), now) // a letter's words
}

// Leave ends the person's employment, day being the last, with all that follows: the
// roles there end, and the seats after it go to those who wait. Of two employments it is
// the one that the viewer manages, the main one first; LeaveEmployer says which.
func Leave(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, day clock.Day, now clock.Instant) error {
	return LeaveEmployer(ctx, tx, viewer, personID, 0, day, now)
}

// LeaveEmployer is Leave for the employment with the employer, a municipality or for RSS
// staff the region; 0 is Leave.
func LeaveEmployer(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID, employerID int64, day clock.Day, now clock.Instant) error {
	old, err := people.ManagedBy(ctx, tx, viewer, personID, employerID, day)
	if err == nil {
		err = people.LeaveEmployer(ctx, tx, viewer, personID, old.EmployerID(), day)
	}
	if err != nil {
		return err
	}
	if err := endRoles(ctx, tx, old, personID, day); err != nil {
		return err
	}
	return giveUp(ctx, tx, viewer, personID, i18n.Swedish.T("people.person.seat_was_employed", "Day", day), now)
}

// endRoles lets the roles where the employment was end, and the offices in its region's groups.
func endRoles(ctx context.Context, tx *db.Tx, old people.Employment, personID int64, last clock.Day) error {
	if err := identity.EndWithEmployment(ctx, tx, old, personID, last); err != nil {
		return err
	}
	return municipalgroup.EndWithEmployment(ctx, tx, old, personID, last)
}

// giveUp gives up the seats that the person can no longer use, tells them why, and lets
// those who wait have them.
func giveUp(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, reason string, now clock.Instant) error {
	rounds, err := seat.GiveUp(ctx, tx, viewer, personID, reason, now)
	if err != nil {
		return err
	}
	return writeAbout(ctx, tx, rounds, now)
}

// writeAbout lets what has happened in the rounds give its letters.
func writeAbout(ctx context.Context, tx *db.Tx, rounds []int64, now clock.Instant) error {
	for _, id := range rounds {
		if err := letter.After(ctx, tx, id, now); err != nil {
			return err
		}
	}
	return nil
}
