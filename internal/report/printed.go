package report

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Printed is an annual report as it was printed, wrong sums and all.
type Printed struct {
	RegionID      int64
	Year          int
	SignedOn      clock.Day
	EvaluationsOn clock.Day // the day of its evaluation table
	Figures       []PrintedFigure
}

// PrintedFigure is one printed number by its key (see the package comment), in
// its smallest unit.
type PrintedFigure struct {
	Key   string
	Value int64
}

// ReadPrinted reads printed figures from CSV with the columns figure and value.
func ReadPrinted(r io.Reader) ([]PrintedFigure, error) {
	reader := csv.NewReader(r)
	reader.FieldsPerRecord = 2
	head, err := reader.Read()
	if err != nil || head[0] != "figure" || head[1] != "value" {
		return nil, errors.New("read printed figures, line 1: expected the columns figure and value")
	}
	var figures []PrintedFigure
	met := map[string]bool{}
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return figures, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read printed figures: %w", err)
		}
		line, _ := reader.FieldPos(1)
		value, err := strconv.ParseInt(row[1], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read printed figures, line %d: %q is no whole number", line, row[1])
		}
		if met[row[0]] {
			return nil, fmt.Errorf("read printed figures, line %d: %s is there twice", line, row[0])
		}
		met[row[0]] = true
		figures = append(figures, PrintedFigure{Key: row[0], Value: value})
	}
}

// SavePrinted keeps the printed report of a region's year, instead of the one
// that was kept before. fault.NotFound when the viewer may not close the
// region's year.
func SavePrinted(ctx context.Context, tx *db.Tx, viewer access.Viewer, p Printed) error {
	if !access.Settle(viewer).Covers(access.Place{RegionID: p.RegionID}) {
		return fault.NotFound
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO printed_report (region_id, year, signed_on, evaluations_on)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (region_id, year) DO UPDATE SET signed_on = $3, evaluations_on = $4
		RETURNING id`, p.RegionID, p.Year, p.SignedOn, p.EvaluationsOn)
	if err != nil {
		return fmt.Errorf("save printed report: %w", err)
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM printed_figure WHERE report_id = $1`, id); err != nil {
		return err
	}
	rows := make([][]any, len(p.Figures))
	for i, f := range p.Figures {
		rows[i] = []any{id, f.Key, f.Value}
	}
	return db.Insert(ctx, tx, "printed_figure", []string{"report_id", "figure", "value"}, rows)
}

// printedOf is the printed report of a region's year; fault.NotFound when there
// is none.
func printedOf(ctx context.Context, q db.Querier, regionID int64, year int) (Printed, error) {
	type found struct {
		id int64
		Printed
	}
	p, err := db.Row(ctx, q, func(p *found) []any { return []any{&p.id, &p.SignedOn, &p.EvaluationsOn} }, `
		SELECT
			id,
			signed_on,
			evaluations_on
		FROM printed_report
		WHERE region_id = $1
		AND year = $2`, regionID, year)
	if err != nil {
		return Printed{}, err
	}
	p.RegionID, p.Year = regionID, year
	p.Figures, err = db.Rows(ctx, q, func(f *PrintedFigure) []any { return []any{&f.Key, &f.Value} },
		`SELECT figure, value FROM printed_figure WHERE report_id = $1 ORDER BY figure`, p.id)
	return p.Printed, err
}
