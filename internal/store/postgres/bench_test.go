package postgres_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/postgres"
)

const benchUsers = 1000

// prepareLaunches puts what a launch reads.
func prepareLaunches(b *testing.B, s store.Store) {
	b.Helper()
	err := s.Update(b.Context(), func(tx store.Tx) error {
		errs := []error{
			store.ToolConsumers.Put(tx, lti.ToolConsumer{Domain: "uni", ID: "lms", Key: "key", Name: "Campus"}),
			store.Courses.Put(tx, lti.Course{Domain: "uni", ID: "c", Title: "Physics"}),
			store.CourseMaps.Put(tx, lti.CourseMap{Domain: "uni", Consumer: "lms", ContextID: "ctx", Course: lti.CourseRef{Domain: "uni", ID: "c"}}),
		}
		for i := range benchUsers {
			name := fmt.Sprintf("student-%04d", i)
			errs = append(errs,
				store.Users.Put(tx, lti.User{Domain: "uni", Username: name, GivenName: "Ada", Email: name + "@uni.example"}),
				store.Bindings.Put(tx, lti.Binding{Domain: "uni", Consumer: "lms", Value: name, Username: name}),
				store.Memberships.Put(tx, lti.Membership{Domain: "uni", Course: "c", Username: name, Role: "student", Digest: name}))
		}
		return errors.Join(errs...)
	})
	if err != nil {
		b.Fatal(err)
	}
}

// launch is what the launch of a returning user reads and writes.
func launch(b *testing.B, s store.Store, n int64) error {
	b.Helper()
	user := fmt.Sprintf("student-%04d", n%benchUsers)
	nonce := store.NewNonce(store.NonceLaunch, "key", fmt.Sprint(n), time.Now(), 5*time.Minute)
	return s.Update(b.Context(), func(tx store.Tx) error {
		if err := tx.Prefetch(
			store.Key{Collection: "tool_consumers.key", Key: "key"},
			store.Key{Collection: "tool_consumers", Key: "uni/lms"},
			store.Key{Collection: "course_maps", Key: "uni/lms/ctx"},
			store.Key{Collection: "courses", Key: "uni/c"},
			store.Key{Collection: "bindings", Key: "uni/lms/" + user},
			store.Key{Collection: "users", Key: "uni/" + user},
			store.Key{Collection: "memberships", Key: "uni/c/" + user},
		); err != nil {
			return err
		}
		_, errConsumer := store.ToolConsumers.FindRead(tx, "key", "key")
		_, errMap := store.CourseMaps.Read(tx, "uni", "lms", "ctx")
		_, errCourse := store.Courses.Read(tx, "uni", "c")
		_, errBinding := store.Bindings.Get(tx, "uni", "lms", user)
		_, errUser := store.Users.Get(tx, "uni", user)
		_, errMember := store.Memberships.Get(tx, "uni", "c", user)
		if err := errors.Join(errConsumer, errMap, errCourse, errBinding, errUser, errMember, tx.UseNonce(nonce)); err != nil {
			return err
		}
		id := fmt.Sprintf("%015d-%d", tx.Now().UnixMilli(), n)
		return errors.Join(
			store.Launches.PutNew(tx, lti.LaunchRecord{ID: id}),
			store.Targets.Put(tx, lti.UpstreamTarget{Domain: "uni", Course: "c", Username: user, Consumer: "lms"}))
	})
}

// firstLaunch is what the first launch of a new user does besides.
func firstLaunch(b *testing.B, s store.Store, n int64) error {
	b.Helper()
	user := fmt.Sprintf("new-%08d", n)
	return s.Update(b.Context(), func(tx store.Tx) error {
		if err := tx.Prefetch(
			store.Key{Collection: "bindings", Key: "uni/lms/" + user},
			store.Key{Collection: "users", Key: "uni/" + user},
			store.Key{Collection: "memberships", Key: "uni/c/" + user},
		); err != nil {
			return err
		}
		_, errUser := store.Users.Get(tx, "uni", user)
		if !errors.Is(errUser, store.ErrNotFound) {
			return fmt.Errorf("a new user: %w", errUser)
		}
		return errors.Join(
			store.Users.Put(tx, lti.User{Domain: "uni", Username: user}),
			store.Bindings.Put(tx, lti.Binding{Domain: "uni", Consumer: "lms", Value: user, Username: user}),
			store.Memberships.Put(tx, lti.Membership{Domain: "uni", Course: "c", Username: user, Role: "student", Digest: user}))
	})
}

// share lets so many goroutines do b.N times work.
func share(b *testing.B, goroutines int, work func(n int64) error) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range goroutines {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				if err := work(n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "units/s")
}

// BenchmarkLaunch does the same on both engines, to compare them in one run.
func BenchmarkLaunch(b *testing.B) {
	units := map[string]func(*testing.B, store.Store, int64) error{"returning": launch, "first": firstLaunch}
	for name, unit := range units {
		for _, goroutines := range []int{1, 32} {
			b.Run(fmt.Sprintf("%s/%d/bolt", name, goroutines), func(b *testing.B) {
				s := openBolt(b)
				prepareLaunches(b, s)
				share(b, goroutines, func(n int64) error { return unit(b, s, n) })
			})
			b.Run(fmt.Sprintf("%s/%d/postgres", name, goroutines), func(b *testing.B) {
				s := openStore(b, cluster.Database(b), postgres.Options{})
				prepareLaunches(b, s)
				before := s.Stats()
				share(b, goroutines, func(n int64) error { return unit(b, s, n) })
				after := s.Stats()
				b.ReportMetric(float64(after.RoundTrips-before.RoundTrips)/float64(b.N), "trips/unit")
				b.ReportMetric(float64(after.Conflicts-before.Conflicts)/float64(b.N), "conflicts/unit")
			})
		}
	}
}

// BenchmarkCopy copies 10,000 users with ten results each, both ways.
func BenchmarkCopy(b *testing.B) {
	source := openBolt(b)
	fill(b, source, 10_000, 10)
	engines := map[string]func() store.Store{
		"bolt":     func() store.Store { return openBolt(b) },
		"postgres": func() store.Store { return openStore(b, cluster.Database(b), postgres.Options{}) },
	}
	middle := engines["postgres"]()
	if _, err := store.Copy(b.Context(), source, middle, nil); err != nil {
		b.Fatal(err)
	}
	for name, from := range map[string]store.Store{"bolt": middle, "postgres": source} {
		b.Run("to "+name, func(b *testing.B) {
			var records int64
			for b.Loop() {
				b.StopTimer()
				to := engines[name]()
				b.StartTimer()
				count, err := store.Copy(b.Context(), from, to, nil)
				if err != nil {
					b.Fatal(err)
				}
				records += count.Total()
			}
			b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
