import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { scene, STATES } from '../stage/states.mjs';
import { test } from '../stage/test.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { preload: false, resultTypes: ['violations'] }));
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target}: ${failureSummary.replaceAll('\n', ' ')}`),
  );
}

// Colours follow the theme and names follow the language, so each state is looked at in both, on both screens.
for (const state of Object.keys(STATES)) {
  test(
    import.meta.url,
    `axe finds nothing in ${state}`,
    async (stage) => {
      const complaints = new Set();
      for (const phone of [false, true]) {
        const light = await scene(stage, { language: 'en', theme: 'light', phone });
        await STATES[state](light);
        const { page } = light.me;
        for (const language of ['en', 'zh-CN']) {
          for (const theme of ['light', 'dark']) {
            await page.emulateMedia({ colorScheme: theme });
            await page.evaluate((language) => {
              const names = { en: 'English', 'zh-CN': '简体中文' };
              const choice = [...document.querySelectorAll('#settings .choice')].find((choice) => choice.innerText.trim() === names[language] || choice.textContent.trim() === names[language]);
              choice?.querySelector('input').click();
            }, language);
            await page.waitForFunction((language) => document.documentElement.lang === language, language);
            for (const complaint of await violations(page)) {
              complaints.add(`${phone ? 'phone' : 'desktop'} ${theme} ${language}: ${complaint}`);
            }
          }
        }
      }
      assert.deepEqual([...complaints], []);
    },
    { seconds: 120 },
  );
}
