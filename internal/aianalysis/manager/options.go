// Package manager puts the controller's parts together: what the command runs,
// and what each process of the integration suite runs for its own namespace.
package manager

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Options are what a manager needs to know.
type Options struct {
	// Namespace limits what is led; empty means all of the cluster.
	Namespace string
	// HolmesGPTURL and DataStorageURL are called with the token in TokenFile.
	HolmesGPTURL, DataStorageURL, TokenFile string
	// PolicyPath is the approval policy.
	PolicyPath string
	// HolmesGPTTimeout and PolicyTimeout bound what an object does not bound.
	HolmesGPTTimeout, PolicyTimeout time.Duration
	DataStorageTimeout              time.Duration
	// RetryBase doubles with each failed call.
	RetryBase time.Duration
	// Redelivery is the pause after DataStorage took no audit events.
	Redelivery time.Duration
	// Parallel is how many analyses are led at the same time.
	Parallel int
	// MetricsAddress and HealthAddress are where to listen; "0" is nowhere.
	MetricsAddress, HealthAddress string
	// Lead lets only one of several managers work; its lease is in LeaseNamespace.
	Lead           bool
	LeaseNamespace string
	// Registry takes the metrics.
	Registry prometheus.Registerer
}

// Default is what the flags begin with.
func Default() Options {
	return Options{
		HolmesGPTURL: "http://holmesgpt-api:8080", DataStorageURL: "http://datastorage:8080",
		TokenFile:        "/var/run/secrets/kubernaut/token",
		PolicyPath:       "/etc/kubernaut/policies/approval.rego",
		HolmesGPTTimeout: time.Minute, PolicyTimeout: 5 * time.Second, DataStorageTimeout: 5 * time.Second,
		RetryBase: time.Second, Redelivery: 5 * time.Second, Parallel: 8,
		MetricsAddress: ":9090", HealthAddress: ":8081",
	}
}

// Validate reports every option that cannot be used, by its flag.
func (o Options) Validate() error {
	var problems []error
	for flag, value := range map[string]string{"--holmesgpt-api-url": o.HolmesGPTURL, "--datastorage-url": o.DataStorageURL} {
		parsed, err := url.Parse(value)
		if err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") {
			problems = append(problems, fmt.Errorf("%s is %q: expected http://HOST or https://HOST", flag, value))
		}
	}
	for flag, value := range map[string]string{"--token-path": o.TokenFile, "--rego-policy-path": o.PolicyPath} {
		if value == "" {
			problems = append(problems, fmt.Errorf("%s is empty: expected a file", flag))
		}
	}
	for flag, value := range map[string]time.Duration{
		"--holmesgpt-api-timeout": o.HolmesGPTTimeout, "--rego-timeout": o.PolicyTimeout,
		"--datastorage-timeout": o.DataStorageTimeout, "--retry-base": o.RetryBase, "--audit-redelivery": o.Redelivery,
	} {
		if value <= 0 {
			problems = append(problems, fmt.Errorf("%s is %s: expected more than 0s", flag, value))
		}
	}
	if o.Parallel < 1 {
		problems = append(problems, fmt.Errorf("--max-concurrent-reconciles is %d: expected 1 or more", o.Parallel))
	}
	return errors.Join(problems...)
}
