-- The audit trail can be added to and read, nothing else; see docs/explanation/audit-trail.md.
ALTER TABLE audit_events
    ADD COLUMN sequence bigint,
    ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD COLUMN recorded_by text,
    ADD COLUMN credential_id text;
UPDATE audit_events SET sequence = numbered.place
FROM (SELECT event_id, row_number() OVER (ORDER BY event_timestamp, event_id) AS place
      FROM audit_events) AS numbered
WHERE audit_events.event_id = numbered.event_id;
ALTER TABLE audit_events ALTER COLUMN sequence SET NOT NULL;
ALTER TABLE audit_events ALTER COLUMN event_id DROP DEFAULT;
CREATE UNIQUE INDEX uq_audit_sequence ON audit_events (sequence);
DROP INDEX ix_audit_time;
DROP INDEX ix_audit_correlation;
CREATE INDEX ix_audit_time ON audit_events (event_timestamp DESC, sequence DESC);
CREATE INDEX ix_audit_correlation ON audit_events (correlation_id, event_timestamp DESC, sequence DESC);

CREATE TABLE audit_seals (
    number bigint PRIMARY KEY,
    first_sequence bigint NOT NULL,
    last_sequence bigint NOT NULL,
    sealed_at timestamptz NOT NULL,
    -- SHA-256 over the SHA-256 of each event, in their order.
    events bytea NOT NULL,
    -- SHA-256 over the seal before, this seal's own fields and `events`.
    seal bytea NOT NULL
);

-- What a client gave of an event. Verification computes the same with an expression of its own.
CREATE FUNCTION audit_content(e audit_events) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_array(
        e.event_id, e.version, e.event_type,
        (extract(epoch FROM e.event_timestamp) * 1000000)::bigint,
        e.event_category, e.event_action, e.event_outcome, e.correlation_id, e.event_data,
        e.actor_type, e.actor_id, e.resource_type, e.resource_id, e.parent_event_id,
        e.namespace, e.cluster_name, e.severity, e.duration_ms)
$$;

-- The bytes that are sealed: what the client gave, and what the service added.
CREATE FUNCTION audit_digest(e audit_events) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to((audit_content(e) || jsonb_build_array(
        e.sequence, (extract(epoch FROM e.recorded_at) * 1000000)::bigint,
        e.recorded_by, e.credential_id))::text, 'UTF8'))
$$;

CREATE FUNCTION audit_seal(number bigint, first bigint, last bigint, at timestamptz,
    events bytea, previous bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(previous || convert_to(concat_ws(' ', number, first, last,
        (extract(epoch FROM at) * 1000000)::bigint, encode(events, 'hex')), 'UTF8'))
$$;

-- Request by request and item by item, the events in a JSON array per request.
CREATE FUNCTION audit_incoming(batches text[], usernames text[], credentials text[])
RETURNS TABLE (batch bigint, item bigint, event audit_events)
LANGUAGE sql STABLE AS $$
    SELECT b.place, r.place, ROW(
        r.event_id, r.version, r.event_type, r.event_timestamp,
        (r.event_timestamp AT TIME ZONE 'UTC')::date,
        r.event_category, r.event_action, r.event_outcome, r.correlation_id, r.event_data,
        r.actor_type, r.actor_id, r.resource_type, r.resource_id, r.parent_event_id,
        r.namespace, r.cluster_name, r.severity, r.duration_ms,
        NULL, NULL, nullif(b.username, ''), nullif(b.credential, ''))::audit_events
    FROM unnest(batches, usernames, credentials)
            WITH ORDINALITY AS b(events, username, credential, place),
        LATERAL ROWS FROM (jsonb_to_recordset(b.events::jsonb) AS (
            event_id uuid, version text, event_type text, event_timestamp timestamptz,
            event_category text, event_action text, event_outcome text, correlation_id text,
            event_data jsonb, actor_type text, actor_id text, resource_type text,
            resource_id text, parent_event_id uuid, namespace text, cluster_name text,
            severity text, duration_ms bigint))
            WITH ORDINALITY AS r(event_id, version, event_type, event_timestamp, event_category,
                event_action, event_outcome, correlation_id, event_data, actor_type, actor_id,
                resource_type, resource_id, parent_event_id, namespace, cluster_name, severity,
                duration_ms, place)
$$;

-- Stores and seals the events of several requests; returns the items that were not stored.
-- The lock gives every event its place without a gap, so that a missing one is seen. Under it
-- an id that is not there stays so: nothing else inserts.
CREATE FUNCTION audit_append(batches text[], usernames text[], credentials text[], durable boolean)
RETURNS TABLE (batch bigint, item bigint, outcome text)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    head audit_seals;
    given bigint;
    stored bigint;
    sealed bytea;
    now_ timestamptz;
BEGIN
    IF NOT durable THEN
        -- Lost at most when PostgreSQL itself dies within its wal_writer_delay.
        SET LOCAL synchronous_commit = off;
    END IF;
    PERFORM pg_advisory_xact_lock(7203441909);
    SELECT * INTO head FROM audit_seals ORDER BY number DESC LIMIT 1;
    now_ := clock_timestamp();
    WITH incoming AS MATERIALIZED (
        SELECT i.batch, i.item, (i.event).* FROM audit_incoming(batches, usernames, credentials) AS i
    ), candidates AS (
        SELECT DISTINCT ON (c.event_id) c.* FROM incoming AS c
        WHERE NOT EXISTS (SELECT FROM audit_events AS e WHERE e.event_id = c.event_id)
        ORDER BY c.event_id, c.batch, c.item
    ), added AS (
        INSERT INTO audit_events AS e (event_id, version, event_type, event_timestamp,
            event_category, event_action, event_outcome, correlation_id, event_data, actor_type,
            actor_id, resource_type, resource_id, parent_event_id, namespace, cluster_name,
            severity, duration_ms, sequence, recorded_at, recorded_by, credential_id)
        SELECT c.event_id, c.version, c.event_type, c.event_timestamp, c.event_category,
            c.event_action, c.event_outcome, c.correlation_id, c.event_data, c.actor_type,
            c.actor_id, c.resource_type, c.resource_id, c.parent_event_id, c.namespace,
            c.cluster_name, c.severity, c.duration_ms,
            coalesce(head.last_sequence, 0) + row_number() OVER (ORDER BY c.batch, c.item),
            now_, c.recorded_by, c.credential_id
        FROM candidates AS c ORDER BY c.batch, c.item
        ON CONFLICT (event_id) DO NOTHING
        RETURNING e.sequence, audit_digest(e) AS digest
    )
    SELECT (SELECT count(*) FROM incoming), count(*),
        sha256(string_agg(a.digest, ''::bytea ORDER BY a.sequence))
    INTO given, stored, sealed FROM added AS a;
    IF stored > 0 THEN
        INSERT INTO audit_seals SELECT n.number, n.first, n.last, now_, sealed,
            audit_seal(n.number, n.first, n.last, now_, sealed, coalesce(head.seal, ''::bytea))
        FROM (SELECT coalesce(head.number, 0) + 1 AS number,
            coalesce(head.last_sequence, 0) + 1 AS first,
            coalesce(head.last_sequence, 0) + stored AS last) AS n;
    END IF;
    IF stored < given THEN
        RETURN QUERY
        WITH again AS MATERIALIZED (
            SELECT i.batch, i.item, i.event, row_number() OVER (
                PARTITION BY (i.event).event_id ORDER BY i.batch, i.item) AS occurrence
            FROM audit_incoming(batches, usernames, credentials) AS i
        )
        SELECT a.batch, a.item,
            CASE WHEN audit_content(a.event) = audit_content(e) THEN 'repeated' ELSE 'conflict' END
        FROM again AS a JOIN audit_events AS e ON e.event_id = (a.event).event_id
        WHERE e.sequence <= coalesce(head.last_sequence, 0) OR a.occurrence > 1;
    END IF;
END
$$;

CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is not allowed: the audit trail only grows', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Rows of before sealing get the first seal.
INSERT INTO audit_seals
SELECT 1, 1, count(*), min(now()), sha256(string_agg(audit_digest(e), ''::bytea ORDER BY e.sequence)),
    audit_seal(1, 1, count(*), min(now()),
        sha256(string_agg(audit_digest(e), ''::bytea ORDER BY e.sequence)), ''::bytea)
FROM audit_events AS e HAVING count(*) > 0;

CREATE TRIGGER audit_events_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_seals_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seals
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();

-- The owner's rights are used with the owner's objects only, whatever the caller's search path.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION audit_append SET search_path = pg_catalog, %I, pg_temp',
        current_schema());
END
$$;
