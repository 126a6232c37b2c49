import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const panel = (person) => person.page.getByRole('complementary', { name: 'Search' });

const field = (person) => panel(person).getByRole('searchbox');

/** What the hits show, and what is marked in them. */
const hits = (person) =>
  panel(person).locator('.hit').evaluateAll((all) => all.map((hit) => [
    hit.querySelector('.hit-text').textContent,
    [...hit.querySelectorAll('mark')].map((mark) => mark.textContent).join('|'),
  ]));

/** The index follows the log after a moment, so the question may have to be asked again. */
async function finds(person, asked, expected) {
  await until(`${asked} finds ${JSON.stringify(expected)}`, async () => {
    await field(person).fill(asked);
    await field(person).press('Enter');
    await panel(person).getByRole('status').filter({ hasText: /message|found/ }).waitFor({ timeout: 2_000 });
    const seen = await hits(person);
    if (JSON.stringify(seen) === JSON.stringify(expected)) return true;
    throw new Error(JSON.stringify(seen));
  }, 15_000);
}

// F1, F2, F4
test(import.meta.url, 'messages of all one’s rooms are found by words and by signs, and one comes to them with a click', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const writer = await stage.guest(server, 'Wang');
  const tea = await writer.create('Tea');
  const closed = await writer.create('Closed');
  await writer.sendAll(tea, ['我们用Rust写聊天室', ...Array.from({ length: 80 }, (_, n) => `filler ${n}`)]);
  await writer.sendAll(closed, ['a kettle for Rust']);
  const ada = await stage.signedIn(server, 'Ada');
  await ada.join('Tea');
  await ada.open('lobby');
  await ada.say('The kettle is Rusty');
  await ada.page.keyboard.press('Control+Shift+F');
  assert.equal(await field(ada).evaluate((element) => element === document.activeElement), true, 'it has the focus');
  await finds(ada, 'rust', [['The kettle is Rusty', 'Rust'], ['我们用Rust写聊天室', 'Rust']]);
  await finds(ada, '聊天', [['我们用Rust写聊天室', '聊天']]);
  await finds(ada, 'kettle in:closed', []);
  await finds(ada, '聊天', [['我们用Rust写聊天室', '聊天']]);
  await panel(ada).locator('.hit').click();
  await ada.log.getByText('我们用Rust写聊天室').waitFor();
  const row = ada.log.locator('[data-row]', { hasText: '我们用Rust写聊天室' });
  await until('the row has the focus', () => row.evaluate((element) => element === document.activeElement));
  await ada.page.keyboard.press('Escape');
  await panel(ada).waitFor({ state: 'hidden' });
});

// F5: with the other side away when it happens, and applied on return.
test(import.meta.url, 'what was deleted while one was away is found no more', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(wire, 'Bob');
  bob.watch.expectUnreachable();
  await ada.say('a secret kettle');
  await bob.sees('a secret kettle');
  await bob.page.keyboard.press('Control+Shift+F');
  await finds(bob, 'kettle', [['a secret kettle', 'kettle']]);
  wire.cutSockets();
  await bob.isNotLive();
  await ada.delete('a secret kettle');
  await ada.allStored();
  wire.mend();
  await bob.isLive(40_000);
  await finds(bob, 'kettle', []);
});

test(import.meta.url, 'on a phone the way to a message closes the panel', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada', { phone: true });
  await ada.say('the only kettle');
  await ada.page.getByRole('button', { name: 'Search', exact: true }).click();
  await finds(ada, 'kettle', [['the only kettle', 'kettle']]);
  await panel(ada).locator('.hit').click();
  await panel(ada).waitFor({ state: 'hidden' });
  await ada.log.getByText('the only kettle').waitFor();
});
