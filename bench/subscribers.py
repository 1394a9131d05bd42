"""Connects subscribers to GET /observations/stream, for observations.sh: subscribers.py SUBSCRIBERS SECONDS GENESYS_PORT PORT:PID PORT:PID

A separate notification channel shows when Genesys sends a change of the conversations of a queue × media type. The delay of a change is the time from its
arrival here to the end of the event that delivers it to a subscriber, so it includes the time that this program takes to read for all subscribers.
"""
import base64, json, os, re, selectors, socket, sys, time, urllib.request

subscribers, seconds, genesys = (int(argument) for argument in sys.argv[1:4])
replicas = [tuple(map(int, replica.split(':'))) for replica in sys.argv[4:]]


def resident(process):
    with open(f'/proc/{process}/status') as status:
        return int(re.search(r'VmRSS:\s+(\d+)', status.read()).group(1))


def cpu(process):
    with open(f'/proc/{process}/stat') as stat:
        fields = stat.read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def request(port, path, body=None, method=None, **headers):
    outgoing = urllib.request.Request(f'http://127.0.0.1:{port}{path}', body, headers, method=method)
    return urllib.request.urlopen(outgoing, timeout=60).read()


def total(port, pattern):
    return sum(float(line.split()[-1]) for line in request(port, '/metrics').decode().split('\n') if re.match(pattern, line))


class Channel:
    """The messages of Genesys about the conversations of all queues."""

    def __init__(self, port, queues):
        login = base64.b64encode(b'simulator:simulator').decode()
        token = json.loads(request(port, '/oauth/token', b'grant_type=client_credentials', Authorization=f'Basic {login}'))['access_token']
        headers = {'Authorization': f'Bearer {token}', 'Content-Type': 'application/json'}
        channel = json.loads(request(port, '/api/v2/notifications/channels', b'', 'POST', **headers))
        self.socket = socket.create_connection(('127.0.0.1', port))
        path = '/' + channel['connectUri'].split('/', 3)[3]
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f'GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                             f'Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n').encode())
        self.rest = b''
        while b'\r\n\r\n' not in self.rest:
            self.rest += self.socket.recv(65536)
        self.rest = self.rest.split(b'\r\n\r\n', 1)[1]
        topics = json.dumps([{'id': f'v2.analytics.queues.{queue}.activity'} for queue in queues]).encode()
        request(port, f"/api/v2/notifications/channels/{channel['id']}/subscriptions", topics, 'PUT', **headers)
        self.socket.setblocking(False)
        self.known = {}

    def read(self):
        """Yields what has changed, as pairs of queue and media type."""
        self.rest += self.socket.recv(1 << 18)
        while len(self.rest) >= 2:
            length, start = self.rest[1] & 127, 2
            if length >= 126:
                start = 4 if length == 126 else 10
                length = int.from_bytes(self.rest[2:start], 'big')
            if len(self.rest) < start + length:
                return
            text, self.rest, kind = self.rest[start:start + length], self.rest[start + length:], self.rest[0] & 15
            if kind != 1 or not (topic := re.search(rb'"topicName":"v2\.analytics\.queues\.([^.]+)\.activity"', text)):
                continue
            for result in json.loads(text)['eventBody'].get('results', []):
                counts = tuple((figure['metric'], figure.get('count')) for figure in result['data'] if 'Longest' not in figure['metric'])
                pair = (topic.group(1).decode(), result['mediaType'])
                # The first message about a pair can repeat what the subscribers already have.
                if self.known.setdefault(pair, counts) != counts:
                    self.known[pair] = counts
                    yield pair


STATE_REQUESTS = r'genesys_analytics_upstream_request_duration_seconds_count\{.*queue-activity'
queues = [queue['id'] for queue in json.loads(request(replicas[0][0], '/queues?limit=1000'))['records']]
before = [(resident(process), cpu(process)) for _, process in replicas]
calls = [total(port, STATE_REQUESTS) for port, _ in replicas]

channel = Channel(genesys, queues)
selector = selectors.DefaultSelector()
selector.register(channel.socket, selectors.EVENT_READ, None)
started = time.time()
for number in range(subscribers):
    port, _ = replicas[number % len(replicas)]
    connection = socket.create_connection(('127.0.0.1', port))
    # HTTP/1.0 has no chunks, whose sizes would be within the events.
    connection.sendall(b'GET /observations/stream HTTP/1.0\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n')
    connection.setblocking(False)
    selector.register(connection, selectors.EVENT_READ, {'port': port, 'rest': b'', 'version': 0})
connected = time.time() - started

delays = {port: [] for port, _ in replicas}
# When Genesys sent the oldest change that a replica has not delivered yet, by pair; and, by version, the oldest change that came with it.
pending = {port: {} for port, _ in replicas}
origins = {port: {} for port, _ in replicas}
events = closed = size = 0
warm = time.time() + 5
end = warm + seconds


def version_of(event, port):
    version = int(re.search(rb'\nid: [^\n]*?(\d+)\n', event).group(1))
    if version not in origins[port]:
        records = json.loads(event[event.index(b'data: ') + 6:])['records']
        sent = [pending[port].pop(pair) for record in records if (pair := (record.get('queueId'), record.get('mediaType'))) in pending[port]]
        origins[port][version] = min(sent, default=None)
    return version


while (now := time.time()) < end:
    for key, _ in selector.select(0.2):
        if key.data is None:
            for pair in channel.read():
                for port in pending:
                    pending[port].setdefault(pair, time.time())
            continue
        data = key.fileobj.recv(1 << 18)
        now = time.time()
        if not data:
            closed += 1
            selector.unregister(key.fileobj)
            continue
        *whole, key.data['rest'] = (key.data['rest'] + data).split(b'\n\n')
        for event in whole:
            if b'event: change' not in event and b'event: snapshot' not in event:
                continue
            port, before_version = key.data['port'], key.data['version']
            key.data['version'] = version = version_of(event, port)
            if b'event: change' not in event or now < warm:
                continue
            events += 1
            size += len(event)
            sent = [origin for one in range(before_version + 1, version + 1) if (origin := origins[port].get(one))]
            if sent:
                delays[port].append(now - min(sent))

print(f'{subscribers} subscribers on {len(replicas)} replicas, connected in {connected:.1f} s, {closed} closed by the service; '
      f'{events} changes of {size // max(1, events)} bytes delivered in {seconds} s')
for (port, process), (memory, busy), before_calls in zip(replicas, before, calls):
    measured = sorted(delays[port])
    if measured:
        p50, p99 = (measured[int(len(measured) * part)] * 1000 for part in (0.5, 0.99))
        print(f'replica {port}: from Genesys to a subscriber p50 {p50:.0f} ms, p99 {p99:.0f} ms, at most {measured[-1] * 1000:.0f} ms ({len(measured)} changes)')
    print(f'replica {port}: {total(port, STATE_REQUESTS) - before_calls:.0f} requests to Genesys for the state; '
          f'{(resident(process) - memory) * len(replicas) / subscribers:.1f} KB per subscriber; {cpu(process) - busy:.1f} s of processor time')
print(f'{time.process_time():.1f} s of processor time of this program')
