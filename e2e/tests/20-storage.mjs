import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const REFUSES = {
  'throws at once': () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('refused', 'SecurityError');
    };
  },
  'answers with an error': () => {
    const open = IDBFactory.prototype.open;
    // A version below the one that is there, or none at all, is an error by itself.
    IDBFactory.prototype.open = function (name) {
      const request = open.call(this, `${name}-none`, 1);
      request.addEventListener('upgradeneeded', () => request.transaction.abort());
      return request;
    };
  },
};

for (const [how, init] of Object.entries(REFUSES)) {
  test(import.meta.url, `a browser whose database ${how} says so for as long as it is so, and chats`, async (stage) => {
    const server = await stage.server();
    const wire = await stage.wire(server);
    const ada = await stage.person(wire, 'Ada');
    ada.watch.expectUnreachable();
    await ada.page.addInitScript(init);
    await ada.visit();
    await ada.signIn();
    const warning = ada.page.locator('.banner[data-shown="true"]', { hasText: 'This browser refuses to keep anything.' });
    await warning.waitFor();
    const bob = await stage.signedIn(server, 'Bob');
    await ada.say('hello');
    await bob.sees('hello');
    await ada.allStored();
    wire.cutSockets();
    await ada.isNotLive();
    for (const body of ['one', 'two']) await ada.say(body);
    assert.equal(await warning.isVisible(), true);
    assert.equal(await warning.getByRole('button').count(), 0, 'it cannot be waved away');
    await ada.status.click();
    const promise = await ada.page.getByRole('complementary').filter({ hasText: 'does not survive a reload' }).innerText();
    assert.doesNotMatch(promise, /survives a reload/, 'nothing is promised that is not so');
    await ada.page.keyboard.press('Escape');
    wire.mend();
    await ada.isLive(40_000);
    await bob.sees('two');
    assert.deepEqual(await bob.bodies(), ['hello', 'one', 'two']);
    await ada.create('Tea');
    await ada.type('half a sen');
    await ada.open('lobby');
    await ada.open('Tea');
    assert.equal(await ada.composer.inputValue(), 'half a sen', 'another room does not lose the text');
  });
}

test(import.meta.url, 'a database that opens late holds nothing up and loses no order', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(wire, 'Ada');
  ada.watch.expectUnreachable();
  wire.cutSockets();
  await ada.isNotLive();
  for (const body of ['one', 'two']) await ada.say(body);
  await ada.keeps(2);
  await ada.type('half a sen');
  await until('the text is kept', async () => (await ada.keptTexts()).includes('half a sen'));
  const context = ada.page.context();
  await ada.page.close();
  const again = await stage.tab(context, wire, 'Ada again');
  again.watch.expectUnreachable();
  await again.page.addInitScript(() => {
    const open = IDBFactory.prototype.open;
    const hold = new Promise((resolve) => (window.openNow = resolve));
    IDBFactory.prototype.open = function (...args) {
      if (window.held) return open.call(this, ...args);
      window.held = true;
      const request = new EventTarget();
      hold.then(() => {
        const real = open.call(this, ...args);
        real.onsuccess = (event) => {
          request.result = real.result;
          request.onsuccess(event);
        };
      });
      return request;
    };
  });
  wire.mend();
  await again.visit();
  await again.seesRoom();
  await again.isLive(10_000);
  await again.say('three');
  assert.deepEqual(await again.bodies(), ['three']);
  await again.type('typed meanwhile');
  await again.page.evaluate(() => window.openNow());
  await again.isRestored();
  assert.equal(await again.composer.inputValue(), 'half a sen\ntyped meanwhile');
  await again.sees('one');
  await again.allStored();
  const bob = await stage.signedIn(server, 'Bob');
  await until('all in the order in which they were written', async () =>
    JSON.stringify(await bob.bodies()) === '["one","two","three"]');
  await again.keeps(0);
});

test(import.meta.url, 'a message that the browser has no space for is warned of, and still sent', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await ada.page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await ada.say('kept nowhere');
  await ada.page.locator('.banner[data-shown="true"]', { hasText: 'This browser refuses to keep anything.' }).waitFor();
  await ada.allStored();
  assert.deepEqual(await ada.bodies(), ['kept nowhere']);
});
