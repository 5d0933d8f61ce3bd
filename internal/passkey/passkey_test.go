package passkey_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-webauthn/webauthn/protocol"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/passkey"
	"yrkesresan/internal/people"
)

const (
	falun int64 = 2080
	base        = "https://yrkesresan.example.org"
)

var (
	ctx = context.Background()
	now = clock.Date(2025, 12, 2).At(12, 0)
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// bench is a database with Åsa and Bo in it.
type bench struct {
	*testing.T
	d       *db.DB
	keys    *passkey.Keys
	asa, bo access.Viewer
}

func each(t *testing.T, test func(b bench)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, errors.Join(jobs.Migrate(ctx, d), organisation.Install(ctx, d)))
		keys, err := passkey.Open(base)
		must(t, err)
		b := bench{T: t, d: d, keys: keys}
		for name, viewer := range map[string]*access.Viewer{"Åsa": &b.asa, "Bo": &b.bo} {
			must(t, d.Write(ctx, func(tx *db.Tx) error {
				id, err := people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: name, FamilyName: "Öberg", Email: fmt.Sprintf("p%d@example.org", len(name))}, falun, clock.Date(2025, 1, 1), "", now)
				*viewer = access.Viewer{PersonID: id, Name: name}
				return err
			}))
		}
		test(b)
	})
}

// device is an authenticator: it signs with one key, and says of itself what its flags
// say.
type device struct {
	key     *ecdsa.PrivateKey
	id      []byte
	handle  []byte
	flags   byte
	counter uint32
}

// The flags of authenticator data (WebAuthn, 6.1).
const (
	present, verified, eligible, backed, attested byte = 1, 4, 8, 16, 64
)

func newDevice(t testing.TB, flags byte) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	return &device{key: key, id: id, flags: flags}
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (a *device) authData(extra byte) []byte {
	site := sha256.Sum256([]byte("yrkesresan.example.org"))
	return binary.BigEndian.AppendUint32(append(site[:], a.flags|extra), a.counter)
}

func clientData(kind, challenge, origin string) []byte {
	data, _ := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false})
	return data
}

// create answers an offer of a new key.
func (a *device) create(t testing.TB, asked passkey.Asked, origin string) []byte {
	t.Helper()
	options := asked.Options.(protocol.PublicKeyCredentialCreationOptions)
	a.handle = []byte(options.User.ID.(protocol.URLEncodedBase64))
	public, err := a.key.PublicKey.Bytes()
	must(t, err)
	data := a.authData(attested)
	data = append(data, make([]byte, 16)...) // the model, which is not told
	data = binary.BigEndian.AppendUint16(data, uint16(len(a.id)))
	data = append(data, a.id...)
	data = append(data, 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20) // COSE: EC2, ES256, P-256, x …
	data = append(data, public[1:33]...)
	data = append(data, 0x22, 0x58, 0x20) // … and y
	data = append(data, public[33:]...)
	object := append([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59"), byte(len(data)>>8), byte(len(data)))
	object = append(object, data...)
	answer, err := json.Marshal(map[string]any{"id": encode(a.id), "rawId": encode(a.id), "type": "public-key", "response": map[string]any{
		"clientDataJSON": encode(clientData("webauthn.create", options.Challenge.String(), origin)), "attestationObject": encode(object), "transports": []string{"internal", "hybrid"},
	}})
	must(t, err)
	return answer
}

// sign answers an offer to sign in.
func (a *device) sign(t testing.TB, asked passkey.Asked, origin string) []byte {
	t.Helper()
	data, client := a.authData(0), clientData("webauthn.get", asked.Options.(protocol.PublicKeyCredentialRequestOptions).Challenge.String(), origin)
	told := sha256.Sum256(client)
	sum := sha256.Sum256(append(bytes.Clone(data), told[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, sum[:])
	must(t, err)
	answer, err := json.Marshal(map[string]any{"id": encode(a.id), "rawId": encode(a.id), "type": "public-key", "response": map[string]any{
		"clientDataJSON": encode(client), "authenticatorData": encode(data), "signature": encode(signature), "userHandle": encode(a.handle),
	}})
	must(t, err)
	return answer
}

func (b bench) add(viewer access.Viewer, a *device, name string) {
	b.Helper()
	asked, err := b.keys.OfferNew(ctx, b.d, viewer, now)
	must(b, err)
	must(b, b.keys.Add(ctx, b.d, viewer, now, asked.Token, name, a.create(b, asked, base)))
}

func (b bench) offer() passkey.Asked {
	b.Helper()
	asked, err := b.keys.Offer(ctx, b.d, now, "192.0.2.1")
	must(b, err)
	return asked
}

// signIn tells who gets in with the answer, or why nobody does.
func (b bench) signIn(at clock.Instant, token string, answer []byte) string {
	b.Helper()
	person, refused, err := b.keys.SignIn(ctx, b.d, at, token, answer)
	must(b, err)
	switch {
	case refused != nil && len(refused.Reference) == 6 && person == 0:
		return refused.Cause
	case person == b.asa.PersonID:
		return "Åsa"
	case person == b.bo.PersonID:
		return "Bo"
	}
	return fmt.Sprint(person, refused)
}

func (b bench) try(a *device) string {
	b.Helper()
	asked := b.offer()
	return b.signIn(now, asked.Token, a.sign(b, asked, base))
}

func (b bench) kept(a *device) string {
	b.Helper()
	type row struct {
		present, verified, eligible, backed bool
		counter                             int64
	}
	r, err := db.Row(ctx, b.d.Reader(), func(r *row) []any { return []any{&r.present, &r.verified, &r.eligible, &r.backed, &r.counter} },
		`SELECT user_present, user_verified, backup_eligible, backed_up, counter FROM passkey WHERE credential_id = $1`, a.id)
	must(b, err)
	return fmt.Sprintf("%t %t %t %t %d", r.present, r.verified, r.eligible, r.backed, r.counter)
}

func TestAKeySignsInAgainAndAgainWhateverItsFlagsBecome(t *testing.T) {
	each(t, func(b bench) {
		for _, c := range []struct {
			name        string
			made, then  byte
			counts      bool
			want        string
			first, last string
		}{
			{"backed up from the first", present | verified | eligible | backed, present | verified | eligible | backed, false, "Åsa", "true true true true 0", "true true true true 0"},
			{"backed up later", present | verified | eligible, present | verified | eligible | backed, false, "Åsa", "true true true false 0", "true true true true 0"},
			{"backed up no longer", present | verified | eligible | backed, present | verified | eligible, false, "Åsa", "true true true true 0", "true true true false 0"},
			{"moved to where it can be backed up", present | verified, present | verified | eligible | backed, false, "Åsa", "true true false false 0", "true true true true 0"},
			{"moved to where it cannot", present | verified | eligible | backed, present | verified, false, "Åsa", "true true true true 0", "true true false false 0"},
			{"counting", present | verified, present | verified, true, "Åsa", "true true false false 0", "true true false false 2"},
			{"backed up though it cannot be", present | verified, present | verified | backed, false, identity.CauseSignature, "true true false false 0", "true true false false 0"},
			{"nobody was asked who they are", present | verified, present, false, identity.CauseSignature, "true true false false 0", "true true false false 0"},
		} {
			a := newDevice(b, c.made)
			b.add(b.asa, a, c.name)
			if got := b.kept(a); got != c.first {
				b.Errorf("%s: %s is kept, want %s", c.name, got, c.first)
			}
			a.flags = c.then
			for i := range 2 {
				if c.counts {
					a.counter++
				}
				if got := b.try(a); got != c.want {
					b.Errorf("%s, sign-in %d: %s, want %s", c.name, i+1, got, c.want)
				}
			}
			if got := b.kept(a); got != c.last {
				b.Errorf("%s: %s is kept in the end, want %s", c.name, got, c.last)
			}
		}
	})
}

func TestWhatIsNoAnswerOfTheKeyLetsNobodyIn(t *testing.T) {
	each(t, func(b bench) {
		a, stranger := newDevice(b, present|verified), newDevice(b, present|verified)
		b.add(b.asa, a, "Mobilen")
		a.counter = 7
		if got := b.try(a); got != "Åsa" {
			b.Fatalf("the key gives %s", got)
		}
		for _, c := range []struct {
			name, want string
			answer     func() (string, []byte)
		}{
			{"another origin", identity.CauseSignature, func() (string, []byte) {
				asked := b.offer()
				return asked.Token, a.sign(b, asked, "https://evil.example")
			}},
			{"another question", identity.CauseSignature, func() (string, []byte) { return b.offer().Token, a.sign(b, b.offer(), base) }},
			{"a question that nobody asked", identity.CauseExpired, func() (string, []byte) { return "x", a.sign(b, b.offer(), base) }},
			{"no answer", identity.CauseSignature, func() (string, []byte) { return b.offer().Token, []byte("{}") }},
			{"a key that nobody added", identity.CauseUnknownKey, func() (string, []byte) {
				asked := b.offer()
				stranger.handle = a.handle
				return asked.Token, stranger.sign(b, asked, base)
			}},
			{"a stranger's key under its name", identity.CauseSignature, func() (string, []byte) {
				asked := b.offer()
				forged := *stranger
				forged.id, forged.handle, forged.counter = a.id, a.handle, 9
				return asked.Token, forged.sign(b, asked, base)
			}},
			{"a counter that goes back", identity.CauseReplay, func() (string, []byte) {
				asked := b.offer()
				copied := *a
				copied.counter = 7
				return asked.Token, copied.sign(b, asked, base)
			}},
			{"the question of a new key", identity.CauseExpired, func() (string, []byte) {
				asked, err := b.keys.OfferNew(ctx, b.d, b.asa, now)
				must(b, err)
				return asked.Token, a.sign(b, b.offer(), base)
			}},
		} {
			token, answer := c.answer()
			if got := b.signIn(now, token, answer); got != c.want {
				b.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
		asked := b.offer()
		a.counter = 10
		answer := a.sign(b, asked, base)
		if got := b.signIn(now.Add(5*time.Minute), asked.Token, answer); got != identity.CauseExpired {
			b.Errorf("five minutes later: %s", got)
		}
		asked = b.offer()
		answer = a.sign(b, asked, base)
		if got := b.signIn(now.Add(5*time.Minute-time.Microsecond), asked.Token, answer); got != "Åsa" {
			b.Errorf("just before: %s", got)
		}
		if got := b.signIn(now, asked.Token, answer); got != identity.CauseExpired {
			b.Errorf("the same answer once more: %s", got)
		}
		causes, err := db.Rows(ctx, b.d.Reader(), db.One[string], `SELECT DISTINCT cause FROM sign_in_trouble WHERE way = 'passkey' AND person_id = $1 ORDER BY cause`, b.asa.PersonID)
		must(b, err)
		if got := strings.Join(causes, " "); got != "replay signature" {
			b.Errorf("known of her: %s", got)
		}
	})
}

func TestOfOneAnswerSentByManyOneSignsIn(t *testing.T) {
	each(t, func(b bench) {
		a := newDevice(b, present|verified)
		b.add(b.asa, a, "Mobilen")
		asked := b.offer()
		answer := a.sign(b, asked, base)
		var in atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				person, _, err := b.keys.SignIn(ctx, b.d, now, asked.Token, answer)
				if err != nil {
					b.Error(err)
				}
				if person != 0 {
					in.Add(1)
				}
			})
		}
		all.Wait()
		if in.Load() != 1 {
			b.Errorf("%d signed in", in.Load())
		}
	})
}

func TestKeysFollowAPersonWhoBecomesAnother(t *testing.T) {
	each(t, func(b bench) {
		hers, his := newDevice(b, present|verified), newDevice(b, present|verified|eligible|backed)
		b.add(b.asa, hers, "Mobilen")
		b.add(b.bo, his, "Datorn")
		must(b, b.d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE passkey SET person_id = $2 WHERE person_id = $1`, b.bo.PersonID, b.asa.PersonID)
			return err
		}))
		for name, a := range map[string]*device{"hers": hers, "his": his} {
			if got := b.try(a); got != "Åsa" {
				b.Errorf("%s: %s", name, got)
			}
		}
		third := newDevice(b, present|verified)
		b.add(b.asa, third, "Surfplattan")
		if got := b.try(third); got != "Åsa" {
			b.Errorf("one that is added then: %s", got)
		}
		all, err := passkey.Of(ctx, b.d.Reader(), b.asa, b.asa.PersonID, now.Day())
		if err != nil || len(all) != 3 || all[0].Name != "Surfplattan" {
			b.Errorf("her keys are %v, %v", all, err)
		}
	})
}

func TestKeysAreAddedAndRemovedByWhoMay(t *testing.T) {
	each(t, func(b bench) {
		a := newDevice(b, present|verified)
		asked, err := b.keys.OfferNew(ctx, b.d, b.asa, now)
		must(b, err)
		answer := a.create(b, asked, base)
		for _, c := range []struct {
			name, want string
			add        func() error
		}{
			{"without a name", "fault.name_missing", func() error { return b.keys.Add(ctx, b.d, b.asa, now, asked.Token, " ", answer) }},
			{"by somebody else", "entry.trouble.expired", func() error {
				other, err := b.keys.OfferNew(ctx, b.d, b.asa, now)
				must(b, err)
				return b.keys.Add(ctx, b.d, b.bo, now, other.Token, "Min", a.create(b, other, base))
			}},
			{"from another site", "entry.passkey.not_made", func() error {
				other, err := b.keys.OfferNew(ctx, b.d, b.asa, now)
				must(b, err)
				return b.keys.Add(ctx, b.d, b.asa, now, other.Token, "Min", a.create(b, other, "https://evil.example"))
			}},
			{"by nobody", "fault.forbidden", func() error {
				_, err := b.keys.OfferNew(ctx, b.d, access.Viewer{}, now)
				return err
			}},
		} {
			if got := key(c.add()); got != c.want {
				b.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
		must(b, b.keys.Add(ctx, b.d, b.asa, now, asked.Token, "Min mobil", answer))
		again, err := b.keys.OfferNew(ctx, b.d, b.bo, now)
		must(b, err)
		if got := key(b.keys.Add(ctx, b.d, b.bo, now, again.Token, "Samma", a.create(b, again, base))); got != "entry.passkey.there" {
			b.Errorf("a key that is somebody's: %s", got)
		}
		a.handle = []byte(asked.Options.(protocol.PublicKeyCredentialCreationOptions).User.ID.(protocol.URLEncodedBase64))

		all, err := passkey.Of(ctx, b.d.Reader(), b.asa, b.asa.PersonID, now.Day())
		must(b, err)
		remove := func(viewer access.Viewer) error {
			return b.d.Write(ctx, func(tx *db.Tx) error { return passkey.Remove(ctx, tx, viewer, all[0].ID, now) })
		}
		admin := func(municipality int64) access.Viewer {
			return access.Viewer{PersonID: b.bo.PersonID, Grants: []access.Grant{{Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: municipality, MunicipalityID: municipality}}}
		}
		for name, viewer := range map[string]access.Viewer{"a colleague": b.bo, "another municipality's administrator": admin(2081)} {
			if err := remove(viewer); !errors.Is(err, fault.NotFound) {
				b.Errorf("%s: %v", name, err)
			}
			if _, err := passkey.Of(ctx, b.d.Reader(), viewer, b.asa.PersonID, now.Day()); !errors.Is(err, fault.NotFound) {
				b.Errorf("%s reads: %v", name, err)
			}
		}
		if got := b.try(a); got != "Åsa" {
			b.Errorf("before it is removed: %s", got)
		}
		must(b, remove(admin(falun)))
		if got := b.try(a); got != identity.CauseUnknownKey {
			b.Errorf("removed by the administrator: %s", got)
		}
		if err := remove(b.asa); !errors.Is(err, fault.NotFound) {
			b.Errorf("twice: %v", err)
		}
	})
}

func key(err error) string {
	f := fault.Of(err)
	switch {
	case f == nil:
		return fmt.Sprint(err)
	case len(f.Fields) > 0:
		return f.Fields[0].Key
	}
	return f.Key
}

func TestThereAreNoKeysWhereBrowsersHaveNone(t *testing.T) {
	for address, want := range map[string]bool{
		"https://yrkesresan.example.org": true, "http://localhost:8080": true, "": false, "http://127.0.0.1:8080": false, "http://[::1]:8080": false,
	} {
		keys, err := passkey.Open(address)
		if err != nil || (keys != nil) != want {
			t.Errorf("%q: %v, %v", address, keys, err)
		}
	}
}
