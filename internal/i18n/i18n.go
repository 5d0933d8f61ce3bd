// Package i18n gives the product its words, numbers, money and days in Swedish
// and English. Messages live in locales/<area>.<language>.toml, where the area is
// the first word of their keys; every file there is part of the catalogue, and a
// test holds the two languages together.
package i18n

import (
	"embed"
	"fmt"
	"path"
	"strings"
	"sync/atomic"

	"github.com/BurntSushi/toml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/money"
)

//go:embed locales/*.toml
var locales embed.FS

// Lang is one language: its messages and its way of writing figures and dates.
// It is safe for concurrent use.
type Lang struct {
	code    string
	name    string
	plain   map[string]text
	plural  map[string]*goi18n.Message
	counted *goi18n.Localizer
	format  format
}

// The languages. Swedish is the default.
var (
	Swedish = mustLoad("sv", "Svenska", swedishFormat)
	English = mustLoad("en", "English", englishFormat)
)

var missing atomic.Int64

// Missing is the number of times a message was asked for that the catalogue lacks.
func Missing() int64 { return missing.Load() }

// For is the language with the code "sv" or "en"; Swedish for any other.
func For(code string) *Lang {
	if code == English.code {
		return English
	}
	return Swedish
}

var matcher = language.NewMatcher([]language.Tag{language.Swedish, language.English})

// Match is the language that suits an Accept-Language header best: English for
// those who ask for English before Swedish, otherwise Swedish.
func Match(acceptLanguage string) *Lang {
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return Swedish
	}
	if _, i, confidence := matcher.Match(tags...); i == 1 && confidence > language.No {
		return English
	}
	return Swedish
}

// Code is "sv" or "en", as in the lang attribute of HTML.
func (l *Lang) Code() string { return l.code }

// Name is what the language calls itself.
func (l *Lang) Name() string { return l.name }

// Other is the language to offer beside this one.
func (l *Lang) Other() *Lang {
	if l == Swedish {
		return English
	}
	return Swedish
}

// T is the message of key with its placeholders filled. args alternate name
// and value, as in "Count", 3. Whole numbers, money.Ore, clock.Day
// and clock.Instant are written as the language writes them. A message with
// one and other needs an argument Count. A key that the catalogue lacks is
// returned in double brackets and counted by Missing.
func (l *Lang) T(key string, args ...any) string {
	if t, ok := l.plain[key]; ok {
		return t.fill(l, args)
	}
	m, ok := l.plural[key]
	if !ok {
		missing.Add(1)
		return "[[" + key + "]]"
	}
	data := make(map[string]string, len(args)/2)
	var count any = 0
	for i := 0; i+1 < len(args); i += 2 {
		name, _ := args[i].(string)
		data[name] = l.show(args[i+1])
		if name == "Count" {
			count = args[i+1]
		}
	}
	if n, ok := count.(int64); ok {
		count = int(n)
	}
	s, err := l.counted.Localize(&goi18n.LocalizeConfig{MessageID: m.ID, TemplateData: data, PluralCount: count})
	if err != nil {
		missing.Add(1)
		return "[[" + key + "]]"
	}
	return s
}

// Has tells whether the catalogue has the message.
func (l *Lang) Has(key string) bool {
	_, plain := l.plain[key]
	_, plural := l.plural[key]
	return plain || plural
}

func (l *Lang) show(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return l.Number(int64(v))
	case int32:
		return l.Number(int64(v))
	case int64:
		return l.Number(v)
	case money.Ore:
		return l.Money(v)
	case clock.Day:
		return l.Day(v)
	case clock.Instant:
		return l.DayTime(v)
	}
	return fmt.Sprint(v)
}

// text is a message cut at its placeholders: words[0] names[0] words[1] …
type text struct {
	words []string
	names []string
}

func cut(s string) text {
	var t text
	for {
		before, rest, found := strings.Cut(s, "{{.")
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}}")
		if !closed {
			break
		}
		t.words = append(t.words, before)
		t.names = append(t.names, strings.TrimSpace(name))
		s = after
	}
	t.words = append(t.words, s)
	return t
}

func (t text) fill(l *Lang, args []any) string {
	if len(t.names) == 0 {
		return t.words[0]
	}
	var b strings.Builder
	for i, name := range t.names {
		b.WriteString(t.words[i])
		b.WriteString(l.argument(name, args))
	}
	b.WriteString(t.words[len(t.names)])
	return b.String()
}

func (l *Lang) argument(name string, args []any) string {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return l.show(args[i+1])
		}
	}
	missing.Add(1)
	return "[[" + name + "]]"
}

func mustLoad(code, name string, f format) *Lang {
	l, err := load(code, name, f)
	if err != nil {
		panic(err) // the files are part of the binary: a test would have met it
	}
	return l
}

func load(code, name string, f format) (*Lang, error) {
	tag := language.MustParse(code)
	bundle := goi18n.NewBundle(tag)
	l := &Lang{
		code: code, name: name, format: f,
		plain:  make(map[string]text),
		plural: make(map[string]*goi18n.Message),
	}
	entries, err := locales.ReadDir("locales")
	if err != nil {
		return nil, fmt.Errorf("list locales: %w", err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), "."+code+".toml") {
			continue
		}
		raw, err := locales.ReadFile(path.Join("locales", e.Name()))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", e.Name(), err)
		}
		file, err := goi18n.ParseMessageFileBytes(raw, e.Name(), map[string]goi18n.UnmarshalFunc{"toml": toml.Unmarshal})
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", e.Name(), err)
		}
		for _, m := range file.Messages {
			if m.One == "" {
				l.plain[m.ID] = cut(m.Other)
				continue
			}
			l.plural[m.ID] = m
			if err := bundle.AddMessages(tag, m); err != nil {
				return nil, fmt.Errorf("read %s: %s: %w", e.Name(), m.ID, err)
			}
		}
	}
	l.counted = goi18n.NewLocalizer(bundle, code)
	return l, nil
}
