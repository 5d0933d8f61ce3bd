// Package letters is the pages about a round's letters: who got what and when, and
// writing one.
package letters
