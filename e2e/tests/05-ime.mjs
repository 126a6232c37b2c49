import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

// What each browser fires when a Chinese input method turns pinyin into characters and Enter (or space) takes them.
// A key of the input method has the code 229; Safari alone ends the composition before the Enter that ends it.
const process = (key, isComposing) => ['keydown', { key, keyCode: 229, isComposing }];
const FIREFOX = [
  process('Process', false),
  ['compositionstart', { data: '' }],
  ['compositionupdate', { data: 'ni' }],
  process('Enter', true),
  ['compositionend', { data: '你好' }],
  ['input', '你好'],
  ['keyup', { key: 'Enter', keyCode: 13, isComposing: false }],
];
const SAFARI = [
  ['compositionstart', { data: '' }],
  process('n', true),
  ['compositionupdate', { data: 'ni' }],
  ['input', '你好'],
  ['compositionend', { data: '你好' }],
  process('Enter', false),
  ['keyup', { key: 'Enter', keyCode: 229, isComposing: false }],
];

async function sendsOnce(stage, ada, bob) {
  await until('the composer holds the characters', async () => (await ada.composer.inputValue()) === '你好');
  assert.deepEqual(await ada.bodies(), [], 'nothing was sent while composing');
  await ada.page.keyboard.press('Enter');
  for (const person of [ada, bob]) {
    assert.equal(await person.sees('你好'), 1);
    assert.deepEqual(await person.bodies(), ['你好']);
  }
  assert.equal(await ada.composer.inputValue(), '');
}

test(import.meta.url, 'Enter that takes a candidate does not send (Chrome, through its own input method path)', async (stage) => {
  const server = await stage.server();
  const [ada, bob] = [await stage.signedIn(server, 'Ada'), await stage.signedIn(server, 'Bob')];
  const chrome = await ada.page.context().newCDPSession(ada.page);
  const key = (type, key) =>
    chrome.send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 });
  await ada.composer.focus();
  for (const pinyin of ['n', 'ni', 'nih', 'nihao']) {
    await key('rawKeyDown', 'Process');
    await chrome.send('Input.imeSetComposition', { text: pinyin, selectionStart: pinyin.length, selectionEnd: pinyin.length });
    await key('keyUp', 'Process');
  }
  // Enter, while the composition is open: both as the input method's key and as a plain one.
  await key('rawKeyDown', 'Process');
  await ada.page.keyboard.down('Enter');
  assert.deepEqual(await ada.bodies(), [], 'nothing was sent while composing');
  await chrome.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 });
  await ada.composer.fill('');
  await chrome.send('Input.insertText', { text: '你好' });
  await ada.page.keyboard.up('Enter');
  await sendsOnce(stage, ada, bob);
});

for (const [browser, events] of [['Firefox', FIREFOX], ['Safari', SAFARI]]) {
  test(import.meta.url, `Enter that takes a candidate does not send (events as ${browser} orders them)`, async (stage) => {
    const server = await stage.server();
    const [ada, bob] = [await stage.signedIn(server, 'Ada'), await stage.signedIn(server, 'Bob')];
    await ada.composer.focus();
    await ada.composer.evaluate((area, events) => {
      for (const [type, detail] of events) {
        if (type === 'input') {
          area.value = detail;
          area.dispatchEvent(new InputEvent('input', { bubbles: true, data: detail, inputType: 'insertCompositionText' }));
          continue;
        }
        const Kind = type.startsWith('composition') ? CompositionEvent : KeyboardEvent;
        area.dispatchEvent(new Kind(type, { bubbles: true, cancelable: true, ...detail }));
      }
    }, events);
    await sendsOnce(stage, ada, bob);
  });
}

for (const [browser, events] of [['Firefox', FIREFOX], ['Safari', SAFARI]]) {
  test(import.meta.url, `Enter that takes a candidate chooses nothing from the list of people, and sends no answer (as ${browser} orders it)`, async (stage) => {
    const server = await stage.server();
    const [ada, bob] = [await stage.signedIn(server, 'Ada'), await stage.signedIn(server, '你好吗')];
    await bob.say('问一下');
    await ada.actOn('问一下', 'Reply');
    await ada.composer.evaluate((area, events) => {
      for (const [type, detail] of events) {
        if (type === 'input') {
          area.value = `@${detail}`;
          area.dispatchEvent(new InputEvent('input', { bubbles: true, data: detail, inputType: 'insertCompositionText' }));
          continue;
        }
        const Kind = type.startsWith('composition') ? CompositionEvent : KeyboardEvent;
        area.dispatchEvent(new Kind(type, { bubbles: true, cancelable: true, ...detail }));
      }
    }, events);
    await ada.page.getByRole('listbox', { name: 'Suggestions' }).waitFor();
    assert.equal(await ada.composer.inputValue(), '@你好', 'nothing was chosen while composing');
    assert.deepEqual(await ada.bodies(), ['问一下'], 'and nothing sent');
    await ada.page.keyboard.press('Enter');
    await until('now it is chosen', async () => (await ada.composer.inputValue()) === '@你好吗 ');
    await ada.page.keyboard.press('Enter');
    await bob.sees('@你好吗');
    assert.equal(await bob.message('@你好吗').locator('.quote').count(), 1);
  });
}
