"""The people of an office, registered: one of each role, by name → token."""

from dti_core.program.load import RoundContext
from dti_core.records import people
from dti_core.records.database import session
from dti_core.records.tokens import acting
from tests.unit.signed_round import ORGANISER

OPERATOR = "Chuyên viên phụ trách"
DISTRICT, OTHER_DISTRICT = "Chuyên viên huyện A", "Chuyên viên huyện B"
APPRAISER, OTHER_APPRAISER = "Trưởng phòng thẩm định", "Chuyên viên Sở B"
APPROVER = "Giám đốc Sở"
READER = "Thanh tra"
TITLE = "Thủ trưởng cơ quan chủ trì"


def registered(context: RoundContext) -> dict[str, str]:
    """Name → token. The district's people have the sub-rounds of so-a and so-b."""
    assert context.program.organiser == ORGANISER
    with session() as records:
        found = {OPERATOR: people.add(records, OPERATOR, ["operator"])}
    with acting(found[OPERATOR]), session() as records:
        for name, role, more in (
            (DISTRICT, "district", {"units": ["so-a"]}),
            (OTHER_DISTRICT, "district", {"units": ["so-b"]}),
            (APPRAISER, "appraiser", {"verifiers": [ORGANISER]}),
            (OTHER_APPRAISER, "appraiser", {"verifiers": ["so-b"]}),
            (APPROVER, "approver", {"titles": [TITLE]}),
            (READER, "reader", {}),
        ):
            found[name] = people.add(records, name, [role], **more)  # type: ignore[arg-type]
    return found
