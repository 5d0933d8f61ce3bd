package catalogue

import (
	"crypto/sha256"
	"encoding/json"
	"strings"
	"sync"

	"yrkesresan/internal/markdown"
)

// HTML is the text in the language as HTML that is safe to show, under a
// heading: its own highest heading is an h2, or that of the level given. Its
// pictures are the content's media.
func (c *Content) HTML(w Words, language string, level ...int) string {
	source, heading := w.In(language), 2
	if len(level) > 0 {
		heading = level[0]
	}
	if source == "" {
		return ""
	}
	alt := func(name string) string { return c.Alt[name].In(language) }
	if c.rendered == nil {
		return drafts.html(source, heading, c.base, c.Alt, language, alt)
	}
	key := renderedKey{source, language, heading}
	if html, ok := c.rendered.Load(key); ok {
		return html.(string) //nolint:forcetypeassert // such keys are only for HTML
	}
	html := markdown.HTML(source, heading, c.base, alt)
	c.rendered.Store(key, html)
	return html
}

// drafts are the texts of drafts that were made lately: a page has many of them, and
// of a draft that is looked at again and again one changes at a time.
var drafts = shelfOfTexts{most: 8 << 20}

// shelfOfTexts holds so many bytes of texts; a full one is emptied.
type shelfOfTexts struct {
	mu    sync.Mutex
	most  int
	bytes int
	texts map[[sha256.Size]byte]string
}

func (s *shelfOfTexts) html(source string, heading int, base string, alts map[string]Words, language string, alt func(name string) string) string {
	if !strings.Contains(source, "![") {
		alts = nil
	}
	said, _ := json.Marshal([]any{source, heading, base, language, alts}) // nothing in it can't be written
	key := sha256.Sum256(said)
	s.mu.Lock()
	html, ok := s.texts[key]
	s.mu.Unlock()
	if ok {
		return html
	}
	html = markdown.HTML(source, heading, base, alt)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bytes += len(html) + len(key); s.texts == nil || s.bytes > s.most {
		s.texts, s.bytes = map[[sha256.Size]byte]string{}, len(html)+len(key)
	}
	s.texts[key] = html
	return html
}

type renderedKey struct {
	source, language string
	heading          int
}

// At is the content with the address under which its media are found, which
// ends with a slash.
func (c Content) At(base string) *Content {
	c.base, c.rendered = base, nil
	return &c
}

// kept is the content of a frozen edition: each text is rendered once.
func (c Content) kept(base string) *Content {
	c.base, c.rendered = base, &sync.Map{}
	return &c
}
