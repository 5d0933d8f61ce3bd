package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo"
	"yrkesresan/internal/file"
	"yrkesresan/internal/web/visit"
)

// Demo is the command of that name.
type Demo struct {
	DB string `name:"db" help:"Where the demo is kept: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME." default:"sqlite:demo.db" env:"YRKESRESAN_DB"`
	KeyFile
	Server
	NoServe bool `help:"Load the demo and end."`
}

// Run loads the demo, unless it is there already, and serves it.
func (c Demo) Run(ctx context.Context, log *slog.Logger) (err error) {
	kept := Database{c.DB, c.KeyFile}
	d, err := kept.migrated(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := kept.unlockOrReplace(ctx, d, log); err != nil {
		return err
	}
	c.beside(c.DB)
	if err := demo.Load(ctx, d, file.Open(c.Files), clock.System()); err != nil {
		return fmt.Errorf("load the demo: %w", err)
	}
	if c.NoServe {
		fmt.Println("The demo is loaded.")
		return nil
	}
	personas, err := demo.Personas(ctx, d.Reader())
	if err != nil {
		return err
	}
	offered := make([]visit.Persona, len(personas))
	for i, p := range personas {
		offered[i] = visit.Persona{Role: p.Role, Email: p.Email, Name: p.Name, Place: p.Place, Region: p.Region}
	}
	return c.serve(ctx, log, d, visit.Config{Personas: offered, Gallery: true}, func(address string) {
		fmt.Printf("\nYrkesresan is ready: %s\nChoose who you want to be: %s/demo\nStop with Ctrl+C.\n\n", address, address)
	})
}
