package web

import (
	"mime"
	"net/http"
	"slices"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/file"
	"yrkesresan/internal/material"
)

// uploadTime is how long a large file may take, either way, over the time that
// other requests have.
const uploadTime = 10 * time.Minute

// takeTime gives the request time for a large file. A server without deadlines
// of its own has none to move.
func (v *Visit) takeTime() {
	control := http.NewResponseController(v.W)
	_ = control.SetReadDeadline(v.Now.Time().Add(uploadTime))
	_ = control.SetWriteDeadline(v.Now.Time().Add(uploadTime))
}

// shownInPlace are the types of files that a page shows by itself; the rest are
// handed over to be opened elsewhere.
var shownInPlace = []string{"video/mp4", "audio/mpeg", "image/png", "image/jpeg", "text/vtt; charset=utf-8", "application/pdf", "text/plain; charset=utf-8"}

// serveFile answers with the file, as "inline" or as an "attachment". Who calls
// it has made sure that the visitor may read it.
func (v *Visit) serveFile(id int64, disposition string) error {
	f, err := file.ByID(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	content, err := v.server.Files.Content(f)
	if err != nil {
		return err
	}
	defer content.Close()
	v.takeTime()
	if !slices.Contains(shownInPlace, f.MediaType) {
		disposition = "attachment"
	}
	h := v.W.Header()
	h.Set("Content-Type", f.MediaType)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": f.Name}))
	h.Set("ETag", `"`+idString(f.ID)+`"`)
	// What somebody uploaded is sealed off from our pages and runs nothing. A PDF
	// is sealed off by the browser's own viewer, which Chrome does not start for a
	// page in a sandbox or without plug-ins (crbug.com/271452, crbug.com/413851).
	policy := "default-src 'none'; frame-ancestors 'none'; sandbox"
	if f.MediaType == "application/pdf" {
		policy = "frame-ancestors 'none'"
	}
	h.Set("Content-Security-Policy", policy)
	// Answers a part of the file to who asks for one, as players of films do.
	http.ServeContent(v.W, v.Request, "", f.UploadedAt.Time(), content)
	return nil
}

// editionMedia is a file of a published edition. What learners meet is for
// everybody who is signed in, since a course is no secret; what only trainers
// need is for those who may read the pack.
func (s *Server) editionMedia(v *Visit) error {
	id, err := v.ID("edition")
	if err != nil {
		return err
	}
	content, err := catalogue.ContentOf(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	name := v.PathValue("name")
	if !content.ForLearners(name) {
		reads, err := material.ReadsPack(v.Context(), v.Reader(), v.Viewer, id)
		if err != nil {
			return err
		}
		if !reads {
			return fault.NotFound
		}
	}
	// It never changes under its address; a phone on a slow network keeps it.
	v.W.Header().Set("Cache-Control", "private, max-age=604800, immutable")
	err = v.serveContentFile(content, name)
	if err != nil {
		v.W.Header().Set("Cache-Control", "no-store")
	}
	return err
}

// draftMedia is a file of a draft, for those who write it.
func (s *Server) draftMedia(v *Visit) error {
	if !access.ManageCourses(v.Viewer) {
		return fault.Forbidden
	}
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course"))
	if err != nil {
		return err
	}
	draft, err := catalogue.DraftOf(v.Context(), v.Reader(), v.Viewer, course.ID)
	if err != nil {
		return err
	}
	return v.serveContentFile(&draft.Content, v.PathValue("name"))
}

// serveContentFile is a file of the content; with ?download it is one to keep.
func (v *Visit) serveContentFile(c *catalogue.Content, name string) error {
	id := c.Media[name]
	if id == 0 {
		return fault.NotFound
	}
	disposition := "inline"
	if v.URL.Query().Has("download") {
		disposition = "attachment"
	}
	return v.serveFile(id, disposition)
}
