// Package study is a course and a journey as their learners take them: tasks, progress,
// the gate to the next step, the evaluation, certificates.
package study
