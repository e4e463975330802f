"""The stages that figures pass, from the request to the head's confirmation, and how many of them
reached each."""

from dataclasses import dataclass, fields
from itertools import pairwise


@dataclass(frozen=True)
class Counts:
    """How many figures reached each stage; every stage is a part of the one before.

    asked      what the units were asked for
    received   answered in some way: a value, words that are unclear, "chưa thống kê được"
    readable   a value could be read, or the unit states that there is none
    valid      readable, and no grave finding stands against it
    plausible  valid, and no doubt about it waits for its unit's explanation
    explained  plausible, and every explanation about it was accepted
    confirmed  explained, and the provider's head stands for the version that it came in
    doubted    those of `explained` that were doubted and settled by an explanation

    Raises ValueError where a stage holds more than the one before it.
    """

    asked: int = 0
    received: int = 0
    readable: int = 0
    valid: int = 0
    plausible: int = 0
    explained: int = 0
    confirmed: int = 0
    doubted: int = 0

    def __post_init__(self) -> None:
        chain = [getattr(self, stage.field) for stage in STAGES]
        if chain != sorted(chain, reverse=True) or self.doubted > self.explained:
            raise ValueError("mỗi bước không thể có nhiều số liệu hơn bước trước")

    def __add__(self, other: "Counts") -> "Counts":
        names = [field.name for field in fields(self)]
        return Counts(*(getattr(self, name) + getattr(other, name) for name in names))

    def parts(self) -> tuple[int, ...]:
        """The figures by how far they came, the farthest first (`PARTS`); their sum is `asked`."""
        chain = [getattr(self, stage.field) for stage in STAGES[:-1]]
        return (self.explained, *reversed([more - less for more, less in pairwise(chain)]))


@dataclass(frozen=True)
class Stage:
    """A stage in words; `lost` names what fell away since the stage before."""

    field: str
    name: str
    meaning: str
    lost: str


STAGES = (
    Stage("asked", "Đã hỏi", "số liệu mà các tiêu chí cần, đã yêu cầu cung cấp", ""),
    Stage(
        "received",
        "Đã nhận",
        "đơn vị đã trả lời, kể cả trả lời chưa rõ hoặc “chưa thống kê được”",
        "chưa có trả lời",
    ),
    Stage("readable", "Đọc được", "đọc được giá trị, hoặc đơn vị nêu rõ là không có", "chưa rõ"),
    Stage("valid", "Hợp lệ", "không có lỗi phải sửa", "có lỗi phải sửa"),
    Stage(
        "plausible",
        "Hợp lý",
        "không còn nghi vấn nào chờ đơn vị giải trình",
        "chờ đơn vị giải trình",
    ),
    Stage(
        "explained",
        "Giải trình xong",
        "không bị nghi vấn, hoặc giải trình đã được chấp nhận",
        "còn nghi vấn: chờ cán bộ xem, không được chấp nhận hoặc không giải trình",
    ),
    Stage(
        "confirmed",
        "Đã xác nhận",
        "người đứng đầu nơi cung cấp đã xác nhận bản gửi mới nhất",
        "chưa có xác nhận",
    ),
)

PARTS = (
    "đạt, kể cả sau khi giải trình",
    "còn nghi vấn sau khi đã hỏi",
    "chờ đơn vị giải trình",
    "có lỗi phải sửa",
    "trả lời chưa rõ",
    "chưa có trả lời",
)
"""What `Counts.parts` counts."""
