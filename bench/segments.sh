#!/usr/bin/env bash
# Measures time and peak memory of large responses: json, which the service reads whole, and csv, ndjson and parquet, which it reads in segments of time.
# Needs curl; loopback only. A new service is started for each response. The simulator runs in a separate process.
#   bench/segments.sh            QUEUES=600 DAYS=75 PORT=5286 FORMATS="csv ndjson parquet json" HEAP=0xA000000 SLICES=33554432
# HEAP is the limit of the service's managed heap in hexadecimal, here 160 MiB; 0 for none. SLICES is Cache:MaxBytes.
set -euo pipefail
cd "$(dirname "$0")/.."

queues=${QUEUES:-600} days=${DAYS:-75} port=${PORT:-5286} formats=${FORMATS:-csv ndjson parquet json} heap=${HEAP:-0xA000000}
. bench/processes.sh

service="http://127.0.0.1:$port"
start_simulator $((port + 1)) --Queues "$queues" --RequestsPerMinute 1000000
from=$(date -u -d "$((days + 5)) days ago" +%F) to=$(date -u -d '5 days ago' +%F)

export Genesys__RequestsPerMinute=100000 Genesys__AttemptTimeout=00:05:00 Genesys__TotalTimeout=00:10:00 Aggregates__Timeout=00:30:00
export Aggregates__AsyncAboveCalls=10000 Aggregates__MaxRows=3000000 Cache__MaxBytes=${SLICES:-33554432}

echo "$queues queues, PT1H, $from to $to, heap limit $heap; $(uptime | sed 's/.*load/load/')"
echo '| format | status | rows | MB | s | peak memory, MB | before the request, MB |'
echo '|---|---|---|---|---|---|---|'
for format in $formats; do
  start_service "$service" "$heap"
  until_up "$service/queues"
  before=$(peak service)
  read -r status bytes seconds < <(curl -s -o "$work/body" -w '%{http_code} %{size_download} %{time_total}\n' "$service/aggregates?from=$from&to=$to&granularity=PT1H&format=$format")
  case $format in
    csv) rows=$(($(wc -l <"$work/body") - 1)) ;;
    ndjson) rows=$(($(wc -l <"$work/body") - 1)) ;;
    json) rows=$( (grep -o '"queueId":' "$work/body" || true) | wc -l) ;;
    *) rows='' ;;
  esac
  printf '| %s | %s | %s | %d | %.0f | %s | %s |\n' "$format" "$status" "$rows" "$((bytes / 1000000))" "$seconds" "$(peak service)" "$before"
  stop service
done
