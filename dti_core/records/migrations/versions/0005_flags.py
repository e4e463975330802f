"""Mức nghi ngờ, ảnh hưởng và hạn giải trình của một nghi vấn"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suspicion", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("impact_total", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("impact_rank", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("due", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("flag", schema=None) as batch_op:
        for name in ("suspicion", "impact_total", "impact_rank", "due"):
            batch_op.drop_column(name)
