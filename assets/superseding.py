"""Which of the files that lie in a department's folder for one feed, month and place count: one full file, and the
corrections that came after it.

Does not belong here: which feed and place a file is of (assets/delivery.py), how rows are corrected (assets/batch.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assets.ledger import CORRECTION, FULL, Delivered
from fangpin.errors import DeliveryError


def in_force(files: Sequence[Delivered], seen: Mapping[str, int]) -> list[Delivered]:
    """The full file in force and its corrections, in the order they came. seen: sha256 -> the look it first counted at.

    The newest full file supersedes the others; the same bytes twice are one file. DeliveryError when that cannot be
    told: two new full files, a correction of nothing, a new correction of a file that counts no longer.
    """
    full = _once(file for file in files if file.role == FULL)
    new = [file for file in full if file.sha256 not in seen]
    if len(new) > 1:
        names = "、".join(file.named for file in new)
        raise DeliveryError(f"有内容不同的几份文件：{names}。请只保留正确的一份。")
    corrections = _once(file for file in files if file.role == CORRECTION)
    if not full:
        names = "、".join(file.named for file in corrections)
        raise DeliveryError(f"只有补正文件（{names}），没有它补正的原文件：请把原文件放回，或报送完整的文件。")
    current = new[0] if new else max(full, key=lambda file: seen[file.sha256])
    since = seen.get(current.sha256)
    last = max(seen.values(), default=0) + 1
    standing = [current]
    for file in sorted(corrections, key=lambda file: (seen.get(file.sha256, last), *_place(file))):
        of_an_earlier_file = file.sha256 in seen and (since is None or seen[file.sha256] < since)
        answered = file.answers is None or any(file.answers == each.sha256[:16] for each in standing)
        if answered and not of_an_earlier_file:
            standing.append(file)
        elif file.sha256 not in seen:
            raise DeliveryError(
                f"退回清单 {file.named} 针对的文件已经不是现行的文件（{current.named}）：请按最新的退回清单补正。"
            )
    return standing


def _once(files: Iterable[Delivered]) -> list[Delivered]:
    """Each content once, the first by path."""
    found: dict[tuple[str, str | None], Delivered] = {}
    for file in sorted(files, key=_place):
        found.setdefault((file.sha256, file.sheet), file)
    return list(found.values())


def _place(file: Delivered) -> tuple[str, str]:
    return file.path, file.member or ""
