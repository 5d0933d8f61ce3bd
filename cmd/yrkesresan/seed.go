package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/seed"
)

// Seed is the command of that name.
type Seed struct {
	Database
	People int `help:"How many people." default:"300000"`
}

// Run fills the database and shows how far it has come.
func (c Seed) Run(ctx context.Context) (err error) {
	d, err := c.migrated(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	err = seed.Fill(ctx, d, seed.Options{People: c.People, Now: clock.System()}, progress)
	fmt.Fprintln(os.Stderr)
	return err
}

// progress draws a bar on standard error.
func progress(done, total int, what string) {
	const width = 40
	filled := 0
	if total > 0 {
		filled = width * done / total
	}
	fmt.Fprintf(os.Stderr, "\r[%s%s] %3d %% %-30s", strings.Repeat("█", filled), strings.Repeat("·", width-filled), 100*filled/width, what)
}
