package report

import (
	"yrkesresan/internal/clock"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/statistics"
)

// DayCount is how many were charged for on one course day.
type DayCount struct {
	Day          clock.Day
	Course       string
	Participants int
}

// DayTable is a year's course days: how many they are by what they are, and of the billed ones, in
// their order, the participants with their mean, least and most per day; all zero without a day.
type DayTable struct {
	economy.DayCounts
	Each            []DayCount
	ParticipantDays int
	Mean            statistics.Tenths // ParticipantDays / len(Each)
	Min, Max        int
}

// sumDays is the table of the days.
func sumDays(counts economy.DayCounts, billed []DayCount) DayTable {
	t := DayTable{DayCounts: counts, Each: billed}
	for i, d := range billed {
		t.ParticipantDays += d.Participants
		if i == 0 || d.Participants < t.Min {
			t.Min = d.Participants
		}
		t.Max = max(t.Max, d.Participants)
	}
	t.Mean = statistics.Mean(t.ParticipantDays, len(billed))
	return t
}
