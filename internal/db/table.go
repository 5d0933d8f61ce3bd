package db

import (
	"encoding/csv"
	"fmt"
	"io/fs"
)

// Table reads a CSV file of ours, made to be installed: its rows as maps from
// column to value.
func Table(files fs.FS, name string) ([]map[string]string, error) {
	file, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: no heading", name)
	}
	all := make([]map[string]string, 0, len(rows)-1)
	for _, row := range rows[1:] {
		r := make(map[string]string, len(row))
		for i, value := range row {
			r[rows[0][i]] = value
		}
		all = append(all, r)
	}
	return all, nil
}
