import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pictures, screenshots } from '../stage/paths.mjs';
import { scene, STATES } from '../stage/states.mjs';
import { test } from '../stage/test.mjs';

// The pictures that the documentation keeps: the main states in both languages on a desktop, some on a phone or in the
// dark. All others go to target/e2e-pictures, to be looked at.
const MAIN = [
  'sign-in', 'room', 'files', 'answers', 'search', 'members', 'directory', 'settings', 'account', 'order',
  'reconnecting', 'waiting-and-failed', 'gap', 'connection', 'establishing', 'past-connections', 'frames', 'weather', 'journey', 'theatre',
];
const KEPT = new Set([
  ...MAIN.flatMap((state) => ['en', 'zh'].map((language) => `${state}-desktop-light-${language}`)),
  'room-desktop-dark-en',
  'room-phone-light-en',
  'room-phone-dark-zh',
  'rail-phone-light-en',
  'connection-phone-dark-zh',
  'establishing-phone-dark-zh',
  'frames-desktop-dark-en',
]);

for (const state of Object.keys(STATES)) {
  for (const phone of [false, true]) {
    for (const language of ['en', 'zh']) {
      const where = phone ? 'phone' : 'desktop';
      test(import.meta.url, `${state}, ${where}, ${language}`, async (stage) => {
        const now = await scene(stage, { phone, language, theme: 'light' });
        await STATES[state](now);
        const { page } = now.me;
        // Nothing is to look as if a pointer were over it, unless that is what is to be seen.
        if (state !== 'changes') await page.mouse.move(0, 0);
        for (const theme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme: theme });
          const name = `${state}-${where}-${theme}-${language}`;
          const folder = KEPT.has(name) ? screenshots : pictures;
          await mkdir(folder, { recursive: true });
          await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
        }
      }, { pictures: true });
    }
  }
}
