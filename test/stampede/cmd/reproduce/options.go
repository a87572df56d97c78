package main

import (
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/jordigilh/kubernaut/test/stampede"
)

// options serve those who switch a cure off and want to see what comes of it;
// without any of them the whole reproduction runs.
type options struct {
	only []stampede.Target
	env  []string
}

func parse(arguments []string, usage io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("reproduce", flag.ContinueOnError)
	flags.SetOutput(usage)
	only := flags.String("only", "", "targets to measure once, such as A,B; A is the historic reviewer, A' the same without limiter, B DataStorage")
	qps := flags.Float64("historic-qps", 5, "rate of the historic reviewer; negative switches its limiter off; needs --only")
	flags.Func("datastorage-env", "NAME=VALUE for the measured DataStorage; repeatable; needs --only", func(pair string) error {
		if name, _, found := strings.Cut(pair, "="); !found || name == "" {
			return fmt.Errorf("expected NAME=VALUE, not %q", pair)
		}
		o.env = append(o.env, pair)
		return nil
	})
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	historic := stampede.Historic()
	changed := historic.QPS != float32(*qps) || len(o.env) > 0
	historic.QPS = float32(*qps)
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case *only == "" && changed:
		return o, fmt.Errorf("the whole reproduction runs with its own settings; name targets with --only")
	}
	var err error
	o.only, err = targets(*only, historic)
	return o, err
}

func targets(list string, historic stampede.Target) ([]stampede.Target, error) {
	if list == "" {
		return nil, nil
	}
	known := map[string]stampede.Target{stampede.KeyHistoric: historic,
		stampede.KeyUnlimited: stampede.Unlimited(), stampede.KeyOurs: stampede.Ours()}
	var chosen []stampede.Target
	for key := range strings.SplitSeq(list, ",") {
		target, found := known[key]
		if !found {
			return nil, fmt.Errorf("unknown target %q; expected A, A' or B", key)
		}
		chosen = append(chosen, target)
	}
	return chosen, nil
}
