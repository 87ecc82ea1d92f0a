#!/bin/sh
# sh scripts/setup.sh runtime|dev: makes .venv hold exactly requirements/<level>.lock and the program itself.
#
# Run it as often as you like. It does nothing when all is in place, follows a changed lock, and starts over
# when an earlier run was cut short. Needs Python 3.11 or newer; uses uv where it is installed and otherwise
# puts it into .venv. The Makefile calls it and says where uv keeps its cache.
set -eu
cd "$(dirname "$0")/.."
level=$1
oldest="3.11"

say() { printf '==> %s\n' "$*" >&2; }
fail() { printf '\nSet-up stopped: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

wanted() { printf '%s\n' "$level" "$PWD"; cat "requirements/$level.lock" pyproject.toml; }
keep_level() { case "$(head -n 1 .venv/.ready 2>/dev/null)" in dev) level=dev ;; esac; }
is_ready() { wanted | cmp -s - .venv/.ready && .venv/bin/python -c 'import pressroom' 2>/dev/null; }

is_new_enough() {
  "$1" -c "import sys; sys.exit(sys.version_info < tuple(map(int, '$oldest'.split('.'))))" 2>/dev/null
}

find_python() {
  for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
    if have "$name" && is_new_enough "$name"; then command -v "$name"; return; fi
  done
  return 1
}

# The programs of a virtual environment name its folder, so it does not survive a move.
is_usable() {
  [ ! -e .venv/.unfinished ] && is_new_enough .venv/bin/python &&
    { [ ! -e .venv/.ready ] || [ "$(sed -n 2p .venv/.ready)" = "$PWD" ]; }
}

explain_python() {
  if [ -n "${PYTHON:-}" ]; then fail "PYTHON=$PYTHON is not a Python $oldest or newer that runs."; fi
  fail "no Python $oldest or newer on PATH (python3 is: $(python3 --version 2>&1 || true)).
Install one, or say where it is: make setup PYTHON=/path/to/python3.12"
}

explain_pip() {
  fail "$1 can neither make a virtual environment nor install packages by itself.
Install what is missing and run make again:
  Debian, Ubuntu   apt install python3-venv
  Fedora           dnf install python3-pip
  Alpine           apk add py3-pip
or install uv, which needs none of them."
}

make_venv() {
  python=$(find_python) || python=
  if have uv; then
    say "Making .venv with uv"
    uv venv --quiet --no-project --python "${python:->=$oldest}" .venv
  else
    [ -n "$python" ] || explain_python
    say "Making .venv with $("$python" --version) ($python)"
    # Without pip, because making it with pip is what a Debian Python may not be able to do.
    "$python" -m venv --without-pip .venv || { rm -rf .venv; explain_pip "$python"; }
  fi
}

# Debian splits pip from Python. Its wheel can be had from the distribution without being root.
fetch_debian_pip() {
  have apt-get && have dpkg-deb || return 1
  say "Fetching pip from the distribution"
  mkdir -p .venv/.pip
  (cd .venv/.pip && apt-get -qq download python3-pip-whl && dpkg-deb -x python3-pip-whl_*.deb . &&
    mv usr/share/python-wheels/pip-*.whl pip.whl)
}

pip_install() {
  base=$(.venv/bin/python -c 'import sys; print(sys._base_executable)')
  if "$base" -m pip --version >/dev/null 2>&1; then
    "$base" -m pip --python .venv/bin/python install "$@"
  elif .venv/bin/python -m ensurepip >/dev/null 2>&1; then
    .venv/bin/python -m pip install "$@"
  elif fetch_debian_pip; then
    .venv/bin/python .venv/.pip/pip.whl/pip install "$@"
  else
    explain_pip "$base"
  fi
}

find_uv() {
  if have uv; then uv=uv; return; fi
  uv=.venv/bin/uv
  if "$uv" --version >/dev/null 2>&1; then return; fi
  say "Installing uv into .venv"
  sed -n '/^uv==/,/# via/p' "requirements/$level.lock" >.venv/uv.txt
  pip_install --quiet --no-cache-dir --disable-pip-version-check --require-hashes -r .venv/uv.txt
}

install() {
  say "Installing what requirements/$level.lock names"
  "$uv" pip sync --compile-bytecode --python .venv/bin/python --require-hashes "requirements/$level.lock"
  "$uv" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
}

keep_level
if is_ready; then exit 0; fi
if have flock; then  # two makes at once: the second waits, then finds the work done
  exec 9<pyproject.toml
  flock -n 9 || { say "Waiting for another make that is setting up"; flock 9; }
  keep_level
  if is_ready; then exit 0; fi
fi
if [ -e .venv ] && ! is_usable; then
  say "Starting over: .venv is unfinished, was moved, or its Python is gone"
  rm -rf .venv
fi
[ -e .venv ] || make_venv
: >.venv/.unfinished
rm -f .venv/.ready
find_uv
install
wanted >.venv/.ready
rm .venv/.unfinished
say "Ready"
