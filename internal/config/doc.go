// Package config reads ltihub's options from flags, LTIHUB_* variables, one
// YAML file and the defaults, in this order of precedence, into one Config
// value. It is the only importer of viper.
// It must not know what the options do; run.go hands each part plain fields.
package config
