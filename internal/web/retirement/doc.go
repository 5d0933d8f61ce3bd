// Package retirement is where those who publish courses withdraw an edition or retire a
// course, and undo it.
package retirement
