import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const quotes = (person, body) =>
  person.message(body).locator('.quote').evaluateAll((quotes) =>
    quotes.map((quote) => [quote.querySelector('strong').textContent, quote.querySelector('.quote-text').textContent]));

const same = (what, look, wanted, ms) =>
  until(`${what}: ${JSON.stringify(wanted)}`, async () => {
    const seen = await look();
    if (JSON.stringify(seen) === JSON.stringify(wanted)) return true;
    throw new Error(JSON.stringify(seen));
  }, ms);

const isOnScreen = (person, body) => person.message(body).evaluate((row) => {
  const { top, bottom } = row.getBoundingClientRect();
  const log = row.closest('[role="log"]').getBoundingClientRect();
  return top >= log.top - 1 && bottom <= log.bottom + 1;
});

const answering = (person) => person.page.locator('.composer-answer:not([hidden])');

test(import.meta.url, 'an answer quotes what it answers, as it stands, and leads there', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  await ada.say('cake at four?\nand tea');
  await bob.actOn('cake at four?', 'Reply');
  await answering(bob).getByText('Replying to Ada').waitFor();
  await until('the composer has the focus', async () => (await bob.focusedId()) === 'composer');
  await bob.say('gladly');
  await same('Ada sees it', () => quotes(ada, 'gladly'), [['Ada', 'cake at four?']]);
  assert.equal(await answering(bob).count(), 0, 'the next one answers nothing');
  await bob.say('no answer');
  await ada.sees('no answer');
  assert.deepEqual(await quotes(ada, 'no answer'), []);

  const filler = await stage.guest(server, 'Filler');
  await filler.sendAll(filler.room('lobby'), Array.from({ length: 30 }, (_, n) => `line ${n}\nof\nthree`));
  await ada.sees('line 29\nof\nthree');
  await ada.page.locator('.timeline-scroll').hover();
  await until('what is answered is out of sight', async () => !(await isOnScreen(ada, 'cake at four?')));
  await bob.edit('no answer', 'still none');
  await ada.sees('still none');
  await ada.message('gladly').locator('.quote').evaluate((quote) => quote.click());
  await until('it is on the screen', () => isOnScreen(ada, 'cake at four?'));
  assert.match(await ada.focused(), /cake at four/, 'and has the focus');

  await ada.edit('cake at four?\nand tea', 'cake at five?');
  await same('an edit shows', () => quotes(bob, 'gladly'), [['Ada', 'cake at five?']]);
  await ada.delete('cake at five?');
  await same('a deletion too', () => quotes(bob, 'gladly'), [['Ada', 'Message deleted']]);
  await bob.reload();
  await same('and after a reload', () => quotes(bob, 'gladly'), [['Ada', 'Message deleted']]);
});

test(import.meta.url, 'what is answered may be far back, change while one is away, and is answered without a connection', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(server, 'Ada');
  await ada.say('the very first');
  await ada.allStored();
  const filler = await stage.guest(server, 'Filler');
  const lobby = filler.room('lobby');
  await filler.sendAll(lobby, Array.from({ length: 300 }, (_, n) => `line ${n}`));
  const first = (await filler.log(lobby)).find((event) => event.content.body === 'the very first');
  await filler.act(lobby, { kind: 'message', body: 'about the first', reply_to: first.seq });
  const bob = await stage.signedIn(wire, 'Bob');
  bob.watch.expectUnreachable();
  await same('it was never loaded', () => quotes(bob, 'about the first'), [['Ada', 'the very first']]);
  await bob.message('about the first').locator('.quote').click();
  await bob.sees('the very first');
  await until('it is on the screen', () => isOnScreen(bob, 'the very first'));

  wire.cutSockets();
  await bob.isNotLive();
  await bob.actOn('the very first', 'Reply');
  await bob.say('without a connection');
  await same('shown at once', () => quotes(bob, 'without a connection'), [['Ada', 'the very first']]);
  const program = await stage.programOf(server, ada);
  assert.equal((await program.act(lobby, { kind: 'delete', target: first.seq })).type, 'stored');
  wire.mend();
  await bob.isLive(40_000);
  await bob.allStored();
  await same('gone on return', () => quotes(bob, 'without a connection'), [['Ada', 'Message deleted']]);
  const log = await filler.log(lobby);
  const sent = log.find((event) => event.content.body === 'without a connection');
  assert.equal(sent.content.reply_to, first.seq);
});

test(import.meta.url, 'what one will answer is kept with the text over a reload, and is given up by Escape or its cross', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await ada.say('a question');
  await ada.allStored();
  await ada.actOn('a question', 'Reply');
  await ada.type('half an answ');
  await until('it is kept', async () => (await ada.keptTexts()).includes('half an answ'));
  await ada.reload();
  await ada.isRestored();
  await answering(ada).getByText('a question').waitFor();
  assert.equal(await ada.composer.inputValue(), 'half an answ');
  await ada.composer.focus();
  await ada.page.keyboard.press('Escape');
  await answering(ada).waitFor({ state: 'detached' });
  assert.equal(await ada.composer.inputValue(), 'half an answ', 'the text stays');
  await ada.actOn('a question', 'Reply');
  await answering(ada).getByRole('button', { name: 'Do not reply' }).click();
  await answering(ada).waitFor({ state: 'detached' });
  await ada.actOn('a question', 'Reply');
  await ada.page.keyboard.press('Enter');
  await ada.sees('half an answ');
  assert.deepEqual(await quotes(ada, 'half an answ'), [['Ada', 'a question']]);
});

for (const phone of [false, true]) {
  test(import.meta.url, `people are named by typing @ and choosing (${phone ? 'phone' : 'desktop'})`, async (stage) => {
    const server = await stage.server();
    const ada = await stage.signedIn(server, 'Ada', { phone });
    const bob = await stage.signedIn(server, 'Bob Builder', { phone });
    const cleo = await stage.signedIn(server, 'Cleo', { phone });
    await bob.say('here');
    await cleo.say('me too');
    await ada.sees('me too');
    const list = ada.page.getByRole('listbox', { name: "Suggestions" });
    const options = () => list.getByRole('option').evaluateAll((options) =>
      options.map((option) => [option.lastElementChild.textContent, option.ariaSelected]));
    const { keyboard } = ada.page;
    await ada.composer.focus();
    await keyboard.type('mail@host no ');
    assert.equal(await list.count(), 0, 'an address is no name');
    await keyboard.type('@');
    await list.waitFor();
    assert.deepEqual((await options()).map(([name]) => name).sort(), ['Bob Builder', 'Cleo', 'room · everyone here'], 'never oneself');
    await keyboard.type('b');
    await same('narrowed', options, [['Bob Builder', 'true']]);
    assert.equal(await ada.composer.getAttribute('aria-activedescendant'), 'completion-0');
    await keyboard.press('Escape');
    await list.waitFor({ state: 'hidden' });
    assert.equal(await ada.composer.inputValue(), 'mail@host no @b', 'Escape only closes the list');
    await keyboard.press('Backspace');
    await list.waitFor();
    await keyboard.type('c');
    await same('another', options, [['Cleo', 'true']]);
    await keyboard.press('Backspace');
    const before = await options();
    await keyboard.press('ArrowDown');
    await same('the next one', async () => (await options()).map((it) => it[1]), before.map((_, n) => `${n === 1}`));
    await keyboard.press('ArrowUp');
    await keyboard.type('bob');
    if (phone) await list.getByRole('option').first().tap();
    else await keyboard.press('Enter');
    await until('the name is in the text', async () => (await ada.composer.inputValue()) === 'mail@host no @Bob Builder ');
    assert.deepEqual(await ada.bodies(), ['here', 'me too'], 'nothing was sent');
    await keyboard.type('and @cl');
    await list.waitFor();
    await keyboard.press('Tab');
    await keyboard.type('come');
    await keyboard.press('Enter');
    const text = 'mail@host no @Bob Builder and @Cleo come';
    const mentions = (person) => person.message('come').locator('.mention').evaluateAll((them) =>
      them.map((it) => [it.textContent, it.dataset.own]));
    await bob.sees(text);
    await same('Bob’s own stands out', () => mentions(bob), [['@Bob Builder', 'true'], ['@Cleo', 'false']]);
    await same('and Cleo’s', () => mentions(cleo), [['@Bob Builder', 'false'], ['@Cleo', 'true']]);
    assert.equal(await bob.message('come').locator('.message').getAttribute('data-named'), 'true');
    assert.equal(await ada.message('come').locator('.message').getAttribute('data-named'), 'false');
    const program = await stage.programOf(server, ada);
    const said = (await program.log(program.room('lobby'))).find((event) => event.content.body === text);
    assert.deepEqual(said.content.mentions.map((person) => person.name), ['Bob Builder', 'Cleo']);
    await ada.say('@room: now');
    await bob.sees('@room: now');
    await same('everyone is named', () => bob.message('@room: now').locator('.mention').allTextContents(), ['@room']);
  });
}

const menu = (person) => person.page.getByRole('menu');
const items = (person) => menu(person).getByRole('menuitem').allTextContents();

async function openMenu(person, body) {
  await person.actOn(body, 'More');
  await menu(person).waitFor();
}

async function choose(person, body, name) {
  await openMenu(person, body);
  await menu(person).getByRole('menuitem', { name }).click();
}

test(import.meta.url, 'the menu of a message opens by key, is walked with arrows and gives the focus back', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  await ada.say('mine');
  await bob.say('his');
  await ada.sees('his');
  await ada.allStored();
  await openMenu(ada, 'his');
  assert.deepEqual(await items(ada), ['Reply', 'Copy text', 'Copy link', 'Forward…', 'Pin to the room']);
  await ada.page.keyboard.press('Escape');
  await menu(ada).waitFor({ state: 'hidden' });
  await ada.log.focus();
  await ada.page.keyboard.press('ArrowUp');
  await ada.page.keyboard.press('ArrowUp');
  await until('the row has the focus', async () => /mine/.test(await ada.focused()));
  await ada.page.keyboard.press('Shift+F10');
  await menu(ada).waitFor();
  assert.deepEqual(await items(ada), ['Reply', 'Copy text', 'Copy link', 'Forward…', 'Pin to the room', 'Journey', 'Edit', 'Delete']);
  assert.equal(await ada.focused(), 'Reply');
  await ada.page.keyboard.press('ArrowUp');
  assert.equal(await ada.focused(), 'Delete', 'round and round');
  await ada.page.keyboard.press('ArrowDown');
  assert.equal(await ada.focused(), 'Reply');
  await ada.page.keyboard.press('Escape');
  await menu(ada).waitFor({ state: 'hidden' });
  assert.match(await ada.focused(), /mine/, 'the focus returns');
  await ada.page.keyboard.press('Shift+F10');
  await ada.page.keyboard.press('End');
  await ada.page.keyboard.press('ArrowUp');
  assert.equal(await ada.focused(), 'Edit');
  await ada.page.keyboard.press('Enter');
  await until('it is in the composer', async () => (await ada.composer.inputValue()) === 'mine');
});

test(import.meta.url, 'text and address of a message can be copied, and the address leads there', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const ada = await stage.signedIn(server, 'Ada');
  await ada.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.say('copy **me**');
  await ada.allStored();
  const clipboard = () => ada.page.evaluate(() => navigator.clipboard.readText());
  await choose(ada, 'copy me', 'Copy text');
  await same('the text as it was written', clipboard, 'copy **me**');
  await choose(ada, 'copy me', 'Copy link');
  await until('the address', async () => (await clipboard()).includes('/r/'));
  const address = new URL(await clipboard());
  assert.match(address.pathname, /^\/r\/[0-9a-f]{16}\/\d+$/);

  const filler = await stage.guest(server, 'Filler');
  await filler.sendAll(filler.room('lobby'), Array.from({ length: 250 }, (_, n) => `line ${n}`));
  const bob = await stage.person(server, 'Bob');
  await bob.visit(address.pathname);
  await bob.page.getByLabel('Your name').fill('Bob');
  await bob.page.keyboard.press('Enter');
  await bob.seesRoom();
  await bob.sees('copy me');
  await until('it is on the screen', () => isOnScreen(bob, 'copy me'));

  const private_ = await filler.create('Elsewhere');
  await bob.visit(`/r/${private_}/1`);
  await bob.page.getByText('You are not in this room').waitFor();
});

test(import.meta.url, 'a message is forwarded to another room with where it is from, also after an absence', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(wire, 'Ada');
  ada.watch.expectUnreachable();
  const bob = await stage.signedIn(server, 'Bob');
  await bob.say('worth telling');
  await ada.sees('worth telling');
  await choose(ada, 'worth telling', 'Forward…');
  await ada.dialog.getByText('You are in no other room yet.').waitFor();
  await ada.page.keyboard.press('Escape');
  await ada.create('Tea');
  await bob.join('Tea');
  await ada.open('lobby');
  await ada.sees('worth telling');
  wire.cutSockets();
  await ada.isNotLive();
  await choose(ada, 'worth telling', 'Forward…');
  await ada.dialog.getByRole('button', { name: 'Tea' }).click();
  await ada.isIn('Tea');
  await ada.page.getByText('Forwarded message').waitFor();
  wire.mend();
  await ada.isLive(40_000);
  await ada.allStored();
  await bob.sees('worth telling');
  const origin = bob.message('worth telling').locator('.origin');
  assert.match(await origin.innerText(), /Forwarded, first said by Bob\s+lobby/);
  await origin.getByRole('link', { name: 'lobby' }).click();
  await bob.isIn('lobby');
  await until('it is on the screen', () => isOnScreen(bob, 'worth telling'));
});

test(import.meta.url, 'messages are pinned to a room, listed and found again', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(wire, 'Bob');
  bob.watch.expectUnreachable();
  await ada.say('house rules');
  await ada.say('second');
  await bob.sees('second');
  const open = async (person) => {
    await person.button('Pinned messages').click();
    await person.page.getByRole('heading', { name: 'Pinned messages' }).waitFor();
  };
  const listed = (person) => person.page.locator('#pins .pin-text').allTextContents();
  await open(ada);
  await ada.dialog.getByText('Nothing is pinned here.').waitFor();
  await ada.page.keyboard.press('Escape');
  wire.cutSockets();
  await bob.isNotLive();
  await choose(ada, 'house rules', 'Pin to the room');
  await choose(ada, 'second', 'Pin to the room');
  wire.mend();
  await bob.isLive(40_000);
  await until('a line says so', async () => (await bob.log.getByText('Ada pinned a message').count()) === 2);
  assert.equal(await bob.message('house rules').locator('.pinned').isVisible(), true);
  await open(bob);
  await same('the newest first', () => listed(bob), ['second', 'house rules']);
  await ada.edit('house rules', 'house rules, revised');
  await same('as they stand', () => listed(bob), ['second', 'house rules, revised']);
  await choose(ada, 'second', 'Take off the pins');
  await same('one less', () => listed(bob), ['house rules, revised']);
  const filler = await stage.guest(server, 'Filler');
  await filler.sendAll(filler.room('lobby'), Array.from({ length: 200 }, (_, n) => `line ${n}`));
  await bob.dialog.getByRole('button', { name: /house rules/ }).click();
  await until('it is on the screen', () => isOnScreen(bob, 'house rules, revised'));
  await open(bob);
  await bob.dialog.getByRole('button', { name: 'Take off the pins' }).click();
  await same('none', () => listed(bob), []);
  await until('the mark is gone', async () => !(await bob.message('house rules, revised').locator('.pinned').isVisible()));
});

test(import.meta.url, 'what a message said before can be looked at, until it is deleted', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  await ada.say('first words');
  await ada.allStored();
  await ada.edit('first words', 'second words');
  await bob.sees('second words');
  await choose(bob, 'second words', 'Earlier versions');
  const versions = () => bob.page.locator('.version .message-body').allTextContents();
  await same('both', versions, ['second words', 'first words']);
  await ada.edit('second words', 'third words');
  await same('one more', versions, ['third words', 'second words', 'first words']);
  await ada.delete('third words');
  await same('destroyed', versions, []);
  await bob.dialog.getByText('Message deleted').waitFor();
});

test(import.meta.url, 'who reacted is told on hover, on focus and in a list on the phone', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob', { phone: true });
  await ada.say('cake');
  await bob.sees('cake');
  await bob.message('cake').tap();
  await bob.message('cake').getByRole('toolbar').getByRole('button', { name: 'React with 👍' }).tap();
  const names = ada.message('cake').locator('.chip-names');
  await names.waitFor({ state: 'attached' });
  assert.equal(await names.isVisible(), false);
  await ada.message('cake').locator('.chip').hover();
  await names.waitFor();
  assert.equal(await names.textContent(), 'Bob');
  assert.equal(await ada.message('cake').locator('.chip').getAttribute('aria-description'), '👍 from Bob');
  await bob.message('cake').getByRole('toolbar').getByRole('button', { name: 'More' }).tap();
  await menu(bob).waitFor();
  const { width, bottom } = await bob.page.locator('#message-menu').evaluate((sheet) => sheet.getBoundingClientRect().toJSON());
  assert.deepEqual([width, bottom], [390, 844], 'a sheet from below');
  await menu(bob).getByRole('menuitem', { name: 'Who reacted' }).tap();
  await same('the list', () => bob.page.locator('.reacted-person').allTextContents(), ['BBob']);
});

test(import.meta.url, 'a message that was refused can be taken back into the composer', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(wire, 'Ada');
  ada.watch.expectUnreachable();
  await ada.say('a question');
  await ada.allStored();
  wire.cutSockets();
  await ada.isNotLive();
  await ada.actOn('a question', 'Reply');
  await ada.say('will be refused');
  await ada.keeps(1);
  await stage.useUpFirstDraft(server, ada);
  wire.mend();
  await ada.isLive(40_000);
  const trouble = ada.page.locator('.trouble[data-state="failed"]');
  await trouble.getByText(/^Not sent: it clashes/).waitFor();
  await ada.type('since then');
  await trouble.getByRole('button', { name: 'Edit' }).click();
  await until('it is in the composer', async () => (await ada.composer.inputValue()) === 'will be refused\nsince then');
  await answering(ada).getByText('a question').waitFor();
  await ada.keeps(0);
  await ada.composer.focus();
  await ada.page.keyboard.press('Enter');
  await ada.allStored();
  assert.deepEqual(await ada.bodies(), ['a question', 'will be refused\nsince then']);
  assert.deepEqual(await quotes(ada, 'since then'), [['Ada', 'a question']]);
});
