package federation

import (
	"log/slog"
	"net/http"
	"sync"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/federation/fetch"
)

// skew is how far a provider's clock may be off, both ways. It is the library's for
// SAML (saml.MaxClockSkew), and ours for OIDC.
const skew = 3 * time.Minute

// How much is read of what providers serve.
const (
	mostAnswer   = 1 << 20  // a provider's keys, its discovery document, an answer of its token endpoint
	MostMetadata = 16 << 20 // metadata; a federation of several hundred organisations has a few MiB
)

// Config is what a Federation is made of.
type Config struct {
	DB       *db.DB
	Clock    clock.Clock
	Base     string // our own address, "https://yrkesresan.example.org"
	Log      *slog.Logger
	Loopback bool // providers are on this machine and speak no TLS: only in tests
}

// Federation asks providers and reads their answers. What it keeps in memory is what
// they say of themselves; a provider that is away costs the others nothing.
type Federation struct {
	Config
	client   *http.Client // for all but metadata
	metadata *http.Client
	mu       sync.Mutex
	key      key
	found    map[string]*discovered // by issuer
}

// New is a federation for the configuration.
func New(c Config) *Federation {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Federation{
		Config: c, found: map[string]*discovered{},
		client: fetch.New(c.Loopback, mostAnswer), metadata: fetch.New(c.Loopback, MostMetadata),
	}
}
