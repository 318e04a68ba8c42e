"""Has the system forget what it keeps of files in memory: `forget.py <folder> …`. A first run reads them from the disk."""

import os
import sys

for folder in sys.argv[1:]:
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                descriptor = os.open(os.path.join(place, name), os.O_RDONLY | os.O_NOFOLLOW)
            except OSError:
                continue
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)
