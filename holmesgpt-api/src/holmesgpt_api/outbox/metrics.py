"""What the outbox tells of itself on /metrics."""

from prometheus_client import Counter, Gauge, Histogram

PREFIX = "holmesgpt_api_outbox_"
PENDING = Gauge(PREFIX + "pending", "Events on disk that DataStorage has not acknowledged.")
OLDEST = Gauge(PREFIX + "oldest_seconds", "Age of the oldest event that waits; 0 when none does.")
QUARANTINED = Gauge(PREFIX + "quarantined", "Events in quarantine.")
BYTES = Gauge(PREFIX + "bytes", "Bytes of the outbox on disk, quarantine included.")
FSYNC = Histogram(
    PREFIX + "fsync_seconds",
    "Time until written events were on the device.",
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)
TORN = Counter(PREFIX + "torn_tails", "Ends of segments that were cut off at the start.")
DAMAGED = Counter(PREFIX + "damaged_records", "Records whose checksum was wrong.")
HEALED = Counter(PREFIX + "healed_segments", "Segments that were removed while in use.")
REFUSED = Counter(PREFIX + "refused", "Investigations refused for want of room.")
RETRIES = Counter(PREFIX + "retries", "Deliveries that failed and will be repeated.", ["reason"])
EVENTS = Counter("holmesgpt_api_audit_events", "Audit events by fate.", ["result"])
