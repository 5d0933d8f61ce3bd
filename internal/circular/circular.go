package circular

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
)

// New is a circular as somebody writes it. Everywhere is to all regions, whatever
// RegionIDs says. Key tells the form that it was written in: see Send.
type New struct {
	Subject    string
	Body       string // Markdown
	Everywhere bool
	RegionIDs  []int64
	Key        string
}

const (
	maxSubject = 150
	maxBody    = 10_000
)

// check tells what is wrong, with what is right trimmed into shape.
func (n *New) check() error {
	n.Subject, n.Body = strings.TrimSpace(n.Subject), strings.TrimSpace(n.Body)
	var checks fault.Checks
	checks.Require(n.Everywhere || len(n.RegionIDs) > 0, "regions", "circular.regions_missing")
	checks.Require(n.Subject != "", "subject", "letter.subject_missing")
	checks.Require(utf8.RuneCountInString(n.Subject) <= maxSubject, "subject", "letter.text_too_long", "Max", maxSubject)
	checks.Require(n.Body != "", "body", "letter.body_missing")
	checks.Require(utf8.RuneCountInString(n.Body) <= maxBody, "body", "letter.text_too_long", "Max", maxBody)
	return checks.Err()
}

// Reader is somebody who gets a circular, with the regions that they administer of
// those that it is for.
type Reader struct {
	letter.Person
	RegionIDs []int64
}

// Reach is whom a circular would reach today. Without are the regions that nobody
// would read it for: they have no administrator, or none with an address.
type Reach struct {
	Readers []Reader // by name
	Regions []organisation.Organisation
	Without []organisation.Organisation
}

// Addressless are the readers who have no address.
func (r Reach) Addressless() []Reader {
	return slices.DeleteFunc(slices.Clone(r.Readers), func(r Reader) bool { return r.Email != "" })
}

// Letters is how many letters are sent.
func (r Reach) Letters() int { return len(r.Readers) - len(r.Addressless()) }

// Preview is whom the circular would reach. It fails on the fields subject, body and
// regions; on regions also when nobody at all would get it. fault.Forbidden for those
// who write none.
func Preview(ctx context.Context, q db.Querier, viewer access.Viewer, n New, day clock.Day) (Reach, error) {
	if !access.WriteCirculars(viewer) {
		return Reach{}, fault.Forbidden
	}
	if err := n.check(); err != nil {
		return Reach{}, err
	}
	all, err := organisation.Regions(ctx, q)
	if err != nil {
		return Reach{}, err
	}
	var r Reach
	var ids []int64
	for _, region := range all {
		if n.Everywhere || slices.Contains(n.RegionIDs, region.ID) {
			r.Regions, ids = append(r.Regions, region), append(ids, region.ID)
		}
	}
	type row struct {
		letter.Person
		region int64
	}
	in, args := db.In("g.organisation_id", ids)
	var b db.Builder
	b.Add(`
		SELECT
			p.id,
			p.given_name,
			p.family_name,
			COALESCE(p.email, ''),
			p.language,
			g.organisation_id
		FROM role_grant AS g
		JOIN person AS p ON p.id = g.person_id
		WHERE g.role = 'regional'
		AND `+in, args...).Add(`
		AND g.from_day <= ?
		AND (g.to_day IS NULL OR g.to_day >= ?)
		ORDER BY p.sort_key, p.id, g.organisation_id`, day, day)
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.ID, &r.Given, &r.Family, &r.Email, &r.Language, &r.region} }, b.String(), b.Args()...)
	if err != nil {
		return Reach{}, err
	}
	reached := map[int64]bool{}
	for _, each := range rows {
		if last := len(r.Readers) - 1; last < 0 || r.Readers[last].ID != each.ID {
			r.Readers = append(r.Readers, Reader{Person: each.Person})
		}
		to := &r.Readers[len(r.Readers)-1]
		if !slices.Contains(to.RegionIDs, each.region) {
			to.RegionIDs = append(to.RegionIDs, each.region)
		}
		reached[each.region] = reached[each.region] || each.Email != ""
	}
	for _, region := range r.Regions {
		if !reached[region.ID] {
			r.Without = append(r.Without, region)
		}
	}
	if r.Letters() == 0 {
		return r, fault.Invalid("regions", "circular.nobody")
	}
	return r, nil
}

// words are the circular as the reader's letter has it.
func (n New) words(id int64, p letter.Person, site letter.Site) letter.Personal {
	l := i18n.For(p.Language)
	return letter.Personal{PersonID: p.ID, Kind: "circular", Subject: n.Subject, Body: strings.Join([]string{
		n.Body, l.T("circular.read_it", "Link", site.Base+address.Circular(id)), l.T("letter.greetings", "Sender", l.T("circular.sender")),
	}, "\n\n") + "\n"}
}

// Send sends the circular to those whom Preview names, and tells to how many. What was
// sent with the key before is not sent again: fault.Conflict "letter.written_already".
func Send(ctx context.Context, tx *db.Tx, viewer access.Viewer, n New, site letter.Site, now clock.Instant) (int, error) {
	return send(ctx, tx, viewer, n, site, now, letter.PutPersonal)
}

// Record keeps a circular as one that was sent then, and sends nothing: for data that
// are loaded with their history.
func Record(ctx context.Context, tx *db.Tx, viewer access.Viewer, n New, site letter.Site, at clock.Instant) error {
	_, err := send(ctx, tx, viewer, n, site, at, letter.RecordPersonal)
	return err
}

func send(ctx context.Context, tx *db.Tx, viewer access.Viewer, n New, site letter.Site, now clock.Instant,
	put func(context.Context, *db.Tx, letter.Personal, *int64, clock.Instant) (int64, error),
) (int, error) {
	reach, err := Preview(ctx, tx, viewer, n, now.Day())
	if err != nil {
		return 0, err
	}
	_ = n.check() // trims
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO circular (subject, body, key, made_at, made_by)
		VALUES ($1, $2, $3, $4, $5)
		RETURNING id`, n.Subject, n.Body, n.Key, now, viewer.ActorID())
	if db.IsUnique(err) {
		return 0, fault.Conflict("letter.written_already")
	}
	if err != nil {
		return 0, err
	}
	regions := make([][]any, len(reach.Regions))
	for i, r := range reach.Regions {
		regions[i] = []any{id, r.ID}
	}
	if err := db.Insert(ctx, tx, "circular_region", []string{"circular_id", "region_id"}, regions); err != nil {
		return 0, err
	}
	var recipients [][]any
	for _, r := range reach.Readers {
		letterID, err := put(ctx, tx, n.words(id, r.Person, site), viewer.ActorID(), now)
		if err != nil {
			return 0, err
		}
		for _, region := range r.RegionIDs {
			recipients = append(recipients, []any{id, region, r.ID, letterID})
		}
	}
	return reach.Letters(), db.Insert(ctx, tx, "circular_recipient", []string{"circular_id", "region_id", "person_id", "letter_id"}, recipients)
}
