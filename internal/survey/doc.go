// Package survey is what people are asked and what they answer: the voluntary
// evaluation after a course (kursutvärdering) and the yearly manager survey.
//
// An evaluation asks one question in five grades, the best first, and for free
// text; satisfaction (nöjdhet) is the share of the two highest grades. One
// person answers a course's evaluation once. Results that reach us only as
// shares of a number of answers are kept as they were published. Which answers are
// shown, and since when, is for package publication.
package survey
