-- What a search compares, in columns that an index covers.
CREATE FUNCTION label_environments(labels jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT e.value) FROM jsonb_array_elements_text(labels->'environment') AS e
$$;

ALTER TABLE remediation_workflow_catalog
    ADD COLUMN signal_type text NOT NULL GENERATED ALWAYS AS (labels->>'signal_type') STORED,
    ADD COLUMN severity text NOT NULL GENERATED ALWAYS AS (labels->>'severity') STORED,
    ADD COLUMN component text NOT NULL GENERATED ALWAYS AS (labels->>'component') STORED,
    ADD COLUMN priority text NOT NULL GENERATED ALWAYS AS (labels->>'priority') STORED,
    ADD COLUMN environments text[] NOT NULL GENERATED ALWAYS AS (label_environments(labels)) STORED;

DROP INDEX ix_workflow_labels;
DROP INDEX ix_workflow_created;
CREATE INDEX ix_workflow_created ON remediation_workflow_catalog (created_at DESC, workflow_id DESC);
CREATE INDEX ix_workflow_search ON remediation_workflow_catalog
    (signal_type, severity, priority, component, status, created_at DESC, workflow_id DESC)
    INCLUDE (environments) WHERE is_latest_version;
-- An index answers alone for pages that are known to be visible to all.
ALTER TABLE remediation_workflow_catalog SET (
    autovacuum_vacuum_insert_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0.02,
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

-- Stores workflows that are new by name and version, each with its audit event; returns
-- those that it created. The audit trail's lock makes postings of one name take turns.
CREATE FUNCTION catalogue_create(workflows text[], events text[], usernames text[], credentials text[])
RETURNS TABLE (item bigint, created timestamptz)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    w remediation_workflow_catalog;
    place bigint;
    places bigint[] := '{}';
BEGIN
    PERFORM pg_advisory_xact_lock(7203441909);
    FOR place IN 1 .. cardinality(workflows) LOOP
        w := jsonb_populate_record(NULL::remediation_workflow_catalog, workflows[place]::jsonb);
        CONTINUE WHEN EXISTS (SELECT FROM remediation_workflow_catalog AS o
            WHERE o.workflow_name = w.workflow_name AND o.version = w.version);
        created := clock_timestamp();
        UPDATE remediation_workflow_catalog AS o SET is_latest_version = false
            WHERE o.workflow_name = w.workflow_name AND o.is_latest_version;
        INSERT INTO remediation_workflow_catalog (workflow_id, workflow_name, version, name,
            description, content, content_hash, labels, execution_engine, status, owner,
            maintainer, parameters, container_image, container_digest, custom_labels,
            detected_labels, expected_success_rate, expected_duration_seconds, created_at,
            updated_at)
        VALUES (w.workflow_id, w.workflow_name, w.version, w.name,
            w.description, w.content, w.content_hash, w.labels, w.execution_engine, w.status,
            w.owner, w.maintainer, w.parameters, w.container_image, w.container_digest,
            w.custom_labels, w.detected_labels, w.expected_success_rate,
            w.expected_duration_seconds, created, created);
        item := place;
        places := places || place;
        RETURN NEXT;
    END LOOP;
    PERFORM audit_append(
        ARRAY(SELECT events[p] FROM unnest(places) AS p), ARRAY(SELECT usernames[p] FROM unnest(places) AS p),
        ARRAY(SELECT credentials[p] FROM unnest(places) AS p), true);
END
$$;

DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION catalogue_create SET search_path = pg_catalog, %I, pg_temp',
        current_schema());
END
$$;
