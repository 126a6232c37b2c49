import assert from 'node:assert/strict';
import { PHONE } from '../stage/browser.mjs';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

// Longer than a message waits to be told of, and than a page in the back may sleep.
const TOLD_MS = 6_000;

/**
 * Lets a page record what it tells instead of telling it, and lets the test say whether somebody looks at it. Whether
 * notifications are allowed is as the test says; the browser's own question cannot be answered here.
 */
function record(permission) {
  const kept = { permission, shown: [], sounds: 0, watched: true };
  globalThis.stage = kept;
  class Notification extends EventTarget {
    static get permission() {
      return kept.permission;
    }
    static async requestPermission() {
      kept.asked = true;
      kept.permission = kept.answer ?? kept.permission;
      return kept.permission;
    }
    constructor(title, { body, tag, silent }) {
      super();
      for (const earlier of kept.shown) if (earlier.tag === tag) earlier.open = false;
      this.kept = { title, body, tag, silent, open: true, click: () => this.dispatchEvent(new Event('click')) };
      kept.shown.push(this.kept);
    }
    close() {
      this.kept.open = false;
    }
  }
  globalThis.Notification = Notification;
  const start = globalThis.OscillatorNode.prototype.start;
  globalThis.OscillatorNode.prototype.start = function (...when) {
    kept.sounds += 1;
    return start.apply(this, when);
  };
  const visible = () => (kept.watched ? 'visible' : 'hidden');
  Object.defineProperty(Document.prototype, 'visibilityState', { get: visible });
  Object.defineProperty(Document.prototype, 'hidden', { get: () => !kept.watched });
  Document.prototype.hasFocus = () => kept.watched;
}

/** A person whose page records, in a context of their own or as another tab. */
async function listener(stage, place, name, { permission = 'granted', alerts = true, ...look } = {}) {
  const person = await stage.person(place, name, look);
  await person.page.context().addInitScript(record, permission);
  await person.page.context().addInitScript((on) => {
    if (on && !localStorage.getItem('parlance.alerts')) localStorage.setItem('parlance.alerts', 'yes');
  }, alerts);
  await person.visit();
  await person.signIn();
  return person;
}

async function look(person, watched) {
  await person.page.evaluate((watched) => {
    globalThis.stage.watched = watched;
    document.dispatchEvent(new Event('visibilitychange'));
    window.dispatchEvent(new Event(watched ? 'focus' : 'blur'));
  }, watched);
}

/** The notifications that are on the screen. */
function shown(person) {
  return person.page.evaluate(() => globalThis.stage.shown.filter((one) => one.open).map(({ title, body }) => [title, body]));
}

/** How many there ever were. */
const everShown = (person) => person.page.evaluate(() => globalThis.stage.shown.length);

const sounds = (person) => person.page.evaluate(() => globalThis.stage.sounds);

async function isShown(person, expected) {
  let last;
  await until(`${person.name} is told ${JSON.stringify(expected)}`, async () => {
    last = JSON.stringify(await shown(person));
    return last === JSON.stringify(expected);
  }, TOLD_MS).catch((error) => {
    throw new Error(`${error.message}: ${last}`);
  });
}

async function openAbout(person) {
  await person.button('About this room').click();
  await person.dialog.waitFor();
}

async function setLevel(person, name) {
  await openAbout(person);
  await person.dialog.getByRole('radio', { name }).check();
  await person.page.keyboard.press('Escape');
  await person.dialog.waitFor({ state: 'hidden' });
}

async function hasLevel(person, name) {
  await openAbout(person);
  await until(`${person.name} has ${name}`, () => person.dialog.getByRole('radio', { name }).isChecked());
  await person.page.keyboard.press('Escape');
  await person.dialog.waitFor({ state: 'hidden' });
}

/** Another device of a person: a browser of its own with the same session. */
async function device(stage, place, person, options = {}) {
  const other = await stage.person(place, `${person.name} elsewhere`, options);
  await other.page.context().addCookies(await person.page.context().cookies());
  await other.page.context().addInitScript(record, 'granted');
  await other.visit();
  return other;
}

const naming = (program, room, body, ...mentions) => program.act(room, { kind: 'message', body, mentions });

const EVERYONE = '0000000000000000';

async function idOf(person) {
  return person.page.evaluate(() => performance.getEntriesByType('resource').map((it) => it.name).join(' ')).then(() =>
    person.page.context().cookies().then((cookies) => cookies.find(({ name }) => name.startsWith('parlance_')).name.slice('parlance_'.length)));
}

// N1, N2
test(import.meta.url, 'the level of a room is the same on every device, also for who was away, and a muted room does not stand out', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const wire = await stage.wire(server);
  const bob = await stage.guest(server, 'Bob');
  const tea = await bob.create('Tea');
  const ada = await stage.signedIn(server, 'Ada');
  await ada.join('Tea');
  const phone = await device(stage, wire, ada);
  phone.watch.expectUnreachable();
  await phone.isLive();
  await phone.open('Tea');
  await hasLevel(phone, 'Mentions');
  await setLevel(ada, 'Everything');
  await hasLevel(phone, 'Everything');
  wire.cut();
  await phone.isNotLive();
  await setLevel(ada, 'Nothing');
  wire.mend();
  await phone.isLive(40_000);
  await hasLevel(phone, 'Nothing');
  await ada.open('lobby');
  await phone.open('lobby');
  await bob.sendAll(tea, ['one', 'two']);
  const row = ada.room('Tea');
  await row.locator('.muted').waitFor();
  const before = await bob.messages(tea);
  assert.equal(before.length, 2);
  assert.equal(await row.getAttribute('data-unread'), 'false');
  assert.equal(await row.locator('.badge').isVisible(), false);
  assert.doesNotMatch(await ada.page.title(), /^\(/);
  await naming(bob, tea, 'hi @Ada', await idOf(ada));
  await until('a mention stands out all the same', async () => (await row.locator('.badge [aria-hidden]').innerText()) === '@1');
  await ada.open('Tea');
  await ada.sees('hi @Ada');
  // Chosen while away: it holds at once, and is told on the return.
  wire.cut();
  await phone.isNotLive();
  await phone.open('Tea');
  await setLevel(phone, 'Mentions');
  await hasLevel(ada, 'Nothing');
  wire.mend();
  await phone.isLive(40_000);
  await hasLevel(ada, 'Mentions');
});

// U1, Q3
test(import.meta.url, 'mentions are counted as they come, and the same after a reload', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const bob = await stage.guest(server, 'Bob');
  const tea = await bob.create('Tea');
  const ada = await stage.signedIn(server, 'Ada');
  await ada.join('Tea');
  await ada.open('lobby');
  const me = await idOf(ada);
  const badge = ada.room('Tea').locator('.badge [aria-hidden]');
  const says = (text) => until(`the badge says ${text}`, async () => (await badge.innerText()) === text, 15_000);
  await bob.send(tea, 'to nobody');
  await says('1');
  const named = await naming(bob, tea, 'hi @Ada', me);
  await says('@1');
  await naming(bob, tea, '@room tea is ready', EVERYONE);
  await says('@2');
  await bob.act(tea, { kind: 'edit', target: named.seq, body: 'hi' });
  await says('@1');
  const other = await bob.send(tea, 'not yet');
  await bob.act(tea, { kind: 'edit', target: other.seq, body: '@Ada now', mentions: [me] });
  await says('@2');
  await bob.act(tea, { kind: 'delete', target: other.seq });
  await says('@1');
  await ada.reload();
  await ada.isLive();
  await says('@1');
  await ada.open('Tea');
  await until('it is read', async () => !(await ada.room('Tea').locator('.badge').isVisible()));
});

// L1, Q3
test(import.meta.url, 'somebody who has said nothing yet can be named', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  for (let n = 0; n < 3; n++) await ada.say(`filler ${n}`);
  const zoe = await stage.signedIn(server, 'Zoe');
  await ada.create('Quiet place');
  const room = ada.roomId;
  await zoe.join('Quiet place');
  await zoe.open('lobby');
  await ada.composer.pressSequentially('hello @Zo', { delay: 60 });
  await ada.page.getByRole('option', { name: 'Zoe' }).waitFor();
  await ada.page.keyboard.press('Enter');
  await ada.page.keyboard.press('Enter');
  await ada.allStored();
  const badge = zoe.room('Quiet place').locator('.badge [aria-hidden]');
  await until('Zoe is named', async () => (await badge.innerText()) === '@1');
  assert.ok(room);
});

// N4, N5
test(import.meta.url, 'two tabs tell once, a click leads to the message, and what is read elsewhere is withdrawn', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const bob = await stage.guest(server, 'Bob');
  const ada = await listener(stage, server, 'Ada');
  const second = await stage.tab(ada.page.context(), server, 'Ada in a second tab');
  await second.visit(`/r/${ada.roomId}`);
  await second.seesRoom();
  await second.isLive();
  const desk = await device(stage, server, ada);
  await desk.isLive();
  await look(desk, false);
  const me = await idOf(ada);
  const lobby = bob.room('lobby');
  await bob.send(lobby, 'nobody is named');
  await ada.sees('nobody is named');
  for (const tab of [ada, second]) await look(tab, false);
  await naming(bob, lobby, 'hi **@Ada**', me);
  await until('one tab tells', async () => (await everShown(ada)) + (await everShown(second)) > 0, TOLD_MS);
  const [teller, other] = (await everShown(ada)) ? [ada, second] : [second, ada];
  await isShown(teller, [['Bob · lobby', 'hi @Ada']]);
  assert.equal(await everShown(other), 0, 'the other tab does not');
  assert.equal(await sounds(other), 0);
  assert.equal(await sounds(teller), 2, 'one sound, of two tones');
  // On the other device it is read.
  await look(desk, true);
  await isShown(teller, []);

  await look(desk, false);
  await teller.open('lobby');
  await teller.create('Elsewhere');
  await naming(bob, lobby, 'once more @Ada', me);
  await isShown(teller, [['Bob · lobby', 'once more @Ada']]);
  await teller.page.evaluate(() => globalThis.stage.shown.at(-1).click());
  await teller.isIn('lobby');
  await teller.page.locator('[data-marked="true"]', { hasText: 'once more' }).waitFor();
  assert.deepEqual(await shown(teller), []);
  assert.equal(await everShown(other), 0);
});

// N4
test(import.meta.url, 'the level, quiet and where one looks decide', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const bob = await stage.guest(server, 'Bob');
  const lobby = bob.room('lobby');
  const ada = await listener(stage, server, 'Ada');
  const me = await idOf(ada);
  // In front of the room: nothing.
  await naming(bob, lobby, '@Ada here', me);
  await ada.sees('@Ada here');
  // In front of another: a sound.
  await ada.create('Elsewhere');
  await naming(bob, lobby, '@Ada there', me);
  await until('a sound', async () => (await sounds(ada)) === 2, TOLD_MS);
  assert.equal(await everShown(ada), 0);
  // Direct messages are told whatever they say.
  await look(ada, false);
  await bob.ask({ type: 'open_direct', client_id: 'd'.repeat(32), people: [me] }).then(({ room }) => bob.send(room.id, 'just us'));
  await isShown(ada, [['Bob', 'just us']]);
  const before = await everShown(ada);
  // Quiet, then not any more.
  await look(ada, true);
  await ada.openSettings();
  await ada.dialog.getByRole('button', { name: 'For 1 hour' }).click();
  await ada.dialog.getByText(/^On, until .*\d/).waitFor();
  await ada.page.keyboard.press('Escape');
  await ada.page.locator('.rail-quiet').waitFor();
  await look(ada, false);
  await naming(bob, lobby, '@Ada psst', me);
  await until('it came', async () => /@\d/.test(await ada.room('lobby').locator('.badge').innerText()));
  await look(ada, true);
  await ada.openSettings();
  await ada.dialog.getByRole('button', { name: 'End it now' }).click();
  await ada.dialog.getByRole('button', { name: 'For 1 hour' }).waitFor();
  await ada.page.keyboard.press('Escape');
  await look(ada, false);
  await naming(bob, lobby, '@Ada again', me);
  await until('told again', async () => (await everShown(ada)) === before + 1, TOLD_MS);
  assert.deepEqual((await shown(ada)).at(-1), ['Bob · lobby', '@Ada again'], 'and not of what came meanwhile');
  // The title and the icon say how much.
  assert.match(await ada.page.title(), /^\(\d+\) /);
  const icon = await ada.page.locator('link[rel=icon]').getAttribute('href');
  assert.match(icon, /^data:image\/svg\+xml,.*>4<\/text>/);
});

// N6
test(import.meta.url, 'what was missed is told in one sentence', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const wire = await stage.wire(server);
  const bob = await stage.guest(server, 'Bob');
  const [tea, lobby] = [await bob.create('Tea'), bob.room('lobby')];
  const ada = await listener(stage, wire, 'Ada');
  ada.watch.expectUnreachable();
  await ada.join('Tea');
  const me = await idOf(ada);
  await look(ada, false);
  wire.cut();
  await ada.isNotLive();
  for (let n = 0; n < 60; n++) await naming(bob, n % 2 ? tea : lobby, `@Ada ${n}`, me);
  wire.mend();
  await ada.isLive(40_000);
  await isShown(ada, [['While you were away', '60 new messages in 2 rooms']]);
  assert.equal(await everShown(ada), 1);
});

test(import.meta.url, 'notifications are offered, asked for after a click, and honest about what the browser says', async (stage) => {
  const server = await stage.server();
  const alerts = false;
  const ada = await listener(stage, server, 'Ada', { permission: 'default', alerts });
  assert.equal(await ada.page.evaluate(() => globalThis.stage.asked), undefined, 'not before a click');
  await ada.openSettings();
  const toggle = ada.dialog.getByRole('switch', { name: 'Desktop notifications' });
  assert.equal(await toggle.isChecked(), false);
  await ada.page.evaluate(() => { globalThis.stage.answer = 'granted'; });
  await toggle.click();
  await until('it is on', () => toggle.isChecked());
  assert.equal(await ada.page.evaluate(() => globalThis.stage.asked), true);
  await toggle.click();
  await until('it is off', async () => !(await toggle.isChecked()));
  const sound = ada.dialog.getByRole('switch', { name: 'Sound' });
  assert.equal(await sound.isChecked(), true);
  await sound.click();
  await until('it is silent', async () => !(await sound.isChecked()));
  await ada.reload();
  await ada.openSettings();
  assert.equal(await sound.isChecked(), false, 'kept');

  const bob = await listener(stage, server, 'Bob', { permission: 'default', alerts });
  await bob.openSettings();
  await bob.page.evaluate(() => { globalThis.stage.answer = 'denied'; });
  const refused = bob.dialog.getByRole('switch', { name: 'Desktop notifications' });
  await refused.click();
  await bob.dialog.getByText('The browser blocks notifications from this page.').waitFor();
  assert.equal(await refused.isDisabled(), true);
  assert.equal(await refused.isChecked(), false);

  const cy = await listener(stage, server, 'Cy', { permission: 'granted', alerts, phone: true, context: { viewport: PHONE } });
  await cy.page.evaluate(() => { delete globalThis.Notification; });
  await cy.button('Back to the rooms').click();
  await cy.openSettings();
  await cy.dialog.getByText('This browser shows no notifications for this page.').waitFor();
  const menu = await cy.dialog.boundingBox();
  assert.ok(menu.y >= 0 && menu.y + menu.height <= PHONE.height, `the menu fits: ${JSON.stringify(menu)}`);
});

// T1, T2, T3
test(import.meta.url, 'the others in a small room see how far one has read, also if they were away, unless one does not want that', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(wire, 'Ada');
  ada.watch.expectUnreachable();
  const bob = await stage.signedIn(server, 'Bob', { phone: true, context: { viewport: PHONE } });
  const readers = (person, body) => person.message(body).locator('.readers');
  const sees = (person, body, text) => until(`${person.name} sees ${text} under ${body}`, async () => {
    const line = readers(person, body);
    return text === '' ? (await line.isHidden()) : (await line.isVisible()) && (await line.getAttribute('title')) === text;
  });
  await ada.create('Tea');
  await bob.button('Back to the rooms').click();
  await bob.join('Tea');
  await ada.say('first');
  await bob.sees('first');
  await sees(ada, 'first', 'Seen by Bob');
  await ada.say('second');
  await sees(ada, 'second', 'Seen by Bob');
  await sees(ada, 'first', '');
  await sees(bob, 'second', '');
  // Ada is away while Bob reads on.
  const program = await stage.guest(server, 'Cy');
  await program.join(ada.roomId);
  wire.cut();
  await ada.isNotLive();
  await program.sendAll(ada.roomId, ['third']);
  await bob.sees('third');
  wire.mend();
  await ada.isLive(40_000);
  await sees(ada, 'third', 'Seen by Bob');
  await sees(bob, 'third', 'Seen by Ada');
  // Who does not want to be seen sees nobody.
  await bob.button('Back to the rooms').click();
  await bob.openSettings();
  await bob.dialog.getByRole('switch', { name: 'How far I have read' }).click();
  await bob.page.keyboard.press('Escape');
  await bob.open('Tea');
  await ada.say('fourth');
  await bob.sees('fourth');
  await sees(bob, 'third', '');
  await ada.open('lobby');
  await ada.open('Tea');
  await ada.sees('fourth');
  await sees(ada, 'fourth', '');
  await sees(ada, 'third', '');
});

// P1, P2
test(import.meta.url, 'who is here is shown beside direct messages and members, over a reload', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  const program = await stage.programOf(server, bob);
  const { room } = await program.ask({ type: 'open_direct', client_id: 'e'.repeat(32), people: [await idOf(ada)] });
  await program.send(room.id, 'hello');
  program.close();
  const dot = ada.room('Bob').locator('.here');
  const is = (state) => until(`Bob is ${state}`, async () => (await dot.getAttribute('data-here')) === state, 40_000);
  await is('online');
  await ada.button('People in this room').click();
  const listed = ada.page.locator('#members .person', { hasText: 'Bob' }).locator('.here');
  await until('and in the list', async () => (await listed.getAttribute('data-here')) === 'online');
  const states = ada.page.evaluate(() => new Promise((resolve) => {
    const seen = new Set();
    const look = () => seen.add(document.querySelector('.rooms .here:not([hidden])')?.dataset.here);
    const timer = setInterval(look, 50);
    setTimeout(() => resolve([...seen], clearInterval(timer)), 6_000);
  }));
  await bob.reload();
  await bob.isLive();
  assert.deepEqual(await states, ['online'], 'a reload shows nowhere');
  await bob.page.context().close();
  await is('offline');
  await until('and in the list', async () => (await listed.getAttribute('data-here')) === 'offline');
});
