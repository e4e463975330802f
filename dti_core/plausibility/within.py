"""What is part of what, whichever rows count it."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Within:
    """A quantity that is part of another, by the frameworks' names for them.

    most  the share of the whole that it can be at most: 1 by logic, less by what is known
    why   in Vietnamese, for the message
    """

    part: str
    whole: str
    most: Fraction
    why: str


CENSUS = "Tổng điều tra dân số và nhà ở 2019"

WITHIN = (
    Within(
        "he-thong-thong-tin-duoc-phe-duyet-cap-do",
        "he-thong-thong-tin",
        Fraction(1),
        "hệ thống thông tin đã được phê duyệt cấp độ là một phần của các hệ thống thông tin",
    ),
    Within(
        "doanh-nghiep-nho-va-vua",
        "doanh-nghiep",
        Fraction(1),
        "doanh nghiệp nhỏ và vừa là một phần của các doanh nghiệp",
    ),
    Within("cong-chuc", "cong-chuc-vien-chuc", Fraction(1), "công chức là một phần của CCVC"),
    Within("vien-chuc", "cong-chuc-vien-chuc", Fraction(1), "viên chức là một phần của CCVC"),
    Within(
        "dan-so-tu-15-tuoi",
        "dan-so",
        Fraction(9, 10),
        f"người từ 15 tuổi chiếm 75,7 % dân số cả nước ({CENSUS}), không nơi nào gần hết dân số",
    ),
    Within(
        "dan-so-trong-do-tuoi-lao-dong",
        "dan-so",
        Fraction(4, 5),
        f"người 15 đến 64 tuổi chiếm 68 % dân số cả nước ({CENSUS}), không nơi nào gần hết dân số",
    ),
    Within(
        "ho-gia-dinh",
        "dan-so",
        Fraction(1, 2),
        f"mỗi hộ bình quân 3,5 người ({CENSUS})",
    ),
)
"""Logic, and for people the census of 2019 (average of the country; the bounds, ours, leave room
for the youngest and the oldest commune)."""
