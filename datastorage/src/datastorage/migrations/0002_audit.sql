CREATE TABLE audit_events (
    event_id        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    event_timestamp timestamptz NOT NULL,
    event_type      text NOT NULL,
    event_category  text NOT NULL,
    event_outcome   text NOT NULL,
    severity        text,
    correlation_id  text NOT NULL,
    document        jsonb NOT NULL,
    recorded_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_by_correlation ON audit_events (correlation_id, event_timestamp DESC);
CREATE INDEX audit_by_time ON audit_events (event_timestamp DESC, event_id DESC);
