import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { scene, STATES } from '../stage/states.mjs';
import { test } from '../stage/test.mjs';
import { foreign } from '../stage/texts.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { preload: false, resultTypes: ['violations'] }));
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target}: ${failureSummary.replaceAll('\n', ' ')}`),
  );
}

/** Chooses a language behind whatever is open: the menu is in the page all the time, and what is in it from when it opens. */
async function choose(page, language) {
  await page.evaluate(() => document.querySelector('#settings').dispatchEvent(new Event('toggle')));
  await page.locator('#settings .choice').first().waitFor({ state: 'attached' });
  await page.evaluate((own) => {
    const choices = [...document.querySelectorAll('#settings .choice')];
    choices.find((choice) => choice.textContent.trim() === own).querySelector('input').click();
  }, language === 'en' ? 'English' : '简体中文');
  await page.waitForFunction((language) => document.documentElement.lang === language, language);
}

// Colours follow the theme and names follow the language; either does not depend on the other.
const LOOKS = [['en', 'light'], ['zh-CN', 'dark']];

for (const state of Object.keys(STATES)) {
  test(
    import.meta.url,
    `axe finds nothing in ${state}, and it is in one language`,
    async (stage) => {
      const complaints = new Set();
      for (const [phone, own] of [[false, 'zh'], [true, 'en']]) {
        const place = await scene(stage, { language: own, theme: 'light', phone });
        await STATES[state](place);
        const { page } = place.me;
        for (const text of await foreign(page, own)) complaints.add(`in ${own}: ${text}`);
        for (const [language, theme] of LOOKS) {
          await page.emulateMedia({ colorScheme: theme });
          await choose(page, language);
          for (const complaint of await violations(page)) {
            complaints.add(`${phone ? 'phone' : 'desktop'} ${theme} ${language}: ${complaint}`);
          }
        }
      }
      assert.deepEqual([...complaints], []);
    },
    { seconds: 120 },
  );
}
