import assert from 'node:assert/strict';
import { OwnBrowser } from '../stage/browser.mjs';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const TRUE_WITHIN_MS = 3_000;

// What the browser writes about the cache, and about a page that is not the app.
const OF_THE_CACHE = [/^WebSocket connection to '.*' failed: Page entered Back-Forward Cache/, /favicon\.ico$/];

test(import.meta.url, 'going back to the app finds it live within three seconds, from the cache or not', async (stage) => {
  const server = await stage.server();
  const bob = await stage.signedIn(server, 'Bob');
  // Playwright’s own browser has no back/forward cache.
  const browser = stage.opened(await OwnBrowser.make());
  await browser.start();
  const ada = await stage.tab(browser.context, server, 'Ada');
  ada.watch.expected.push(...OF_THE_CACHE);
  await ada.page.addInitScript(() => addEventListener('pageshow', (event) => (window.persisted = event.persisted)));
  await ada.visit();
  await ada.signIn();
  await ada.say('before');
  await ada.allStored();
  const cached = [];
  for (let round = 1; round <= 3; round++) {
    await ada.page.goto(`${server.origin}/healthz`);
    await bob.say(`while away ${round}`);
    await bob.allStored();
    const began = performance.now();
    await ada.page.goBack({ waitUntil: 'commit' });
    await ada.sees(`while away ${round}`, TRUE_WITHIN_MS);
    await ada.isLive(TRUE_WITHIN_MS);
    const ms = Math.round(performance.now() - began);
    cached.push(`${ms} ms${(await ada.page.evaluate(() => window.persisted)) ? ' from the cache' : ''}`);
    await ada.say(`back ${round}`);
    await ada.allStored(10_000);
    await bob.sees(`back ${round}`);
    await ada.keeps(0);
  }
  stage.note(`back, live and caught up: ${cached.join(', ')}`);
  const expected = ['before', ...[1, 2, 3].flatMap((n) => [`while away ${n}`, `back ${n}`])];
  for (const person of [ada, bob]) await until('all is there once', async () => JSON.stringify(await person.bodies()) === JSON.stringify(expected));
});

test(import.meta.url, 'going back while the server is away says so', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const browser = stage.opened(await OwnBrowser.make());
  await browser.start();
  const ada = await stage.tab(browser.context, wire, 'Ada');
  ada.watch.expected.push(...OF_THE_CACHE);
  ada.watch.expectUnreachable();
  await ada.visit();
  await ada.signIn();
  await ada.page.goto(`${wire.origin}/healthz`);
  wire.cutSockets();
  await ada.page.goBack({ waitUntil: 'commit' });
  await ada.isNotLive(TRUE_WITHIN_MS);
  await ada.banner.first().waitFor({ timeout: TRUE_WITHIN_MS });
  await ada.say('kept');
  await ada.keeps(1);
  wire.mend();
  await ada.isLive(40_000);
  await ada.allStored();
  await ada.keeps(0);
  assert.equal(await ada.sees('kept'), 1);
});
