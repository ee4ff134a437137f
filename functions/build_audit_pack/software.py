"""What a pack says of the software that decided, and how it is built again."""

import re
from collections.abc import Mapping

from shared.domain.canonical import parsed
from shared.domain.release import UNKNOWN

# A manifest is packed as it is stored; what somebody put over it shall not write the instructions.
_PLAIN = re.compile(r"[0-9A-Za-z.+_-]{1,64}")
_COMMIT = re.compile(r"[0-9a-f]{40}")

_NOT_SAID = (
    "`manifest.json` does not say with which software it was decided: either it was decided before "
    "manifests said so, or the deployment did not know."
)
_DECIDED = """\
`manifest.json` says so under `release`, and is signed:

- version `{version}`, which is a commit of its source;
- built with Python {python} for {architecture};
- the files of the function that decided: SHA-256 `{functionSha256}`;
- those of the layer it shares with others: SHA-256 `{layerSha256}`.
"""
_BUILT_AGAIN = """
Whoever has the source builds both again, on any Linux with Python {python}, and compares what the
last command prints:

```sh
git checkout {version}
make release RUNTIME=python{minor} ARCHITECTURE={architecture}
```
"""
_WITH_CHANGES = """
There were changes beside that commit which nobody kept, so that it cannot be built again.
"""


def of_manifest(manifest: bytes) -> str:
    """The passage of VERIFY.md about the software of this manifest's decision."""
    said = _release(manifest)
    if UNKNOWN in said.values():
        return _NOT_SAID
    again = _BUILT_AGAIN if _COMMIT.fullmatch(said["version"]) else _WITH_CHANGES
    minor = ".".join(said["python"].split(".")[:2])
    return (_DECIDED + again).format(**said, minor=minor).strip()


def _release(manifest: bytes) -> Mapping[str, str]:
    said = _object(_object(_json_of(manifest)).get("release"))
    names = ("version", "python", "architecture", "functionSha256", "layerSha256")
    found = {name: str(said.get(name, UNKNOWN)) for name in names}
    return {name: text if _PLAIN.fullmatch(text) else UNKNOWN for name, text in found.items()}


def _json_of(manifest: bytes) -> object:
    try:
        return parsed(manifest)
    except ValueError:
        return None


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
