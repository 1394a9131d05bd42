#!/usr/bin/env bash
# Prepares a root directory like that of a container, and runs run.mjs with it. The root is read-only, except /tmp, and contains /app and the runtime.
# Must be called in new mount and network namespaces: container.sh <folder with app/>
set -euo pipefail
root="$1/root" app="$1/app"
here="$(cd "$(dirname "$0")" && pwd)"

mount --make-rprivate /
ip link set lo up
mkdir -p "$root"
mount -t tmpfs tmpfs "$root"
mkdir -p "$root"/{app,dev,dotnet,etc,proc,run/secrets,tmp,usr}
bind() {
  mount --rbind "$1" "$2"
  mount -o remount,bind,ro "$2"
}
bind "$app" "$root/app"
bind /usr "$root/usr"
bind "$(dirname "$(readlink -f "$(command -v dotnet)")")" "$root/dotnet"
mount --rbind /proc "$root/proc"
for folder in bin sbin lib lib64; do
  if [ -L "/$folder" ]; then ln -s "$(readlink "/$folder")" "$root/$folder"; elif [ -d "/$folder" ]; then mkdir "$root/$folder" && bind "/$folder" "$root/$folder"; fi
done
for device in null zero random urandom; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
# The names of the other containers. Here, all of them resolve to this machine.
echo "127.0.0.1 localhost api-1 api-2 redis" > "$root/etc/hosts"
# As Docker mounts secrets: owned by root and readable. The file ends with a newline, as editors save it.
echo "the-secret-of-the-client" > "$root/run/secrets/Genesys__ClientSecret"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -o remount,ro "$root"

exec node "$here/run.mjs" "$root"
