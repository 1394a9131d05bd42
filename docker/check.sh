#!/usr/bin/env bash
# Looks at what docker/ holds, as far as it can be done without a container engine: no image is built, pulled or run here.
#   lint    the Dockerfile, the compose files, the manifests
#   build   what the Dockerfile says, in a folder that stands for the builder
#   run     what was built, in a read-only root, as the image's user, with the environment of the compose files
#   image   the image that the .NET SDK makes, its configuration against the Dockerfile's
set -euo pipefail
cd "$(dirname "$0")/.."

folder="$(mktemp -d)"
log="$folder/log"
# Mounts of the run are gone with its namespace.
trap 'rm -rf "$folder"' EXIT

# Quiet, unless it fails.
quietly() { "$@" > "$log" 2>&1 < /dev/null || { cat "$log"; return 1; }; }

(cd docker/checks && npm ci --silent --no-audit --no-fund)

node docker/checks/lint.mjs
if command -v kubectl > /dev/null; then
  quietly kubectl kustomize docker/kubernetes
  echo "Kubernetes: the manifests can be put together."
else
  echo "Kubernetes: not put together, kubectl is not installed."
fi

quietly timeout --kill-after=10 900 node docker/checks/build.mjs "$folder"
echo "Dockerfile: its commands build the service."

if [ "$(id -u)" -eq 0 ] && unshare --mount --net true 2> /dev/null && command -v ip redis-server setpriv > /dev/null; then
  timeout --kill-after=10 240 unshare --mount --net docker/checks/container.sh "$folder" < /dev/null
else
  echo "Not run: that needs root, namespaces of its own (unshare), ip, setpriv and redis-server."
fi

quietly timeout --kill-after=10 600 node docker/checks/image.mjs "$folder"
echo "SDK: its image starts as the Dockerfile's does."
