import assert from 'node:assert/strict';
import { view } from '../stage/inspector.mjs';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

/** The times of this page's own clock, in the order in which the steps stand. */
async function ownTimes(person) {
  const steps = ['written', 'kept', 'sent', 'acknowledged'].map((step) => `[data-step="${step}"] time`).join();
  return person.dialog.locator(steps).allInnerTexts();
}

function areInOrder(times) {
  assert.deepEqual(times, [...times].sort(), 'a later step stands behind an earlier one');
}

async function openJourney(person, body) {
  await person.actOn(body, 'More');
  await person.page.getByRole('menuitem', { name: 'Journey' }).click();
  await person.dialog.locator('time').first().waitFor();
}

test(import.meta.url, 'the way of a message is shown up to the devices that have it', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  await ada.write('where am I going');
  await bob.sees('where am I going');
  await ada.allStored();
  await openJourney(ada, 'where am I going');
  const text = () => ada.dialog.innerText();
  await until('bob has it', async () => /Delivered to 1 of 1 other device/.test(await text()), 30_000);
  const way = await text();
  for (const step of [/Written/, /Saved in this browser’s outbox/, /Sent: frame \d+ on connection 1/, /Sent once, stored once/, /On its disk as #\d+, fsync done/, /Acknowledged/]) {
    assert.match(way, step);
  }
  const times = await ada.dialog.locator('time').allInnerTexts();
  const own = times.filter((time) => /^\d\d:\d\d:\d\d\.\d{3}$/.test(time));
  assert.ok(own.length >= 6, way);
  areInOrder(await ownTimes(ada));
  await bob.page.bringToFront();
  await until('bob has seen it', async () => /Seen by 1 person/.test(await text()), 30_000);
});

test(import.meta.url, 'a message that had to be sent twice says so, and that it was stored once', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  const weather = await view(ada, 'Weather');
  await weather.getByRole('radio', { name: /^Half-open/ }).check();
  // It goes out on a connection that is dead, and again on the next one.
  await ada.write('twice on its way');
  await bob.sees('twice on its way', 40_000);
  await ada.allStored();
  await openJourney(ada, 'twice on its way');
  const sent = () => ada.dialog.innerText().then((way) => Number(/Sent (\d+) times, stored once\./.exec(way)?.[1]));
  await until('it was sent more than once', async () => (await sent()) >= 2);
  const [times, way] = [await sent(), await ada.dialog.innerText()];
  const sends = await ada.dialog.locator('[data-step="sent"]').allInnerTexts();
  assert.equal(sends.length, times, way);
  assert.match(sends[0], /on connection 1\b/);
  assert.match(sends.at(-1), /on connection 2\b/);
  areInOrder(await ownTimes(ada));
  assert.equal((await bob.bodies()).length, 1, 'once');
});
