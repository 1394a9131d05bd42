// Runs the service as the image and the compose files do, in the root that container.sh has prepared: run.mjs <root>
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get, run, start, until } from './container.mjs';
import { compose, expect, image } from './files.mjs';

const root = process.argv[2];
const { entrypoint, environment, health: live } = image();
const demo = compose('docker/compose.yaml').services;
const [, ...ready] = demo['api-1'].healthcheck.test;
const started = [];
process.on('exit', () => started.forEach(child => child.kill('SIGKILL')));
// Fails a check that hangs.
setTimeout(() => { console.error('Not done within three minutes.'); process.exit(1); }, 180_000).unref();

async function checkDemo() {
  const settings = { ...environment, ...demo['api-1'].environment };
  const redis = demo.redis.command;
  started.push(spawn(redis[0], [...redis.slice(1), '--bind', '127.0.0.1'], { stdio: 'ignore', cwd: '/' }));
  expect((await run(root, ready, settings)).code === 1, 'the readiness check fails before the service has started');

  const service = start(root, entrypoint, settings);
  started.push(service);
  const begin = Date.now();
  await until(async () => (await run(root, ready, settings)).code === 0, 'the service is ready').catch(error => { throw new Error(`${error.message}\n${service.output}`); });
  console.log(`ready after ${((Date.now() - begin) / 1000).toFixed(1)} s`);
  expect((await run(root, live, settings)).code === 0, 'the health check of the image succeeds');

  const status = readFileSync(`/proc/${service.pid}/status`, 'utf8');
  expect(/^Uid:\t1654\t/m.test(status) && /^CapEff:\t0+$/m.test(status) && /^NoNewPrivs:\t1$/m.test(status), 'the process runs as the user of the image, without capabilities and new privileges');
  const response = await get('localhost:5080', '/aggregates?last=PT24H&groupBy=mediaType');
  const { meta, records } = JSON.parse(response.text);
  expect(response.status === 200 && meta.source === 'simulator' && meta.complete && records.length > 0, 'the service returns figures');
  expect((await get('localhost:5080', '/queues')).status === 200, 'the service returns queues');
  expect((await get('localhost:5080', '/aggregates?last=P1D&timeZone=Australia/Lord_Howe')).status === 200, 'the service has time zone data');
  expect((await get('localhost:5080', '/swagger/index.html')).status === 200, 'the service serves its pages');
  expect(/^genesys_analytics_answers_total/m.test((await get('api-1:8080', '/metrics')).text), 'Prometheus reaches the service by the name of its container');
  expect(/^genesys_analytics_redis_up\S* 1/m.test((await get('api-2:8080', '/metrics')).text), 'the service reaches Redis by the name of its container');
  expect((await get('rebound.example.com', '/queues')).status === 400, 'the service rejects other host names');
  expect(Number(spawnSync('redis-cli', ['dbsize'], { encoding: 'utf8' }).stdout) > 0, 'Redis contains the slices of the service');
  const doctor = await run(root, [...entrypoint, 'doctor'], settings);
  expect(doctor.code === 0 && /^ok +redis/m.test(doctor.output), `the doctor finds no problem:\n${doctor.output}`);

  const signalled = Date.now();
  service.kill('SIGTERM');
  const code = await service.ended;
  const seconds = (Date.now() - signalled) / 1000;
  console.log(`stopped after ${seconds.toFixed(1)} s`);
  expect(code === 0 && seconds < parseInt(demo['api-1'].stop_grace_period, 10), `the service stops on SIGTERM, within its grace period and with exit code 0; it was ${code}`);
  expect(!/"@l":"(Error|Fatal)"/.test(service.output), `the service logs no error:\n${service.output}`);
}

async function checkLive() {
  const overrides = compose('docker/compose.live.yaml').services['api-1'].environment;
  const variables = { GENESYS_CLOUD_REGION: 'eu-west-1', GENESYS_CLOUD_CLIENT_ID: 'the-client' };
  const settings = Object.fromEntries(Object.entries({ ...environment, ...demo['api-1'].environment, ...overrides })
    .map(([key, value]) => [key, value.replace(/\$\{(\w+)(?:[:?-]+([^}]*))?\}/g, (_, name, fallback) => variables[name] ?? fallback)]));
  const withoutKey = await run(root, entrypoint, settings);
  expect(withoutKey.code === 1 && /Auth:Keys is missing/.test(withoutKey.output), `the service does not start without an API key: ${withoutKey.output}`);

  const created = (await run(root, [...entrypoint, 'keys', 'new', '--name', 'prometheus', '--scope', 'operator'], environment)).output;
  const key = /gaa_[\w-]+/.exec(created)[0];
  const callers = Object.fromEntries([...created.matchAll(/^(Auth__Keys__\S+?)=(.*)$/gm)].map(([, name, value]) => [name, value]));
  const service = start(root, entrypoint, { ...settings, ...callers });
  started.push(service);
  await until(async () => (await run(root, live, settings)).code === 0, 'the service is live').catch(error => { throw new Error(`${error.message}\n${service.output}`); });
  expect((await run(root, ready, settings)).code === 1, 'the service is not ready while it cannot reach Genesys Cloud');
  expect((await get('localhost:5080', '/queues')).status === 401, 'a request without an API key gets 401');
  expect((await get('api-1:8080', '/metrics')).status === 401, 'a request for metrics without an API key gets 401');
  expect((await get('api-1:8080', '/metrics', { 'x-api-key': key })).status === 200, 'an operator can read the metrics');
  service.kill('SIGTERM');
  expect((await service.ended) === 0, 'the service stops on SIGTERM with exit code 0');
  expect(!service.output.includes('the-secret-of-the-client'), 'the log does not contain the client secret');
}

await checkDemo();
await checkLive();
console.log('Service: runs with the settings of the image and the compose files.');
process.exit(0);
