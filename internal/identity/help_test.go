package identity_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/identity/helping"
	"yrkesresan/internal/people"
)

func municipalAdmin(at int64) access.Viewer {
	return access.Viewer{PersonID: 1, Grants: []access.Grant{{Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: at, MunicipalityID: at, RegionID: dalarna}}}
}

func TestWhoHelpsSeesWhatWasTriedAndNobodyElseDoes(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		asa := add(t, d, "Åsa", "asa@example.org", falun)
		gone := add(t, d, "Gunnel", "gunnel@example.org", falun)
		must(t, d.Write(ctx, func(tx *db.Tx) error { return people.Leave(ctx, tx, system, gone, clock.Date(2025, 11, 1)) }))
		hers := record(t, d, identity.Trouble{Way: identity.WayCode, Cause: identity.CauseWrongCode, Person: asa}, now)
		record(t, d, identity.Trouble{Way: identity.WaySAML, Cause: identity.CauseWrongOrganisation, Person: asa, Organisation: borlange}, now)
		record(t, d, identity.Trouble{Way: identity.WayLink, Cause: identity.CauseUnknownPerson, Address: "asa@example.org"}, now.Add(-time.Hour))
		nobodys := record(t, d, identity.Trouble{Way: identity.WayLink, Cause: identity.CauseUnknownPerson, Address: "Fel@example.org"}, now)
		record(t, d, identity.Trouble{Way: identity.WayOIDC, Cause: identity.CauseUnknownPerson, Organisation: borlange, Address: "fel@example.org"}, now)

		regional := viewer(access.Regional, access.Region, dalarna, dalarna)
		operator := viewer(access.Operator, access.Nation, 1, 0)
		for _, c := range []struct {
			name     string
			viewer   access.Viewer
			attempts string // of Åsa
			found    string // who is called Gunnel or Åsa
			nobodys  int    // attempts with an address that is nobody's
		}{
			{"her municipality's administrator", municipalAdmin(falun), "wrong_code unknown_person", "Gunnel Öberg left, Åsa Öberg", 1},
			{"her region's", regional, "wrong_code wrong_organisation unknown_person", "Gunnel Öberg left, Åsa Öberg", 2},
			{"the operator", operator, "wrong_code wrong_organisation unknown_person", "Gunnel Öberg left, Åsa Öberg", 2},
			{"another municipality's", municipalAdmin(borlange), "fault.not_found", "", 2},
			{"another region's", viewer(access.Regional, access.Region, uppsala, uppsala), "fault.not_found", "", 1},
			{"a manager", viewer(access.Manager, access.Municipality, falun, dalarna), "fault.forbidden", "fault.forbidden", -1},
			{"she herself", access.Viewer{PersonID: asa}, "fault.forbidden", "fault.forbidden", -1},
		} {
			var causes []string
			all, err := helping.Attempts(ctx, d.Reader(), c.viewer, asa, today)
			for _, a := range all {
				causes = append(causes, a.Cause)
			}
			if err != nil {
				causes = []string{key(err)}
			}
			if got := sorted(causes); got != sorted(strings.Fields(c.attempts)) {
				t.Errorf("%s sees %s, want %s", c.name, got, c.attempts)
			}
			var names []string
			for _, typed := range []string{"gunnel", "asa@example.org"} {
				found, err := helping.Find(ctx, d.Reader(), c.viewer, typed, today)
				if err != nil {
					names = []string{key(err)}
				}
				for _, f := range found {
					name := f.Name
					if f.Until != nil {
						name += " left"
					}
					names = append(names, name)
				}
			}
			if got := strings.Join(names, ", "); got != c.found {
				t.Errorf("%s finds %q, want %q", c.name, got, c.found)
			}
			tried, err := helping.AttemptsOfNobody(ctx, d.Reader(), c.viewer, " fel@example.org ")
			if n := len(tried); c.nobodys < 0 && !errors.Is(err, fault.Forbidden) || c.nobodys >= 0 && (n != c.nobodys || err != nil) {
				t.Errorf("%s sees %d of nobody's, want %d: %v", c.name, n, c.nobodys, err)
			}
			if c.nobodys < 0 {
				continue
			}
			// What is somebody's is not told to who asks for their address.
			if tried, err := helping.AttemptsOfNobody(ctx, d.Reader(), c.viewer, "asa@example.org"); len(tried) != 0 || err != nil {
				t.Errorf("%s sees %v by her address: %v", c.name, tried, err)
			}
			who, err := helping.OfReference(ctx, d.Reader(), c.viewer, strings.ToLower(hers), today)
			if may := c.attempts != "fault.not_found"; may && (who != asa || err != nil) || !may && !errors.Is(err, fault.NotFound) {
				t.Errorf("%s asks whose %s is: %d, %v", c.name, hers, who, err)
			}
			if tried, err := helping.AttemptsOfNobody(ctx, d.Reader(), c.viewer, nobodys); len(tried) != 1 || err != nil {
				t.Errorf("%s sees %v by the reference: %v", c.name, tried, err)
			}
		}
	})
}

func sorted(words []string) string {
	seen := map[string]int{}
	for _, w := range words {
		seen[w]++
	}
	return fmt.Sprint(seen)
}

func TestACodeOnPaperLetsInOnceWithinAWeek(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		asa, boss := add(t, d, "Åsa", "", falun), add(t, d, "Bo", "bo@example.org", falun)
		grant(t, d, system, boss, access.MunicipalAdmin, falun, today)
		paper := func(viewer access.Viewer, person int64, at clock.Instant) (code string, err error) {
			err = d.Write(ctx, func(tx *db.Tx) (err error) {
				code, err = identity.PaperCode(ctx, tx, viewer, person, at)
				return err
			})
			return code, err
		}
		if _, err := paper(municipalAdmin(borlange), asa, now); !errors.Is(err, fault.NotFound) {
			t.Errorf("another municipality's administrator: %v", err)
		}
		if _, err := paper(municipalAdmin(falun), boss, now); key(err) != "identity.address_of_office" {
			t.Errorf("for who holds a role that one cannot give: %v", err)
		}
		first, err := paper(municipalAdmin(falun), asa, now)
		must(t, err)
		second, err := paper(municipalAdmin(falun), asa, now)
		must(t, err)
		if rows := dump(t, d, "sign_in_link"); strings.Contains(rows, second) || strings.Contains(rows, strings.ReplaceAll(second, "-", "")) {
			t.Errorf("the code is kept: %s", rows)
		}
		for _, c := range []struct {
			name, typed string
			after       time.Duration
			want        string
		}{
			{"nothing", "", 0, "identity.paper_missing"},
			{"a letter too few", second[1:], 0, "identity.paper_missing"},
			{"another", strings.Repeat("B", 12), 0, "identity.paper_wrong"},
			{"the one before it", first, 0, "identity.link_used"},
			{"a week later", second, 7 * 24 * time.Hour, "identity.link_expired"},
			{"just before, in small letters and without dashes", strings.ToLower(strings.ReplaceAll(second, "-", " ")), 7*24*time.Hour - time.Microsecond, "<nil>"},
			{"once more", second, 0, "identity.link_used"},
		} {
			link, err := identity.UsePaper(ctx, d, now.Add(c.after), c.typed, "192.0.2.1")
			if key(err) != c.want || err == nil && link.PersonID != asa {
				t.Errorf("%s: %d, %v, want %s", c.name, link.PersonID, err, c.want)
			}
		}
	})
}

func TestALetterIsSentByWhoHelps(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		asa, without := add(t, d, "Åsa", "asa@example.org", falun), add(t, d, "Bo", "", falun)
		p := openPost(t, d)
		send := func(viewer access.Viewer, person int64) string {
			return key(d.Write(ctx, func(tx *db.Tx) error { return identity.SendLink(ctx, tx, viewer, person, now) }))
		}
		for _, c := range []struct {
			viewer access.Viewer
			person int64
			want   string
		}{
			{municipalAdmin(borlange), asa, "fault.not_found"}, {access.Viewer{PersonID: asa}, asa, "fault.forbidden"},
			{municipalAdmin(falun), without, "identity.has_no_address"}, {municipalAdmin(falun), asa, "<nil>"},
		} {
			if got := send(c.viewer, c.person); got != c.want {
				t.Errorf("%v to %d: %s, want %s", c.viewer.Grants, c.person, got, c.want)
			}
		}
		if _, err := identity.UseLink(ctx, d, now, token(t, p.server.Next(t).Text)); err != nil {
			t.Errorf("the link gives %v", err)
		}
	})
}
