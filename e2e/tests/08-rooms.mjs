import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

test(import.meta.url, 'a room that one makes is found and joined by another, and they talk there', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  await ada.create('下午茶 Tea');
  await ada.say('who wants tea?');
  await bob.button('Browse rooms').click();
  const { dialog } = bob;
  await dialog.getByRole('searchbox').fill('TEA');
  await until('only the one that fits is listed', async () => (await dialog.getByRole('listitem').count()) === 1);
  await dialog.getByRole('button', { name: 'Join 下午茶 Tea' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await bob.sees('who wants tea?');
  await bob.say('我要！');
  await ada.sees('我要！');
  assert.equal(await ada.page.getByText('Bob joined').count(), 1);
  await bob.open('lobby');
  assert.deepEqual(await bob.bodies(), []);
});

test(import.meta.url, 'a name that is taken or blank is refused in words', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await ada.button('New room').click();
  const { dialog } = ada;
  await until('the field has the focus', async () => (await ada.focusedId()) === 'room-name');
  await ada.page.keyboard.press('Enter');
  await dialog.getByText('Type a name first.').waitFor();
  await dialog.getByRole('textbox').fill('Lobby');
  await ada.page.keyboard.press('Enter');
  await dialog.getByText(/it is taken/).waitFor();
  await ada.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
});

test(import.meta.url, 'a room has an address: reload, back and forward', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const lobby = ada.roomId;
  await ada.create('Tea');
  const tea = ada.roomId;
  assert.notEqual(tea, lobby);
  await ada.say('in the tea room');
  await ada.allStored();
  await ada.page.goBack();
  await ada.isIn('lobby');
  assert.equal(ada.roomId, lobby);
  await ada.page.goForward();
  await ada.isIn('Tea');
  await ada.reload();
  await ada.isIn('Tea');
  assert.equal(ada.roomId, tea);
  await ada.sees('in the tea room');
  await until('the title names the room', async () => /Tea/.test(await ada.page.title()));

  const bob = await stage.signedIn(server, 'Bob');
  await bob.visit(`/r/${tea}`);
  await bob.page.getByText('You are not in this room').waitFor();
  await bob.page.getByRole('main').getByRole('button', { name: 'Join' }).click();
  await bob.sees('in the tea room');
});

test(import.meta.url, 'each room keeps its own unsent text', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await ada.create('Tea');
  await ada.type('for the tea room');
  await ada.open('lobby');
  assert.equal(await ada.composer.inputValue(), '');
  await ada.open('Tea');
  assert.equal(await ada.composer.inputValue(), 'for the tea room');
});

test(import.meta.url, 'unread messages are counted beside the room and in the title, until it is opened', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  await ada.create('Tea');
  await bob.join('Tea');
  await ada.open('lobby');
  for (const text of ['one', 'two', 'three']) await bob.say(text);
  await until('three are counted', async () => /3/.test(await ada.room('Tea').innerText()));
  await until('the title counts too', async () => /^\(3\) /.test(await ada.page.title()));
  await ada.open('Tea');
  await until('nothing is left to count', async () => !/\d/.test(await ada.room('Tea').innerText()));
  await until('the title neither', async () => !/^\(/.test(await ada.page.title()));
});

test(import.meta.url, 'Alt+↓ and Alt+↑ go through the rooms', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  for (const name of ['Aa', 'Zz']) await ada.create(name);
  await ada.open('Aa');
  await ada.composer.focus();
  for (const [key, name] of [['ArrowDown', 'lobby'], ['ArrowDown', 'Zz'], ['ArrowUp', 'lobby'], ['ArrowUp', 'Aa']]) {
    await ada.page.keyboard.press(`Alt+${key}`);
    await ada.isIn(name);
  }
});
