package consumer_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/oauth1"
)

// BenchmarkLaunch makes launches from many goroutines, as a lecture hall does.
func BenchmarkLaunch(b *testing.B) {
	h := newHub(b)
	req := consumer.LaunchRequest{Course: courseRef, Link: "quiz1", Username: "bob"}
	h.launch("bob", "quiz1")
	b.ReportAllocs()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := h.Launch(context.Background(), req); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkTakeResult takes scores that were signed before.
func BenchmarkTakeResult(b *testing.B) {
	h := newHub(b)
	ids := []string{h.sourcedID("bob", "quiz1"), h.sourcedID("cyd", "quiz1"), h.sourcedID("bob", "quiz2"), h.sourcedID("cyd", "quiz2")}
	requests := make(chan oauth1.Request, b.N)
	for i := range b.N {
		requests <- h.pox(h.signer("quizzer"), replace(ids[i%len(ids)], fmt.Sprintf("0.%d", i)))
	}
	b.ReportAllocs()
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if a := h.TakeResult(context.Background(), <-requests); a.Cause != "" {
				b.Error(a.Detail)
			}
		}
	})
}
