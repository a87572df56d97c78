CREATE TABLE remediation_workflow_catalog (
    workflow_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    workflow_name text NOT NULL,
    version text NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    content text NOT NULL,
    content_hash char(64) NOT NULL,
    labels jsonb NOT NULL,
    execution_engine text NOT NULL,
    status text NOT NULL,
    owner text,
    maintainer text,
    parameters jsonb,
    container_image text,
    container_digest text,
    custom_labels jsonb,
    detected_labels jsonb,
    expected_success_rate double precision,
    expected_duration_seconds bigint,
    is_latest_version boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    disabled_at timestamptz,
    disabled_by text,
    disabled_reason text,
    CONSTRAINT uq_workflow_name_version UNIQUE (workflow_name, version)
);

CREATE UNIQUE INDEX uq_workflow_latest ON remediation_workflow_catalog (workflow_name)
    WHERE is_latest_version;
CREATE INDEX ix_workflow_created ON remediation_workflow_catalog (created_at DESC, workflow_id);
CREATE INDEX ix_workflow_labels ON remediation_workflow_catalog USING gin (labels jsonb_path_ops);
