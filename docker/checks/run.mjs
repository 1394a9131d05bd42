// The service as the image and the compose files run it. In the root that container.sh has made: run.mjs <root>
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ask, run, start, until } from './container.mjs';
import { compose, expect, image } from './files.mjs';

const root = process.argv[2];
const { entrypoint, environment, health: live } = image();
const demo = compose('docker/compose.yaml').services;
const [, ...ready] = demo['api-1'].healthcheck.test;
const started = [];
process.on('exit', () => started.forEach(child => child.kill('SIGKILL')));
// A check that hangs fails.
setTimeout(() => { console.error('Not done within three minutes.'); process.exit(1); }, 180_000).unref();

async function inDemo() {
  const settings = { ...environment, ...demo['api-1'].environment };
  const redis = demo.redis.command;
  started.push(spawn(redis[0], [...redis.slice(1), '--bind', '127.0.0.1'], { stdio: 'ignore', cwd: '/' }));
  expect((await run(root, ready, settings)).code === 1, 'it is not healthy before it has started');

  const service = start(root, entrypoint, settings);
  started.push(service);
  const begin = Date.now();
  await until(async () => (await run(root, ready, settings)).code === 0, 'it is ready').catch(error => { throw new Error(`${error.message}\n${service.output}`); });
  console.log(`ready after ${((Date.now() - begin) / 1000).toFixed(1)} s`);
  expect((await run(root, live, settings)).code === 0, "it is healthy by the image's own check");

  const status = readFileSync(`/proc/${service.pid}/status`, 'utf8');
  expect(/^Uid:\t1654\t/m.test(status) && /^CapEff:\t0+$/m.test(status) && /^NoNewPrivs:\t1$/m.test(status), 'it runs as nobody who may anything');
  const answer = await ask('localhost:5080', '/aggregates?last=PT24H&groupBy=mediaType');
  const { meta, records } = JSON.parse(answer.text);
  expect(answer.status === 200 && meta.source === 'simulator' && meta.complete && records.length > 0, 'it answers with figures');
  expect((await ask('localhost:5080', '/queues')).status === 200, 'it answers with queues');
  expect((await ask('localhost:5080', '/aggregates?last=P1D&timeZone=Australia/Lord_Howe')).status === 200, 'it knows time zones by itself');
  expect((await ask('localhost:5080', '/swagger/index.html')).status === 200, 'it shows its pages');
  expect(/^genesys_analytics_answers_total/m.test((await ask('api-1:8080', '/metrics')).text), 'Prometheus can ask it by the name of its container');
  expect(/^genesys_analytics_redis_up\S* 1/m.test((await ask('api-2:8080', '/metrics')).text), 'it has Redis by the name of its container');
  expect((await ask('rebound.example.com', '/queues')).status === 400, 'it is not asked by other names');
  expect(Number(spawnSync('redis-cli', ['dbsize'], { encoding: 'utf8' }).stdout) > 0, 'its slices are in Redis');
  const doctor = await run(root, [...entrypoint, 'doctor'], settings);
  expect(doctor.code === 0 && /^ok +redis/m.test(doctor.output), `the doctor finds it well:\n${doctor.output}`);

  const told = Date.now();
  service.kill('SIGTERM');
  const code = await service.ended;
  const seconds = (Date.now() - told) / 1000;
  console.log(`stopped after ${seconds.toFixed(1)} s`);
  expect(code === 0 && seconds < parseInt(demo['api-1'].stop_grace_period, 10), `it stops when it is told to: ${code}`);
  expect(!/"@l":"(Error|Fatal)"/.test(service.output), `it logs no error:\n${service.output}`);
}

async function inLive() {
  const over = compose('docker/compose.live.yaml').services['api-1'].environment;
  const given = { GENESYS_CLOUD_REGION: 'eu-west-1', GENESYS_CLOUD_CLIENT_ID: 'the-client' };
  const filled = Object.fromEntries(Object.entries({ ...environment, ...demo['api-1'].environment, ...over })
    .map(([key, value]) => [key, value.replace(/\$\{(\w+)(?:[:?-]+([^}]*))?\}/g, (_, name, other) => given[name] ?? other)]));
  const refused = await run(root, entrypoint, filled);
  expect(refused.code === 1 && /Auth:Keys is missing/.test(refused.output), `it does not start while nobody has a key: ${refused.output}`);

  const made = (await run(root, [...entrypoint, 'keys', 'new', '--name', 'prometheus', '--scope', 'operator'], environment)).output;
  const key = /gaa_[\w-]+/.exec(made)[0];
  const callers = Object.fromEntries([...made.matchAll(/^(Auth__Keys__\S+?)=(.*)$/gm)].map(([, name, value]) => [name, value]));
  const service = start(root, entrypoint, { ...filled, ...callers });
  started.push(service);
  await until(async () => (await run(root, live, filled)).code === 0, 'it lives').catch(error => { throw new Error(`${error.message}\n${service.output}`); });
  expect((await run(root, ready, filled)).code === 1, 'it is not ready while Genesys Cloud cannot be reached');
  expect((await ask('localhost:5080', '/queues')).status === 401, 'nobody is answered without a key');
  expect((await ask('api-1:8080', '/metrics')).status === 401, 'metrics are shown to nobody without a key');
  expect((await ask('api-1:8080', '/metrics', { 'x-api-key': key })).status === 200, 'metrics are shown to an operator');
  service.kill('SIGTERM');
  expect((await service.ended) === 0, 'it stops when it is told to');
  expect(!service.output.includes('the-secret-of-the-client'), 'the log has no secret');
}

await inDemo();
await inLive();
console.log('The service runs as the image and the compose files say.');
process.exit(0);
