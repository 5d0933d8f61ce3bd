package federation

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/vault"
)

// keyBits is the size of our key, and keyYears how long its certificate says that it
// holds: providers keep the certificate, and would stop us the day after.
const (
	keyBits  = 3072
	keyYears = 20
)

// key is what we sign with.
type key struct {
	private     *rsa.PrivateKey
	certificate *x509.Certificate
}

// keys is our key, made when it is first asked for. Of two programs that make one at
// the same time one keeps it.
func (f *Federation) keys(ctx context.Context) (key, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.key.private != nil {
		return f.key, nil
	}
	k, err := readKey(ctx, f.DB.Reader())
	lost := errors.Is(err, vault.ErrUnreadable) && f.DB.Keys != nil
	if lost {
		f.Log.Warn("our key for SAML cannot be read, so a new one is made: providers that check what we sign must be given our metadata anew")
	}
	if errors.Is(err, fault.NotFound) || lost {
		if err = makeKey(ctx, f.DB, f.Base, f.Clock()); err == nil {
			k, err = readKey(ctx, f.DB.Reader())
		}
	}
	if err != nil {
		return key{}, fmt.Errorf("our key for SAML: %w", err)
	}
	f.key = k
	return k, nil
}

// privateAt is where our key is sealed.
var privateAt = vault.Place{Table: "federation_key", Column: "private_key", Row: vault.Row(1)}

func readKey(ctx context.Context, q db.Querier) (key, error) {
	type row struct{ private, certificate []byte }
	kept, err := db.Row(ctx, q, func(r *row) []any { return []any{&r.private, &r.certificate} }, `SELECT private_key, certificate FROM federation_key WHERE id = 1`)
	if err != nil {
		return key{}, err
	}
	der, err := db.Keys(q).Open(privateAt, string(kept.private))
	if err != nil {
		return key{}, err
	}
	private, err := x509.ParsePKCS8PrivateKey([]byte(der))
	if err != nil {
		return key{}, err
	}
	certificate, err := x509.ParseCertificate(kept.certificate)
	if err != nil {
		return key{}, err
	}
	ours, ok := private.(*rsa.PrivateKey)
	if !ok {
		return key{}, fmt.Errorf("a key of %T", private)
	}
	return key{ours, certificate}, nil
}

// newKey is a key for whoever answers at base.
func newKey(base string, now clock.Instant) (key, error) {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return key{}, err
	}
	name := base
	if at, err := url.Parse(base); err == nil && at.Hostname() != "" {
		name = at.Hostname()
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(int64(now)), Subject: pkix.Name{CommonName: name},
		NotBefore: now.Time().UTC().Add(-time.Hour), NotAfter: now.Time().UTC().AddDate(keyYears, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		return key{}, err
	}
	certificate, err := x509.ParseCertificate(der)
	return key{private, certificate}, err
}

func makeKey(ctx context.Context, d *db.DB, base string, now clock.Instant) error {
	k, err := newKey(base, now)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(k.private)
	if err != nil {
		return err
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		if _, err := readKey(ctx, tx); errors.Is(err, vault.ErrUnreadable) {
			if _, err := db.Exec(ctx, tx, `DELETE FROM federation_key WHERE id = 1`); err != nil {
				return err
			}
		}
		sealed, err := db.Keys(tx).Seal(privateAt, string(private))
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `
			INSERT INTO federation_key (id, private_key, certificate, made_at)
			VALUES (1, $1, $2, $3)
			ON CONFLICT (id) DO NOTHING`, []byte(sealed), k.certificate.Raw, now)
		return err
	})
}
