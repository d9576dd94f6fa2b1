"""The set-up: finds a Python that runs, installs from locks, does nothing twice."""

import ast
import os
import stat
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT
from tools import lock
from tools.bootstrap import command, environments, frontend, interpreters, stamps, uv
from tools.bootstrap.problem import SetupProblem

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


def script(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine with an empty home folder and nothing but a shell on the PATH."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    monkeypatch.setattr(interpreters, "USUAL_FOLDERS", ())
    return tmp_path


def test_the_set_up_runs_on_old_pythons():
    for path in (ROOT / "tools").rglob("*.py"):
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_a_shim_with_nothing_behind_it_is_passed_over(bare):
    script(bare / "pyenv" / "shims" / f"python{VERSION}", "echo not installed >&2; exit 127")
    real = bare / "pyenv" / "versions" / f"{VERSION}.1" / "bin" / f"python{VERSION}"
    real.parent.mkdir(parents=True)
    real.symlink_to(sys.executable)
    os.environ["PATH"] = str(bare / "pyenv" / "shims")
    assert interpreters.find(VERSION, bare / "no-uv") == real


def test_another_version_under_the_right_name_is_passed_over(bare):
    script(bare / "bin" / "python3.10", "echo 3.9; echo /usr/bin/python3.9")
    with pytest.raises(SetupProblem, match=r"Python 3\.10 is needed"):
        interpreters.find("3.10", bare / "no-uv")


def test_uv_is_asked_for_a_python_that_is_missing(bare):
    body = f'[ "$2" = find ] && echo {sys.executable}; exit 0'
    uv_script = script(bare / "uv", body)
    assert interpreters.find(VERSION, uv_script)


def test_a_missing_python_is_one_line_that_says_how_to_get_it(bare):
    with pytest.raises(SetupProblem) as caught:
        interpreters.find("3.10", bare / "no-uv")
    assert "\n" not in str(caught.value)
    assert "uv python install 3.10" in str(caught.value)


def test_an_uv_that_is_old_or_broken_is_passed_over(bare):
    assert not uv._works(script(bare / "a" / "uv", "echo uv 0.4.1"))
    assert not uv._works(script(bare / "b" / "uv", "exit 127"))
    assert not uv._works(bare / "c" / "uv")
    assert uv._works(script(bare / "d" / "uv", "echo uv 0.13.8"))


def test_nothing_is_installed_twice(tmp_path):
    (tmp_path / "requirements.lock").write_text("a==1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    main_one, _ = environments.of_project(tmp_path)
    assert not environments.is_current(main_one, tmp_path)
    script(main_one.executable, "")
    stamps.write(main_one.stamp, environments.inputs(main_one, tmp_path))
    assert environments.is_current(main_one, tmp_path)
    (tmp_path / "requirements.lock").write_text("a==2\n")
    assert not environments.is_current(main_one, tmp_path)


def test_a_failed_command_shows_the_end_of_what_it_said(tmp_path):
    failing = ["/bin/sh", "-c", "for n in 1 2 3; do echo line $n; done; exit 3"]
    with pytest.raises(SetupProblem, match="line 3") as caught:
        command.run(failing, "Installing", log=tmp_path / "log")
    assert str(tmp_path / "log") in str(caught.value)


def test_uv_is_told_what_pip_is_told(monkeypatch):
    monkeypatch.setenv("PIP_FIND_LINKS", "/wheels")
    monkeypatch.delenv("UV_FIND_LINKS", raising=False)
    assert command.environment()["UV_FIND_LINKS"] == "/wheels"


def test_torch_comes_from_pips_links_where_they_hold_a_cpu_build(monkeypatch, tmp_path):
    main_one, rasa = environments.of_project(tmp_path)
    monkeypatch.delenv("UV_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    assert environments._torch_source(main_one) == ["--torch-backend", "cpu"]
    (tmp_path / "torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl").touch()
    assert environments._torch_source(main_one) == []
    assert environments._torch_source(rasa) == []


def test_the_lock_holds_no_cuda():
    solved = (
        "numpy==2 \\\n    --hash=sha256:1\nnvidia-nccl-cu13==2 ; x \\\n    --hash=sha256:2\n"
        "torch==2.13.0 \\\n    --hash=sha256:3\ntriton==3 \\\n    --hash=sha256:4\n"
    )
    assert lock.cpu_only(solved) == "numpy==2 \\\n    --hash=sha256:1\ntorch==2.13.0\n"


@pytest.mark.parametrize("name", ["requirements.lock", "bot/requirements.txt"])
def test_every_locked_package_has_a_hash(name):
    blocks = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    unhashed = [line for line in blocks if "==" in line and "--hash=" not in line]
    assert unhashed == (["torch==2.13.0"] if name == "requirements.lock" else [])


def test_the_lock_holds_every_dependency():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    names = [line.split("=")[0].split("[")[0].strip().lower() for line in wanted]
    missing = [name for name in names if f"\n{name}==" not in f"\n{locked}"]
    assert not missing, "run: make lock"


def test_the_front_end_is_built_again_when_a_source_changes(tmp_path):
    assert frontend.is_current(tmp_path)
    web = tmp_path / "bot" / "web"
    (web / "src").mkdir(parents=True)
    (web / "package.json").write_text("{}")
    assert not frontend.is_current(tmp_path)
    stamps.write(frontend._stamp(tmp_path), stamps.digest(frontend.sources(tmp_path)))
    assert frontend.is_current(tmp_path)
    (web / "src" / "page.ts").write_text("")
    assert not frontend.is_current(tmp_path)
