// GET requests to this service's own public API: the key, If-None-Match, and failures in words.

const keyName = 'genesys-analytics.api-key';

/** The key is kept in session storage only: it is gone when the tab is closed. */
export const apiKey = {
  get: () => sessionStorage.getItem(keyName),
  set: key => sessionStorage.setItem(keyName, key),
  clear: () => sessionStorage.removeItem(keyName),
};

/** A request that brought no figures. `title` says what happened, `detail` what to do. */
export class ApiFailure extends Error {
  constructor(status, title, detail, retryAfter = null, traceId = null) {
    super(detail ?? title);
    Object.assign(this, { status, title, detail, retryAfter, traceId });
  }

  get needsKey() { return this.status === 401; }

  /** A wrong query stays wrong; other failures may be temporary. */
  get isPermanent() { return [400, 403, 404, 406, 409, 413, 414, 422].includes(this.status); }
}

/** "/aggregates?period=today&…" */
export function urlOf(path, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of [value].flat()) if (each !== null && each !== undefined) query.append(name, String(each));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

const responses = new Map();

/**
 * The response to a GET, with its figures unchanged if the service says 304.
 * @returns {Promise<{ body: object, maxAge: number, unchanged: boolean }>} maxAge in seconds
 */
export async function get(url, signal) {
  const known = responses.get(url);
  const response = await request(url, known ? { 'If-None-Match': known.etag } : {}, signal);
  const maxAge = Number(/max-age=(\d+)/.exec(response.headers.get('Cache-Control') ?? '')?.[1] ?? 60);
  if (response.status === 304 && known) return { body: known.body, maxAge, unchanged: true };
  const body = await response.json();
  const etag = response.headers.get('ETag');
  responses.delete(url);
  if (etag) remember(url, { etag, body });
  return { body, maxAge, unchanged: false };
}

/** Only what the page shows now is worth keeping. */
function remember(url, response) {
  responses.set(url, response);
  if (responses.size > 40) responses.delete(responses.keys().next().value);
}

export const forget = () => responses.clear();

/** The body as a file. */
export const download = async url => (await request(url, {})).blob();

async function request(url, headers, signal) {
  const key = apiKey.get();
  let response;
  try {
    response = await fetch(url, { headers: { ...headers, ...(key ? { 'X-Api-Key': key } : {}) }, cache: 'no-store', signal });
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new ApiFailure(0, 'The service cannot be reached', 'Check that the service is running and that this device is online.');
  }

  if (response.ok || response.status === 304) return response;
  const problem = await response.json().catch(() => ({}));
  const details = problem.errors ? Object.entries(problem.errors).map(([name, messages]) => `${name}: ${messages.join(' ')}`).join(' ') : problem.detail;
  throw new ApiFailure(response.status, problem.title ?? `The service returned an error (${response.status})`, details ?? null, retryAfterOf(response), problem.traceId ?? null);
}

function retryAfterOf(response) {
  const text = response.headers.get('Retry-After');
  if (!text) return null;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(1, seconds) : null;
}
