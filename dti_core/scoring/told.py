"""What the analyses of a round conclude, in Vietnamese sentences for command and report alike."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from dti_core.rational import percent
from dti_core.scoring.readings import Clause, Readings
from dti_core.scoring.robustness import STEP, Robustness

SOURCE = "OECD và JRC, Handbook on Constructing Composite Indicators (2008), bước 7"
"""Where the trials of `robustness` come from."""


def amendment(found: Readings, issuer: str, publisher: str) -> list[str]:
    """Which clauses an amendment of the framework would touch.

    issuer, publisher  who would propose it to whom, by the program
    """
    if not found.clauses:
        return ["Bộ chỉ số của đợt không có điều khoản nào được ghi là sai về cách tính."]
    moving = [clause for clause in found.clauses if clause.moved]
    still = [clause for clause in found.clauses if not clause.moved]
    touched = (
        f"các điều khoản cần sửa vì đã làm lệch điểm ở đợt này là {cited(moving)}."
        if moving
        else "chưa có điều khoản nào làm lệch điểm ở đợt này."
    )
    lines = [f"Nếu {issuer} trình {publisher} điều chỉnh bộ chỉ số: {touched}"]
    if still:
        lines.append(
            f"{len(still)} điều khoản {'khác cũng ' if moving else ''}được ghi là sai về cách tính"
            f" nhưng đợt này không làm lệch điểm: {cited(still)}."
        )
    return lines


def cited(clauses: Iterable[Clause]) -> str:
    """Citations, one decree and appendix named once: "2554/QĐ-UBND, Phụ lục I, mục 7.1, 7.4"."""
    places: dict[str, list[str]] = defaultdict(list)
    for clause in clauses:
        whole = clause.citation.model_copy(update={"row": None, "clause": None, "column": None})
        row = clause.citation.row or clause.citation.clause or clause.code
        places[str(whole)].append(row)
    return "; ".join(
        f"{whole}, mục {', '.join(dict.fromkeys(rows))}" for whole, rows in places.items()
    )


def method(found: Robustness) -> list[str]:
    """The trials that were made, each kind with its definition."""
    kinds = [trial.kind for trial in found.trials]
    weights, doubts = kinds.count("heavier") + kinds.count("lighter"), kinds.count("left_out")
    return [
        f"{weights} phép: trọng số của một chỉ số chính tăng hoặc giảm {percent(STEP)}, rồi mọi"
        " trọng số nhân cùng một hệ số để tổng điểm tối đa không đổi;",
        f"{doubts} phép: bỏ một số liệu đang nghi vấn; mục liên quan không tính vào điểm lẫn điểm"
        " tối đa của đơn vị, so bằng tỷ lệ đạt được trên điểm tối đa còn lại;",
        f"{kinds.count('reading')} phép: cả bộ chỉ số theo câu chữ, hoặc theo cách đọc đã chỉnh.",
    ]


def conclusion(found: Robustness, names: Mapping[str, str]) -> str:
    """Which ranks are within the noise. `names` are the units' names by id."""
    shaken = [names[each.unit] for each in found.intervals if each.shaken]
    firm = len(found.intervals) - len(shaken)
    if not shaken:
        return f"Thứ hạng của cả {firm} đơn vị giữ nguyên trong mọi phép thử."
    rest = f" Thứ hạng của {firm} đơn vị còn lại giữ nguyên trong mọi phép thử." if firm else ""
    return (
        f"Thứ hạng của {len(shaken)} đơn vị nằm trong vùng dao động (đổi trong ít nhất một phép"
        f" thử, hoặc khoảng hạng chạm khoảng của đơn vị khác): {'; '.join(shaken)}.{rest} Khi công"
        " bố, không nên coi chênh lệch giữa các đơn vị có khoảng hạng giao nhau là hơn kém."
    )
