#!/usr/bin/env bash
# Clicks through every page in headless Chromium, and checks the server against its own OpenAPI description.
# Installs what it needs: Chromium and its driver by apt, the rest in a virtual environment under target/.
# The program is $REJOINDER, else the one that `cargo build --features full` makes. Arguments go to pytest. Screenshots are left in target/browser/.
set -euo pipefail
cd "$(dirname "$0")/../.."

need() { command -v "$1" >/dev/null || missing+=("$2"); }
missing=()
need chromium chromium
need chromedriver chromium-driver
python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
    flock /var/lib/dpkg apt-get update -q
    flock /var/lib/dpkg apt-get install -y -q --no-install-recommends "${missing[@]}" fonts-dejavu-core
fi

venv=target/browser/venv
wanted=tests/browser/requirements.txt
if ! cmp -s "$wanted" "$venv/requirements.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    grep -v '^axe\|^#' "$wanted" | "$venv/bin/pip" install -q --no-compile -r /dev/stdin
    grep '^axe' "$wanted" | "$venv/bin/pip" install -q --no-deps -r /dev/stdin
    cp "$wanted" "$venv/"
fi

[ -n "${REJOINDER:-}" ] || cargo build --features full
exec "$venv/bin/python" -m pytest -q -p no:cacheprovider tests/browser "$@"
