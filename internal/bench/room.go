package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// A room at one screen: 60 telephones follow it, and 30 people's tasks are marked.
const (
	phones     = 60
	marked     = 30
	roomSteps  = 30
	roomWithin = time.Second
)

var (
	following = page{name: fmt.Sprintf("a step at one screen, for each of %d telephones", phones), goal: 1}
	together  = page{
		name: fmt.Sprintf("a task done together, by %d", marked), want: `"version"`, goal: 5,
		send: func(_ person, turn int) (string, string) {
			return http.MethodPost, "from=remote&task=uppgift-1&done=" + []string{"yes", "no"}[turn%2]
		},
	}
)

// measureRoom measures them on a copy of the database, which is thrown away.
func measureRoom(ctx context.Context, o options, program string, c country, base map[int]measure) ([]measure, error) {
	if !contains(following.name+" "+together.name, o.only) {
		return nil, nil
	}
	remove, err := c.copy(ctx, o)
	if err != nil {
		return nil, err
	}
	defer remove()
	all := c.people[access.Employee]
	if len(all) <= phones {
		return nil, fmt.Errorf("%d people for a room of %d", len(all), phones+1)
	}
	r := room{cookie: c.cookie, holder: all[0], phones: all[1 : phones+1]}
	if err := r.fill(ctx, c.address); err != nil {
		return nil, fmt.Errorf("fill a room: %w", err)
	}
	server, err := startServer(ctx, o, program, c)
	if err != nil {
		return nil, err
	}
	defer server.stop()
	if _, err := server.settled(ctx); err != nil {
		return nil, err
	}
	r.url, r.work = server.url, work{server.pid(), c.postmaster}
	m, err := r.follow(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", following.name, err)
	}
	fmt.Println(m.line(base[1]))
	mark := together
	mark.path = func(person, int) string { return fmt.Sprintf("/days/%d/together/tasks", r.day) }
	marking, err := drive(ctx, target{URL: r.url, Work: r.work, Cookie: r.cookie, Page: mark, People: []person{r.holder}, Clients: 1, For: o.duration()})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", together.name, err)
	}
	fmt.Println(marking.line(base[1]))
	return []measure{m, marking}, nil
}

// room is a course day of today with its holder and those who follow.
type room struct {
	url, cookie string
	work        work
	day         int64
	holder      person
	phones      []person
}

// fill makes some course day one of today, in an edition with tasks, with all of them.
func (r *room) fill(ctx context.Context, address string) error {
	d, err := db.Open(ctx, address)
	if err != nil {
		return err
	}
	now := clock.System()
	err = d.Write(ctx, func(tx *db.Tx) error {
		var roundID int64
		if r.day, err = db.Row(ctx, tx, db.One[int64], `
			SELECT MIN(d.id)
			FROM course_day AS d
			JOIN round AS r ON r.id = d.round_id
			JOIN edition_content AS c ON c.edition_id = r.edition_id
			WHERE d.day > $1
			AND r.published_at IS NOT NULL
			AND r.cancelled_at IS NULL`, now.Day()); err != nil {
			return err
		}
		if roundID, err = db.Row(ctx, tx, db.One[int64], `UPDATE course_day SET day = $2 WHERE id = $1 RETURNING round_id`, r.day, now.Day()); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `UPDATE enrolment SET withdrawn_at = enrolled_at + 1 WHERE round_id = $1 AND withdrawn_at IS NULL`, roundID); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `UPDATE round SET capacity = $2 WHERE id = $1`, roundID, 2*phones); err != nil {
			return err
		}
		for i, p := range r.phones {
			seat, err := db.Row(ctx, tx, db.One[int64], `INSERT INTO enrolment (round_id, person_id, enrolled_at) VALUES ($1, $2, $3) RETURNING id`, roundID, p.id, now)
			if err != nil {
				return err
			}
			if i >= marked {
				continue
			}
			if _, err := db.Exec(ctx, tx, `
				INSERT INTO attendance (course_day_id, enrolment_id, mark, marked_at, source)
				VALUES ($1, $2, 'present', $3, 'trainer')`, r.day, seat, now); err != nil {
				return err
			}
		}
		_, err = db.Exec(ctx, tx, `INSERT INTO day_trainer (course_day_id, person_id, role) VALUES ($1, $2, 'lead_trainer')`, r.day, r.holder.id)
		return err
	})
	return errors.Join(err, d.Close())
}

// state is what a telephone and the screen are told.
type state struct{ Version, Step int }

func (r *room) ask(ctx context.Context, p person, method, path, body string) (state, error) {
	var s state
	request, err := http.NewRequestWithContext(ctx, method, fmt.Sprintf("%s/days/%d/%s", r.url, r.day, path), strings.NewReader(body))
	if err != nil {
		return s, err
	}
	request.AddCookie(&http.Cookie{Name: r.cookie, Value: p.token})
	request.Header.Set("Accept", "application/json")
	if body != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return s, err
	}
	text, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return s, err
	}
	if response.StatusCode != http.StatusOK {
		return s, fmt.Errorf("%s answered with %d: %s", path, response.StatusCode, text)
	}
	return s, json.Unmarshal(text, &s)
}

// follow moves the screen again and again, while every telephone waits for it as its
// script does, and measures how long it takes until each knows.
func (r *room) follow(ctx context.Context) (measure, error) {
	var got answers
	var mu sync.Mutex
	before, err := r.work.spent()
	if err != nil {
		return measure{}, err
	}
	began := time.Now()
	seen := 0
	for step := range roomSteps {
		errs := make([]error, len(r.phones))
		var moved time.Time
		var ready, all sync.WaitGroup
		ready.Add(len(r.phones))
		for i, p := range r.phones {
			all.Go(func() {
				ready.Done()
				s, err := r.ask(ctx, p, http.MethodGet, fmt.Sprintf("room/state?seen=%d", seen), "")
				if err == nil && s.Version != seen+1 {
					err = fmt.Errorf("told of version %d after %d", s.Version, seen)
				}
				mu.Lock()
				defer mu.Unlock()
				errs[i] = err
				got.times = append(got.times, time.Since(moved))
			})
		}
		ready.Wait()
		time.Sleep(200 * time.Millisecond) // until they wait: somebody talks meanwhile
		mu.Lock()
		moved = time.Now()
		mu.Unlock()
		s, err := r.ask(ctx, r.holder, http.MethodPost, "together", fmt.Sprintf("to=%d&version=%d&from=screen", 1+step%2, seen))
		all.Wait()
		if err = errors.Join(err, errors.Join(errs...)); err != nil {
			return measure{}, err
		}
		seen = s.Version
	}
	took := time.Since(began)
	after, err := r.work.spent()
	if err != nil {
		return measure{}, err
	}
	first := got.times[0]
	m := got.measure()
	m.Page, m.Clients, m.People, m.First = following, phones, phones, first
	m.PerSec, m.Within = float64(len(got.times))/took.Seconds(), roomWithin
	m.CPU, m.Database = after.per(before, len(got.times))
	m.Memory, err = memory(r.work.program, "VmRSS")
	return m, err
}
