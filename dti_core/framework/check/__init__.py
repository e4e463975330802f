"""The checker: what is wrong, or merely odd, in a framework, told by arithmetic and structure.

The loader is strict on form; the checker judges meaning, so that a faulty decree loads and its
faults are reported. Every finding says where the decree has it. `ready` says whether a round
can open on what was found.
"""

from dti_core.framework.check.check import check
from dti_core.framework.check.finding import Finding, Severity
from dti_core.framework.check.ready import NotReady, require_openable, unrecorded

__all__ = ["Finding", "NotReady", "Severity", "check", "require_openable", "unrecorded"]
