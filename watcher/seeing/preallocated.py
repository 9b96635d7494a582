"""Files that have their size before their content: somebody reserved the space and is still filling it.

Downloaders, SMB clients and copiers set the final size first (``ftruncate``, ``fallocate``, SetEndOfFile); what is not
written yet reads as zero bytes. Some close the file in between.
"""

import os

BLOCK_BYTES = 4096


def is_unfilled(descriptor: int) -> bool:
    """Whether the first or the last block of an open file is of zero bytes alone; a shorter file counts as one block.

    No format that is read begins or ends with so many. A file without any byte is not meant.
    """
    size = os.fstat(descriptor).st_size
    blocks = {0, max(0, size - BLOCK_BYTES)}
    return size > 0 and any(not os.pread(descriptor, BLOCK_BYTES, at).strip(b"\0") for at in blocks)
