// Package trial is a draft that a group tries: where producers start it, ask people and read
// what came of it, and where those who try it say what they think.
package trial
