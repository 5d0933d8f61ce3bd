package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/privacy"
)

// Audit is the commands about the audit.
type Audit struct {
	Verify AuditVerify `cmd:"" help:"Compare the audit with its seals and tell, as JSON, where the chain breaks; then the status is 1."`
}

// AuditVerify is the command that finds changes made behind the product's back.
type AuditVerify struct {
	Database
	Hash string `help:"The hash of a seal that was noted elsewhere: without a seal of it, somebody has sealed the audit anew." env:"YRKESRESAN_AUDIT_HASH"`
}

// Run prints an audit.Verdict.
func (c AuditVerify) Run(ctx context.Context) (err error) {
	d, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	verdict, err := audit.Verify(ctx, d.Reader(), c.Hash)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdict); err != nil {
		return err
	}
	switch {
	case verdict.Broken != nil:
		return fmt.Errorf("the audit is not what was sealed: entries %d to %d, seal %d", verdict.Broken.From, verdict.Broken.To, verdict.Broken.Seal)
	case !verdict.Known:
		return errors.New("no seal has the noted hash: the audit was sealed anew, or cut off before it")
	}
	return nil
}

// Privacy is the commands about who has been erased.
type Privacy struct {
	Erased  PrivacyErased  `cmd:"" help:"Print who has been erased, by number, as JSON: keep it beside the backups."`
	Reapply PrivacyReapply `cmd:"" help:"Erase again who is on the list, in a database that was restored from a backup."`
}

// PrivacyErased is the command that prints the list.
type PrivacyErased struct{ Database }

// Run prints a list of privacy.Remembered.
func (c PrivacyErased) Run(ctx context.Context) (err error) {
	d, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	list, err := privacy.Remember(ctx, d.Reader())
	if err != nil {
		return err
	}
	if list == nil {
		list = []privacy.Remembered{}
	}
	return json.NewEncoder(os.Stdout).Encode(list)
}

// PrivacyReapply is the command that reads the list.
type PrivacyReapply struct {
	Database
	List string `arg:"" help:"The list that privacy erased printed; - for standard input." type:"existingfile"`
}

// Run prints {"listed","erased"}.
func (c PrivacyReapply) Run(ctx context.Context) (err error) {
	var text []byte
	if c.List == "-" {
		text, err = io.ReadAll(os.Stdin)
	} else {
		text, err = os.ReadFile(c.List)
	}
	if err != nil {
		return err
	}
	var list []privacy.Remembered
	if err := json.Unmarshal(text, &list); err != nil {
		return fmt.Errorf("the list is not what privacy erased prints: %w", err)
	}
	d, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	n, err := privacy.Reapply(ctx, d, list, clock.System())
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]int64{"listed": int64(len(list)), "erased": n})
}
