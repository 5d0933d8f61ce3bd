package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// migrated opens the database and brings it up to this program's version, with
// the country and the programme's catalogue in it, everybody found by name, and
// nothing in clear that is to be sealed.
func (c Database) migrated(ctx context.Context) (*db.DB, error) {
	d, err := db.Open(ctx, c.DB)
	if err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context, *db.DB) error{
		func(ctx context.Context, d *db.DB) error { return d.Migrate(ctx) },
		jobs.Migrate, organisation.Install, catalogue.Install, people.KeepAllWords, c.unlock, sealAll,
	} {
		if err := step(ctx, d); err != nil {
			return nil, errors.Join(err, d.Close())
		}
	}
	return d, nil
}

// current opens a database that has this program's version already; it changes
// nothing. A SQLite file that is not there is not made.
func (c Database) current(ctx context.Context) (*db.DB, error) {
	d, err := c.found(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.unlock(ctx, d); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// found is current without its keys.
func (c Database) found(ctx context.Context) (*db.DB, error) {
	if path, ok := strings.CutPrefix(c.DB, "sqlite:"); ok {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("there is no database at %s: make one with \"yrkesresan migrate\" or \"yrkesresan demo\"", path)
		}
	}
	d, err := db.Open(ctx, c.DB)
	if err != nil {
		return nil, err
	}
	if err := ready(ctx, d); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// ready tells whether the database answers and has this program's version.
func ready(ctx context.Context, d *db.DB) error {
	return errors.Join(d.Current(ctx), jobs.Current(ctx, d))
}

// writable tells whether the database is ready and takes writes: one on a full disk
// answers every question.
func writable(ctx context.Context, d *db.DB) error {
	if err := ready(ctx, d); err != nil {
		return err
	}
	return d.TryWrite(ctx, clock.System())
}

// Migrate is the command of that name.
type Migrate struct {
	Database
}

// Run migrates and says so.
func (c Migrate) Run(ctx context.Context) error {
	d, err := c.migrated(ctx)
	if err != nil {
		return err
	}
	fmt.Println("The database is up to date:", db.Redact(c.DB))
	return d.Close()
}
