package main

import (
	"io"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/stampede"
)

func TestWholeReproductionRunsByDefault(t *testing.T) {
	g := NewWithT(t)

	o, err := parse(nil, io.Discard)

	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(o).To(Equal(options{}))
}

func TestOneCureCanBeSwitchedOff(t *testing.T) {
	g := NewWithT(t)

	o, err := parse([]string{"--only", "A,B", "--historic-qps", "-1", "--datastorage-env", "KUBE_AUTH_YES_TTL_SECONDS=0"}, io.Discard)

	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(o.env).To(Equal([]string{"KUBE_AUTH_YES_TTL_SECONDS=0"}))
	g.Expect(o.only).To(HaveLen(2))
	g.Expect(o.only[0].Key).To(Equal(stampede.KeyHistoric))
	g.Expect(o.only[0].QPS).To(BeNumerically("==", -1))
	g.Expect(o.only[1]).To(Equal(stampede.Ours()))
}

func TestWrongOptionsAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		arguments []string
		message   string
	}{
		"argument":       {[]string{"B"}, `unexpected argument "B"`},
		"unknown target": {[]string{"--only", "C"}, "expected A, A' or B"},
		"no value":       {[]string{"--only", "B", "--datastorage-env", "TTL"}, "NAME=VALUE"},
		"changed whole":  {[]string{"--historic-qps", "-1"}, "with its own settings"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(c.arguments, io.Discard)

			NewWithT(t).Expect(err).To(MatchError(ContainSubstring(c.message)))
		})
	}
}
