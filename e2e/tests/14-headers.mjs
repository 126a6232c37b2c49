import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const SECURITY = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

function assertSecure(headers, where) {
  const policy = headers['content-security-policy'] ?? '';
  for (const part of ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "frame-ancestors 'none'", "base-uri 'none'"]) {
    assert.ok(policy.includes(part), `${where}: ${part} is missing in "${policy}"`);
  }
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|\*|https?:/, where);
  for (const [name, value] of Object.entries(SECURITY)) assert.equal(headers[name], value, `${where}: ${name}`);
  assert.ok(headers['permissions-policy'], `${where}: permissions-policy`);
}

test(import.meta.url, 'every response carries the security headers, errors included', async (stage) => {
  const server = await stage.server();
  const ada = await stage.person(server, 'Ada');
  const responses = [];
  ada.page.on('response', (response) => responses.push(response));
  await ada.visit();
  await ada.signIn();
  assert.ok(responses.length >= 5, `${responses.length} responses`);
  for (const response of responses) assertSecure(await response.allHeaders(), response.url());

  const json = { 'content-type': 'application/json' };
  const others = [
    ['GET', '/healthz', 200],
    ['GET', '/readyz', 200],
    ['GET', '/nothing.png', 404],
    ['GET', '/api/nothing', 404],
    ['GET', '/ws', 426],
    ['POST', '/ws', 405],
    ['DELETE', '/', 405],
    ['POST', '/api/session', 400, json, '{'],
    ['POST', '/api/session', 415, {}, 'name=Ada'],
    ['POST', '/api/session', 403, { ...json, origin: 'https://elsewhere.example' }, '{"name":"Ada"}'],
    ['POST', '/api/session', 413, json, JSON.stringify({ name: 'x'.repeat(70_000) })],
    ['POST', '/api/session', 422, json, '{"name":" "}'],
    ['GET', '/api/session', 401],
  ];
  for (const [method, path, status, headers, body] of others) {
    const answer = await fetch(server.origin + path, { method, headers, body });
    assert.equal(answer.status, status, `${method} ${path}`);
    assertSecure(Object.fromEntries(answer.headers), `${method} ${path}`);
  }
});

test(import.meta.url, 'the app comes compressed, from here alone, and a second load from the cache', async (stage) => {
  const server = await stage.server();
  const ada = await stage.person(server, 'Ada');
  const first = new Map();
  ada.page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!first.has(pathname)) first.set(pathname, response);
  });
  // The first load is all that is fetched before the composer is there and the app is live.
  await ada.page.addInitScript(() => {
    const usable = () => document.querySelector('.composer textarea') && document.querySelector('[aria-controls="connection"][data-tone="good"]');
    const observer = new MutationObserver(() => {
      if (!usable()) return;
      observer.disconnect();
      window.usableAfter = performance.now();
    });
    observer.observe(document, { childList: true, subtree: true, attributes: true });
  });
  await ada.visit();
  await ada.signIn();
  const html = await (await fetch(server.origin)).text();
  const worker = await (await fetch(`${server.origin}/sw.js`)).text();
  const parts = [...worker.matchAll(/"(\/[^"]+\.(?:wasm|css))"/g)].map(([, path]) => path).filter((path) => !html.includes(`"${path}"`));
  const isPart = (path) => parts.includes(path);
  assert.ok(parts.length >= 4, `${parts}`);
  await until('all parts have come', async () => {
    const there = await resources(ada);
    return parts.every((path) => there.has(path));
  });
  const usableAfter = await ada.page.evaluate(() => window.usableAfter);
  const loaded = await resources(ada);
  let [total, later] = [0, 0];
  for (const [path, response] of first) {
    if (!/\.(wasm|js|css|txt)$/.test(path)) continue;
    const headers = await response.allHeaders();
    assert.equal(headers['content-encoding'], 'br', path);
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable', path);
    const { encoded, start } = loaded.get(path);
    if (isPart(path)) {
      assert.ok(start > usableAfter, `${path} was fetched before the app was usable`);
      later += encoded;
    } else {
      total += encoded;
    }
  }
  const kinds = [...first.keys()].map((path) => /\.(\w+)$/.exec(path)?.[1]);
  for (const kind of ['wasm', 'js', 'css']) assert.ok(kinds.includes(kind), `no ${kind} was loaded`);
  assert.deepEqual([...first.keys()].filter((path) => path.endsWith('.txt')).map((path) => path.slice(0, 4)), ['/en-'], 'one language');
  stage.note(`first load: ${(total / 1000).toFixed(1)} KB of program, styles and texts over the wire; parts that come later: ${(later / 1000).toFixed(1)} KB`);
  // BUDGET_BYTES in xtask/src/dist.rs.
  assert.ok(total <= 300_000);

  await ada.visit();
  await ada.seesRoom();
  for (const [path, { transferred }] of await resources(ada)) {
    if (/\.(wasm|js|css|txt)$/.test(path)) assert.equal(transferred, 0, `${path} was transferred again`);
  }
  const page = await ada.page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation');
    return { transferred: navigation.transferSize, encoded: navigation.encodedBodySize };
  });
  // The browser counts 300 bytes for the headers of an answer; "not modified" has no more than them.
  assert.ok(page.transferred <= 300 && page.encoded > 0, `the page itself: ${JSON.stringify(page)}`);
  const etag = (await fetch(server.origin)).headers.get('etag');
  const known = await fetch(server.origin, { headers: { 'if-none-match': etag } });
  assert.equal(known.status, 304);
  assertSecure(Object.fromEntries(known.headers), '304');
});

async function resources(person) {
  const entries = await person.page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name, startTime, transferSize, encodedBodySize }) => ({
      path: new URL(name).pathname,
      transferred: transferSize,
      encoded: encodedBodySize,
      start: startTime,
    })),
  );
  return new Map(entries.map((entry) => [entry.path, entry]));
}
