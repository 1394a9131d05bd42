#!/usr/bin/env bash
# Measures Genesys requests, time and peak memory of a one-day query by half hours for a large organization, with and without agents and wrap-up codes.
# Needs curl and jq; loopback only. The service and the simulator run in separate processes.
#   bench/agents.sh              QUEUES=200 AGENTS=1500 PORT=5290 HEAP=0
# HEAP is the limit of the service's managed heap in hexadecimal, such as 0x14000000 for 320 MiB; 0 for none.
set -euo pipefail
cd "$(dirname "$0")/.."

queues=${QUEUES:-200} agents=${AGENTS:-1500} port=${PORT:-5290} heap=${HEAP:-0}
. bench/processes.sh

service="http://127.0.0.1:$port"
start_simulator $((port + 1)) --Queues "$queues" --Agents "$agents"
export Genesys__AttemptTimeout=00:01:00 Genesys__TotalTimeout=00:03:00 Aggregates__Timeout=00:05:00 Aggregates__MaxRows=1000000
export Auth__AnonymousScopes=read,operator,agents Auth__AllowAnonymous=true

echo "$queues queues, $agents agents, one day at PT30M, heap limit $heap; $(uptime | sed 's/.*load/load/')"
echo '| grouped by | status | records | Genesys requests | s | MB | peak memory, MB | repeated, ms | another day: Genesys requests |'
echo '|---|---|---|---|---|---|---|---|---|'
requests() { grep -i '^x-upstream' "$1" | sed 's/.*calls=\([0-9]*\).*/\1/'; }
for grouping in queueId,mediaType queueId,mediaType,wrapUpCode queueId,mediaType,userId queueId,mediaType,userId,wrapUpCode; do
  start_service "$service" "$heap"
  day=$(date -u -d '6 days ago' +%F) next=$(date -u -d '5 days ago' +%F) before=$(date -u -d '7 days ago' +%F)
  url="$service/aggregates?from=$day&to=$next&granularity=PT30M&groupBy=$grouping"
  read -r status bytes seconds < <(curl -s -D "$work/headers" -o "$work/body" -w '%{http_code} %{size_download} %{time_total}\n' "$url")
  records=$(jq '.meta.rows.returned // 0' "$work/body")
  repeated=$(curl -s -o /dev/null -w '%{time_total}' "$url")
  curl -s -D "$work/headers2" -o /dev/null "$service/aggregates?from=$before&to=$day&granularity=PT30M&groupBy=$grouping"
  printf '| %s | %s | %s | %s | %.1f | %d | %s | %.0f | %s |\n' "$grouping" "$status" "$records" "$(requests "$work/headers")" "$seconds" "$((bytes / 1000000))" "$(peak service)" \
    "$(awk "BEGIN { print $repeated * 1000 }")" "$(requests "$work/headers2")"
  [ "$status" = 200 ] || jq -r .detail "$work/body"
  stop service
done
