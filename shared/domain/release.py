"""Which software decided: from which source it was made, and which bytes it was."""

from dataclasses import dataclass

# Software of which nobody wrote down where it came from. That is a version too.
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Release:
    """
    The software of one deployment.

    *version* names the commit. *python* and *architecture* are those it was built for, and
    *function_sha256* and *layer_sha256* the hashes of the files of the function that decides and of
    the layer it shares, so that who builds the commit again can compare (docs/decisions/0042).
    """

    version: str = UNKNOWN
    python: str = UNKNOWN
    architecture: str = UNKNOWN
    function_sha256: str = UNKNOWN
    layer_sha256: str = UNKNOWN
