package web

import (
	"math"
	"time"
)

// hourPlot is two numbers of each hour, one on top of the other, as bars in a
// field 100 high.
type hourPlot struct {
	Width int
	// Top is what the full height stands for, in Unit.
	Top   int
	Unit  string
	Label string
	// Lower and Upper say what the two parts of a bar are; Tone is the class of
	// the upper one.
	Lower, Upper, Tone string
	Bars               []hourBar
	Ticks              []string
}

// hourBar is one hour: the lower number at the bottom, the upper on top of it.
type hourBar struct {
	Title  string
	X      int
	Lower  float64
	LowerY float64
	Upper  float64
	UpperY float64
}

// hourValue is what a bar is made of.
type hourValue struct {
	hour         time.Time
	lower, upper int
	title        string
}

// hourPlot makes the bars of a plot; nil if there are none to show.
func (s *speech) hourPlot(values []hourValue) *hourPlot {
	most := 0
	for _, v := range values {
		most = max(most, v.lower+v.upper)
	}
	if most == 0 {
		return nil
	}
	plot := &hourPlot{Width: 10 * len(values), Top: niceTop(most)}
	scale := 100 / float64(plot.Top)
	for i, v := range values {
		bar := hourBar{X: 10 * i, Lower: tenths(float64(v.lower) * scale), Upper: tenths(float64(v.upper) * scale)}
		bar.LowerY = tenths(100 - bar.Lower)
		bar.UpperY = tenths(bar.LowerY - bar.Upper)
		bar.Title = s.hour(v.hour) + ": " + v.title
		plot.Bars = append(plot.Bars, bar)
	}
	for i := range 4 {
		plot.Ticks = append(plot.Ticks, values[i*(len(values)-1)/4].hour.UTC().Format("15:04"))
	}
	plot.Ticks = append(plot.Ticks, s.say("now"))
	return plot
}

// hour is the day and the clock of a bar.
func (s *speech) hour(t time.Time) string {
	t = t.UTC()
	return s.say("%d %s %s", t.Day(), s.month(t.Month()), t.Format("15:04"))
}

// launchPlot is the launches by the hour; nil without any.
func (s *speech) launchPlot(o OverviewPage) *hourPlot {
	values := make([]hourValue, len(o.Hours))
	most, accepted, refused := 0, 0, 0
	for i, h := range o.Hours {
		values[i] = hourValue{h.Hour, h.Accepted, h.Refused, s.say("%d accepted, %d refused", h.Accepted, h.Refused)}
		most = max(most, h.Accepted+h.Refused)
		accepted += h.Accepted
		refused += h.Refused
	}
	plot := s.hourPlot(values)
	if plot != nil {
		plot.Lower, plot.Upper, plot.Tone, plot.Unit = s.say("accepted"), s.say("refused"), "bad", s.say("launches")
		plot.Label = s.say("%d launches accepted and %d refused in the last 24 hours, at most %d in one hour", accepted, refused, most)
	}
	return plot
}

// gradePlot is what became of grades for LMSs by the hour; nil without any.
func (s *speech) gradePlot(o OverviewPage) *hourPlot {
	values := make([]hourValue, len(o.Hours))
	delivered, stuck := 0, 0
	for i, h := range o.Hours {
		values[i] = hourValue{h.Hour, h.Delivered, h.Stuck, s.say("%d delivered, %d refused or given up", h.Delivered, h.Stuck)}
		delivered += h.Delivered
		stuck += h.Stuck
	}
	plot := s.hourPlot(values)
	if plot != nil {
		plot.Lower, plot.Upper, plot.Tone, plot.Unit = s.say("delivered"), s.say("refused or given up"), "bad", s.say("grades")
		plot.Label = s.say("%d grades delivered and %d refused or given up in the last 24 hours", delivered, stuck)
	}
	return plot
}

// latencyPlot is how long launches took by the hour: half of them at most the lower
// part, 19 of 20 at most the whole; nil without any that is known.
func (s *speech) latencyPlot(o OverviewPage) *hourPlot {
	values := make([]hourValue, len(o.Hours))
	worst := time.Duration(0)
	for i, h := range o.Hours {
		half, most := int(h.Half.Milliseconds()), int(h.Most.Milliseconds())
		values[i] = hourValue{h.Hour, half, most - half, s.say("half took up to %d ms, 19 of 20 up to %d ms", half, most)}
		worst = max(worst, h.Most)
	}
	plot := s.hourPlot(values)
	if plot != nil {
		plot.Lower, plot.Upper, plot.Tone, plot.Unit = s.say("half of them"), s.say("19 of 20"), "more", "ms"
		plot.Label = s.say("How long launches took in the last 24 hours: in the slowest hour 19 of 20 took up to %d ms", worst.Milliseconds())
	}
	return plot
}

// niceTop is the next of 5, 10, 15, 20, 30, 40, 50, 100, ... that n does not
// exceed.
func niceTop(n int) int {
	for top := 1; top < math.MaxInt/10; top *= 10 {
		for _, step := range []int{5, 10, 15, 20, 30, 40} {
			if n <= top*step {
				return top * step
			}
		}
	}
	return n
}

func tenths(x float64) float64 { return math.Round(x*10) / 10 }

// causeShare is a cause with its part of the most frequent one.
type causeShare struct {
	CauseCount
	Percent int
}

// Shares are the causes with the length of their bars.
func (o OverviewPage) Shares() []causeShare {
	most := 1
	for _, c := range o.Causes {
		most = max(most, c.Count)
	}
	shares := make([]causeShare, 0, len(o.Causes))
	for _, c := range o.Causes {
		shares = append(shares, causeShare{c, 100 * c.Count / most})
	}
	return shares
}

// Waiting is how many scores are on their way.
func (o OverviewPage) Waiting() int { return o.Deliveries.Waiting + o.Deliveries.Sending }
