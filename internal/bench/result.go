package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// machine is where it was measured, without its name.
type machine struct {
	CPU    string
	Cores  int
	Memory int64 // bytes
	Go     string
	System string
}

func thisMachine(ctx context.Context) machine {
	m := machine{CPU: "unknown processor", Cores: runtime.NumCPU(), Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if model := field(string(info), "model name"); model != "" {
			m.CPU = model
		}
	}
	if info, err := os.ReadFile("/proc/meminfo"); err == nil {
		if kB, err := strconv.ParseInt(strings.TrimSuffix(field(string(info), "MemTotal"), " kB"), 10, 64); err == nil {
			m.Memory = kB * 1024
		}
	}
	// The program is built by the go command, which may be another than this one's.
	if out, err := exec.CommandContext(ctx, "go", "env", "GOVERSION").Output(); err == nil {
		m.Go = strings.TrimSpace(string(out))
	}
	return m
}

// field is the value of the first "name : value" in the text.
func field(text, name string) string {
	for _, line := range strings.Split(text, "\n") {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// result is one run.
type result struct {
	Machine    machine
	Options    options
	Country    about
	Day        clock.Day
	Base       map[int]measure // by number of clients
	Starts     []startTime
	Idle       float64       // of one core
	Settled    time.Duration // CPU time that the work after a start took
	Pages      []measure
	Imports    []imported
	PeakMemory int64
}

// The goals beside those of the pages.
const (
	goalStart  = 300 * time.Millisecond
	goalMemory = 150 << 20
)

func ms(d time.Duration) string {
	return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', 2, 64)
}
func mb(bytes int64) string { return strconv.FormatFloat(float64(bytes)/(1<<20), 'f', 0, 64) }

// line is the measure for somebody who waits.
func (m measure) line(base measure) string {
	line := fmt.Sprintf("%-56s %d clients %8.0f/s  first %8s  p50 %8s  p95 %8s  p99 %8s  CPU %7s ms%s, database %s ms  %s MB",
		m.Page.name, m.Clients, m.PerSec, ms(m.First), ms(m.P50), ms(m.P95), ms(m.P99), ms(m.CPU), m.ratio(base), ms(m.Database), mb(m.Memory))
	if m.Wrong > 0 {
		line += fmt.Sprintf("  WRONG: %d of %d, as %s", m.Wrong, m.Requests, m.Example)
	}
	return line
}

// ratio is the CPU time as a multiple of the constant's.
func (m measure) ratio(base measure) string {
	if base.CPU == 0 {
		return ""
	}
	return fmt.Sprintf(" (%.0f×)", float64(m.CPU)/float64(base.CPU))
}

// verdict compares the CPU time, or the time that 95 % wait, with the goal.
func (m measure) verdict() string {
	switch {
	case m.Wrong > 0:
		return fmt.Sprintf("**wrong answers: %d of %d**", m.Wrong, m.Requests)
	case m.Within > 0:
		return met(m.P95 <= m.Within && (m.Page.goal == 0 || m.CPU <= m.Page.goalCPU()))
	case m.Page.goal == 0:
		return ""
	case m.CPU <= m.Page.goalCPU():
		return "met"
	}
	return "**missed**"
}

func (g page) goalCPU() time.Duration { return time.Duration(g.goal * float64(time.Millisecond)) }

func met(ok bool) string {
	if ok {
		return "met"
	}
	return "**missed**"
}

// markdown is the run as a part of a document.
func (r result) markdown() string {
	var b strings.Builder
	m, c := r.Machine, r.Country
	fmt.Fprintf(&b, "Measured on %s: %s, %d cores, %s MB of memory, %s, %s, engine %s.\n", r.Day, m.CPU, m.Cores, mb(m.Memory), m.System, m.Go, r.Options.engine)
	fmt.Fprintf(&b, "%d people, %d completions, %d course days; the database is %s MB. %d different people were signed in; each page was asked for during %g s by 1 and by 8 clients, which ran on the same cores.\n",
		c.People, c.Completions, c.CourseDays, mb(c.Bytes), c.SignedIn, r.Options.seconds)
	if c.Seeded > 0 {
		fmt.Fprintf(&b, "Seeding took %.0f s.\n", c.Seeded.Seconds())
	}
	b.WriteString("\n| page | clients | requests/s | first ms | p50 ms | p95 ms | p99 ms | CPU ms/request | of it database | × constant | goal, CPU ms | | memory MB |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|--:|\n")
	row := func(m measure, goal string) {
		base := r.Base[m.Clients].CPU
		times := ""
		if base > 0 {
			times = strconv.FormatFloat(float64(m.CPU)/float64(base), 'f', 0, 64)
		}
		database := "" // SQLite is in the program
		if r.Options.engine == string(db.Postgres) && r.Base[m.Clients].Page.name != m.Page.name {
			database = ms(m.Database)
		}
		fmt.Fprintf(&b, "| %s | %d | %.0f | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n",
			m.Page.name, m.Clients, m.PerSec, ms(m.First), ms(m.P50), ms(m.P95), ms(m.P99), ms(m.CPU), database, times, goal, m.verdict(), mb(m.Memory))
	}
	for _, clients := range clientCounts {
		if base, ok := r.Base[clients]; ok {
			row(base, "")
		}
	}
	for _, m := range r.Pages {
		goal := ""
		switch {
		case m.Within > 0:
			goal = "p95 " + ms(m.Within)
		case m.Page.goal > 0:
			goal = strconv.FormatFloat(m.Page.goal, 'g', -1, 64)
		}
		row(m, goal)
	}
	b.WriteString("\n| of the whole program | measured | goal | |\n|---|--:|--:|---|\n")
	if len(r.Starts) > 0 {
		slowest := slices.MaxFunc(r.Starts, func(a, b startTime) int { return int(a.Page - b.Page) })
		fmt.Fprintf(&b, "| cold start to the first answer of /healthz, slowest of %d | %s ms | %s ms | %s |\n",
			len(r.Starts), ms(slowest.Health), ms(goalStart), met(slowest.Health <= goalStart))
		fmt.Fprintf(&b, "| cold start to the first sign-in page, slowest of %d | %s ms | %s ms | %s |\n",
			len(r.Starts), ms(slowest.Page), ms(goalStart), met(slowest.Page <= goalStart))
	}
	fmt.Fprintf(&b, "| most memory during the run | %s MB | %s MB | %s |\n", mb(r.PeakMemory), mb(goalMemory), met(r.PeakMemory <= goalMemory))
	for _, i := range r.Imports {
		b.WriteString(i.lines(db.Engine(r.Options.engine)))
	}
	fmt.Fprintf(&b, "| CPU of the work that follows a start | %.1f s | | |\n", r.Settled.Seconds())
	fmt.Fprintf(&b, "| CPU while nobody asks, after that | %.2f %% of a core | | |\n", 100*r.Idle)
	return b.String()
}

// writeTo replaces the engine's part of the document, between its markers, or
// adds it at the end. What people wrote around it stays.
func (r result) writeTo(name string) error {
	text, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	begin, end := fmt.Sprintf("<!-- measured: %s -->", r.Options.engine), fmt.Sprintf("<!-- end: %s -->", r.Options.engine)
	part := begin + "\n" + r.markdown() + end
	old := string(text)
	if old == "" {
		old = "# Benchmarks\n\n`make bench` measures; what each column means stands in internal/bench.\n"
	}
	before, rest, found := strings.Cut(old, begin)
	_, after, closed := strings.Cut(rest, end)
	switch {
	case found && closed:
		old = before + part + after
	case found:
		return fmt.Errorf("%s has %q without %q", name, begin, end)
	default:
		old = strings.TrimRight(old, "\n") + "\n\n## " + r.Options.engine + "\n\n" + part + "\n"
	}
	return os.WriteFile(name, []byte(old), 0o644)
}

// failures are the pages that did not answer as they must.
func (r result) failures() error {
	var all []error
	for _, m := range r.Pages {
		if m.Wrong > 0 {
			all = append(all, fmt.Errorf("%s: %d of %d answers were wrong, such as %s", m.Page.name, m.Wrong, m.Requests, m.Example))
		}
	}
	return errors.Join(all...)
}
