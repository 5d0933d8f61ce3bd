package identity_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
)

var causes = []string{
	identity.CauseUnknownPerson, identity.CauseInactive, identity.CauseNoEmployment, identity.CauseAttributeMissing,
	identity.CauseWrongOrganisation, identity.CauseExpired, identity.CauseUsed, identity.CauseWrongCode,
	identity.CauseTooMany, identity.CauseClock, identity.CauseSignature, identity.CauseReplay, identity.CauseUnknownKey,
	identity.CauseProviderDown, identity.CauseCancelled, identity.CauseAmbiguous, identity.CauseNotAllowed,
}

func record(t *testing.T, d *db.DB, trouble identity.Trouble, at clock.Instant) (reference string) {
	t.Helper()
	must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
		reference, err = identity.Record(ctx, tx, trouble, at)
		return err
	}))
	return reference
}

func TestWhyASignInFailedIsKeptWithoutValues(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		person := add(t, d, "Åsa", "asa@example.org", falun)
		seen := map[string]bool{}
		for _, cause := range causes {
			reference := record(t, d, identity.Trouble{Way: identity.WayCode, Cause: cause, Address: " Okand@example.org"}, now)
			if !regexp.MustCompile(`^[2-9B-DF-HJKMNP-TV-XZ]{6}$`).MatchString(reference) || seen[reference] {
				t.Errorf("%s has the reference %q", cause, reference)
			}
			seen[reference] = true
		}
		record(t, d, identity.Trouble{Way: identity.WaySAML, Cause: identity.CauseAttributeMissing, Person: person, Detail: "mail\n" + strings.Repeat("å", 200)}, now)
		rows := dump(t, d, "sign_in_trouble")
		if strings.Contains(strings.ToLower(rows), "okand") {
			t.Errorf("the address that was tried is kept: %s", rows)
		}
		type row struct {
			organisation int64
			detail       string
		}
		got, err := db.Row(ctx, d.Reader(), func(r *row) []any { return []any{&r.organisation, &r.detail} },
			`SELECT organisation_id, detail FROM sign_in_trouble WHERE person_id = $1`, person)
		must(t, err)
		if got.organisation != falun || !strings.HasPrefix(got.detail, "mail å") || len(got.detail) > 200 {
			t.Errorf("it happened on the side of %d: %q", got.organisation, got.detail)
		}
		hashes, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(DISTINCT address_hash) FROM sign_in_trouble`)
		must(t, err)
		if hashes != 1 {
			t.Errorf("one address has %d hashes", hashes)
		}
	})
}

func TestWhyASignInFailedIsForgottenAfterNinetyDays(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		record(t, d, identity.Trouble{Way: identity.WayLink, Cause: identity.CauseUsed}, now)
		for _, c := range []struct {
			after time.Duration
			left  int
		}{{90*24*time.Hour - 1, 1}, {90 * 24 * time.Hour, 0}} {
			must(t, identity.Sweep(ctx, d, now.Add(c.after)))
			left, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM sign_in_trouble`)
			must(t, err)
			if left != c.left {
				t.Errorf("%v later %d are left, want %d", c.after, left, c.left)
			}
		}
	})
}

func TestEachCauseHasItsWordsForBoth(t *testing.T) {
	for _, lang := range []*i18n.Lang{i18n.Swedish, i18n.English} {
		for _, cause := range causes {
			for _, key := range []string{identity.TroubleKey(cause), identity.CauseKey(cause)} {
				if !lang.Has(key) {
					t.Errorf("%s lacks %s", lang.Code(), key)
				}
			}
		}
	}
}
