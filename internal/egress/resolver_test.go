package egress_test

import (
	"context"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// resolver asks a DNS server of the test's own, which gives answer for every
// name; asked counts the look-ups of IPv4 addresses before this one.
func resolver(t testing.TB, answer func(asked int) []string) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		serveDNS(conn, answer)
	}()
	t.Cleanup(func() {
		_ = conn.Close() // ends serveDNS
		<-done
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// loopback stands every name for 127.0.0.1.
func loopback(t testing.TB) *net.Resolver {
	return resolver(t, func(int) []string { return []string{"127.0.0.1"} })
}

func serveDNS(conn net.PacketConn, answer func(int) []string) {
	var asked atomic.Int64
	buf := make([]byte, 1500)
	for {
		n, from, err := conn.ReadFrom(buf)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
			continue
		}
		q := m.Questions[0]
		count := int(asked.Load())
		if q.Type == dnsmessage.TypeA {
			asked.Add(1)
		}
		reply := dnsmessage.Message{
			Header:    dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true},
			Questions: m.Questions, Answers: records(q, answer(count)),
		}
		if packed, err := reply.Pack(); err == nil {
			_, _ = conn.WriteTo(packed, from) // the asker gives up by itself
		}
	}
}

func records(q dnsmessage.Question, addrs []string) []dnsmessage.Resource {
	var all []dnsmessage.Resource
	for _, text := range addrs {
		addr := netip.MustParseAddr(text)
		header := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: dnsmessage.ClassINET}
		switch {
		case q.Type == dnsmessage.TypeA && addr.Is4():
			all = append(all, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: addr.As4()}})
		case q.Type == dnsmessage.TypeAAAA && addr.Is6():
			all = append(all, dnsmessage.Resource{Header: header, Body: &dnsmessage.AAAAResource{AAAA: addr.As16()}})
		}
	}
	return all
}
