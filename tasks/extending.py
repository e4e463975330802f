"""Grant a provider a later deadline: the record, the letter, and the mail that carries it."""

from collections.abc import Mapping
from datetime import date

from dti_core.program.load import RoundContext
from dti_core.records.database import session
from dti_core.records.extensions import extend
from dti_core.records.outbox import Message, enqueue
from dti_core.records.rounds import require_round
from reports.messages import check_texts, letter
from tasks.busy import until_free
from tasks.papers import write_paper


def extend_deadline(
    context: RoundContext,
    provider: str,
    until: date,
    reason: str,
    document: str,
    actor: str,
    kind: str | None = None,
) -> tuple[Mapping[str, date], str]:
    """Record the extension, write its letter and queue the mail, all of it once.

    Returns kind → the deadline until now, and the letter's path under the round's folder. Raises
    NotExtended, BrokenText, BrokenTemplate.
    """
    from reports.letters import extension
    from reports.unit_round.letters import extension_values, files_of

    check_texts(["extension"])

    def grant() -> tuple[Mapping[str, date], str]:
        with session() as records:
            require_round(records, context)
            before = extend(records, context, provider, until, reason, document, actor, kind)
            files = files_of(records, context.id, provider)
            values = extension_values(context, provider, before, until, reason, document, files)
            what = "-cung-cap" if kind == "about_units" else "-so-lieu-minh" if kind else ""
            name = f"out/{provider}/cong-van-gia-han{what}-{until}.docx"
            content = extension.render(values)
            write_paper(records, context.id, "extension_letter", name, content, actor)
            text = letter(
                "extension",
                context,
                provider,
                due=until,
                until=until,
                before=", ".join(sorted({f"{due:%d/%m/%Y}" for due in before.values()})),
                reason=reason.strip().rstrip("."),
                document=document.strip().rstrip("."),
                files=[files[each].rpartition("/")[2] for each in before],
            )
            key = f"extension:{provider}:{kind or 'all'}:{until}"
            told = Message(key, provider, text.title, text.body, (name,))
            enqueue(records, context.id, [told], actor)
            return before, name

    return until_free(grant)
