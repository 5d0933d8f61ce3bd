// Package statistics is the programme's figures as of a day.
//
// Figures of people are not counted ahead: they are asked of the dated facts
// themselves, so they can be asked for any day, and correcting a fact corrects
// every figure that it is part of (domain.md, "Figures and documents").
//
//   - A person counts where they are employed on the figure's day.
//   - An account counts from the day it was opened until the day before it was
//     closed, a role or a step while its period lasts.
//   - A completion counts from its day on unless it was revoked; only those of
//     accounts with the role employee on the day, since the share is of them.
//   - Answers to surveys are those of the last publication up to the day (package
//     publication): five or more, and never a few that can be told apart.
//
// Figures have no names in them: they are open to everybody with an office in
// the region (access.Figures), and outside it they do not exist.
package statistics
