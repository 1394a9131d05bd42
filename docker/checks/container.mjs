// Runs a process as the image and Compose do: in the read-only root, as the user of the image, without capabilities, and with their environment only.
import { spawn } from 'node:child_process';
import { request } from 'node:http';

/** The value of $APP_UID in Microsoft's images. */
const user = 1654;

export function start(root, words, environment) {
  const child = spawn(
    '/usr/sbin/chroot',
    [root, '/usr/bin/setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', ...words],
    { env: { PATH: '/dotnet:/usr/bin', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  child.output = '';
  [child.stdout, child.stderr].forEach(stream => stream.on('data', text => (child.output += text)));
  child.ended = new Promise(resolve => child.on('close', code => resolve(code)));
  return child;
}

/** Runs a process until it ends. */
export async function run(root, words, environment) {
  const child = start(root, words, environment);
  return { code: await child.ended, output: child.output };
}

export function get(host, path, headers = {}) {
  return new Promise((resolve, reject) =>
    request({ host: '127.0.0.1', port: 8080, path, headers: { host, ...headers }, timeout: 30_000 }, response => {
      let text = '';
      response.on('data', part => (text += part)).on('end', () => resolve({ status: response.statusCode, text }));
    }).on('error', reject).end());
}

/** Waits until a condition is true, which it checks four times a second. */
export async function until(condition, description, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 250))) {
    if (await condition()) {
      return;
    }
  }
  throw new Error(`Not within ${seconds} s: ${description}`);
}
