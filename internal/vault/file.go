package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// about stands first in the file, for who opens it.
const about = "The keys of Yrkesresan. Without this file some of what is in the database cannot be read. Keep a copy apart from the backups of the database, and let nobody else read it."

// largest is more than any key file has, in bytes.
const largest = 1 << 20

// contents is the file: two Tink keysets, and when each key that seals was made.
type contents struct {
	About   string               `json:"about"`
	Made    map[string]time.Time `json:"made"`
	Sealing json.RawMessage      `json:"sealing"`
	Marking json.RawMessage      `json:"marking"`
}

// stamp tells one writing of the file from another.
type stamp struct {
	changed time.Time
	info    fs.FileInfo
}

func stampOf(info fs.FileInfo) stamp { return stamp{info.ModTime(), info} }

func (s stamp) same(info fs.FileInfo) bool {
	return s.info != nil && s.changed.Equal(info.ModTime()) && s.info.Size() == info.Size() && os.SameFile(s.info, info)
}

// Load are the keys of the file. fs.ErrNotExist when there is none; an error that says what to
// do when others may read it, or when it is no such file.
func Load(path string) (*Keys, error) {
	r, s, err := read(path)
	if err != nil {
		return nil, err
	}
	return &Keys{path: path, seen: s, inner: r}, nil
}

func read(path string) (ring, stamp, error) {
	file, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return ring{}, stamp{}, fmt.Errorf("read the key file: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return ring{}, stamp{}, fmt.Errorf("read the key file: %w", err)
	}
	if mode := info.Mode(); runtime.GOOS != "windows" && mode.Perm()&0o077 != 0 {
		return ring{}, stamp{}, fmt.Errorf("the key file %s may be read by others (%04o): whoever reads it can open what is sealed. Run \"chmod 600 %s\", and \"yrkesresan key rotate\" if somebody may have", path, mode.Perm(), path)
	}
	text, err := io.ReadAll(io.LimitReader(file, largest))
	if err != nil {
		return ring{}, stamp{}, fmt.Errorf("read the key file: %w", err)
	}
	var c contents
	if err := json.Unmarshal(text, &c); err != nil {
		return ring{}, stamp{}, fmt.Errorf("%s is no key file of Yrkesresan, or it is damaged: %w", path, err)
	}
	r := ring{made: c.Made}
	for _, set := range []struct {
		text json.RawMessage
		into **keyset.Handle
	}{{c.Sealing, &r.sealing}, {c.Marking, &r.marking}} {
		if *set.into, err = insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(set.text))); err != nil {
			return ring{}, stamp{}, fmt.Errorf("%s is no key file of Yrkesresan, or it is damaged: %w", path, err)
		}
	}
	for _, k := range r.sealing.KeysetInfo().GetKeyInfo() {
		if !r.has(id(k.GetKeyId())) {
			return ring{}, stamp{}, fmt.Errorf("%s is damaged: it does not say when key %s was made", path, id(k.GetKeyId()))
		}
	}
	return r, stampOf(info), r.ready()
}

// Make makes a file with new keys, which only its owner may read. When somebody else has just
// made it, or it was there, the keys are those of that file: of two programs that begin at once
// both use the same.
func Make(path string, now time.Time) (*Keys, error) {
	r, err := newRing(now)
	if err != nil {
		return nil, err
	}
	temporary, err := r.write(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(temporary) }()
	// A link never takes the place of what is there.
	if err := os.Link(temporary, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make the key file: %w", err)
	}
	return Load(path)
}

// write writes the keys into a new file beside path and returns its name.
func (r *ring) write(path string) (name string, err error) {
	c := contents{About: about, Made: r.made}
	for _, set := range []struct {
		keys *keyset.Handle
		into *json.RawMessage
	}{{r.sealing, &c.Sealing}, {r.marking, &c.Marking}} {
		var text bytes.Buffer
		if err := insecurecleartextkeyset.Write(set.keys, keyset.NewJSONWriter(&text)); err != nil {
			return "", fmt.Errorf("write the key file: %w", err)
		}
		*set.into = text.Bytes()
	}
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return "", fmt.Errorf("write the key file: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // 0600
	if err != nil {
		return "", fmt.Errorf("write the key file: %w", err)
	}
	_, err = file.Write(append(text, '\n'))
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("write the key file: %w", err), os.Remove(file.Name()))
	}
	return file.Name(), nil
}

// reread takes up what another program wrote into the file. What cannot be read changes
// nothing: the keys in memory still open what they opened. The lock is held.
func (k *Keys) reread() {
	if k.path == "" {
		return
	}
	info, err := os.Stat(k.path)
	if err != nil || k.seen.same(info) {
		return
	}
	if r, s, err := read(k.path); err == nil {
		k.inner, k.seen = r, s
	}
}

// change changes the keys, in the file first. One program does so at a time.
func (k *Keys) change(f func(*ring) error) (primary string, err error) {
	if k == nil {
		return "", ErrNoKeys
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	next := k.inner
	if k.path != "" {
		lock := k.path + ".lock"
		held, failed := os.OpenFile(lock, os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // beside the file that the operator named
		if errors.Is(failed, fs.ErrExist) {
			return "", fmt.Errorf("somebody else is changing the keys: if nobody is, remove %s", lock)
		}
		if failed != nil {
			return "", fmt.Errorf("change the keys: %w", failed)
		}
		defer func() { err = errors.Join(err, held.Close(), os.Remove(lock)) }()
		if next, _, err = read(k.path); err != nil {
			return "", err
		}
	}
	next.made = maps.Clone(next.made)
	if err := f(&next); err != nil {
		return "", fmt.Errorf("change the keys: %w", err)
	}
	if err := next.ready(); err != nil {
		return "", err
	}
	if k.path != "" {
		temporary, err := next.write(k.path)
		if err != nil {
			return "", err
		}
		if err := os.Rename(temporary, k.path); err != nil {
			return "", errors.Join(fmt.Errorf("change the key file: %w", err), os.Remove(temporary))
		}
		info, err := os.Stat(k.path)
		if err != nil {
			return "", fmt.Errorf("change the key file: %w", err)
		}
		k.seen = stampOf(info)
	}
	k.inner = next
	return next.primary(), nil
}
