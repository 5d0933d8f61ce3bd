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
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The name in parentheses may hold anything; utime and stime are the 12th
	// and 13th fields after it.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 13 {
		return 0, fmt.Errorf("read /proc/%d/stat: %q", pid, stat)
	}
	user, err := strconv.ParseUint(fields[11], 10, 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseUint(fields[12], 10, 64)
	if err != nil {
		return 0, err
	}
	return time.Duration(float64(user+system) / float64(perSecond) * float64(time.Second)), nil
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
			URL: server.url, PID: server.pid(), Cookie: "session", Clients: clients, For: o.duration(),
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
