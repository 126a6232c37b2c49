import assert from 'node:assert/strict';
import { measure, scrollAndWatch } from '../stage/scrolling.mjs';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const MISSED = 700;
const missed = (n) => `missed ${n}`;

test(import.meta.url, 'more than 500 missed messages leave a gap that says so and fills as one scrolls into it', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(wire, 'Ada');
  ada.watch.expectUnreachable();
  const writer = await stage.guest(server, 'Wang');
  const lobby = writer.room('lobby');
  await writer.sendAll(lobby, ['the last that was seen']);
  await ada.sees('the last that was seen');

  wire.cut();
  await ada.isNotLive();
  for (let n = 1; n <= MISSED; n += 50) {
    await writer.sendAll(lobby, Array.from({ length: 50 }, (_, k) => missed(n + k)));
  }
  wire.mend();
  await ada.isLive(40_000);
  await ada.page.evaluate(() => document.querySelector('[role=log]').scrollTo(0, 1e9));
  await ada.sees(missed(MISSED));

  const gap = ada.page.locator('.gap', { hasText: /messages not loaded/ });
  let strayed = 0;
  let gaps = 0;
  const seen = new Set(await ada.bodies());
  const go = async (distance) => {
    const step = await scrollAndWatch(ada, distance);
    strayed = Math.max(strayed, step.strayed);
    gaps += await gap.count();
    step.seen.forEach((text) => seen.add(text));
  };
  for (let steps = 0; (await measure(ada)).above > 0 && steps < 200; steps++) await go(-500);
  assert.ok(gaps > 0, 'the gap says how much is missing');
  assert.equal(await gap.count(), 0, 'all of it was filled');
  for (let steps = 0; (await measure(ada)).below > 0 && steps < 200; steps++) await go(500);
  assert.ok(strayed <= 1, `a row moved by ${strayed} px`);
  for (let n = 1; n <= MISSED; n++) assert.ok(seen.has(missed(n)), `${missed(n)} was never in the page`);
  assert.ok(seen.has('the last that was seen'));
}, { whole: true });

test(import.meta.url, 'up to 500 missed messages come by themselves, without a gap', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(wire, 'Ada');
  ada.watch.expectUnreachable();
  const writer = await stage.guest(server, 'Wang');
  const lobby = writer.room('lobby');
  wire.cut();
  await ada.isNotLive();
  await writer.sendAll(lobby, Array.from({ length: 200 }, (_, n) => missed(n + 1)));
  wire.mend();
  await ada.isLive(40_000);
  await ada.sees(missed(200));
  const bodies = await ada.bodies();
  const first = Number(/\d+/.exec(bodies[0])[0]);
  assert.deepEqual(bodies, Array.from({ length: 200 - first + 1 }, (_, n) => missed(first + n)));
  assert.equal(await ada.page.locator('.gap', { hasText: 'not loaded' }).count(), 0);
});
