"""What a round came to, so that a killed one can be compared with one that nobody disturbed."""

import email
import email.policy
import hashlib
import io
import json
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.outbox import notifications
from dti_core.records.ranking import ranks
from dti_core.records.rounds import documents
from dti_core.records.tables import AuditRecord
from dti_core.records.verifying import head, verify

Letter = tuple[str, str, str]
"""(to, subject, digest of text and attachments)"""


Event = tuple[str, str, str]

SENT = "message_settled"

REPORT = ("document_made", "documents/chat-luong-so-lieu")
"""The data-quality report. The cycle writes it over the records as they stand when it comes to it:
one that begins again from its top, after a kill, writes one more over a half-finished stage, and
the chain says so. The last one is the same."""


@dataclass(frozen=True)
class Outcome:
    """A finished round.

    ranking   a row a unit, in order
    papers    path under the round's folder → digest of what a reader sees in it
    recorded  the same paths → digest that the records keep, where they keep one
    letters   what the mail server took, each letter with how often
    outbox    key → how it stands, in how many attempts, title and text
    events    the audit chain: (action, subject, detail)
    head      its last digest: equal where every event is, in content, time and order
    wrong     what `dti audit verify` says
    """

    ranking: list[dict[str, Any]]
    papers: dict[str, str]
    recorded: dict[str, str]
    letters: Counter[Letter]
    outbox: dict[str, tuple[object, ...]]
    events: list[Event]
    head: str
    wrong: list[str]


def outcome(round_id: str, mailbox: Path) -> Outcome:
    """Of a round in the present home and database."""
    folder = round_folder(round_id)
    with session() as records:
        return Outcome(
            ranking=[each.model_dump(exclude={"id"}) for each in ranks(records, round_id)],
            papers={
                str(path.relative_to(folder)): content_of(path)
                for path in sorted(folder.rglob("*"))
                if path.is_file() and not _is_apart(path.relative_to(folder).parts)
            },
            recorded={each.path: each.sha256 for each in documents(records, round_id)},
            letters=letters(mailbox),
            outbox={
                each.key: (each.recipient, each.status, each.attempts, each.title, each.body)
                for each in notifications(records, round_id)
            },
            events=[
                (action, subject, json.dumps(detail, sort_keys=True, ensure_ascii=False))
                for action, subject, detail in records.exec(
                    select(AuditRecord.action, AuditRecord.subject, AuditRecord.detail)
                    .where(AuditRecord.round_id == round_id)
                    .order_by(col(AuditRecord.seq))
                )
            ],
            head=head(records, round_id) or "",
            wrong=verify(records, round_id),
        )


def _is_apart(parts: tuple[str, ...]) -> bool:
    """What people sent, and the notes of which stages need not run again."""
    return parts[:2] == ("in", "inbox") or parts[0] == "da-lam"


def differences(found: Outcome, expected: Outcome, held: Counter[str]) -> list[str]:
    """What a killed round has otherwise than the undisturbed one; empty where it is the same.

    held  recipient → how many messages for it a killed worker had in hand: so many letters to it
          may have come twice
    """
    said = [f"audit: {each}" for each in found.wrong]
    if found.ranking != expected.ranking:
        said.append(f"ranking: {found.ranking} != {expected.ranking}")
    said += _differing("papers", found.papers, expected.papers)
    said += _differing("recorded", found.recorded, expected.recorded)
    said += _differing("outbox", found.outbox, expected.outbox)
    if set(found.letters) != set(expected.letters):
        said.append(f"letters: {sorted(set(found.letters) ^ set(expected.letters))}")
    doubles = Counter[str]()
    for letter, count in found.letters.items():
        doubles[letter[0].partition("@")[0]] += count - expected.letters[letter]
    said += [f"doubles: {n} to {to}" for to, n in doubles.items() if not 0 <= n <= held[to]]
    if found.head != expected.head:
        now, sent = _apart_from_sending(_without_reports(found))
        then, sent_then = _apart_from_sending(_without_reports(expected))
        said += _differing_events(now, then)
        said += [f"sent: {each}" for each in sorted(set(sent) ^ set(sent_then))]
        late = [each for each in sent.keys() & sent_then.keys() if sent[each] > sent_then[each]]
        said += [f"sent later: {each}" for each in sorted(late)]
    return said


def _apart_from_sending(events: list[Event]) -> tuple[list[Event], dict[Event, int]]:
    """The events but those of messages that went out, and how many of the former came before each.

    A cycle that begins again from its top, after a kill, first sends what stands queued: before the
    stage that was killed, not after it. Earlier is right, later would not be.
    """
    others: list[Event] = []
    sent: dict[Event, int] = {}
    for each in events:
        if each[0] == SENT:
            sent[each] = len(others)
        else:
            others.append(each)
    return others, sent


def _without_reports(found: Outcome) -> list[Event]:
    action, path = REPORT
    return [e for e in found.events if not (e[0] == action and e[1].startswith(path))]


def _differing_events(found: list[Event], expected: list[Event]) -> list[str]:
    """The first place where two chains part."""
    if found == expected:
        return []
    pairs = zip(found, expected, strict=False)
    shorter = min(len(found), len(expected))
    at = next((n for n, (a, b) in enumerate(pairs) if a != b), shorter)
    return [
        f"events: {len(found)} != {len(expected)}, from {at + 1}:"
        f" {found[at : at + 3]} != {expected[at : at + 3]}"
    ]


def _differing(what: str, found: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    keys = sorted(set(found) | set(expected))
    return [f"{what}: {key}" for key in keys if found.get(key) != expected.get(key)]


def content_of(path: Path) -> str:
    """The digest of a file's content; of an archive's parts, whatever their time stamps."""
    content = path.read_bytes()
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return hashlib.sha256(content).hexdigest()
    whole = hashlib.sha256()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in sorted(archive.namelist()):
            whole.update(name.encode() + hashlib.sha256(archive.read(name)).digest())
    return whole.hexdigest()


def letters(folder: Path) -> Counter[Letter]:
    """Every mail of a folder, as a mail program reads it."""
    found: Counter[Letter] = Counter()
    for file in folder.glob("*.eml"):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        whole = hashlib.sha256()
        for part in mail.walk():
            if not part.is_multipart():
                whole.update(str(part.get_filename()).encode())
                whole.update(part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
        found[str(mail["to"]), str(mail["subject"]), whole.hexdigest()] += 1
    return found
