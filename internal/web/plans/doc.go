// Package plans is a municipality's plans for a course: who goes when, groups and their
// occasions (domain package rollout).
package plans
