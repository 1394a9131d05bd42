#!/usr/bin/env bash
# Checks the files of docker/ without a container engine: it builds no image with Docker, and neither pulls nor runs one.
#   lint    checks the Dockerfile, the compose files and the manifests
#   build   runs the commands of the Dockerfile in a directory that replaces the file system of the builder
#   run     runs the result in a read-only root, as the user of the image, with the environment of the compose files
#   image   builds an image with the .NET SDK, and compares its configuration with the Dockerfile
set -euo pipefail
cd "$(dirname "$0")/.."

folder="$(mktemp -d)"
log="$folder/log"
# The mounts of the run end with its namespace.
trap 'rm -rf "$folder"' EXIT

# Shows the output of a command only if the command fails.
quietly() { "$@" > "$log" 2>&1 < /dev/null || { cat "$log"; return 1; }; }

(cd docker/checks && npm ci --silent --no-audit --no-fund)

node docker/checks/lint.mjs
if command -v kubectl > /dev/null; then
  quietly kubectl kustomize docker/kubernetes
  echo "Kubernetes: kustomize accepts the manifests."
else
  echo "Kubernetes: not checked, because kubectl is not installed."
fi

quietly timeout --kill-after=10 900 node docker/checks/build.mjs "$folder"
echo "Dockerfile: its commands build the service."

if [ "$(id -u)" -eq 0 ] && unshare --mount --net true 2> /dev/null && command -v ip redis-server setpriv > /dev/null; then
  timeout --kill-after=10 240 unshare --mount --net docker/checks/container.sh "$folder" < /dev/null
else
  echo "Service: not run as in a container; that requires root, new namespaces (unshare), ip, setpriv and redis-server."
fi

quietly timeout --kill-after=10 600 node docker/checks/image.mjs "$folder"
echo "SDK: its image has the same configuration as the Dockerfile."
