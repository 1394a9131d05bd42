#!/usr/bin/env bash
# Measures a wide query as a job, within the rate limit of Genesys, while a caller queries an uncached day every second. Needs curl and jq; loopback only.
# The simulator runs in a separate process and allows 300 requests per minute. At the end, the script compares the result with the same interval in pieces
# of five days, which another service reads from a simulator without a limit.
#   bench/jobs.sh                QUEUES=40 DAYS=365 PORT=5296 HEAP=0 QUERIES_BEFORE=60
# HEAP is the limit of the service's managed heap, 0 for none. QUERIES_BEFORE is the number of one-day queries before the job.
set -euo pipefail
cd "$(dirname "$0")/.."

queues=${QUEUES:-40} days=${DAYS:-365} port=${PORT:-5296} heap=${HEAP:-0} queries_before=${QUERIES_BEFORE:-60}
. bench/processes.sh

service="http://127.0.0.1:$port"
start_simulator $((port + 1)) --Queues "$queues" --RequestsPerMinute 300
day() { date -u -d "$1 days ago" +%F; }
from=$(day $((days + 5))) to=$(day 5)

# query_day N: queries one day by the hour that neither the job nor another query covers. Prints status and seconds.
query_day() { curl -s -o /dev/null -w '%{http_code} %{time_total}\n' "$service/aggregates?from=$(day $((days + 10 + $1)))&to=$(day $((days + 9 + $1)))&granularity=PT1H"; }
row() { sort -k2 -n "$work/$1" | awk -v name="$2" '{ all[NR] = $2; if ($1 != 200) bad++ }
  END { printf "| %s | %d | %d | %.2f | %.2f | %.2f |\n", name, NR, bad, all[int((NR + 1) / 2)], all[int(NR * 0.95 + 0.5)], all[NR] }'; }
metric() { curl -s "$service/metrics" | awk -v pattern="$1" '$0 ~ pattern { sum += $NF } END { printf "%d", sum }'; }
resident() { awk '/VmRSS/ { printf "%d", $2 / 1024 }' "/proc/${pid[service]}/status"; }

echo "$queues queues, PT15M, $from to $to, heap limit $heap; $(uptime | sed 's/.*load/load/')"
start_service "$service" "$heap"
until_up "$service/queues"
for number in $(seq "$queries_before"); do query_day "$number" >>"$work/before"; sleep 1; done

job=$(curl -s -H 'Prefer: respond-async' "$service/aggregates?from=$from&to=$to&granularity=PT15M" | jq -r .links.self)
started=$(date +%s)
number=$queries_before
until [ "$(curl -s "$service$job" | tee "$work/state" | jq -r .endedAt)" != null ]; do
  number=$((number + 1))
  query_day "$number" >>"$work/during"
  resident >>"$work/memory"; echo >>"$work/memory"
  sleep 1
done
echo "Job: $(jq -c '[.state, .progress.done, .progress.total, (.failedParts | length)]' "$work/state") in $(($(date +%s) - started)) s; 429 from Genesys: $(metric 'upstream_request_duration_seconds_count.*"429"')"
echo '| queries of a day | number | not 200 | median, s | 95 %, s | longest, s |'
echo '|---|---|---|---|---|---|'
row before 'before the job'
row during 'during the job'
echo "Resident memory during the job, MB: first $(head -1 "$work/memory"), largest $(sort -n "$work/memory" | tail -1), last $(tail -1 "$work/memory")"

calls=$(metric '^genesys_analytics_upstream_request_duration_seconds_count')
read -r status bytes seconds < <(curl -s -o "$work/result" -w '%{http_code} %{size_download} %{time_total}\n' "$service$job/result?format=csv")
echo "Result: status $status, $(($(wc -l <"$work/result") - 1)) rows, $((bytes / 1000000)) MB in ${seconds%.*} s, $(($(metric '^genesys_analytics_upstream_request_duration_seconds_count') - calls)) Genesys requests; memory now $(resident) MB, peak $(peak service) MB"
stop service
stop simulator

start_simulator $((port + 2)) --Queues "$queues" --RequestsPerMinute 1000000
export Genesys__RequestsPerMinute=100000 Aggregates__AsyncAboveCalls=10000 Aggregates__MaxRows=100000000
start_service "$service" 0
until_up "$service/queues"
head -1 "$work/result" >"$work/pieces"
for ((left = days; left > 0; left -= 5)); do
  curl -sf "$service/aggregates?from=$(day $((left + 5)))&to=$(day $((left > 5 ? left : 5)))&granularity=PT15M&format=csv" | tail -n +2 >>"$work/pieces"
done
sort "$work/result" | md5sum >"$work/result.md5"; sort "$work/pieces" | md5sum >"$work/pieces.md5"
cmp -s "$work/result.md5" "$work/pieces.md5" && echo "The pieces of five days have the same $(($(wc -l <"$work/pieces") - 1)) rows." || { echo "The pieces of five days have different rows."; exit 1; }
