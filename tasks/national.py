"""The groups of a national run as tasks: work one out, and record what a province's came to."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from dti_core.program.load import load_round
from dti_core.records.awards import write_findings
from dti_core.records.database import session
from dti_core.records.one_writer import one_writer
from dti_core.records.rounds import open_round
from dti_core.records.tables import FindingRecord
from tasks.national_group import evaluate_group, findings_in, path_of
from tasks.papers import write_papers
from tasks.retrying import RETRY


@task(name="danh-gia-nhom", cache_policy=NO_CACHE, **RETRY)
def evaluate_group_task(round_id: str, level: str) -> bytes:
    """Check, score and rank one level of one province (`tasks.national_group`)."""
    return evaluate_group(round_id, level)


@task(name="ghi-ket-qua-tinh", cache_policy=NO_CACHE, **RETRY)
def record_province_task(round_id: str, results: Mapping[str, bytes], actor: str) -> dict[str, Any]:
    """Record a province's results, all or none of them; returns what they came to, in short.

    The round is opened where it was not. Recording the same results again changes nothing.
    """
    context = load_round(round_id)
    read = {level: json.loads(content) for level, content in results.items()}
    found = [each for result in read.values() for each in findings_in(result)]
    with session() as records:
        open_round(records, context, actor)
        one_writer(records, round_id)
        papers = [("national", path_of(level), content) for level, content in results.items()]
        write_papers(records, round_id, papers, actor)
        rows = [FindingRecord(round_id=round_id, **vars(each)) for each in found]
        write_findings(records, round_id, rows, actor)
    return {
        "round": round_id,
        "units": sum(len(result["units"]) for result in read.values()),
        "findings": len(found),
        "sha256": {level: hashlib.sha256(each).hexdigest() for level, each in results.items()},
    }
