package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// The API's goals: a sign-up 1.5 ms of CPU time, a saved list of twenty 3 ms,
// and of 500 people who sign up at once for 22 seats 95 % answered in a second.
const (
	apiRegion    = "dalarna"
	crowd        = 500
	crowdSeats   = 22
	crowdWithin  = time.Second
	roomForAll   = 1000 // the largest capacity of a round
	roundsToFill = 20
)

// measureAPI measures the API, and what changes the data, on a copy of the database that is
// thrown away, so that the next run finds the same country.
func measureAPI(ctx context.Context, o options, program string, c country, base map[int]measure) ([]measure, error) {
	names := []string{"API: rounds of a region", "API: sign-up", "API: attendance of 20", fmt.Sprintf("API: %d sign up at once for %d seats", crowd, crowdSeats), saving.name}
	if !contains(strings.Join(names, " "), o.only) {
		return nil, nil
	}
	remove, err := c.copy(ctx, o)
	if err != nil {
		return nil, err
	}
	defer remove()
	made, err := exec.CommandContext(ctx, program, "token", "create", "--db", c.address, "--region", apiRegion).Output()
	if err != nil {
		return nil, fmt.Errorf("make a token: %w", err)
	}
	server, err := startServer(ctx, o, program, c)
	if err != nil {
		return nil, err
	}
	defer server.stop()
	a := machineClient{url: server.url, key: strings.TrimSpace(string(made))}
	if err := a.find(ctx); err != nil {
		return nil, err
	}

	var all []measure
	if contains(saving.name, o.only) {
		for _, clients := range clientCounts {
			m, err := drive(ctx, target{
				URL: server.url, Work: work{server.pid(), c.postmaster}, Cookie: c.cookie, Page: saving, People: c.people[saving.role], Clients: clients, For: o.duration(),
			})
			if err != nil {
				return nil, fmt.Errorf("%s: %w", saving.name, err)
			}
			all = append(all, m)
			fmt.Println(m.line(base[clients]))
		}
	}
	for i, prepare := range []func(context.Context) (page, error){a.listRounds, a.signUp, a.saveAttendance} {
		if !contains(names[i], o.only) {
			continue
		}
		for _, clients := range clientCounts {
			p, err := prepare(ctx) // anew, so that nobody is signed up twice
			if err != nil {
				return nil, err
			}
			p.name = names[i]
			m, err := drive(ctx, target{URL: server.url, Work: work{server.pid(), c.postmaster}, Bearer: true, Page: p, People: a.people, Clients: clients, For: o.duration()})
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.name, err)
			}
			all = append(all, m)
			fmt.Println(m.line(base[clients]))
		}
	}
	if !contains(names[3], o.only) {
		return all, nil
	}
	m, err := a.crowd(ctx, work{server.pid(), c.postmaster}, names[3])
	if err != nil {
		return nil, err
	}
	fmt.Println(m.line(base[1]))
	return append(all, m), nil
}

// machineClient asks the API with a key.
type machineClient struct {
	url, key string
	course   string
	people   []person
}

func (a *machineClient) ask(ctx context.Context, method, path, body string, into any) error {
	request, err := http.NewRequestWithContext(ctx, method, a.url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+a.key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %d %s", method, path, response.StatusCode, text)
	}
	return json.Unmarshal(text, into)
}

// find finds people to sign up, and a course.
func (a *machineClient) find(ctx context.Context) error {
	var people []struct{ ID int64 }
	if err := a.ask(ctx, http.MethodGet, "/people?limit=2000", "", &people); err != nil {
		return err
	}
	for _, p := range people {
		a.people = append(a.people, person{id: p.ID, token: a.key})
	}
	var rounds []struct{ Course string }
	if err := a.ask(ctx, http.MethodGet, "/rounds?region="+apiRegion, "", &rounds); err != nil {
		return err
	}
	if len(a.people) < crowd || len(rounds) == 0 {
		return fmt.Errorf("%d people and %d rounds in %s are too few", len(a.people), len(rounds), apiRegion)
	}
	a.course = rounds[0].Course
	return nil
}

// round makes a round that is open for sign-up and whose day is today.
func (a *machineClient) round(ctx context.Context, capacity int) (id int64, err error) {
	today := clock.System().Day()
	var made struct{ ID int64 }
	plan := fmt.Sprintf(`{"course": %q, "region": %q, "label": "Bench", "capacity": %d, "signup_from": %q, "signup_until": %q,
		"days": [{"day": %q, "starts": "09:00", "ends": "16:00"}]}`, a.course, apiRegion, capacity, today-1, today, today)
	if err := a.ask(ctx, http.MethodPost, "/rounds", plan, &made); err != nil {
		return 0, err
	}
	return made.ID, a.ask(ctx, http.MethodPost, fmt.Sprintf("/rounds/%d/publication", made.ID), "", &made)
}

func (*machineClient) listRounds(context.Context) (page, error) {
	return page{
		path: func(person, int) string { return "/api/v1/rounds?limit=30&region=" + apiRegion }, want: `"enrolled"`,
		send: func(person, int) (string, string) { return http.MethodGet, "" },
	}, nil
}

// signUp signs everybody up to one round after the other.
func (a *machineClient) signUp(ctx context.Context) (page, error) {
	rounds := make([]int64, roundsToFill)
	for i := range rounds {
		var err error
		if rounds[i], err = a.round(ctx, roomForAll); err != nil {
			return page{}, err
		}
	}
	return page{
		path: func(_ person, turn int) string {
			return fmt.Sprintf("/api/v1/rounds/%d/enrolments", rounds[turn%len(rounds)])
		}, want: `"status"`, goal: 1.5,
		send: func(p person, _ int) (string, string) { return http.MethodPost, fmt.Sprintf(`{"person": %d}`, p.id) },
	}, nil
}

// saveAttendance saves a list of twenty, each time with other marks.
func (a *machineClient) saveAttendance(ctx context.Context) (page, error) {
	id, err := a.round(ctx, 20)
	if err != nil {
		return page{}, err
	}
	lists := [2][]string{}
	for _, p := range a.people[:20] {
		if err := a.ask(ctx, http.MethodPost, fmt.Sprintf("/rounds/%d/enrolments", id), fmt.Sprintf(`{"person": %d}`, p.id), &struct{}{}); err != nil {
			return page{}, err
		}
		for i, mark := range []string{"present", "late"} {
			lists[i] = append(lists[i], fmt.Sprintf(`{"person": %d, "mark": %q}`, p.id, mark))
		}
	}
	var days []struct{ ID int64 }
	if err := a.ask(ctx, http.MethodGet, fmt.Sprintf("/rounds/%d/days", id), "", &days); err != nil {
		return page{}, err
	}
	var sent atomic.Int64
	return page{
		path: func(person, int) string { return fmt.Sprintf("/api/v1/days/%d/attendance", days[0].ID) }, want: `"complete":true`, goal: 3,
		send: func(person, int) (string, string) {
			return http.MethodPut, `{"marks": [` + strings.Join(lists[sent.Add(1)%2], ", ") + `]}`
		},
	}, nil
}

// crowd lets many sign up at once, and counts the seats.
func (a *machineClient) crowd(ctx context.Context, w work, name string) (measure, error) {
	id, err := a.round(ctx, crowdSeats)
	if err != nil {
		return measure{}, err
	}
	var mu sync.Mutex
	var got answers
	var all sync.WaitGroup
	errs := make([]error, crowd)
	before, err := w.spent()
	if err != nil {
		return measure{}, err
	}
	began := time.Now()
	for i, p := range a.people[:crowd] {
		all.Go(func() {
			var o struct{ Status string }
			asked := time.Now()
			errs[i] = a.ask(ctx, http.MethodPost, fmt.Sprintf("/rounds/%d/enrolments", id), fmt.Sprintf(`{"person": %d}`, p.id), &o)
			mu.Lock()
			defer mu.Unlock()
			got.times = append(got.times, time.Since(asked))
		})
	}
	all.Wait()
	took := time.Since(began)
	after, err := w.spent()
	if err = errors.Join(err, errors.Join(errs...)); err != nil {
		return measure{}, err
	}
	m := got.measure()
	m.Page, m.Clients, m.People, m.First = page{name: name}, crowd, crowd, got.times[0]
	m.PerSec, m.Within = crowd/took.Seconds(), crowdWithin
	m.CPU, m.Database = after.per(before, crowd)
	if m.Memory, err = memory(w.program, "VmRSS"); err != nil {
		return m, err
	}
	var r struct{ Enrolled, Waiting int }
	if err := a.ask(ctx, http.MethodGet, fmt.Sprintf("/rounds/%d", id), "", &r); err != nil {
		return m, err
	}
	if r.Enrolled != crowdSeats || r.Waiting != crowd-crowdSeats {
		m.Wrong, m.Example = 1, fmt.Sprintf("%d have a seat and %d wait", r.Enrolled, r.Waiting)
	}
	return m, nil
}

// empty turns c into a database with nothing in it, which remove throws away.
func (c *country) empty(ctx context.Context, o options) (remove func(), err error) {
	if strings.HasPrefix(c.address, "sqlite:") {
		to := filepath.Join(o.dir, "empty.db")
		c.address = "sqlite:" + to
		removeFile(to)
		return func() { removeFile(to) }, nil
	}
	address, err := url.Parse(c.address)
	if err != nil {
		return nil, err
	}
	to := strings.TrimPrefix(address.Path, "/") + "_empty"
	remove = func() { _ = o.statement(ctx, "DROP DATABASE IF EXISTS "+to+" WITH (FORCE)") } // likewise
	remove()
	address.Path = "/" + to
	c.address = address.String()
	return remove, o.statement(ctx, "CREATE DATABASE "+to)
}

// removeFile removes an SQLite database with its keys.
func removeFile(name string) {
	for _, end := range []string{"", "-wal", "-shm", ".key"} {
		_ = os.Remove(name + end) // what is left is overwritten next time
	}
}

// statement asks the PostgreSQL server for something that no database is open for.
func (o options) statement(ctx context.Context, text string) error {
	d, err := db.Open(ctx, o.postgres)
	if err != nil {
		return err
	}
	_, err = d.Pool().ExecContext(ctx, text)
	return errors.Join(err, d.Close())
}

// copy turns c into a copy of its database; remove throws it away.
func (c *country) copy(ctx context.Context, o options) (remove func(), err error) {
	if file, ok := strings.CutPrefix(c.address, "sqlite:"); ok {
		to := filepath.Join(o.dir, "changed.db")
		remove = func() { removeFile(to) }
		remove()
		d, err := db.Open(ctx, "sqlite:"+file)
		if err != nil {
			return nil, err
		}
		_, err = d.Pool().ExecContext(ctx, `VACUUM INTO $1`, to)
		c.address = "sqlite:" + to
		if err = errors.Join(err, d.Close()); err != nil {
			return remove, err
		}
		keys, err := os.ReadFile(file + ".key")
		if errors.Is(err, os.ErrNotExist) {
			return remove, nil
		}
		return remove, errors.Join(err, os.WriteFile(to+".key", keys, 0o600))
	}
	address, err := url.Parse(c.address)
	if err != nil {
		return nil, err
	}
	from := strings.TrimPrefix(address.Path, "/")
	to := from + "_changed"
	run := func(statement string) error { return o.statement(ctx, statement) }
	remove = func() { _ = run("DROP DATABASE IF EXISTS " + to + " WITH (FORCE)") } // likewise
	remove()
	address.Path = "/" + to
	c.address = address.String()
	if err := run("CREATE DATABASE " + to + " TEMPLATE " + from); err != nil {
		return remove, err
	}
	return remove, run("CHECKPOINT") // else the copy is still being written while it is measured
}
