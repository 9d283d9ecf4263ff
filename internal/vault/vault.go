package vault

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// keysetContext binds a stored keyset to its purpose.
const keysetContext = "ltihub keyset v1"

var (
	// ErrMasterKey: the master key is no key, or not the one that the keyset
	// was stored under (or the keyset is damaged, which looks the same).
	ErrMasterKey = errors.New("master key does not fit")
	// ErrSealed: a sealed text is damaged, stands in another place than it
	// was sealed for, or was sealed under a key that this keyset lacks.
	ErrSealed = errors.New("sealed text does not open")
)

// Vault seals and opens secrets. It does not change, so all methods may be
// called concurrently.
type Vault struct {
	keys   *keyset.Handle
	sealer tink.AEAD
}

// Create makes a vault with one new key. The keyset it returns is encrypted
// under master and is what the caller stores; without it nothing opens again.
// A master key of another length than 32 bytes gives ErrMasterKey.
func Create(master []byte) (v *Vault, stored []byte, err error) {
	keys, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, nil, fmt.Errorf("make keyset: %w", err)
	}
	if stored, err = wrap(keys, master); err != nil {
		return nil, nil, err
	}
	if v, err = of(keys); err != nil {
		return nil, nil, err
	}
	return v, stored, nil
}

// Open reads a stored keyset. It returns ErrMasterKey when master does not
// open it.
func Open(master, stored []byte) (*Vault, error) {
	cover, err := masterAEAD(master)
	if err != nil {
		return nil, err
	}
	reader := keyset.NewBinaryReader(bytes.NewReader(stored))
	keys, err := keyset.ReadWithAssociatedData(reader, cover, []byte(keysetContext))
	if err != nil {
		return nil, fmt.Errorf("open keyset: %w", ErrMasterKey)
	}
	return of(keys)
}

// Seal encrypts plain for one place, which context names, for example
// "tool_consumer/uni/campus": a sealed text moved to another record does not
// open there. The result is unpadded base64url; the same plain gives another
// one each time.
func (v *Vault) Seal(plain, context string) (string, error) {
	sealed, err := v.sealer.Encrypt([]byte(plain), []byte(context))
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(sealed), nil
}

// Open decrypts what Seal made for the same context. Everything else gives
// ErrSealed. It takes about a microsecond, so opened secrets need no cache.
func (v *Vault) Open(sealed, context string) (string, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil {
		return "", ErrSealed
	}
	plain, err := v.sealer.Decrypt(raw, []byte(context))
	if err != nil {
		return "", ErrSealed
	}
	return string(plain), nil
}

// Rotate returns a keyset with one more key, under which all is sealed from
// then on; what older keys sealed still opens. The vault itself stays as it
// is: store the keyset first, then Open it, lest something be sealed under a
// key that is lost. A node that still holds the older keyset answers ErrSealed
// to newer texts, and reads the keyset again.
func (v *Vault) Rotate(master []byte) (stored []byte, err error) {
	manager := keyset.NewManagerFromHandle(v.keys)
	id, err := manager.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("add key: %w", err)
	}
	if err := manager.SetPrimary(id); err != nil {
		return nil, fmt.Errorf("add key: %w", err)
	}
	keys, err := manager.Handle()
	if err != nil {
		return nil, fmt.Errorf("add key: %w", err)
	}
	return wrap(keys, master)
}

// Rewrap returns the same keys encrypted under another master key. Sealed
// texts stay as they are; the keyset stored before opens with the old master
// key for as long as a copy of it exists.
func (v *Vault) Rewrap(newMaster []byte) (stored []byte, err error) {
	return wrap(v.keys, newMaster)
}

func of(keys *keyset.Handle) (*Vault, error) {
	sealer, err := aead.New(keys)
	if err != nil {
		return nil, fmt.Errorf("use keyset: %w", err)
	}
	return &Vault{keys: keys, sealer: sealer}, nil
}

func wrap(keys *keyset.Handle, master []byte) ([]byte, error) {
	cover, err := masterAEAD(master)
	if err != nil {
		return nil, err
	}
	var stored bytes.Buffer
	writer := keyset.NewBinaryWriter(&stored)
	if err := keys.WriteWithAssociatedData(writer, cover, []byte(keysetContext)); err != nil {
		return nil, fmt.Errorf("encrypt keyset: %w", err)
	}
	return stored.Bytes(), nil
}

func masterAEAD(master []byte) (tink.AEAD, error) {
	if err := checkMaster(master); err != nil {
		return nil, err
	}
	cover, err := subtle.NewAESGCM(master)
	if err != nil {
		return nil, fmt.Errorf("use master key: %w", err)
	}
	return cover, nil
}
