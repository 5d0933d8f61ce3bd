// Package file is files that people upload. Their content lies in a folder,
// each under its SHA-256, so that the same file is kept once and a half-written
// one is never seen; what they are called and who brought them stands in the
// database. Only kinds of files that a course needs are taken, and only when
// the content is what the name says.
//
// Who may read a file is the business of whoever refers to it (package
// material).
package file

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// MaxSize is the largest file, in bytes; MaxFilm the largest film, MaxCaptions
// the longest captions.
const (
	MaxSize     = 50 << 20
	MaxFilm     = 500 << 20
	MaxCaptions = 1 << 20
)

// Limit is the largest file of the name's kind, in bytes.
func Limit(name string) int64 {
	switch strings.ToLower(path.Ext(name)) {
	case ".mp4":
		return MaxFilm
	case captions, subRip:
		return MaxCaptions
	}
	return MaxSize
}

// Store is the folder with the files' content.
type Store struct {
	dir  string
	sync func(folder string) error // makes the names in it survive a power cut
}

// Open takes the folder, which need not exist yet.
func Open(dir string) *Store { return &Store{dir: dir, sync: syncFolder} }

// syncFolder writes a folder's names to the disk: a file whose content is safe is
// lost all the same as long as its name is not (fsync(2)).
func syncFolder(folder string) error {
	f, err := os.Open(folder) //nolint:gosec // one of ours
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// File is a file that was uploaded.
type File struct {
	ID         int64
	Name       string // clean: no folder, no control characters
	MediaType  string
	Size       int64
	SHA256     []byte
	UploadedAt clock.Instant
}

// types are the kinds of files that are taken, by ending. sniffed is what
// http.DetectContentType finds in them; of office files it sees the archive
// only, whose part tells more.
var types = map[string]struct{ media, sniffed, part string }{
	".pdf":   {"application/pdf", "application/pdf", ""},
	".docx":  {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/zip", "word/"},
	".pptx":  {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "application/zip", "ppt/"},
	".xlsx":  {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/zip", "xl/"},
	".png":   {"image/png", "image/png", ""},
	".jpg":   {"image/jpeg", "image/jpeg", ""},
	".jpeg":  {"image/jpeg", "image/jpeg", ""},
	".mp4":   {"video/mp4", "video/mp4", ""},
	".mp3":   {"audio/mpeg", "audio/mpeg", ""},
	".txt":   {"text/plain; charset=utf-8", "text/plain; charset=utf-8", ""},
	captions: {"text/vtt; charset=utf-8", "text/plain; charset=utf-8", ""},
	subRip:   {"text/vtt; charset=utf-8", "text/plain; charset=utf-8", ""}, // is kept as WebVTT
}

// Endings are those of the files that are taken, for the accept attribute of a
// form.
const Endings = ".pdf,.docx,.pptx,.xlsx,.png,.jpg,.jpeg,.mp4,.mp3,.txt,.vtt,.srt"

// Received is content that lies in the folder and has no name in the database
// yet.
type Received struct {
	name, media string
	size        int64
	sum         [sha256.Size]byte
}

// Receive reads the content and keeps it. What cannot be taken is fault.Invalid
// of the field file: too large, empty, of a kind that is not taken, or not what
// its name says. Nothing of it is left then.
//
// It is done before the transaction that refers to it: a slow upload holds no
// lock. Content that nobody comes to refer to stays, and is the same when it is
// uploaded again.
func (s *Store) Receive(name string, content io.Reader) (r Received, err error) {
	r.name = Clean(name)
	kind, known := types[strings.ToLower(path.Ext(r.name))]
	if !known {
		return r, fault.Invalid("file", "file.type_refused")
	}
	r.media = kind.media
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return r, fmt.Errorf("keep file: %w", err)
	}
	temporary, err := os.CreateTemp(s.dir, "upload-*")
	if err != nil {
		return r, fmt.Errorf("keep file: %w", err)
	}
	defer func() {
		_ = temporary.Close()
		_ = os.Remove(temporary.Name()) // gone when it was renamed
	}()
	hash, limit := sha256.New(), Limit(r.name)
	if kind.media == types[captions].media {
		r.name = strings.TrimSuffix(r.name, path.Ext(r.name)) + captions
		if content, err = captionsOf(content); err != nil {
			return r, err
		}
	}
	var tooLarge *http.MaxBytesError
	r.size, err = io.Copy(io.MultiWriter(temporary, hash), io.LimitReader(content, limit+1))
	switch {
	case errors.As(err, &tooLarge), err == nil && r.size > limit:
		return r, fault.Invalid("file", "file.too_large", "Max", limit>>20)
	case err != nil:
		return r, fmt.Errorf("keep file: %w", err)
	case r.size == 0:
		return r, fault.Invalid("file", "file.empty")
	}
	hash.Sum(r.sum[:0])
	ok, err := is(temporary, r.size, kind.sniffed, kind.part)
	if err != nil {
		return r, fmt.Errorf("keep file: %w", err)
	}
	if !ok {
		return r, fault.Invalid("file", "file.type_mismatch")
	}
	if err := errors.Join(temporary.Sync(), temporary.Close()); err != nil {
		return r, fmt.Errorf("keep file: %w", err)
	}
	at := s.path(r.sum[:])
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return r, fmt.Errorf("keep file: %w", err)
	}
	if err := os.Rename(temporary.Name(), at); err != nil {
		return r, fmt.Errorf("keep file: %w", err)
	}
	// The name of the file in its folder, and of the folder, which may be new.
	if err := errors.Join(s.sync(filepath.Dir(at)), s.sync(s.dir)); err != nil {
		return r, fmt.Errorf("keep file: %w", err)
	}
	return r, nil
}

// Name is what the file is called: captions of any kind are WebVTT.
func (r Received) Name() string { return r.name }

// Is tells whether the file holds the same content.
func (r Received) Is(f File) bool { return bytes.Equal(r.sum[:], f.SHA256) }

// is tells whether the content is what its name says.
func is(content *os.File, size int64, sniffed, part string) (bool, error) {
	head := make([]byte, 512)
	n, err := content.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	head = head[:n]
	got := http.DetectContentType(head)
	if sniffed == "audio/mpeg" && len(head) > 1 && head[0] == 0xFF && head[1]&0xE0 == 0xE0 {
		return true, nil // a frame without an ID3 tag, which the sniffer does not know
	}
	if sniffed == "text/plain; charset=utf-8" && !utf8.Valid(trimmed(head)) {
		return false, nil
	}
	if got != sniffed {
		return false, nil
	}
	if part == "" {
		return true, nil
	}
	archive, err := OpenArchive(content, size, mostParts)
	if err != nil {
		return false, nil //nolint:nilerr // a broken archive is no office file
	}
	for _, f := range archive.File {
		if strings.HasPrefix(f.Name, part) {
			return true, nil
		}
	}
	return false, nil
}

// mostParts is how many parts an office file has at most; a long presentation has
// some thousands.
const mostParts = 10_000

// trimmed is the text without a last character that was cut.
func trimmed(head []byte) []byte {
	for i := 1; i <= utf8.UTFMax && i <= len(head); i++ {
		if b := head[len(head)-i]; utf8.RuneStart(b) {
			if !utf8.FullRune(head[len(head)-i:]) {
				return head[:len(head)-i]
			}
			break
		}
	}
	return head
}

// Clean is the name as it is kept: without folders, control characters and what
// file systems and headers dislike, and not too long.
func Clean(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`"<>:|?*/\;`, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.TrimLeft(strings.TrimSpace(name), ".")
	ending := path.Ext(name)
	stem := []rune(strings.TrimSpace(strings.TrimSuffix(name, ending)))
	if len(stem) > 100 {
		stem = stem[:100]
	}
	if len(stem) == 0 {
		stem = []rune("fil")
	}
	return string(stem) + ending
}

// Add gives the received content its place in the database.
func Add(ctx context.Context, tx *db.Tx, r Received, by *int64, now clock.Instant) (int64, error) {
	return db.Row(ctx, tx, db.One[int64], `
		INSERT INTO file (name, media_type, size, sha256, uploaded_at, uploaded_by)
		VALUES ($1, $2, $3, $4, $5, $6)
		RETURNING id`, r.name, r.media, r.size, r.sum[:], now, by)
}

// ByID is the file, for whoever has made sure that it may be read.
func ByID(ctx context.Context, q db.Querier, id int64) (File, error) {
	return db.Row(ctx, q, func(f *File) []any { return []any{&f.ID, &f.Name, &f.MediaType, &f.Size, &f.SHA256, &f.UploadedAt} }, `
		SELECT id, name, media_type, size, sha256, uploaded_at
		FROM file
		WHERE id = $1`, id)
}

// ByIDs are the files by identity, for whoever has made sure that they may be
// read.
func ByIDs(ctx context.Context, q db.Querier, ids []int64) (map[int64]File, error) {
	condition, args := db.In("id", ids)
	var b db.Builder
	b.Add("SELECT id, name, media_type, size, sha256, uploaded_at FROM file WHERE "+condition, args...)
	rows, err := db.Rows(ctx, q, func(f *File) []any { return []any{&f.ID, &f.Name, &f.MediaType, &f.Size, &f.SHA256, &f.UploadedAt} }, b.String(), b.Args()...)
	all := make(map[int64]File, len(rows))
	for _, f := range rows {
		all[f.ID] = f
	}
	return all, err
}

// Content is what the file holds; the caller closes it. fault.NotFound when the
// folder has lost it.
func (s *Store) Content(f File) (io.ReadSeekCloser, error) {
	content, err := os.Open(s.path(f.SHA256))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.NotFound
	}
	return content, err
}

func (s *Store) path(sum []byte) string {
	name := hex.EncodeToString(sum)
	return filepath.Join(s.dir, name[:2], name)
}
