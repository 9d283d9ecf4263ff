package config

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// envPrefix begins the name of every variable.
const envPrefix = "LTIHUB_"

// Options say where Load reads from. The zero value gives the defaults.
type Options struct {
	File  string                           // path of the YAML file; "" none
	Env   func(name string) (string, bool) // os.LookupEnv; nil none
	Flags *pflag.FlagSet                   // nil none; only flags that were set count
}

// Load reads the options and checks them, so that what it returns without
// error has passed Check. The error lists all faults that could be found. An
// empty variable counts as none; flags are named as FlagName says, and those
// that are no option are passed over.
func Load(o Options) (Config, error) {
	v := viper.New()
	for _, opt := range options() {
		v.SetDefault(opt.key, opt.value)
	}
	if err := readFile(v, o.File); err != nil {
		return Config{}, err
	}
	for _, key := range Keys() {
		if text, ok := lookUp(o, key); ok {
			v.Set(key, text)
		}
	}
	c, err := decode(v)
	if err != nil {
		return Config{}, err
	}
	c.normalise()
	if err := c.Check(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// EnvName is the variable of an option: LTIHUB_DELIVERY_RETRY_BASE for
// delivery.retry_base. Lists are written with commas.
func EnvName(key string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// FlagName is the flag of an option: delivery-retry-base for
// delivery.retry_base.
func FlagName(key string) string {
	return strings.NewReplacer(".", "-", "_", "-").Replace(key)
}

// lookUp gives the text of a flag that was set, or else of a variable.
func lookUp(o Options, key string) (string, bool) {
	if o.Flags != nil {
		if flag := o.Flags.Lookup(FlagName(key)); flag != nil && flag.Changed {
			return flagText(flag.Value), true
		}
	}
	if o.Env == nil {
		return "", false
	}
	text, ok := o.Env(EnvName(key))
	return text, ok && text != ""
}

func flagText(value pflag.Value) string {
	if list, ok := value.(pflag.SliceValue); ok {
		return strings.Join(list.GetSlice(), ",")
	}
	return value.String()
}

func readFile(v *viper.Viper, path string) error {
	if path == "" {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read configuration: %w", err)
	}
	if err := checkKeys(text); err != nil {
		return fmt.Errorf("read configuration %s: %w", path, err)
	}
	v.SetConfigType("yaml")
	if err := v.ReadConfig(bytes.NewReader(text)); err != nil {
		return fmt.Errorf("read configuration %s: %w", path, err)
	}
	return nil
}

// normalise writes equal settings in one way, and derives the public URL.
func (c *Config) normalise() {
	if len(c.Directories) == 0 {
		c.Directories = nil
	}
	if c.PublicURL != "" {
		c.PublicURL = tidyURL(c.PublicURL)
		return
	}
	if _, port, err := net.SplitHostPort(c.Listen); err == nil && port != "0" {
		c.PublicURL = LocalURL(c.Listen)
	}
}

// tidyURL lower-cases scheme and host and drops one trailing slash. What is no
// URL stays as it is, for Check to refuse.
func tidyURL(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return text
	}
	u.Host = strings.ToLower(u.Host)
	if u.Path == "/" {
		u.Path = ""
	}
	return u.String()
}

// joinFaults is errors.Join with each fault on its own line, or nil.
func joinFaults(faults []string) error {
	errs := make([]error, len(faults))
	for i, f := range faults {
		errs[i] = errors.New(f)
	}
	return errors.Join(errs...)
}
