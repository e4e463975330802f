"""Take a round's published data files in: keep the file, read its figures, record both."""

import hashlib

from sqlmodel import Session

from dti_core.intake.published import load_published
from dti_core.program.load import RoundContext
from dti_core.records.figures import Written, receive, write_figures
from dti_core.records.files import round_folder, write_whole
from dti_core.records.rounds import require_round


def receive_data_files(session: Session, context: RoundContext, actor: str) -> Written:
    """Read every data file that the round names.

    Raises DataError for a file that does not hold what it claims, RoundNotOpen, LawChanged.
    """
    require_round(session, context)
    total = Written(0, 0, 0)
    for name in context.round.data:
        file = context.program.folder / name
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        framework = context.framework_of(context.units[0].id)
        published = load_published(file, framework)
        stored = round_folder(context.id) / "in" / f"{digest[:12]}-{file.name}"
        write_whole(stored, content)
        submission, _ = receive(
            session, context.id, published.unit, name, digest, stored.name, actor
        )
        written = write_figures(session, context.id, submission, published.figures, actor)
        total = Written(
            total.added + written.added,
            total.changed + written.changed,
            total.unchanged + written.unchanged,
        )
    return total
