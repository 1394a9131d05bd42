// Runs the instructions of the build stages of the Dockerfile in a directory that replaces their file system: build.mjs <folder>
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { contextFiles } from './context.mjs';
import { expect, repository, stages } from './files.mjs';

const root = process.argv[2];
const context = contextFiles();
expect(context.includes('appsettings.json') && context.some(path => path.startsWith('docs/problems/')), 'the build context contains the files that the build embeds');
expect(!context.some(path => /(^|\/)(\.env|\.git|tests|bench)(\/|$)/.test(path)), 'the build context contains neither secrets nor tests');

const last = stages().at(-1).instructions.find(instruction => instruction.getKeyword() === 'COPY');
const published = stages().find(stage => stage.name === last.getFromFlag().getValue());
const environment = { ...process.env, TARGETARCH: { x64: 'amd64', arm64: 'arm64' }[process.arch] };
let folder = '/';
for (const instruction of [...stages().find(stage => stage.name === published.base).instructions, ...published.instructions]) {
  const words = instruction.getArguments().map(word => word.getValue());
  switch (instruction.getKeyword()) {
    case 'ENV':
      instruction.getProperties().forEach(property => (environment[property.getName()] = property.getValue()));
      break;
    case 'WORKDIR':
      folder = words[0];
      mkdirSync(join(root, folder), { recursive: true });
      break;
    case 'COPY':
      copy(words.slice(0, -1), words.at(-1));
      break;
    case 'RUN':
      run(instruction.getArgumentsContent());
      break;
  }
}

function copy(sources, target) {
  for (const source of sources) {
    const files = context.filter(path => source === '.' || path === source || path.startsWith(`${source}/`));
    expect(files.length > 0, `the build context contains ${source}, which COPY names`);
    for (const path of files) {
      cpSync(join(repository, path), join(root, folder, target, source === '.' ? path : basename(path)));
    }
  }
}

function run(command) {
  console.log(`RUN ${command.replace(/\s+/g, ' ')}`);
  const relocated = command.replace(/ \/app\b/g, ` ${join(root, 'app')}`);
  const { status } = spawnSync('sh', ['-ec', relocated], { cwd: join(root, folder), env: environment, stdio: ['ignore', 'inherit', 'inherit'] });
  expect(status === 0, `the command succeeds: ${command}`);
}
