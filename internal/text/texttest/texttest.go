// Package texttest holds readers of what comes from outside to bounds.
package texttest

import (
	"runtime"
	"testing"
	"time"
)

// Within fails when f takes longer than the time or allocates more than the bytes,
// of which what is freed meanwhile counts, too. The bounds are for what grows beyond
// all reason, so they are wide: a busy machine stays far below them.
func Within(t testing.TB, most time.Duration, bytes uint64, f func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	f()
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if took > most {
		t.Errorf("it took %v, more than %v", took, most)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > bytes {
		t.Errorf("it took %d MB of memory, more than %d", used>>20, bytes>>20)
	}
}
