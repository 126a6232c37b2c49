import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

test(import.meta.url, 'the way of a message is shown up to the devices that have it', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  await ada.write('where am I going');
  await bob.sees('where am I going');
  await ada.allStored();
  await ada.actOn('where am I going', 'More');
  await ada.page.getByRole('menuitem', { name: 'Journey' }).click();
  const text = () => ada.dialog.innerText();
  await until('bob has it', async () => /Applied by 1 of 1 other device/.test(await text()), 30_000);
  const way = await text();
  for (const step of [/Written/, /Saved in this browser’s outbox/, /Sent: frame \d+ on connection 1/, /Sent once, stored once/, /On its disk as #\d+, fsync done/, /Acknowledged/]) {
    assert.match(way, step);
  }
  const times = await ada.dialog.locator('time').allInnerTexts();
  const own = times.filter((time) => /^\d\d:\d\d:\d\d\.\d{3}$/.test(time));
  assert.ok(own.length >= 6, way);
  await bob.page.bringToFront();
  await until('bob has seen it', async () => /Seen by 1 person/.test(await text()), 30_000);
});
