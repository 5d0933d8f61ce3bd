// Package economy holds what a course day costs and who is paid for it: tariffs, the invoice basis
// and the trainer pot. All amounts exclude VAT and are whole öre.
//
// # Vocabulary
//
// A participant-day (deltagardag) is one person's seat on one course day. Three counts of them are
// kept apart, because each answers another question:
//
//   - billed: the person had a seat and was present, late, or absent without an excuse, and is not
//     exempted from the fee. The invoice basis counts these.
//   - attended: the person was present or late. Participants per course day counts these.
//   - pot-bearing: the person attended and is billed. The trainer pot counts these.
//
// So a no-show who is billed is not pot-bearing, and neither is a guest who pays no fee. See
// docs/decisions/pot-bearing-participant-days.md.
//
// The fee (kursavgift) is charged per billed participant-day. A tariff fixes, for one kind of course
// and one period, the fee, the part of it that goes to the pot, the weights of the roles and the
// rule for RSS trainers: its [Terms]. A course day keeps the terms that were known for its date when
// its round was published; a later tariff changes published rounds only as a correction with a
// reason, and one that was wrong is withdrawn and keeps its row.
//
// The trainer pot (utbildarpott) of a day is the tariff's part times the pot-bearing participants.
// It is split among the trainers present by weight, kursledare 1.5 and utbildare 1. A trainer's
// share (andel) goes to the municipality that employed the trainer on that day, once a year in
// December. Trainers employed by the RSS take no compensation: the region keeps their share, or the
// municipal trainers of the day share it, as the tariff says ([RSSKept], [RSSShared]). A day without
// a municipal trainer pays nothing out. What is not paid is kept by the region, so that paid and
// kept together are the pot, for a day and for a year; see docs/decisions/largest-remainder.md for
// the öre that do not divide.
//
// A trainer day (utbildardag) is one trainer present on one course day: two trainers of the same
// municipality on the same day are two trainer days.
//
// # A year
//
// A region's year ([Year]) is every course day of its regional rounds that have a tariff kind and
// are not cancelled, counted from attendance, exemptions and the employments on the course day. A day
// that lacks its tariff, its attendance or the word on a trainer is unfinished and says so.
//
// In December the year is settled ([Settle]): its charges and shares per municipality and course day
// become lines that nothing changes. What is changed later, an attendance, an exemption, a tariff,
// is a difference between the lines and the facts until somebody corrects the year with a reason
// ([Correct]): the differences become lines of their own. So every amount that was ever sent out can
// be found again, and settled and corrected lines together are what the facts say.
//
// A year whose course days were made from printed sums says so: its [Reconstruction].
//
// Who sees what: the whole of a region's money [access.Money], one municipality's lines
// [access.MunicipalMoney], participants by name only [access.People], with the place where they were
// employed on the course day.
package economy
