// Sends requests to the public API of this service, with the API key and If-None-Match, and turns failures into messages.

const keyName = 'genesys-analytics.api-key';

/** The key is kept only in session storage, so the browser deletes it when the user closes the tab. */
export const apiKey = {
  get: () => sessionStorage.getItem(keyName),
  set: key => sessionStorage.setItem(keyName, key),
  clear: () => sessionStorage.removeItem(keyName),
};

/** A failed request. `title` says what happened, `detail` what to do. */
export class ApiFailure extends Error {
  constructor(status, title, detail, { type = null, retryAfter = null, traceId = null } = {}) {
    super(detail ?? title);
    Object.assign(this, { status, title, detail, type, retryAfter, traceId });
  }

  get needsKey() { return this.status === 401; }

  /** An invalid query stays invalid; other failures can be temporary. */
  get isPermanent() { return [400, 403, 404, 406, 409, 413, 414, 422].includes(this.status); }
}

/** "/aggregates?period=today&…" */
export function urlOf(path, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const item of [value].flat()) if (item !== null && item !== undefined) query.append(name, String(item));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

const responses = new Map();

/**
 * Sends a GET request. After a 304, it returns the stored body.
 * @returns {Promise<{ body: object, maxAge: number, unchanged: boolean }>} maxAge in seconds
 */
export async function get(url, signal) {
  const cached = responses.get(url);
  const response = await request(url, { headers: cached ? { 'If-None-Match': cached.etag } : {}, signal });
  if (response.status === 304 && cached) return { body: cached.body, maxAge: maxAgeOf(response), unchanged: true };
  const result = await answerOf(response);
  const etag = response.headers.get('ETag');
  responses.delete(url);
  if (etag) remember(url, { etag, body: result.body });
  return result;
}

/** Returns all records of a paged listing. */
export async function getAll(path, signal) {
  const records = [];
  let cursor = null;
  do {
    const { body } = await get(urlOf(path, { limit: 1000, cursor }), signal);
    records.push(...body.records);
    cursor = body.nextCursor ?? null;
  } while (cursor);
  return records;
}

export const answerOf = async response => ({ body: await response.json(), maxAge: maxAgeOf(response), unchanged: false });

const maxAgeOf = response => Number(/max-age=(\d+)/.exec(response.headers.get('Cache-Control') ?? '')?.[1] ?? 60);

/** Keeps the last 40 responses, which is enough for what the page shows now. */
function remember(url, response) {
  responses.set(url, response);
  if (responses.size > 40) responses.delete(responses.keys().next().value);
}

export const forget = () => responses.clear();

/**
 * Reads server-sent events with fetch, because an EventSource cannot send a key and does not report why the service refused the connection. The sequence
 * ends when the connection ends, or when nothing has arrived for `patience` seconds, because some proxies hold events back.
 * @param resumeAfter the id of the last received event, if the service can continue from it
 * @yields {{ event: string, id: string | null, data: object }}
 */
export async function* events(url, signal, patience, resumeAfter = null) {
  const ended = new AbortController();
  let timer = null;
  const restartTimer = () => {
    clearTimeout(timer);
    timer = setTimeout(() => ended.abort(), patience * 1000);
  };
  try {
    restartTimer();
    const headers = { Accept: 'text/event-stream', ...(resumeAfter === null ? {} : { 'Last-Event-ID': resumeAfter }) };
    const { body } = await request(url, { headers, signal: AbortSignal.any([signal, ended.signal]) });
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      restartTimer();
      const parts = (text + read.value).split(/\r?\n\r?\n/);
      text = parts.pop();
      for (const part of parts) {
        const event = eventOf(part);
        if (event) yield event;
      }
    }
  } catch (failure) {
    signal.throwIfAborted();
    if (failure instanceof ApiFailure || failure instanceof SyntaxError) throw failure;
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

/** Parses an event. Null for a comment, which only keeps the connection alive. */
function eventOf(text) {
  const lines = text.split(/\r?\n/);
  const valuesOf = name => lines.filter(line => line.startsWith(`${name}:`)).map(line => line.slice(name.length + 1).replace(/^ /, ''));
  const data = valuesOf('data').join('\n');
  return data === '' ? null : { event: valuesOf('event').at(-1) ?? 'message', id: valuesOf('id').at(-1) ?? null, data: JSON.parse(data) };
}

/** Sends a request and returns a successful response (or 304). Throws an ApiFailure for any other response. */
export async function request(url, { headers = {}, ...options } = {}) {
  const key = apiKey.get();
  let response;
  try {
    response = await fetch(url, { headers: { ...headers, ...(key ? { 'X-Api-Key': key } : {}) }, cache: 'no-store', ...options });
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new ApiFailure(0, 'The service cannot be reached', 'Check that the service is running and that this device is online.');
  }

  if (response.ok || response.status === 304) return response;
  const problem = await response.json().catch(() => ({}));
  const details = problem.errors ? Object.entries(problem.errors).map(([name, messages]) => `${name}: ${messages.join(' ')}`).join(' ') : problem.detail;
  throw new ApiFailure(response.status, problem.title ?? `The service returned an error (${response.status})`, details ?? null, {
    type: problem.type, retryAfter: retryAfterOf(response), traceId: problem.traceId,
  });
}

function retryAfterOf(response) {
  const text = response.headers.get('Retry-After');
  if (!text) return null;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(1, seconds) : null;
}
