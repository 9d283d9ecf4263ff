package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// client is a program that asks the API.
type client struct {
	t     testing.TB
	base  string
	token string
}

func (w *world) api() client { return client{w.t, w.url, adminToken} }

// call makes a request and returns status and body.
func (c client) call(method, path, body string) (int, string) {
	c.t.Helper()
	req, err := http.NewRequest(method, c.base+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if strings.HasPrefix(path, "/manifest") {
		req.Header.Set("Content-Type", "application/yaml")
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// read decodes what a GET answers, which must be 200.
func (c client) read(path string, into any) {
	c.t.Helper()
	status, text := c.call(http.MethodGet, path, "")
	if status != http.StatusOK {
		c.t.Fatalf("GET %s = %d %s", path, status, text)
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		c.t.Fatalf("GET %s: %v in %s", path, err, text)
	}
}

// listOf is one page of a list.
type listOf[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

type resultItem struct {
	Link       string         `json:"link"`
	Username   string         `json:"username"`
	Score      *float64       `json:"score"`
	Points     *float64       `json:"points"`
	Possible   *float64       `json:"possible"`
	Deliveries []deliveryItem `json:"deliveries"`
}

type deliveryItem struct {
	ID       string   `json:"id"`
	Consumer string   `json:"consumer"`
	State    string   `json:"state"`
	Attempts int      `json:"attempts"`
	Score    *float64 `json:"score"`
	Username string   `json:"username"`
	Scope    struct {
		Kind, ID string
	} `json:"scope"`
	LastError string `json:"last_error"`
}

type launchItem struct {
	ID        string  `json:"id"`
	Reference string  `json:"reference"`
	Direction string  `json:"direction"`
	Refused   bool    `json:"refused"`
	Cause     string  `json:"cause"`
	Detail    string  `json:"detail"`
	Hint      string  `json:"hint"`
	Username  string  `json:"username"`
	Status    int     `json:"status"`
	Params    []field `json:"params"`
}

type field struct {
	Name, Value string
}

// results are all results of the course, by "link username".
func (c client) results() map[string]resultItem {
	c.t.Helper()
	all := map[string]resultItem{}
	for after := ""; ; {
		var page listOf[resultItem]
		c.read("/courses/uni/phys101/results?limit=1000&after="+url.QueryEscape(after), &page)
		for _, r := range page.Items {
			all[r.Link+" "+r.Username] = r
		}
		if after = page.Next; after == "" {
			return all
		}
	}
}

// deliveries are those in a state.
func (c client) deliveries(state string) []deliveryItem {
	c.t.Helper()
	var page listOf[deliveryItem]
	c.read("/deliveries?limit=1000&state="+state, &page)
	return page.Items
}

// record finds what the inspector keeps under a reference number.
func (c client) record(reference string) launchItem {
	c.t.Helper()
	var page listOf[launchItem]
	c.read("/launches?limit=1000&refused=true", &page)
	for _, l := range page.Items {
		if l.Reference == reference {
			return l
		}
	}
	c.t.Fatalf("the inspector knows no refused launch %s among %d", reference, len(page.Items))
	return launchItem{}
}
