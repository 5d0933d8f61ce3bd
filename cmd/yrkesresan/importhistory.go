package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/history"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
)

// ImportHistory is the command that reads in what a region did before it had the product.
type ImportHistory struct {
	Database
	File     string `arg:"" optional:"" type:"existingfile" help:"The file: CSV or XLSX, with a heading in the first row. Its headings tell whether it is about completions, rounds or evaluations."`
	Region   string `help:"The region's name in addresses, such as dalarna." required:"" placeholder:"NAME"`
	DryRun   bool   `help:"Say what would be done, and change nothing."`
	Partial  bool   `help:"Take the rows that are right, though others are not."`
	Undo     int64  `help:"Instead of reading a file: take back the import with this number, or go on with one that was broken off." placeholder:"NUMBER"`
	Language string `help:"The language of the reasons: sv or en." enum:"sv,en" default:"sv" env:"YRKESRESAN_LANGUAGE"`
}

// importedHistory is what the command prints; rejected rows by the line in the file, the heading
// being line 1. Import is its number, 0 when nothing was saved.
type importedHistory struct {
	Import    int64             `json:"import"`
	Kind      history.Kind      `json:"kind"`
	Read      int               `json:"read"`
	Added     int               `json:"added"`
	Unchanged int               `json:"unchanged"`
	Rejected  []rejectedHistory `json:"rejected"`
}

type rejectedHistory struct {
	Line   int            `json:"line"`
	Column history.Column `json:"column"`
	Reason string         `json:"reason"`
}

// takenBackHistory is what the command prints of an import that was taken back.
type takenBackHistory struct {
	Import  int64 `json:"import"`
	Removed int   `json:"removed"`
	Kept    int   `json:"kept"`
}

// Run reads the file, and applies it unless a row was rejected.
func (c ImportHistory) Run(ctx context.Context) (err error) {
	if (c.File == "") == (c.Undo == 0) {
		return errors.New("give a file to read, or --undo with the number of an import")
	}
	d, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	region, err := organisation.BySlug(ctx, d.Reader(), organisation.Region, c.Region)
	if errors.Is(err, fault.NotFound) {
		return fmt.Errorf("there is no region %q: its name is written as in addresses, such as dalarna or vastmanland", c.Region)
	}
	if err != nil {
		return err
	}
	lang := i18n.For(c.Language)
	if c.Undo != 0 {
		return explained(c.takeBack(ctx, d, region), lang)
	}
	f, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("open the file: %w", err)
	}
	defer f.Close()
	i, err := history.Stage(ctx, d, access.System(), region.ID, filepath.Base(c.File), f, clock.System())
	if err != nil {
		return explained(err, lang)
	}
	apply := !c.DryRun && i.Added > 0 && (i.Rejected == 0 || c.Partial)
	if apply {
		err = d.Write(ctx, func(tx *db.Tx) error {
			return history.Approve(ctx, tx, access.System(), i.ID, c.Partial, clock.System())
		})
		if err == nil {
			err = history.Run(ctx, d, access.System(), i.ID, clock.System, func(rows int) { progress(rows, i.Added, "rows") })
			fmt.Fprintln(os.Stderr)
		}
		if err != nil {
			return explained(err, lang)
		}
		if i, err = history.ByID(ctx, d.Reader(), access.System(), i.ID); err != nil {
			return err
		}
	}
	result, err := toldHistory(ctx, d, i, lang)
	if err != nil {
		return err
	}
	if !apply {
		result.Import = 0
		if err := d.Write(ctx, func(tx *db.Tx) error { return history.Discard(ctx, tx, i.ID) }); err != nil {
			return err
		}
	}
	if err := printLine(result); err != nil {
		return err
	}
	if len(result.Rejected) > 0 && !c.Partial {
		return fmt.Errorf("%d rows were rejected and nothing was saved: mend them, or take the others with --partial", len(result.Rejected))
	}
	return nil
}

// printLine prints a line of JSON.
func printLine(v any) error {
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	if err := out.Encode(v); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}

// toldHistory is the import as it is printed.
func toldHistory(ctx context.Context, d *db.DB, i history.Import, lang *i18n.Lang) (importedHistory, error) {
	r := importedHistory{Import: i.ID, Kind: i.Kind, Read: i.Read, Added: i.Added, Unchanged: i.Unchanged, Rejected: []rejectedHistory{}}
	rows, err := i.Rows(ctx, d.Reader(), access.System(), history.Reject, 0, history.MaxRows)
	for _, row := range rows {
		r.Rejected = append(r.Rejected, rejectedHistory{Line: row.Line.Line, Column: row.Problem.Column, Reason: lang.T(row.Problem.Key, row.Problem.Args...)})
	}
	return r, err
}

// takeBack takes the import back, or goes on with it.
func (c ImportHistory) takeBack(ctx context.Context, d *db.DB, region organisation.Organisation) error {
	i, err := history.ByID(ctx, d.Reader(), access.System(), c.Undo)
	if errors.Is(err, fault.NotFound) || err == nil && i.RegionID != region.ID {
		return fmt.Errorf("%s has no import %d", region.Name, c.Undo)
	}
	if err != nil {
		return err
	}
	if c.DryRun {
		return printLine(takenBackHistory{Import: i.ID, Removed: i.Added})
	}
	if i.State == history.Applying {
		if err := history.Run(ctx, d, access.System(), i.ID, clock.System, nil); err != nil {
			return err
		}
		i.State = history.Applied
	}
	if i.State != history.Undoing {
		if err := d.Write(ctx, func(tx *db.Tx) error { return history.Undo(ctx, tx, access.System(), i.ID, clock.System()) }); err != nil {
			return err
		}
	}
	if err := history.Run(ctx, d, access.System(), i.ID, clock.System, func(rows int) { progress(rows, i.Added, "rows taken back") }); err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr)
	if i, err = history.ByID(ctx, d.Reader(), access.System(), i.ID); err != nil {
		return err
	}
	return printLine(takenBackHistory{Import: i.ID, Removed: i.Added - i.Kept, Kept: i.Kept})
}
