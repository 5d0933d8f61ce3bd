package circular_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/calendar"
	"yrkesresan/internal/circular"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/mail/mailtest"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

const uppsala, gotland, dalarna int64 = 3, 9, 20

var (
	ctx   = context.Background()
	today = clock.Date(2026, 11, 23)
	now   = today.At(9, 0)
	site  = letter.Site{Base: "https://yrkesresan.example.org", From: calendar.Party{Name: "Yrkesresan", Email: "no-reply@example.org"}}
	owner = access.Viewer{Name: "Nora Nyman", Grants: []access.Grant{{Role: access.National, Level: access.Nation, OrganisationID: organisation.NationID}}}
)

// country is one with Gun, who administers Gotland and Uppsala, Dag, who administers
// Dalarna and has no address, and Eva, who administers Uppsala and reads English.
type country struct {
	*testing.T
	d             *db.DB
	gun, dag, eva int64
}

func newCountry(t *testing.T, d *db.DB) *country {
	t.Helper()
	c := &country{T: t, d: d}
	if err := errors.Join(organisation.Install(ctx, d), jobs.Migrate(ctx, d)); err != nil {
		t.Fatal(err)
	}
	c.gun = c.administrator("Gun", "gun@example.org", today-100, gotland, uppsala)
	c.dag = c.administrator("Dag", "", today-100, dalarna)
	c.eva = c.administrator("Eva", "eva@example.org", today, uppsala)
	c.administrator("Nils", "nils@example.org", today+1, dalarna) // begins tomorrow
	c.write(func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE person SET language = 'en' WHERE id = $1`, c.eva)
		return err
	})
	return c
}

func (c *country) write(f func(tx *db.Tx) error) {
	c.Helper()
	if err := c.d.Write(ctx, f); err != nil {
		c.Fatal(err)
	}
}

func (c *country) administrator(given, email string, from clock.Day, regions ...int64) (id int64) {
	c.Helper()
	c.write(func(tx *db.Tx) (err error) {
		if id, err = people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: given, FamilyName: "Öberg", Email: email}, regions[0], today-200, "", now); err != nil {
			return err
		}
		for _, r := range regions {
			if _, err = identity.Grant(ctx, tx, access.System(), id, access.Regional, r, from, now); err != nil {
				return err
			}
		}
		return nil
	})
	return id
}

func (c *country) viewer(id int64) access.Viewer {
	c.Helper()
	v, _, err := identity.Viewer(ctx, c.d.Reader(), id, today)
	if err != nil {
		c.Fatal(err)
	}
	return v
}

func (c *country) send(n circular.New) (sent int, err error) {
	err = c.d.Write(ctx, func(tx *db.Tx) (err error) {
		sent, err = circular.Send(ctx, tx, owner, n, site, now)
		return err
	})
	return sent, err
}

func meetings(regions ...int64) circular.New {
	return circular.New{Subject: "Höstens möten", Body: "Vi ses **den 3 december**.", Everywhere: len(regions) == 0, RegionIDs: regions, Key: fmt.Sprint("key", regions)}
}

func TestAPreviewTellsWhoIsReachedAndWhoIsNot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newCountry(t, d)
		reach, err := circular.Preview(ctx, d.Reader(), owner, meetings(), today)
		if err != nil {
			t.Fatal(err)
		}
		var names, without []string
		for _, r := range reach.Readers {
			names = append(names, fmt.Sprint(r.Given, r.RegionIDs))
		}
		if diff := cmp.Diff([]string{"Dag[20]", "Eva[3]", "Gun[3 9]"}, names); diff != "" {
			t.Error(diff)
		}
		for _, r := range reach.Without {
			without = append(without, r.Name)
		}
		if reach.Letters() != 2 || len(reach.Addressless()) != 1 || len(reach.Regions) != 24 || len(without) != 22 || !strings.Contains(strings.Join(without, " "), "Dalarna") {
			t.Errorf("%d letters, %d without an address, %d regions, without a reader %v", reach.Letters(), len(reach.Addressless()), len(reach.Regions), without)
		}
		for _, wrong := range []struct {
			name, field string
			n           circular.New
		}{
			{"no region", "regions", circular.New{Subject: "A", Body: "B"}},
			{"a region that nobody reads for", "regions", meetings(dalarna)},
			{"no subject", "subject", circular.New{Body: "B", Everywhere: true}},
			{"a subject of 151 letters", "subject", circular.New{Subject: strings.Repeat("å", 151), Body: "B", Everywhere: true}},
			{"no text", "body", circular.New{Subject: "A", Body: " ", Everywhere: true}},
			{"a text of 10 001 letters", "body", circular.New{Subject: "A", Body: strings.Repeat("å", 10_001), Everywhere: true}},
		} {
			_, err := circular.Preview(ctx, d.Reader(), owner, wrong.n, today)
			if f := fault.Of(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != wrong.field {
				t.Errorf("%s: %v", wrong.name, err)
			}
		}
		if _, err := circular.Preview(ctx, d.Reader(), owner, circular.New{Subject: strings.Repeat("å", 150), Body: strings.Repeat("å", 10_000), Everywhere: true}, today); err != nil {
			t.Errorf("as long as may be: %v", err)
		}
		if _, err := circular.Preview(ctx, d.Reader(), c.viewer(c.gun), meetings(), today); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a region writes to regions: %v", err)
		}
	})
}

func TestACircularIsALetterEachAndStandsInTheProduct(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newCountry(t, d)
		server := mailtest.Open(t)
		if sent, err := c.send(meetings()); err != nil || sent != 2 {
			t.Fatalf("%d letters, %v", sent, err)
		}
		if _, err := c.send(meetings()); fault.Of(err) == nil || fault.Of(err).Key != "letter.written_already" {
			t.Errorf("sent twice: %v", err)
		}
		q, err := jobs.Open(ctx, d, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		sender, err := mail.Open(server.Address(), "Yrkesresan <no-reply@example.org>", clock.Fixed(now))
		if err != nil {
			t.Fatal(err)
		}
		letter.Handle(q, d, clock.Fixed(now), sender, site)
		if err := q.Start(ctx); err != nil {
			t.Fatal(err)
		}
		got := map[string]mailtest.Letter{}
		for range 2 {
			l := server.Next(t)
			got[l.To] = l
		}
		if err := q.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		for to, words := range map[string][]string{
			"gun@example.org": {"Vi ses **den 3 december**.", "Brevet finns också i Yrkesresan: https://yrkesresan.example.org/letters/", "Vänliga hälsningar"},
			"eva@example.org": {"Vi ses **den 3 december**.", "can also be read", "Kind regards"},
		} {
			for _, w := range words {
				if !strings.Contains(got[to].Text, w) {
					t.Errorf("the letter to %s does not say %q: %q", to, w, got[to].Text)
				}
			}
			for other := range got {
				if other != to && strings.Contains(fmt.Sprint(got[to]), other) {
					t.Errorf("the letter to %s shows %s", to, other)
				}
			}
		}

		all, err := circular.List(ctx, d.Reader(), owner)
		if err != nil || len(all) != 1 || all[0].Recipients != 3 || all[0].Sent != 2 || all[0].Regions != 24 {
			t.Fatalf("the list has %+v, %v", all, err)
		}
		id := all[0].ID
		// What comes back is noted at the letter.
		bounce := func(r mail.Report) error {
			return d.Write(ctx, func(tx *db.Tx) error { return letter.Bounce(ctx, tx, r, now.Add(60e9)) })
		}
		letterID, err := db.Row(ctx, d.Reader(), db.One[int64], `SELECT id FROM person_letter WHERE person_id = $1`, c.gun)
		if err != nil {
			t.Fatal(err)
		}
		if err := bounce(mail.Report{Letter: mail.Name(fmt.Sprintf("person-letter-%d", letterID)), Status: "5.1.1", Failed: true}); err != nil {
			t.Fatal(err)
		}
		if err := bounce(mail.Report{Recipient: "eva@example.org", Status: "4.4.1"}); err != nil {
			t.Errorf("a letter that is late: %v", err)
		}
		one, recipients, err := circular.Get(ctx, d.Reader(), owner, id)
		if err != nil {
			t.Fatal(err)
		}
		var states []string
		for _, r := range recipients {
			switch {
			case r.FailedAt != nil:
				states = append(states, r.Region+": "+r.Name+" "+r.Failure)
			case r.SentAt != nil:
				states = append(states, r.Region+": "+r.Name)
			}
		}
		if diff := cmp.Diff([]string{"Dalarna: Dag Öberg no_address", "Gotland: Gun Öberg 550 5.1.1", "Uppsala: Eva Öberg", "Uppsala: Gun Öberg 550 5.1.1"}, states); diff != "" {
			t.Error(diff)
		}
		if one.Bounced != 2 || one.Sent != 1 || len(recipients) != 25 {
			t.Errorf("%d bounced, %d sent, %d lines", one.Bounced, one.Sent, len(recipients))
		}
		again := 0
		c.write(func(tx *db.Tx) (err error) {
			again, err = circular.SendAgain(ctx, tx, owner, id)
			return err
		})
		if one, _, err = circular.Get(ctx, d.Reader(), owner, id); err != nil || again != 2 || one.Bounced != 0 {
			t.Errorf("%d sent again, %d bounced, %v", again, one.Bounced, err)
		}
	})
}

func TestTheRegionsOwnReadIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newCountry(t, d)
		if _, err := c.send(meetings(gotland, dalarna)); err != nil {
			t.Fatal(err)
		}
		toRead := func(id int64, day clock.Day) int {
			all, err := circular.ToRead(ctx, d.Reader(), c.viewer(id), day)
			if err != nil {
				t.Error(err)
			}
			return len(all)
		}
		inbox, err := circular.Inbox(ctx, d.Reader(), c.viewer(c.gun))
		if err != nil || len(inbox) != 1 || !inbox[0].Unread {
			t.Fatalf("Gun reads %+v, %v", inbox, err)
		}
		id := inbox[0].ID
		if n := toRead(c.eva, today); n != 0 {
			t.Errorf("Uppsala has %d", n)
		}
		if _, err := circular.Read(ctx, d.Reader(), c.viewer(c.eva), id); !errors.Is(err, fault.NotFound) {
			t.Errorf("Uppsala reads it: %v", err)
		}
		employee := c.viewer(c.eva)
		employee.Grants = nil
		if _, err := circular.Inbox(ctx, d.Reader(), employee); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an employee reads: %v", err)
		}
		if _, _, err := circular.Get(ctx, d.Reader(), c.viewer(c.gun), id); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a region sees who got it: %v", err)
		}
		for _, s := range []struct {
			days int
			want int
		}{{89, 1}, {90, 0}} {
			if got := toRead(c.gun, today+clock.Day(s.days)); got != s.want {
				t.Errorf("%d to read that was not opened for %d days, want %d", got, s.days, s.want)
			}
		}
		for range 2 {
			c.write(func(tx *db.Tx) error { return circular.MarkRead(ctx, tx, c.viewer(c.gun), id, now) })
		}
		for _, s := range []struct {
			days int
			want int
		}{{13, 1}, {14, 0}} {
			if got := toRead(c.gun, today+clock.Day(s.days)); got != s.want {
				t.Errorf("%d to read that was opened %d days ago, want %d", got, s.days, s.want)
			}
		}
		if n := toRead(c.dag, today+20); n != 1 {
			t.Errorf("Dag has not opened it: %d", n)
		}
	})
}
