// Package improvement has the pages on which people say what could be better in a course, those who make
// courses decide about it, and wishes for subjects are made and counted.
package improvement
