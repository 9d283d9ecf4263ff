package config

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Setting is one option as it holds, for people to read. A secret is Hidden.
type Setting struct {
	Key   string
	Value string
	// Default says that nobody set it to anything else.
	Default bool
}

// Settings lists all options in the order of Keys.
func (c Config) Settings() []Setting {
	now, usual := map[string]string{}, map[string]string{}
	collect(now, "", reflect.ValueOf(c))
	if d, err := Load(Options{}); err == nil { // the defaults are sound: a test holds it
		collect(usual, "", reflect.ValueOf(d))
	}
	list := make([]Setting, 0, len(now))
	for _, key := range Keys() {
		list = append(list, Setting{Key: key, Value: now[key], Default: now[key] == usual[key]})
	}
	return list
}

// collect writes the options of v by their keys.
func collect(into map[string]string, prefix string, v reflect.Value) {
	for i := range v.NumField() {
		key := prefix + v.Type().Field(i).Tag.Get("mapstructure")
		field := v.Field(i)
		switch value := field.Interface().(type) {
		case Secret:
			into[key] = shownSecret(key, value)
		case time.Duration:
			into[key] = value.String()
		default:
			if field.Kind() == reflect.Struct {
				collect(into, key+".", field)
				continue
			}
			into[key] = strings.Trim(fmt.Sprint(value), "[]")
		}
	}
}

// shownSecret hides a secret. The embedded engine's name is none.
func shownSecret(key string, s Secret) string {
	if key == "store" && string(s) == StoreBolt {
		return StoreBolt
	}
	return s.String()
}
