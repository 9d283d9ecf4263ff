package config

import (
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"
)

// decode turns what viper holds into a Config. Its errors name the option, and
// never repeat a secret.
func decode(v *viper.Viper) (Config, error) {
	var c Config
	err := v.UnmarshalExact(&c, viper.DecodeHook(mapstructure.DecodeHookFuncValue(convert)))
	if err == nil {
		return c, nil
	}
	return Config{}, joinFaults(flatten(err))
}

// flatten writes mapstructure's tree of errors as Check writes its faults.
func flatten(err error) []string {
	var several interface{ Unwrap() []error }
	if errors.As(err, &several) {
		var lines []string
		for _, one := range several.Unwrap() {
			lines = append(lines, flatten(one)...)
		}
		return lines
	}
	var one *mapstructure.DecodeError
	if errors.As(err, &one) {
		return []string{one.Name() + ": " + one.Unwrap().Error()}
	}
	return []string{err.Error()}
}

// convert reads one value for its field. Texts come from variables, flags and
// the file alike, so all three follow the same rules.
func convert(from, to reflect.Value) (any, error) {
	switch to.Interface().(type) {
	case time.Duration:
		return toDuration(from.Interface())
	case []netip.Prefix:
		return toPrefixes(from.Interface())
	case bool:
		return toBool(from.Interface())
	case int:
		return toInt(from.Interface())
	case string, Secret:
		if text, ok := from.Interface().(string); ok {
			return text, nil
		}
		return nil, errors.New("want text; put it in quotes")
	}
	return from.Interface(), nil
}

func toDuration(value any) (time.Duration, error) {
	text, ok := value.(string)
	if !ok {
		return 0, fmt.Errorf("%v is no duration; write it with its unit, such as 30s or 5m", value)
	}
	d, err := time.ParseDuration(strings.TrimSpace(text))
	if err != nil {
		return 0, fmt.Errorf("%q is no duration; write it such as 30s, 5m or 12h", text)
	}
	return d, nil
}

func toBool(value any) (bool, error) {
	switch b := value.(type) {
	case bool:
		return b, nil
	case string:
		if parsed, err := strconv.ParseBool(strings.TrimSpace(b)); err == nil {
			return parsed, nil
		}
	}
	return false, fmt.Errorf("%v is neither true nor false", value)
}

func toInt(value any) (int, error) {
	switch n := value.(type) {
	case int:
		return n, nil
	case string:
		if parsed, err := strconv.Atoi(strings.TrimSpace(n)); err == nil {
			return parsed, nil
		}
	}
	return 0, fmt.Errorf("%v is no whole number", value)
}

// toPrefixes reads a list, or a text with commas, of ranges and addresses. An
// empty list is nil.
func toPrefixes(value any) ([]netip.Prefix, error) {
	var prefixes []netip.Prefix
	texts, err := toTexts(value)
	if err != nil {
		return nil, err
	}
	for _, text := range texts {
		p, err := toPrefix(strings.TrimSpace(text))
		if err != nil {
			return nil, err
		}
		prefixes = append(prefixes, p)
	}
	return prefixes, nil
}

func toTexts(value any) ([]string, error) {
	switch list := value.(type) {
	case nil:
		return nil, nil
	case string:
		if strings.TrimSpace(list) == "" {
			return nil, nil
		}
		return strings.Split(list, ","), nil
	case []string:
		return list, nil
	case []any:
		texts := make([]string, len(list))
		for i, item := range list {
			texts[i] = fmt.Sprint(item)
		}
		return texts, nil
	}
	return nil, fmt.Errorf("%v is no list", value)
}

func toPrefix(text string) (netip.Prefix, error) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.Masked(), nil
	}
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	return netip.Prefix{}, fmt.Errorf("%q is no range of addresses such as 10.0.0.0/8 or fd00::/8", text)
}
