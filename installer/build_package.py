"""Owns how a release is made: dist/streetdesk (a folder that needs no Python) and on Debian a .deb around it.

Run by `make package`. Must not download anything.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
FOLDER = DIST / "streetdesk"


def freeze() -> None:
    """PyInstaller's one-folder build, started once to see that it starts."""
    spec = ROOT / "installer" / "streetdesk.spec"
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    subprocess.run([*command, "--distpath", DIST, "--workpath", ROOT / "build" / "package", spec], check=True)
    program = FOLDER / ("streetdesk.exe" if os.name == "nt" else "streetdesk")
    subprocess.run([program, "--help"], check=True, stdout=subprocess.DEVNULL)


def size_mb(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink()) / 1e6


def main() -> None:
    freeze()
    print(f"{FOLDER.relative_to(ROOT)}: {size_mb(FOLDER):.0f} MB")
    if shutil.which("dpkg-deb") and shutil.which("dpkg-shlibdeps"):
        sys.path.insert(0, str(ROOT))
        from installer.build_deb import build_deb

        package = build_deb(FOLDER, DIST)
        print(f"{package.relative_to(ROOT)}: {size_mb(package):.0f} MB")


if __name__ == "__main__":
    main()
