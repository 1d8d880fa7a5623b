#!/usr/bin/env bash
# Pins all dependencies with hashes; no lock file names an index. Usage: tools/lock.sh [bin directory]
set -euo pipefail
bin=${1:-.venv/bin}
pin() {
  "$bin/pip-compile" --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url \
    --no-emit-find-links --no-emit-trusted-host --no-header --no-annotate "$@"
}
pin -o requirements/run.lock pyproject.toml
pin -o requirements/build.lock requirements/build.in
pin -o requirements/dev.lock requirements/dev.in
