CREATE TABLE "conflict_histories" (
    "tenant_id" TEXT NOT NULL,
    "resource_type" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "waiting_since" TEXT NULL,
    "policy" TEXT NULL,
    "has_open" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "recorded" TEXT NOT NULL,
    "changes" TEXT NOT NULL,
    CONSTRAINT "PK_conflict_histories" PRIMARY KEY ("tenant_id", "resource_type", "resource_id")
);

CREATE TABLE "conflicts" (
    "conflict_id" TEXT NOT NULL CONSTRAINT "PK_conflicts" PRIMARY KEY,
    "tenant_id" TEXT NOT NULL,
    "resource_type" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "fields" TEXT NOT NULL,
    "changes" TEXT NOT NULL,
    "detected_at" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "strategy" TEXT NOT NULL,
    "trace" TEXT NOT NULL,
    "winning_change_id" TEXT NULL,
    "resolution" TEXT NULL,
    "reason" TEXT NOT NULL,
    "resolved_by" TEXT NULL,
    "resolved_at" TEXT NULL,
    "claimed_by" TEXT NULL,
    "claimed_until" TEXT NULL,
    "revision" INTEGER NOT NULL,
    CONSTRAINT "conflicts_know_their_resource" CHECK (tenant_id <> '' AND resource_type <> '' AND resource_id <> '')
);

CREATE TABLE "model_irregularities" (
    "tenant_id" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "event_type" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "expected" TEXT NULL,
    "found" TEXT NULL,
    "said" TEXT NOT NULL,
    "occurred_at" TEXT NOT NULL,
    CONSTRAINT "PK_model_irregularities" PRIMARY KEY ("tenant_id", "event_id")
);

CREATE TABLE "model_stage_history" (
    "tenant_id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "step" INTEGER NOT NULL,
    "from_stage" TEXT NULL,
    "to_stage" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "changed_at" TEXT NOT NULL,
    CONSTRAINT "PK_model_stage_history" PRIMARY KEY ("tenant_id", "model_id", "number", "step")
);

CREATE TABLE "model_usage" (
    "tenant_id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "shard" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "reports" INTEGER NOT NULL,
    "predictions" TEXT NOT NULL,
    "flagged" TEXT NOT NULL,
    "time_sum" TEXT NOT NULL,
    "time_min" REAL NULL,
    "time_max" REAL NULL,
    "time_sketch" BLOB NOT NULL,
    "confidence_sum" TEXT NOT NULL,
    "confidence_min" REAL NULL,
    "confidence_max" REAL NULL,
    "confidence_sketch" BLOB NOT NULL,
    "last_used_at" TEXT NOT NULL,
    CONSTRAINT "PK_model_usage" PRIMARY KEY ("tenant_id", "model_id", "version", "shard")
);

CREATE TABLE "model_versions" (
    "tenant_id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "job_id" TEXT NOT NULL,
    "artifacts_location" TEXT NOT NULL,
    "metrics" TEXT NOT NULL,
    "training_duration_ms" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    "announced_by" TEXT NOT NULL,
    "stage" TEXT NOT NULL,
    "stage_step" INTEGER NOT NULL,
    CONSTRAINT "PK_model_versions" PRIMARY KEY ("tenant_id", "model_id", "number")
);

CREATE TABLE "models" (
    "tenant_id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "name" TEXT NULL,
    "model_type" TEXT NULL,
    "algorithm" TEXT NULL,
    "created_by" TEXT NULL,
    "created_as" TEXT NULL,
    "own_status" TEXT NOT NULL,
    "attribute_version" TEXT NULL,
    "attributes" TEXT NULL,
    "last_change" TEXT NULL,
    "last_changed_by" TEXT NULL,
    "last_changed_at" TEXT NULL,
    "deleted_at" TEXT NULL,
    "deletion_reason" TEXT NULL,
    "latest_version" INTEGER NOT NULL,
    CONSTRAINT "PK_models" PRIMARY KEY ("tenant_id", "model_id")
);

CREATE TABLE "tenants" (
    "tenant_id" TEXT NOT NULL CONSTRAINT "PK_tenants" PRIMARY KEY,
    "is_suspended" INTEGER NOT NULL,
    "log_step" INTEGER NOT NULL,
    "command_step" INTEGER NOT NULL,
    "suspended_at" TEXT NULL,
    "suspended_by" TEXT NULL,
    "suspension_reason" TEXT NULL,
    "resumed_at" TEXT NULL,
    "resumed_by" TEXT NULL
);

CREATE INDEX "IX_conflict_histories_waiting_since" ON "conflict_histories" ("waiting_since");

CREATE INDEX "IX_conflicts_status" ON "conflicts" ("status");

CREATE INDEX "IX_conflicts_tenant_id_resource_type_resource_id" ON "conflicts" ("tenant_id", "resource_type", "resource_id");

CREATE INDEX "IX_model_irregularities_tenant_id_model_id" ON "model_irregularities" ("tenant_id", "model_id");

CREATE UNIQUE INDEX "IX_model_versions_tenant_id_job_id" ON "model_versions" ("tenant_id", "job_id");

CREATE UNIQUE INDEX "one_in_production" ON "model_versions" ("tenant_id", "model_id") WHERE stage = 'production';
