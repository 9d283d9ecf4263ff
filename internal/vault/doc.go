// Package vault seals secrets at rest. Its keys are a Tink keyset of
// AES-256-GCM keys, kept encrypted under a 32-byte master key; each sealed text
// names the key that made it, so keys can be changed one after another. It also
// makes new keys and secrets in unreserved ASCII (RFC 3986, 2.3).
// It must not know where the master key, the keyset or a sealed text is stored.
package vault
