import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

/** Presses Tab until what has the focus fits. */
async function tabTo(person, name, key = 'Tab') {
  for (let presses = 0; presses < 60; presses++) {
    if (name.test(await person.focused())) return;
    await person.page.keyboard.press(key);
    await assertFocusShows(person);
  }
  assert.fail(`${key} never reaches ${name}`);
}

/** Whatever has the focus is drawn otherwise than without it: an outline, a shadow, a border, a background. */
async function assertFocusShows(person) {
  const shows = await person.page.evaluate(() => {
    const at = document.activeElement;
    if (at === document.body) return true;
    const drawn = (element) => {
      const style = getComputedStyle(element);
      return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor].join();
    };
    // The mark may be on what surrounds the field, or on the label beside a hidden one.
    const marked = [at, at.parentElement, at.parentElement.parentElement, at.nextElementSibling].filter(Boolean);
    const with_ = marked.map(drawn);
    // While a part within it has the focus, such as the calendar of a date input, it cannot be taken away.
    at.focus();
    at.blur();
    const without = marked.map(drawn);
    at.focus({ focusVisible: true });
    return with_.some((style, n) => style !== without[n]);
  });
  assert.ok(shows, `the focus is not to be seen on ${await person.focused()}`);
}

test(import.meta.url, 'everything can be done with the keyboard, and the focus is always to be seen', async (stage) => {
  const server = await stage.server();
  const ada = await stage.person(server, 'Ada');
  const { keyboard } = ada.page;
  await ada.visit();
  await until('the name has the focus', async () => (await ada.focusedId()) === 'name');
  await keyboard.type('Ada');
  await keyboard.press('Enter');
  await ada.isLive();
  await until('the composer has the focus', async () => (await ada.focused()) === 'Message lobby');
  await keyboard.type('hello');
  await keyboard.press('Enter');
  await ada.sees('hello');
  assert.equal(await ada.focused(), 'Message lobby', 'the composer keeps the focus');

  await tabTo(ada, /^New room$/, 'Shift+Tab');
  await keyboard.press('Enter');
  await until('the field has the focus', async () => (await ada.focusedId()) === 'room-name');
  await keyboard.press('Escape');
  await ada.dialog.waitFor({ state: 'hidden' });
  assert.equal(await ada.focused(), 'New room', 'the focus returns');
  await keyboard.press('Enter');
  await until('the field has the focus', async () => (await ada.focusedId()) === 'room-name');
  await keyboard.type('Tea');
  await keyboard.press('Enter');
  await ada.isIn('Tea');
  await until('the composer of the new room has the focus', async () => (await ada.focused()) === 'Message Tea');

  await tabTo(ada, /^Browse rooms$/, 'Shift+Tab');
  await keyboard.press('Enter');
  await ada.dialog.getByRole('listitem').first().waitFor();
  await tabTo(ada, /^Open lobby$/);
  await keyboard.press('Escape');
  await ada.dialog.waitFor({ state: 'hidden' });
  assert.equal(await ada.focused(), 'Browse rooms', 'the focus returns');

  await tabTo(ada, /^Settings$/, 'Shift+Tab');
  await keyboard.press('Enter');
  await ada.dialog.waitFor();
  await keyboard.press('Escape');
  await ada.dialog.waitFor({ state: 'hidden' });
  assert.equal(await ada.focused(), 'Settings', 'the focus returns');

  await tabTo(ada, /^Live$/);
  await keyboard.press('Enter');
  await ada.page.getByRole('complementary').waitFor();
  await until('the panel has the focus', async () => (await ada.focused()) === 'Close');
  await keyboard.press('Escape');
  await ada.page.getByRole('complementary').waitFor({ state: 'hidden' });
  assert.equal(await ada.focused(), 'Live', 'the focus returns');

  await tabTo(ada, /^#?\s*lobby$/, 'Shift+Tab');
  await keyboard.press('Enter');
  await ada.isIn('lobby');
  await ada.sees('hello');
});

test(import.meta.url, 'the arrow keys go from message to message', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  for (const text of ['one', 'two', 'three']) await ada.say(text);
  await ada.allStored();
  await ada.log.focus();
  await ada.page.keyboard.press('ArrowUp');
  await until('the last row has the focus', async () => /three/.test(await ada.focused()));
  await assertFocusShows(ada);
  await ada.page.keyboard.press('ArrowUp');
  await until('the one before has the focus', async () => /two/.test(await ada.focused()));
  await ada.page.keyboard.press('ArrowDown');
  await until('the last row has it again', async () => /three/.test(await ada.focused()));
});
