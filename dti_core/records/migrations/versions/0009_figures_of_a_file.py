"""Số liệu được tìm theo lần gửi, không phải đọc mọi số liệu của đợt cho mỗi tệp"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_figure_round_id_submission_id"), "figure", ["round_id", "submission_id"]
    )
    op.drop_index(op.f("ix_figure_round_id"), table_name="figure")


def downgrade() -> None:
    op.create_index(op.f("ix_figure_round_id"), "figure", ["round_id"])
    op.drop_index(op.f("ix_figure_round_id_submission_id"), table_name="figure")
