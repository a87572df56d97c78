CREATE TABLE workflows (
    workflow_id       uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    workflow_name     text NOT NULL,
    version           text NOT NULL,
    fingerprint       text NOT NULL,
    signal_type       text NOT NULL,
    severity          text NOT NULL,
    component         text NOT NULL,
    environments      text[] NOT NULL,
    priority          text NOT NULL,
    status            text NOT NULL,
    document          jsonb NOT NULL,
    is_latest_version boolean NOT NULL,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    disabled_at       timestamptz,
    disabled_by       text,
    disabled_reason   text,
    CONSTRAINT workflow_name_version UNIQUE (workflow_name, version)
);
CREATE UNIQUE INDEX one_latest_version ON workflows (workflow_name) WHERE is_latest_version;
CREATE INDEX workflows_by_signal ON workflows (signal_type, severity) WHERE is_latest_version;
CREATE INDEX workflows_by_age ON workflows (created_at DESC, workflow_id);
