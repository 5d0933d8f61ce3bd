package study

import (
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/material"
	"yrkesresan/internal/trial"
	"yrkesresan/internal/web/filehost"
	"yrkesresan/internal/web/visit"
)

// EditionMedia is a file of an edition. What learners meet is for everybody who is
// signed in, since a course is no secret, and of one on trial for those who try it;
// what only trainers need is for those who may read the pack.
func EditionMedia(v *visit.Visit) error {
	id, err := v.ID("edition")
	if err != nil {
		return err
	}
	content, err := catalogue.ContentOf(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	name := v.PathValue("name")
	switch reads, err := trial.ReadsMedia(v.Context(), v.Reader(), v.Viewer, id); {
	case err != nil:
		return err
	case !reads: // a draft that a group tries
		return fault.NotFound
	}
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
	err = ServeContentFile(v, content, name)
	if err != nil {
		v.W.Header().Set("Cache-Control", "no-store")
	}
	return err
}

// ServeContentFile is a file of the content; with ?download it is one to keep.
func ServeContentFile(v *visit.Visit, c *catalogue.Content, name string) error {
	id := c.Media[name]
	if id == 0 {
		return fault.NotFound
	}
	disposition := "inline"
	if v.URL.Query().Has("download") {
		disposition = "attachment"
	}
	return filehost.Send(v, id, disposition)
}
