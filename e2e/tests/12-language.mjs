import assert from 'node:assert/strict';
import { scene, STATES } from '../stage/states.mjs';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

/** Every text that a person can read or hear: text, names, titles, hints in fields. */
function texts(page) {
  return page.evaluate(() => {
    const NAMES = ['aria-label', 'title', 'placeholder', 'alt'];
    const found = [document.title];
    // What people wrote is in no language of ours, and it is also said to screen readers.
    const said = [...document.querySelectorAll('.message-body')].map((body) => body.textContent);
    const ours = (text) => said.reduce((text, body) => text.replace(body, ''), text).trim();
    // Emoji have names that are written in Latin letters in Chinese too.
    const own = '.picker-grid, .completion, .message-body, .message-author, .room-name, .rail-me, .place-title, .place-topic, .avatar, noscript, script, style';
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
      if (element.closest(own)) continue;
      if (node === element) NAMES.forEach((name) => element.getAttribute(name) && found.push(element.getAttribute(name)));
      else if (ours(node.data)) found.push(ours(node.data));
    }
    return [...new Set(found)];
  });
}

// What is written with Latin letters in Chinese too: names, keys, units, and what people called their rooms.
const LATIN_IN_CHINESE = /Parlance|WebSocket|Enter|Esc|Shift|Ctrl|Chrome|Linux|English|UTF-8|\b[kM]?B\b|lobby|Lobby|Lin|harbour|tower|sunset|notes|minutes of the meeting|\.(png|pdf|docx|txt)|\b(in|from|before|after|on|has):|has:file|\bfile\b|@room|https:\S+/g;
const CHINESE_IN_ENGLISH = /简体中文|王小明|会议纪要/g;

for (const state of Object.keys(STATES)) {
  test(import.meta.url, `${state} has no English left in Chinese, and no Chinese in English`, async (stage) => {
    for (const [language, foreign] of [['zh', /[A-Za-z]{2,}/], ['en', /[\u3400-\u9fff]/]]) {
      const now = await scene(stage, { language, theme: 'light' });
      await STATES[state](now);
      const left = (await texts(now.me.page))
        .map((text) => text.replace(language === 'zh' ? LATIN_IN_CHINESE : CHINESE_IN_ENGLISH, ''))
        .filter((text) => foreign.test(text));
      assert.deepEqual(left, [], `in ${language}`);
    }
  }, { seconds: 120 });
}

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
