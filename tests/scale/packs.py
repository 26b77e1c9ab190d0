"""All packs of a made-up trip, 24 villages and 288 households: `python -m tests.scale.packs`, a phase of `make bench`.

Writes the general pack and the three encrypted field packs into a temporary folder. Prints one JSON line.
Does not belong here: reading the published copy and the vault, which depends on their size.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from fangpin.reports.research import pack
from pipelines import research_packs
from tests import made_up_trip

KEY = "a-passphrase-for-the-bench"


def main() -> None:
    trip = made_up_trip.trip(cities=6, counties=2, villages=2, households=11, teams=3)
    known = made_up_trip.identities(trip)
    with tempfile.TemporaryDirectory() as folder:
        start, cpu = time.monotonic(), time.process_time()
        general = research_packs._put(Path(folder) / "packs", pack.general(trip), {})
        middle, middle_cpu = time.monotonic(), time.process_time()
        packs = ((team, research_packs.encrypted(pack.field(trip, team, known), KEY)) for team in trip.team_numbers)
        field = research_packs._put_field(Path(folder) / "field", packs, KEY)
        end, end_cpu = time.monotonic(), time.process_time()
    told = {
        "villages": len(trip.villages),
        "households": trip.households.height,
        "files": len(general),
        "general_wall_s": round(middle - start, 1),
        "general_cpu_s": round(middle_cpu - cpu, 1),
        "field_packs": len(field),
        "field_wall_s": round(end - middle, 1),
        "field_cpu_s": round(end_cpu - middle_cpu, 1),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
