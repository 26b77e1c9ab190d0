"""The packs of a draw: written aside and renamed, a field pack a team encrypted with a passphrase.

`packs/` of a draw is for everybody in the office; `field/` has a zip a team (AES-256, opened with 7-Zip, WinRAR or WPS)
that holds names and phones of its households. Does not belong here: what a file says (fangpin/reports/research).
"""

from __future__ import annotations

import hashlib
import io
import json
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from fangpin.errors import FangpinError, HomeError
from fangpin.reports.research import pack
from fangpin.reports.research.trip import Trip
from pipelines.console import whole_folder
from pipelines.jobs import RESEARCH
from pipelines.research_trip import draw_folder, identities, read_trip

PACKS, FIELD, MANIFEST, TEMPLATES = "packs", "field", "manifest.json", "templates"
FIELD_PACK = "第{}组_实地资料包.zip"
SHORTEST = 12
"""Characters of a passphrase at least: an AES zip can be tried offline."""


def make(
    home: Path, plan: str, draw: int | None, passphrase: str | None, say: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Write the general pack and, with a passphrase, every team's field pack; what was written."""
    started = time.monotonic()
    folder = draw_folder(home, plan, draw)
    trip = read_trip(home, plan, draw)
    own = home / RESEARCH / TEMPLATES
    files = _put(folder / PACKS, pack.general(trip, own), trip_keys(trip))
    say(f"普通资料包：{len(files)} 个文件（{time.monotonic() - started:.0f} 秒）")
    packs = []
    if passphrase is not None:
        packs = _put_field(
            folder / FIELD,
            (
                (team, encrypted(pack.field(trip, team, identities(home, trip, team)), passphrase))
                for team in trip.team_numbers
            ),
            passphrase,
        )
        say(f"加密实地资料包：{len(packs)} 个（{time.monotonic() - started:.0f} 秒）")
    return {
        **trip_keys(trip),
        "folder": str(folder / PACKS),
        "files": len(files),
        "villages": len(trip.villages),
        "households": trip.households.height,
        "teams": len(trip.team_numbers),
        "field_folder": str(folder / FIELD) if packs else None,
        "field_packs": packs,
    }


def trip_keys(trip: Trip) -> dict[str, Any]:
    """What the packs rest on."""
    return {
        "plan": trip.plan,
        "draw": trip.draw,
        "form_version": trip.form_version,
        "month": trip.month,
        "version": trip.version,
        "policy_version": trip.policy_version,
    }


def read_passphrase(path: Path) -> str:
    """The first line of a file that only its owner can read."""
    if not path.is_file():
        raise HomeError(f"没有口令文件 {path}：请新建一个文本文件，第一行写口令，再执行 chmod 600。")
    if path.stat().st_mode & 0o077:
        raise HomeError(f"口令文件 {path} 能被其他用户读取：请执行 chmod 600 后重试。")
    lines = path.read_text(encoding="utf-8").splitlines()
    return checked(lines[0].strip() if lines else "", f"口令文件 {path}")


def checked(passphrase: str, where: str) -> str:
    """The passphrase if it is long enough and in characters that every program types alike."""
    if len(passphrase) < SHORTEST or not passphrase.isascii():
        raise HomeError(f"{where}：口令须为至少 {SHORTEST} 个半角字母、数字或符号。")
    return passphrase


def encrypted(files: Iterable[tuple[str, bytes]], passphrase: str) -> bytes:
    """An AES-256 zip of the files; its salt is fresh each time, its contents are the same."""
    import pyzipper

    buffer = io.BytesIO()
    with pyzipper.AESZipFile(buffer, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(passphrase.encode())
        for name, content in files:
            entry = pyzipper.zipfile_aes.AESZipInfo(name, (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, content, compress_type=pyzipper.ZIP_DEFLATED)
    return buffer.getvalue()


def opened(content: bytes, passphrase: str) -> Iterator[tuple[str, bytes]]:
    """The files of a field pack; FangpinError when the passphrase is not its own."""
    import pyzipper

    with pyzipper.AESZipFile(io.BytesIO(content)) as archive:
        archive.setpassword(passphrase.encode())
        for name in archive.namelist():
            try:
                yield name, archive.read(name)
            except (RuntimeError, pyzipper.BadZipFile):
                raise FangpinError("实地资料包打不开：口令不对，或文件已损坏。请核对口令，或重新生成资料包。") from None


def _put(target: Path, files: Iterable[tuple[str, bytes]], keys: dict[str, Any]) -> dict[str, str]:
    """The files below `target`, whole or not at all, with a manifest of their hashes."""
    listed: dict[str, str] = {}
    with whole_folder(target) as aside:
        for name, content in files:
            path = aside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            listed[name] = hashlib.sha256(content).hexdigest()
        told = json.dumps({**keys, "files": listed}, ensure_ascii=False, indent=2)
        (aside / MANIFEST).write_text(told, encoding="utf-8")
    return listed


def _put_field(target: Path, packs: Iterable[tuple[int, bytes]], passphrase: str) -> list[str]:
    """The encrypted packs, readable by their owner only; each is opened once before it counts as written."""
    names = []
    with whole_folder(target) as aside:
        aside.chmod(0o700)
        for team, content in packs:
            for _ in opened(content, passphrase):
                pass
            path = aside / FIELD_PACK.format(team)
            path.touch(mode=0o600)
            path.write_bytes(content)
            names.append(path.name)
    return names
