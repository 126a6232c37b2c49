import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const BODY_BYTES = 16 * 1024;

test(import.meta.url, 'a message that is too long stays in the composer, with the reason', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const fits = `${'汉'.repeat(BODY_BYTES / 3 - 1)} end`;
  const tooLong = 'x'.repeat(BODY_BYTES + 1);
  await ada.composer.fill(tooLong);
  await ada.composer.press('Enter');
  await ada.page.getByText(/Too long by 1 byte/).waitFor();
  assert.equal(await ada.composer.inputValue(), tooLong);
  assert.deepEqual(await ada.bodies(), []);
  await ada.composer.fill(fits);
  await ada.composer.press('Enter');
  assert.equal(await ada.sees(fits), 1);
  await ada.allStored();
  assert.equal(await ada.page.getByText(/Too long by/).count(), 0);
});

test(import.meta.url, 'blank text is not sent', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await ada.say('  \n  ');
  await ada.page.keyboard.press('Control+A');
  await ada.say('something');
  await ada.sees('something');
  assert.deepEqual(await ada.bodies(), ['something']);
});

test(import.meta.url, 'fifty messages at once all arrive, in order, and the wait is explained', async (stage) => {
  // Slower than a busy machine stores them, so that the limit is met for sure.
  const server = await stage.server('--send-rate', '4');
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  const said = Array.from({ length: 50 }, (_, n) => `quick ${n + 1}`);
  // Faster than fingers: straight into the field, one Enter after the other.
  await ada.composer.evaluate((area, said) => {
    for (const body of said) {
      area.value = body;
      area.dispatchEvent(new InputEvent('input', { bubbles: true }));
      area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true }));
    }
  }, said);
  await ada.page.getByText('Not sent yet: too many messages in a short time').first().waitFor();
  await bob.sees('quick 50', 30_000);
  await ada.allStored();
  for (const person of [ada, bob]) assert.deepEqual(await person.bodies(), said);
});

test(import.meta.url, 'a message that is refused for good offers another try and to be discarded', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(wire, 'Ada');
  ada.watch.expectUnreachable();
  wire.cutSockets();
  await ada.isNotLive();
  await ada.say('never stored');
  await ada.say('after it');
  await stage.useUpFirstDraft(server, ada);
  wire.mend();
  await ada.isLive(40_000);
  const trouble = ada.page.locator('.message', { hasText: 'never stored' });
  await trouble.getByText('Not sent: it clashes with an earlier message of yours').waitFor();
  await ada.sees('after it');
  await until('a failure does not hold back the next message', async () =>
    (await ada.timeline()).some(({ body, state }) => body === 'after it' && state === 'stored'));
  await trouble.getByRole('button', { name: 'Try again' }).click();
  await trouble.getByText('Not sent: it clashes').waitFor();
  wire.cutSockets();
  await ada.isNotLive();
  await ada.say('later');
  await ada.page.getByText('1 message waits here and goes out by itself').waitFor();
  wire.mend();
  await ada.isLive(40_000);
  await trouble.getByRole('button', { name: 'Discard' }).click();
  await trouble.waitFor({ state: 'detached' });
  await ada.allStored();
  assert.deepEqual(await ada.bodies(), ['after it', 'later']);
  await ada.reload();
  await ada.isLive();
  await ada.sees('later');
  assert.deepEqual(await ada.bodies(), ['after it', 'later']);
});
