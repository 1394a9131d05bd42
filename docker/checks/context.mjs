// Determines the build context: the files that .dockerignore does not exclude.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { read, repository } from './files.mjs';

const rules = read('.dockerignore').split('\n').filter(line => line && !line.startsWith('#')).map(line => {
  const pattern = line.replace(/^!/, '').replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('**/', '(.*/)?').replace(/(?<![.)])\*/g, '[^/]*');
  return { includes: line.startsWith('!'), pattern: new RegExp(`^${pattern}$`) };
});

/** The last rule that matches a file, or a folder that contains it, decides. */
function isExcluded(path) {
  const ancestors = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  return rules.reduce((excluded, rule) => (ancestors.some(one => rule.pattern.test(one)) ? !rule.includes : excluded), false);
}

/** Returns the path of every file of the context, relative to the repository. */
export function contextFiles(folder = '') {
  return readdirSync(join(repository, folder), { withFileTypes: true }).flatMap(entry => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isFile()) {
      return isExcluded(path) ? [] : [path];
    }

    // The rules exclude everything in these folders.
    return entry.isDirectory() && !['.git', 'artifacts', 'node_modules', 'bin', 'obj'].includes(entry.name) ? contextFiles(path) : [];
  });
}
