// Package municipal is a municipality's own pages: its units and settings, and how far
// its staff have come with the courses.
package municipal
