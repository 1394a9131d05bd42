// A process as the image and Compose run it: in the read-only root, as the image's user, without capabilities, with just their environment.
import { spawn } from 'node:child_process';
import { request } from 'node:http';

/** Of Microsoft's images: what $APP_UID is there. */
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

/** To its end. */
export async function run(root, words, environment) {
  const child = start(root, words, environment);
  return { code: await child.ended, output: child.output };
}

export function ask(host, path, headers = {}) {
  return new Promise((resolve, reject) =>
    request({ host: '127.0.0.1', port: 8080, path, headers: { host, ...headers }, timeout: 30_000 }, answer => {
      let text = '';
      answer.on('data', part => (text += part)).on('end', () => resolve({ status: answer.statusCode, text }));
    }).on('error', reject).end());
}

/** Asks again, a few times a second, until it is so. */
export async function until(isSo, what, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 250))) {
    if (await isSo()) {
      return;
    }
  }
  throw new Error(`Not within ${seconds} s: ${what}`);
}
