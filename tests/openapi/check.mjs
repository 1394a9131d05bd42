// Checks the OpenAPI document that the service serves with two linters and two client generators: check.mjs <GenesysAnalyticsApi.dll>
// The document depends on the authentication and on the settings of an installation, so the linters check each kind of installation.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const assembly = resolve(process.argv[2] ?? join(here, '../../artifacts/bin/GenesysAnalyticsApi/debug/GenesysAnalyticsApi.dll'));
const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
const quiet = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', KIOTA_CLI_TELEMETRY_OPTOUT: 'true', KIOTA_OFFLINE_ENABLED: 'true' };
const key = { Auth__Keys__0__Name: 'wallboard', Auth__Keys__0__Sha256: 'a'.repeat(64) };
const installations = {
  development: { ASPNETCORE_ENVIRONMENT: 'Development' },
  keys: { Auth__Mode: 'ApiKey', ...key },
  'keys-and-tokens': { Auth__Mode: 'ApiKey,Jwt', ...key, Auth__Jwt__Authority: 'https://login.invalid', Auth__Jwt__Audience: 'analytics', Auth__Doctor: 'Off' },
  'keys-or-none': { Auth__Mode: 'ApiKey,Anonymous', Auth__AllowAnonymous: 'true', ...key },
  described: {
    Auth__AllowAnonymous: 'true', OpenApi__ServerUrl: 'https://analytics.invalid/base', OpenApi__ContactName: 'Reporting', OpenApi__ContactEmail: 'reporting@analytics.invalid',
    OpenApi__ContactUrl: 'https://analytics.invalid/contact', OpenApi__LicenseName: 'Terms of use', OpenApi__LicenseUrl: 'https://analytics.invalid/terms',
  },
};

let failed = false;
function report(name, findings) {
  console.log(findings ? `${name}:\n${findings}` : `${name}: no findings.`);
  failed ||= Boolean(findings);
}

function freePort() {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts the service with the settings, and saves its document. Returns the path of the file. */
async function downloadDocument(name, settings) {
  const port = await freePort();
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !/^(GENESYS|ASPNETCORE|OTEL)/i.test(variable)));
  const service = spawn('dotnet', [assembly], {
    cwd: folder, env: { ...inherited, Genesys__Mode: 'Simulator', URLS: `http://127.0.0.1:${port}`, ...settings }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  service.stdout.on('data', text => { output += text; });
  service.stderr.on('data', text => { output += text; });
  try {
    for (let attempt = 0; attempt < 600 && service.exitCode === null; attempt++) {
      const response = await fetch(`http://127.0.0.1:${port}/swagger/v1/swagger.json`).catch(() => null);
      if (response?.ok) {
        const file = join(folder, `${name}.json`);
        writeFileSync(file, await response.text());
        return file;
      }
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    throw new Error(`The service has not served its document with the settings '${name}':\n${output}`);
  } finally {
    service.kill();
  }
}

function run(command, args) {
  const result = spawnSync(command, args, { cwd: here, encoding: 'utf8', env: { ...process.env, ...quiet } });
  return { ...result, text: `${result.stdout ?? ''}${result.stderr ?? ''}` };
}

const bin = name => join(here, 'node_modules/.bin', name);

try {
  const files = [];
  for (const [name, settings] of Object.entries(installations)) {
    files.push(await downloadDocument(name, settings));
  }

  const spectral = run(bin('spectral'), ['lint', '--ruleset', join(here, 'spectral.yaml'), '--fail-severity', 'hint', '--format', 'json', '--quiet', ...files]);
  // Spectral prints an empty list if it has no findings.
  report('Spectral (spectral:oas)', spectral.status === 0 && spectral.stdout.trim() === '[]' ? '' : spectral.text);

  // The recommended rules with warnings as errors, because only errors set the exit code.
  const redocly = run(bin('redocly'), ['lint', '--extends', 'recommended-strict', ...files]);
  report('Redocly (recommended)', redocly.status === 0 ? '' : redocly.text);

  // Apart from address and credentials, the documents are the same for a client generator, so one of them is enough.
  const [, , file] = files;
  const types = run(bin('openapi-typescript'), [file, '--output', `${file}.ts`]);
  report('openapi-typescript', types.status === 0 && !/warn|⚠|error/i.test(types.text) ? '' : types.text);
  const compiled = run(bin('tsc'), ['--noEmit', '--strict', `${file}.ts`]);
  report('TypeScript compiler, with these types', compiled.status === 0 ? '' : compiled.text);

  if (run('dotnet', ['kiota', '--version']).status === 0) {
    const kiota = run('dotnet', ['kiota', 'generate', '--language', 'CSharp', '--openapi', file, '--output', `${file}.kiota`, '--class-name', 'AnalyticsClient', '--namespace-name', 'Analytics.Client']);
    report('Kiota', kiota.status === 0 && !/warn|error|fail|crit/i.test(kiota.text) ? '' : kiota.text);
  } else {
    console.log('Kiota: not run, because it cannot be restored here (dotnet tool restore).');
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

process.exit(failed ? 1 : 0);
