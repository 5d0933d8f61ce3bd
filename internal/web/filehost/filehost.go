// Package filehost serves what people have uploaded: beside the pages with headers that keep
// it inert, or at an address of its own, so that a browser that runs it nevertheless runs it
// where nobody is signed in.
//
// At that address there are no pages, no sessions and no cookies. A page that may show a file
// leads to a signed address of it there, which holds for some hours for whoever has it.
package filehost

import (
	"crypto/hmac"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/file"
	"yrkesresan/internal/vault"
	"yrkesresan/internal/web/visit"
)

// How long a signed address holds at least; it is the same within an hour, so that a browser
// may keep what it got.
const (
	holds = 6 * time.Hour
	same  = time.Hour
)

const captions = "text/vtt; charset=utf-8"

// shownInPlace are the types of files that a page shows by itself; the rest are
// handed over to be opened elsewhere.
var shownInPlace = []string{"video/mp4", "audio/mpeg", "image/png", "image/jpeg", captions, "application/pdf", "text/plain; charset=utf-8"}

// Check is what is wrong with an address of its own for files: it must be that of another
// host than the pages', or a browser gives what runs there the pages' cookies.
func Check(files, pages string) error {
	if files == "" {
		return nil
	}
	own, err := url.Parse(files)
	if err != nil || own.Scheme != "https" && own.Scheme != "http" || own.Host == "" || strings.Trim(own.Path, "/") != "" || own.RawQuery != "" || own.User != nil {
		return fmt.Errorf("%q is no address of a host, as https://filer.example.org is", files)
	}
	if base, err := url.Parse(pages); err == nil && strings.EqualFold(base.Hostname(), own.Hostname()) {
		return fmt.Errorf("%s is the host of the pages: files need one of their own", own.Hostname())
	}
	return nil
}

// Send answers with the file, as "inline" or as an "attachment". Who calls it has made sure
// that the visitor may read it.
func Send(v *visit.Visit, id int64, disposition string) error {
	f, err := file.ByID(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	if !slices.Contains(shownInPlace, f.MediaType) {
		disposition = "attachment"
	}
	// Browsers take captions from the page's own address alone; they are only read.
	if v.Server.FilesURL != "" && f.MediaType != captions {
		path, err := signed(v.Server, f, disposition, v.Now)
		if err != nil && !errors.Is(err, vault.ErrNoKeys) {
			return err
		}
		if err == nil {
			http.Redirect(v.W, v.Request, v.Server.FilesURL+path, http.StatusSeeOther)
			return nil
		}
	}
	v.TakeTime()
	return serve(v.Server, v.W, v.Request, f, disposition)
}

// Beside answers for the files' own address, and lets next answer for all others.
func Beside(s *visit.Server, next http.Handler) http.Handler {
	own, err := url.Parse(s.FilesURL)
	if s.FilesURL == "" || err != nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != own.Host {
			next.ServeHTTP(w, r)
			return
		}
		if err := answer(s, w, r); err != nil {
			status := http.StatusInternalServerError
			if errors.Is(err, fault.NotFound) {
				status = http.StatusNotFound
			} else {
				s.Log.Error("a file is not served", "error", err)
			}
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(gone)) // nobody left to tell
		}
	})
}

// gone is what stands where there is no file: the address belongs to no page and knows no
// language.
const gone = "Länken till filen gäller inte längre. Gå tillbaka till sidan och öppna filen igen.\n\n" +
	"The link to the file no longer works. Go back to the page and open the file again.\n"

// signed is the address of the file for whoever may read it now.
func signed(s *visit.Server, f file.File, disposition string, now clock.Instant) (string, error) {
	until := now.Add(holds + same).Time().Truncate(same).Unix()
	mark, err := markOf(s, f.ID, disposition, until)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s%d/%s/%d/%s/%s", address.Uploaded, f.ID, disposition, until, mark, url.PathEscape(f.Name)), nil
}

func markOf(s *visit.Server, id int64, disposition string, until int64) (string, error) {
	mark, _, err := s.DB.Keys.Mark("file address", fmt.Sprintf("%d %s %d", id, disposition, until))
	return base64.RawURLEncoding.EncodeToString(mark), err
}

// answer serves what the address names; fault.NotFound for one that is not ours, was changed,
// or holds no longer.
func answer(s *visit.Server, w http.ResponseWriter, r *http.Request) error {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, address.Uploaded), "/")
	if r.Method != http.MethodGet && r.Method != http.MethodHead || !strings.HasPrefix(r.URL.Path, address.Uploaded) || len(parts) != 5 {
		return fault.NotFound
	}
	id, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return fault.NotFound
	}
	until, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return fault.NotFound
	}
	now := s.Clock()
	mark, err := markOf(s, id, parts[1], until)
	if err != nil {
		return err
	}
	if !hmac.Equal([]byte(mark), []byte(parts[3])) || now.Time().Unix() >= until {
		return fault.NotFound
	}
	f, err := file.ByID(r.Context(), s.DB.Reader(), id)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // pages of another address show it
	h.Set("Cache-Control", "private, max-age=3600")
	visit.TakeTime(w, r, now)
	return serve(s, w, r, f, parts[1])
}

// serve answers with the content, or the part of it that a player asks for.
func serve(s *visit.Server, w http.ResponseWriter, r *http.Request, f file.File, disposition string) error {
	content, err := s.Files.Content(f)
	if err != nil {
		return err
	}
	defer content.Close()
	h := w.Header()
	h.Set("Content-Type", f.MediaType)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": f.Name}))
	h.Set("ETag", `"`+visit.ID(f.ID)+`"`)
	// What somebody uploaded is sealed off from our pages and runs nothing. A PDF
	// is sealed off by the browser's own viewer, which Chrome does not start for a
	// page in a sandbox or without plug-ins (crbug.com/271452, crbug.com/413851).
	policy := "default-src 'none'; frame-ancestors 'none'; sandbox"
	if f.MediaType == "application/pdf" {
		policy = "frame-ancestors 'none'"
	}
	h.Set("Content-Security-Policy", policy)
	http.ServeContent(w, r, "", f.UploadedAt.Time(), content)
	return nil
}
