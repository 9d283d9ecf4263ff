package lti

// Keyset holds the keys that seal secrets at rest, itself encrypted under the
// master key.
type Keyset struct {
	Name      string `json:"name"`
	Encrypted []byte `json:"encrypted"`
}
