"""pytest plugin: a live event stream for a supervisor, and failing a run once.

Nothing happens unless one of its options is given.
"""
