package identity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/affiliation"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// ErrNetworkBusy is too many tries from one network, whatever the address.
var ErrNetworkBusy = &fault.Error{Kind: fault.KindTooMany, Key: "identity.network_busy"}

// RequestLink lets a sign-in link be sent to the e-mail address, if it is
// somebody's. The answer and the work are the same if it is nobody's: the job
// finds out. browser is the secret of the browser that asks (Browser), in which
// the letter's code holds; remoteAddr is the caller's network address, next the
// path to go on to after signing in. sent is false when a letter to the address is on its way
// already, since less than a minute: that is for those who watch the server, and
// who asked is not told. A wrong address is fault.Invalid, too many tries from a
// network for the address are fault.TooMany, for all addresses ErrNetworkBusy.
func RequestLink(ctx context.Context, d *db.DB, now clock.Instant, email, browser, remoteAddr, next string) (sent bool, err error) {
	if email, err = cleanAddress(email); err != nil {
		return false, err
	}
	from := network(remoteAddr)
	err = d.Write(ctx, func(tx *db.Tx) error {
		if err := try(ctx, tx, now, hash("network "+from), tryWindow, triesPerNetwork, ErrNetworkBusy); err != nil {
			return err
		}
		if err := try(ctx, tx, now, hash("address "+email+" network "+from), tryWindow, triesPerAddressAndHost, fault.TooMany); err != nil {
			return err
		}
		// The row is the lock: of many at once one sends.
		n, err := db.Exec(ctx, tx, `
			INSERT INTO sign_in_attempt (subject_hash, since, tries)
			VALUES ($1, $2, 1)
			ON CONFLICT (subject_hash) DO UPDATE SET since = excluded.since
			WHERE sign_in_attempt.since <= $3`, letterTo(email), now, now.Add(-letterPause))
		if err != nil {
			return fmt.Errorf("count letters to sign in: %w", err)
		}
		sent = n == 1
		letter, err := await(ctx, tx, now, email, browser, LocalPath(next), sent)
		if err != nil || !sent {
			return err
		}
		return jobs.Add(ctx, tx, linkLetter{Email: email, Next: LocalPath(next), Until: now.Add(LinkLife), Letter: letter})
	})
	return sent && err == nil, err
}

// CountTry counts a try to sign in otherwise than by a letter; ErrNetworkBusy when there
// were too many from the network.
func CountTry(ctx context.Context, d *db.DB, now clock.Instant, remoteAddr string) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		return try(ctx, tx, now, hash("network "+network(remoteAddr)), tryWindow, triesPerNetwork, ErrNetworkBusy)
	})
}

// letterTo is the subject under which the last letter to the address is kept.
func letterTo(email string) []byte { return hash("letter " + email) }

// try counts one more try of the subject in a window that begins with the first.
// The row is the lock: of many tries at once no more than most pass.
func try(ctx context.Context, tx *db.Tx, now clock.Instant, subject []byte, window time.Duration, most int64, refusal error) error {
	tries, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO sign_in_attempt (subject_hash, since, tries)
		VALUES ($1, $2, 1)
		ON CONFLICT (subject_hash) DO UPDATE SET
			tries = CASE WHEN sign_in_attempt.since <= $3 THEN 1 ELSE sign_in_attempt.tries + 1 END,
			since = CASE WHEN sign_in_attempt.since <= $3 THEN excluded.since ELSE sign_in_attempt.since END
		RETURNING tries`, subject, now, now.Add(-window))
	if err != nil {
		return fmt.Errorf("count tries to sign in: %w", err)
	}
	if tries > most {
		return refusal
	}
	return nil
}

// linkLetter is the job that makes a link with its code and sends them. Until is
// when whoever asked has given up waiting, Letter the row of sign_in_letter.
type linkLetter struct {
	Email  string        `json:"email"`
	Next   string        `json:"next"`
	Until  clock.Instant `json:"until"`
	Letter int64         `json:"letter"`
}

func (linkLetter) Kind() string  { return "identity_link" }
func (linkLetter) Queue() string { return mail.Queue }

// Handle lets the queue send links, which begin with baseURL
// ("https://yrkesresan.example.org"), and sweep what has expired.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock, sender *mail.Sender, baseURL string) {
	if sender.Ready() {
		jobs.Handle(q, func(ctx context.Context, job linkLetter) error {
			return sendLink(ctx, d, now(), sender, baseURL, job)
		})
		jobs.Handle(q, func(ctx context.Context, job newsLetter) error { return sendNews(ctx, d, sender, baseURL, job) })
	}
	jobs.Handle(q, func(ctx context.Context, _ sweep) error { return Sweep(ctx, d, now()) })
	jobs.Every(q, time.Hour, sweep{})
}

func sendLink(ctx context.Context, d *db.DB, now clock.Instant, sender *mail.Sender, baseURL string, job linkLetter) error {
	if job.Until <= now {
		return nil
	}
	type person struct {
		id       int64
		name     string
		language string
	}
	to, err := db.Row(ctx, d.Reader(), func(p *person) []any { return []any{&p.id, &p.name, &p.language} },
		`SELECT id, given_name, language FROM person WHERE email = $1`, job.Email)
	if errors.Is(err, fault.NotFound) {
		return d.Write(ctx, func(tx *db.Tx) error {
			_, err := Record(ctx, tx, Trouble{Way: WayLink, Cause: CauseUnknownPerson, Address: job.Email}, now)
			return err
		})
	}
	if err != nil {
		return err
	}
	token, err := makeLink(ctx, d, now, to.id, job.Next, job.Letter, LinkLife)
	if err != nil {
		return err
	}
	lang := i18n.For(to.language)
	return sender.Deliver(ctx, mail.Letter{
		To:      job.Email,
		Subject: lang.T("identity.letter_subject"),
		Text: lang.T("identity.letter_text", "Name", to.name, "Minutes", int(LinkLife.Minutes()), "Code", Grouped(codeOf(token)),
			"Link", strings.TrimSuffix(baseURL, "/")+LinkPath+"?token="+url.QueryEscape(token)),
	})
}

// MakeLink is the token of a new link for the person, for whoever hands it over
// by other means than RequestLink's letter.
func MakeLink(ctx context.Context, d *db.DB, now clock.Instant, personID int64, next string) (string, error) {
	return makeLink(ctx, d, now, personID, next, 0, LinkLife)
}

// WelcomeLife is how long the link in a letter of welcome holds: who is new reads it when they
// come to work, and it is used once.
const WelcomeLife = 7 * 24 * time.Hour

// MakeWelcomeLink is the token of the link in a letter of welcome.
func MakeWelcomeLink(ctx context.Context, d *db.DB, now clock.Instant, personID int64) (string, error) {
	return makeLink(ctx, d, now, personID, "/", 0, WelcomeLife)
}

func makeLink(ctx context.Context, d *db.DB, now clock.Instant, personID int64, next string, letter int64, life time.Duration) (string, error) {
	token := newToken()
	err := d.Write(ctx, func(tx *db.Tx) error {
		var in *int64
		if letter != 0 {
			in = &letter
			if err := putCode(ctx, tx, letter, personID, codeOf(token)); err != nil {
				return err
			}
		}
		_, err := db.Exec(ctx, tx, `
			INSERT INTO sign_in_link (token_hash, person_id, next_path, made_at, expires_at, letter_id)
			VALUES ($1, $2, $3, $4, $5, $6)`, hash(token), personID, LocalPath(next), now, now.Add(life), in)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("make a sign-in link: %w", err)
	}
	return token, nil
}

// PeekLink is the link with the token, which stays unused. One that cannot be
// used is a fault whose words say what to do: fault.NotFound when there is none,
// a conflict when it was used or is too old.
func PeekLink(ctx context.Context, q db.Querier, now clock.Instant, token string) (Link, error) {
	link, err := db.Row(ctx, q, func(l *Link) []any {
		return []any{&l.PersonID, &l.Name, &l.Language, &l.Next, &l.expires, &l.used, &l.letter}
	}, `
		SELECT
			p.id,
			TRIM(p.given_name || ' ' || p.family_name),
			p.language,
			l.next_path,
			l.expires_at,
			l.used_at,
			COALESCE(l.letter_id, 0)
		FROM sign_in_link AS l
		JOIN person AS p ON p.id = l.person_id
		WHERE l.token_hash = $1`, hash(token))
	if errors.Is(err, fault.NotFound) {
		return Link{}, errUnknown
	}
	if err != nil {
		return Link{}, fmt.Errorf("read a sign-in link: %w", err)
	}
	return link, link.check(now)
}

// UseLink uses the link up, and with it every other link of the person: of many who
// try at once, one gets in. The others' faults are those of PeekLink. Whoever is in
// and asks again, on another device, waits for no letter. The code beside the link
// holds on in the browser that asked: it may have been a program that reads letters
// which pressed the button.
func UseLink(ctx context.Context, d *db.DB, now clock.Instant, token string) (Link, error) {
	var link Link
	err := d.Write(ctx, func(tx *db.Tx) (err error) {
		if link, err = PeekLink(ctx, tx, now, token); err != nil {
			return err
		}
		used, err := db.Exec(ctx, tx, `UPDATE sign_in_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL`, hash(token), now)
		if err != nil {
			return fmt.Errorf("use a sign-in link: %w", err)
		}
		if used == 0 { // another was first, since we looked
			return fault.Conflict("identity.link_used")
		}
		return cameIn(ctx, tx, link.PersonID, now)
	})
	if fault.Of(err) != nil {
		return link, errors.Join(err, d.Write(ctx, func(tx *db.Tx) error { return linkTrouble(ctx, tx, link, err, now) }))
	}
	return link, err
}

// linkTrouble records why the link did not let anybody in; nothing of one that was
// never sent, since it says nothing of anybody.
func linkTrouble(ctx context.Context, tx *db.Tx, link Link, err error, now clock.Instant) error {
	if fault.Of(err) == errUnknown {
		return nil
	}
	cause := CauseUsed
	if link.used == nil && link.expires <= now {
		cause = CauseExpired
	}
	_, err = Record(ctx, tx, Trouble{Way: WayLink, Cause: cause, Person: link.PersonID}, now)
	return err
}

// cameIn uses up all links of the person, who is in, and lets the next letter be
// sent at once.
func cameIn(ctx context.Context, tx *db.Tx, personID int64, now clock.Instant) error {
	if err := endLinks(ctx, tx, personID, now); err != nil {
		return err
	}
	email, err := db.Row(ctx, tx, db.One[string], `SELECT COALESCE(email, '') FROM person WHERE id = $1`, personID)
	if err != nil {
		return fmt.Errorf("let the next letter be sent: %w", err)
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM sign_in_attempt WHERE subject_hash = $1`, letterTo(email)); err != nil {
		return fmt.Errorf("let the next letter be sent: %w", err)
	}
	return nil
}

// endLinks uses up all links of the person.
func endLinks(ctx context.Context, tx *db.Tx, personID int64, now clock.Instant) error {
	if _, err := db.Exec(ctx, tx, `UPDATE sign_in_link SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL`, personID, now); err != nil {
		return fmt.Errorf("end sign-in links: %w", err)
	}
	return nil
}

type sweep struct{}

func (sweep) Kind() string { return "identity_sweep" }

// linkMemory is how long a link is remembered after it has expired, so that
// its page can say so.
const linkMemory = 7 * 24 * time.Hour

// Sweep forgets what has expired: sessions, old links, forms that were kept, counts
// of tries, why a sign-in failed.
func Sweep(ctx context.Context, d *db.DB, now clock.Instant) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		for _, each := range []struct {
			sql    string
			before clock.Instant
		}{
			{`DELETE FROM session WHERE expires_at <= $1`, now},
			{`DELETE FROM sign_in_link WHERE expires_at <= $1`, now.Add(-linkMemory)},
			{`DELETE FROM kept_form WHERE expires_at <= $1`, now},
			{`DELETE FROM sign_in_letter WHERE expires_at <= $1`, now.Add(-linkMemory)},
			{`DELETE FROM sign_in_attempt WHERE since <= $1`, now.Add(-guessWindow)},
			{`DELETE FROM sign_in_trouble WHERE happened_at <= $1`, now.Add(-troubleMemory)},
		} {
			if _, err := db.Exec(ctx, tx, each.sql, each.before); err != nil {
				return fmt.Errorf("sweep what has expired: %w", err)
			}
		}
		return nil
	})
}

// Viewer is the person as one who asks on the day: where they are employed,
// which roles they hold; and their language, "sv" or "en". fault.NotFound when
// there is no such person.
func Viewer(ctx context.Context, q db.Querier, personID int64, day clock.Day) (access.Viewer, string, error) {
	type row struct {
		name, language string
		home           access.Place
		trainer        bool
		guards         bool
		grouped        bool // has or had an office in a group of municipalities
		grant          access.Grant
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any {
		return []any{
			&r.name, &r.language, &r.home.RegionID, &r.home.MunicipalityID, &r.home.UnitID, &r.trainer, &r.guards, &r.grouped,
			&r.grant.ID, &r.grant.Role, &r.grant.Level, &r.grant.OrganisationID, &r.grant.RegionID, &r.grant.MunicipalityID, &r.grant.Name, &r.grant.Keeps, &r.grant.District,
		}
	}, `
		SELECT
			TRIM(p.given_name || ' ' || p.family_name),
			p.language,
			COALESCE(e.region_id, 0),
			COALESCE(e.municipality_id, 0),
			CASE WHEN h.kind = 'unit' THEN h.id ELSE 0 END,
			EXISTS (SELECT 1 FROM day_trainer AS t WHERE t.person_id = p.id)
				OR EXISTS (SELECT 1 FROM trainer AS t WHERE t.person_id = p.id),
			EXISTS (SELECT 1 FROM protection_guard AS k WHERE k.person_id = p.id),
			EXISTS (SELECT 1 FROM municipal_group_office AS k WHERE k.person_id = p.id),
			COALESCE(g.id, 0),
			COALESCE(g.role, ''),
			COALESCE(o.kind, ''),
			COALESCE(o.id, 0),
			COALESCE(o.region_id, 0),
			COALESCE(o.municipality_id, 0),
			COALESCE(o.name, ''),
			CASE WHEN g.role = 'manager' THEN `+people.ManagersKeepSQL("o.municipality_id", "$2")+` ELSE FALSE END,
			`+organisation.IsDistrictSQL("o.id")+`
		FROM person AS p
		LEFT JOIN employment AS e ON e.person_id = p.id AND e.from_day <= $2 AND (e.to_day IS NULL OR e.to_day >= $2)
		LEFT JOIN organisation AS h ON h.id = e.organisation_id
		LEFT JOIN role_grant AS g ON g.person_id = p.id AND g.from_day <= $2 AND (g.to_day IS NULL OR g.to_day >= $2)
		LEFT JOIN organisation AS o ON o.id = g.organisation_id
		WHERE p.id = $1
		ORDER BY e.main DESC, e.id, g.id`, personID, day)
	if err != nil {
		return access.Viewer{}, "", fmt.Errorf("read who asks: %w", err)
	}
	if len(rows) == 0 {
		return access.Viewer{}, "", fault.NotFound
	}
	first := rows[0]
	viewer := access.Viewer{PersonID: personID, Name: first.name, Home: first.home, Trainer: first.trainer}
	at := first.home
	for _, r := range rows { // one for each workplace and grant
		switch {
		case r.home == first.home && r.grant.ID != 0:
			viewer.Grants = append(viewer.Grants, r.grant)
		case r.home != at:
			at = r.home
			viewer.Also = append(viewer.Also, at)
		}
	}
	if first.guards {
		viewer.Guards, err = db.Rows(ctx, q, db.One[int64], `
			SELECT municipality_id
			FROM protection_guard
			WHERE person_id = $1
			AND from_day <= $2
			AND (to_day IS NULL OR to_day >= $2)
			ORDER BY municipality_id`, personID, day)
	}
	if err != nil {
		return viewer, first.language, err
	}
	if err := reach(ctx, q, viewer.Grants, day); err != nil {
		return viewer, first.language, err
	}
	if viewer.Nameless, err = nameless(ctx, q, viewer.Grants, day); err != nil {
		return viewer, first.language, err
	}
	if first.grouped || slices.ContainsFunc(viewer.Grants, answersFor) {
		viewer.Groups, err = groups(ctx, q, personID, day)
	}
	return viewer, first.language, err
}

// nameless are the municipalities whose names are not for who administers their region.
func nameless(ctx context.Context, q db.Querier, grants []access.Grant, day clock.Day) (all []int64, err error) {
	for _, g := range grants {
		if g.Level != access.Region {
			continue
		}
		here, err := affiliation.Nameless(ctx, q, g.RegionID, day)
		if err != nil {
			return nil, err
		}
		all = append(all, here...)
	}
	return all, nil
}

// Grant gives the person a role at the organisation from the day on and returns
// the grant's id. Who may is said by access.GrantRole; the organisation lies in that
// reach, and the person, where they are employed on that day, in that of
// access.Grantees, otherwise fault.NotFound. A role that they hold there on that day or later is
// a conflict. It ends when the role by which it is given does (within), and with the
// employment there, when that has a last day; to begin after the first is invalid ("from").
func Grant(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, role access.Role, organisationID int64, from clock.Day, now clock.Instant) (int64, error) {
	scope := access.GrantRole(viewer, role)
	if scope.Empty() {
		return 0, fault.Forbidden
	}
	org, err := organisation.ByID(ctx, tx, organisationID)
	if err != nil {
		return 0, err
	}
	if !scope.Covers(org.Place()) {
		return 0, fault.NotFound
	}
	if !heldAt(role, org) {
		return 0, fault.Invalid("organisation", "identity.role_elsewhere")
	}
	if err := organisation.HoldOpen(ctx, tx, org, nil, "organisation"); err != nil {
		return 0, err
	}
	if reach := access.Grantees(viewer, role); !reach.Everything {
		if _, err := people.EmploymentIn(ctx, tx, reach, personID, from); err != nil {
			return 0, err
		}
	}
	by, until, err := within(ctx, tx, viewer, role, org.Place())
	if err != nil {
		return 0, err
	}
	if until != nil && from > *until {
		return 0, fault.Invalid("from", "identity.role_outlasts", "Day", *until)
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at, granted_by, within_id, to_day)
		SELECT p.id, $2, o.id, $4, $5, $6, w.id, CASE WHEN w.to_day IS NULL OR l.to_day < w.to_day THEN l.to_day ELSE w.to_day END
		FROM person AS p
		CROSS JOIN organisation AS o
		LEFT JOIN role_grant AS w ON w.id = $7
		CROSS JOIN (
			SELECT CASE WHEN COUNT(*) = COUNT(to_day) THEN MAX(to_day) END AS to_day
			FROM employment
			WHERE person_id = $1
			AND COALESCE(municipality_id, organisation_id) = $8
			AND (to_day IS NULL OR to_day >= $4)
		) AS l
		WHERE p.id = $1 AND o.id = $3 AND NOT EXISTS (
			SELECT 1 FROM role_grant AS g
			WHERE g.person_id = $1 AND g.role = $2 AND g.organisation_id = $3 AND (g.to_day IS NULL OR g.to_day >= $4)
		)
		RETURNING id`, personID, role, organisationID, from, now, viewer.ActorID(), by, cmp.Or(org.MunicipalityID, org.ID))
	if errors.Is(err, fault.NotFound) {
		exists, err := db.Row(ctx, tx, db.One[bool], `SELECT EXISTS (SELECT 1 FROM person WHERE id = $1)`, personID)
		if err != nil {
			return 0, err
		}
		if !exists {
			return 0, fault.NotFound
		}
		return 0, fault.Conflict("identity.role_held")
	}
	if db.IsUnique(err) {
		return 0, fault.Conflict("identity.role_held") // by another, at the same time
	}
	if err != nil {
		return 0, fmt.Errorf("grant a role: %w", err)
	}
	return id, audit.Changed(ctx, tx, viewer, audit.Role, personID)
}

// EndGrant lets the grant end with the day last. One that would end before it
// has begun is taken away, so that a mistake of the day can be mended the same
// day: when it begins today or later, or was given today. Any other was really
// held, and a day before its first is invalid ("last"), so that a mistyped year
// does not wipe out who could read what. Who may is said by access.GrantRole; a
// grant outside the viewer's reach is fault.NotFound, one that has ended by then
// a conflict, and so is that of the last who owns the programme.
func EndGrant(ctx context.Context, tx *db.Tx, viewer access.Viewer, grantID int64, last clock.Day, now clock.Instant) error {
	if !access.GivesRoles(viewer) {
		return fault.Forbidden
	}
	type row struct {
		person int64
		role   access.Role
		org    int64
		from   clock.Day
		given  clock.Instant
	}
	grant, err := db.Row(ctx, tx, func(r *row) []any { return []any{&r.person, &r.role, &r.org, &r.from, &r.given} },
		`SELECT person_id, role, organisation_id, from_day, granted_at FROM role_grant WHERE id = $1`, grantID)
	if err != nil {
		return err
	}
	org, err := organisation.ByID(ctx, tx, grant.org)
	if err != nil {
		return err
	}
	if !access.GrantRole(viewer, grant.role).Covers(org.Place()) {
		return fault.NotFound
	}
	if grant.role == access.National {
		if err := anotherOwns(ctx, tx, grantID, last); err != nil {
			return err
		}
	}
	if err := audit.Changed(ctx, tx, viewer, audit.Role, grant.person); err != nil {
		return err
	}
	if last < grant.from {
		if today := now.Day(); grant.from < today && grant.given.Day() < today {
			return fault.Invalid("last", "identity.role_ends_before", "Day", grant.from)
		}
		return Take(ctx, tx, viewer, grantID)
	}
	ended, err := db.Exec(ctx, tx, `UPDATE role_grant SET to_day = $2 WHERE id = $1 AND (to_day IS NULL OR to_day > $2)`, grantID, last)
	if err != nil {
		return fmt.Errorf("end a role: %w", err)
	}
	if ended == 0 {
		return fault.Conflict("identity.role_ended")
	}
	return EndWithin(ctx, tx, viewer, grant.person)
}

// anotherOwns is nil when somebody else owns the programme from the day after last on,
// for good, and can sign in: otherwise fault.Conflict "identity.last_owner".
func anotherOwns(ctx context.Context, tx *db.Tx, grantID int64, last clock.Day) error {
	// All owners' rows are taken, so that of two who end each other's role at the
	// same time the second is told.
	if _, err := db.Exec(ctx, tx, `UPDATE role_grant SET role = role WHERE role = 'national'`); err != nil {
		return fmt.Errorf("end a role: %w", err)
	}
	another, err := db.Row(ctx, tx, db.One[bool], `
		SELECT EXISTS (
			SELECT 1
			FROM role_grant AS g
			JOIN person AS p ON p.id = g.person_id
			JOIN role_grant AS ended ON ended.id = $1
			WHERE g.role = 'national'
			AND g.person_id <> ended.person_id
			AND g.from_day <= $2
			AND g.to_day IS NULL
			AND p.email IS NOT NULL
		)`, grantID, last+1)
	if err != nil {
		return fmt.Errorf("end a role: %w", err)
	}
	if !another {
		return fault.Conflict("identity.last_owner")
	}
	return nil
}

// EndWithEmployment lets the roles that the person holds or will hold where the
// employment is (its municipality with its units; for RSS staff the region
// itself) end with the day last, so that nobody reads on about people whom they
// no longer work with. Roles that were to begin later are taken away, and roles
// elsewhere stay. It is part of ending the employment and asks no viewer.
func EndWithEmployment(ctx context.Context, tx *db.Tx, e people.Employment, personID int64, last clock.Day) error {
	const there = `
		person_id = $1
		AND organisation_id IN (SELECT id FROM organisation WHERE id = $2 OR municipality_id = $2)`
	place := e.MunicipalityID
	if place == 0 {
		place = e.OrganisationID
	}
	later, err := db.Rows(ctx, tx, db.One[int64], `SELECT id FROM role_grant WHERE `+there+` AND from_day > $3`, personID, place, last)
	if err != nil {
		return fmt.Errorf("end roles with the employment: %w", err)
	}
	for _, id := range later {
		if err := Take(ctx, tx, access.System(), id); err != nil {
			return fmt.Errorf("end roles with the employment: %w", err)
		}
	}
	if _, err := db.Exec(ctx, tx, `UPDATE role_grant SET to_day = $3 WHERE `+there+` AND (to_day IS NULL OR to_day > $3)`, personID, place, last); err != nil {
		return fmt.Errorf("end roles with the employment: %w", err)
	}
	return EndWithin(ctx, tx, access.System(), personID)
}
