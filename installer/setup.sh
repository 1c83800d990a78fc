#!/usr/bin/env bash
# Owns what stands between a clean clone and a program that starts: system libraries, .venv, Python packages.
# Running it again changes nothing and takes well under a second.
#
# usage: installer/setup.sh [run|test|package]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DEBIAN_FRONTEND=noninteractive

scope=${1:-run}
venv_python=.venv/bin/python
is_new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# -- system packages ----------------------------------------------------------------------------------------------------

wanted_in_scope() {
    case $scope in
        run) [[ $1 == run ]] ;;
        test) [[ $1 == run || $1 == test ]] || { [[ $1 == browser ]] && is_debian; } ;;
        package) [[ $1 == run || $1 == package ]] ;;
    esac
}

is_debian() { grep -qs '^ID=debian' /etc/os-release; }

is_present() {
    case $1 in
        lib*.so*) [[ $known_libraries == *"$1 "* ]] ;;
        /*) compgen -G "$1" >/dev/null ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

missing_packages() {
    local known_libraries package probe needed_for
    known_libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null || true)
    while read -r package probe needed_for; do
        [[ -z $package || $package == \#* ]] && continue
        if wanted_in_scope "$needed_for" && ! is_present "$probe"; then
            echo "$package"
        fi
    done <installer/debian_packages.txt
}

apt_command() {
    if ((EUID == 0)); then
        echo "apt-get"
    elif sudo -n true 2>/dev/null; then
        echo "sudo -n --preserve-env=DEBIAN_FRONTEND apt-get"
    fi
}

apt_install() {
    local apt
    apt=$(apt_command)
    if [[ -z $apt ]]; then
        fail "needs these Debian packages; run:  sudo apt-get update && sudo apt-get install -y $*"
    fi
    say "installing Debian packages: $*"
    # The lists of a fresh or long unused machine do not know the packages: only then is an update worth its time.
    if ! $apt install -y -qq --no-install-recommends "$@" >/tmp/streetdesk-apt.$$ 2>&1; then
        $apt update -qq
        $apt install -y -qq --no-install-recommends "$@" >/tmp/streetdesk-apt.$$ 2>&1 ||
            { cat /tmp/streetdesk-apt.$$ >&2; rm -f /tmp/streetdesk-apt.$$; fail "apt-get could not install: $*"; }
    fi
    rm -f /tmp/streetdesk-apt.$$
}

ensure_system_packages() {
    [[ $(uname) == Linux ]] || return 0
    local packages
    mapfile -t packages < <(missing_packages)
    ((${#packages[@]})) || return 0
    if command -v apt-get >/dev/null; then
        apt_install "${packages[@]}"
    else
        say "this is no Debian or Ubuntu: please install what it calls ${packages[*]}"
    fi
}

# -- Python ---------------------------------------------------------------------------------------------------------------

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
        if "$candidate" -c "$is_new_enough" >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
}

debian_python_package() {
    if apt-cache policy python3-venv 2>/dev/null | grep -qE 'Candidate: 3\.(1[1-9]|[2-9][0-9])'; then
        echo python3-venv
    else
        echo python3.11-venv
    fi
}

ensure_python() {
    local version
    python=$(find_python)
    if [[ -z $python ]]; then
        command -v apt-get >/dev/null || fail "needs Python 3.11 or newer, with sqlite3 and venv; none was found"
        apt_install "$(debian_python_package)"
        python=$(find_python)
        [[ -n $python ]] || fail "needs Python 3.11 or newer, and this system offers none; see python.org"
    fi
    if ! "$python" -c 'import ensurepip, sqlite3, ssl, venv' >/dev/null 2>&1; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        command -v apt-get >/dev/null || fail "$python has no venv, sqlite3 or ssl module: install the rest of Python $version"
        apt_install "python$version-venv"
    fi
}

ensure_venv() {
    "$venv_python" -c "$is_new_enough" >/dev/null 2>&1 && return
    local python
    ensure_python
    say "making .venv with $python"
    "$python" -m venv --clear .venv
}

ensure_python_packages() {
    local extras=test,check,import quiet=(--quiet) installed=.venv/installed.toml
    [[ $scope == package ]] && extras+=,package && installed=.venv/installed-package.toml
    cmp -s pyproject.toml "$installed" && return
    [[ -t 1 ]] && quiet=()
    say "installing Python packages (about 700 MB on disk; minutes on the first run)"
    "$venv_python" -m pip install --disable-pip-version-check "${quiet[@]}" ".[$extras]"
    cp pyproject.toml "$installed"
}

case $scope in run | test | package) ;; *) fail "usage: installer/setup.sh [run|test|package]" ;; esac
ensure_system_packages
ensure_venv
ensure_python_packages
