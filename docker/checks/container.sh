#!/usr/bin/env bash
# Runs run.mjs beside a root of its own that is as a container's: read-only, with /app, a runtime, and nothing to write to but /tmp.
# Called within mount and network namespaces of its own: container.sh <folder with app/>
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
# The names of the other containers, all of which are this machine here.
echo "127.0.0.1 localhost api-1 api-2 redis" > "$root/etc/hosts"
# Mounted as Docker does: of root, and readable. With an end of line, as an editor leaves it.
echo "the-secret-of-the-client" > "$root/run/secrets/Genesys__ClientSecret"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -o remount,ro "$root"

exec node "$here/run.mjs" "$root"
