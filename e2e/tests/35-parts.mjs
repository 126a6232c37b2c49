import assert from 'node:assert/strict';
import { closeDialog, openAccount } from '../stage/account.mjs';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const WITH_WORKER = { context: { serviceWorkers: 'allow' } };
// The machine that runs the tests may be busy with others: the figure is printed, the bound is wide.
const OPENS_MS = 1_000;

/** The parts that the page has fetched, by their names without the hash. */
function fetched(person) {
  return person.page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ responseStatus }) => responseStatus === 200)
      .map(({ name }) => /\/(\w+)-[0-9a-f]{16}\.wasm$/.exec(name)?.[1])
      .filter((name) => name && name !== 'frontend_bg'),
  );
}

function allParts(person) {
  return until('all parts are there', async () => {
    const names = await fetched(person);
    return ['talk', 'places', 'line', 'desk'].every((name) => names.includes(name));
  });
}

/** Milliseconds from a press of these keys until something is shown in a dialog or panel. */
async function opens(person, key, shown) {
  await person.page.evaluate((shown) => {
    window.opened = new Promise((resolve) => {
      let from = 0;
      addEventListener('keydown', ({ timeStamp }) => (from = timeStamp), { capture: true });
      const look = () => (document.querySelector(shown) && from ? resolve(performance.now() - from) : requestAnimationFrame(look));
      look();
    });
  }, shown);
  await person.page.keyboard.press(key);
  return person.page.evaluate(() => window.opened);
}

test(import.meta.url, 'parts come by themselves, and then open at once', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await allParts(ada);
  const switcher = await opens(ada, 'Control+k', '#switch[open] input');
  await ada.page.keyboard.press('Escape');
  const keys = await opens(ada, 'Control+/', '#keys[open] kbd');
  stage.note(`from the key to what is shown: ${switcher.toFixed(0)} ms for the switcher, ${keys.toFixed(0)} ms for the keys`);
  assert.ok(switcher < OPENS_MS && keys < OPENS_MS);
});

test(import.meta.url, 'what is wanted before it was fetched is waited for, and then has the focus', async (stage) => {
  const server = await stage.server();
  const ada = await stage.person(server, 'Ada');
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await ada.page.route(/\/(places|chunk_\d+)-\w+\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  await ada.visit();
  await ada.signIn();
  await ada.page.keyboard.press('Control+k');
  await ada.dialog.getByText('Loading…').waitFor();
  letGo();
  const field = ada.dialog.getByRole('combobox');
  await field.waitFor();
  await until('the field has the focus', () => field.evaluate((field) => field === document.activeElement));
  await ada.page.keyboard.type('lob');
  await ada.page.keyboard.press('Enter');
  await ada.dialog.waitFor({ state: 'hidden' });
});

test(import.meta.url, 'a part that cannot be fetched says so, and is fetched when it can be', async (stage) => {
  const server = await stage.server();
  const ada = await stage.person(server, 'Ada');
  ada.watch.expectUnreachable();
  await ada.page.route(/\/desk-\w+\.wasm$/, (route) => route.abort());
  await ada.visit();
  await ada.signIn();
  await ada.page.keyboard.press('Control+/');
  await ada.dialog.getByText('This could not be loaded.').waitFor();
  await ada.dialog.getByRole('button', { name: 'Reload' }).waitFor();
  await ada.page.unroute(/\/desk-\w+\.wasm$/);
  await ada.dialog.getByRole('button', { name: 'Try again' }).click();
  await ada.dialog.getByText('Search messages').waitFor();
});

test(import.meta.url, 'a part that could not be fetched comes by itself', async (stage) => {
  const server = await stage.server();
  const ada = await stage.person(server, 'Ada');
  ada.watch.expectUnreachable();
  let tries = 0;
  await ada.page.route(/\/desk-\w+\.wasm$/, (route) => (++tries > 2 ? route.continue() : route.abort()));
  await ada.visit();
  await ada.signIn();
  await ada.page.keyboard.press('Control+/');
  await ada.dialog.getByText('Search messages').waitFor();
  assert.ok(tries > 2, `${tries} tries`);
});

test(import.meta.url, 'code stands there without its colours until they come', async (stage) => {
  const server = await stage.server();
  const ada = await stage.person(server, 'Ada');
  ada.watch.expectUnreachable();
  await ada.page.route(/\/talk-\w+\.wasm$/, (route) => route.abort());
  await ada.visit();
  await ada.signIn();
  await ada.write('```rust\nfn main() {}\n```');
  const code = ada.page.locator('.code-block code');
  await code.waitFor();
  assert.equal((await code.textContent()).trim(), 'fn main() {}');
  assert.equal(await code.locator('.code-keyword').count(), 0);
  await ada.page.unroute(/\/talk-\w+\.wasm$/);
  await code.locator('.code-keyword').waitFor();
  assert.equal((await code.textContent()).trim(), 'fn main() {}');
});

test(import.meta.url, 'without a server the parts open too', async (stage) => {
  const server = await stage.server();
  const ada = await stage.person(server, 'Ada', WITH_WORKER);
  ada.watch.expectUnreachable();
  await ada.visit();
  await ada.signIn();
  await ada.page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
      await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
    }
  });
  await server.kill();
  await ada.page.reload();
  await ada.seesRoom();
  await ada.page.keyboard.press('Control+k');
  await ada.dialog.getByRole('combobox').waitFor();
  await closeDialog(ada);
  await openAccount(ada);
});
