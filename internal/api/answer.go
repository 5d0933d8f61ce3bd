package api

import "net/http"

// Answer passes an answer on and notes its status, for pages and machines
// alike.
type Answer struct {
	http.ResponseWriter
	Status  int // 200 until told
	Written bool
	// Before, if any, is called once with the status, before the answer begins.
	Before func(status int)
}

// NewAnswer is one to w.
func NewAnswer(w http.ResponseWriter) *Answer {
	return &Answer{ResponseWriter: w, Status: http.StatusOK}
}

// WriteHeader notes the first status, which is the one that is sent.
func (a *Answer) WriteHeader(status int) {
	if !a.Written {
		a.begin(status)
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write notes that the answer has begun.
func (a *Answer) Write(b []byte) (int, error) {
	if !a.Written {
		a.begin(http.StatusOK)
	}
	return a.ResponseWriter.Write(b)
}

func (a *Answer) begin(status int) {
	a.Status, a.Written = status, true
	if a.Before != nil {
		a.Before(status)
	}
}

// Unwrap lets http.ResponseController reach the writer below.
func (a *Answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// each is one number of each row.
func each[T any](rows []T, of func(T) int64) []int64 {
	numbers := make([]int64, len(rows))
	for i, r := range rows {
		numbers[i] = of(r)
	}
	return numbers
}
