"""pytest plugin: a live event stream, and data that is prepared once for all xdist workers."""
