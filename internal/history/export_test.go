package history

import (
	"bytes"

	"yrkesresan/internal/clock"
)

// ReadOf reads a file as Stage does, without a database.
func ReadOf(file []byte, today clock.Day) {
	k := &known{
		courses: map[string]int64{"kurs": 1}, municipalities: map[string]int64{"falun": 2}, published: map[int64]clock.Day{1: earliest}, today: today,
	}
	_, _, _ = read(bytes.NewReader(file), k)
}
