# Installs programs from Debian where that is possible. Sourced by scripts/setup.

# A program on PATH and the package that brings it.
readonly DEBIAN_PROGRAMS="
    chromium:chromium
    g++:g++
    git:git
    mosquitto:mosquitto
    python3:python3
"

install_from_debian() {
    command -v apt-get >/dev/null || return 1
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || return 1
        as_root=(sudo)
    fi
    say "Installing $* from Debian"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update --quiet=2 >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends "$@" >&2
}

# Debian puts servers where only root's PATH leads.
has_program() { PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null; }

install_missing_from_debian() {
    local pair missing=()
    for pair in $DEBIAN_PROGRAMS; do
        has_program "${pair%%:*}" || missing+=("${pair##*:}")
    done
    [ "${#missing[@]}" -eq 0 ] && return
    install_from_debian "${missing[@]}" ||
        say "Not installed, and needed for the end-to-end tests: ${missing[*]}"
}
