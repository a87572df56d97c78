// Command aianalysis runs the AIAnalysis controller.
package main

import (
	"flag"
	"fmt"
	"os"

	"k8s.io/klog/v2"
	"k8s.io/klog/v2/textlogger"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/jordigilh/kubernaut/internal/aianalysis/manager"
)

func main() {
	if err := run(os.Args[1:], os.Getenv); err != nil {
		fmt.Fprintf(os.Stderr, "aianalysis: %v\n", err)
		os.Exit(1)
	}
}

// run leads analyses until a signal comes.
func run(arguments []string, environment func(string) string) error {
	options, err := parse(arguments, environment)
	if err != nil {
		return err
	}
	logger := textlogger.NewLogger(textlogger.NewConfig())
	ctrl.SetLogger(logger)
	klog.SetLogger(logger)
	options.Registry = metrics.Registry
	config, err := ctrl.GetConfig()
	if err != nil {
		return fmt.Errorf("reach the API server: %w", err)
	}
	ctx := ctrl.SetupSignalHandler()
	leader, err := manager.New(ctx, config, options)
	if err != nil {
		return err
	}
	return leader.Start(ctx)
}

// parse takes flags, for some of which a variable stands in.
func parse(arguments []string, environment func(string) string) (manager.Options, error) {
	options := manager.Default()
	for name, target := range map[string]*string{
		"HOLMESGPT_API_URL": &options.HolmesGPTURL, "DATASTORAGE_URL": &options.DataStorageURL, "REGO_POLICY_PATH": &options.PolicyPath,
	} {
		if value := environment(name); value != "" {
			*target = value
		}
	}
	flags := flag.NewFlagSet("aianalysis", flag.ContinueOnError)
	define(flags, &options)
	// ctrl.GetConfig reads it from the flags of the program.
	if kubeconfig := flag.CommandLine.Lookup("kubeconfig"); kubeconfig != nil {
		flags.Var(kubeconfig.Value, kubeconfig.Name, kubeconfig.Usage)
	}
	if err := flags.Parse(arguments); err != nil {
		return options, err
	}
	if flags.NArg() > 0 {
		return options, fmt.Errorf("%q is not a flag: see --help", flags.Arg(0))
	}
	return options, options.Validate()
}

func define(flags *flag.FlagSet, o *manager.Options) {
	flags.StringVar(&o.MetricsAddress, "metrics-bind-address", o.MetricsAddress, "where /metrics listens; 0 is nowhere")
	flags.StringVar(&o.HealthAddress, "health-probe-bind-address", o.HealthAddress, "where /healthz and /readyz listen; 0 is nowhere")
	flags.BoolVar(&o.Lead, "leader-elect", o.Lead, "let only one of several replicas work")
	flags.StringVar(&o.LeaseNamespace, "leader-election-namespace", o.LeaseNamespace, "where the lease is; the pod's own namespace if empty")
	flags.StringVar(&o.Namespace, "namespace", o.Namespace, "lead only the analyses of this namespace; all if empty")
	flags.IntVar(&o.Parallel, "max-concurrent-reconciles", o.Parallel, "how many analyses are led at the same time")
	flags.StringVar(&o.HolmesGPTURL, "holmesgpt-api-url", o.HolmesGPTURL, "URL of HolmesGPT API, or HOLMESGPT_API_URL")
	flags.DurationVar(&o.HolmesGPTTimeout, "holmesgpt-api-timeout", o.HolmesGPTTimeout, "how long an investigation may take whose object does not say")
	flags.DurationVar(&o.RetryBase, "retry-base", o.RetryBase, "pause after a failed call; doubles with each failure")
	flags.StringVar(&o.DataStorageURL, "datastorage-url", o.DataStorageURL, "URL of DataStorage, or DATASTORAGE_URL")
	flags.DurationVar(&o.DataStorageTimeout, "datastorage-timeout", o.DataStorageTimeout, "how long DataStorage may take")
	flags.DurationVar(&o.Redelivery, "audit-redelivery", o.Redelivery, "pause after DataStorage took no audit events")
	flags.StringVar(&o.PolicyPath, "rego-policy-path", o.PolicyPath, "the approval policy, or REGO_POLICY_PATH; read again when it changes")
	flags.DurationVar(&o.PolicyTimeout, "rego-timeout", o.PolicyTimeout, "how long the policy may take whose object does not say")
	flags.StringVar(&o.TokenFile, "token-path", o.TokenFile, "the ServiceAccount's token for both services; read at each call")
}
