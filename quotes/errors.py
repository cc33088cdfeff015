"""Errors that a user can act on; each message says what is wrong and what to do next."""

from __future__ import annotations


class QuotesError(Exception):
    """What every error of this package inherits from; the command line prints it in one line."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(f"{problem} {advice}")
        self.problem = problem
        self.advice = advice


class SettingsError(QuotesError):
    """A setting is missing, misspelt or out of range."""


class PipelineError(QuotesError):
    """The spaCy pipeline cannot be loaded."""


class ReadError(QuotesError):
    """A source given by the user cannot be read at all."""


class ClusterError(QuotesError):
    """Ray is not there, or the cluster cannot be reached."""


class LakeError(QuotesError):
    """A lake's folder cannot be used."""


class PeopleFileError(QuotesError):
    """A file of people cannot be imported; nothing of it was."""


class StoreError(QuotesError):
    """The database file cannot be used."""


class StoreBusyError(StoreError):
    """Another process kept the database file locked for longer than we were told to wait."""


class StoreFullError(StoreError):
    """There is no room left for the database file; what was written before is safe."""


class StoreDamagedError(StoreError):
    """The database file is not whole, or its bytes were changed by something else."""


class PeopleError(QuotesError):
    """Nobody, or more than one person, is meant by what the user gave, or a decision about people makes no sense."""


class QueryError(QuotesError):
    """A SQL query of the user's was refused by DuckDB; ``place`` are its lines that point into the query, if any."""

    def __init__(self, problem: str, advice: str, place: str = "") -> None:
        super().__init__(problem, advice)
        self.place = place


class MeaningError(QuotesError):
    """Search by meaning lacks its model, or the file lacks what it compares."""


class ExportError(QuotesError):
    """An export cannot be written or read back."""


class BackupError(QuotesError):
    """A copy of the database cannot be made; nothing of it is left under its name."""


class ReviewError(QuotesError):
    """A reviewer's decision does not fit the quote, or does not exist."""


class CommandError(QuotesError):
    """A command that the dashboard started for its user failed, or took too long."""


class DashboardError(QuotesError):
    """The dashboard cannot be served."""
