// Command bench measures the product as people meet it: it fills a database
// with an invented country, serves it with the real program, signs in as a
// thousand different people and asks for each page in turn, over HTTP on the
// loopback address. `make bench` runs it.
//
// What it prints per page: requests a second, the time that the slowest 50, 5
// and 1 per cent took, and the server's CPU time per request, from its process.
// Beside it stands what net/http needs to answer with a constant, measured in
// the same run by the same client. The client takes its share of the same
// cores, so requests a second are less than the server alone could do; CPU time
// per request is not touched by that.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

type options struct {
	people   int
	dir      string
	seconds  float64
	engine   string
	postgres string
	write    string
	only     string
	constant string
}

// longest is how long a whole run may take, seeding included.
const longest = 90 * time.Minute

func main() {
	var o options
	flag.IntVar(&o.people, "people", 300_000, "how many people the country has")
	flag.StringVar(&o.dir, "dir", "bench-out", "folder of the program, the log and the database, which is used again when it fits")
	flag.Float64Var(&o.seconds, "seconds", 5, "how long each page is asked for, with each number of clients")
	flag.StringVar(&o.engine, "engine", string(db.SQLite), "sqlite or postgres")
	flag.StringVar(&o.postgres, "postgres", os.Getenv("YRKESRESAN_TEST_POSTGRES"), "the PostgreSQL server in which a database may be made")
	flag.StringVar(&o.write, "write", "", "a Markdown file in which to replace the table of the engine")
	flag.StringVar(&o.only, "only", "", "measure only the pages with this in their name")
	flag.StringVar(&o.constant, "constant", "", "answer with a constant on the address, until standard input ends (what the run compares with)")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	err := errors.New("nothing is expected after the flags")
	switch {
	case flag.NArg() > 0:
	case o.constant != "":
		err = serveConstant(ctx, o.constant, os.Stdin)
	default:
		err = run(ctx, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		cancel()
		stop()
		os.Exit(1) //nolint:gocritic // both have just been called
	}
}

func run(ctx context.Context, o options) error {
	if o.seconds <= 0 || o.people <= 0 {
		return errors.New("--people and --seconds must be more than nothing")
	}
	if o.only != "" && o.write != "" {
		return errors.New("--write is for all pages, --only for some")
	}
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return err
	}
	program, err := build(ctx, o.dir)
	if err != nil {
		return err
	}
	country, err := prepare(ctx, o, program)
	if err != nil {
		return err
	}
	r := result{Machine: thisMachine(ctx), Options: o, Country: country.about, Day: clock.System().Day()}

	self, err := os.Executable()
	if err != nil {
		return err
	}
	base, err := measureConstant(ctx, self, o)
	if err != nil {
		return fmt.Errorf("measure a constant: %w", err)
	}
	r.Base = base

	if r.Starts, err = coldStarts(ctx, o, program, country); err != nil {
		return err
	}
	server, err := startServer(ctx, o, program, country)
	if err != nil {
		return err
	}
	defer server.stop()
	if r.Settled, err = server.settled(ctx); err != nil {
		return err
	}
	if r.Idle, err = server.idle(ctx, 3*time.Second); err != nil {
		return err
	}
	for _, page := range pages {
		if !contains(page.name, o.only) {
			continue
		}
		for _, clients := range clientCounts {
			m, err := drive(ctx, target{
				URL: server.url, Work: work{server.pid(), country.postmaster}, Cookie: country.cookie, Page: page,
				People: country.people[page.role], Clients: clients, For: o.duration(),
			})
			if err != nil {
				return fmt.Errorf("%s: %w", page.name, err)
			}
			r.Pages = append(r.Pages, m)
			fmt.Println(m.line(r.Base[clients]))
		}
	}
	if r.PeakMemory, err = memory(server.pid(), "VmHWM"); err != nil {
		return err
	}
	server.stop()
	changes, err := measureAPI(ctx, o, program, country, r.Base)
	if err != nil {
		return fmt.Errorf("measure the API: %w", err)
	}
	r.Pages = append(r.Pages, changes...)
	if changes, err = measureAccounts(ctx, o, program, country, r.Base); err != nil {
		return fmt.Errorf("measure accounts: %w", err)
	}
	r.Pages = append(r.Pages, changes...)
	if changes, err = measureRoom(ctx, o, program, country, r.Base); err != nil {
		return fmt.Errorf("measure a room: %w", err)
	}
	r.Pages = append(r.Pages, changes...)
	if r.Imports, err = measureImports(ctx, o, program, country); err != nil {
		return err
	}
	fmt.Print("\n", r.markdown())
	if o.write != "" {
		if err := r.writeTo(o.write); err != nil {
			return err
		}
	}
	return r.failures()
}

// clientCounts are how many ask at the same time.
var clientCounts = []int{1, 8}

func (o options) duration() time.Duration { return time.Duration(o.seconds * float64(time.Second)) }
