DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM pg_namespace WHERE nspname = 'registry') THEN
        CREATE SCHEMA registry;
    END IF;
END $EF$;

CREATE TABLE registry.conflict_histories (
    tenant_id text NOT NULL,
    resource_type text NOT NULL,
    resource_id text NOT NULL,
    waiting_since timestamp with time zone,
    policy text,
    has_open boolean NOT NULL,
    revision integer NOT NULL,
    recorded text NOT NULL,
    changes text NOT NULL,
    CONSTRAINT "PK_conflict_histories" PRIMARY KEY (tenant_id, resource_type, resource_id)
);

CREATE TABLE registry.conflicts (
    conflict_id uuid NOT NULL,
    tenant_id text NOT NULL,
    resource_type text NOT NULL,
    resource_id text NOT NULL,
    fields text NOT NULL,
    changes text NOT NULL,
    detected_at timestamp with time zone NOT NULL,
    status text NOT NULL,
    strategy text NOT NULL,
    trace text NOT NULL,
    winning_change_id text,
    resolution text,
    reason text NOT NULL,
    resolved_by text,
    resolved_at timestamp with time zone,
    claimed_by text,
    claimed_until timestamp with time zone,
    revision integer NOT NULL,
    CONSTRAINT "PK_conflicts" PRIMARY KEY (conflict_id),
    CONSTRAINT conflicts_know_their_resource CHECK (tenant_id <> '' AND resource_type <> '' AND resource_id <> '')
);

CREATE TABLE registry.model_irregularities (
    tenant_id text NOT NULL,
    event_id uuid NOT NULL,
    model_id text NOT NULL,
    kind text NOT NULL,
    event_type text NOT NULL,
    source text NOT NULL,
    expected text,
    found text,
    said text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    CONSTRAINT "PK_model_irregularities" PRIMARY KEY (tenant_id, event_id)
);

CREATE TABLE registry.model_stage_history (
    tenant_id text NOT NULL,
    model_id text NOT NULL,
    number integer NOT NULL,
    step integer NOT NULL,
    from_stage text,
    to_stage text NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT "PK_model_stage_history" PRIMARY KEY (tenant_id, model_id, number, step)
);

CREATE TABLE registry.model_usage (
    tenant_id text NOT NULL,
    model_id text NOT NULL,
    version text NOT NULL,
    shard integer NOT NULL,
    revision bigint NOT NULL,
    reports bigint NOT NULL,
    predictions numeric NOT NULL,
    flagged numeric NOT NULL,
    time_sum numeric NOT NULL,
    time_min double precision,
    time_max double precision,
    time_sketch bytea NOT NULL,
    confidence_sum numeric NOT NULL,
    confidence_min double precision,
    confidence_max double precision,
    confidence_sketch bytea NOT NULL,
    last_used_at timestamp with time zone NOT NULL,
    CONSTRAINT "PK_model_usage" PRIMARY KEY (tenant_id, model_id, version, shard)
)
WITH (fillfactor=60);

CREATE TABLE registry.model_versions (
    tenant_id text NOT NULL,
    model_id text NOT NULL,
    number integer NOT NULL,
    job_id text NOT NULL,
    artifacts_location text NOT NULL,
    metrics text NOT NULL,
    training_duration_ms numeric(20,0) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    announced_by uuid NOT NULL,
    stage text NOT NULL,
    stage_step integer NOT NULL,
    CONSTRAINT "PK_model_versions" PRIMARY KEY (tenant_id, model_id, number)
);

CREATE TABLE registry.models (
    tenant_id text NOT NULL,
    model_id text NOT NULL,
    name text,
    model_type text,
    algorithm text,
    created_by text,
    created_as text,
    own_status text NOT NULL,
    attribute_version text,
    attributes text,
    last_change text,
    last_changed_by text,
    last_changed_at timestamp with time zone,
    deleted_at timestamp with time zone,
    deletion_reason text,
    latest_version integer NOT NULL,
    CONSTRAINT "PK_models" PRIMARY KEY (tenant_id, model_id)
);

CREATE TABLE registry.tenants (
    tenant_id text NOT NULL,
    is_suspended boolean NOT NULL,
    log_step bigint NOT NULL,
    command_step bigint NOT NULL,
    suspended_at timestamp with time zone,
    suspended_by text,
    suspension_reason text,
    resumed_at timestamp with time zone,
    resumed_by text,
    CONSTRAINT "PK_tenants" PRIMARY KEY (tenant_id)
);

CREATE INDEX "IX_conflict_histories_waiting_since" ON registry.conflict_histories (waiting_since);

CREATE INDEX "IX_conflicts_status" ON registry.conflicts (status);

CREATE INDEX "IX_conflicts_tenant_id_resource_type_resource_id" ON registry.conflicts (tenant_id, resource_type, resource_id);

CREATE INDEX "IX_model_irregularities_tenant_id_model_id" ON registry.model_irregularities (tenant_id, model_id);

CREATE UNIQUE INDEX "IX_model_versions_tenant_id_job_id" ON registry.model_versions (tenant_id, job_id);

CREATE UNIQUE INDEX one_in_production ON registry.model_versions (tenant_id, model_id) WHERE stage = 'production';
