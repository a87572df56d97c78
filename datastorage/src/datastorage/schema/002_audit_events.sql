CREATE TABLE audit_events (
    event_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    version text NOT NULL,
    event_type text NOT NULL,
    event_timestamp timestamptz NOT NULL,
    event_date date GENERATED ALWAYS AS ((event_timestamp AT TIME ZONE 'UTC')::date) STORED,
    event_category text NOT NULL,
    event_action text NOT NULL,
    event_outcome text NOT NULL,
    correlation_id text NOT NULL,
    event_data jsonb NOT NULL,
    actor_type text,
    actor_id text,
    resource_type text,
    resource_id text,
    parent_event_id uuid,
    namespace text,
    cluster_name text,
    severity text,
    duration_ms bigint
);

CREATE INDEX ix_audit_time ON audit_events (event_timestamp DESC, event_id DESC);
CREATE INDEX ix_audit_correlation ON audit_events (correlation_id, event_timestamp DESC);
