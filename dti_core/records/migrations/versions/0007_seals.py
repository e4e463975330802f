"""Dấu niêm của từng bảng: phát hiện bản ghi bị sửa ngoài chương trình"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("total", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "name", "part", name=op.f("pk_seal")),
    )


def downgrade() -> None:
    op.drop_table("seal")
