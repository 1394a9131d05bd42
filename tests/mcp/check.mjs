// Tests the service with the official TypeScript client, the inspector and the conformance suite of the Model Context Protocol: check.mjs <GenesysAnalyticsApi.dll>
// Node 22 comes from npm, because the conformance suite does not run with older versions.
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const here = dirname(fileURLToPath(import.meta.url));
const assembly = resolve(process.argv[2] ?? join(here, '../../artifacts/bin/GenesysAnalyticsApi/debug/GenesysAnalyticsApi.dll'));
const inherited = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !/^(GENESYS|ASPNETCORE|OTEL)/i.test(variable)));
const environment = { ...inherited, ASPNETCORE_ENVIRONMENT: 'Development', Genesys__Mode: 'Simulator', Auth__AnonymousScopes: 'read, details, agents, operator' };

/** The scenarios of the conformance suite that do not require its test tools on the server. */
const scenarios = ['server-initialize', 'ping', 'logging-set-level', 'tools-list', 'resources-list', 'prompts-list', 'dns-rebinding-protection'];

const calls = {
  find_queues: { name: 'Billing', limit: 3 },
  queue_figures: { period: 'yesterday', timeZone: 'Europe/Berlin', compare: 'previous', limit: 3 },
  conversations: { from: 'now-2h', limit: 3 },
  explain_figure: { figure: 'AHT' },
  data_health: {},
  live_queues: { limit: 3 },
};

let failed = false;
function report(name, error) {
  console.log(error ? `${name}: FAILED\n${error}` : `${name}: passed.`);
  failed ||= Boolean(error);
}

const freePort = () => new Promise(resolve => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** Lists and calls every tool, reads a resource and gets a prompt. */
async function checkTransport(name, transport) {
  const client = new Client({ name: 'check', version: '1.0.0' });
  try {
    await client.connect(transport);
    const { tools } = await client.listTools();
    const errors = tools.length < 5 ? [`only ${tools.length} tools are listed`] : [];
    for (const tool of tools) {
      // The client validates structuredContent against the output schema.
      const result = await client.callTool({ name: tool.name, arguments: calls[tool.name] });
      if (result.isError || !result.structuredContent) errors.push(`${tool.name}: ${JSON.stringify(result.content)}`);
    }
    const wrong = await client.callTool({ name: 'queue_figures', arguments: { period: 'yesteryear' } });
    if (!wrong.isError || !wrong.content[0].text.includes('yesteryear')) errors.push('the error for an invalid period does not name its value');
    const { contents } = await client.readResource({ uri: 'catalog://figures' });
    if (!JSON.parse(contents[0].text).records.length) errors.push('the catalog is empty');
    const { messages } = await client.getPrompt({ name: 'daily_report', arguments: {} });
    if (!messages[0].content.text.includes('queue_figures')) errors.push('the prompt does not name the tool queue_figures');
    report(`${name}: ${tools.length} tools`, errors.join('\n'));
  } catch (failure) {
    report(name, failure.stack);
  } finally {
    await client.close();
  }
}

const port = await freePort();
const address = `http://localhost:${port}`;
const service = spawn('dotnet', [assembly], { env: { ...environment, URLS: address }, stdio: ['ignore', 'pipe', 'pipe'] });
let output = '';
service.stdout.on('data', text => { output += text; });
service.stderr.on('data', text => { output += text; });
try {
  let isReady = false;
  for (let attempt = 0; attempt < 600 && !isReady && service.exitCode === null; attempt++) {
    isReady = (await fetch(`${address}/health/ready`).catch(() => null))?.ok ?? false;
    if (!isReady) await new Promise(resolve => setTimeout(resolve, 200));
  }
  if (!isReady) throw new Error(`The service has not become ready:\n${output}`);

  const node = (script, ...args) => spawnSync(process.execPath, [join(here, 'node_modules', script), ...args], { encoding: 'utf8', cwd: here, timeout: 120_000 });
  for (const scenario of scenarios) {
    const run = node('@modelcontextprotocol/conformance/dist/index.js', 'server', '--url', `${address}/mcp`, '--scenario', scenario);
    report(`conformance, ${scenario}`, run.status === 0 && /Passed: ([1-9]\d*)\/\1, 0 failed, 0 warnings/.test(run.stdout) ? '' : `${run.stdout}${run.stderr}`);
  }

  const inspect = (...args) => node('@modelcontextprotocol/inspector/clients/launcher/build/index.js', '--cli', `${address}/mcp`, '--transport', 'http', ...args);
  const listed = inspect('--method', 'tools/list');
  report('inspector, tools/list', listed.status === 0 && listed.stdout.includes('queue_figures') ? '' : `${listed.stdout}${listed.stderr}`);
  const called = inspect('--method', 'tools/call', '--tool-name', 'explain_figure', '--tool-arg', 'figure=AHT');
  report('inspector, tools/call', called.status === 0 && called.stdout.includes('averageHandleTimeMs') ? '' : `${called.stdout}${called.stderr}`);

  await checkTransport('TypeScript client over HTTP', new StreamableHTTPClientTransport(new URL(`${address}/mcp`)));
  await checkTransport('TypeScript client over stdio, connected to the running service', new StdioClientTransport({ command: 'dotnet', args: [assembly, 'mcp', '--url', address], env: environment }));
  await checkTransport('TypeScript client over stdio, without a running service', new StdioClientTransport({ command: 'dotnet', args: [assembly, 'mcp'], env: environment }));
} catch (failure) {
  report('the service', failure.stack);
} finally {
  service.kill();
}

process.exit(failed ? 1 : 0);
