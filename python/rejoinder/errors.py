"""Exceptions: one class for each kind of error, with the text that the command prints.

All derive from :class:`RejoinderError`; those that have a counterpart among Python's own exceptions derive from that
too.
"""

from __future__ import annotations


class RejoinderError(Exception):
    """An error of this package."""


class DataWarning(UserWarning):
    """What looks wrong in data, but does not forbid their use: a record that was left out, labels that contradict."""


class IoError(RejoinderError, OSError):
    """The operating system refused to read or write a file."""


class EmptyFileError(RejoinderError, ValueError):
    """A file has no content at all."""


class NoArticlesError(RejoinderError, ValueError):
    """A folder holds no file that could be an article."""


class BinaryError(RejoinderError, ValueError):
    """A file is not text."""


class RecordTooLongError(RejoinderError, ValueError):
    """A record is longer than a reader will hold in memory."""


class MissingColumnError(RejoinderError, KeyError):
    """A table lacks a column that was asked for."""

    __str__ = Exception.__str__  # KeyError would show the text in quotes


class RaggedRowError(RejoinderError, ValueError):
    """A row has another number of fields than the header."""


class UnclosedQuoteError(RejoinderError, ValueError):
    """A quoted field is still open at the end of the file."""


class JsonError(RejoinderError, ValueError):
    """A line of a JSON-lines file is not JSON."""


class NotTextError(RejoinderError, TypeError):
    """A field that should hold text holds something else."""


class EmptyTextError(RejoinderError, ValueError):
    """A labelled row has no text."""


class UnknownLabelError(RejoinderError, ValueError):
    """A label is not one of those that can stand there."""


class MalformedLabelsError(RejoinderError, ValueError):
    """A separator with no label beside it, or ``none`` beside another label."""


class RareLabelError(RejoinderError, ValueError):
    """A label has too few rows, or too few rows lack it, for anything to be learned."""


class NoLabelsError(RejoinderError, ValueError):
    """No row carries any label."""


class TooManyLabelsError(RejoinderError, ValueError):
    """More labels than a label set can hold."""


class ParameterError(RejoinderError, ValueError):
    """A parameter is outside its range."""


class DimensionError(RejoinderError, ValueError):
    """Rows or columns do not match."""


class EmptyVocabularyError(RejoinderError, ValueError):
    """No term is frequent enough to enter the vocabulary."""


class TooFewGroupsError(RejoinderError, ValueError):
    """Fewer groups than folds."""


class DenseTooLargeError(RejoinderError, MemoryError):
    """The dense solver would need more memory than allowed."""


class SolverError(RejoinderError, ArithmeticError):
    """A solver stopped with an error of its own."""


class TableError(RejoinderError, ValueError):
    """A lexicon or actor table has a line that cannot be used."""


class ModelError(RejoinderError, ValueError):
    """A model file cannot be used."""


class FutureModelError(RejoinderError, ValueError):
    """A model file was written by a later version."""


class DeskError(RejoinderError, ValueError):
    """A file cannot be used as a desk for labelling."""


class NotAnObjectError(RejoinderError, TypeError):
    """A line of a JSON-lines file holds something else than an object."""


class RecordError(RejoinderError, ValueError):
    """A record of a file that has no lines, such as a web archive, cannot be read."""


class NoMainTextError(RejoinderError, ValueError):
    """A web page holds no text."""


class ParquetError(RejoinderError, ValueError):
    """A Parquet file, or a column of it, cannot be used."""


class ResumeError(RejoinderError, ValueError):
    """An output that was begun before cannot be gone on with."""


class NotBuiltError(RejoinderError, NotImplementedError):
    """A kind of file that this package was built without: the command reads it, and Arrow data of any library go in."""


class LinfaError(RejoinderError, ValueError):
    """The solver linfa refused a dataset."""
