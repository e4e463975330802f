"""What may have happened to a figure that a factor explains, in words."""

from dataclasses import dataclass
from fractions import Fraction

from dti_core.plausibility.amounts import Amount
from dti_core.rational import vietnamese

MONTHS = 12
"""The factor of a figure "a month" that was given for the whole year."""

MONEY = {"đồng": 0, "nghìn đồng": 3, "triệu đồng": 6, "tỷ đồng": 9, "nghìn tỷ đồng": 12}
"""Units of money → powers of ten of a đồng."""


@dataclass(frozen=True)
class MixUp:
    """A factor that explains a figure.

    reference  what the figure is held against: the prior year, or the median of `peers` units
    """

    factor: int
    expected: Fraction
    reference: Fraction
    peers: int | None


def mixup_message(amount: Amount, now: Fraction, found: MixUp) -> str:
    """One sentence with the arithmetic, and what to do."""
    larger = now > found.reference
    ratio = now / found.reference if larger else found.reference / now
    against = "năm trước" if found.peers is None else "mức giữa"
    times = f"gấp {vietnamese(ratio, 1)} lần" if larger else f"chỉ bằng 1/{vietnamese(ratio, 1)}"
    return (
        f"{amount.subject}: năm nay {amount.shown(now)}, {_reference(amount, found)}"
        f"{amount.bracket}; {times} {against}: {_cause(amount, now, found, larger)};"
        f" {amount.shown(now)} {':' if larger else '×'} {vietnamese(found.factor)} ="
        f" {amount.shown(found.expected)} thì gần {against}. Đề nghị kiểm tra lại đơn vị tính."
    )


def _reference(amount: Amount, found: MixUp) -> str:
    if found.peers is None:
        return f"năm trước {amount.shown(found.reference)}"
    median = amount.shown(found.reference)
    return f"mức giữa (trung vị) của {found.peers} đơn vị khác là {median}"


def _cause(amount: Amount, now: Fraction, found: MixUp, larger: bool) -> str:
    if found.factor == MONTHS:
        if larger:
            return "có thể là số của cả năm thay vì trung bình một tháng"
        return "có thể đã chia cho 12 hai lần, hoặc số đối chiếu là của cả năm"
    if amount.kind == "percent":
        if larger:
            return f"có thể nhập {vietnamese(now, 4)} mà thiếu dấu phần trăm"
        return "có thể nhập số thập phân của tỷ lệ như số phần trăm"
    if amount.kind == "money" and (words := _money(amount, found, larger)):
        return words
    return _digits(amount, found, larger)


def _money(amount: Amount, found: MixUp, larger: bool) -> str | None:
    """Which unit of money this year's figure, or the prior one, may have been given in."""
    if amount.measure not in MONEY:
        return None
    names = {power: name for name, power in MONEY.items()}
    step, own = len(str(found.factor)) - 1, MONEY[amount.measure]
    down, up = names.get(own - step), names.get(own + step)
    now, before = (down, up) if larger else (up, down)
    if found.peers is not None:
        before = None
    ways = [f"năm nay theo {now}"] if now else []
    ways += [f"năm trước theo {before}"] if before else []
    return f"có thể nhập theo đơn vị khác ({', hoặc '.join(ways)})" if ways else None


def _digits(amount: Amount, found: MixUp, larger: bool) -> str:
    zeros = len(str(found.factor)) - 1
    slip = f"có thể {'thừa' if larger else 'thiếu'} {zeros} chữ số 0"
    if zeros == 3 and not larger and amount.measure:
        return f"{slip}, nhập theo nghìn {amount.measure}, hoặc nhầm dấu chấm với dấu phẩy"
    return f"{slip} hoặc nhầm dấu phẩy thập phân"
