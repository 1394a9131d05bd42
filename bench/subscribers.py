"""Subscribers of GET /observations/stream, for observations.sh: subscribers.py SUBSCRIBERS SECONDS PORT:PID PORT:PID

The age of a change is the time between its arrival from Genesys (meta.asOf) and its end at the subscriber. All clocks are that of this machine.
"""
import json, re, selectors, socket, sys, time, urllib.request
from datetime import datetime

subscribers, seconds = int(sys.argv[1]), int(sys.argv[2])
replicas = [tuple(map(int, replica.split(':'))) for replica in sys.argv[3:]]


def resident(process):
    with open(f'/proc/{process}/status') as status:
        return int(re.search(r'VmRSS:\s+(\d+)', status.read()).group(1))


def total(port, pattern):
    text = urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=60).read().decode()
    return sum(float(line.split()[-1]) for line in text.split('\n') if re.match(pattern, line))


STATE_REQUESTS = r'genesys_analytics_upstream_request_duration_seconds_count\{.*queue-activity'
before = [resident(process) for _, process in replicas]
calls = [total(port, STATE_REQUESTS) for port, _ in replicas]

selector = selectors.DefaultSelector()
started = time.time()
for number in range(subscribers):
    port, _ = replicas[number % len(replicas)]
    connection = socket.create_connection(('127.0.0.1', port))
    connection.sendall(b'GET /observations/stream HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n')
    connection.setblocking(False)
    selector.register(connection, selectors.EVENT_READ, {'port': port, 'rest': b''})
connected = time.time() - started

ages = {port: [] for port, _ in replicas}
events = closed = 0
known = {}
end = time.time() + seconds
while time.time() < end:
    for key, _ in selector.select(0.2):
        data = key.fileobj.recv(1 << 18)
        now = time.time()
        if not data:
            closed += 1
            selector.unregister(key.fileobj)
            continue
        *whole, key.data['rest'] = (key.data['rest'] + data).split(b'\n\n')
        for event in whole:
            if b'event: change' not in event:
                continue
            events += 1
            # Each event is the same bytes for every subscriber of a replica.
            as_of = known.get(event)
            if as_of is None:
                meta = json.loads(re.search(rb'data: (\{.*\})', event).group(1))['meta']
                as_of = known[event] = datetime.fromisoformat(meta['asOf']).timestamp() if meta['source'] == 'notifications' else 0
            if as_of:
                ages[key.data['port']].append(now - as_of)

print(f'{subscribers} subscribers on {len(replicas)} replicas, connected in {connected:.1f} s, {closed} closed by the service; {events} changes delivered in {seconds} s')
for (port, process), memory, before_calls in zip(replicas, before, calls):
    measured = sorted(ages[port])
    if measured:
        print(f'replica {port}: age of a change at its subscriber p50 {measured[len(measured) // 2] * 1000:.0f} ms, p99 {measured[int(len(measured) * 0.99)] * 1000:.0f} ms, at most {measured[-1] * 1000:.0f} ms ({len(measured)} changes)')
    print(f'replica {port}: {total(port, STATE_REQUESTS) - before_calls:.0f} requests to Genesys for the state; {(resident(process) - memory) * len(replicas) / subscribers:.1f} KB per subscriber')
