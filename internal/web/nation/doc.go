// Package nation is the national owner's pages: who holds an office, the regions and who
// runs them, and letters to them, which the regions read here too (domain packages officer
// and circular).
package nation
