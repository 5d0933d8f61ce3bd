package catalogue

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"html"
	"path"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// markdown reads texts: tables and plain addresses too. HTML in a text is left
// out, and what comes of the rest goes through policy all the same.
var (
	markdown = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify))
	policy   = sanitiser()
)

func sanitiser() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "li", "em", "strong", "del", "code", "pre", "blockquote",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowURLSchemes("https", "http", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	return p
}

// HTML is the Markdown as HTML that is safe to show, whoever wrote it. Its
// highest heading is an h2. Pictures are left out, since they belong to a
// Content: see Content.HTML.
func HTML(markdown string) string { return render(markdown, 2, "", nil) }

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
	html := render(source, heading, c.base, alt)
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
	html = render(source, heading, base, alt)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bytes += len(html) + len(key); s.texts == nil || s.bytes > s.most {
		s.texts, s.bytes = map[[sha256.Size]byte]string{}, len(html)+len(key)
	}
	s.texts[key] = html
	return html
}

// What is read as Markdown. The library looks at each mark of a paragraph together
// with all before it, and at each quote and list together with those around it: a
// text beyond these takes seconds, and none that is meant to be read is.
const (
	mostNested  = 20
	longestPart = 20_000 // bytes between two empty lines
)

// readable tells whether the text may be read as Markdown.
func readable(source string) bool {
	if utf8.RuneCountInString(source) > maxText {
		return false
	}
	part := 0
	for line := range strings.Lines(source) {
		if part += len(line); strings.TrimSpace(line) == "" {
			part = 0
		}
		if part > longestPart || nested(line) > mostNested {
			return false
		}
	}
	return true
}

// nested is how many quotes and lists may begin at the line's beginning.
func nested(line string) (n int) {
	line = strings.TrimRight(line, "\r\n")
	if strings.Trim(line, "- \t") == "" || strings.Trim(line, "* \t") == "" {
		return 0 // a rule across the page
	}
	figures := false
	for i := range len(line) {
		spaced := i+1 == len(line) || line[i+1] == ' ' || line[i+1] == '\t'
		switch c := line[i]; {
		case c >= '0' && c <= '9':
			figures = true
			continue
		case c == '>', spaced && (c == '-' || c == '+' || c == '*' || figures && (c == '.' || c == ')')):
			n++
		case c != ' ' && c != '\t':
			return n
		}
		figures = false
	}
	return n
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

// render makes the HTML. level is that of the highest heading; base is where
// media are found, empty for a text without any; alt says what a picture shows.
func render(source string, level int, base string, alt func(name string) string) string {
	if !readable(source) {
		return plain(source)
	}
	raw := []byte(source)
	doc := markdown.Parser().Parse(text.NewReader(raw))
	lower := level - highest(doc)
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			n.Level = min(max(n.Level+lower, level), 6)
		case *ast.Link:
			if isMedia(string(n.Destination)) {
				n.Destination = []byte(base + string(n.Destination))
			}
		case *ast.Image:
			name := string(n.Destination)
			if !isMedia(name) || base == "" {
				n.Destination = nil
				break
			}
			if !n.HasChildren() && alt != nil {
				n.AppendChild(n, ast.NewString([]byte(alt(name))))
			}
			n.Destination = []byte(base + name)
		}
		return ast.WalkContinue, nil
	}) // the function gives no errors
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, raw, doc); err != nil {
		return "" // a bytes.Buffer takes everything
	}
	return strings.TrimSpace(policy.Sanitize(out.String()))
}

// plain is a text that is not read as Markdown, in paragraphs.
func plain(source string) string {
	var out strings.Builder
	for part := range strings.SplitSeq(source, "\n\n") {
		out.WriteString("<p>" + html.EscapeString(part) + "</p>")
	}
	return out.String()
}

// highest is the level of the highest heading in the text.
func highest(doc ast.Node) int {
	level := 7
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			level = min(level, h.Level)
		}
	}
	return level
}

// isMedia tells whether an address in a text names a file of the content: a
// plain file name.
func isMedia(address string) bool {
	return address != "" && !strings.ContainsAny(address, ":/#?@") && path.Ext(address) != ""
}

// picture is a picture in a text: its file's name, or the address of one
// elsewhere.
type picture struct {
	name string
	said bool // the text says what it shows
}

// pictures are those of the text, and the files that it links to.
func pictures(source string) (shown []picture, linked []string) {
	if !strings.Contains(source, "](") && !strings.Contains(source, "]:") || !readable(source) {
		return nil, nil
	}
	raw := []byte(source)
	_ = ast.Walk(markdown.Parser().Parse(text.NewReader(raw)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch n := n.(type) {
			case *ast.Image:
				shown = append(shown, picture{string(n.Destination), n.HasChildren()})
			case *ast.Link:
				if name := string(n.Destination); isMedia(name) {
					linked = append(linked, name)
				}
			}
		}
		return ast.WalkContinue, nil
	})
	return shown, linked
}
