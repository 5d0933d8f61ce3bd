// Package tablets is the tablets that the people of a unit share: where one chooses one's name
// and types one's code, one's own code, and the page of who looks after the unit.
package tablets
