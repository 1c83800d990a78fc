#!/usr/bin/env bash
# Installs the .deb on a Debian that has never seen this repository, and starts it there. Needs root and debootstrap.
#
# usage: sudo installer/check_package.sh [PACKAGE.deb] [PICTURE_DIR]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

suite=${SUITE:-bookworm}
# Where this machine's own packages come from; an archive of security fixes alone makes no system.
mirror=${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sort -u | grep -v security | head -n 1)}
package=${1:-$(ls -t dist/streetdesk_*.deb | head -n 1)}
pictures=${2:-out/package}
system=$(mktemp -d -t streetdesk-check.XXXXXX)
chmod 755 "$system"

((EUID == 0)) || { echo "check_package: needs root for debootstrap and chroot" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "check_package: apt-get install debootstrap" >&2; exit 1; }

# A process that ends while it is looked at is no fault.
started_inside() { { find /proc -maxdepth 2 -name root -lname "$system" 2>/dev/null || true; } | cut -d/ -f3; }

leave() {
    # A check that fails half-way leaves programs that would hold the mounts.
    started_inside | xargs -r kill -KILL 2>/dev/null || true
    umount "$system/proc" "$system/dev/shm" "$system/dev" 2>/dev/null || true
    # Never delete through a mount that would not go.
    mountpoint -q "$system/dev" || mountpoint -q "$system/proc" || rm -rf "$system"
}
trap leave EXIT

inside() { chroot "$system" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }
as_officer() {
    inside HOME=/home/officer LANG=C.UTF-8 QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}" \
        setpriv --reuid=1000 --regid=1000 --clear-groups "$@"
}

echo "check_package: a minimal Debian ($suite) in $system"
debootstrap --variant=minbase "$suite" "$system" "$mirror" >/dev/null
mount -t proc proc "$system/proc"
mount --bind /dev "$system/dev"
mount -t tmpfs tmpfs "$system/dev/shm"
inside useradd --create-home --uid 1000 officer

echo "check_package: installing $package"
cp "$package" "$system/tmp/streetdesk.deb"
inside apt-get update -qq
inside apt-get install -y -qq --no-install-recommends /tmp/streetdesk.deb >"$system/tmp/apt.log" 2>&1 ||
    { tail -n 20 "$system/tmp/apt.log" >&2; exit 1; }
inside which python3 >/dev/null && echo "check_package: beware, this Debian has its own Python"

echo "check_package: streetdesk --help"
as_officer streetdesk --help | head -n 3
echo "check_package: streetdesk --screenshot"
as_officer streetdesk --screenshot /home/officer/pictures --after 8

echo "check_package: streetdesk simulate, heard by streetdesk serve; streetdesk verify and replay read what it wrote"
as_officer timeout 120 sh -eu -c '
    cd; mkfifo simulator-says
    streetdesk simulate --scenario demo --port 0 >simulator-says & simulator=$!
    read -r _ _ url <simulator-says
    streetdesk serve --db shift.db --feed "$url" >/dev/null & desk=$!
    until streetdesk --lang en verify shift.db 2>/dev/null | grep -q "holds: [1-9][0-9]"; do :; done
    kill "$desk"; wait "$desk"
    kill "$simulator"; wait "$simulator"
    streetdesk --lang en verify shift.db
    streetdesk replay shift.db --dump state.json
    grep -q "\"opened_at\"" state.json'
echo "check_package: streetdesk district import of an extract, a Shapefile and a workbook; streetdesk district check"
.venv/bin/python -m tests.unit.geo.importing.release_sources "$system/home/officer/sources"
as_officer sh -eu -c '
    cd; streetdesk --lang en district import --osm sources/town.osm --grids sources/grids.shp \
        --cameras sources/cameras.xlsx --code 310198006 --name-zh 望浦街道 --name-en Wangpu -o wangpu
    streetdesk --lang en district check wangpu | tail -n 1'
left=$(started_inside | wc -l)
((left == 0)) || { echo "check_package: $left programs run on after their end" >&2; exit 1; }

# Every library that a shipped binary names is found, with the search path that the program gives itself.
missing=$(inside LD_LIBRARY_PATH=/opt/streetdesk/_internal find /opt/streetdesk -name '*.so*' -type f -exec ldd {} + 2>/dev/null | grep 'not found' | sort -u || true)
[[ -z $missing ]] || { printf 'check_package: missing libraries:\n%s\n' "$missing" >&2; exit 1; }

mkdir -p "$pictures"
cp "$system"/home/officer/pictures/*.png "$pictures/"
inside apt-get purge -y -qq streetdesk >/dev/null 2>&1
[[ ! -e $system/opt/streetdesk ]] || { echo "check_package: purge leaves /opt/streetdesk behind" >&2; exit 1; }
echo "check_package: passed; see $pictures/window.png"
