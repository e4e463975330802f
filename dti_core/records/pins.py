"""A round runs on the law it was opened with: the pinned hashes against what is there now."""

from collections.abc import Mapping

from dti_core.errors import Refused
from dti_core.program.load import RoundContext


class RoundNotOpen(Refused):
    """The round has not been opened. The text says how to."""


class LawChanged(Refused):
    """A framework or the program was edited after the round was opened."""


def check_pins(context: RoundContext, pins: Mapping[str, str] | None) -> None:
    """Raises RoundNotOpen where there are no pins, LawChanged where they differ."""
    if pins is None:
        raise RoundNotOpen(f"Đợt {context.id} chưa mở. Hãy chạy: dti rounds open {context.id}")
    changed = sorted(key for key, pin in context.pins.items() if pins.get(key) != pin)
    if changed:
        raise LawChanged(
            f"Sau khi mở đợt {context.id}, nội dung sau đã bị sửa: {', '.join(changed)}. Điểm không"
            " được tính trên căn cứ đã thay đổi: hãy khôi phục tệp cũ hoặc mở một đợt khác."
        )
