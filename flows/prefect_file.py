"""prefect.yaml, written from the programs' calendars: for `prefect deploy --all`.

A test holds the project's file equal to what this gives: `dti deploy --write` makes it anew.
"""

import json
import textwrap
from collections.abc import Iterator, Sequence

from flows.deployments import RUN_ENVIRONMENT, TAG
from flows.schedules import DEPLOYMENTS, TIME_ZONE, WORK_POOL, Deployment, Schedule

HEADER = """\
# Triển khai các luồng và lịch lên máy chủ Prefect của đơn vị: prefect deploy --all
# Tệp này do lệnh `dti deploy --write` viết từ lịch của các chương trình (program.yaml); đừng sửa
# tay. `dti deploy` đăng ký cùng những lịch ấy, tạo work pool và xóa lịch không còn trong chương
# trình; xem docs/lich-lam-viec.md. Mốc đã qua vẫn nêu, nhưng có UNTIL nên không sinh lượt nào.
"""


def written(schedules: Sequence[Schedule]) -> str:
    """The whole file for these schedules."""
    lines = [
        HEADER.rstrip(),
        "name: dti",
        "",
        "# Mã nguồn đã cài sẵn nơi worker chạy (pip install), không phải tải về.",
        "pull: []",
        "",
        "deployments:",
    ]
    for each in DEPLOYMENTS:
        lines += _deployment(each, [one for one in schedules if one.deployment == each])
    return "\n".join(lines).rstrip() + "\n"


def _deployment(each: Deployment, schedules: Sequence[Schedule]) -> Iterator[str]:
    yield f"  - name: {each.name}"
    yield "    description: >-"
    yield from textwrap.wrap(
        each.description, 100, initial_indent=" " * 6, subsequent_indent=" " * 6
    )
    yield f"    entrypoint: {each.entrypoint}"
    yield f"    tags: [{TAG}]"
    yield "    work_pool:"
    yield f"      name: {WORK_POOL}"
    yield "      job_variables:"
    yield f"        env: {_inline(RUN_ENVIRONMENT)}"
    yield "    schedules:" + ("" if schedules else " []")
    for one in schedules:
        yield f"      # {one.title} ({one.about}): {one.basis}"
        yield f"      - slug: {one.slug}"
        yield f"        rrule: {_quoted(one.rule)}"
        yield f"        timezone: {TIME_ZONE}"
        yield f"        parameters: {_inline(one.parameters)}"
    yield ""


def _inline(values: dict[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {_quoted(value)}" for key, value in values.items()) + "}"


def _quoted(text: str) -> str:
    """A JSON string is a YAML string."""
    return json.dumps(text, ensure_ascii=False)
