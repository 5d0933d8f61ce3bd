package catalogue

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Difference is how a task of a content differs from an older one.
type Difference string

// The differences. A task that is only elsewhere among the others has moved.
const (
	Added   Difference = "added"
	Removed Difference = "removed"
	Changed Difference = "changed"
	Moved   Difference = "moved"
)

// TaskChange is a task that differs. Parts are what of it changed, for Changed:
// "phase", "title", "text", "file", "captions", "transcript", "url",
// "questions", "minutes", "required", "kind".
type TaskChange struct {
	Task  Task
	What  Difference
	Parts []string
}

// Comparison is what is new in a content.
type Comparison struct {
	Tasks              []TaskChange
	About, Rules, Pack bool
}

// None tells whether nothing is.
func (c Comparison) None() bool { return len(c.Tasks) == 0 && !c.About && !c.Rules && !c.Pack }

// Compare tells what changed from an older content to this one. A file is the
// same as long as it was not uploaded again.
func (c *Content) Compare(old *Content) Comparison {
	result := Comparison{
		About: !same(c.About, old.About), Rules: c.Rules != old.Rules || c.Minutes != old.Minutes,
		Pack: !same(c.Pack, old.Pack) || !sameFiles(c, old, c.MediaOfPack()),
	}
	var stayed, before []string
	for _, t := range old.Tasks {
		if c.Task(t.Key) != nil {
			before = append(before, t.Key)
		}
	}
	for _, t := range c.Tasks {
		if old.Task(t.Key) != nil {
			stayed = append(stayed, t.Key)
		}
	}
	moved := movedAmong(before, stayed)
	for _, t := range c.Tasks {
		was := old.Task(t.Key)
		if was == nil {
			result.Tasks = append(result.Tasks, TaskChange{Task: t, What: Added})
			continue
		}
		if parts := c.parts(t, old, *was); len(parts) > 0 {
			result.Tasks = append(result.Tasks, TaskChange{Task: t, What: Changed, Parts: parts})
		} else if moved[t.Key] {
			result.Tasks = append(result.Tasks, TaskChange{Task: t, What: Moved})
		}
	}
	for _, t := range old.Tasks {
		if c.Task(t.Key) == nil {
			result.Tasks = append(result.Tasks, TaskChange{Task: t, What: Removed})
		}
	}
	return result
}

// parts are what differs between a task and what it was.
func (c *Content) parts(t Task, old *Content, was Task) (parts []string) {
	captions := map[string]bool{}
	for _, file := range t.Captions {
		captions[file] = true
	}
	for _, each := range []struct {
		part string
		same bool
	}{
		{"kind", t.Kind == was.Kind},
		{"phase", t.Phase == was.Phase},
		{"title", same(t.Title, was.Title)},
		{"text", same(t.Text, was.Text)},
		{"file", t.Media == was.Media && c.Media[t.Media] == old.Media[was.Media]},
		{"captions", same(t.Captions, was.Captions) && sameFiles(c, old, captions)},
		{"transcript", same(t.Transcript, was.Transcript)},
		{"url", t.URL == was.URL},
		{"questions", same(t.Questions, was.Questions)},
		{"minutes", t.Minutes == was.Minutes},
		{"required", t.Optional == was.Optional},
	} {
		if !each.same {
			parts = append(parts, each.part)
		}
	}
	return parts
}

// same compares two parts of a document as they are stored.
func same(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func sameFiles(c, old *Content, names map[string]bool) bool {
	for name := range names {
		if c.Media[name] != old.Media[name] {
			return false
		}
	}
	return true
}

// movedAmong are the fewest keys that have to be moved to get from one order of
// the same keys to another: those outside a longest common subsequence.
func movedAmong(before, after []string) map[string]bool {
	n := len(before)
	length := make([][]int, n+1)
	for i := range length {
		length[i] = make([]int, n+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := n - 1; j >= 0; j-- {
			length[i][j] = max(length[i+1][j], length[i][j+1])
			if before[i] == after[j] {
				length[i][j] = length[i+1][j+1] + 1
			}
		}
	}
	moved := map[string]bool{}
	for _, key := range after {
		moved[key] = true
	}
	for i, j := 0, 0; i < n && j < n; {
		switch {
		case before[i] == after[j]:
			delete(moved, before[i])
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return moved
}

// CopyOf is the content as the beginning of another course.
func CopyOf(c *Content) Content {
	copied := *c
	copied.Changes, copied.base, copied.rendered = nil, "", nil
	copied.Tasks = slices.Clone(c.Tasks)
	return copied
}
