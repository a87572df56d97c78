"""Makes SIGINT what it is on a terminal."""

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A runner in the background of a shell has it so, and children would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
