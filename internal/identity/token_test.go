package identity_test

import (
	"errors"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
)

func TestATokenIsMadeUsedAndRevoked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		check := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		check(organisation.Install(ctx, d))
		regional := func(region int64) access.Viewer {
			return access.Viewer{Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: region, RegionID: region}}}
		}
		dalarna, uppsala := regional(20), regional(3)
		now := clock.Date(2026, 11, 23).At(9, 0)
		made := func(viewer access.Viewer, name string, role access.Role, org int64) (key string, err error) {
			err = d.Write(ctx, func(tx *db.Tx) (err error) {
				key, err = identity.MakeToken(ctx, tx, viewer, identity.ForAPI, name, role, org, now)
				return err
			})
			return key, err
		}
		for _, each := range []struct {
			name   string
			viewer access.Viewer
			token  string
			role   access.Role
			org    int64
			want   error
		}{
			{"an employee has none to make", access.Viewer{PersonID: 1}, "x", access.Regional, 20, fault.Forbidden},
			{"another's region is out of reach", dalarna, "x", access.Regional, 3, fault.NotFound},
			{"nobody makes a token that may do more than they", dalarna, "x", access.Producer, 20, fault.Forbidden},
			{"nor an operator's", dalarna, "x", access.Operator, organisation.NationID, fault.Forbidden},
			{"it has a name", dalarna, " ", access.Regional, 20, fault.Invalid("", "")},
			{"of a hundred characters", dalarna, strings.Repeat("å", 101), access.Regional, 20, fault.Invalid("", "")},
			{"a role is held where it exists", access.System(), "x", access.Regional, organisation.NationID, fault.Invalid("", "")},
		} {
			if _, err := made(each.viewer, each.token, each.role, each.org); !errors.Is(err, each.want) {
				t.Errorf("%s: %v, want %v", each.name, err, each.want)
			}
		}

		key, err := made(dalarna, "Personalsystemet", access.Regional, 20)
		check(err)
		viewer, err := identity.ViewerOfToken(ctx, d, identity.ForAPI, key, now)
		check(err)
		if viewer.PersonID != 0 || viewer.ActorID() != nil || len(viewer.Grants) != 1 || viewer.Grants[0].Role != access.Regional || viewer.Grants[0].RegionID != 20 {
			t.Errorf("it lets in %+v", viewer)
		}
		for _, wrong := range []string{"", "yrk_", key + "x", strings.TrimPrefix(key, "yrk_")} {
			if _, err := identity.ViewerOfToken(ctx, d, identity.ForAPI, wrong, now); !errors.Is(err, fault.NotFound) {
				t.Errorf("%q lets somebody in: %v", wrong, err)
			}
		}
		if _, err := identity.ViewerOfToken(ctx, d, identity.ForSCIM, key, now); !errors.Is(err, fault.NotFound) {
			t.Errorf("a key of the API opens the other door: %v", err)
		}
		hashes, err := db.Rows(ctx, d.Reader(), db.One[[]byte], `SELECT token_hash FROM api_token`)
		check(err)
		if len(hashes) != 1 || len(hashes[0]) != 32 || strings.Contains(string(hashes[0]), key) {
			t.Errorf("the database keeps %q", hashes)
		}

		used := func() clock.Instant {
			t.Helper()
			all, err := identity.Tokens(ctx, d.Reader(), dalarna)
			check(err)
			if len(all) != 1 || all[0].UsedAt == nil {
				t.Fatalf("the list is %+v", all)
			}
			return *all[0].UsedAt
		}
		hour := clock.Instant(60 * 60 * 1_000_000)
		for _, each := range []struct{ at, want clock.Instant }{{now + hour - 1, now}, {now + hour, now + hour}, {now + 2*hour - 1, now + hour}} {
			if _, err := identity.ViewerOfToken(ctx, d, identity.ForAPI, key, each.at); err != nil || used() != each.want {
				t.Errorf("used at %d: noted as %d, want %d: %v", each.at-now, used()-now, each.want-now, err)
			}
		}

		if all, err := identity.Tokens(ctx, d.Reader(), uppsala); err != nil || len(all) != 0 {
			t.Errorf("the neighbour sees %+v: %v", all, err)
		}
		id, err := db.Row(ctx, d.Reader(), db.One[int64], `SELECT id FROM api_token`)
		check(err)
		revoke := func(viewer access.Viewer) error {
			return d.Write(ctx, func(tx *db.Tx) error { return identity.RevokeToken(ctx, tx, viewer, id, now) })
		}
		if err := revoke(uppsala); !errors.Is(err, fault.NotFound) {
			t.Errorf("the neighbour revokes: %v", err)
		}
		if err := revoke(access.Viewer{PersonID: 1}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an employee revokes: %v", err)
		}
		check(revoke(dalarna))
		if err := revoke(dalarna); !errors.Is(err, fault.Conflict("")) {
			t.Errorf("revoked twice: %v", err)
		}
		if _, err := identity.ViewerOfToken(ctx, d, identity.ForAPI, key, now); !errors.Is(err, fault.NotFound) {
			t.Errorf("a revoked token lets somebody in: %v", err)
		}
	})
}
