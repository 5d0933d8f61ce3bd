package scim_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/organisation"
)

const numbers = "urn:ietf:params:scim:schemas:extension:yrkesresan:2.0:User"

// The numbers in these tests are invented: of days and serials that the tax agency gives for tests.
const (
	personal     = "19850709-9805"
	another      = "198507099813"
	coordination = "701063-2391"
	laterPerson  = "197010032394"
)

func numbered(externalID, number string) string {
	return fmt.Sprintf(`{"userName":"%s","externalId":"%s","name":{"givenName":"Li","familyName":"Wu"},"%s":{"personalNumber":"%s"}}`, externalID, externalID, numbers, number)
}

func TestAPersonalNumberFindsWhoWasKnownBefore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		made := w.send("POST", "/Users", numbered("L1", personal)).want(t, 201)
		id := made.at("id")
		if strings.Contains(made.text, "9805") || strings.Contains(made.text, "personalNumber") {
			t.Errorf("the number is told: %s", made.text)
		}
		if n := w.count(`SELECT COUNT(*) FROM personal_number WHERE LENGTH(mark) = 32 AND NOT coordination`); n != 1 {
			t.Errorf("%d marks", n)
		}
		// In any way of writing it is the same; who works here is told so, whatever they are called.
		w.send("POST", "/Users", numbered("L2", "850709-9805")).refused(t, 409, "uniqueness")
		w.sendAs(w.borlange, "POST", "/Users", numbered("B1", "198507099805")).refused(t, 409, "uniqueness")

		// Who has left comes back with a new staff id, and with their history.
		w.send("PATCH", "/Users/"+id, `{"schemas":["`+patchOp+`"],"Operations":[{"op":"replace","path":"active","value":false}]}`).want(t, 200)
		if back := w.send("POST", "/Users", numbered("L2", personal)).want(t, 201); back.at("id") != id || back.at("active") != "true" {
			t.Error(back.text)
		}
		// And who goes to the neighbour is the same person there.
		w.send("DELETE", "/Users/"+id, "").want(t, 204)
		w.at += 2 * 86_400 * 1_000_000
		if moved := w.sendAs(w.borlange, "POST", "/Users", numbered("B1", personal)).want(t, 201); moved.at("id") != id {
			t.Error(moved.text)
		}
		w.send("GET", "/Users/"+id, "").refused(t, 404, "")
	})
}

// Of who is protected the door tells what it tells of who works elsewhere.
func TestAPersonalNumberDoesNotTellWhoIsProtected(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.send("POST", "/Users", numbered("L1", personal)).want(t, 201).at("id")
		w.send("DELETE", "/Users/"+id, "").want(t, 204)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO protected_person (person_id, given_name, family_name, municipality_id, marked_at) VALUES (CAST($1 AS BIGINT), 'Li', 'Wu', $2, 0)`, id, falun)
			return err
		}))
		w.at += 2 * 86_400 * 1_000_000
		w.send("POST", "/Users", numbered("L9", personal)).refused(t, 409, "uniqueness")
		w.sendAs(w.borlange, "POST", "/Users", numbered("B1", personal)).refused(t, 409, "uniqueness")
	})
}

func TestAPersonalNumberIsGivenOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		li := w.send("POST", "/Users", `{"userName":"L1","externalId":"L1","name":{"givenName":"Li"}}`).want(t, 201).at("id")
		bo := w.send("POST", "/Users", numbered("L2", coordination)).want(t, 201).at("id")
		give := func(id, number string) reply {
			return w.send("PATCH", "/Users/"+id, fmt.Sprintf(`{"schemas":["%s"],"Operations":[{"op":"add","path":"%s:personalNumber","value":"%s"}]}`, patchOp, numbers, number))
		}
		give(li, personal).want(t, 200)
		give(li, "850709-9805").want(t, 200)
		give(li, another).refused(t, 400, "mutability")
		give(bo, personal).refused(t, 409, "uniqueness")
		give(bo, laterPerson).refused(t, 400, "mutability") // a person links the two
		for _, wrong := range []string{"850709-9806", "850709-98R5", "19850732-9805", "nej", "1203021231"} {
			a := give(li, wrong)
			a.refused(t, 400, "invalidValue")
			if strings.Contains(a.text, wrong) {
				t.Errorf("%q is told back: %s", wrong, a.text)
			}
		}
		w.send("POST", "/Users", numbered("L3", "850709-9806")).refused(t, 400, "invalidValue")
		w.send("GET", "/Users?filter="+numbers+`:personalNumber eq "`+personal+`"`, "").refused(t, 400, "invalidFilter")
		w.send("GET", "/Users?filter="+numbers+`:personalNumber pr`, "").refused(t, 400, "invalidFilter")
		// What a client does not say leaves the mark where it is; nothing of it is ever told.
		put := w.send("PUT", "/Users/"+li, `{"userName":"L1","externalId":"L1","name":{"givenName":"Li"}}`).want(t, 200)
		w.send("PATCH", "/Users/"+li, `{"schemas":["`+patchOp+`"],"Operations":[{"op":"remove","path":"`+numbers+`:personalNumber"}]}`).want(t, 200)
		if again := w.send("GET", "/Users/"+li+"?attributes="+numbers, "").want(t, 200); strings.Contains(again.text+put.text, "Number\"") {
			t.Error(again.text, put.text)
		}
		if n := w.count(`SELECT COUNT(*) FROM personal_number`); n != 2 {
			t.Errorf("%d marks", n)
		}
		w.send("GET", "/Schemas/"+numbers, "").want(t, 200)
	})
}

func TestManyWhoBringTheSameNumberAreOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var all sync.WaitGroup
		status := make([]int, 8)
		for n := range status {
			all.Go(func() { status[n] = w.send("POST", "/Users", numbered(fmt.Sprint("N", n), personal)).status })
		}
		all.Wait()
		made := 0
		for _, s := range status {
			switch s {
			case 201:
				made++
			case 409:
			default:
				t.Errorf("status %d", s)
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM person WHERE given_name = 'Li'`); made != 1 || n != 1 {
			t.Errorf("%d made, %d people", made, n)
		}
	})
}

// Who looks for a mark waits for another that may be about to give it.
func TestWhoBringsANumberWaitsForAnother(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.send("POST", "/Users", `{"userName":"L1","externalId":"L1","name":{"givenName":"Li"}}`).want(t, 201).at("id")
		mark, key, err := d.Keys.Mark("personal_number", "198507099805")
		must(t, err)
		answered := make(chan int, 1)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			if _, err := db.Exec(ctx, tx, `UPDATE organisation SET id = id WHERE id = $1`, organisation.NationID); err != nil {
				return err
			}
			go func() { answered <- w.send("POST", "/Users", numbered("L2", personal)).status }()
			select {
			case status := <-answered:
				t.Errorf("nobody waited: %d", status)
				answered <- status
			case <-time.After(300 * time.Millisecond):
			}
			_, err := db.Exec(ctx, tx, `INSERT INTO personal_number (person_id, mark, key_id, coordination, told_at) VALUES (CAST($1 AS BIGINT), $2, $3, FALSE, 0)`, id, mark, key)
			return err
		}))
		if status := <-answered; status != 409 {
			t.Errorf("the second came in with %d", status)
		}
	})
}
