// Reads the files of docker/ for the other checks.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DockerfileParser } from 'dockerfile-ast';
import { parse } from 'yaml';

export const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');

export const read = path => readFileSync(join(repository, path), 'utf8');

/** Parses a compose file; anchors and merges are resolved. */
export const compose = path => parse(read(path), { merge: true });

/** Returns the stages of the Dockerfile, each with its base, its name and its instructions. */
export function stages() {
  const found = [];
  for (const instruction of DockerfileParser.parse(read('docker/Dockerfile')).getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      found.push({ base: instruction.getImage(), name: instruction.getBuildStage(), instructions: [] });
    } else {
      found.at(-1).instructions.push(instruction);
    }
  }
  return found;
}

/** Returns the configuration of the image of the last stage: its own instructions and those of the stages that it is based on. */
export function image() {
  const all = stages();
  const chain = [];
  for (let stage = all.at(-1); stage; stage = all.find(one => one.name === stage.base)) {
    chain.unshift(stage);
  }

  const config = { base: chain[0].base, environment: {} };
  for (const instruction of chain.flatMap(stage => stage.instructions)) {
    switch (instruction.getKeyword()) {
      case 'ENV':
        instruction.getProperties().forEach(property => (config.environment[property.getName()] = property.getValue()));
        break;
      case 'USER':
        config.user = instruction.getArgumentsContent();
        break;
      case 'WORKDIR':
        config.folder = instruction.getArgumentsContent();
        break;
      case 'EXPOSE':
        config.port = Number(instruction.getArgumentsContent());
        break;
      case 'ENTRYPOINT':
        config.entrypoint = JSON.parse(instruction.getArgumentsContent());
        break;
      case 'HEALTHCHECK':
        config.health = JSON.parse(instruction.getRawArgumentsContent().replace(/^[\s\S]*CMD\s+/, ''));
        break;
    }
  }
  return config;
}

export function expect(condition, expectation) {
  if (!condition) {
    throw new Error(`Expectation failed: ${expectation}`);
  }
}
