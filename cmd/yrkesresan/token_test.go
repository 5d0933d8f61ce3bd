package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
)

// printed is what the command writes on standard output.
func printed(t *testing.T, run func() error) (string, error) {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	stdout := os.Stdout
	os.Stdout = file
	failed := run()
	os.Stdout = stdout
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), failed
}

func TestTokenCreatePrintsTheTokenAloneOrWhatIsWrong(t *testing.T) {
	ctx := context.Background()
	address := "sqlite:" + filepath.Join(t.TempDir(), "a.db")
	d, err := db.Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(jobs.Migrate(ctx, d), organisation.Install(ctx, d)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		TokenCreate
		want string // in the error; nothing: a token
	}{
		{"regional at a region", TokenCreate{Role: access.Regional, Region: "dalarna", Name: "Test"}, ""},
		{"municipal at a municipality", TokenCreate{Role: access.MunicipalAdmin, Municipality: "falun", Name: "Test"}, ""},
		{"national needs no place", TokenCreate{Role: access.National, Name: "Test"}, ""},
		{"regional without a place", TokenCreate{Role: access.Regional, Name: "Test"}, "give --region"},
		{"regional at a municipality", TokenCreate{Role: access.Regional, Municipality: "falun", Name: "Test"}, "not held at such a place"},
		{"a region that is none", TokenCreate{Role: access.Regional, Region: "Dalarna", Name: "Test"}, `no region "Dalarna"`},
		{"no name", TokenCreate{Role: access.Regional, Region: "dalarna", Name: " "}, "--name must have"},
		{"for SCIM, by code", TokenCreate{Role: access.MunicipalAdmin, Municipality: "2080", Scope: "scim", Name: "Test"}, ""},
		{"for SCIM at a region", TokenCreate{Role: access.Regional, Region: "dalarna", Scope: "scim", Name: "Test"}, "--role municipal_admin"},
		{"a municipality that is none", TokenCreate{Role: access.MunicipalAdmin, Municipality: "9999", Name: "Test"}, `no municipality "9999"`},
		{"a name without end", TokenCreate{Role: access.Regional, Region: "dalarna", Name: strings.Repeat("å", 101)}, "--name must have"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.Database, c.Scope = Database{DB: address}, cmp.Or(c.Scope, "api")
			text, err := printed(t, func() error { return c.Run(ctx) })
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) || text != "" {
					t.Errorf("%v, and %q is printed", err, text)
				}
				return
			}
			if err != nil || !regexp.MustCompile(`^yrk_[A-Za-z0-9_-]{43}\n$`).MatchString(text) {
				t.Fatalf("%v, and %q is printed", err, text)
			}
			viewer, err := identity.ViewerOfToken(ctx, d, identity.TokenScope(c.Scope), strings.TrimSpace(text), clock.System())
			if err != nil || !viewer.Has(c.Role) {
				t.Errorf("it lets in %+v, %v", viewer, err)
			}
		})
	}
}

func TestTokensAreListedWithoutTheirKeysAndRevokedByNumber(t *testing.T) {
	ctx := context.Background()
	base := Database{DB: "sqlite:" + filepath.Join(t.TempDir(), "a.db")}
	if err := (Migrate{base}).Run(ctx); err != nil {
		t.Fatal(err)
	}
	key, err := printed(t, func() error {
		return TokenCreate{Database: base, Role: access.MunicipalAdmin, Municipality: "falun", Scope: "scim", Name: "Personalsystemet"}.Run(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
	list := func(format string) string {
		text, err := printed(t, func() error { return TokenList{Database: base, Format: format}.Run(ctx) })
		if err != nil || strings.Contains(text, strings.TrimSpace(key)) {
			t.Errorf("the list is %q, %v", text, err)
		}
		return text
	}
	if text := list("text"); !regexp.MustCompile(`1 +scim +municipal_admin +Falun +never +- +Personalsystemet`).MatchString(text) {
		t.Errorf("the list is %q", text)
	}
	revoke := func(id int64) error {
		_, err := printed(t, func() error { return TokenRevoke{Database: base, ID: id}.Run(ctx) })
		return err
	}
	if err := revoke(2); err == nil || !strings.Contains(err.Error(), "no token 2") {
		t.Errorf("a number that is none gives %v", err)
	}
	if err := revoke(1); err != nil {
		t.Error(err)
	}
	if err := revoke(1); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("once more gives %v", err)
	}
	if text := list("json"); !strings.Contains(text, `"scope":"scim"`) || strings.Contains(text, `"revoked":null`) {
		t.Errorf("the list is %q", text)
	}
}
