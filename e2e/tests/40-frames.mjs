import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';

/** Draws of the timeline between two frames: one at once, one for the frame, and those of the reader's own window of rows. */
const DRAWS = 4;
const SAID = 600;

test(import.meta.url, 'what is said within a frame is drawn together', async (stage) => {
  const server = await stage.server('--send-rate', '1000000');
  const lin = await stage.guest(server, 'Lin');
  const ada = await stage.signedIn(server, 'Ada');
  await ada.log.evaluate((log) => {
    window.draws = [];
    let draws = 0;
    new MutationObserver(() => (draws += 1)).observe(log, { childList: true, subtree: true });
    const frame = () => {
      window.draws.push(draws);
      draws = 0;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  await lin.stream(lin.room('lobby'), Array.from({ length: SAID }, (_, n) => `said ${n + 1}`), 500);
  await ada.sees(`said ${SAID}`);
  const draws = await ada.page.evaluate(() => window.draws);
  const most = Math.max(...draws);
  stage.note(`${SAID} messages, 500 a second: drawn ${draws.reduce((sum, n) => sum + n, 0)} times, at most ${most} times for a frame`);
  assert.ok(most > 0 && most <= DRAWS, `${most} draws for one frame`);
});

test(import.meta.url, 'a page that nobody sees does not wait for frames, which it does not get', async (stage) => {
  const server = await stage.server();
  const lin = await stage.guest(server, 'Lin');
  const ada = await stage.person(server, 'Ada');
  await ada.page.addInitScript(() => {
    window.hide = () => {
      Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
      window.requestAnimationFrame = () => 0;
      document.dispatchEvent(new Event('visibilitychange'));
    };
  });
  await ada.visit();
  await ada.signIn();
  await ada.page.evaluate(() => window.hide());
  for (const text of ['one', 'two', 'three']) {
    await lin.sendAll(lin.room('lobby'), [text]);
    await ada.page.waitForFunction((text) => [...document.querySelectorAll('.message-body')].some((body) => body.textContent === text), text, { polling: 50 });
  }
  await ada.page.waitForFunction(() => document.title.startsWith('(3) '), null, { polling: 50 });
});
