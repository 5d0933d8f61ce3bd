package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/intake/undo"
)

// ImportUndo is the command of that name.
type ImportUndo struct {
	Database
	Municipality string `help:"The municipality's code or its name in addresses: 2080 or falun." required:"" placeholder:"CODE"`
	Import       int64  `help:"The number of the import, which ends its address. Default: the latest that is read in." placeholder:"NUMBER"`
	DryRun       bool   `help:"Say what would be done, and change nothing."`
	Language     string `help:"The language of refusals: sv or en." enum:"sv,en" default:"sv" env:"YRKESRESAN_LANGUAGE"`
}

// takenBack is what the command prints.
type takenBack struct {
	Import   int64 `json:"import"`
	Removed  int   `json:"removed"`
	Ended    int   `json:"ended"`
	Restored int   `json:"restored"`
	Kept     int   `json:"kept"`
}

// Run takes the file back, or goes on with what was broken off.
func (c ImportUndo) Run(ctx context.Context) (err error) {
	d, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	i, err := c.chosen(ctx, d)
	if err != nil {
		return err
	}
	if !c.DryRun {
		if i.State == intake.Applied {
			if err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := undo.Start(ctx, tx, access.System(), i.ID, clock.System())
				return err
			}); err != nil {
				return explained(err, i18n.For(c.Language))
			}
		}
		err = undo.Run(ctx, d, i.ID, clock.System, func(done, total int) { progress(done, total, "rows taken back") })
		fmt.Fprintln(os.Stderr)
		if err != nil {
			return explained(err, i18n.For(c.Language))
		}
		i.State = intake.Undone
	}
	sum, err := undo.Foresee(ctx, d.Reader(), i)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(takenBack{i.ID, sum[undo.Removed], sum[undo.Ended], sum[undo.Restored], sum[undo.Kept]}); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}

// chosen is the import that is named, or the latest that is applied or half taken back.
func (c ImportUndo) chosen(ctx context.Context, d *db.DB) (intake.Import, error) {
	m, err := municipality(ctx, d.Reader(), c.Municipality)
	if err != nil {
		return intake.Import{}, err
	}
	if c.Import != 0 {
		i, err := intake.ByID(ctx, d.Reader(), access.System(), c.Import)
		if err != nil && !errors.Is(err, fault.NotFound) || err == nil && i.MunicipalityID == m.ID {
			return i, err
		}
		return i, fmt.Errorf("%s has no import %d", m.Name, c.Import)
	}
	all, err := intake.List(ctx, d.Reader(), access.System(), m)
	for _, i := range all {
		if i.State == intake.Applied || i.State == intake.Undoing {
			return i, nil
		}
	}
	if err == nil {
		err = fmt.Errorf("no file of %s is read in", m.Name)
	}
	return intake.Import{}, err
}
