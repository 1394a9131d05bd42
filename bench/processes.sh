# Sourced by the other scripts in this directory. Provides a directory for their files ($work) and processes that end with the script. Loopback only.
work=$(mktemp -d)
declare -A pid
finish() {
  for one in "${pid[@]}"; do kill "$one" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# start NAME COMMAND...: starts a process; its id is ${pid[NAME]}.
start() {
  "${@:2}" >/dev/null & pid[$1]=$!
}

# stop NAME: ends the process and waits for it.
stop() {
  kill "${pid[$1]}"
  wait "${pid[$1]}" 2>/dev/null || true
  unset "pid[$1]"
}

# until_up URL: waits until the URL has a successful response.
until_up() {
  for _ in $(seq 600); do
    curl -fs -o /dev/null "$1" && return
    sleep 0.1
  done
  echo "no successful response from $1 within a minute" >&2
  exit 1
}

# peak NAME: the peak memory of the process, in MB.
peak() { awk '/VmHWM/ { printf "%d", $2 / 1024 }' "/proc/${pid[$1]}/status"; }

# start_simulator PORT OPTIONS...: builds the simulator and the service, starts the simulator, and connects services that start later to it.
start_simulator() {
  local project genesys="http://127.0.0.1:$1"
  for project in GenesysAnalyticsApi GenesysSimulator; do
    dotnet build -c Release --nologo -v quiet -clp:NoSummary -p:RunAnalyzers=false "src/$project" >&2
  done
  start simulator dotnet artifacts/bin/GenesysSimulator/release/GenesysSimulator.dll --Url "$genesys" "${@:2}"
  export ASPNETCORE_ENVIRONMENT=Development Genesys__ApiBaseUrl=$genesys Genesys__LoginBaseUrl=$genesys Genesys__ClientId=simulator Genesys__ClientSecret=simulator
}

# start_service URL HEAP: starts the service. HEAP is the limit of the managed heap in hexadecimal, 0 for none.
start_service() {
  start service env DOTNET_GCHeapHardLimit="$2" dotnet artifacts/bin/GenesysAnalyticsApi/release/GenesysAnalyticsApi.dll --urls "$1"
  until_up "$1/health/ready"
}
