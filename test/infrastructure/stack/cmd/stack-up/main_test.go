package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
)

const upLimit = 2 * time.Minute

func TestServicesAreLeftOutUnlessAskedFor(t *testing.T) {
	for name, c := range map[string]struct {
		arguments []string
		without   []string
	}{
		"default":    {nil, []string{parts.HAPI, parts.MockLLM}},
		"one":        {[]string{"--without", "hapi"}, []string{parts.HAPI}},
		"everything": {[]string{"--without", ""}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)

			o, err := parse(c.arguments, io.Discard)

			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(o.without).To(Equal(c.without))
		})
	}
}

func TestUnknownArgumentsAreRefused(t *testing.T) {
	for name, arguments := range map[string][]string{
		"part": {"--without", "etcd"}, "flag": {"--keep"}, "argument": {"up"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(arguments, io.Discard)

			NewWithT(t).Expect(err).To(HaveOccurred())
		})
	}
}

func TestClosedInputIsTheReasonOfTheEnd(t *testing.T) {
	g := NewWithT(t)

	ctx := untilClosed(t.Context(), strings.NewReader("ignored"))

	g.Eventually(ctx.Done()).Should(BeClosed())
	g.Expect(context.Cause(ctx)).To(MatchError(errClosed))
}

func TestStackIsToldWhenReadyAndGoneWhenInputCloses(t *testing.T) {
	g := NewWithT(t)
	root, err := filepath.Abs(filepath.Join("..", "..", "..", "..", ".."))
	g.Expect(err).NotTo(HaveOccurred())
	file := filepath.Join(t.TempDir(), "stack.json")
	input, hold := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(untilClosed(context.Background(), input), root,
			options{without: []string{parts.HAPI, parts.MockLLM}, jsonFile: file})
	}()

	told := await(g, file, ended)
	g.Expect(told.URLs).To(And(HaveLen(1), HaveKey("datastorage")))
	g.Expect(told.PIDs).To(And(HaveKey("etcd"), HaveKey("kube-apiserver"), HaveKey("postgres"), HaveKey("datastorage")))
	for _, path := range []string{told.Kubeconfig, told.ClientTokenFile, told.Logs["datastorage"]} {
		g.Expect(path).To(BeARegularFile())
	}
	g.Expect(hold.Close()).To(Succeed())

	g.Eventually(ended, upLimit).Should(Receive(BeNil()))
	for name, pid := range told.PIDs {
		g.Expect(process.Marked(pid, told.RunID)).To(BeFalse(), name)
	}
	g.Expect(told.Kubeconfig).NotTo(BeAnExistingFile())
	g.Expect(os.RemoveAll(filepath.Join(root, "reports", "stack-up", told.RunID))).To(Succeed())
}

func await(g *WithT, file string, ended chan error) handover {
	var told handover
	g.Eventually(func(g Gomega) {
		select {
		case err := <-ended:
			StopTrying("it ended before it was ready").Wrap(err).Now()
		default:
		}
		data, err := os.ReadFile(file)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(json.Unmarshal(data, &told)).To(Succeed())
	}, upLimit).Should(Succeed())
	return told
}
