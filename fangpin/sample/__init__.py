"""The sample province: real places, people who do not exist, files as departments send them, and the planted truth.

`write_sample` is the only thing the rest of the product calls. Nothing here knows the rules' thresholds, and the
pipeline never reads what is written to truth/.
"""

from __future__ import annotations

from fangpin.sample.province import Summary, write_sample

__all__ = ["Summary", "write_sample"]
