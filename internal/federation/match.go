package federation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/people"
)

// errMeanwhile is that another answer has added or linked the same person at the same
// time: whoever asks again finds them.
var errMeanwhile = errors.New("federation: the person was added or linked meanwhile")

// match is whom the answer is about, or why nobody is let in. The lasting name that
// the provider has for somebody decides, letter by letter. Without one that is known,
// the e-mail address proposes who it is, and from then on the name is theirs. tried
// leaves everything as it is: an administrator only looks.
func (p Provider) match(ctx context.Context, tx *db.Tx, s Said, scopes []string, tried bool, now clock.Instant) (int64, *refusal, error) {
	if r := p.speaksOfOwn(s, scopes); r != nil {
		return 0, r, nil
	}
	if !lasting(s.Subject) {
		what := p.SubjectFrom
		if what == "" {
			what = "NameID persistent"
		}
		return 0, refuse(identity.CauseAttributeMissing, missing(what, s)), nil
	}
	today := now.Day()
	person, err := db.Row(ctx, tx, db.One[int64], `
		SELECT person_id
		FROM federation_identity
		WHERE municipality_id = $1
		AND issuer = $2
		AND subject = $3`, p.MunicipalityID, p.Issuer, s.Subject)
	known := err == nil
	if known {
		person, err = people.Remaining(ctx, tx, person)
	}
	if err != nil && !errors.Is(err, fault.NotFound) {
		return 0, nil, err
	}
	if !known {
		var r *refusal
		if person, r, err = p.proposed(ctx, tx, s, tried, now); r != nil || err != nil {
			return 0, r, err
		}
	}
	if person != 0 { // 0: whom trying would have added
		if r, err := p.works(ctx, tx, person, today); r != nil || err != nil {
			return person, r, err
		}
	}
	if tried {
		return person, nil, nil
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO federation_identity (municipality_id, issuer, subject, person_id, made_at, used_at)
		VALUES ($1, $2, $3, $4, $5, $5)
		ON CONFLICT (municipality_id, issuer, subject) DO UPDATE SET used_at = excluded.used_at`,
		p.MunicipalityID, p.Issuer, s.Subject, person, now)
	if db.IsUnique(err) { // linked meanwhile, by another name
		return 0, nil, errMeanwhile
	}
	if err != nil {
		return 0, nil, fmt.Errorf("link somebody to their account at work: %w", err)
	}
	if !known {
		err = identity.Tell(ctx, tx, person, identity.WorkLinked, now)
	}
	return person, nil, err
}

// mostSubject is the longest lasting name, in bytes; SAML's and OIDC's own bounds are
// a quarter of it.
const mostSubject = 1000

// lasting tells whether the name can be kept as it is.
func lasting(subject string) bool {
	return subject != "" && len(subject) <= mostSubject && utf8.ValidString(subject) && !strings.ContainsFunc(subject, unicode.IsControl)
}

// proposed is whom the answer's e-mail address proposes. When two people may be meant
// somebody has to look: the address is that of a person who has another name at the
// provider (it was given to somebody new, or the names are new each time), or the staff
// number is another's. Who is not known is added where the municipality allows it.
func (p Provider) proposed(ctx context.Context, tx *db.Tx, s Said, tried bool, now clock.Instant) (int64, *refusal, error) {
	if r := p.proposes(s); r != nil {
		return 0, r, nil
	}
	person, err := identity.ByEmail(ctx, tx, s.Email)
	if errors.Is(err, fault.NotFound) {
		if !p.MakesAccounts {
			return 0, refuse(identity.CauseUnknownPerson, s.received()), nil
		}
		return p.add(ctx, tx, s, tried, now)
	}
	if err != nil {
		return 0, nil, err
	}
	if r, err := p.works(ctx, tx, person, now.Day()); r != nil || err != nil {
		return 0, r, err
	}
	linked, err := db.Row(ctx, tx, db.One[bool], `
		SELECT EXISTS (
			SELECT 1 FROM federation_identity WHERE person_id = $1 AND municipality_id = $2 AND issuer = $3
		)`, person, p.MunicipalityID, p.Issuer)
	if err != nil {
		return 0, nil, err
	}
	if linked {
		return 0, &refusal{identity.CauseAmbiguous, detailLinked, person}, nil
	}
	if s.StaffNumber == "" {
		return person, nil, nil
	}
	numbers, err := db.Rows(ctx, tx, db.One[int64], `
		SELECT person_id FROM staff_number WHERE municipality_id = $1 AND number = $2`, p.MunicipalityID, s.StaffNumber)
	if err != nil {
		return 0, nil, err
	}
	for _, other := range numbers {
		if other != person {
			return 0, &refusal{identity.CauseAmbiguous, detailNumber, person}, nil
		}
	}
	return person, nil, nil
}

// add adds whom the municipality has let in, as somebody who works there from today.
func (p Provider) add(ctx context.Context, tx *db.Tx, s Said, tried bool, now clock.Instant) (int64, *refusal, error) {
	if s.GivenName == "" && s.FamilyName == "" {
		return 0, refuse(identity.CauseAttributeMissing, missing("givenName, sn", s)), nil
	}
	who := people.NewPerson{GivenName: s.GivenName, FamilyName: s.FamilyName, Email: s.Email}
	if who.Check() != nil { // longer than names are, or no address
		return 0, refuse(identity.CauseAttributeMissing, missing("mail, givenName, sn", s)), nil
	}
	if tried {
		return 0, nil, nil
	}
	person, err := people.Add(ctx, tx, access.System(), who, p.MunicipalityID, now.Day(), "", now)
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid { // the address was taken meanwhile
		return 0, nil, errMeanwhile
	}
	return person, nil, err
}

// works is nil when the person works in the municipality today and holds no role
// outside it. Who works elsewhere is none of the provider's people, and its
// administrator is not told who it was. Roles elsewhere are not the municipality's to
// vouch for: whoever runs its provider could take them.
func (p Provider) works(ctx context.Context, tx *db.Tx, person int64, today clock.Day) (*refusal, error) {
	running, err := people.EmploymentsOn(ctx, tx, person, today)
	if err != nil {
		return nil, err
	}
	if len(running) == 0 {
		here, err := db.Row(ctx, tx, db.One[bool], `
			SELECT EXISTS (
				SELECT 1 FROM employment WHERE person_id = $1 AND municipality_id = $2
			)`, person, p.MunicipalityID)
		if err != nil {
			return nil, err
		}
		if !here {
			return refuse(identity.CauseUnknownPerson, ""), nil
		}
		return &refusal{identity.CauseNoEmployment, "", person}, nil
	}
	if !slices.ContainsFunc(running, func(e people.Employment) bool { return e.MunicipalityID == p.MunicipalityID }) {
		return refuse(identity.CauseWrongOrganisation, detailElsewhere), nil
	}
	elsewhere, err := db.Row(ctx, tx, db.One[bool], `
		SELECT EXISTS (
			SELECT 1
			FROM role_grant AS g
			JOIN organisation AS o ON o.id = g.organisation_id
			WHERE g.person_id = $1
			AND (g.to_day IS NULL OR g.to_day >= $2)
			AND COALESCE(o.municipality_id, 0) <> $3
		)`, person, today, p.MunicipalityID)
	if err != nil {
		return nil, err
	}
	if elsewhere {
		return &refusal{identity.CauseNotAllowed, detailOffice, person}, nil
	}
	return nil, nil
}
