package api

import "net/http"

// Answer passes an answer on and notes its status, for pages and machines
// alike.
type Answer struct {
	http.ResponseWriter
	Status  int // 200 until told
	Written bool
}

// NewAnswer is one to w.
func NewAnswer(w http.ResponseWriter) *Answer {
	return &Answer{ResponseWriter: w, Status: http.StatusOK}
}

// WriteHeader notes the first status, which is the one that is sent.
func (a *Answer) WriteHeader(status int) {
	if !a.Written {
		a.Status, a.Written = status, true
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write notes that the answer has begun.
func (a *Answer) Write(b []byte) (int, error) {
	a.Written = true
	return a.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the writer below.
func (a *Answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
