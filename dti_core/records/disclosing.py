"""What of a round's chain of events one unit's dossier may tell.

Events of the unit and of the round as a whole are told whole, so that their digests can be worked
out again. Of an event about several units only this unit's part is told, and of one about others
nothing but its place in the chain: number, digest and the digest before it. The chain can so be
followed from its first event to its head without a word about anybody else; that the content of
what is not told fits its digest, only the database can show.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

from dti_core.program.routing import assigned
from dti_core.records.collecting import source_of
from dti_core.records.dossier import Collected
from dti_core.records.tables import AuditRecord

Told = Literal["whole", "part", "none"]


@dataclass(frozen=True)
class Link:
    """An event as a dossier carries it. What is not told is None; of a part, `detail` is one."""

    seq: int
    previous: str
    digest: str
    told: Told
    round_id: str | None = None
    at: str | None = None
    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    detail: Mapping[str, Any] | None = None


def chain(found: Collected) -> list[Link]:
    """Every event of the round in its order, each as far as it may be told."""
    mine = _Mine.of(found)
    return [_link(event, mine.detail(event)) for event in found.events]


def _link(event: AuditRecord, detail: Mapping[str, Any] | None) -> Link:
    place = event.seq, event.previous, event.digest
    if detail is None:
        return Link(*place, "none")
    told: Told = "whole" if detail == event.detail else "part"
    return Link(
        *place, told, event.round_id, event.at, event.actor, event.action, event.subject, detail
    )


_ROUND = frozenset(
    {
        "appraisal_assigned",
        "draft_written",
        "figures_validated",
        "flags_raised",
        "points_appraised",
        "policies_set",
        "provisional_sent",
        "requests_made",
        "result_issued",
        "round_opened",
        "rows_exempted",
        "scores_computed",
        "self_points_read",
        "signed_paper_kept",
        "sub_round_taken_over",
        "units_ranked",
        "upgraded_with_broken_seals",
    }
)
"""Events about the round as a whole, whose details count and name no unit's affairs."""


@dataclass(frozen=True)
class _Mine:
    """By what an event is known to be about the unit.

    others   every other unit of the program
    sources  whose files its figures were read from, and its own
    judges   who appraises its rows
    """

    unit: str
    round_id: str
    others: frozenset[str]
    sources: frozenset[str]
    flags: frozenset[str]
    petitions: frozenset[str]
    messages: frozenset[str]
    files: frozenset[str]
    names: frozenset[str]
    judges: frozenset[str]

    @classmethod
    def of(cls, found: Collected) -> "_Mine":
        unit, context = found.unit, found.context
        sent = found.submissions.values()
        return cls(
            unit=unit,
            round_id=context.id,
            others=frozenset(context.program.unit) - {unit},
            sources=frozenset({each.source for each in sent} | {source_of(unit, "own")}),
            flags=frozenset(each.flag_id for each in found.flags),
            petitions=frozenset(str(each.number) for each in found.petitions),
            messages=frozenset(each.key for each in found.notifications),
            files=frozenset(found.evidence),
            names=frozenset(each.stored_as.partition("-")[2] for each in sent if each.unit == unit),
            judges=frozenset(
                who
                for pair, judges in assigned(context).items()
                if pair[0] == unit
                for who in judges
            ),
        )

    def detail(self, event: AuditRecord) -> Mapping[str, Any] | None:
        """What may be told of an event's detail; None where nothing of the event may."""
        if cut := _CUT.get(event.action):
            return cut(self, event)
        if event.action in _ROUND:
            return event.detail
        return event.detail if self._concerns(event) else None

    def _concerns(self, event: AuditRecord) -> bool:
        subject, action = event.subject, event.action
        match action.partition("_")[0]:
            case "flag":
                return subject in self.flags
            case "petition":
                return subject in self.petitions
            case "message":
                return subject in self.messages
            case "evidence":
                return event.detail.get("sha256") in self.files
            case "arrival":
                return subject in self.names
            case "document":
                return self._document(subject)
            case "appraisal":
                return subject.partition(":")[0] in self.judges
            case "remarks" | "findings":
                return subject.partition(":")[0] == self.unit and subject in self.sources
            case _:
                return subject in (self.unit, self.round_id) or subject in self.sources

    def _document(self, path: str) -> bool:
        """Its own papers, and those of the whole round; not what others got."""
        return not any(
            PurePosixPath(part).stem in self.others for part in PurePosixPath(path).parts
        )

    def _keys(self, event: AuditRecord) -> Mapping[str, Any] | None:
        keys = [key for key in event.detail["keys"] if key in self.messages]
        return {**event.detail, "keys": keys} if keys else None

    def _opinions(self, event: AuditRecord) -> Mapping[str, Any] | None:
        changes = [each for each in event.detail["changes"] if each["unit"] == self.unit]
        return {**event.detail, "changes": changes} if changes else None

    def _proposed(self, event: AuditRecord) -> Mapping[str, Any] | None:
        cut = {
            name: [pair for pair in pairs if pair[0] == self.unit]
            for name, pairs in event.detail.items()
        }
        return cut if any(cut.values()) else None

    def _approved(self, event: AuditRecord) -> Mapping[str, Any]:
        """The approval itself is everybody's; of its content the digests of other units are left
        out: which units have doubts or petitions is nobody else's business."""
        if "content" not in event.detail:
            return event.detail
        content = {
            part: {item: digest for item, digest in items.items() if item not in self.others}
            for part, items in event.detail["content"].items()
        }
        return {**event.detail, "content": content}

    def _corrected(self, event: AuditRecord) -> Mapping[str, Any]:
        mine = [each for each in event.detail["differences"] if each.get("unit") == self.unit]
        return {**event.detail, "differences": mine}

    def _imported(self, event: AuditRecord) -> Mapping[str, Any]:
        replaced = [e for e in event.detail["replaced"] if e["after"].get("unit") == self.unit]
        withdrawn = [each for each in event.detail["withdrawn"] if each.get("unit") == self.unit]
        return {**event.detail, "replaced": replaced, "withdrawn": withdrawn}

    def _sitting(self, event: AuditRecord) -> Mapping[str, Any]:
        """What a council notes may be about anybody."""
        return {
            when: {key: value for key, value in (told or {}).items() if key != "note"}
            if isinstance(told, dict)
            else told
            for when, told in event.detail.items()
        }


_CUT: Mapping[str, Callable[[_Mine, AuditRecord], Mapping[str, Any] | None]] = {
    "messages_queued": _Mine._keys,
    "messages_retried": _Mine._keys,
    "opinions_given": _Mine._opinions,
    "exemptions_proposed": _Mine._proposed,
    "step_approved": _Mine._approved,
    "correction_started": _Mine._corrected,
    "earlier_imported": _Mine._imported,
    "sitting_held": _Mine._sitting,
}
"""Events about several units at once → what this unit may be told of them."""


def faults(round_id: str, links: Sequence[Mapping[str, Any]], head: str | None) -> list[str]:
    """What is wrong with a chain as a dossier carries it, in Vietnamese; empty where it is whole.

    links  the fields of each `Link`; head  the digest that the chain should end with
    """
    from dti_core.records.audit import START, digest

    found: list[str] = []
    previous = START
    for place, link in enumerate(links, 1):
        if link["seq"] != place:
            found.append(f"Sự kiện số {place} bị thiếu (tiếp theo là số {link['seq']}).")
            break
        if link["previous"] != previous:
            found.append(f"Sự kiện số {place} không nối vào sự kiện trước nó.")
        if link["told"] == "whole":
            event = AuditRecord(**{key: link[key] for key in _CONTENT}, digest="")
            if event.round_id != round_id:
                found.append(f"Sự kiện số {place} thuộc đợt khác ({event.round_id}).")
            if digest(event) != link["digest"]:
                found.append(f"Sự kiện số {place} đã bị sửa nội dung.")
        previous = link["digest"]
    if head is not None and previous != head:
        found.append(f"Chuỗi kết thúc ở mã {previous}, không phải mã cuối đã nêu {head}.")
    return found


_CONTENT = ("round_id", "seq", "at", "actor", "action", "subject", "detail", "previous")
