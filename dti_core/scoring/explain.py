"""Why a unit has the points it has: figures, formula, numbers put in, points, both readings."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from dti_core.figures import Figure
from dti_core.framework.describe import describe, interval_text, share_text
from dti_core.framework.model import RATIO, Criterion, Framework, Reading
from dti_core.framework.rules import (
    Flag,
    Gate,
    MinMax,
    Options,
    Parts,
    Percent,
    PerItem,
    Ratio,
    RelativeToBest,
    Rule,
    Steps,
    SumOfChildren,
    stated_ratio,
)
from dti_core.program.policies import Policies, Scoring
from dti_core.rational import percent, round_half_up, vietnamese
from dti_core.scoring.exact import Given, metric, share
from dti_core.scoring.score import FigureMap, Score, given_figures


@dataclass(frozen=True)
class FigureLine:
    """One figure of the explanation, known or not."""

    variable: str
    label: str
    figure: Figure | None
    shown: str
    providers: tuple[str, ...]


@dataclass(frozen=True)
class ReadingResult:
    """What one reading gives: the rule in words, the arithmetic, the score."""

    reading: Reading
    rule: tuple[str, ...]
    steps: tuple[str, ...]
    score: Score


@dataclass(frozen=True)
class Explanation:
    """Everything behind the computed points of one unit for one row."""

    unit: str
    criterion: Criterion
    figures: tuple[FigureLine, ...]
    results: tuple[ReadingResult, ...]
    official: Reading | None


def explain(
    framework: Framework,
    unit: str,
    code: str,
    figures: FigureMap,
    scores: dict[Reading, dict[tuple[str, str], Score]],
    policies: Policies,
) -> Explanation:
    """Explain one row of one unit. `scores` are those of the readings to show.

    Raises KeyError for a code that the framework does not have.
    """
    criterion = framework.by_code[code]
    results = []
    for reading, computed in scores.items():
        rule = criterion.rule_under(reading)
        results.append(
            ReadingResult(
                reading,
                tuple(describe(criterion, rule)),
                tuple(_steps(criterion, unit, rule, figures, computed, policies)),
                computed[unit, code],
            )
        )
    return Explanation(
        unit,
        criterion,
        tuple(figure_lines(framework, criterion, unit, figures)),
        tuple(results),
        policies.reading_of(code),
    )


def figure_lines(
    framework: Framework, criterion: Criterion, unit: str, figures: FigureMap
) -> list[FigureLine]:
    """The figures that the row asks for, those without a value too."""
    names = [*criterion.needed]
    if (unit, criterion.code, RATIO) in figures:
        names.append(RATIO)
    lines = []
    for name in names:
        figure = figures.get((unit, criterion.code, name))
        variable = criterion.variables.get(name)
        lines.append(
            FigureLine(
                name,
                variable.label if variable else "Tỷ lệ nêu thẳng trong nguồn",
                figure,
                shown_value(criterion, name, figure),
                providers(framework, criterion, name),
            )
        )
    return lines


def providers(framework: Framework, criterion: Criterion, variable: str) -> tuple[str, ...]:
    """The names of the agencies that lead a figure; the assessed unit itself where it gives it."""
    provider = criterion.provider_of(variable)
    if provider is None:
        return ()
    own = {"self": ("Đơn vị tự cung cấp",), "parent": ("Cơ quan cấp trên cung cấp",)}
    return (
        *(own[provider.relative] if provider.relative else ()),
        *(framework.agency(lead) for lead in provider.leads),
    )


def shown_value(criterion: Criterion, variable: str, figure: Figure | None) -> str:
    """A figure's value for people, with its unit of measure."""
    if figure is None or figure.value is None:
        if figure is not None and figure.between:
            return f"từ {vietnamese(figure.between[0])} đến {vietnamese(figure.between[1])}"
        return "?"
    declared = criterion.variables.get(variable)
    if isinstance(figure.value, bool):
        return "có" if figure.value else "không"
    if isinstance(figure.value, str):
        return declared.choices[figure.value] if declared else figure.value
    if declared is None or declared.kind == "percent":
        return percent(figure.value, 4)
    unit = f" {declared.unit}" if declared.unit else ""
    return f"{vietnamese(figure.value, 6)}{unit}"


def points_text(points: Fraction, digits: int) -> str:
    """Points for people: "240/31 ≈ 7,74", "6,8", "10"."""
    rounded = round_half_up(points, digits)
    if Fraction(rounded) == points:
        return vietnamese(points, digits)
    if 10**6 % points.denominator == 0:
        return f"{vietnamese(points, 6)} ≈ {vietnamese(rounded)}"
    return f"{points} ≈ {vietnamese(rounded)}"


def _steps(
    criterion: Criterion,
    unit: str,
    rule: Rule,
    figures: FigureMap,
    scores: dict[tuple[str, str], Score],
    policies: Policies,
) -> list[str]:
    score = scores[unit, criterion.code]
    digits = policies.rounding.value.digits if policies.rounding else 2
    if isinstance(rule, SumOfChildren):
        children: Sequence[Score] = [scores[unit, child.code] for child in criterion.children]
        terms = [f"{child.criterion}: {_bounds(child, digits)}" for child in children]
        return [*terms, f"Cộng: {_bounds(score, digits)} điểm"]
    given = given_figures(criterion, unit, figures)
    scoring = Scoring.of(policies)
    lines = _rule_steps(criterion, rule, given, scoring)
    maximum = criterion.max_points
    if score.points is not None and maximum:
        part = score.points / maximum
        lines.append(
            f"Điểm = {_fraction(part)} × {vietnamese(maximum)}"
            f" = {points_text(score.points, digits)}"
        )
    elif maximum is not None:
        lines.append(f"Điểm: {_bounds(score, digits)}")
    if score.unclipped is not None:
        lines.append(
            f"Công thức cho {percent(score.unclipped)} điểm tối đa; phần vượt được cắt ở 100 %."
        )
    lines.extend(f"{reason}." for reason in score.problem.reasons)
    return lines


def _rule_steps(criterion: Criterion, rule: Rule, given: Given, scoring: Scoring) -> list[str]:
    """The numbers put into a rule, one step a line."""
    match rule:
        case Ratio() | RelativeToBest() | MinMax() | PerItem() | Steps():
            return _metric_steps(criterion, rule, given, scoring)
        case Flag() | Options():
            result = share(rule, given, criterion.max_points, scoring)
            if not result.known:
                return ["Chưa biết trạng thái nào"]
            return [f"Trạng thái này được {share_text(result.low)}"]
        case Percent():
            value = given.numbers.get(rule.of)
            return [f"Tỷ lệ = {percent(value.low, 4)}"] if value else ["Chưa biết tỷ lệ"]
        case Parts():
            lines = []
            for number, part in enumerate(rule.parts, 1):
                result = share(part.rule, given, criterion.max_points, scoring)
                name = part.label or f"Phần {number}"
                shown = (
                    _fraction(result.low)
                    if result.known
                    else f"từ {_fraction(result.low)} đến {_fraction(result.high)}"
                )
                lines.append(f"{name}: trọng số {part.weight} × {shown}")
            return lines
        case Gate():
            flag = given.numbers.get(rule.flag)
            if flag is None or not flag.known:
                return ["Chưa biết có hay không"]
            if flag.low == 0:
                return ["Không có nên 0 điểm"]
            return _rule_steps(criterion, rule.then, given, scoring)
        case _:
            return []


def _metric_steps(
    criterion: Criterion,
    rule: Ratio | RelativeToBest | MinMax | PerItem | Steps,
    given: Given,
    scoring: Scoring,
) -> list[str]:
    may_be_stated = stated_ratio(criterion.rule) == rule.of
    value = metric(rule, given)
    if len(rule.of.variables) == 1 and rule.of.text == rule.of.variables[0]:
        label = criterion.variables[rule.of.text].label
        if value is None or not value.known:
            return [f"{label}: chưa biết"]
        lines = [f"{label}: {vietnamese(value.low, 6)}"]
        return lines + _application(rule, value.low, scoring)
    if value is None:
        return [f"{rule.of}: mẫu số bằng 0"]
    if not value.known:
        lacking = [v for v in rule.of.variables if v not in given.numbers]
        return [f"{rule.of}: chưa biết {', '.join(lacking)}" if lacking else f"{rule.of}: chưa rõ"]
    numbers = {v: given.numbers[v].low for v in rule.of.variables if v in given.numbers}
    shown = _value(value.low, ratio=rule.of.is_quotient)
    if len(numbers) < len(rule.of.variables) and may_be_stated:
        lines = [f"{rule.of} = {shown} (nguồn nêu thẳng tỷ lệ)"]
    else:
        text = rule.of.text
        for name, number in sorted(numbers.items(), key=lambda item: -len(item[0])):
            text = _substitute(text, name, vietnamese(number, 6))
        lines = [f"{rule.of} = {text} = {shown}"]
    return lines + _application(rule, value.low, scoring)


def _application(
    rule: Ratio | RelativeToBest | MinMax | PerItem | Steps, value: Fraction, scoring: Scoring
) -> list[str]:
    """How a threshold or a table takes the value."""
    if isinstance(rule, Steps):
        held = [step for step in rule.table if step.holds(value)]
        if len(held) > 1 and scoring.overlap is not None:
            chosen = max(held, key=lambda s: s.share) if scoring.overlap == "best" else held[0]
            how = "mức cao nhất" if scoring.overlap == "best" else "mức nêu trước"
            return [
                f"Thuộc mức “{interval_text(chosen)}” (xét {how} theo chính sách):"
                f" {share_text(chosen.share)}"
            ]
        return [f"Thuộc mức “{interval_text(step)}”: {share_text(step.share)}" for step in held]
    if not isinstance(rule, Ratio) or rule.full_at is None:
        return []
    threshold = percent(rule.full_at)
    if value >= rule.full_at:
        return [f"Đạt ngưỡng {threshold}: điểm tối đa"]
    match rule.below:
        case "zero":
            return [f"Chưa đạt {threshold}: 0 điểm"]
        case "proportional":
            return [f"Chưa đạt {threshold}: lấy đúng tỷ lệ, không chia cho ngưỡng"]
        case "scaled":
            return [
                f"Chưa đạt {threshold}: chia cho ngưỡng, {_value(value, ratio=True)} / {threshold}"
            ]
        case _:
            return [f"Chưa đạt {threshold}: tính theo công thức của văn bản"]


def _substitute(text: str, name: str, number: str) -> str:
    words = text.replace("(", "( ").replace(")", " )").split(" ")
    return (
        " ".join(number if word == name else word for word in words)
        .replace("( ", "(")
        .replace(" )", ")")
    )


def _value(value: Fraction, *, ratio: bool) -> str:
    if not ratio:
        return vietnamese(value, 6)
    exact = percent(value, 4)
    return exact if 10**6 % value.denominator == 0 else f"{value} ≈ {exact}"


def _fraction(value: Fraction) -> str:
    return str(value) if value.denominator < 1000 else percent(value, 4)


def _bounds(score: Score, digits: int) -> str:
    if score.points is not None:
        return points_text(score.points, digits)
    low, high = (vietnamese(round_half_up(each, digits)) for each in (score.low, score.high))
    return f"chưa xác định, từ {low} đến {high}"
