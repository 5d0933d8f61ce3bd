package identity_test

import (
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/people"
)

// The old address and the new one are told of a change, and the old one not of the new.
func TestBothAddressesAreToldOfAChange(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		asa, bo := add(t, d, "Åsa", "asa@example.org", falun), add(t, d, "Bo", "", falun)
		p := openPost(t, d)
		change := func(person int64, email string) {
			t.Helper()
			must(t, d.Write(ctx, func(tx *db.Tx) error {
				who, err := people.Get(ctx, tx, access.System(), person, now.Day())
				if err != nil {
					return err
				}
				moved, err := people.Correct(ctx, tx, access.System(), person, people.NewPerson{GivenName: who.GivenName, FamilyName: who.FamilyName, Email: email}, now)
				if err != nil || !moved {
					t.Errorf("%t, %v", moved, err)
				}
				return identity.Readdressed(ctx, tx, person, now)
			}))
		}
		told := func(n int) map[string]string {
			t.Helper()
			all := map[string]string{}
			for range n {
				l := p.server.Next(t)
				all[l.To] = l.Subject + "\n" + l.Text
			}
			return all
		}
		change(asa, "asa.oberg@example.org")
		letters := told(2)
		if old := letters["asa@example.org"]; !strings.Contains(old, "hör inte längre till ditt konto") || strings.Contains(old, "oberg@") {
			t.Errorf("the old address reads %q", old)
		}
		if fresh := letters["asa.oberg@example.org"]; !strings.Contains(fresh, "hör nu till ditt konto") || !strings.Contains(fresh, "https://yrkesresan.example.org/my/sessions") || !strings.Contains(fresh, "Hej Åsa!") {
			t.Errorf("the new address reads %q", fresh)
		}
		// A first address is told, a last one, too.
		change(bo, "bo@example.org")
		if letters := told(1); !strings.Contains(letters["bo@example.org"], "hör nu till ditt konto") {
			t.Errorf("%q", letters)
		}
		change(bo, "")
		if letters := told(1); !strings.Contains(letters["bo@example.org"], "hör inte längre") {
			t.Errorf("%q", letters)
		}
	})
}

func TestANewWayInIsTold(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		asa, bo := add(t, d, "Åsa", "asa@example.org", falun), add(t, d, "Bo", "", falun)
		p := openPost(t, d)
		for _, news := range []identity.News{identity.PasskeyAdded, identity.WorkLinked, identity.TabletCode} {
			must(t, d.Write(ctx, func(tx *db.Tx) error {
				if err := identity.Tell(ctx, tx, bo, news, now); err != nil { // has no address
					return err
				}
				return identity.Tell(ctx, tx, asa, news, now)
			}))
			if l := p.server.Next(t); l.To != "asa@example.org" || strings.Contains(l.Subject+l.Text, "identity.") {
				t.Errorf("%s: %q %q %q", news, l.To, l.Subject, l.Text)
			}
		}
	})
}
