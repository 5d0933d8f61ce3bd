// Package groups is the pages of a region's groups of municipalities: which there are, who is
// in one and when, who has an office in it, what its members pay, plan and have come to.
package groups
