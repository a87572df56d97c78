package stampede

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/jordigilh/kubernaut/test/infrastructure/summary"
)

var columns = []string{"run", "target", "load", "POSTs", "201", "200", "401", "403", "503", "other", "limiter errors",
	"TokenReviews", "SubjectAccessReviews", "workflows", "tests passed", "seconds", "others' CPU"}

var shown = []int{http.StatusCreated, http.StatusOK, http.StatusUnauthorized, http.StatusForbidden, http.StatusServiceUnavailable}

// Table is the report for people, in Markdown with aligned columns.
func Table(runs []Run) string {
	rows := [][]string{columns, make([]string, len(columns))}
	for _, run := range runs {
		rows = append(rows, row(run))
	}
	widths := make([]int, len(columns))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len(cell))
		}
	}
	for i := range columns {
		rows[1][i] = strings.Repeat("-", widths[i])
	}
	var text strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			fmt.Fprintf(&text, "| %-*s ", widths[i], cell)
		}
		text.WriteString("|\n")
	}
	return text.String()
}

func row(run Run) []string {
	e := run.Evidence
	cells := []string{run.Target.Key, run.Target.Name, run.Load.Name, fmt.Sprint(e.Posts.Total())}
	other := e.Posts.Total()
	for _, status := range shown {
		cells = append(cells, fmt.Sprint(e.Posts[status]))
		other -= e.Posts[status]
	}
	return append(cells, fmt.Sprint(other), fmt.Sprint(e.LimiterErrors), fmt.Sprint(e.TokenReviews),
		fmt.Sprint(e.AccessReviews), fmt.Sprint(e.Created), fmt.Sprint(e.TestsPassed), fmt.Sprintf("%.2f", e.Seconds),
		fmt.Sprintf("%.0f %%", 100*e.ForeignCPU))
}

// statuses lists how many requests had which status, such as "110 of 200, 11 of 201".
func statuses(counts summary.Counts) string {
	var codes []int
	for code := range counts {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	var parts []string
	for _, code := range codes {
		parts = append(parts, fmt.Sprintf("%d of %d", counts[code], code))
	}
	return strings.Join(parts, ", ")
}
