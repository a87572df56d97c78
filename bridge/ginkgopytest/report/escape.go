package report

import (
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// excerpt keeps the end, where pytest has the reason.
func excerpt(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	kept := strings.Join(lines[max(0, len(lines)-excerptLines):], "\n")
	if len(kept) > excerptBytes {
		kept = kept[len(kept)-excerptBytes:]
	}
	return strings.ToValidUTF8(kept, "")
}

// oneLine is clipped, because a parametrised id may be of any length.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " ")
	if len(text) <= nameBytes {
		return text
	}
	cut := nameBytes
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "..."
}

// code is a Markdown code span of text that may itself have backticks.
func code(text string) string {
	fence := strings.Repeat("`", longestRun(text)+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func longestRun(text string) int {
	longest, run := 0, 0
	for _, char := range text {
		if char != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// Relative is a path as the repository has it, so that a link or an annotation
// finds the file; one outside of it stays as it is.
func Relative(path string) string {
	root := os.Getenv("GITHUB_WORKSPACE")
	if root == "" {
		root = repository(path)
	}
	found, err := filepath.Rel(root, path)
	if root == "" || err != nil || strings.HasPrefix(found, "..") {
		return filepath.ToSlash(path)
	}
	return filepath.ToSlash(found)
}

// repository is the nearest folder above that git knows; empty if there is none.
func repository(path string) string {
	for dir := filepath.Dir(path); filepath.IsAbs(dir) && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
	}
	return ""
}
