// Builds an image with the .NET SDK, in the folder where build.mjs has built, and compares it with the Dockerfile: image.mjs <folder>
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, image } from './files.mjs';
import { startRegistry } from './registry.mjs';

const source = join(process.argv[2], 'source');
const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch];
const folder = mkdtempSync(join(tmpdir(), 'image-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const { server, host } = await startRegistry(architecture);

// Only the base image differs: Microsoft's is not available on this machine.
const publishing = spawn('dotnet', [
  'publish', 'src/GenesysAnalyticsApi', '-c', 'Release', '-a', architecture, '--self-contained', 'false', '-p:RunAnalyzers=false', '-p:PublishReadyToRun=true',
  '-t:PublishContainer', `-p:ContainerBaseImage=${host}/base:1`, `-p:ContainerArchiveOutputPath=${join(folder, 'image.tar')}`,
], { cwd: source, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, DOTNET_CONTAINER_INSECURE_REGISTRIES: host } });
expect((await new Promise(resolve => publishing.on('close', resolve))) === 0, 'the .NET SDK builds the image');
server.close();

spawnSync('tar', ['-xf', join(folder, 'image.tar'), '-C', folder]);
const [manifest] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
const { config } = JSON.parse(readFileSync(join(folder, manifest.Config), 'utf8'));
console.log(JSON.stringify({ tags: manifest.RepoTags, ...config }, null, 1));

const dockerfile = image();
const chosen = spawnSync('dotnet', [
  'msbuild', 'src/GenesysAnalyticsApi', '-t:ComputeContainerBaseImage', '-getProperty:ContainerBaseImage', '-p:RuntimeIdentifier=linux-x64', '-p:SelfContained=false',
], { cwd: source, encoding: 'utf8' }).stdout.trim();
expect(chosen === dockerfile.base, `the SDK chooses the base image of the Dockerfile; it chose ${chosen}`);
const variables = Object.fromEntries((config.Env ?? []).map(variable => variable.split(/=(.*)/s).slice(0, 2)));
const same = (actual, expected, name) => expect(JSON.stringify(actual) === JSON.stringify(expected), `${name} is that of the Dockerfile; it is ${JSON.stringify(actual)}`);
same(config.Entrypoint, dockerfile.entrypoint, 'the entry point');
same(config.WorkingDir.replace(/\/$/, ''), dockerfile.folder, 'the working directory');
same(Object.keys(config.ExposedPorts), [`${dockerfile.port}/tcp`], 'the port');
expect(config.User === '1654', `the user is that of Microsoft's images; it is ${config.User}`);
Object.entries(dockerfile.environment).forEach(([name, value]) => same(variables[name], value, name));
expect(config.Labels['org.opencontainers.image.title'] === 'GenesysAnalyticsApi', 'the image has the title label');
