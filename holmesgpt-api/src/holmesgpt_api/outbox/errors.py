"""What can go wrong with an outbox.

OutboxError             base of all
  OutboxFullError       there is no room for another investigation; it may come
  OutboxWriteError      events could not be made durable
  OutboxInUseError      another process holds the folder
"""


class OutboxError(Exception):
    """The outbox cannot do what was asked."""


class OutboxFullError(OutboxError):
    """There is no room for another investigation until some has been delivered or freed."""


class OutboxWriteError(OutboxError):
    """Events could not be made durable."""


class OutboxInUseError(OutboxError):
    """Another process holds the folder."""
