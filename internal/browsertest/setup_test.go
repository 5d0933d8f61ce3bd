package browsertest

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/file"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// From an empty database a region gets to its first round by following what the pages say.
func TestANewRegionFindsItsWay(t *testing.T) {
	ctx, d, now := context.Background(), sqlite(t), clock.System()
	a := &album{folder: os.Getenv(pictures)}
	for _, install := range []func(context.Context, *db.DB) error{jobs.Migrate, organisation.Install, catalogue.Install} {
		if err := install(ctx, d); err != nil {
			t.Fatal(err)
		}
	}
	var code string
	if err := d.Write(ctx, func(tx *db.Tx) error { // what the command operator does
		region, err := organisation.BySlug(ctx, tx, organisation.Region, "dalarna")
		if err != nil {
			return err
		}
		olga, err := people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: "Olga", FamilyName: "Ek", Email: "olga@example.org"}, region.ID, now.Day(), "", now)
		if err != nil {
			return err
		}
		if _, err := identity.Grant(ctx, tx, access.System(), olga, access.Operator, organisation.NationID, now.Day(), now); err != nil {
			return err
		}
		code, err = identity.PaperCode(ctx, tx, access.System(), olga, now)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	c := serveTerm(t, d, file.Open(t.TempDir()), nil)
	b := Open(t)
	b.Size(1280, 900)
	b.Visit(c.address + "/sign-in/paper")
	b.put(map[string]string{"code": code})
	b.tapTo("Logga in")
	a.look(b, "setup-start")
	b.tapTo("Visa stegen")
	a.look(b, "setup-operator")
	b.tapTo("Skicka ett mejl till mig")
	c.letterTo("olga@example.org", "mejlen kommer fram")
	a.look(b, "setup-letter")
	b.tapTo("Lägg in en administratör")
	if refused := b.Refused(b.Links(), map[string]bool{}); len(refused) > 0 {
		t.Errorf("who lets an administrator in is refused: %v", refused)
	}
	b.put(map[string]string{"given_name": "Rut", "family_name": "Berg", "email": "rut@example.org"})
	b.tapTo("Lägg till en administratör")
	a.look(b, "setup-administrator")
	c.letterTo("rut@example.org", "")

	rut := Open(t)
	rut.Size(1280, 900)
	rut.Visit(c.address + "/sign-in")
	rut.put(map[string]string{"email": "rut@example.org"})
	rut.tapTo("Skicka mejlet")
	rut.Visit(linkIn(t, c.letterTo("rut@example.org", "").Text, c.address, "/sign-in/link"))
	rut.tapTo("Logga in")
	rut.reads("6 steg är kvar")
	step := func(words string) {
		t.Helper()
		rut.Visit(c.address)
		rut.tapTo("Visa stegen")
		rut.tapTo(words)
	}
	file := filepath.Join(t.TempDir(), "personal.csv")
	if err := os.WriteFile(file, []byte("Förnamn;Efternamn;E-post;Enhet\nÅsa;Öberg;asa@example.org;Hemtjänst Norr\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	step("Läs in personal")
	desk{rut}.choose("file", file)
	rut.tapTo("Läs filen")
	rut.tapTo("Läs in personalen")
	for _, kind := range []string{"authority", "manager"} {
		step("Bestäm avgifter")
		rut.put(map[string]string{"kind": kind, "from": "2026-01-01", "fee": "650", "pot": "400", "lead_weight": "1,5", "trainer_weight": "1"})
		rut.Click(`input[name="rss"]`)
		rut.Click(`input[name="reach"]`)
		rut.tapTo("Lägg till taxan")
	}
	step("Lägg in en lokal")
	rut.put(map[string]string{"name": "Sal Runn", "address": "Trotzgatan 1, Falun", "seats": "30"})
	rut.tapTo("Lägg till lokalen")
	// Where the rest is done somebody comes to without a dead end.
	for _, words := range []string{"Sök en person", "Lägg till en utbildare", "Välj hur", "Planera en omgång"} {
		step(words)
	}
	rut.Visit(c.address)
	rut.reads("3 steg är kvar", "Någon sköter en kommun")
	rut.tapTo("Visa stegen")
	rut.reads("7 av 10 steg är klara")
	a.look(rut, "setup-regional")
}
