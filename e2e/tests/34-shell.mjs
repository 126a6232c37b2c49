import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const WITH_WORKER = { context: { serviceWorkers: 'allow' } };

/** Waits until the worker has everything and answers for this page. */
function isKept(person) {
  return person.page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
      await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
    }
  });
}

test(import.meta.url, 'without a server the shell opens, says so, and has the outbox', async (stage) => {
  const server = await stage.server();
  const ada = await stage.person(server, 'Ada', WITH_WORKER);
  ada.watch.expectUnreachable();
  await ada.visit();
  await ada.signIn();
  await ada.say('stored before');
  await ada.allStored();
  await isKept(ada);
  await server.kill();
  await ada.isNotLive();
  await ada.say('written without a server');
  await until('it is kept', async () => (await ada.kept()).length === 1);

  await ada.page.reload();
  await ada.seesRoom();
  await until('it waits', async () => (await ada.timeline()).some(({ body, state }) => body === 'written without a server' && state === 'queued'));
  assert.notEqual(await ada.tone(), 'good');
  await ada.say('and one more');

  await server.start();
  await ada.isLive(40_000);
  await ada.allStored();
  assert.deepEqual((await ada.bodies()).slice(-3), ['stored before', 'written without a server', 'and one more']);
});

test(import.meta.url, 'the worker keeps the shell of one version, and nothing of people', async (stage) => {
  const server = await stage.server();
  const ada = await stage.person(server, 'Ada', WITH_WORKER);
  await ada.visit();
  await ada.signIn();
  await ada.say('nobody keeps this here');
  await ada.allStored();
  await isKept(ada);
  await ada.page.reload();
  await ada.seesRoom();
  const kept = await ada.page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return { names, paths: requests.flat().map(({ url }) => new URL(url).pathname) };
  });
  assert.equal(kept.names.length, 1, 'one version');
  assert.ok(kept.paths.includes('/') && kept.paths.some((path) => path.endsWith('.wasm')), `${kept.paths}`);
  assert.deepEqual(kept.paths.filter((path) => /api|ws|^\/r\//.test(path)), []);
  const manifest = await ada.page.evaluate(async () => {
    const answer = await fetch(document.querySelector('link[rel=manifest]').href);
    return { type: answer.headers.get('content-type'), ...(await answer.json()) };
  });
  assert.equal(manifest.type, 'application/manifest+json');
  assert.equal(manifest.display, 'standalone');
  assert.deepEqual(manifest.icons.map(({ purpose }) => purpose), ['any', 'maskable']);
  for (const { src } of manifest.icons) assert.equal((await fetch(server.origin + src)).status, 200, src);
});

test(import.meta.url, 'who has signed out is nobody without a server, too', async (stage) => {
  const server = await stage.server();
  const ada = await stage.person(server, 'Ada', WITH_WORKER);
  ada.watch.expectUnreachable();
  await ada.visit();
  await ada.signIn();
  await isKept(ada);
  await ada.button('Settings').click();
  await ada.button('Sign out').first().click();
  await ada.dialog.getByRole('button', { name: 'Sign out' }).click();
  await ada.page.locator('#name').waitFor();
  await server.kill();
  await ada.page.reload();
  await ada.page.getByText('The server cannot be reached.').waitFor();
  assert.equal(await ada.page.locator('.shell').count(), 0);
});

test(import.meta.url, 'a new version is offered and not forced', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await ada.type('half a sen');
  // What the script that begins the program says once another worker has taken over.
  await ada.page.evaluate(() => dispatchEvent(new Event('parlance-new')));
  await ada.banner.getByText('A new version of Parlance is here.').waitFor();
  assert.equal(await ada.composer.inputValue(), 'half a sen');
  await ada.banner.getByRole('button', { name: 'Reload' }).click();
  await until('it is another page', () => ada.page.evaluate(() => performance.getEntriesByType('navigation')[0].type === 'reload'));
  await ada.seesRoom();
  await until('the text is back', async () => (await ada.composer.inputValue()) === 'half a sen');
});

test(import.meta.url, 'Ctrl+/ explains the keys, and the keys do that', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  const { keyboard } = ada.page;
  for (const name of ['Apples', 'Pears', 'Tea']) await ada.create(name);
  for (const name of ['Apples', 'Tea']) await bob.join(name);

  await keyboard.press('Control+/');
  await ada.dialog.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
  const sheet = await ada.dialog.innerText();
  for (const text of ['Unread room below', 'Search messages', 'Mark all rooms read', 'Ctrl']) assert.ok(sheet.includes(text), text);
  await keyboard.press('Control+/');
  await ada.dialog.waitFor({ state: 'hidden' });

  await ada.room('Pears').click();
  await bob.open('Apples');
  await bob.say('to be read');
  await ada.page.locator('.rooms a[data-unread=true]', { hasText: 'Apples' }).waitFor();
  for (const key of ['Alt+Shift+ArrowDown', 'Alt+Shift+ArrowUp']) {
    await ada.room('Pears').click();
    if (key.endsWith('Up')) await bob.say('once more');
    await ada.page.locator('.rooms a[data-unread=true]', { hasText: 'Apples' }).waitFor();
    await keyboard.press(key);
    await until('the unread room is shown', async () => (await ada.log.getAttribute('aria-label')) === 'Messages in Apples');
    await ada.sees(key.endsWith('Up') ? 'once more' : 'to be read');
  }
});

test(import.meta.url, 'compact shows more, at once, and stays', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  for (const n of [1, 2, 3, 4]) await ada.say(`message ${n}`);
  await ada.allStored();
  const height = () => ada.page.locator('.place-head').evaluate((head) => head.getBoundingClientRect().height);
  const before = await height();
  await ada.button('Settings').click();
  await ada.page.getByRole('radio', { name: 'Compact' }).check();
  await until('it is compact', async () => (await height()) < before);
  const compact = await height();
  await ada.page.reload();
  await ada.seesRoom();
  assert.equal(await height(), compact);
});

test(import.meta.url, 'the head of a room fits on a phone, in both languages', async (stage) => {
  const server = await stage.server();
  for (const language of ['en', 'zh']) {
    const ada = await stage.signedIn(server, `Ada ${language}`, { phone: true, language });
    const { title, over } = await ada.page.evaluate(() => {
      const head = document.querySelector('.place-head');
      const right = Math.max(...[...head.children].map((child) => child.getBoundingClientRect().right));
      return { title: document.querySelector('.place-title').getBoundingClientRect().width, over: right - innerWidth };
    });
    assert.ok(title >= 120, `${language}: the title has ${title} px`);
    assert.ok(over <= 0, `${language}: ${over} px beyond the edge`);
  }
});
