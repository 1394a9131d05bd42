#!/usr/bin/env bash
# Req/s of a repeated question against bare and naked Kestrel with the same bytes. Needs wrk and curl; loopback only; under a minute.
#   bench/load.sh            SECONDS_PER_RUN=4 ROUNDS=3 PORT=5281
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${SECONDS_PER_RUN:-4} rounds=${ROUNDS:-3} port=${PORT:-5281}
work=$(mktemp -d)
declare -A pid
finish() {
  for one in "${pid[@]}"; do kill "$one" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

dotnet build -c Release --nologo -v quiet -clp:NoSummary bench/GenesysAnalyticsApi.Benchmarks >&2
service=artifacts/bin/GenesysAnalyticsApi/release/GenesysAnalyticsApi.dll
benchmarks=artifacts/bin/GenesysAnalyticsApi.Benchmarks/release/GenesysAnalyticsApi.Benchmarks.dll

# Seventeen hours of ten days ago: about 20 KB, and settled, so that the prepared answer holds.
day=$(date -u -d '10 days ago' +%F)
path="/aggregates?from=${day}T00:00:00Z&to=${day}T17:00:00Z&granularity=PT1H&groupBy=none"

# The same collector and the same environment for all three.
export ASPNETCORE_ENVIRONMENT=Development DOTNET_gcServer=1
until_up() {
  for _ in $(seq 300); do
    curl -fs -o /dev/null "$1" && return
    sleep 0.1
  done
  echo "nothing answers at $1" >&2
  exit 1
}

declare -A url=([service]="http://127.0.0.1:$port" [bare]="http://127.0.0.1:$((port + 1))" [naked]="http://127.0.0.1:$((port + 2))")
dotnet "$service" --urls "${url[service]}" >/dev/null & pid[service]=$!
until_up "${url[service]}$path"
for _ in 1 2 3; do curl -fs -o "$work/answer" -D "$work/answer.headers" "${url[service]}$path"; done
etag=$(sed -n 's/^ETag: \(.*\)\r$/\1/p' "$work/answer.headers")

dotnet "$benchmarks" baseline "${url[bare]}" "$work/answer" middleware >/dev/null & pid[bare]=$!
dotnet "$benchmarks" baseline "${url[naked]}" "$work/answer" >/dev/null & pid[naked]=$!
until_up "${url[bare]}$path"
until_up "${url[naked]}$path"

# Processor time so far, in microseconds.
processor() { awk -v tick="$(getconf CLK_TCK)" '{ print ($14 + $15) * 1000000 / tick }' "/proc/$1/stat"; }

# run SERVER NAME [wrk's options]: appends "req/s p99 non-2xx us/request"
run() {
  local server=$1 name=$2 before after
  shift 2
  before=$(processor "${pid[$server]}")
  wrk -t1 -c32 "-d${seconds}s" --latency "$@" "${url[$server]}$path" >"$work/report"
  after=$(processor "${pid[$server]}")
  awk -v cpu="$((${after%.*} - ${before%.*}))" '
    /Requests\/sec/ { rate = $2 }
    $1 == "99%" { p99 = $2 }
    /requests in/ { requests = $1 }
    /Non-2xx/ { bad = $NF }
    END { printf "%s %s %d %.1f\n", rate, p99, bad, cpu / requests }' "$work/report" >>"$work/$name"
}

printf 'body: %s bytes; %s\n' "$(stat -c %s "$work/answer")" "$(uptime | sed 's/.*load/load/')"
for server in service bare naked; do run "$server" warm-up; done
for _ in $(seq "$rounds"); do
  run service service
  run bare bare
  run naked naked
  run service not-modified -H "If-None-Match: $etag"
done

median() { sort -g | awk '{ line[NR] = $1 } END { print line[int((NR + 1) / 2)] }'; }
printf '%-13s %10s %10s %8s %s\n' "" "req/s" "us CPU/req" "non-2xx" "p99 of each run"
for name in service bare naked not-modified; do
  declare "rate_${name//-/_}=$(cut -d' ' -f1 "$work/$name" | median)" "cpu_${name//-/_}=$(cut -d' ' -f4 "$work/$name" | median)"
  rate="rate_${name//-/_}" cpu="cpu_${name//-/_}"
  printf '%-13s %10.0f %10.1f %8d %s\n' "$name" "${!rate}" "${!cpu}" "$(awk '{ n += $3 } END { print n }' "$work/$name")" "$(cut -d' ' -f2 "$work/$name" | xargs)"
done
awk -v a="$rate_service" -v b="$rate_bare" -v c="$rate_naked" -v x="$cpu_service" -v y="$cpu_bare" -v z="$cpu_naked" 'BEGIN {
  printf "service / bare:  %.2f of the requests (goal: 0.95), %.2f times the processor time\n", a / b, x / y
  printf "service / naked: %.2f of the requests (goal: 0.70), %.2f times the processor time\n", a / c, x / z }'
uptime | sed 's/.*load/after it: load/'
