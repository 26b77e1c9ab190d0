"""The failures the product names. A message says what, where (file, sheet, row, place, month) and what to do.

Does not belong here: errors of one row of a delivered file (they are quarantine reasons, not exceptions).
No message ever holds an ID number, a name or a phone.
"""

from __future__ import annotations


class FangpinError(Exception):
    """Base of every failure with a message meant for an official or operator."""


class DeliveryError(FangpinError):
    """The month's delivered files stop the month: nothing delivered, a feed missing, two that disagree."""


class FileRejected(FangpinError):
    """One delivered file cannot be read as what it should be. rule: a short ASCII name of why, for programs."""

    def __init__(self, message: str, rule: str = "unreadable") -> None:
        super().__init__(message)
        self.rule = rule


class PolicyError(FangpinError):
    """A policy file is wrong, or a value is asked for that no document gives."""


class NoMonitoringLine(PolicyError):
    """No monitoring line is known for a place and date."""


class MonthOrderError(FangpinError):
    """A month is run before the month it builds on is published, or published while stale."""


class GateRefused(FangpinError):
    """The publication gate refused: a check failed, is missing, or judged another build."""


class HomeError(FangpinError):
    """The home folder is missing something, is locked or full."""
