// Package catalogue is what can be learnt: journeys (delresor) with their steps,
// the courses with their editions, and how a course is given.
//
// A journey, its steps and who they are for are data, not code. A step advises
// and never blocks an enrolment. A course may belong to several journeys. How
// it is given (Delivery) is chosen per course, region and period: a region's
// own choice goes before the course's usual one. A published edition is frozen;
// a completion says which edition it was.
//
// A course's tariff kind names the tariff of its region that its course days
// are charged by; courses without one cost nothing.
package catalogue
