package console

import (
	"io"
	"os"
	"strings"
	"time"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

const (
	redraw   = 100 * time.Millisecond
	interval = 10 * time.Second
	// mostWorkers are shown with a line each.
	mostWorkers = 8
)

// Options of a console; the zero value shows plain lines.
type Options struct {
	// Events is the path of the event log, which may appear later.
	Events string
	// Out gets everything.
	Out io.Writer
	// Width is that of a terminal, asked before each drawing; nil means that
	// Out is none.
	Width func() int
	// Colour marks failures.
	Colour bool
	// Interval is the time between two plain lines; zero means ten seconds.
	Interval time.Duration
}

// For chooses the options for a file as the environment wants them: plain
// lines unless it is a terminal that can move its cursor, and colour unless
// NO_COLOR is set.
func For(out *os.File, getenv func(string) string) Options {
	options := Options{Out: out}
	if _, terminal := widthOf(out); terminal && getenv("TERM") != "dumb" && getenv("CI") == "" {
		options.Width = func() int { width, _ := widthOf(out); return width }
		options.Colour = getenv("NO_COLOR") == ""
	}
	return options
}

// Console shows one run.
type Console struct {
	options  Options
	follower *events.Follower
	progress *progress
	screen   *screen
	partial  string
	beat     time.Time
	now      func() time.Time
}

// New makes a console. It is used by one goroutine.
func New(options Options) *Console {
	if options.Interval == 0 {
		options.Interval = interval
	}
	c := &Console{options: options, follower: events.Follow(options.Events), progress: newProgress(), now: time.Now}
	if options.Width != nil {
		c.screen = &screen{out: options.Out, width: options.Width}
	}
	c.beat = c.now()
	return c
}

// Print passes output of the run on, whole lines at once: the status stands
// below the last of them.
func (c *Console) Print(output []byte) error {
	text := c.partial + string(output)
	end := strings.LastIndexByte(text, '\n') + 1
	c.partial = text[end:]
	if end == 0 {
		return nil
	}
	return c.write(text[:end])
}

// Tick reads what the log has to tell, and shows it.
func (c *Console) Tick() error {
	if err := c.follower.Each(c.progress.take); err != nil {
		return err
	}
	text := ""
	for _, failure := range c.progress.takeFailures() {
		text += c.alarm(failure) + "\n"
	}
	if c.screen == nil {
		text += c.heartbeat()
	}
	return c.write(text)
}

// Close takes the status away and prints what is left of the output.
func (c *Console) Close() error {
	err := c.Tick()
	c.progress.ended = true
	if c.screen != nil {
		if drawErr := c.screen.draw(c.partial, nil); err == nil {
			err = drawErr
		}
	} else if c.partial != "" {
		_, err = io.WriteString(c.options.Out, c.partial)
	}
	c.partial = ""
	return err
}

func (c *Console) write(text string) error {
	if c.screen != nil {
		return c.screen.draw(text, c.status())
	}
	if text == "" {
		return nil
	}
	_, err := io.WriteString(c.options.Out, text)
	return err
}

// status is the block of a terminal: the counts, and what each worker runs.
func (c *Console) status() []string {
	if c.progress.run.Begin == 0 || c.progress.ended {
		return nil
	}
	now := c.now()
	lines := []string{c.progress.counts(now)}
	for i, test := range c.progress.running() {
		if i == mostWorkers {
			break
		}
		lines = append(lines, "  "+describe(test, now))
	}
	return lines
}

// heartbeat is the plain line that is due at intervals while something runs.
func (c *Console) heartbeat() string {
	now := c.now()
	if now.Sub(c.beat) < c.options.Interval || c.progress.run.Begin == 0 || c.progress.ended {
		return ""
	}
	c.beat = now
	text := c.progress.counts(now)
	for i, test := range c.progress.running() {
		separator := ", "
		if i == 0 {
			separator = "; running: "
		}
		text += separator + describe(test, now)
	}
	return text + "\n"
}

func (c *Console) alarm(text string) string {
	if c.options.Colour {
		return "\x1b[31m" + text + "\x1b[0m"
	}
	return text
}
