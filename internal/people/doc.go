// Package people is who takes part: persons, where they are employed over time,
// and their accounts in the journeys.
//
// A person has one employment at a time: at a unit, at a municipality or (RSS
// staff) at a region. Figures use the employment on the figure's day, money the
// one on the course day. What somebody has learnt follows the person, not the
// employment. Its terms (form and shift) and the days on which somebody is on
// leave are what a municipality plans courses by; managers may tell them. Why
// somebody is on leave is not kept.
//
// An account is a person in a journey. Its roles (employee, manager, trainer,
// municipal administrator) overlap, its step may be missing: manager is a role
// beside the steps. What somebody may do in the product is another matter: see
// access and identity.
package people
