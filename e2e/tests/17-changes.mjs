import assert from 'node:assert/strict';
import { measure, scrollAndWatch } from '../stage/scrolling.mjs';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const same = (what, look, wanted, ms) =>
  until(`${what}: ${JSON.stringify(wanted)}`, async () => {
    const seen = await look();
    if (JSON.stringify(seen) === JSON.stringify(wanted)) return true;
    throw new Error(JSON.stringify(seen));
  }, ms);

test(import.meta.url, 'what is edited, deleted and reacted to is seen by the other, and by whoever comes later', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  for (const text of ['stays', 'has a typo', 'is a mistake']) await ada.say(text);
  await bob.sees('is a mistake');
  await ada.allStored();

  await ada.edit('has a typo', 'has none');
  await ada.delete('is a mistake');
  await bob.actOn('stays', 'React with 👍');
  for (const person of [ada, bob]) await same('the messages', () => person.bodies(), ['stays', 'has none']);
  assert.equal(await bob.message('has none').locator('.edited').isVisible(), true);
  assert.match(await bob.message('has none').locator('.edited').getAttribute('title'), /^Edited .*20\d\d/);
  assert.equal(await bob.message('stays').locator('.edited').isVisible(), false);
  assert.equal(await bob.log.getByText('Message deleted').count(), 1);
  assert.equal(await ada.composer.inputValue(), '', 'the composer is empty after the edit');

  await same('Ada sees it as another’s', () => ada.reactions('stays'), [['👍 1', false]]);
  await same('Bob as his own', () => bob.reactions('stays'), [['👍 1', true]]);
  await ada.message('stays').locator('.chip').click();
  await same('two', () => bob.reactions('stays'), [['👍 2', true]]);
  await bob.message('stays').locator('.chip').click();
  await same('Bob took his back', () => ada.reactions('stays'), [['👍 1', true]]);

  const cleo = await stage.signedIn(server, 'Cleo');
  await same('a newcomer sees the same', () => cleo.bodies(), ['stays', 'has none']);
  assert.deepEqual(await cleo.reactions('stays'), [['👍 1', false]]);
  assert.equal(await cleo.message('has none').locator('.edited').count(), 1);
  await ada.reload();
  await same('and a reload too', () => ada.bodies(), ['stays', 'has none']);
});

test(import.meta.url, 'changes made while one was away are there on return', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(wire, 'Bob');
  bob.watch.expectUnreachable();
  for (const text of ['one', 'two', 'three']) await ada.say(text);
  await bob.sees('three');
  wire.cutSockets();
  await bob.isNotLive();
  await ada.edit('one', 'one, changed');
  await ada.delete('two');
  await ada.actOn('three', 'React with 🎉');
  await ada.allStored();
  assert.deepEqual(await bob.bodies(), ['one', 'two', 'three'], 'nothing came yet');
  wire.mend();
  await bob.isLive(40_000);
  await same('the messages', () => bob.bodies(), ['one, changed', 'three']);
  await same('the reactions', () => bob.reactions('three'), [['🎉 1', false]]);
});

test(import.meta.url, 'what one changes without a connection shows at once, survives a reload and goes out', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(wire, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  ada.watch.expectUnreachable();
  for (const text of ['one', 'two', 'three']) await ada.say(text);
  await bob.sees('three');
  await ada.allStored();
  wire.cutSockets();
  await ada.isNotLive();
  await ada.edit('one', 'one, changed');
  await ada.delete('two');
  await ada.actOn('three', 'React with ❤️');
  await same('at once', () => ada.bodies(), ['one, changed', 'three']);
  await until('marked as waiting', async () => (await ada.timeline()).some(({ body, state }) => body === 'one, changed' && state === 'queued'));
  assert.deepEqual(await ada.reactions('three'), [['❤️ 1', true]]);
  await ada.keeps(3);
  await ada.reload();
  await ada.keeps(3);
  assert.deepEqual(await bob.bodies(), ['one', 'two', 'three']);
  wire.mend();
  await ada.isLive(40_000);
  for (const person of [ada, bob]) await same('the messages', () => person.bodies(), ['one, changed', 'three']);
  await same('the reactions', () => bob.reactions('three'), [['❤️ 1', false]]);
  await ada.keeps(0);
  await ada.allStored();
});

test(import.meta.url, 'a change that is refused is said, and can be tried again or discarded', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(wire, 'Ada');
  ada.watch.expectUnreachable();
  await ada.say('soon gone');
  await ada.say('stays');
  await ada.allStored();
  wire.cutSockets();
  await ada.isNotLive();
  await ada.edit('soon gone', 'changed too late');
  const program = await stage.programOf(server, ada);
  const lobby = program.room('lobby');
  const gone = (await program.log(lobby)).find((event) => event.content.body === 'soon gone');
  assert.equal((await program.act(lobby, { kind: 'delete', target: gone.seq })).type, 'stored');
  wire.mend();
  await ada.isLive(40_000);
  const said = ada.page.locator('.banner[data-shown="true"]', { hasText: 'An edit was not accepted: the message is not there any more.' });
  await said.waitFor();
  await same('the deletion is seen', () => ada.bodies(), ['stays']);
  await said.getByRole('button', { name: 'Try again' }).click();
  await said.waitFor();
  await said.getByRole('button', { name: 'Discard' }).click();
  await said.waitFor({ state: 'hidden' });
  await ada.keeps(0);
  await ada.reload();
  await ada.isLive();
  await ada.sees('stays');
  assert.equal(await said.count(), 0);
});

test(import.meta.url, 'by keyboard: ↑ edits the last own message, Escape gives up, a row’s bar is reached by Tab', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  await ada.say('first of mine');
  await ada.say('last of mine');
  await bob.sees('last of mine');
  await bob.say('of Bob');
  await ada.sees('of Bob');
  await ada.allStored();
  const { keyboard } = ada.page;
  await ada.composer.focus();
  await keyboard.press('ArrowUp');
  await until('it is in the composer', async () => (await ada.composer.inputValue()) === 'last of mine');
  await keyboard.type(', not');
  await keyboard.press('Escape');
  await until('the composer is empty again', async () => (await ada.composer.inputValue()) === '');
  await keyboard.press('ArrowUp');
  await until('it is in the composer', async () => (await ada.composer.inputValue()) === 'last of mine');
  await keyboard.type(', changed');
  await keyboard.press('Enter');
  await bob.sees('last of mine, changed');
  assert.equal(await ada.composer.inputValue(), '');
  assert.equal(await ada.focused(), 'Message lobby');

  // With text in it, the key moves in the text.
  await ada.type('unsent');
  await keyboard.press('ArrowUp');
  assert.equal(await ada.composer.inputValue(), 'unsent');

  await ada.log.focus();
  for (let n = 0; n < 3; n++) await keyboard.press('ArrowUp');
  await until('the first row has the focus', async () => /first of mine/.test(await ada.focused()));
  const openMenu = async () => {
    for (let n = 0; n < 20 && (await ada.focused()) !== 'More'; n++) await keyboard.press('Tab');
    await keyboard.press('Enter');
    await ada.page.getByRole('menu').waitFor();
    await keyboard.press('End');
    assert.equal(await ada.focused(), 'Delete');
    await keyboard.press('Enter');
  };
  await openMenu();
  await ada.page.getByRole('heading', { name: 'Delete this message?' }).waitFor();
  await keyboard.press('Escape');
  await ada.dialog.waitFor({ state: 'hidden' });
  assert.ok((await bob.bodies()).includes('first of mine'));
  await openMenu();
  await until('the question has the focus', async () => (await ada.focused()) === 'Delete' && (await ada.dialog.isVisible()));
  await keyboard.press('Enter');
  await same('it is deleted', () => bob.bodies(), ['last of mine, changed', 'of Bob']);
  assert.equal(await ada.composer.inputValue(), 'unsent', 'the unsent text is still there');
});

test(import.meta.url, 'on a phone a tap on a message shows what can be done with it', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada', { phone: true });
  await ada.say('to be tapped');
  await ada.allStored();
  await ada.message('to be tapped').locator('.message-body').tap();
  await ada.message('to be tapped').getByRole('button', { name: 'React with 👍' }).tap();
  await same('it is there', () => ada.reactions('to be tapped'), [['👍 1', true]]);
});

test(import.meta.url, 'a topic is set, seen by all, changed and removed', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  const topic = (person) => person.page.locator('.place-topic').filter({ visible: true }).allInnerTexts();
  const set = async (person, text) => {
    await person.button('About this room').click();
    await person.dialog.getByLabel('Topic').fill(text);
    await person.page.keyboard.press('Enter');
    await person.dialog.waitFor({ state: 'hidden' });
  };
  await set(ada, 'tea and cake');
  for (const person of [ada, bob]) await same('the topic', () => topic(person), ['tea and cake']);
  await bob.page.getByText('Ada set the topic: tea and cake').waitFor();
  await set(bob, '');
  for (const person of [ada, bob]) await same('no topic', () => topic(person), []);
  await ada.page.getByText('Bob removed the topic').waitFor();
  await ada.button('About this room').click();
  await ada.dialog.getByLabel('Topic').fill('x'.repeat(201));
  await ada.page.keyboard.press('Enter');
  await ada.dialog.getByText('That topic will not do: too long: 201, and 200 is the limit.').waitFor();
});

test(import.meta.url, 'leaving a room is asked for, told to those who stay, and can be undone', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  await ada.create('Tea');
  await bob.join('Tea');
  await bob.button('About this room').click();
  await bob.dialog.getByRole('button', { name: 'Leave this room' }).click();
  await bob.dialog.getByText('You will get nothing of Tea any more.').waitFor();
  await bob.dialog.getByRole('button', { name: 'Cancel' }).click();
  await bob.dialog.getByRole('button', { name: 'Leave this room' }).click();
  await bob.dialog.getByRole('button', { name: 'Leave', exact: true }).click();
  await bob.page.getByText('You are not in this room').waitFor();
  await until('it is out of the rail', async () => (await bob.room('Tea').count()) === 0);
  await ada.page.getByText('Bob left').waitFor();
  await ada.say('said without Bob');
  await ada.allStored();
  await bob.page.getByRole('main').getByRole('button', { name: 'Join' }).click();
  await bob.sees('said without Bob');
  await bob.keeps(0);
});

// Where frames are rare, the answer is there before the page has drawn that it waits for it.
for (const [where, frameMs] of [['', 0], [', where frames are rare', 200]]) {
  test(import.meta.url, `a long run of reactions is scrolled over by itself, and counts as seen${where}`, async (stage) => {
    const server = await stage.server('--send-rate', '10000');
    const writer = await stage.guest(server, 'Wang');
    const lobby = writer.room('lobby');
    const early = Array.from({ length: 30 }, (_, n) => `early ${n + 1}`);
    await writer.sendAll(lobby, early);
    const target = (await writer.log(lobby)).at(-1).seq;
    // Several pages that have no row of their own.
    for (let n = 0; n < 150; n++) {
      await Promise.all([true, false].map((on) => writer.act(lobby, { kind: 'react', target, emoji: '🎈', on })));
    }
    await writer.act(lobby, { kind: 'react', target, emoji: '🎈', on: true });
    const late = Array.from({ length: 3 }, (_, n) => `late ${n + 1}`);
    await writer.sendAll(lobby, late);
    const ada = await stage.signedIn(server, 'Ada', { frameMs });
    await ada.sees('late 3');
    await ada.sees('early 30', 30_000);
    for (let steps = 0; !(await measure(ada)).hasBeginning && steps < 60; steps++) await scrollAndWatch(ada, -400);
    for (const body of ['early 1', 'early 30', 'late 1']) await ada.sees(body);
    assert.deepEqual(await ada.reactions('early 30'), [['🎈 1', false]]);
    await ada.page.evaluate(() => document.querySelector('[role=log]').scrollTo(0, 1e9));
    await until('all is seen', async () => !/\d/.test(await ada.room('lobby').innerText()));
    await writer.act(lobby, { kind: 'react', target, emoji: '🎈', on: false });
    await ada.create('Tea');
    assert.doesNotMatch(await ada.room('lobby').innerText(), /\d/);
  });
}
