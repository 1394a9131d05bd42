#!/usr/bin/env bash
# Measures the requests/s of a repeated query, and of two reference servers that send the same bytes: Kestrel with the service's middleware, and Kestrel only.
# Needs wrk and curl; loopback only; takes less than a minute.
#   bench/load.sh            SECONDS_PER_RUN=4 ROUNDS=3 PORT=5281
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${SECONDS_PER_RUN:-4} rounds=${ROUNDS:-3} port=${PORT:-5281}
. bench/processes.sh

dotnet build -c Release --nologo -v quiet -clp:NoSummary bench/GenesysAnalyticsApi.Benchmarks >&2
service=artifacts/bin/GenesysAnalyticsApi/release/GenesysAnalyticsApi.dll
benchmarks=artifacts/bin/GenesysAnalyticsApi.Benchmarks/release/GenesysAnalyticsApi.Benchmarks.dll

# Seventeen hours, ten days ago: about 20 KB, and the data are settled, so that the cached response stays valid.
day=$(date -u -d '10 days ago' +%F)
path="/aggregates?from=${day}T00:00:00Z&to=${day}T17:00:00Z&granularity=PT1H&groupBy=none"

# All three servers have the same garbage collector and environment. To the service, the load generator is a single caller, which exceeds the default rate limit.
export Callers__RequestsPerMinute=10000000
export ASPNETCORE_ENVIRONMENT=Development DOTNET_gcServer=1 DOTNET_GCDynamicAdaptationMode=1

declare -A url=([service]="http://127.0.0.1:$port" [middleware]="http://127.0.0.1:$((port + 1))" [kestrel]="http://127.0.0.1:$((port + 2))")
start service dotnet "$service" --urls "${url[service]}"
until_up "${url[service]}$path"
for _ in 1 2 3; do curl -fs -o "$work/response" -D "$work/response.headers" "${url[service]}$path"; done
etag=$(sed -n 's/^ETag: \(.*\)\r$/\1/p' "$work/response.headers")

start middleware dotnet "$benchmarks" baseline "${url[middleware]}" "$work/response" middleware
start kestrel dotnet "$benchmarks" baseline "${url[kestrel]}" "$work/response"
until_up "${url[middleware]}$path"
until_up "${url[kestrel]}$path"

# processor PID: the processor time of the process so far, in microseconds.
processor() { awk -v tick="$(getconf CLK_TCK)" '{ print ($14 + $15) * 1000000 / tick }' "/proc/$1/stat"; }

# run SERVER NAME [options of wrk]: appends "requests/s, p99, responses other than 2xx and 3xx, µs per request" to the file NAME
run() {
  local server=$1 name=$2 before after
  shift 2
  before=$(processor "${pid[$server]}")
  wrk -t1 -c32 "-d${seconds}s" --timeout 10s --latency "$@" "${url[$server]}$path" >"$work/report"
  after=$(processor "${pid[$server]}")
  awk -v cpu="$((${after%.*} - ${before%.*}))" '
    /Requests\/sec/ { rate = $2 }
    $1 == "99%" { p99 = $2 }
    /requests in/ { requests = $1 }
    /Non-2xx|Socket errors/ { bad = $NF }
    END { printf "%s %s %d %.1f\n", rate, p99, bad, cpu / requests }' "$work/report" >>"$work/$name"
}

printf 'body: %s bytes; %s\n' "$(stat -c %s "$work/response")" "$(uptime | sed 's/.*load/load/')"
for server in service middleware kestrel; do run "$server" warm-up; done
for _ in $(seq "$rounds"); do
  for server in service middleware kestrel; do
    run "$server" "$server"
    run "$server" "$server-304" -H "If-None-Match: $etag"
  done
done

# The labels of docs/benchmarks.md.
declare -A label=([service]="service" [middleware]="with middleware" [kestrel]="Kestrel only")
for server in "${!label[@]}"; do label["$server-304"]="${label[$server]}, 304"; done

column() { cut -d' ' -f"$2" "$work/$1"; }
median() { column "$1" "$2" | sort -g | awk '{ line[NR] = $1 } END { print line[int((NR + 1) / 2)] }'; }
echo '| | req/s | µs of processor time per request | p99 of each run |'
echo '|---|---|---|---|'
for name in service middleware kestrel service-304 middleware-304 kestrel-304; do
  [ "$(column "$name" 3 | sort -g | tail -1)" = 0 ] || { echo "$name: responses other than 2xx and 3xx" >&2; exit 1; }
  printf '| %s | %.0f | %.1f | %s |\n' "${label[$name]}" "$(median "$name" 1)" "$(median "$name" 4)" "$(column "$name" 2 | xargs | sed 's/ /, /g')"
done

# ratio NAME REFERENCE GOAL
ratio() {
  awk -v a="$(median "$1" 1)" -v b="$(median "$2" 1)" -v x="$(median "$1" 4)" -v y="$(median "$2" 4)" -v name="${label[$1]} / ${label[$2]}" -v goal="$3" 'BEGIN {
    printf "%s: %.2f times the requests/s (goal: %s), %.2f times the processor time\n", name, a / b, goal, x / y }'
}
ratio service middleware 0.95
ratio service kestrel 0.70
ratio service-304 middleware-304 0.95
ratio service-304 kestrel-304 0.70
uptime | sed 's/.*load/afterwards: load/'
