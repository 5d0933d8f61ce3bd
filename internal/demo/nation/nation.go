// Package nation is what the national owner has done in the demo: administrators of the
// other regions, tariffs for regions without their own, and letters to the regions. All
// of it is invented. Gotland and Blekinge have nobody, and one administrator's letters
// come back, so that there is something to see to.
package nation

import (
	"context"
	"errors"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/affiliation"
	"yrkesresan/internal/circular"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// OwnerAddress is that of the picker's national owner.
const OwnerAddress = "nationell@example.org"

// administrators are those of the other regions: the regions of each, since when, and how
// many days ago they signed in (0: never).
var administrators = []struct {
	given, family, regions string
	from                   clock.Day
	signedIn               clock.Day
}{
	{"Marit", "Ångström", "storstockholm", clock.Date(2023, 2, 1), 3},
	{"Hassan", "Karimi", "storstockholm", clock.Date(2025, 9, 1), 12},
	{"Lovisa", "Brandt", "sormland", clock.Date(2024, 1, 8), 9},
	{"Petter", "Sandelin", "ostergotland", clock.Date(2023, 8, 14), 1},
	{"Ylva", "Fors", "jonkoping", clock.Date(2024, 3, 4), 30},
	{"Tore", "Lagergren", "kronoberg kalmar", clock.Date(2022, 9, 1), 6},
	{"Jasmin", "Haddad", "skane", clock.Date(2024, 1, 8), 2},
	{"Rikard", "Thulin", "halland", clock.Date(2025, 1, 7), 75},
	{"Ebba", "Grönwall", "goteborgsregionen", clock.Date(2023, 5, 2), 4},
	{"Otto", "Wennberg", "boras skaraborg", clock.Date(2024, 8, 19), 15},
	{"Saga", "Lindén", "fyrbodal", clock.Date(2024, 2, 12), 8},
	{"Vidar", "Hellgren", "varmland", clock.Date(2023, 11, 6), 21},
	{"Iris", "Ahlqvist", "orebro", clock.Date(2025, 2, 3), 0},
	{"Malte", "Rosén", "vastmanland", clock.Date(2024, 10, 1), 5},
	{"Tuva", "Nordlander", "vasternorrland", clock.Date(2024, 4, 8), 40},
	{"Alve", "Sjödin", "jamtland", clock.Date(2025, 3, 10), 190},
	{"Minna", "Rautio", "vasterbotten norrbotten", clock.Date(2023, 1, 16), 7},
}

// returned is whose letters come back: Alve Sjödin's, of Jämtland.
const returned = "alve.sjodin@example.org"

// Do carries it out.
func Do(w *world.World) error {
	owner, err := owner(w)
	if err != nil {
		return err
	}
	for _, step := range []func(*world.World, access.Viewer) error{appoint, setTariffs, write, affiliate} {
		if err := step(w, owner); err != nil {
			return err
		}
	}
	return nil
}

func owner(w *world.World) (access.Viewer, error) {
	id, err := identity.ByEmail(w.Ctx, w.Tx, OwnerAddress)
	if err != nil {
		return access.Viewer{}, err
	}
	v, _, err := identity.Viewer(w.Ctx, w.Tx, id, w.Now.Day())
	return v, err
}

func appoint(w *world.World, owner access.Viewer) error {
	for _, a := range administrators {
		regions := strings.Fields(a.regions)
		email := organisation.Slug(a.given) + "." + organisation.Slug(a.family) + "@example.org"
		id, err := people.Add(w.Ctx, w.Tx, access.System(), people.NewPerson{GivenName: a.given, FamilyName: a.family, Email: email},
			w.Regions[regions[0]], a.from, "Regional projektledare", a.from.At(9, 0))
		if err != nil {
			return err
		}
		for _, r := range regions {
			if _, err := identity.Grant(w.Ctx, w.Tx, owner, id, access.Regional, w.Regions[r], a.from, a.from.At(9, 0)); err != nil {
				return err
			}
		}
		if a.signedIn > 0 {
			if err := identity.RecordSignIn(w.Ctx, w.Tx, id, (w.Now.Day()-a.signedIn).At(8, 20)); err != nil {
				return err
			}
		}
	}
	return nil
}

// setTariffs are what is charged where a region has no tariff of its own.
func setTariffs(w *world.World, owner access.Viewer) error {
	for _, t := range []struct {
		kind     string
		fee, pot int64 // kronor
		rss      economy.RSSRule
	}{
		{"authority", 600, 375, economy.RSSKept},
		{"manager", 450, 200, economy.RSSShared},
	} {
		if _, err := economy.AddTariff(w.Ctx, w.Tx, owner, economy.Tariff{
			RegionID: organisation.NationID, Kind: t.kind, From: clock.Date(2026, 1, 1),
			Terms: economy.Terms{Fee: money.Kronor(t.fee), PerParticipant: money.Kronor(t.pot), LeadWeight: 150, TrainerWeight: 100, RSS: t.rss},
		}, clock.Date(2025, 6, 10).At(14, 0)); err != nil {
			return err
		}
	}
	return nil
}

func write(w *world.World, owner access.Viewer) error {
	today := w.Now.Day()
	for i, c := range []struct {
		daysAgo clock.Day
		regions string // empty: all
		subject string
		body    string
	}{
		{24, "", "Terminens datum för RSS-nätverket", "Hej!\n\nHär är nätverkets möten fram till sommaren:\n\n- **januari**: planering av vårens kursomgångar\n- **mars**: utbildarnas erfarenheter, digitalt\n- **maj**: heldag på plats\n\nKallelser med tid och länk kommer en månad före varje möte. Lägg vårens kursomgångar i systemet före årsskiftet, så att kommunerna hinner planera."},
		{11, "gavleborg storstockholm", "Gemensam omgång för chefer", "Hej!\n\nNi har båda få anmälda chefer i höst. Vill ni ge **en gemensam omgång** av *Leda lärande och utveckling*? Svara mig gärna den här veckan."},
		{4, "dalarna uppsala jamtland", "Ny utgåva av Utreda tillsammans", "Hej!\n\nFrån januari finns en ny utgåva av kursen. Det här behöver ni göra:\n\n1. Säg till era utbildare att körschemat har ändrats.\n2. Ge omgångar som börjar efter årsskiftet den nya utgåvan.\n\nOmgångar som pågår behåller den utgåva de har."},
	} {
		n := circular.New{Subject: c.subject, Body: c.body, Everywhere: c.regions == "", Key: "demo-" + string(rune('a'+i))}
		for _, r := range strings.Fields(c.regions) {
			n.RegionIDs = append(n.RegionIDs, w.Regions[r])
		}
		if err := circular.Record(w.Ctx, w.Tx, owner, n, letter.Site{Base: "https://yrkesresan.example.org"}, (today-c.daysAgo).At(10, 30)); err != nil {
			return err
		}
	}
	return bounce(w.Ctx, w)
}

// bounce lets the last letter to one of them come back.
func bounce(ctx context.Context, w *world.World) error {
	err := letter.Bounce(ctx, w.Tx, mail.Report{Recipient: returned, Status: "5.1.1", Failed: true}, (w.Now.Day()-4).At(10, 40))
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// affiliate: a municipality kept its names for some months. The sources say how many have
// joined, not which, so all count as joined.
func affiliate(w *world.World, _ access.Viewer) error {
	quiet, err := organisation.BySlug(w.Ctx, w.Tx, organisation.Municipality, "orsa")
	if err != nil {
		return err
	}
	until := clock.Date(2025, 6, 30)
	return affiliation.Say(w.Ctx, w.Tx, w.Regional[world.Dalarna], quiet.ID, affiliation.Names, false, clock.Period{From: clock.Date(2025, 1, 1), Until: &until}, clock.Date(2024, 12, 10).At(9, 0))
}
