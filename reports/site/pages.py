"""The result pages as static HTML: they open from a folder, a disk or any web server."""

import re

from dti_core.errors import Refused
from reports.html import fill
from reports.site.data import Site

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class UnusableName(Refused):
    """A unit's id cannot name its page. The text names the id."""


def render_site(site: Site) -> dict[str, str]:
    """File name → text: `index.html` and `don-vi/<unit>.html` for each unit of each group.

    Raises UnusableName for an id that is no slug or that two units share, and
    jinja2.UndefinedError where a template asks for what is missing.
    """
    pages = {"index.html": fill("site_index.html", site=site)}
    for group in site.groups:
        for unit in group.units:
            name = f"don-vi/{unit.id}.html"
            if not _SLUG.fullmatch(unit.id) or name in pages:
                raise UnusableName(
                    f"Mã đơn vị {unit.id!r} không đặt tên trang được: chỉ dùng chữ thường không"
                    " dấu, chữ số và gạch nối, mỗi đơn vị một mã. Hãy sửa mã trong chương trình."
                )
            pages[name] = fill("site_unit.html", site=site, group=group, unit=unit)
    return pages
