package migrations

import "go.etcd.io/bbolt"

// createMarker makes the bucket that holds the schema number. The buckets of
// collections and nonces come with their first record.
func createMarker(tx *bbolt.Tx) error {
	_, err := tx.CreateBucketIfNotExists([]byte(markerBucket))
	return err
}
