"""Models on the Hugging Face hub; its network is used for an address `hf://…`, and never else."""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from attnpool._version import __version__
from attnpool.errors import InputError, require
from attnpool.files.paths import checked_path
from attnpool.persistence.model_folder import CARD, CONFIG, FILES, is_model
from attnpool.sanitize import escaped, quoted, shortened

_SHOWN = 200  # characters of an address, and of the hub's message
_NAME = r"[A-Za-z0-9][\w.-]{0,95}"
_REPOSITORY = re.compile(rf"{_NAME}/{_NAME}", re.ASCII)
_ADDRESS = re.compile(
    rf"hf:/{{1,2}}(?P<repository>{_NAME}/{_NAME})(@(?P<revision>refs/pr/\d+|[^/@\s]+))?"
    r"(/(?P<file>[^@\s]+\.safetensors))?",
    re.ASCII,
)

_log = logging.getLogger(__name__)


class Local(NamedTuple):
    """A model on this machine.

    Attributes:
        path: Its folder or its compact file; of a model of the hub in the hub's own cache.
        address: The address of a model of the hub, with the commit that it is of: the same bytes
            whenever it is loaded; None of any other.
    """

    path: Path
    address: str | None = None


def is_address(path: str | Path) -> bool:
    """Whether a path means a model of the hub.

    Args:
        path: What a user gave; a `Path` has made one slash of two.
    """
    return str(path).startswith(("hf:/", "hf:\\"))


@contextmanager
def local(path: str | Path) -> Iterator[Local]:
    """A model to be read: one of the hub is downloaded, and what is wrong with it is told of it.

    Args:
        path: A path, or the address of a model of the hub.

    Raises:
        InputError: As `download`.
    """
    if not is_address(path):
        yield Local(checked_path(path))
        return
    found = download(path)
    try:
        yield found
    except InputError as error:
        said = str(error).replace(str(found.path), str(found.address))
        raise InputError(said) from None


def download(address: str | Path) -> Local:
    """Download a model, or find it in the cache; of a folder nothing but the files of a model.

    Args:
        address: `hf://user/repository@revision`, or `hf://user/repository@revision/file.safetensors`
            for a compact file. Without a revision: the newest of the main branch.

    Raises:
        InputError: It is no address, there is no such model, it may not be read, or the hub cannot
            be reached.
    """
    address = str(address).replace("\\", "/")
    parts = _ADDRESS.fullmatch(address)
    shown = quoted(re.sub("^hf:/+", "hf://", address), _SHOWN)
    if parts is None or ".." in (parts["file"] or "").split("/"):
        raise InputError(
            f"{shown} is no address of a model; give hf://user/repository, with @revision behind "
            "it, and /file.safetensors behind that for a compact file"
        )
    require(shown, "huggingface_hub")
    from huggingface_hub import hf_hub_download, snapshot_download

    repository, file = parts["repository"], parts["file"] or CONFIG
    what: dict[str, Any] = {"library_name": "attnpool", "library_version": __version__}
    what["tqdm_class"] = _bar()
    with _told(shown, missing=parts["file"] or "model of attnpool"):
        revision = parts["revision"] and unquote(parts["revision"])
        found = Path(hf_hub_download(repository, file, revision=revision, **what))
        commit = found.parents[file.count("/")].name
        if parts["file"] is None:
            if not is_model(found.parent):  # before the weights of another library's come along
                raise InputError(
                    f"hf://{repository}@{commit} is not a model folder: it has no {CONFIG} of "
                    "attnpool"
                )
            found = Path(
                snapshot_download(repository, revision=commit, allow_patterns=[*FILES], **what)
            )
    pinned = f"hf://{repository}@{commit}" + ("" if parts["file"] is None else f"/{file}")
    _log.info("%s is %s", shown, pinned)
    return Local(found, pinned)


def _bar() -> Any:
    """The hub's bar of progress, on terminals alone."""
    import huggingface_hub.utils

    base: Any = huggingface_hub.utils.tqdm  # type: ignore[attr-defined]  # though public

    def begin(bar: Any, *given: Any, **options: Any) -> None:
        base.__init__(bar, *given, **{**options, "disable": options.get("disable") or None})

    return type("Bar", (base,), {"__init__": begin})


def check_repository(repository: str) -> None:
    """Refuse what is no name of a repository, before anything is written.

    Raises:
        InputError: It is none, or huggingface_hub is not installed.
    """
    if not (isinstance(repository, str) and _REPOSITORY.fullmatch(repository)):
        raise InputError(
            f"{quoted(str(repository), _SHOWN)} is no repository of the hub; give user/repository"
        )
    require("push_to_hub", "huggingface_hub")


def upload(
    repository: str,
    fill: Callable[[Path], object],
    *,
    private: bool | None = None,
    revision: str | None = None,
    token: str | None = None,
) -> str:
    """Upload a model folder as one commit, in the place of an earlier model of attnpool.

    Args:
        repository: `user/repository`; made if there is none.
        fill: Writes the model folder at the path that it gets.
        private: Whether a new repository is private; default: as the account is set.
        revision: The branch, made if there is none; default: the main one.
        token: The access token; default: that of `hf auth login`.

    Returns:
        The address with the commit, for `attnpool.load`.

    Raises:
        InputError: As `check_repository`, the repository holds another model or is public where it
            should be private, there is no right to write, or no way to the hub.
    """
    check_repository(repository)
    from huggingface_hub import HfApi

    hub = HfApi(token=token, library_name="attnpool", library_version=__version__)
    with tempfile.TemporaryDirectory(prefix="attnpool-") as place:
        folder = Path(place) / "model"
        fill(folder)
        with _told(quoted(repository, _SHOWN)):
            _check_place(hub, repository, private, revision)
            hub.create_repo(repository, private=private, exist_ok=True)
            if revision is not None:
                hub.create_branch(repository, branch=revision, exist_ok=True)
            commit = hub.upload_folder(
                repo_id=repository,
                folder_path=folder,
                revision=revision,
                delete_patterns=[*FILES],
                commit_message=f"A model of attnpool {__version__}",
            )
    return f"hf://{repository}@{commit.oid}"


def _check_place(hub: Any, repository: str, private: bool | None, revision: str | None) -> None:
    """Refuse a repository that is there already and is not what it is taken for."""
    from huggingface_hub import errors

    try:
        known = hub.model_info(repository)
        if private and not known.private:
            raise InputError(
                f"{quoted(repository)} is there already, and is public; make it private on its "
                "page, or leave private out"
            )
        files = hub.list_repo_files(repository, revision=revision)
    except (errors.RepositoryNotFoundError, errors.RevisionNotFoundError):
        return
    others = sorted(({*FILES} - {CARD}) & {*files})
    if not others:
        return
    if CONFIG in files:
        config = hub.hf_hub_download(repository, CONFIG, revision=revision, tqdm_class=_bar())
        if is_model(Path(config).parent):
            return
    raise InputError(
        f"{quoted(repository)} holds {others[0]}, which is of no model of attnpool; give another "
        "repository or revision"
    )


@contextmanager
def _told(shown: str, missing: str = "such file") -> Iterator[None]:
    """What the hub or the way to it refuses, as one line."""
    from huggingface_hub import constants, errors

    unreachable: Any = errors.HfHubHTTPError.__bases__[0]  # of the HTTP client, whichever it is
    said = {
        errors.GatedRepoError: "access must be granted; ask on its page, then `hf auth login`",
        errors.RepositoryNotFoundError: "no such repository, or a private one; check the name, "
        "or `hf auth login`",
        errors.RevisionNotFoundError: "the repository has no such revision",
        errors.LocalEntryNotFoundError: "not in the cache, and "
        + (
            "HF_HUB_OFFLINE is set"
            if constants.HF_HUB_OFFLINE
            else "the hub cannot be reached; check the network, or name a commit that is there"
        ),
        errors.EntryNotFoundError: f"the repository has no {missing}",
        errors.LocalTokenNotFoundError: "no access token; `hf auth login`, or pass token",
    }
    try:
        yield
    except InputError:
        raise
    except (OSError, ValueError, unreachable, *said) as error:
        said_first = str(error).strip().partition("\n")[0]
        line = escaped(shortened(said_first, _SHOWN)) or type(error).__name__
        known = [what for kind, what in said.items() if isinstance(error, kind)]
        status = getattr(getattr(error, "response", None), "status_code", None)
        if status in (401, 403) and not known:
            known = ["not allowed; `hf auth login` with a token that may write"]
        raise InputError(f"{shown}: {known[0] if known else f'the hub failed: {line}'}") from None
