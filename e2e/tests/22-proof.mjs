import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

/** The figure in the connection panel. */
async function counted(person) {
  if ((await person.page.getByRole('complementary').count()) === 0) await person.status.click();
  const line = await person.page.locator('.proof').innerText();
  const [, events] = /^([\d,]+) events?, 0 lost, 0 doubled, 0 out of order$/.exec(line) ?? [];
  assert.ok(events, line);
  return Number(events.replaceAll(',', ''));
}

test(import.meta.url, 'the panel counts what arrived, over reloads and tabs', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.guest(server, 'Bob');
  await ada.sees('none', 10).catch(() => {});
  await until('both joined', async () => (await ada.page.getByText('Bob joined').count()) === 1);
  await until('two events so far', async () => (await counted(ada)) >= 2);
  const start = await counted(ada);
  await bob.sendAll(bob.room('lobby'), ['one', 'two', 'three']);
  await ada.sees('three');
  await until('three more', async () => (await counted(ada)) === start + 3);
  assert.match(await ada.page.getByRole('complementary').innerText(), /What was checked/);

  // What a reload reads again is applied again, by a session that knew nothing: it is counted too. A reload that comes before the
  // browser has begun to write loses what was counted last, as a crash does; not each of several.
  await until('what was counted before is in the total', async () => {
    await ada.reload();
    await ada.isLive();
    await ada.sees('three');
    await until('it is in the total', async () => (await counted(ada)) > start + 3, 5_000);
    return true;
  });
  const second = await stage.tab(ada.page.context(), server, 'Ada in another tab');
  await second.visit();
  await second.seesRoom();
  await second.sees('three');
  const before = await counted(second);
  assert.ok(before > start + 3, `${before}`);
  // Closing adds up at once.
  await second.page.close();
  await ada.reload();
  await until('the other tab’s count is in the total', async () => (await counted(ada)) > before);
});
