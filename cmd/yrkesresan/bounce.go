package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/mail"
)

// Bounce is the command of that name.
type Bounce struct{ Database }

// Run reads a message that came back to the sender of letters from standard
// input. What is no report about a letter of ours is passed over: the sender's
// mailbox gets more than that.
func (c Bounce) Run(ctx context.Context, log *slog.Logger) (err error) {
	report, err := mail.ReadReport(os.Stdin)
	if errors.Is(err, mail.ErrNoReport) {
		log.Info("passed over", "reason", err)
		return nil
	}
	if err != nil {
		return err
	}
	d, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	err = d.Write(ctx, func(tx *db.Tx) error { return letter.Bounce(ctx, tx, report, clock.System()) })
	if errors.Is(err, fault.NotFound) {
		log.Info("passed over", "reason", "the report is about no letter of the last 30 days")
		return nil
	}
	if err != nil {
		return fmt.Errorf("note a bounce: %w", err)
	}
	return nil
}
