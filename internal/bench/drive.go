package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func contains(body, part string) bool { return strings.Contains(body, part) }

// target is a page at a server, the people who ask for it in turn, how many at
// the same time and for how long.
type target struct {
	URL     string
	Work    work
	Cookie  string
	Bearer  bool // the token is a key, instead of a cookie
	Once    bool // each of the people asks once, and no more when all have
	Page    page
	People  []person
	Clients int
	For     time.Duration
}

// measure is what came out. Times are of whole answers as the client saw them.
type measure struct {
	Page     page
	Clients  int
	Requests int
	People   int // different ones
	Bytes    int // of a mean answer
	PerSec   float64
	First    time.Duration // the very first answer, before anything is warm
	P50      time.Duration
	P95      time.Duration
	Within   time.Duration // the goal of P95, instead of one of CPU; 0 is none
	P99      time.Duration
	CPU      time.Duration // of the program and the database, per request
	Database time.Duration // what of CPU a database server used
	Memory   int64         // of the server afterwards, in bytes
	Wrong    int
	Example  string // of what was wrong
}

// warmUp is how long a page is asked for before it is measured.
const warmUp = 500 * time.Millisecond

// maxRequests bounds a run whose pages are very fast.
const maxRequests = 2_000_000

func drive(ctx context.Context, t target) (measure, error) {
	if len(t.People) == 0 {
		return measure{}, errors.New("nobody holds the role that asks for it")
	}
	client := &http.Client{
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{MaxIdleConnsPerHost: t.Clients, DisableCompression: true},
	}
	defer client.CloseIdleConnections()
	var turn atomic.Int64
	var first answers
	if err := t.one(ctx, client, int(turn.Add(1)-1), &first); err != nil {
		return measure{}, err
	}
	if _, err := t.ask(ctx, client, &turn, min(warmUp, t.For)); err != nil {
		return measure{}, err
	}
	before, err := t.Work.spent()
	if err != nil {
		return measure{}, err
	}
	began := time.Now()
	all, err := t.ask(ctx, client, &turn, t.For)
	took := time.Since(began)
	if err != nil {
		return measure{}, err
	}
	after, err := t.Work.spent()
	if err != nil {
		return measure{}, err
	}
	m := all.measure()
	m.Page, m.Clients, m.First = t.Page, t.Clients, first.times[0]
	m.People = min(int(turn.Load()), len(t.People))
	m.PerSec = float64(m.Requests) / took.Seconds()
	m.CPU, m.Database = after.per(before, m.Requests)
	m.Memory, err = memory(t.Work.program, "VmRSS")
	return m, err
}

// answers are what the clients got.
type answers struct {
	times   []time.Duration
	bytes   int
	wrong   int
	example string
}

// ask lets the clients ask until the time is over, each request as the next
// person.
func (t target) ask(ctx context.Context, client *http.Client, turn *atomic.Int64, long time.Duration) (answers, error) {
	until := time.Now().Add(long)
	each := make([]answers, t.Clients)
	errs := make([]error, t.Clients)
	var all sync.WaitGroup
	for c := range t.Clients {
		all.Go(func() {
			for (len(each[c].times) == 0 || time.Now().Before(until)) && len(each[c].times) < maxRequests/t.Clients {
				n := int(turn.Add(1) - 1)
				if t.Once && n >= len(t.People) {
					return
				}
				if errs[c] = t.one(ctx, client, n, &each[c]); errs[c] != nil {
					return
				}
			}
		})
	}
	all.Wait()
	var sum answers
	for _, a := range each {
		sum.times = append(sum.times, a.times...)
		sum.bytes += a.bytes
		sum.wrong += a.wrong
		if sum.example == "" {
			sum.example = a.example
		}
	}
	return sum, errors.Join(errs...)
}

func (t target) one(ctx context.Context, client *http.Client, turn int, a *answers) error {
	p := t.People[turn%len(t.People)]
	path := t.Page.path(p, turn/len(t.People))
	method, sent := http.MethodGet, ""
	if t.Page.send != nil {
		method, sent = t.Page.send(p, turn/len(t.People))
	}
	request, err := http.NewRequestWithContext(ctx, method, t.URL+path, strings.NewReader(sent))
	if err != nil {
		return err
	}
	if t.Bearer {
		request.Header.Set("Authorization", "Bearer "+p.token)
	} else {
		request.AddCookie(&http.Cookie{Name: t.Cookie, Value: p.token})
		if t.Page.send != nil { // as a page's script sends a form
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			request.Header.Set("Accept", "application/json")
		}
	}
	began := time.Now()
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return err
	}
	a.times = append(a.times, time.Since(began))
	a.bytes += len(body)
	if response.StatusCode == http.StatusSeeOther && t.Page.send != nil {
		body = []byte("leads to <" + response.Header.Get("Location") + ">")
	}
	if wrong := t.Page.wrong(p, response.StatusCode, string(body)); wrong != "" {
		a.wrong++
		if a.example == "" {
			a.example = fmt.Sprintf("%s as person %d: %s", path, p.id, wrong)
		}
	}
	return nil
}

func (a answers) measure() measure {
	slices.Sort(a.times)
	return measure{
		Requests: len(a.times), Bytes: a.bytes / len(a.times), Wrong: a.wrong, Example: a.example,
		P50: percentile(a.times, 50), P95: percentile(a.times, 95), P99: percentile(a.times, 99),
	}
}

// percentile is the smallest of the sorted times that so many per cent do not
// exceed.
func percentile(sorted []time.Duration, percent float64) time.Duration {
	return sorted[max(0, int(math.Ceil(percent/100*float64(len(sorted))))-1)]
}
