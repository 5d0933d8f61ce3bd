package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"yrkesresan/internal/access"
)

// ticks is how many clock ticks /proc counts in a second: AT_CLKTCK of the
// auxiliary vector that the kernel gave this process.
var ticks = sync.OnceValues(func() (uint64, error) {
	const atClockTick = 17
	vector, err := os.ReadFile("/proc/self/auxv")
	if err != nil {
		return 0, err
	}
	word := strconv.IntSize / 8
	number := func(b []byte) uint64 {
		if word == 4 {
			return uint64(binary.NativeEndian.Uint32(b))
		}
		return binary.NativeEndian.Uint64(b)
	}
	for ; len(vector) >= 2*word; vector = vector[2*word:] {
		if number(vector) == atClockTick && number(vector[word:]) > 0 {
			return number(vector[word:]), nil
		}
	}
	return 0, errors.New("the kernel does not say how long a clock tick is")
})

// cpu is the processor time that the process has used, in user and system mode.
func cpu(pid int) (time.Duration, error) {
	perSecond, err := ticks()
	if err != nil {
		return 0, err
	}
	stat, err := statOf(pid)
	if err != nil {
		return 0, err
	}
	return time.Duration(float64(stat.used) / float64(perSecond) * float64(time.Second)), nil
}

// stat is what /proc says of a process: its parent, and in clock ticks what it
// has used and what its ended children had.
type stat struct {
	parent      int
	used, ended uint64
}

func statOf(pid int) (stat, error) {
	name := fmt.Sprintf("/proc/%d/stat", pid)
	text, err := os.ReadFile(name)
	if err != nil {
		return stat{}, err
	}
	// The name in parentheses may hold anything; after it ppid is the 2nd field,
	// utime, stime, cutime and cstime the 12th to the 15th.
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 15 {
		return stat{}, fmt.Errorf("read %s: %q", name, text)
	}
	var n [5]uint64
	for i, field := range []string{fields[1], fields[11], fields[12], fields[13], fields[14]} {
		if n[i], err = strconv.ParseUint(field, 10, 63); err != nil {
			return stat{}, fmt.Errorf("read %s: %w", name, err)
		}
	}
	return stat{parent: int(n[0]), used: n[1] + n[2], ended: n[3] + n[4]}, nil
}

// work is done by the program, and by a database server when there is one on
// this machine: its first process, or 0.
type work struct{ program, postmaster int }

// used is processor time.
type used struct{ program, database time.Duration }

// spent is what both have used until now.
func (w work) spent() (used, error) {
	program, err := cpu(w.program)
	if err != nil || w.postmaster == 0 {
		return used{program: program}, err
	}
	perSecond, err := ticks()
	if err != nil {
		return used{}, err
	}
	for {
		first, err := statOf(w.postmaster)
		if err != nil {
			return used{}, err
		}
		all, err := ofChildren(w.postmaster)
		if err != nil {
			return used{}, err
		}
		// One that ended in between would be counted neither as its own nor as its
		// parent's: then it is counted again.
		again, err := statOf(w.postmaster)
		if err != nil {
			return used{}, err
		}
		if again.ended != first.ended {
			continue
		}
		return used{program, time.Duration(float64(first.used+first.ended+all) / float64(perSecond) * float64(time.Second))}, nil
	}
}

// ofChildren is what the process's children that live have used, in ticks.
func ofChildren(parent int) (all uint64, err error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0, err
	}
	for _, entry := range entries {
		if pid, err := strconv.Atoi(entry.Name()); err == nil {
			if s, err := statOf(pid); err == nil && s.parent == parent {
				all += s.used
			}
		}
	}
	return all, nil
}

// per is what was used since before for each of n requests, and the database
// server's part of it.
func (u used) per(before used, n int) (all, database time.Duration) {
	database = (u.database - before.database) / time.Duration(n)
	return (u.program-before.program)/time.Duration(n) + database, database
}

// memory is what the process holds in memory, in bytes: now (VmRSS) or at most
// (VmHWM).
func memory(pid int, field string) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for _, line := range strings.Split(string(status), "\n") {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			kB, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kB * 1024, err
		}
	}
	return 0, fmt.Errorf("/proc/%d/status has no %s", pid, field)
}

// process is a server that we started.
type process struct {
	*exec.Cmd
	url    string
	input  io.WriteCloser
	ended  chan struct{}
	health time.Duration // from the start to the first answer
	page   time.Duration // and to the first page
}

// start starts a server that listens on address and waits until /healthz
// answers. The process ends with ctx, or by stop.
func start(ctx context.Context, log io.Writer, address, page string, command string, args ...string) (*process, error) {
	p := &process{Cmd: exec.CommandContext(ctx, command, args...), url: "http://" + address, ended: make(chan struct{})}
	p.Stdout, p.Stderr = log, log
	var err error
	if p.input, err = p.StdinPipe(); err != nil {
		return nil, err
	}
	began := time.Now()
	if err := p.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.Wait() // how it ended is in its log
		close(p.ended)
	}()
	if p.health, err = p.await(ctx, began, "/healthz"); err == nil {
		p.page, err = p.await(ctx, began, page)
	}
	if err != nil {
		p.stop()
		return nil, fmt.Errorf("start %s: %w", filepath.Base(command), err)
	}
	return p, nil
}

// await asks until the path answers with 200, half a minute at most.
func (p *process) await(ctx context.Context, began time.Time, path string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+path, nil)
		if err != nil {
			return 0, err
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return time.Since(began), nil
			}
		}
		select {
		case <-p.ended:
			return 0, errors.New("it ended at once: see its log")
		case <-ctx.Done():
			return 0, fmt.Errorf("%s did not answer with 200: %w", path, ctx.Err())
		case <-time.After(time.Millisecond):
		}
	}
}

func (p *process) pid() int { return p.Process.Pid }

// stop asks the server to end, and makes it after ten seconds.
func (p *process) stop() {
	_ = p.input.Close()
	_ = p.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(10 * time.Second):
		_ = p.Process.Kill()
		<-p.ended
	}
}

// settled waits until the work that follows a start is done, sweeps of the whole database among
// it, and tells how much CPU time the server has used by then. Some of it begins some seconds
// after the start: several calm seconds in a row are the end of it.
func (p *process) settled(ctx context.Context) (time.Duration, error) {
	for calm, tries := 0, 0; calm < 5 && tries < 180; tries++ {
		used, err := p.idle(ctx, time.Second)
		if err != nil {
			return 0, err
		}
		if calm++; used >= 0.05 {
			calm = 0
		}
	}
	return cpu(p.pid())
}

// idle is the part of one core that the server uses while nobody asks.
func (p *process) idle(ctx context.Context, long time.Duration) (float64, error) {
	before, err := cpu(p.pid())
	if err != nil {
		return 0, err
	}
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(long):
	}
	after, err := cpu(p.pid())
	return (after - before).Seconds() / long.Seconds(), err
}

// freeAddress is one on the loopback interface that nobody listens on.
func freeAddress(ctx context.Context) (string, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func build(ctx context.Context, dir string) (string, error) {
	program, err := filepath.Abs(filepath.Join(dir, "yrkesresan"))
	if err != nil {
		return "", err
	}
	command := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/yrkesresan")
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("build the program: %w", err)
	}
	return program, nil
}

func startServer(ctx context.Context, o options, program string, c country) (*process, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(o.dir, "server.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close() // the process has its own hold of it
	return start(ctx, log, address, "/sign-in", program, "--log-level", "warn", "serve", "--db", c.address, "--addr", address)
}

// coldStarts starts the server three times.
func coldStarts(ctx context.Context, o options, program string, c country) ([]startTime, error) {
	var all []startTime
	for range 3 {
		server, err := startServer(ctx, o, program, c)
		if err != nil {
			return nil, err
		}
		all = append(all, startTime{server.health, server.page})
		server.stop()
	}
	return all, nil
}

type startTime struct{ Health, Page time.Duration }

const constant = "<!doctype html><title>constant</title><h1>Ada Alm</h1></html>\n"

// serveConstant answers everything with a constant, until input ends.
func serveConstant(ctx context.Context, address string, input io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, input)
		cancel()
	}()
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, constant)
	})}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// measureConstant is what net/http needs to answer with a constant, by number
// of clients.
func measureConstant(ctx context.Context, self string, o options) (map[int]measure, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	server, err := start(ctx, os.Stderr, address, "/", self, "--constant", address)
	if err != nil {
		return nil, err
	}
	defer server.stop()
	base := map[int]measure{}
	for _, clients := range clientCounts {
		m, err := drive(ctx, target{
			URL: server.url, Work: work{program: server.pid()}, Cookie: "session", Clients: clients, For: o.duration(),
			Page:   page{name: "net/http with a constant", role: access.Employee, path: at("/"), want: "<h1"},
			People: []person{{name: "Ada Alm"}},
		})
		if err != nil {
			return nil, err
		}
		base[clients] = m
		fmt.Println(m.line(measure{}))
	}
	return base, nil
}
