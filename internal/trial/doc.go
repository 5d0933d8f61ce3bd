// Package trial is a draft of a course as a group tries it, before it is published.
//
// When a trial starts the draft as it stands becomes an edition that is not published: it has a
// number and no day, and nobody else begins it. The draft is written on. Whoever joins the trial
// takes the course in that edition, with its tasks, its quiz and, in a round that tries it, its
// course days. What they say of a task stands beside the comments of those who review the draft,
// without their names; of the whole they give a grade.
//
// A trial counts or not. In one that counts who completes the course has completed it. Of one that
// does not count nothing is completed; when it ends, those who took part take the course in the
// edition that is out, or in the one they had before. What they did in the trial stays.
//
// A trial ends when the producers say so, and with the draft: when it is published or thrown away.
package trial
