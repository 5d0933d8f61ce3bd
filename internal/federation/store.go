package federation

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/crewjam/saml"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/federation/fetch"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/sealing"
	"yrkesresan/internal/vault"
)

// provider is the municipality's; fault.NotFound when it has none.
func provider(ctx context.Context, q db.Querier, municipalityID int64) (Provider, error) {
	p, err := db.Row(ctx, q, func(p *Provider) []any {
		return []any{
			&p.MunicipalityID, &p.Kind, &p.Issuer, &p.ClientID, &p.ClientSecret, &p.Metadata, &p.MetadataAddress, &p.MetadataSigners,
			&p.SubjectFrom, &p.Vouches, &p.MakesAccounts, &p.OnAt,
		}
	}, `
		SELECT
			municipality_id,
			kind,
			issuer,
			client_id,
			client_secret,
			metadata,
			metadata_address,
			metadata_signers,
			subject_from,
			vouches,
			makes_accounts,
			on_at
		FROM federation_provider
		WHERE municipality_id = $1`, municipalityID)
	if err != nil {
		return Provider{}, err
	}
	if p.ClientSecret, p.SecretLost, err = sealing.Text(q, clientSecretAt(municipalityID), p.ClientSecret); err != nil {
		return Provider{}, err
	}
	p.Domains, err = db.Rows(ctx, q, db.One[string], `SELECT domain FROM federation_domain WHERE municipality_id = $1 ORDER BY domain`, municipalityID)
	return p, err
}

func clientSecretAt(municipalityID int64) vault.Place {
	return vault.Place{Table: "federation_provider", Column: "client_secret", Row: vault.Row(municipalityID)}
}

// Of is the municipality's provider, for who may set it up; fault.NotFound when there
// is none yet.
func Of(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation) (Provider, error) {
	if err := access.Federate(viewer).Allow(m.Place()); err != nil {
		return Provider{}, err
	}
	return provider(ctx, q, m.ID)
}

// Settings are what an administrator says about a provider.
type Settings struct {
	Kind            Kind
	Issuer          string // OIDC
	ClientID        string
	ClientSecret    string // empty: the one that there is
	Metadata        []byte // SAML: a file; empty: what stands at the address, or what there is
	MetadataAddress string
	EntityID        string // which of a federation's; empty: the only one
	MetadataSigners string
	SubjectFrom     string
	Domains         []string
	Vouches         bool
	MakesAccounts   bool
}

// mostDomains is how many domains a municipality may have.
const mostDomains = 50

var domainShape = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)

// check tells what is wrong, with what is right trimmed into shape.
func (s *Settings) check(loopback bool) error {
	var checks fault.Checks
	checks.Require(s.Kind == OIDC || s.Kind == SAML, "kind", "federation.kind_missing")
	var domains []string
	for _, d := range s.Domains {
		d = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(d)), "@")
		if d == "" || slices.Contains(domains, d) {
			continue
		}
		checks.Require(domainShape.MatchString(d) && len(d) <= 253, "domains", "federation.domain_wrong", "Domain", d)
		domains = append(domains, d)
	}
	s.Domains = domains
	checks.Require(len(domains) > 0, "domains", "federation.domain_missing")
	checks.Require(len(domains) <= mostDomains, "domains", "federation.domain_many", "Max", mostDomains)
	if s.Kind == OIDC {
		checks.Require(fetchable(s.Issuer, loopback) && !strings.Contains(s.Issuer, "?"), "issuer", "federation.issuer_wrong")
		checks.Require(s.ClientID != "", "client_id", "federation.client_missing")
	}
	if s.MetadataAddress != "" && s.Kind == SAML {
		checks.Require(fetchable(s.MetadataAddress, loopback), "address", "federation.address_wrong")
	}
	for _, long := range []struct{ field, value string }{
		{"issuer", s.Issuer}, {"client_id", s.ClientID}, {"client_secret", s.ClientSecret}, {"address", s.MetadataAddress}, {"entity", s.EntityID}, {"subject", s.SubjectFrom},
	} {
		checks.Require(len(long.value) <= 1000, long.field, "fault.too_long", "Max", 1000)
	}
	return checks.Err()
}

// Save keeps how the municipality's people sign in, and reads what the provider says
// of itself. It is open to all when it was before and the provider is the same; a new
// one is tried first. A domain of another municipality is a conflict.
func (f *Federation) Save(ctx context.Context, viewer access.Viewer, m organisation.Organisation, s Settings, now clock.Instant) error {
	if err := access.Federate(viewer).Allow(m.Place()); err != nil {
		return err
	}
	if err := s.check(f.Loopback); err != nil {
		return err
	}
	was, err := provider(ctx, f.DB.Reader(), m.ID)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	p := Provider{
		MunicipalityID: m.ID, Kind: s.Kind, SubjectFrom: s.SubjectFrom, Vouches: s.Vouches, MakesAccounts: s.MakesAccounts, Domains: s.Domains,
	}
	if s.Kind == OIDC {
		err = f.describeOIDC(ctx, &p, s, was)
	} else {
		err = f.describeSAML(ctx, &p, s, was, now)
	}
	if err != nil {
		return err
	}
	if p.Issuer == was.Issuer && p.Kind == was.Kind {
		p.OnAt = was.OnAt
	}
	if err := f.DB.Write(ctx, func(tx *db.Tx) error { return p.keep(ctx, tx, viewer, now) }); err != nil {
		return err
	}
	f.mu.Lock()
	delete(f.found, p.Issuer) // it may be asked anew at once
	f.mu.Unlock()
	return nil
}

func (f *Federation) describeOIDC(ctx context.Context, p *Provider, s Settings, was Provider) error {
	p.Issuer, p.ClientID, p.ClientSecret = s.Issuer, s.ClientID, s.ClientSecret
	if p.ClientSecret == "" && was.Kind == OIDC && was.Issuer == p.Issuer && was.ClientID == p.ClientID {
		p.ClientSecret = was.ClientSecret
	}
	if p.ClientSecret == "" {
		return fault.Invalid("client_secret", "federation.secret_missing")
	}
	f.mu.Lock()
	delete(f.found, p.Issuer)
	f.mu.Unlock()
	if _, err := f.discover(ctx, p.Issuer); err != nil {
		f.Log.Info("a provider that is set up does not answer", "error", err)
		return fault.Invalid("issuer", "federation.issuer_silent")
	}
	return nil
}

func (f *Federation) describeSAML(ctx context.Context, p *Provider, s Settings, was Provider, now clock.Instant) error {
	signers, err := readSigners(s.MetadataSigners)
	if err != nil {
		return err
	}
	p.MetadataAddress, p.MetadataSigners = s.MetadataAddress, strings.TrimSpace(s.MetadataSigners)
	text := s.Metadata
	switch {
	case len(text) > 0:
		p.MetadataAddress = "" // what came as a file is not mixed with what stands elsewhere
	case p.MetadataAddress != "":
		if text, err = fetch.Text(ctx, f.metadata, p.MetadataAddress); err != nil {
			f.Log.Info("metadata of a provider that is set up cannot be read", "error", err)
			return fault.Invalid("address", "federation.address_silent")
		}
	case was.Kind == SAML && was.Metadata != "" && was.MetadataAddress == "" && (s.EntityID == "" || s.EntityID == was.Issuer):
		p.Issuer, p.Metadata, p.MetadataSigners = was.Issuer, was.Metadata, was.MetadataSigners
		return nil
	default:
		return fault.Invalid("metadata", "federation.metadata_missing")
	}
	entity, err := readMetadata(text, s.EntityID, signers, f.Loopback, now.Time())
	if err != nil {
		return err
	}
	return p.describe(entity)
}

// describe keeps what the provider says of itself.
func (p *Provider) describe(entity *saml.EntityDescriptor) error {
	kept, err := xml.Marshal(entity)
	if err != nil {
		return fmt.Errorf("keep metadata: %w", err)
	}
	p.Issuer, p.Metadata = entity.EntityID, string(kept)
	return nil
}

func (p Provider) keep(ctx context.Context, tx *db.Tx, viewer access.Viewer, now clock.Instant) error {
	secret, err := db.Keys(tx).Seal(clientSecretAt(p.MunicipalityID), p.ClientSecret)
	if err != nil {
		return fmt.Errorf("keep how people sign in: %w", err)
	}
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO federation_provider (municipality_id, kind, issuer, client_id, client_secret, metadata, metadata_address, metadata_signers, metadata_tried_at,
			subject_from, vouches, makes_accounts, on_at, changed_at, changed_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $13, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (municipality_id) DO UPDATE SET
			kind = excluded.kind,
			issuer = excluded.issuer,
			client_id = excluded.client_id,
			client_secret = excluded.client_secret,
			metadata = excluded.metadata,
			metadata_address = excluded.metadata_address,
			metadata_signers = excluded.metadata_signers,
			metadata_tried_at = excluded.metadata_tried_at,
			subject_from = excluded.subject_from,
			vouches = excluded.vouches,
			makes_accounts = excluded.makes_accounts,
			on_at = excluded.on_at,
			changed_at = excluded.changed_at,
			changed_by = excluded.changed_by`,
		p.MunicipalityID, p.Kind, p.Issuer, p.ClientID, secret, p.Metadata, p.MetadataAddress, p.MetadataSigners,
		p.SubjectFrom, p.Vouches, p.MakesAccounts, p.OnAt, now, viewer.ActorID()); err != nil {
		return fmt.Errorf("keep how people sign in: %w", err)
	}
	had, err := db.Rows(ctx, tx, db.One[string], `DELETE FROM federation_domain WHERE municipality_id = $1 RETURNING domain`, p.MunicipalityID)
	if err != nil {
		return fmt.Errorf("keep how people sign in: %w", err)
	}
	for _, domain := range p.Domains {
		if _, err := db.Exec(ctx, tx, `INSERT INTO federation_domain (domain, municipality_id) VALUES ($1, $2)`, domain, p.MunicipalityID); db.IsUnique(err) {
			return fault.Conflict("federation.domain_taken", "Domain", domain)
		} else if err != nil {
			return fmt.Errorf("keep how people sign in: %w", err)
		}
		if !slices.Contains(had, domain) && !viewer.Has(access.Operator) {
			if others, err := ofOthers(ctx, tx, domain, p.MunicipalityID, now.Day()); err != nil {
				return fmt.Errorf("keep how people sign in: %w", err)
			} else if others {
				return fault.Conflict("federation.domain_of_others", "Domain", domain)
			}
		}
	}
	return nil
}

// ofOthers tells whether more people with addresses of the domain work elsewhere than
// in the municipality: then it is not this municipality's to claim. Some work elsewhere
// with any domain: they have moved, and kept their address.
func ofOthers(ctx context.Context, tx *db.Tx, domain string, municipalityID int64, today clock.Day) (bool, error) {
	return db.Row(ctx, tx, db.One[bool], `
		SELECT COALESCE(SUM(CASE WHEN e.municipality_id = $2 THEN -1 ELSE 1 END), 0) > 0
		FROM person AS p
		JOIN employed AS e ON e.person_id = p.id
		WHERE p.email LIKE '%@' || $1
		AND e.from_day <= $3
		AND (e.to_day IS NULL OR e.to_day >= $3)`, domain, municipalityID, today)
}

// TurnOn opens the provider to all.
func TurnOn(ctx context.Context, tx *db.Tx, viewer access.Viewer, m organisation.Organisation, now clock.Instant) error {
	return turn(ctx, tx, viewer, m, &now, now)
}

// TurnOff closes it. Who is signed in stays so, and everybody can sign in by e-mail.
func TurnOff(ctx context.Context, tx *db.Tx, viewer access.Viewer, m organisation.Organisation, now clock.Instant) error {
	return turn(ctx, tx, viewer, m, nil, now)
}

func turn(ctx context.Context, tx *db.Tx, viewer access.Viewer, m organisation.Organisation, on *clock.Instant, now clock.Instant) error {
	if err := access.Federate(viewer).Allow(m.Place()); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE federation_provider SET on_at = $2, changed_at = $3, changed_by = $4 WHERE municipality_id = $1`, m.ID, on, now, viewer.ActorID())
	if err != nil {
		return fmt.Errorf("open or close a provider: %w", err)
	}
	if n == 0 {
		return fault.Conflict("federation.none_yet")
	}
	return nil
}

// How often metadata is read anew: when it is old, and at most this often when a key
// is not known.
const (
	metadataKept  = 24 * time.Hour
	metadataPause = 5 * time.Minute
)

// fresh is the provider with metadata that is not old, as far as that can be had.
func (f *Federation) fresh(ctx context.Context, p Provider, now clock.Instant) (Provider, error) {
	if p.MetadataAddress != "" {
		tried, err := db.Row(ctx, f.DB.Reader(), db.One[clock.Instant], `SELECT metadata_tried_at FROM federation_provider WHERE municipality_id = $1`, p.MunicipalityID)
		if err != nil {
			return p, err
		}
		entity, err := samlEntity(p.Metadata)
		if tried.Add(metadataKept) <= now || err != nil || usable(entity, f.Loopback, now.Time()) != nil {
			if renewed, _, err := f.renew(ctx, p, now); err == nil {
				p = renewed
			}
		}
	}
	entity, err := samlEntity(p.Metadata)
	if err != nil {
		return p, err
	}
	return p, usable(entity, f.Loopback, now.Time())
}

// errPause is why metadata is not read anew yet.
var errPause = errors.New("the metadata was read a moment ago")

// renew reads the metadata anew, unless somebody has tried a moment ago.
func (f *Federation) renew(ctx context.Context, p Provider, now clock.Instant) (renewed Provider, changed bool, err error) {
	if p.MetadataAddress == "" {
		return p, false, errPause
	}
	var mine int64
	if err := f.DB.Write(ctx, func(tx *db.Tx) (err error) {
		mine, err = db.Exec(ctx, tx, `UPDATE federation_provider SET metadata_tried_at = $2 WHERE municipality_id = $1 AND metadata_tried_at <= $3`,
			p.MunicipalityID, now, now.Add(-metadataPause))
		return err
	}); err != nil {
		return p, false, err
	}
	if mine == 0 {
		return p, false, errPause
	}
	signers, err := readSigners(p.MetadataSigners)
	if err != nil {
		return p, false, err
	}
	text, err := fetch.Text(ctx, f.metadata, p.MetadataAddress)
	if err != nil {
		return p, false, err
	}
	entity, err := readMetadata(text, p.Issuer, signers, f.Loopback, now.Time())
	if err != nil {
		return p, false, err
	}
	old := p.Metadata
	if err := p.describe(entity); err != nil {
		return p, false, err
	}
	err = f.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE federation_provider SET metadata = $2 WHERE municipality_id = $1 AND issuer = $3`, p.MunicipalityID, p.Metadata, p.Issuer)
		return err
	})
	return p, p.Metadata != old, err
}

// Offered are the municipalities whose people sign in with their account at work.
func Offered(ctx context.Context, q db.Querier) ([]organisation.Organisation, error) {
	return db.Rows(ctx, q, func(o *organisation.Organisation) []any {
		return []any{&o.ID, &o.Kind, &o.RegionID, &o.MunicipalityID, &o.Slug, &o.Name}
	}, `
		SELECT
			o.id,
			o.kind,
			COALESCE(o.region_id, 0),
			COALESCE(o.municipality_id, 0),
			o.slug,
			o.name
		FROM federation_provider AS p
		JOIN organisation AS o ON o.id = p.municipality_id
		WHERE p.on_at IS NOT NULL
		ORDER BY o.sort_key`)
}

// ByAddress is the municipality whose people have e-mail addresses like this, and sign
// in with their account at work; fault.NotFound when there is none. It is told by the
// domain alone: it says nothing of whether anybody has the address.
func ByAddress(ctx context.Context, q db.Querier, email string) (organisation.Organisation, error) {
	id, err := db.Row(ctx, q, db.One[int64], `
		SELECT d.municipality_id
		FROM federation_domain AS d
		JOIN federation_provider AS p ON p.municipality_id = d.municipality_id
		WHERE d.domain = $1
		AND p.on_at IS NOT NULL`, domainOf(strings.TrimSpace(email)))
	if err != nil {
		return organisation.Organisation{}, err
	}
	return organisation.ByID(ctx, q, id)
}

// Tried is what came of trying with the state; fault.NotFound when the viewer has not
// tried with it.
func Tried(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation, token string) (Report, error) {
	if err := access.Federate(viewer).Allow(m.Place()); err != nil {
		return Report{}, err
	}
	kept, err := db.Row(ctx, q, db.One[string], `
		SELECT report
		FROM federation_state
		WHERE state_hash = $1
		AND municipality_id = $2
		AND tester_id = $3
		AND report <> ''`, hash("state", token), m.ID, viewer.PersonID)
	if err != nil {
		return Report{}, err
	}
	var report Report
	return report, json.Unmarshal([]byte(kept), &report)
}

// Trouble is an attempt that let nobody in, for the municipality's administrator.
type Trouble struct {
	At        clock.Instant
	Cause     string
	Detail    string
	Reference string
	PersonID  int64 // 0 when nobody was found
	Name      string
}

// Linked tells whether it was because the person has another name at the provider, so
// that releasing that may be what helps.
func (t Trouble) Linked() bool { return t.Cause == identity.CauseAmbiguous && t.Detail == detailLinked }

// Troubles are the latest attempts by the municipality's provider that let nobody in.
func Troubles(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation, most int) ([]Trouble, error) {
	if err := access.Federate(viewer).Allow(m.Place()); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(t *Trouble) []any {
		return []any{&t.At, &t.Cause, &t.Detail, &t.Reference, &t.PersonID, &t.Name}
	}, `
		SELECT
			t.happened_at,
			t.cause,
			t.detail,
			t.reference,
			COALESCE(p.id, 0),
			COALESCE(TRIM(p.given_name || ' ' || p.family_name), '')
		FROM sign_in_trouble AS t
		LEFT JOIN person AS p ON p.id = t.person_id
		WHERE t.organisation_id = $1
		AND t.way IN ($3, $4)
		ORDER BY
			t.happened_at DESC,
			t.id DESC
		LIMIT $2`, m.ID, most, identity.WayOIDC, identity.WaySAML)
}

// Linked is how many people have signed in with the provider.
func Linked(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation) (int, error) {
	if err := access.Federate(viewer).Allow(m.Place()); err != nil {
		return 0, err
	}
	return db.Row(ctx, q, db.One[int], `SELECT COUNT(*) FROM federation_identity WHERE municipality_id = $1`, m.ID)
}

// Unlink forgets who the person is at the municipality's provider: the next answer
// with their e-mail address says so anew. fault.NotFound when there is nothing.
func Unlink(ctx context.Context, tx *db.Tx, viewer access.Viewer, m organisation.Organisation, personID int64) error {
	if err := access.Federate(viewer).Allow(m.Place()); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `DELETE FROM federation_identity WHERE municipality_id = $1 AND person_id = $2`, m.ID, personID)
	if err != nil {
		return fmt.Errorf("forget who somebody is at their provider: %w", err)
	}
	if n == 0 {
		return fault.NotFound
	}
	return nil
}
