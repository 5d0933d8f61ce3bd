// Package attendance is who was there on a course day, and what follows from it.
//
// Attendance is a mark per day and enrolment: present, late, excused or absent;
// present and late are attended. Participants check in by a code on the screen in
// the room (CheckIn) or say on a local day that they were there (Report). Those
// who keep the list save it whole (SaveAttendance) or touch by touch, also after
// a time without a network (SaveMarks); a later change is a correction with a
// reason. A day is held when the whole list has once been given by those who keep
// it. Later changes are kept as events with the old mark and the new one.
//
// Approval asks for attendance on every day, or for a reason, and gives the
// completion (package learning) in the same transaction. To attend some days and
// not be approved is normal. Nobody approves a local round: the course is
// completed by rule (fulfil), and the completion follows the attendance.
package attendance
