"""Which file is which input of a source, and the fingerprint of what a build reads."""

import hashlib
import time
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path

from analytics.build.staging import SourceFiles
from analytics.sources.errors import SourceError
from analytics.sources.mapping import Input, SourceMapping


def locate(mapping: SourceMapping, path: str) -> SourceFiles:
    """Assign `path` (a file, a folder of files or a database URL) to the mapping's inputs."""
    if "://" in path:
        return SourceFiles(mapping, {item.name: path for item in mapping.inputs})
    where = Path(path)
    if where.is_dir():
        return SourceFiles(mapping, _in_folder(mapping, where))
    if not where.exists():
        raise SourceError(f"There is no file or folder {path}.")
    return SourceFiles(mapping, {_input_for(mapping, where).name: path})


def _input_for(mapping: SourceMapping, path: Path) -> Input:
    needed = [item for item in mapping.inputs if not item.optional]
    if len(mapping.inputs) == 1 or len(needed) == 1:
        return (needed or list(mapping.inputs))[0]
    if needed:
        raise SourceError(
            f"{mapping.name} reads {len(needed)} files "
            f"({', '.join(item.files[0] for item in needed)}); give the folder that holds them."
        )
    fitting = [item for item in mapping.inputs if _fits(item, path)]
    if len(fitting) != 1:
        patterns = ", ".join(pattern for item in mapping.inputs for pattern in item.files)
        raise SourceError(f"{path.name} does not say which file it is; expected: {patterns}.")
    return fitting[0]


def _in_folder(mapping: SourceMapping, folder: Path) -> dict[str, str]:
    files = sorted(file for file in folder.iterdir() if file.is_file())
    paths = {}
    for item in mapping.inputs:
        fitting = [file for file in files if _fits(item, file)]
        if len(fitting) > 1:
            names = ", ".join(file.name for file in fitting[:5])
            raise SourceError(f"{folder}: several files fit {item.files[0]}: {names}. Give one.")
        if fitting:
            paths[item.name] = str(fitting[0])
        elif not item.optional:
            raise SourceError(f"{folder} has no file {' or '.join(item.files)}.")
    if not paths:
        raise SourceError(f"{folder} has no file that {mapping.name} reads.")
    return paths


def _fits(item: Input, path: Path) -> bool:
    return any(fnmatch(path.name.lower(), pattern.lower()) for pattern in item.files)


def fingerprint(
    sources: Iterable[SourceFiles], settings: Mapping[str, str], code: Iterable[Path]
) -> str:
    """A build id: twelve hex digits of the hash of all that decides a build's content.

    A database server has no bytes to hash; its sources count as changed at every build.
    """
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.mapping.path.read_bytes())
        for name, path in sorted(source.paths.items()):
            digest.update(f"{name}={Path(path).name}".encode())
            _add(digest, path)
    for key, value in sorted(settings.items()):
        digest.update(f"{key}={value}".encode())
    for file in sorted(code):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _add(digest: "hashlib._Hash", path: str) -> None:
    file = Path(path.split(":///", 1)[1]) if ":///" in path else Path(path)
    if not file.is_file():
        digest.update(str(time.time_ns()).encode())
        return
    with file.open("rb") as content:
        digest.update(hashlib.file_digest(content, "sha256").digest())
