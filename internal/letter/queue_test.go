package letter_test

import (
	"testing"

	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/round/roundtest"
)

func TestALetterGoesToThoseWhoWait(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Roomy(2))
		w.SignedUp(id, w.Staff[:5]...)
		n := letter.New{Audience: letter.InQueue, Subject: "Hej {förnamn}: {kurs} är full", Body: "Vi planerar en till.", Key: "en-nyckel-av-formuläret"}
		readers, err := letter.Readers(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, id, letter.InQueue)
		roundtest.Must(t, err)
		if len(readers) != 3 {
			t.Fatalf("%d readers, want the three who wait", len(readers))
		}
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return letter.Record(roundtest.Ctx, tx, roundtest.Dalarnas, id, n, letter.Site{}, roundtest.Now)
		}))
		all, err := letter.Letters(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, id)
		roundtest.Must(t, err)
		if len(all) == 0 || all[0].Audience != letter.InQueue || all[0].Recipients != 3 || all[0].To != "" {
			t.Fatalf("the list says %+v", all)
		}
		detail := w.Get(roundtest.Dalarnas, id)
		if got, want := letter.Title(i18n.Swedish, all[0].Subject, detail), "Hej (förnamn): Kurs är full"; got != want {
			t.Errorf("the list names it %q, want %q", got, want)
		}
		// Without a queue nobody would get it.
		n.Key = "en-annan-nyckel-av-formuläret"
		empty := w.Published(w.Roomy(5))
		if _, err := letter.Preview(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, empty, n, 0, letter.Site{}); roundtest.Key(err) != "audience letter.nobody" {
			t.Errorf("a letter to nobody gives %v", err)
		}
	})
}
