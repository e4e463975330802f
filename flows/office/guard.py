"""The guard of `dti up`: when its parent is gone without a word, it ends what the parent started.

    python -m flows.office.guard MARK

It reads its standard input, which nobody writes to: that it ends means that the parent has.
"""

import os
import signal
import sys

from flows.office.marked import end_all


def main() -> None:
    mark = sys.argv[1]
    # the parent stops its children in an order of its own; the guard goes last
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while os.read(0, 1):
        pass
    end_all(lambda found: found == mark)


if __name__ == "__main__":
    main()
