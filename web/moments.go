package web

import (
	"strconv"
	"time"
)

// when is a time with the moment to tell it from.
type when struct {
	ISO  string
	Text string
	Ago  string
}

// when shows a time to the minute; a zero one gives the zero value.
func (s *speech) when(t, now time.Time) when { return s.moment(t, now, "15:04") }

// whenExact shows a time to the second.
func (s *speech) whenExact(t, now time.Time) when { return s.moment(t, now, "15:04:05") }

// date shows a time to the minute as plain words, "" for none.
func (s *speech) date(t, now time.Time) string { return s.when(t, now).Text }

// moment writes a time in UTC with a clock of that form, and with the year
// where it is another than now.
func (s *speech) moment(t, now time.Time, clock string) when {
	if t.IsZero() {
		return when{}
	}
	t = t.UTC()
	text := s.say("%d %s %s UTC", t.Day(), s.month(t.Month()), t.Format(clock))
	if t.Year() != now.UTC().Year() {
		text = s.say("%d %s %s %s UTC", t.Day(), s.month(t.Month()), strconv.Itoa(t.Year()), t.Format(clock))
	}
	return when{ISO: t.Format(time.RFC3339), Text: text, Ago: s.ago(t, now)}
}

// month is the short name of a month.
func (s *speech) month(m time.Month) string {
	switch m {
	case time.January:
		return s.say("Jan")
	case time.February:
		return s.say("Feb")
	case time.March:
		return s.say("Mar")
	case time.April:
		return s.say("Apr")
	case time.May:
		return s.say("May")
	case time.June:
		return s.say("Jun")
	case time.July:
		return s.say("Jul")
	case time.August:
		return s.say("Aug")
	case time.September:
		return s.say("Sep")
	case time.October:
		return s.say("Oct")
	case time.November:
		return s.say("Nov")
	}
	return s.say("Dec")
}

// ago tells a time in words relative to now: "3 min ago", "in 2 h".
func (s *speech) ago(t, now time.Time) string {
	if t.IsZero() {
		return s.say("never")
	}
	d := now.Sub(t)
	switch {
	case d.Abs() < 10*time.Second:
		return s.say("now")
	case d < 0:
		return s.until(-d)
	case d < time.Minute:
		return s.say("%d s ago", d/time.Second)
	case d < time.Hour:
		return s.say("%d min ago", d/time.Minute)
	case d < 48*time.Hour:
		return s.say("%d h ago", d/time.Hour)
	}
	return s.say("%d days ago", d/(24*time.Hour))
}

// until tells how far off a time is.
func (s *speech) until(d time.Duration) string {
	switch {
	case d < time.Minute:
		return s.say("in %d s", d/time.Second)
	case d < time.Hour:
		return s.say("in %d min", d/time.Minute)
	case d < 48*time.Hour:
		return s.say("in %d h", d/time.Hour)
	}
	return s.say("in %d days", d/(24*time.Hour))
}

// span writes a duration in its largest unit.
func (s *speech) span(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + s.span(-d)
	case d < time.Minute:
		return s.say("%d s", d/time.Second)
	case d < time.Hour:
		return s.say("%d min", d/time.Minute)
	case d < 48*time.Hour:
		return s.say("%d h", d/time.Hour)
	}
	return s.say("%d days", d/(24*time.Hour))
}
