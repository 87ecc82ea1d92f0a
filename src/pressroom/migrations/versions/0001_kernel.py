"""Jobs, schedules, settings and the public revision."""

import sqlalchemy as sa
from alembic import op

from pressroom.kernel.db.base import JsonDocument, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("arguments", JsonDocument, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("lane", sa.String(100)),
        sa.Column("pending_key", sa.String(200)),
        sa.Column("running_lane", sa.String(100)),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("message", sa.String(500), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("checkpoint", JsonDocument),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.String(64)),
        sa.Column("lease_until", UtcDateTime()),
        sa.Column("run_at", UtcDateTime(), nullable=False),
        sa.Column("result", JsonDocument),
        sa.Column("error", JsonDocument),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime()),
        sa.Column("finished_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("pending_key", name="uq_jobs_pending_key"),
        sa.UniqueConstraint("running_lane", name="uq_jobs_running_lane"),
    )
    op.create_index("ix_jobs_state_run_at", "jobs", ["state", "run_at"])
    op.create_index("ix_jobs_created_at", "jobs", ["created_at"])
    op.create_table(
        "job_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job_events"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_job_events_job_id", ondelete="CASCADE"),
    )
    op.create_index("ix_job_events_job_id", "job_events", ["job_id"])
    op.create_table(
        "schedules",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_schedules"),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("value", JsonDocument, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )
    revisions = op.create_table(
        "public_revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_public_revision"),
        sa.CheckConstraint("id = 1", name="ck_public_revision_one_row"),
    )
    op.bulk_insert(revisions, [{"id": 1, "value": 1}])


def downgrade() -> None:
    for table in ("public_revision", "settings", "schedules", "job_events", "jobs"):
        op.drop_table(table)
