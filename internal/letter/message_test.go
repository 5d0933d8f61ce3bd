package letter_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/material"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
)

func TestALetterInOnesOwnWordsIsSeenBeforeItIsSentAndSentOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(5)
		w.signUp(id, w.asa, w.carol)
		w.write(func(tx *db.Tx) error { return letter.Forget(ctx, tx) })
		n := letter.New{
			Audience: letter.Participants, Key: "en-nyckel-av-formuläret", Subject: "Hej {Förnamn}: {kurs}",
			Body: "{dagar}, {plats}.\r\nAvboka senast {sista dag att avboka}. {länk}",
		}
		shown, err := letter.Preview(ctx, d.Reader(), dalarnas, id, n, w.asa, site)
		must(t, err)
		if len(shown.Readers) != 2 || shown.Addresses != 2 || shown.To.ID != w.asa || shown.Subject != "Hej Åsa: Samtal, möten och språk" {
			t.Errorf("%+v", shown)
		}
		send := func() (count int, err error) {
			err = d.Write(ctx, func(tx *db.Tx) error {
				count, err = letter.Send(ctx, tx, dalarnas, id, n, site, now)
				return err
			})
			return count, err
		}
		if count, err := send(); err != nil || count != 2 {
			t.Fatalf("%d, %v", count, err)
		}
		if _, err := send(); fault.Of(err) == nil || fault.Of(err).Key != "letter.written_already" {
			t.Errorf("sent twice: %v", err)
		}
		w.server.Refuse = func(raw string) string {
			if strings.Contains(raw, "To: <carol@") {
				return "550 5.1.1 no such mailbox"
			}
			return ""
		}
		w.work(now)
		got := w.next(1)["asa@example.org"][0]
		if got.Subject != shown.Subject || got.Text+"\n" != shown.Body {
			t.Errorf("got %q\n%s\nwas shown\n%s", got.Subject, got.Text, shown.Body)
		}
		want := "ons 4\u00a0november 2026 kl.\u00a09–16 och tors 5\u00a0november 2026 kl.\u00a08.30–12, Sal Åkern, Falun och https://example.org/mote.\nAvboka senast 3\u00a0november 2026. https://yrkesresan.example.org/rounds/"
		if !strings.HasPrefix(got.Text, want) {
			t.Errorf("got\n%s\nwant\n%s", got.Text, want)
		}
		// What bounced is shown with the server's answer, and is not tried again.
		var parts []letter.Part
		for range 100 {
			list, err := letter.Letters(ctx, d.Reader(), dalarnas, id)
			must(t, err)
			_, parts, err = letter.Get(ctx, d.Reader(), dalarnas, id, list[0].ID)
			must(t, err)
			if list[0].Bounced == 1 && list[0].Sent == 1 {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		if len(parts) != 2 || parts[0].SentAt != nil && parts[1].SentAt != nil {
			t.Fatalf("%+v", parts)
		}
		for _, p := range parts {
			if p.PersonID == w.carol && (p.FailedAt == nil || p.SentAt != nil || p.Failure != "550 5.1.1") {
				t.Errorf("the bounce is %+v", p)
			}
		}
		// The address is put right, and who has the letter does not get it again.
		again := func(viewer access.Viewer) (count int, err error) {
			err = d.Write(ctx, func(tx *db.Tx) error {
				list, err := letter.Letters(ctx, tx, system, id)
				if err == nil {
					count, err = letter.SendAgain(ctx, tx, viewer, id, list[0].ID)
				}
				return err
			})
			return count, err
		}
		w.write(func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE person SET email = 'carol.new@example.org' WHERE id = $1`, w.carol)
			return err
		})
		if _, err := again(access.Viewer{PersonID: w.asa}); !errors.Is(err, fault.NotFound) {
			t.Errorf("a participant sends letters again: %v", err)
		}
		if count, err := again(dalarnas); err != nil || count != 1 {
			t.Errorf("sent %d again, %v", count, err)
		}
		if l := w.next(1)["carol.new@example.org"]; len(l) != 1 || l[0].Subject != "Hej Carol: Samtal, möten och språk" {
			t.Errorf("got %+v", l)
		}
		if count, err := again(dalarnas); err != nil || count != 0 {
			t.Errorf("sent %d a third time, %v", count, err)
		}
		w.quiet()

		// A server that took the letter says later that nobody is there.
		taken := got.Header.Get("Message-ID")
		bounce := func(failed bool, name string) error {
			name, _, _ = strings.Cut(strings.Trim(name, "<>"), "@")
			return d.Write(ctx, func(tx *db.Tx) error {
				return letter.Bounce(ctx, tx, mail.Report{Letter: name, Status: "5.1.1", Failed: failed}, now)
			})
		}
		about := func(address string) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				return letter.Bounce(ctx, tx, mail.Report{Recipient: address, Status: "5.1.1", Failed: true}, now)
			})
		}
		bounced := func() int {
			t.Helper()
			list, err := letter.Letters(ctx, d.Reader(), dalarnas, id)
			must(t, err)
			return list[0].Bounced
		}
		if err := bounce(true, "<no-letter-of-ours@example.org>"); !errors.Is(err, fault.NotFound) {
			t.Errorf("a report about somebody else's letter: %v", err)
		}
		must(t, bounce(false, taken))
		if n := bounced(); n != 0 {
			t.Errorf("%d bounced of those that are late", n)
		}
		// A report is looked up for thirty days.
		sent, err := db.Row(ctx, d.Reader(), db.One[clock.Instant], `SELECT MAX(sent_at) FROM round_letter_recipient WHERE person_id = $1`, w.carol)
		must(t, err)
		for at, known := range map[clock.Instant]bool{sent.Add(30 * 24 * time.Hour): true, sent.Add(30*24*time.Hour) + 1: false} {
			err := d.Write(ctx, func(tx *db.Tx) error {
				return letter.Bounce(ctx, tx, mail.Report{Recipient: "carol.new@example.org", Status: "4.4.1"}, at)
			})
			if known != (err == nil) || err != nil && !errors.Is(err, fault.NotFound) {
				t.Errorf("a report at %v: %v", at.Time(), err)
			}
		}
		for _, address := range []string{"", "nobody@example.org"} {
			if err := about(address); !errors.Is(err, fault.NotFound) {
				t.Errorf("a report about %q: %v", address, err)
			}
		}
		must(t, bounce(true, taken))
		if n := bounced(); n != 1 {
			t.Errorf("%d bounced", n)
		}
		// One that names the address alone is about the last letter that it got.
		must(t, about("carol.new@example.org"))
		if n := bounced(); n != 2 {
			t.Errorf("%d bounced", n)
		}
	})
}

func TestWhatIsWrongWithALetter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(5)
		w.signUp(id, w.asa)
		good := letter.New{Audience: letter.Participants, Subject: "Hej", Body: "Text", Key: "k"}
		for name, c := range map[string]struct {
			change func(n *letter.New)
			want   string
		}{
			"nobody is chosen":            {func(n *letter.New) { n.Audience = "" }, "letter.audience_missing"},
			"no subject":                  {func(n *letter.New) { n.Subject = "  " }, "letter.subject_missing"},
			"a subject of two lines":      {func(n *letter.New) { n.Subject = "Hej\nBcc: x@example.org" }, "letter.subject_lines"},
			"no text":                     {func(n *letter.New) { n.Body = "\r\n" }, "letter.body_missing"},
			"a text that is far too long": {func(n *letter.New) { n.Body = strings.Repeat("å", 10_001) }, "letter.text_too_long"},
			"a subject that is too long":  {func(n *letter.New) { n.Subject = strings.Repeat("å", 151) }, "letter.text_too_long"},
			"a placeholder is misspelt":   {func(n *letter.New) { n.Body = "Hej {förnam}" }, "letter.placeholder_unknown"},
		} {
			t.Run(name, func(t *testing.T) {
				n := good
				c.change(&n)
				_, err := letter.Preview(ctx, d.Reader(), dalarnas, id, n, 0, site)
				f := fault.Of(err)
				if f == nil || len(f.Fields) != 1 || f.Fields[0].Key != c.want {
					t.Errorf("got %v, want %s", err, c.want)
				}
			})
		}
		longest := good
		longest.Subject, longest.Body = strings.Repeat("å", 150), strings.Repeat("å", 10_000)
		if _, err := letter.Preview(ctx, d.Reader(), dalarnas, id, longest, 0, site); err != nil {
			t.Errorf("the longest letter gives %v", err)
		}
		for name, viewer := range map[string]access.Viewer{
			"a participant":      {PersonID: w.asa},
			"a trainer":          {PersonID: w.teacher, Trainer: true},
			"a manager":          {Grants: []access.Grant{{Role: access.Manager, Level: access.Municipality, OrganisationID: falun, RegionID: dalarna}}},
			"another region":     {Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: 3, RegionID: 3}}},
			"nobody in especial": {},
		} {
			t.Run(name+" writes none and reads none", func(t *testing.T) {
				_, err := letter.Preview(ctx, d.Reader(), viewer, id, good, 0, site)
				_, list := letter.Letters(ctx, d.Reader(), viewer, id)
				send := d.Write(ctx, func(tx *db.Tx) error {
					_, err := letter.Send(ctx, tx, viewer, id, good, site, now)
					return err
				})
				for _, err := range []error{err, list, send} {
					if !errors.Is(err, fault.NotFound) {
						t.Errorf("got %v", err)
					}
				}
			})
		}
	})
}

func TestRemindersAndMaterialComeOnTheirDayAndOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(5)
		w.signUp(id, w.asa)
		w.write(func(tx *db.Tx) error {
			detail, err := round.Get(ctx, tx, system, id)
			if err != nil {
				return err
			}
			for _, m := range []material.New{{Audience: material.Participants, Title: "Förberedelse", URL: "https://example.org/a"}, {Audience: material.Trainers, Title: "Körschema", URL: "https://example.org/b"}} {
				m.RegionID, m.EditionID = 20, *detail.EditionID
				if _, err := material.Add(ctx, tx, dalarnas, m); err != nil {
					return err
				}
			}
			return letter.Forget(ctx, tx)
		})
		kinds := func(at clock.Instant) map[letter.Kind]int {
			t.Helper()
			for range 3 { // as often as one likes
				must(t, letter.Due(ctx, d, site, at))
			}
			list, err := letter.Letters(ctx, d.Reader(), dalarnas, id)
			must(t, err)
			n := map[letter.Kind]int{}
			for _, l := range list {
				n[l.Kind] += l.Recipients
			}
			return n
		}
		weekBefore, dayBefore := (first-7).At(9, 0), (first-1).At(9, 0)
		if n := kinds(dayBefore); len(n) != 0 {
			t.Errorf("a round that is not confirmed gave %v", n)
		}
		w.write(func(tx *db.Tx) error {
			if err := planning.Confirm(ctx, tx, dalarnas, id, now); err != nil {
				return err
			}
			return letter.Forget(ctx, tx)
		})
		if n := kinds((first - 8).At(9, 0)); len(n) != 0 {
			t.Errorf("eight days before there were %v", n)
		}
		if n := kinds(weekBefore); n[letter.Material] != 1 || n[letter.TrainerMaterial] != 1 || len(n) != 2 {
			t.Errorf("a week before there were %v", n)
		}
		// Who comes late gets the material with the seat.
		w.write(func(tx *db.Tx) error {
			if _, err := seat.SignUp(ctx, tx, system, id, w.bo, weekBefore); err != nil {
				return err
			}
			return letter.Write(ctx, tx, id, site, weekBefore)
		})
		if n := kinds(weekBefore); n[letter.Material] != 2 || n[letter.Seat] != 1 {
			t.Errorf("after a late seat there were %v", n)
		}
		if n := kinds((first - 1).At(7, 59)); n[letter.Reminder] != 0 {
			t.Errorf("before eight there were %v", n)
		}
		if n := kinds(dayBefore); n[letter.Reminder] != 2 || n[letter.TrainerReminder] != 1 {
			t.Errorf("the day before there were %v", n)
		}
		if n := kinds(first.At(9, 0)); n[letter.Reminder] != 4 || n[letter.Material] != 2 {
			t.Errorf("before the second day there were %v", n)
		}
	})
}

func TestAnOfferIsRemindedOfWhenHalfItsTimeHasPassed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(1)
		seats := w.signUp(id, w.asa, w.bo)
		near := (first - 10).At(12, 0)
		w.write(func(tx *db.Tx) error {
			if err := letter.Forget(ctx, tx); err != nil {
				return err
			}
			if err := seat.Withdraw(ctx, tx, system, seats[0], near); err != nil {
				return err
			}
			return letter.Write(ctx, tx, id, site, near)
		})
		count := func(at clock.Instant) (offers, reminders int) {
			must(t, letter.Due(ctx, d, site, at))
			list, err := letter.Letters(ctx, d.Reader(), dalarnas, id)
			must(t, err)
			for _, l := range list {
				switch l.Kind {
				case letter.Offer:
					offers++
				case letter.OfferReminder:
					reminders++
				default:
				}
			}
			return offers, reminders
		}
		for _, c := range []struct {
			after     time.Duration
			reminders int
		}{{time.Hour, 0}, {23 * time.Hour, 0}, {25 * time.Hour, 1}, {30 * time.Hour, 1}, {49 * time.Hour, 1}} {
			if offers, reminders := count(near.Add(c.after)); offers != 1 || reminders != c.reminders {
				t.Errorf("after %s there were %d offers and %d reminders, want 1 and %d", c.after, offers, reminders, c.reminders)
			}
		}
		// Of an offer of less than six hours nobody is reminded.
		for _, c := range []struct {
			lasts     time.Duration
			reminders int
		}{{6*time.Hour - time.Microsecond, 0}, {6 * time.Hour, 1}} {
			w.write(func(tx *db.Tx) error {
				if _, err := db.Exec(ctx, tx, `DELETE FROM round_letter_recipient`); err != nil {
					return err
				}
				if _, err := db.Exec(ctx, tx, `DELETE FROM round_letter WHERE kind = $1`, letter.OfferReminder); err != nil {
					return err
				}
				_, err := db.Exec(ctx, tx, `UPDATE queue_entry SET ended_at = NULL, ended_how = NULL, offered_at = $1, offer_until = $2 WHERE person_id = $3`, near, near.Add(c.lasts), w.bo)
				return err
			})
			if _, reminders := count(near.Add(4 * time.Hour)); reminders != c.reminders {
				t.Errorf("of an offer of %s there were %d reminders, want %d", c.lasts, reminders, c.reminders)
			}
		}
	})
}
