#!/usr/bin/env bash
# Time and peak memory of large responses: read whole (json) and in segments of time (csv, ndjson, parquet). Needs curl; loopback only. Each response
# comes from a service that was just started, in front of a simulator in a process of its own, which keeps its conversations.
#   bench/segments.sh            QUEUES=600 DAYS=75 PORT=5286 FORMATS="csv ndjson parquet json" HEAP=0xA000000 SLICES=33554432
# HEAP is the limit of the service's managed heap: 160 MiB; 0 for none. SLICES is Cache:MaxBytes.
set -euo pipefail
cd "$(dirname "$0")/.."

queues=${QUEUES:-600} days=${DAYS:-75} port=${PORT:-5286} formats=${FORMATS:-csv ndjson parquet json} heap=${HEAP:-0xA000000}
work=$(mktemp -d)
simulator_pid='' service_pid=''
finish() {
  for one in $service_pid $simulator_pid; do kill "$one" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

for project in GenesysAnalyticsApi GenesysSimulator; do
  dotnet build -c Release --nologo -v quiet -clp:NoSummary -p:RunAnalyzers=false "src/$project" >&2
done

until_up() {
  for _ in $(seq 600); do
    curl -fs -o /dev/null "$1" && return
    sleep 0.1
  done
  echo "nothing answers at $1" >&2
  exit 1
}

genesys="http://127.0.0.1:$((port + 1))" service="http://127.0.0.1:$port"
dotnet artifacts/bin/GenesysSimulator/release/GenesysSimulator.dll --Url "$genesys" --Queues "$queues" --RequestsPerMinute 1000000 >/dev/null & simulator_pid=$!
from=$(date -u -d "$((days + 5)) days ago" +%F) to=$(date -u -d '5 days ago' +%F)

export ASPNETCORE_ENVIRONMENT=Development Genesys__ApiBaseUrl=$genesys Genesys__LoginBaseUrl=$genesys Genesys__ClientId=simulator Genesys__ClientSecret=simulator
export Genesys__RequestsPerMinute=100000 Genesys__AttemptTimeout=00:05:00 Genesys__TotalTimeout=00:10:00 Aggregates__Timeout=00:30:00
export Aggregates__AsyncAboveCalls=10000 Aggregates__MaxRows=3000000 Cache__MaxBytes=${SLICES:-33554432}

echo "$queues queues, PT1H, $from to $to, heap limit $heap; $(uptime | sed 's/.*load/load/')"
echo '| format | status | rows | MB | s | peak memory, MB | before the request, MB |'
echo '|---|---|---|---|---|---|---|'
peak() { awk '/VmHWM/ { printf "%d", $2 / 1024 }' "/proc/$service_pid/status"; }
for format in $formats; do
  DOTNET_GCHeapHardLimit=$heap dotnet artifacts/bin/GenesysAnalyticsApi/release/GenesysAnalyticsApi.dll --urls "$service" >/dev/null & service_pid=$!
  until_up "$service/health/ready"
  until_up "$service/queues"
  before=$(peak)
  read -r status bytes seconds < <(curl -s -o "$work/body" -w '%{http_code} %{size_download} %{time_total}\n' "$service/aggregates?from=$from&to=$to&granularity=PT1H&format=$format")
  case $format in
    csv) rows=$(($(wc -l <"$work/body") - 1)) ;;
    ndjson) rows=$(($(wc -l <"$work/body") - 1)) ;;
    json) rows=$( (grep -o '"queueId":' "$work/body" || true) | wc -l) ;;
    *) rows='' ;;
  esac
  printf '| %s | %s | %s | %d | %.0f | %s | %s |\n' "$format" "$status" "$rows" "$((bytes / 1000000))" "$seconds" "$(peak)" "$before"
  kill "$service_pid"
  wait "$service_pid" 2>/dev/null || true
  service_pid=''
done
