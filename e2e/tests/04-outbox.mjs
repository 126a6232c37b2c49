import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

test(import.meta.url, 'a reload without a connection keeps the outbox and the text in the composer', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(wire, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  ada.watch.expectUnreachable();
  await ada.say('stored before');
  await ada.allStored();

  wire.cutSockets();
  await ada.isNotLive();
  const waiting = ['first that waits', '第二条\n还在等', 'third 🕰️'];
  for (const body of waiting) await ada.say(body);
  await ada.type('half a sen');
  await until('all three wait', async () => (await ada.timeline()).filter(({ state }) => state === 'queued').length === 3);

  await ada.reload();
  await until('all three are back', async () => {
    const queued = (await ada.timeline()).filter(({ state }) => state === 'queued');
    return JSON.stringify(queued.map(({ body }) => body)) === JSON.stringify(waiting);
  });
  assert.equal(await ada.composer.inputValue(), 'half a sen');
  assert.ok(await ada.composer.isEnabled());

  wire.mend();
  await ada.isLive(40_000);
  await bob.sees(waiting[2]);
  await ada.allStored();
  for (const person of [ada, bob]) assert.deepEqual(await person.bodies(), ['stored before', ...waiting]);
  assert.equal(await ada.composer.inputValue(), 'half a sen');
});

test(import.meta.url, 'what was on its way when the wire broke arrives once', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(wire, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  ada.watch.expectUnreachable();
  const said = [];
  for (let n = 1; n <= 20; n++) {
    said.push(`message ${n}`);
    await ada.say(`message ${n}`);
    // Nothing is waited for between the last key and the cut, so the answer is often lost on the way.
    if (n % 5 === 0) {
      wire.pinch();
      await ada.button('Try now').click({ timeout: 1_000 }).catch(() => {});
    }
  }
  await bob.sees('message 20', 40_000);
  await ada.allStored();
  for (const person of [ada, bob]) assert.deepEqual(await person.bodies(), said);
});
