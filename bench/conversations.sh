#!/usr/bin/env bash
# Measures time and peak memory of an export of conversations. The service reads recent conversations page by page, and older ones with an asynchronous
# query. Needs curl, and jq for jobs; loopback only. A new service is started for each response. The simulator runs in a separate process.
#   bench/conversations.sh       DAYS="1 7 65" PORT=5296 FORMATS="ndjson csv parquet" HEAP=0xA000000 JOB=
# HEAP is the limit of the service's managed heap in hexadecimal, here 160 MiB; 0 for none. With JOB=1, a job reads the conversations, and the response is
# the result of the job.
set -euo pipefail
cd "$(dirname "$0")/.."

spans=${DAYS:-1 7 65} port=${PORT:-5296} formats=${FORMATS:-ndjson} heap=${HEAP:-0xA000000} job=${JOB:-}
. bench/processes.sh

service="http://127.0.0.1:$port"
start_simulator $((port + 1)) --RequestsPerMinute 1000000
export Genesys__RequestsPerMinute=100000 Genesys__AttemptTimeout=00:05:00 Genesys__TotalTimeout=00:10:00 Genesys__AsyncQueryTimeout=00:30:00

echo "heap limit $heap; $(uptime | sed 's/.*load/load/')"
echo '| days | format | status | records | MB | job, s | s | peak memory, MB | before the request, MB |'
echo '|---|---|---|---|---|---|---|---|---|'
for days in $spans; do
  from=$(date -u -d "$((days + 2)) days ago" +%F) to=$(date -u -d '2 days ago' +%F)
  for format in $formats; do
    start_service "$service" "$heap"
    until_up "$service/queues"
    before=$(peak service)
    address="$service/conversations?from=$from&to=$to&format=$format" waited=
    if [ -n "$job" ]; then
      started=$(date +%s)
      self=$(curl -s -H 'Prefer: respond-async' "$address" | jq -r .links.self)
      until [ "$(curl -s "$service$self" | tee "$work/state" | jq -r .endedAt)" != null ]; do sleep 1; done
      address="$service$self/result?format=$format" waited=$(($(date +%s) - started))
    fi
    read -r status bytes seconds < <(curl -s -o "$work/body" -w '%{http_code} %{size_download} %{time_total}\n' "$address")
    case $format in
      csv | ndjson) rows=$(($(wc -l <"$work/body") - 1)) ;;
      *) rows='' ;;
    esac
    printf '| %s | %s | %s | %s | %d | %s | %.0f | %s | %s |\n' "$days" "$format" "$status" "$rows" "$((bytes / 1000000))" "$waited" "$seconds" "$(peak service)" "$before"
    stop service
  done
done
