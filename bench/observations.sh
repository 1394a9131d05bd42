#!/usr/bin/env bash
# Measures subscribers to GET /observations/stream on two replicas that share a Redis, with notifications: their Genesys requests, the age of a change when a
# subscriber receives it, and their memory. Needs redis-server and python3; loopback only. The simulator runs in a separate process.
#   bench/observations.sh       SUBSCRIBERS=1000 SECONDS_=60 PORT=5300
set -euo pipefail
cd "$(dirname "$0")/.."

subscribers=${SUBSCRIBERS:-1000} seconds=${SECONDS_:-60} port=${PORT:-5300}
. bench/processes.sh

redis="127.0.0.1:$((port + 2))"
start redis redis-server --port "$((port + 2))" --bind 127.0.0.1 --save '' --appendonly no
start_simulator $((port + 3))
export Cache__Redis="$redis" Genesys__Notifications=true Callers__RequestsPerMinute=100000
for replica in 0 1; do
  start "replica$replica" dotnet artifacts/bin/GenesysAnalyticsApi/release/GenesysAnalyticsApi.dll --urls "http://127.0.0.1:$((port + replica))"
done
for replica in 0 1; do until_up "http://127.0.0.1:$((port + replica))/observations"; done
# Waits until the notification channels are open and the state of the queues has been read.
sleep 10

uptime | sed 's/.*load/load/'
python3 bench/subscribers.py "$subscribers" "$seconds" "$((port + 3))" "$port:${pid[replica0]}" "$((port + 1)):${pid[replica1]}"
