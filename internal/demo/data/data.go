// Package data holds the printed tables that the demo adds up to, and the
// reconstruction of the course days that they were made of (README.md).
package data

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"

	"yrkesresan/internal/db"
)

//go:embed *.csv
var tables embed.FS

// Open is one of them as it stands in its file.
func Open(name string) (fs.File, error) { return tables.Open(name) }

// Table is one of them, where total says so without its last row, the printed
// sums.
func Table(name string, total bool) ([]Row, error) {
	rows, err := db.Table(tables, name)
	if err != nil {
		return nil, err
	}
	if total {
		rows = rows[:len(rows)-1]
	}
	all := make([]Row, len(rows))
	for i, r := range rows {
		all[i] = Row{r, name}
	}
	return all, nil
}

// Row is a row of a table, by the names of its columns.
type Row struct {
	columns map[string]string
	table   string
}

// Text is what stands in the column.
func (r Row) Text(column string) string { return r.columns[column] }

// Number panics on what is not one: the tables are compiled in and tested.
func (r Row) Number(column string) int {
	n, err := strconv.Atoi(r.columns[column])
	if err != nil {
		panic(fmt.Sprintf("%s, column %s: %v", r.table, column, err))
	}
	return n
}
