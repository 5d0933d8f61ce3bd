// Package vault keeps the product's own secrets and what people say of their health from
// whoever comes by the database alone: a value is sealed with a key that stands in a file
// beside it (File), and bound to the row that it stands in.
//
// What is stored is text:
//
//	""               nothing was said
//	"sealed:KEY:…"   KEY is the number of the key (eight hexadecimal digits), the rest is base64
//	                 of what Tink writes (AES-256-GCM)
//	anything else    in clear, from a version that sealed nothing; it is sealed at the next start
//
// The keys that seal are replaced now and then (Rotate), and old ones stay for as long as a
// value needs them. The key that makes marks of numbers (Mark) is never replaced: a mark is
// compared with those made before, and no number is kept of which a new one could be made.
package vault

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// prefix begins what is sealed.
const prefix = "sealed:"

// ErrUnreadable is a value that none of the keys opens: its key is lost, or it is not what was
// put there.
var ErrUnreadable = errors.New("the value cannot be read: its key is not in the key file, or it was sealed elsewhere")

// ErrNoKeys is asked for what takes a key, without a key file.
var ErrNoKeys = errors.New("there is no key file: name the one that the server uses with --key-file")

// Place is where a value stands: a column of a row. Row is what finds the row, its numbers with
// a slash between them. A value opens in its own place alone.
type Place struct{ Table, Column, Row string }

// Row is the Place's row by its numbers.
func Row(numbers ...int64) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = fmt.Sprint(n)
	}
	return strings.Join(words, "/")
}

// HashRow is the Place's row by a hash.
func HashRow(hash []byte) string { return hex.EncodeToString(hash) }

func (p Place) bytes() []byte { return []byte(p.Table + "\x00" + p.Column + "\x00" + p.Row) }

// Key is a key that seals, without what is secret about it.
type Key struct {
	ID      string    `json:"id"`
	Made    time.Time `json:"made"`
	Primary bool      `json:"primary"` // the one that seals; the others only open
}

// Keys are the keys of a program. They may be used by many at once. A nil *Keys opens what is
// clear and nothing else.
type Keys struct {
	mu    sync.Mutex
	path  string // empty: in memory
	seen  stamp
	inner ring
}

// ring is the keys as they were read last.
type ring struct {
	sealing, marking *keyset.Handle
	aead             tink.AEAD
	mac              tink.MAC
	made             map[string]time.Time
}

// New are keys that are nowhere but in memory, for tests.
func New(now time.Time) (*Keys, error) {
	r, err := newRing(now)
	return &Keys{inner: r}, err
}

func newRing(now time.Time) (ring, error) {
	sealing, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return ring{}, fmt.Errorf("make a key: %w", err)
	}
	marking, err := keyset.NewHandle(mac.HMACSHA256Tag256KeyTemplate())
	if err != nil {
		return ring{}, fmt.Errorf("make a key: %w", err)
	}
	r := ring{sealing: sealing, marking: marking, made: map[string]time.Time{}}
	r.made[r.primary()] = now.UTC().Truncate(time.Second)
	return r, r.ready()
}

// ready makes of the keys what uses them.
func (r *ring) ready() (err error) {
	if r.aead, err = aead.New(r.sealing); err != nil {
		return fmt.Errorf("use the keys: %w", err)
	}
	if r.mac, err = mac.New(r.marking); err != nil {
		return fmt.Errorf("use the keys: %w", err)
	}
	return nil
}

func id(n uint32) string { return fmt.Sprintf("%08x", n) }

func (r *ring) primary() string { return id(r.sealing.KeysetInfo().GetPrimaryKeyId()) }

func (r *ring) has(key string) bool {
	_, ok := r.made[key]
	return ok
}

// Seal is the value as it is stored in the place; nothing is nothing. ErrNoKeys.
func (k *Keys) Seal(at Place, value string) (string, error) {
	if value == "" {
		return "", nil
	}
	if k == nil {
		return "", ErrNoKeys
	}
	r := k.now()
	sealed, err := r.aead.Encrypt([]byte(value), at.bytes())
	if err != nil {
		return "", fmt.Errorf("seal %s.%s: %w", at.Table, at.Column, err)
	}
	return prefix + id(binary.BigEndian.Uint32(sealed[1:5])) + ":" + base64.RawStdEncoding.EncodeToString(sealed), nil
}

// Open is the value that is stored in the place. ErrUnreadable.
func (k *Keys) Open(at Place, stored string) (string, error) {
	if stored == "" {
		return "", nil
	}
	key, ok := KeyOf(stored)
	if !ok {
		return stored, nil
	}
	if k == nil {
		return "", ErrUnreadable
	}
	r := k.with(key)
	sealed, err := base64.RawStdEncoding.DecodeString(stored[len(prefix)+len(key)+1:])
	if err != nil {
		return "", ErrUnreadable
	}
	value, err := r.aead.Decrypt(sealed, at.bytes())
	if err != nil {
		return "", ErrUnreadable
	}
	return string(value), nil
}

// KeyOf is the number of the key that a stored value was sealed with; false for one in clear.
func KeyOf(stored string) (string, bool) {
	rest, ok := strings.CutPrefix(stored, prefix)
	key, _, whole := strings.Cut(rest, ":")
	if number, err := hex.DecodeString(key); !ok || !whole || err != nil || len(number) != 4 {
		return "", false
	}
	return key, true
}

// Mark is the same for the same word, and tells nobody without the key which it is. of says what
// kind of word it is, so that marks of two kinds never meet. Key is the number of the key that
// made it. ErrNoKeys.
func (k *Keys) Mark(of, word string) (mark []byte, key string, err error) {
	if k == nil {
		return nil, "", ErrNoKeys
	}
	r := k.now()
	tag, err := r.mac.ComputeMAC([]byte(of + "\x00" + word))
	if err != nil {
		return nil, "", fmt.Errorf("mark %s: %w", of, err)
	}
	return tag[5:], id(binary.BigEndian.Uint32(tag[1:5])), nil
}

// MarkKey is the number of the key that makes marks; empty without keys.
func (k *Keys) MarkKey() string {
	if k == nil {
		return ""
	}
	r := k.now()
	return id(r.marking.KeysetInfo().GetPrimaryKeyId())
}

// Primary is the number of the key that seals; empty without keys.
func (k *Keys) Primary() string {
	if k == nil {
		return ""
	}
	r := k.now()
	return r.primary()
}

// All are the keys that seal and have sealed, the newest first.
func (k *Keys) All() []Key {
	if k == nil {
		return nil
	}
	r := k.now()
	var all []Key
	for key, made := range r.made {
		all = append(all, Key{key, made, key == r.primary()})
	}
	slices.SortFunc(all, func(a, b Key) int {
		if a.Primary != b.Primary {
			if a.Primary {
				return -1
			}
			return 1
		}
		if c := b.Made.Compare(a.Made); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all
}

// Has tells whether the key is there.
func (k *Keys) Has(key string) bool {
	if k == nil {
		return false
	}
	r := k.with(key)
	return r.has(key)
}

// now are the keys as they stand in the file: another program may have replaced them.
func (k *Keys) now() ring {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.reread()
	return k.inner
}

// with are the keys, read anew when they lack the one that is asked for.
func (k *Keys) with(key string) ring {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.inner.has(key) {
		k.reread()
	}
	return k.inner
}

// Rotate makes a new key the one that seals. Its number is returned.
func (k *Keys) Rotate(now time.Time) (string, error) {
	return k.change(func(r *ring) error {
		m := keyset.NewManagerFromHandle(r.sealing)
		added, err := m.Add(aead.AES256GCMKeyTemplate())
		if err != nil {
			return err
		}
		if err := m.SetPrimary(added); err != nil {
			return err
		}
		if r.sealing, err = m.Handle(); err != nil {
			return err
		}
		r.made[id(added)] = now.UTC().Truncate(time.Second)
		return nil
	})
}

// Drop takes a key away for good: what it sealed can be read no more, so ask first whether
// there is any. An error for the one that seals and for one that there is not.
func (k *Keys) Drop(key string) error {
	_, err := k.change(func(r *ring) error {
		if !r.has(key) {
			return fmt.Errorf("there is no key %s in the key file", key)
		}
		if key == r.primary() {
			return fmt.Errorf("%s is the key that seals: make a new one with \"yrkesresan key rotate\" first", key)
		}
		number, err := hex.DecodeString(key)
		if err != nil {
			return err
		}
		m := keyset.NewManagerFromHandle(r.sealing)
		if err := m.Delete(binary.BigEndian.Uint32(number)); err != nil {
			return err
		}
		if r.sealing, err = m.Handle(); err != nil {
			return err
		}
		delete(r.made, key)
		return nil
	})
	return err
}

// Join takes up the keys of another file, to open what they sealed, and its key for marks, which
// were made before. How many of those that seal were new is returned.
func (k *Keys) Join(path string) (joined int, err error) {
	other, _, err := read(path)
	if err != nil {
		return 0, err
	}
	_, err = k.change(func(r *ring) error {
		m := keyset.NewManagerFromHandle(r.sealing)
		for i := range other.sealing.Len() {
			entry, err := other.sealing.Entry(i)
			if err != nil {
				return err
			}
			number := id(entry.KeyID())
			if r.has(number) {
				continue
			}
			if _, err := m.AddKey(entry.Key()); err != nil {
				return err
			}
			r.made[number] = other.made[number]
			joined++
		}
		r.marking = other.marking
		r.sealing, err = m.Handle()
		return err
	})
	return joined, err
}
