// Package review is the pages on which drafts of courses are reviewed: for those who are
// asked to read one, and for those who write it.
package review
