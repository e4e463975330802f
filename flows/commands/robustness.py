"""`dti robustness`: how firm the ranks are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from dti_core.errors import Refused
from dti_core.framework.describe import READING
from dti_core.program.load import load_round
from flows.commands.frameworks import AsJson
from flows.commands.lines import line
from flows.commands.rounds import RoundId
from flows.commands.terminal import next_step, out, print_json, table

if TYPE_CHECKING:
    from dti_core.records.analysing import Analysed
    from dti_core.scoring.robustness import RankInterval, Robustness, Trial

SHOWN_TRIALS = 2


class NothingToCompare(Refused):
    """The round has no ranks whose firmness could be tried."""


def robustness(round_id: RoundId, as_json_: AsJson = False) -> None:
    """Thử độ vững của thứ hạng: đổi trọng số, bỏ số liệu nghi vấn, đổi cách đọc."""
    from dti_core.records.analysing import analysed
    from dti_core.records.database import session
    from dti_core.scoring.standings import undecided

    context = load_round(round_id)
    with session() as records:
        read = analysed(records, context)
    if len(context.units) == 1:
        raise NothingToCompare(
            f"Đợt {context.id} chỉ có một đơn vị nên không có thứ hạng để thử. Xem hai cách đọc:"
            f" dti readings {context.id}"
        )
    if missing := undecided(context.program.policies):
        raise NothingToCompare(
            f"Chưa đặt chính sách {', '.join(missing)} trong program.yaml nên không có thứ hạng"
            " để thử. Hãy đặt chính sách ấy trước."
        )
    found = read.robustness()
    if as_json_:
        print_json(robustness_json(found))
        return
    if not found.intervals:
        raise NothingToCompare(
            f"Đợt {context.id} chưa đơn vị nào đủ điểm để xếp hạng. Hãy chạy:"
            f" dti appraise {context.id}"
        )
    _print(read, found)


def _print(read: "Analysed", found: "Robustness") -> None:
    from dti_core.scoring.told import conclusion

    context = read.context
    if context.round.illustration:
        out.print(f"[yellow]{escape(context.round.illustration)}[/]\n")
    _print_method(read, found)
    for group in read.groups:
        mine = [each for each in found.intervals if each.group == group.name]
        if mine:
            title = group.framework.title if len(read.groups) > 1 else None
            _print_intervals(read, title, mine)
    if found.unranked:
        waiting = "; ".join(context.program.unit[each].name for each in found.unranked)
        out.print(f"Chưa đủ điểm nên chưa xếp hạng: {waiting}.")
    names = {unit.id: unit.name for unit in context.units}
    out.print(conclusion(found, names))
    example = next((each for each in found.intervals if each.shaken), found.intervals[0])
    next_step(
        f"xem một số liệu đổi thì hạng ra sao: dti what-if {context.id} {example.unit} MỤC a=…"
    )


def _print_method(read: "Analysed", found: "Robustness") -> None:
    from dti_core.scoring.told import SOURCE, method

    what = "điểm chính thức đã thẩm định" if read.appraised else "điểm tính được, chưa thẩm định"
    out.print(f"[bold]Độ vững của thứ hạng[/], xét trên {what}. Các phép thử ({SOURCE}):")
    for told in method(found):
        line(f"- {told}")


def _print_intervals(
    read: "Analysed", title: str | None, intervals: Sequence["RankInterval"]
) -> None:
    table(
        title,
        [
            ("Hạng", "right"),
            ("Đơn vị", "left"),
            ("Tốt nhất", "right"),
            ("Kém nhất", "right"),
            ("Vì", "left"),
        ],
        [
            [
                str(each.official),
                read.context.program.unit[each.unit].name,
                str(each.best),
                str(each.worst),
                _why(read, each),
            ]
            for each in intervals
        ],
    )


def _why(read: "Analysed", interval: "RankInterval") -> str:
    lines = []
    for arrow, rank, trials in (
        ("↑", interval.best, interval.best_in),
        ("↓", interval.worst, interval.worst_in),
    ):
        if trials:
            told = "; ".join(_trial(read, trial) for trial in trials[:SHOWN_TRIALS])
            more = len(trials) - SHOWN_TRIALS
            lines.append(f"{arrow} {rank}: {told}" + (f"; {more} phép khác" if more > 0 else ""))
    return escape("\n".join(lines))


def _trial(read: "Analysed", trial: "Trial") -> str:
    match trial.kind:
        case "heavier":
            return f"chỉ số {trial.subject} tăng"
        case "lighter":
            return f"chỉ số {trial.subject} giảm"
        case "reading":
            return f"cách đọc {READING[trial.subject]}"
        case _:
            doubt = next(each for each in read.doubts if each.id == trial.subject)
            rows = ", ".join(doubt.criteria[:3]) + (" …" if len(doubt.criteria) > 3 else "")
            return f"bỏ mục {rows} của {doubt.unit}"


def robustness_json(found: "Robustness") -> dict[str, Any]:
    """The contract of `robustness --json`."""
    return {
        "trials": [_trial_json(each) for each in found.trials],
        "units": [
            {
                "unit": each.unit,
                "group": each.group,
                "rank": each.official,
                "best": each.best,
                "worst": each.worst,
                "best_in": [_trial_json(trial) for trial in each.best_in],
                "worst_in": [_trial_json(trial) for trial in each.worst_in],
                "shaken": each.shaken,
            }
            for each in found.intervals
        ],
        "unranked": list(found.unranked),
    }


def _trial_json(trial: "Trial") -> dict[str, Any]:
    return {"kind": trial.kind, "subject": trial.subject, "group": trial.group}
