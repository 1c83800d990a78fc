"""Owns the Debian package around the frozen folder: where files go, what it depends on, how it shows in the menu.

What the libraries need is asked from dpkg-shlibdeps, never written by hand. Must not change the frozen folder.
"""

import os
import re
import shutil
import subprocess
import tempfile
import tomllib
from contextlib import suppress
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).resolve().parent.parent
ICON = ROOT / "resources" / "icons" / "streetdesk.svg"
ICON_SIZES_PX = (48, 128, 256)
EXTRA = "import"
"""A release imports districts too."""

CONTROL = """\
Package: streetdesk
Version: {version}
Architecture: {architecture}
Maintainer: Streetdesk <streetdesk@localhost>
Section: misc
Priority: optional
Installed-Size: {installed_kb}
Depends: {depends}, fonts-noto-cjk, tzdata
Recommends: libasound2 | libasound2t64
Description: operations console for a street-level command centre
 Events come in live, stand on the map and in a queue, get units sent to them, and are followed until they are closed.
 Everything goes into one append-only journal. Speaks Chinese and English.
"""

DESKTOP_ENTRY = """\
[Desktop Entry]
Type=Application
Name=Streetdesk
Name[zh_CN]=街道指挥台
Comment=Operations console for a street-level command centre
Comment[zh_CN]=街道（镇）指挥中心操作台
Exec=streetdesk
Icon=streetdesk
Terminal=false
Categories=Office;
StartupWMClass=streetdesk
"""


def build_deb(folder: Path, destination: Path) -> Path:
    """Packs the frozen folder; returns the path of the .deb. Needs dpkg-dev."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    architecture = _output("dpkg", "--print-architecture")
    package = destination / f"streetdesk_{version}_{architecture}.deb"
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "tree"
        _lay_out(folder, tree)
        control = CONTROL.format(
            version=version,
            architecture=architecture,
            installed_kb=_output("du", "-sk", str(tree)).split()[0],
            depends=_depends_of(tree, Path(scratch)),
        )
        _write(tree / "DEBIAN" / "control", control)
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z15", "--build", tree, package], check=True
        )
    return package


def _depends_of(tree: Path, scratch: Path) -> str:
    """The Depends of everything binary in the package, with the versions that its symbols need."""
    _write(scratch / "debian" / "control", "Source: streetdesk\n\nPackage: streetdesk\nArchitecture: any\n")
    # By this folder dpkg-shlibdeps knows the root of the package, and finds what $ORIGIN means in it.
    (tree / "DEBIAN").mkdir()
    binaries = [
        path for path in tree.rglob("*") if path.is_file() and not path.is_symlink() and _is_elf(path)
    ]
    own = [f"-l{place}" for place in sorted({str(path.parent) for path in binaries})]
    command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0", *own]
    answer = subprocess.run(
        [*command, *(f"-e{path}" for path in binaries)],
        cwd=scratch,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        errors = "\n".join(line for line in answer.stderr.splitlines() if "warning:" not in line)
        raise SystemExit(f"dpkg-shlibdeps could not tell what the package needs:\n{errors}")
    return answer.stdout.strip().removeprefix("shlibs:Depends=")


def _lay_out(folder: Path, tree: Path) -> None:
    shutil.copytree(folder, tree / "opt" / "streetdesk", symlinks=True)
    share = tree / "usr" / "share"
    _write(share / "applications" / "streetdesk.desktop", DESKTOP_ENTRY)
    _write(share / "doc" / "streetdesk" / "copyright", _notices())
    icons = share / "icons" / "hicolor"
    _write(icons / "scalable" / "apps" / "streetdesk.svg", ICON.read_text(encoding="utf-8"))
    _draw_icons(icons)
    wrapper = tree / "usr" / "bin" / "streetdesk"
    _write(wrapper, '#!/bin/sh\nexec /opt/streetdesk/streetdesk "$@"\n')
    wrapper.chmod(0o755)


def _draw_icons(icons: Path) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([])
    assert application
    drawing = QSvgRenderer(str(ICON))
    for size_px in ICON_SIZES_PX:
        image = QImage(size_px, size_px, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        drawing.render(painter)
        painter.end()
        path = icons / f"{size_px}x{size_px}" / "apps" / "streetdesk.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(str(path))


def _notices() -> str:
    """Who made what comes along, under which licence."""
    shipped = _shipped("streetdesk", {}, EXTRA)
    lines = [f"{each.name} {each.version}: {_licence(each)}" for each in shipped.values()]
    return (
        "Streetdesk comes with these works, each under its own licence:\n\n" + "\n".join(sorted(lines)) + "\n"
    )


def _shipped(name: str, found: dict[str, Distribution], extra: str = "") -> dict[str, Distribution]:
    """The distributions that one needs at run time, with those of its `extra`; itself left out, theirs included."""
    for requirement in distribution(name).requires or ():
        needed = re.match(r"[\w.-]+", requirement)
        of = re.search(r"""extra == ["']([\w-]+)["']""", requirement)
        if not needed or needed.group() in found or (of and of.group(1) != extra):
            continue
        # One that is not here is for another system or an older Python.
        with suppress(PackageNotFoundError):
            found[needed.group()] = distribution(needed.group())
            _shipped(needed.group(), found)
    return found


def _licence(work: Distribution) -> str:
    facts = work.metadata
    trove = [
        entry.split(" :: ")[-1] for entry in facts.get_all("Classifier") or () if entry.startswith("License")
    ]
    stated = facts.get("License-Expression") or (facts.get("License") or "").split("\n")[0]
    return stated or ", ".join(trove) or "see its project page"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
