// Package markdown shows texts that people write in Markdown: as HTML that is safe
// whoever wrote it, and within bounds whatever they wrote.
package markdown

import (
	"bytes"
	"html"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// reader reads texts: tables and plain addresses too. HTML in a text is left
// out, and what comes of the rest goes through policy all the same.
var (
	reader = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify))
	policy = sanitiser()
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

// HTML is the Markdown as HTML that is safe to show, whoever wrote it. level is that
// of its highest heading; base is where its media are found, empty for a text without
// any: then pictures are left out. alt says what a picture shows and may be nil.
func HTML(source string, level int, base string, alt func(name string) string) string {
	if !Readable(source) {
		return plain(source)
	}
	raw := []byte(source)
	doc := reader.Parser().Parse(text.NewReader(raw))
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
	if err := reader.Renderer().Render(&out, raw, doc); err != nil {
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

// Picture is a picture in a text: its file's name, or the address of one
// elsewhere.
type Picture struct {
	Name string
	Said bool // the text says what it shows
}

// Pictures are those of the text, and the files that it links to.
func Pictures(source string) (shown []Picture, linked []string) {
	if !strings.Contains(source, "](") && !strings.Contains(source, "]:") || !Readable(source) {
		return nil, nil
	}
	raw := []byte(source)
	_ = ast.Walk(reader.Parser().Parse(text.NewReader(raw)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch n := n.(type) {
			case *ast.Image:
				shown = append(shown, Picture{string(n.Destination), n.HasChildren()})
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

// What is read as Markdown. The library looks at each mark of a paragraph together
// with all before it, and at each quote and list together with those around it: a
// text beyond these takes seconds, and none that is meant to be read is.
const (
	MaxText     = 100_000 // characters of a text
	MostNested  = 20
	LongestPart = 20_000 // bytes between two empty lines
)

// Readable tells whether the text may be read as Markdown.
func Readable(source string) bool {
	if utf8.RuneCountInString(source) > MaxText {
		return false
	}
	part := 0
	for line := range strings.Lines(source) {
		if part += len(line); strings.TrimSpace(line) == "" {
			part = 0
		}
		if part > LongestPart || nested(line) > MostNested {
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
