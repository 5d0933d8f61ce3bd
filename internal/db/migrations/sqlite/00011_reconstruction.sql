-- +goose Up

-- A region's year whose course days were reconstructed from printed sums: which
-- days, participants and trainers made the sums is not known, and those that are
-- kept were chosen so that the sums hold. source says where the sums were printed.
-- No told_by: the product itself did it.
CREATE TABLE reconstruction (
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    year INTEGER NOT NULL,
    source TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    told_by INTEGER REFERENCES person (id),
    PRIMARY KEY (region_id, year)
);

-- +goose Down

DROP TABLE reconstruction;
