// A read-only registry on the loopback interface with one almost empty image, which serves as a base image.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';

const digest = bytes => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const json = value => Buffer.from(JSON.stringify(value));

/** @returns the server, and its address for image names. */
export async function startRegistry(architecture) {
  // An empty tar archive.
  const archive = Buffer.alloc(1024);
  const layer = gzipSync(archive);
  const config = json({ architecture, os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [digest(archive)] } });
  const manifest = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: { mediaType: 'application/vnd.docker.container.image.v1+json', size: config.length, digest: digest(config) },
    layers: [{ mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', size: layer.length, digest: digest(layer) }],
  });
  const blobs = new Map([config, layer].map(blob => [digest(blob), blob]));

  const server = createServer((request, response) => {
    const [, name] = /^\/v2\/base\/(?:manifests|blobs)\/(.+)$/.exec(request.url) ?? [];
    const body = request.url === '/v2/' ? json({}) : request.url.includes('/manifests/') ? manifest : blobs.get(name);
    if (!body || !['GET', 'HEAD'].includes(request.method)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': body === manifest ? 'application/vnd.docker.distribution.manifest.v2+json' : 'application/octet-stream',
      'docker-content-digest': digest(body),
      'content-length': body.length,
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return { server, host: `127.0.0.1:${server.address().port}` };
}
