package web

import (
	"fmt"
	"math"
)

// hourPlot is the launches of each hour as bars in a field 100 high.
type hourPlot struct {
	Width int
	// Top is what the full height stands for.
	Top   int
	Label string
	Bars  []hourBar
	Ticks []string
}

// hourBar is one hour: accepted at the bottom, refused on top of it.
type hourBar struct {
	Title     string
	X         int
	Accepted  float64
	AcceptedY float64
	Refused   float64
	RefusedY  float64
}

// Plot is the launches by the hour; nil without any hours.
func (o OverviewPage) Plot() *hourPlot {
	if len(o.Hours) == 0 {
		return nil
	}
	most, accepted, refused := 0, 0, 0
	for _, h := range o.Hours {
		most = max(most, h.Accepted+h.Refused)
		accepted += h.Accepted
		refused += h.Refused
	}
	plot := &hourPlot{Width: 10 * len(o.Hours), Top: niceTop(most)}
	plot.Label = fmt.Sprintf("%d launches accepted and %d refused in the last 24 hours, at most %d in one hour",
		accepted, refused, most)
	scale := 100 / float64(plot.Top)
	for i, h := range o.Hours {
		bar := hourBar{X: 10 * i, Accepted: tenths(float64(h.Accepted) * scale), Refused: tenths(float64(h.Refused) * scale)}
		bar.AcceptedY = tenths(100 - bar.Accepted)
		bar.RefusedY = tenths(bar.AcceptedY - bar.Refused)
		bar.Title = fmt.Sprintf("%s: %d accepted, %d refused", h.Hour.UTC().Format("2 Jan 15:04"), h.Accepted, h.Refused)
		plot.Bars = append(plot.Bars, bar)
	}
	for i := 0; i < 4; i++ {
		at := o.Hours[i*(len(o.Hours)-1)/4].Hour.UTC()
		plot.Ticks = append(plot.Ticks, at.Format("15:04"))
	}
	plot.Ticks = append(plot.Ticks, "now")
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
