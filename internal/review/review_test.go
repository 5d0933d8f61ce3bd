package review_test

import (
	"slices"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/review"
	"yrkesresan/internal/round/roundtest"
)

// desk is a course with a draft, and three people who may be asked to read it.
type desk struct {
	*roundtest.World
	first, second, authority access.Viewer
}

var (
	site     = letter.Site{Base: "https://yrkesresan.example.org"}
	producer = access.System()
	now      = roundtest.Now
)

func newDesk(t *testing.T, d *db.DB) *desk {
	t.Helper()
	k := &desk{World: roundtest.NewWorld(t, d)}
	roundtest.Must(t, jobs.Migrate(roundtest.Ctx, d))
	k.draft("Läs.")
	k.first, k.second = access.Viewer{PersonID: k.Staff[0]}, access.Viewer{PersonID: k.Staff[1]}
	k.authority = access.Viewer{PersonID: k.Staff[2]}
	for i, email := range []string{"ett@example.org", "tva@example.org", "myndighet@example.org"} {
		roundtest.Must(t, k.Write(func(tx *db.Tx) error {
			_, err := db.Exec(roundtest.Ctx, tx, `UPDATE person SET email = $2 WHERE id = $1`, k.Staff[i], email)
			return err
		}))
	}
	return k
}

// draft writes a draft with one task that says the text.
func (k *desk) draft(text string) {
	k.Helper()
	roundtest.Must(k.T, k.Write(func(tx *db.Tx) error {
		version := 0
		if old, err := catalogue.DraftOf(roundtest.Ctx, tx, producer, k.Course); err == nil {
			version = old.Version
		}
		c := catalogue.Content{Changes: catalogue.Words{"sv": "Nytt"}, Tasks: []catalogue.Task{{
			Key: "las", Phase: catalogue.Preparation, Kind: catalogue.TextTask, Title: catalogue.Words{"sv": "Läs"}, Text: catalogue.Words{"sv": text},
		}}}
		_, err := catalogue.SaveDraft(roundtest.Ctx, tx, producer, k.Course, version, &c, now)
		return err
	}))
}

func (k *desk) ask(email string, part review.Part) error {
	return k.Write(func(tx *db.Tx) error {
		return review.Ask(roundtest.Ctx, tx, producer, k.Course, email, part, site, now)
	})
}

func (k *desk) say(who access.Viewer, place, text string) error {
	return k.Write(func(tx *db.Tx) error { return review.Say(roundtest.Ctx, tx, who, k.Course, place, "", text, now) })
}

func (k *desk) decide(who access.Viewer, v review.Verdict, note string) error {
	draft, err := catalogue.DraftOf(roundtest.Ctx, k.D.Reader(), producer, k.Course)
	if err != nil {
		return err
	}
	return k.Write(func(tx *db.Tx) error {
		return review.Decide(roundtest.Ctx, tx, who, k.Course, v, note, draft.Version, now)
	})
}

func (k *desk) publish(reason string) (e catalogue.Edition, err error) {
	err = k.Write(func(tx *db.Tx) error {
		draft, err := catalogue.DraftOf(roundtest.Ctx, tx, producer, k.Course)
		if err != nil {
			return err
		}
		if e, err = catalogue.Publish(roundtest.Ctx, tx, producer, k.Course, draft.Version, now); err != nil {
			return err
		}
		return review.Close(roundtest.Ctx, tx, producer, e, reason, now)
	})
	return e, err
}

func (k *desk) of(edition *int64) review.Review {
	k.Helper()
	r, err := review.Of(roundtest.Ctx, k.D.Reader(), producer, k.Course, edition, roundtest.Today)
	roundtest.Must(k.T, err)
	return r
}

func (k *desk) want(err error, key string) {
	k.Helper()
	if roundtest.Key(err) != key {
		k.Errorf("answered %v, want %q", err, key)
	}
}

func TestADraftIsReviewedAndPublished(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.want(k.ask("", "x"), "email review.email_missing, part review.part_missing")
		k.want(k.ask("ingen@example.org", review.Pilot), "email review.email_unknown")
		k.want(k.ask(" ETT@example.org ", review.Pilot), "")
		k.want(k.ask("ett@example.org", review.Group), "review.asked_already")
		k.want(k.ask("tva@example.org", review.Group), "")
		if r := k.of(nil); len(r.Reviewers) != 2 || r.Reviewers[1].Part != review.Pilot {
			t.Errorf("asked are %+v", r.Reviewers)
		}
		letters, err := db.Rows(roundtest.Ctx, d.Reader(), db.One[string], `SELECT body FROM person_letter WHERE kind = 'review'`)
		roundtest.Must(t, err)
		if len(letters) != 2 || !strings.Contains(letters[0], "https://yrkesresan.example.org/reviews/kurs") {
			t.Errorf("the letters are %q", letters)
		}

		k.want(k.say(k.first, "task:borta", "Hej"), "place review.place_gone")
		k.want(k.say(k.first, "task:las", " "), "text review.text_missing")
		k.want(k.say(k.first, "task:las", strings.Repeat("å", 4001)), "text review.too_long")
		k.want(k.say(k.authority, "task:las", "Hej"), "fault.not_found") // was not asked
		k.want(k.decide(k.second, review.Changes, ""), "note review.note_missing")
		k.want(k.decide(k.second, "perhaps", ""), "verdict review.verdict_missing")
		k.want(k.say(k.first, "task:las", "Skriv kortare"), "")
		k.want(k.decide(k.first, review.Changes, ""), "") // said in a comment
		k.want(k.decide(k.second, review.Approved, ""), "")
		r := k.of(nil)
		if len(r.Comments) != 1 || r.Unsettled() != 1 || len(r.Asks()) != 1 || r.At("task:las")[0].Text != "Skriv kortare" {
			t.Errorf("was said: %+v", r)
		}
		settle := func(course, id int64, answer string) error {
			return k.Write(func(tx *db.Tx) error { return review.Settle(roundtest.Ctx, tx, producer, course, id, answer, now+1) })
		}
		waits := func(comments, answers int) { // for those who write it, and for who commented
			k.Helper()
			open, err := review.ToAnswer(roundtest.Ctx, d.Reader(), producer)
			roundtest.Must(k.T, err)
			count := 0
			for _, u := range open {
				count += u.Count
			}
			mine, err := review.Mine(roundtest.Ctx, d.Reader(), k.first, roundtest.Today)
			roundtest.Must(k.T, err)
			if count != comments || len(mine) != 1 || mine[0].Answers != answers {
				t.Errorf("%d comments wait, and who commented sees %+v, want %d and %d answers", count, mine, comments, answers)
			}
		}
		waits(1, 0)
		_, err = review.ToAnswer(roundtest.Ctx, d.Reader(), k.first)
		k.want(err, "fault.forbidden")
		k.want(settle(k.Course, r.Comments[0].ID, ""), "answer review.answer_missing")
		k.want(settle(k.Course+1, r.Comments[0].ID, "Ja"), "fault.not_found")
		k.want(settle(k.Course, r.Comments[0].ID, "Gjort"), "")
		waits(0, 1)
		k.want(k.Write(func(tx *db.Tx) error {
			return review.Settle(roundtest.Ctx, tx, producer, k.Course, r.Comments[0].ID, "Gjort nu", now+5)
		}), "")
		if got := k.of(nil).Comments[0]; *got.SettledAt != now+1 || got.Answer != "Gjort nu" {
			t.Errorf("answered in better words: %+v", got)
		}
		verdict := func(said string) {
			roundtest.Must(t, k.Write(func(tx *db.Tx) error {
				_, err := db.Exec(roundtest.Ctx, tx, `UPDATE reviewer SET verdict = $2 WHERE person_id = $1`, k.first.PersonID, said)
				return err
			}))
		}
		verdict("approved")
		waits(0, 0)
		verdict("changes")
		waits(0, 1)

		// Over a wish for changes one decides with a reason; without one nothing is published.
		_, err = k.publish(" ")
		k.want(err, "reason review.reason_missing")
		if got := k.of(nil); len(got.Reviewers) != 2 {
			t.Error("a refused publication ends the review")
		}
		e, err := k.publish("Lagen gäller redan")
		k.want(err, "")
		if got := k.of(nil); len(got.Reviewers)+len(got.Comments) != 0 {
			t.Errorf("the next draft begins with %+v", got)
		}
		if got := k.of(&e.ID); len(got.Reviewers) != 2 || len(got.Comments) != 1 || got.Unsettled() != 0 || got.Overruled != "Lagen gäller redan" {
			t.Errorf("the edition has %+v", got)
		}
		k.want(k.say(k.first, "task:las", "För sent"), "fault.not_found")
		editions, err := review.Editions(roundtest.Ctx, d.Reader(), producer, k.Course)
		roundtest.Must(t, err)
		if len(editions) != 1 || editions[0].ID != e.ID {
			t.Errorf("reviewed are %+v", editions)
		}
	})
}

func TestAVerdictIsChangedWhenTheDraftIs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.want(k.ask("ett@example.org", review.Pilot), "")
		k.want(k.decide(k.first, review.Changes, "Kortare"), "")
		k.draft("Läs kort.")
		got, err := review.Read(roundtest.Ctx, d.Reader(), k.first, "kurs", roundtest.Today)
		roundtest.Must(t, err)
		if got.Me.Version >= got.Draft.Version {
			t.Errorf("the verdict is of version %d, the draft of %d", got.Me.Version, got.Draft.Version)
		}
		waits := func() []review.Waiting {
			all, err := review.Mine(roundtest.Ctx, d.Reader(), k.first, roundtest.Today)
			roundtest.Must(t, err)
			return all
		}
		if all := waits(); len(all) != 1 || !all[0].Changed {
			t.Errorf("waits with %+v", all)
		}
		k.want(k.decide(k.first, review.Approved, ""), "")
		if all := waits(); len(all) != 1 || all[0].Changed || all[0].Verdict != review.Approved {
			t.Errorf("waits with %+v", all)
		}
		_, err = k.publish("")
		k.want(err, "")
	})
}

func TestWhoIsAskedByARoleReadsAsLongAsTheyHoldIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		byRole := func() error {
			return k.Write(func(tx *db.Tx) error { return review.AskByRole(roundtest.Ctx, tx, producer, k.Course, site, now) })
		}
		k.want(byRole(), "review.nobody_by_role")
		roundtest.Must(t, k.Write(func(tx *db.Tx) error {
			_, err := db.Exec(roundtest.Ctx, tx, `
				INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at)
				SELECT $1, 'national_reader', o.id, $2, 1 FROM organisation AS o WHERE o.kind = 'nation'`, k.authority.PersonID, roundtest.Today-10)
			return err
		}))
		k.want(byRole(), "")
		k.want(k.decide(k.authority, review.Changes, "Saknar barnets röst"), "")
		roundtest.Must(t, k.Write(func(tx *db.Tx) error {
			_, err := db.Exec(roundtest.Ctx, tx, `UPDATE role_grant SET to_day = $2 WHERE person_id = $1`, k.authority.PersonID, roundtest.Today-1)
			return err
		}))
		_, err := review.Read(roundtest.Ctx, d.Reader(), k.authority, "kurs", roundtest.Today)
		k.want(err, "fault.not_found")
		mine, err := review.Mine(roundtest.Ctx, d.Reader(), k.authority, roundtest.Today)
		roundtest.Must(t, err)
		if len(mine) != 0 {
			t.Errorf("waits with %+v", mine)
		}
		// What they said stays, and still asks.
		if r := k.of(nil); len(r.Asks()) != 1 || r.Reviewers[0].Holds {
			t.Errorf("the review is %+v", r)
		}
		// Asked by name, they read again.
		k.want(byRole(), "review.nobody_by_role")
		k.want(k.ask("myndighet@example.org", review.Authority), "")
		k.want(k.decide(k.authority, review.Approved, ""), "")
		if r := k.of(nil); len(r.Reviewers) != 1 || len(r.Asks()) != 0 || !r.Reviewers[0].Holds {
			t.Errorf("asked by name, the review is %+v", r)
		}
	})
}

func TestWhoIsEndedAndADraftThatIsThrownAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.want(k.ask("ett@example.org", review.Pilot), "")
		k.want(k.ask("tva@example.org", review.Pilot), "")
		k.want(k.say(k.first, review.About, "Bra"), "")
		id := k.of(nil).Reviewers[slices.IndexFunc(k.of(nil).Reviewers, func(r review.Reviewer) bool { return r.PersonID == k.first.PersonID })].ID
		k.want(k.Write(func(tx *db.Tx) error { return review.End(roundtest.Ctx, tx, producer, k.Course, id, now) }), "")
		k.want(k.say(k.first, review.About, "Mer"), "fault.not_found")
		if mine, err := review.Mine(roundtest.Ctx, d.Reader(), k.first, roundtest.Today); err != nil || len(mine) != 0 {
			t.Errorf("who was taken off is asked for %+v, %v", mine, err)
		}
		_, err := review.Read(roundtest.Ctx, d.Reader(), k.first, "kurs", roundtest.Today)
		k.want(err, "fault.not_found")
		if r := k.of(nil); len(r.Comments) != 1 {
			t.Error("what was said is gone")
		}
		k.want(k.ask("ett@example.org", review.Pilot), "") // asked anew
		k.want(k.say(k.first, review.About, "Igen"), "")
		if r := k.of(nil); len(r.Reviewers) != 2 || len(r.Comments) != 2 {
			t.Errorf("asked anew, the review is %+v", r)
		}
		roundtest.Must(t, k.Write(func(tx *db.Tx) error {
			draft, err := catalogue.DraftOf(roundtest.Ctx, tx, producer, k.Course)
			if err != nil {
				return err
			}
			if err := catalogue.DropDraft(roundtest.Ctx, tx, producer, k.Course, draft.Version); err != nil {
				return err
			}
			return review.Drop(roundtest.Ctx, tx, producer, k.Course)
		}))
		k.want(k.ask("ett@example.org", review.Pilot), "fault.not_found")
		k.draft("Läs.")
		if r := k.of(nil); len(r.Reviewers)+len(r.Comments) != 0 {
			t.Errorf("the next draft begins with %+v", r)
		}
		k.want(k.say(k.second, review.About, "Hej"), "fault.not_found")
	})
}

func TestOnlyWhoMakesCoursesAsks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		for name, f := range map[string]func(tx *db.Tx) error{
			"ask": func(tx *db.Tx) error {
				return review.Ask(roundtest.Ctx, tx, k.first, k.Course, "tva@example.org", review.Pilot, site, now)
			},
			"role":   func(tx *db.Tx) error { return review.AskByRole(roundtest.Ctx, tx, k.first, k.Course, site, now) },
			"end":    func(tx *db.Tx) error { return review.End(roundtest.Ctx, tx, k.first, k.Course, 1, now) },
			"settle": func(tx *db.Tx) error { return review.Settle(roundtest.Ctx, tx, k.first, k.Course, 1, "Ja", now) },
			"close": func(tx *db.Tx) error {
				return review.Close(roundtest.Ctx, tx, k.first, catalogue.Edition{CourseID: k.Course}, "", now)
			},
			"drop": func(tx *db.Tx) error { return review.Drop(roundtest.Ctx, tx, k.first, k.Course) },
		} {
			if err := k.Write(f); roundtest.Key(err) != "fault.forbidden" {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, err := range []error{
			func() error {
				_, err := review.Of(roundtest.Ctx, d.Reader(), k.first, k.Course, nil, roundtest.Today)
				return err
			}(),
			func() error { _, err := review.Editions(roundtest.Ctx, d.Reader(), k.first, k.Course); return err }(),
		} {
			k.want(err, "fault.forbidden")
		}
	})
}

// A verdict and the publication at the same moment: it is said before it, or finds no draft.
func TestAVerdictAndThePublicationAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.want(k.ask("ett@example.org", review.Pilot), "")
		got := roundtest.Together(
			func() error { return k.decide(k.first, review.Changes, "Vänta") },
			func() error { _, err := k.publish(""); return err },
		)
		asks, published := len(k.of(nil).Asks()), 0
		editions, err := catalogue.Editions(roundtest.Ctx, d.Reader(), k.Course)
		roundtest.Must(t, err)
		for _, e := range editions {
			if r := k.of(&e.ID); len(r.Reviewers) > 0 {
				published++
				if len(r.Asks()) > 0 {
					t.Errorf("published over a wish for changes without a reason: %v", got)
				}
			}
		}
		if asks+published != 1 {
			t.Errorf("%d wait for changes and %d are published: %v", asks, published, got)
		}
	})
}
