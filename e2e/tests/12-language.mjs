import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

test(import.meta.url, 'language and theme change at once and without a reload, and are kept', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await ada.say('stays as it is');
  await ada.allStored();
  await ada.type('half a sen');
  await ada.page.evaluate(() => (window.notReloaded = true));
  const lang = () => ada.page.evaluate(() => document.documentElement.lang);
  const paper = () => ada.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  assert.equal(await lang(), 'en');
  const light = await paper();

  await ada.openSettings();
  await ada.dialog.getByRole('radio', { name: '简体中文' }).click();
  await until('the page is in Chinese', async () => (await lang()) === 'zh-CN');
  await ada.page.getByRole('heading', { name: '房间' }).waitFor();
  assert.equal(await ada.composer.getAttribute('placeholder'), '发消息到 lobby');
  await ada.dialog.getByRole('radio', { name: '深色' }).click();
  await until('the page is dark', async () => (await paper()) !== light);
  const dark = await paper();
  assert.ok(brightness(dark) < 60 && brightness(light) > 200, `${light} and ${dark}`);
  await ada.page.keyboard.press('Escape');

  assert.ok(await ada.page.evaluate(() => window.notReloaded));
  assert.deepEqual(await ada.bodies(), ['stays as it is']);
  assert.equal(await ada.composer.inputValue(), 'half a sen');
  await ada.reload();
  assert.equal(await lang(), 'zh-CN');
  assert.equal(await paper(), dark);

  // As the system is: the system is light here.
  await ada.openSettings();
  await ada.dialog.getByRole('radio', { name: '跟随系统' }).click();
  await until('the page is light', async () => (await paper()) === light);
  await ada.page.emulateMedia({ colorScheme: 'dark' });
  await until('the page follows the system', async () => (await paper()) === dark);
});

test(import.meta.url, 'a first visit speaks the language of the browser', async (stage) => {
  const server = await stage.server();
  const ada = await stage.person(server, '阿达', { language: 'zh' });
  await ada.visit();
  await ada.page.getByRole('button', { name: '开始聊天' }).waitFor();
  assert.equal(await ada.page.evaluate(() => document.documentElement.lang), 'zh-CN');
});

function brightness(colour) {
  const [red, green, blue] = colour.match(/[\d.]+/g).map(Number);
  return colour.startsWith('rgb') ? (red + green + blue) / 3 : red * (red <= 1 ? 255 : 2.55);
}
