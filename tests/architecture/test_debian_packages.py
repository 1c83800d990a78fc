"""The list of Debian packages that set-up installs covers what the installed Qt asks the system for."""

import shutil
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

from tests.architecture.source import ROOT

QT = Path(PySide6.__file__).parent / "Qt"
USED = (
    *(f"lib/libQt6{name}.so.6" for name in ("Core", "DBus", "Gui", "Network", "OpenGL", "Svg", "Widgets")),
    "lib/libQt6XcbQpa.so.6",
    "lib/libQt6WaylandClient.so.6",
    "plugins/platforms/libqxcb.so",
    "plugins/platforms/libqwayland.so",
    "plugins/platforms/libqoffscreen.so",
    "plugins/xcbglintegrations/*.so",
    "plugins/wayland-*client/*.so",
    "plugins/imageformats/libqsvg.so",
    "plugins/iconengines/*.so",
    "plugins/platforminputcontexts/lib[ci]*.so",
)
# The C and C++ libraries that a Debian cannot be without.
ALWAYS_THERE = {
    "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libc.so.6", "libdl.so.2", "libgcc_s.so.1", "libm.so.6",
    "libpthread.so.0", "libresolv.so.2", "librt.so.1", "libstdc++.so.6",
}  # fmt: skip
COMES_WITH = {"libbrotlicommon.so.1": "libbrotlidec.so.1", "libglib-2.0.so.0": "libgthread-2.0.so.0"}


def needed_by(path: Path) -> set[str]:
    printed = subprocess.run(["objdump", "-p", path], check=True, capture_output=True, text=True).stdout
    return {line.split()[1] for line in printed.splitlines() if line.strip().startswith("NEEDED")}


@pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("objdump"), reason="reads ELF files with objdump"
)
def test_every_library_that_qt_needs_is_asked_for() -> None:
    used = [path for pattern in USED for path in QT.glob(pattern)]
    own = {path.name for path in (QT / "lib").iterdir()}
    needed = {COMES_WITH.get(name, name) for path in used for name in needed_by(path)} - own - ALWAYS_THERE
    lines = (ROOT / "installer" / "debian_packages.txt").read_text(encoding="utf-8").splitlines()
    probed = {line.split()[1] for line in lines if line and not line.startswith("#")}
    assert len(used) > len(USED)
    assert needed - probed == set()
