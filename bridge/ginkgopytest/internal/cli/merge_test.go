package cli_test

import (
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

const (
	shardOne = `{"event":"run_start","time":10,"schema_version":1,"suite":"end to end"}
{"event":"selection","time":10,"nodeids":["a","b"],"shard":"1/2"}
{"event":"session_start","time":11,"schema_version":1,"pid":1,"rootdir":"/p","pytest":"9","python":"3"}
{"event":"collected","time":12,"nodeids":["a"]}
{"event":"test_finish","time":13,"nodeid":"a","outcome":"passed"}
{"event":"session_finish","time":14,"exitstatus":0}
{"event":"run_finish","time":15,"outcome":"passed"}`
	shardTwo = `{"event":"run_start","time":10,"schema_version":1,"suite":"end to end"}
{"event":"selection","time":10,"nodeids":["a","b"],"shard":"2/2"}
{"event":"test_finish","time":13,"nodeid":"b","outcome":"passed"}
{"event":"run_finish","time":15,"outcome":"passed"}`
)

func TestMergeMakesOneRunWithReports(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	into := filepath.Join(t.TempDir(), "all")
	out, problems, code := run("merge", "--into", into, logOf(t, shardOne), logOf(t, shardTwo))
	g.Expect(code).To(BeZero(), problems)
	g.Expect(out).To(And(ContainSubstring("1/2: unknown host, 1 tests"), ContainSubstring("end to end: 2 specs, 0 failed")))
	g.Expect(filepath.Join(into, "timeline.html")).To(BeARegularFile())
}

func TestMergeOfAPartFailsAndStillShowsIt(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	into := filepath.Join(t.TempDir(), "all")
	_, problems, code := run("merge", "--into", into, logOf(t, shardOne))
	g.Expect(code).To(Equal(1))
	g.Expect(problems).To(Equal("ginkgopytest: the shards are not one whole run:\nshard 2/2 is missing\n1 tests reported by no shard: b\n"))
	g.Expect(filepath.Join(into, "summary.md")).To(BeARegularFile())
	_, problems, code = run("merge", "--into", into+"2", logOf(t, "garbage"))
	g.Expect(code).To(Equal(1))
	g.Expect(problems).To(ContainSubstring("has no event"))
}
