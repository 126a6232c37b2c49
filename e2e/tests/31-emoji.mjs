import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const text = (person) => person.composer.inputValue();
const offered = (person) => person.page.getByRole('option').allInnerTexts();

test(import.meta.url, 'a name between colons becomes its emoji, and a begun one is offered', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const fetched = ada.page.waitForResponse(/emoji\.txt$/);
  await ada.composer.pressSequentially('well :ta');
  await (await fetched).finished();
  await ada.composer.pressSequentially('d');
  await until('it is offered', async () => (await offered(ada)).some((name) => name.includes(':tada:')));
  await ada.page.keyboard.press('Enter');
  assert.equal(await text(ada), 'well 🎉 ');
  assert.deepEqual(await ada.bodies(), [], 'Enter chose and did not send');
  await ada.composer.pressSequentially('and :heart: 10:30 :) std::fs');
  assert.equal(await text(ada), 'well 🎉 and ❤️ 10:30 :) std::fs');
  await ada.page.keyboard.press('Control+z');
  assert.notEqual(await text(ada), 'well 🎉 and ❤️ 10:30 :) std::fs', 'it can be undone');
  await ada.composer.fill('');
  await ada.composer.pressSequentially(':smi');
  await until('several are offered', async () => (await offered(ada)).length > 2);
  const active = () => ada.composer.getAttribute('aria-activedescendant');
  assert.equal(await active(), 'completion-0');
  await ada.page.keyboard.press('ArrowDown');
  await until('the next one is chosen', async () => (await active()) === 'completion-1');
  const [, second] = await offered(ada);
  await ada.page.keyboard.press('Tab');
  await until('it is written', async () => second.includes((await text(ada)).trim()));
  await ada.composer.fill('');
  await ada.composer.pressSequentially(':smi');
  await until('it is offered again', async () => (await offered(ada)).length > 2);
  await ada.page.keyboard.press('Escape');
  await until('it is offered no more', async () => (await offered(ada)).length === 0);
  await ada.page.keyboard.press('Enter');
  await ada.sees(':smi');
});

test(import.meta.url, 'a click takes what is offered and leaves the focus in the text', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await ada.composer.pressSequentially(':rocke');
  await until('it is offered', async () => {
    if ((await offered(ada)).length > 0) return true;
    // The names come with the first one that is begun.
    await ada.composer.press('Backspace');
    await ada.composer.pressSequentially('e');
    return false;
  });
  await ada.page.getByRole('option').first().click();
  assert.equal(await text(ada), '🚀 ');
  assert.equal(await ada.focusedId(), 'composer');
});

test(import.meta.url, 'the picker finds emoji by words of both languages and by the keyboard alone', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await ada.composer.pressSequentially('ab');
  await ada.page.keyboard.press('ArrowLeft');
  await ada.button('Choose an emoji').click();
  const search = ada.dialog.getByRole('searchbox');
  assert.equal(await ada.focused(), 'Find an emoji');
  await search.fill('cat face');
  await until('a cat is found', async () => (await ada.dialog.locator('button.emoji').first().innerText()) === '🐱');
  await search.fill('蛋糕');
  await until('cakes are found', async () => (await ada.dialog.locator('button.emoji').allInnerTexts()).includes('🎂'));
  await search.fill('rocket');
  await until('a rocket is found', async () => (await ada.dialog.locator('button.emoji').first().innerText()) === '🚀');
  await ada.page.keyboard.press('Enter');
  await until('it stands where the caret was', async () => (await text(ada)) === 'a🚀b');
  await until('the focus is back', async () => (await ada.focusedId()) === 'composer');
  // What was used is at hand, and the arrows go over the rows.
  await ada.button('Choose an emoji').click();
  await ada.dialog.getByRole('region', { name: 'Used last' }).getByRole('button', { name: 'rocket' }).waitFor();
  await ada.page.keyboard.press('ArrowDown');
  await until('the first has the focus', async () => (await ada.focused()) === 'rocket');
  await ada.page.keyboard.press('ArrowDown');
  await until('the one below has it', async () => (await ada.focused()) === 'grinning face');
  await ada.page.keyboard.press('ArrowRight');
  await until('the next one has it', async () => (await ada.focused()) === 'grinning face with big eyes');
  await ada.page.keyboard.press('Enter');
  await until('it is written too', async () => (await text(ada)) === 'a🚀😃b');
  await ada.button('Choose an emoji').click();
  await ada.page.keyboard.press('Escape');
  await ada.dialog.waitFor({ state: 'hidden' });
});

test(import.meta.url, 'any emoji can be a reaction, in the colour of skin that was chosen', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  await ada.say('what do you think?');
  await bob.sees('what do you think?');
  await bob.composer.pressSequentially('half a sentence');
  await bob.actOn('what do you think?', 'React with another emoji');
  await bob.dialog.getByRole('button', { name: 'Medium', exact: true }).click();
  await bob.dialog.getByRole('searchbox').fill('wave');
  await bob.dialog.getByRole('button', { name: 'waving hand' }).click();
  await bob.dialog.waitFor({ state: 'hidden' });
  for (const person of [ada, bob]) {
    await until('the reaction is there', async () => JSON.stringify(await person.reactions('what do you think?')).includes('👋🏽 1'));
  }
  assert.equal(await text(bob), 'half a sentence');
});

test(import.meta.url, 'on a phone the picker comes from below and its targets are large', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada', { phone: true });
  await ada.button('Choose an emoji').tap();
  await ada.dialog.locator('button.emoji').nth(20).waitFor();
  const boxes = await ada.dialog.locator('button').evaluateAll((buttons) =>
    buttons.map((button) => button.getBoundingClientRect()).map(({ width, height, right }) => ({ width, height, right })));
  for (const { width, height, right } of boxes) {
    assert.ok(width >= 38 && height >= 40 && right <= 390, JSON.stringify({ width, height, right }));
  }
  await ada.dialog.locator('button.emoji').nth(20).tap();
  await until('it is written', async () => (await text(ada)) !== '');
});
