// What .dockerignore lets through to the builder.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { read, repository } from './files.mjs';

const rules = read('.dockerignore').split('\n').filter(line => line && !line.startsWith('#')).map(line => {
  const pattern = line.replace(/^!/, '').replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('**/', '(.*/)?').replace(/(?<![.)])\*/g, '[^/]*');
  return { lets: line.startsWith('!'), pattern: new RegExp(`^${pattern}$`) };
});

/** The last rule that is about a file or a folder above it decides. */
export function isLeftOut(path) {
  const above = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  return rules.reduce((isOut, rule) => (above.some(one => rule.pattern.test(one)) ? !rule.lets : isOut), false);
}

/** Every file of the context, by its path in the repository. */
export function contextFiles(folder = '') {
  return readdirSync(join(repository, folder), { withFileTypes: true }).flatMap(entry => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isFile()) {
      return isLeftOut(path) ? [] : [path];
    }

    // Nothing below these is ever let through.
    return entry.isDirectory() && !['.git', 'artifacts', 'node_modules', 'bin', 'obj'].includes(entry.name) ? contextFiles(path) : [];
  });
}
