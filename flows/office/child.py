"""A child of `dti up`: it ends when its parent does, even where the parent was killed.

    python -m flows.office.child PARENT MODULE [ARGUMENTS]

MODULE runs as `python -m MODULE ARGUMENTS` would, in this process.
"""

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1
"""<linux/prctl.h>: the signal that a process gets when its parent dies."""


def die_with(parent: int) -> None:
    """Let the system end this process when its parent dies; ends it now where it is dead already.

    Does nothing where there is no prctl (the guard remains).
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        sys.exit(1)


def main() -> None:
    parent, module = int(sys.argv[1]), sys.argv[2]
    die_with(parent)
    sys.argv = [module, *sys.argv[3:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
