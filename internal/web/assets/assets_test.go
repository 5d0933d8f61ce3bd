package assets

import (
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestAnAddressHoldsForItsContentOnly(t *testing.T) {
	for _, c := range []struct {
		name, path, cache string
		status            int
	}{
		{"today's address is kept for ever", URL("style.css"), "public, max-age=31536000, immutable", http.StatusOK},
		{"an older address gives today's file and is not kept", "/assets/000000000000/style.css", "no-cache", http.StatusOK},
		{"an unknown file is not found", "/assets/x/secret.txt", "", http.StatusNotFound},
		{"a folder is not listed", "/assets/", "", http.StatusNotFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, c.path, nil))
			if w.Code != c.status {
				t.Fatalf("status %d, want %d", w.Code, c.status)
			}
			if got := w.Header().Get("Cache-Control"); got != c.cache {
				t.Errorf("Cache-Control %q, want %q", got, c.cache)
			}
		})
	}
}

func TestNothingIsLoadedFromElsewhere(t *testing.T) {
	for name, content := range contents {
		text := strings.ReplaceAll(string(content), `xmlns="http://www.w3.org/2000/svg"`, "")
		for _, foreign := range []string{"http:", "https:", "@import", "url("} {
			if strings.Contains(text, foreign) {
				t.Errorf("%s has %q", name, foreign)
			}
		}
	}
}

// WCAG 2.2, 1.4.3 and 1.4.11: 4.5:1 for text, 3:1 for controls and focus. axe
// cannot judge text over drawings and focus rings, so the tokens are held here.
func TestEveryPairOfColoursCanBeToldApart(t *testing.T) {
	tokens := colours(t)
	pair := func(least float64, over string, front ...string) {
		for _, f := range front {
			for scheme, name := range []string{"light", "dark"} {
				a, okA := tokens[f]
				b, okB := tokens[over]
				if !okA || !okB {
					t.Fatalf("no token %s or %s", f, over)
				}
				if got := contrast(a[scheme], b[scheme]); got < least {
					t.Errorf("%s on %s, %s: %.2f:1, want %.1f:1", f, over, name, got, least)
				}
			}
		}
	}
	for _, ground := range []string{"surface", "raised", "sunken"} {
		pair(4.5, ground, "text", "muted", "accent", "accent-strong", "negative")
		pair(3, ground, "edge", "focus")
	}
	pair(4.5, "accent-soft", "text", "muted", "accent")
	pair(3, "accent-soft", "focus")
	for _, tone := range []string{"info", "positive", "caution", "negative"} {
		pair(4.5, tone+"-soft", tone, "text", "muted")
		pair(3, tone+"-soft", "focus")
	}
	pair(4.5, "accent", "on-accent")
	pair(4.5, "accent-strong", "on-accent")
	pair(3, "raised", "accent", "series-2", "series-3")
	for _, n := range []string{"1", "2", "3", "4", "5"} {
		pair(4.5, "grade-"+n, "on-grade-"+n)
	}
}

var (
	token  = regexp.MustCompile(`--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);`)
	aliens = regexp.MustCompile(`(?m)^\s+[^-\s/@][^\n]*#[0-9a-f]{3,6}\b`)
)

func colours(t *testing.T) map[string][2]string {
	t.Helper()
	tokens := make(map[string][2]string)
	for _, m := range token.FindAllStringSubmatch(string(contents["style.css"]), -1) {
		tokens[m[1]] = [2]string{m[2], m[3]}
	}
	if len(tokens) < 30 {
		t.Fatalf("read only %d colours", len(tokens))
	}
	return tokens
}

func TestColoursAreTokens(t *testing.T) {
	screen, _, _ := strings.Cut(string(contents["style.css"]), "/* A printed page")
	for _, line := range aliens.FindAllString(screen, -1) {
		if !strings.Contains(line, ".button.danger {") { // its own pair, checked below
			t.Errorf("a colour outside the tokens: %s", strings.TrimSpace(line))
		}
	}
	tokens := colours(t)
	for scheme, on := range []string{"#ffffff", "#33100c"} {
		if got := contrast(on, tokens["negative"][scheme]); got < 4.5 {
			t.Errorf("text on a danger button: %.2f:1", got)
		}
	}
}

func contrast(a, b string) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

func luminance(hex string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return math.NaN()
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
