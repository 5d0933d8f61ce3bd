package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/intake"
)

// Import is the commands that read what other systems know.
type Import struct {
	Staff   ImportStaff   `cmd:"" help:"Read a municipality's staff from a CSV or XLSX file of its personnel system. Prints what was done as JSON."`
	History ImportHistory `cmd:"" help:"Read what a region did before it had the product from a CSV or XLSX file, or take such a file back. Prints what was done as JSON."`
	Undo    ImportUndo    `cmd:"" help:"Take a file of staff back that was read in. Prints what became of its rows as JSON."`
}

// ImportStaff is the command of that name.
type ImportStaff struct {
	Database
	File         string `arg:"" type:"existingfile" help:"The file: CSV or XLSX, with a heading in the first row."`
	Municipality string `help:"The municipality's code or its name in addresses: 2080 or falun." required:"" placeholder:"CODE"`
	Journey      string `help:"The journey in which accounts are opened, by its name in addresses: funktionshinder-utforare." placeholder:"NAME"`
	DryRun       bool   `help:"Say what would be done, and change nothing."`
	Partial      bool   `help:"Take the rows that are right, though others are not."`
	Missing      string `help:"What becomes of who works there and is not in the file: keep or end." enum:"keep,end" default:"keep"`
	Language     string `help:"The language of the reasons: sv or en." enum:"sv,en" default:"sv" env:"YRKESRESAN_LANGUAGE"`
	Yes          bool   `help:"Go on though the file is far larger than the municipality, or many would end."`
}

// imported is what the command prints; rejected rows by the line in the file, the heading
// being line 1.
type imported struct {
	Read       int        `json:"read"`
	Added      int        `json:"added"`
	Changed    int        `json:"changed"`
	Unchanged  int        `json:"unchanged"`
	Ended      int        `json:"ended"`
	Held       int        `json:"held"`
	UnitsAdded int        `json:"units_added"`
	Rejected   []rejected `json:"rejected"`
}

type rejected struct {
	Line   int           `json:"line"`
	Column intake.Column `json:"column"`
	Reason string        `json:"reason"`
}

// Run reads the file, and applies it unless a row was rejected.
func (c ImportStaff) Run(ctx context.Context) (err error) {
	d, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	o := intake.Options{EndMissing: c.Missing == "end", FileName: filepath.Base(c.File)}
	m, err := municipality(ctx, d.Reader(), c.Municipality)
	if err != nil {
		return err
	}
	o.MunicipalityID = m.ID
	if c.Journey != "" {
		j, err := catalogue.JourneyBySlug(ctx, d.Reader(), c.Journey)
		if errors.Is(err, fault.NotFound) {
			return fmt.Errorf("there is no journey %q: its name is written as in addresses, such as funktionshinder-utforare", c.Journey)
		}
		if err != nil {
			return err
		}
		o.JourneyID = j.ID
	}
	f, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("open the file: %w", err)
	}
	defer f.Close()
	lang := i18n.For(c.Language)
	// One that was broken off goes first: this file is compared with what it leaves.
	before, err := intake.Unfinished(ctx, d.Reader(), m.ID)
	if err == nil && before != 0 {
		err = intake.Run(ctx, d, before, clock.System, func(done, total int) { progress(done, total, "people of an earlier file") })
		fmt.Fprintln(os.Stderr)
	}
	if err != nil {
		return err
	}
	i, err := intake.Stage(ctx, d, access.System(), o, f, clock.System(), func(rows int) {
		fmt.Fprintf(os.Stderr, "\r%d rows read", rows)
	})
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return explained(err, lang)
	}
	result, err := told(ctx, d, i, lang)
	if err != nil {
		return err
	}
	apply := !c.DryRun && (len(result.Rejected) == 0 || c.Partial)
	if apply {
		err = d.Write(ctx, func(tx *db.Tx) error {
			_, err := intake.Approve(ctx, tx, access.System(), i.ID, c.Yes, clock.System())
			return err
		})
		if err == nil {
			err = intake.Run(ctx, d, i.ID, clock.System, func(done, total int) { progress(done, total, "people written") })
			fmt.Fprintln(os.Stderr)
		}
		if fault.Of(err) != nil {
			err = errors.Join(explained(err, lang), intake.Discard(ctx, d, i.ID))
		}
	} else {
		err = intake.Discard(ctx, d, i.ID)
	}
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	if err := out.Encode(result); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	if len(result.Rejected) > 0 && !c.Partial {
		return fmt.Errorf("%d rows were rejected and nothing was saved: mend them, or take the others with --partial", len(result.Rejected))
	}
	return nil
}

// told is the import as it is printed.
func told(ctx context.Context, d *db.DB, i intake.Import, lang *i18n.Lang) (imported, error) {
	r := imported{
		Read: i.Read, Added: i.Added, Changed: i.Changed, Unchanged: i.Unchanged, Ended: i.Ended, Held: i.Held,
		UnitsAdded: i.UnitsAdded, Rejected: []rejected{},
	}
	for from := 0; ; {
		rows, err := intake.RowsOf(ctx, d.Reader(), i.ID, intake.Reject, from, 1000)
		if err != nil || len(rows) == 0 {
			return r, err
		}
		for _, row := range rows {
			r.Rejected = append(r.Rejected, rejected{Line: row.Line.Line, Column: row.Problem.Column, Reason: lang.T(row.Problem.Key, row.Problem.Args...)})
			from = row.Line.Line + 1
		}
	}
}

// explained is the fault as a sentence for who stands at the terminal.
func explained(err error, lang *i18n.Lang) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	if len(f.Fields) == 0 {
		return errors.New(lang.T(f.Key, f.Args...))
	}
	var all []error
	for _, field := range f.Fields {
		all = append(all, errors.New(lang.T(field.Key, field.Args...)))
	}
	return errors.Join(all...)
}
