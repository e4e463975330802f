"""Who appraises which rows, in words: the fields of work of a program (2001/QĐ-UBND, V.2)."""

from collections.abc import Iterator

from dti_core.framework.model import Framework
from dti_core.program.appraisal import Verification
from dti_core.program.load import RoundContext
from dti_core.program.routing import verifier_name
from reports.letters.council import Aside, Assigned

OTHER_ROWS = "Các tiêu chí không thuộc lĩnh vực nào khác"


def fields_of(context: RoundContext) -> tuple[Verification, ...]:
    """The fields of the program that have a level of this round."""
    return tuple(
        field
        for field in context.program.appraisal.fields
        if not field.levels or set(field.levels) & set(context.frameworks)
    )


def assigned(context: RoundContext) -> Iterator[Assigned]:
    """Every field of the round with its rows and its verifiers."""
    for field in fields_of(context):
        yield Assigned(
            field=field.field,
            rows=rows_of(context, field),
            by=tuple(verifier_name(context, who) for who in field.verifiers),
            basis=field.basis,
        )


def rows_of(context: RoundContext, field: Verification) -> str:
    """The rows of a field in words; by framework where they are not the same in all of them."""
    if not (field.pillars or field.criteria or field.providers):
        return OTHER_ROWS
    texts = {
        framework.title: text
        for level, framework in context.frameworks.items()
        if (not field.levels or level in field.levels)
        and (text := "; ".join(_named(framework, field)))
    }
    if len(set(texts.values())) < 2:
        return next(iter(texts.values()), "–")
    return "; ".join(f"{title}: {text}" for title, text in texts.items())


def aside(context: RoundContext, organiser: str) -> Aside | None:
    """Who appraises rows of the organiser (by name), where that is a question."""
    policy = context.program.policies.organiser_rows
    assessed = any(unit.id == context.program.organiser for unit in context.units)
    if policy is None or not (assessed or policy.value.supplied):
        return None
    return Aside(
        organiser,
        verifier_name(context, policy.value.verifier),
        policy.basis,
        policy.value.supplied,
    )


def _named(framework: Framework, field: Verification) -> Iterator[str]:
    pillars = {pillar.code: pillar.name for pillar in framework.pillars}
    for code in field.pillars:
        if code in pillars:
            yield f"Chỉ số chính {code} ({pillars[code]})"
    if codes := [code for code in field.criteria if code in framework.by_code]:
        yield f"Tiêu chí {', '.join(codes)}"
    agencies = framework.decree.agencies
    if names := [agencies[slug].name for slug in field.providers if slug in agencies]:
        yield f"Tiêu chí do {', '.join(names)} cung cấp số liệu"
