import assert from 'node:assert/strict';
import { measure, scrollAndWatch } from '../stage/scrolling.mjs';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const SEEN_MS = 3_000;

/** Another device of a person: a browser of its own with the same session. */
async function device(stage, place, person, look = {}) {
  const other = await stage.person(place, `${person.name} elsewhere`, look);
  await other.page.context().addCookies(await person.page.context().cookies());
  await other.visit();
  return other;
}

const badge = (person, room) => person.room(room).locator('.badge');

const divider = (person) => person.log.locator('.new-line');

/** The text of the message under the line, if the line is there. */
function firstNew(person) {
  return divider(person).evaluateAll((lines) =>
    lines.map((line) => [line.dataset.read, line.closest('[data-row]').querySelector('.message-body')?.textContent]));
}

async function isRead(person, room) {
  await until(`${room} is read at ${person.name}`, () => badge(person, room).isHidden(), SEEN_MS);
}

async function hasUnread(person, room, count) {
  await until(`${person.name} has ${count} unread in ${room}`, async () => {
    const text = await badge(person, room).locator('[aria-hidden]').innerText();
    return text === String(count);
  });
}

const text = (n) => `message ${n}${n % 5 === 0 ? '\nwith a second line' : ''}`;

async function talk(writer, room, from, to) {
  await writer.sendAll(room, Array.from({ length: to - from + 1 }, (_, n) => text(from + n)));
}

// U1, U4
test(import.meta.url, 'what is read on one device is read on the other, and what comes is unread on both', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const writer = await stage.guest(server, 'Wang');
  const tea = await writer.create('Tea');
  const ada = await stage.signedIn(server, 'Ada');
  await ada.join('Tea');
  await ada.open('lobby');
  const phone = await device(stage, server, ada, { phone: true });
  await phone.room('Tea').waitFor();
  await talk(writer, tea, 1, 3);
  await hasUnread(ada, 'Tea', 3);
  await hasUnread(phone, 'Tea', 3);
  await until('the title says it', async () => /^\(3\) /.test(await ada.page.title()));
  const icon = () => ada.page.locator('link[rel=icon]').getAttribute('href');
  await until('the icon has a dot', async () => (await icon()).startsWith('data:'));
  await ada.open('Tea');
  await ada.sees(text(3));
  await isRead(ada, 'Tea');
  await isRead(phone, 'Tea');
  await until('the title is plain', async () => !/^\(/.test(await ada.page.title()));
  await until('and so is the icon', async () => (await icon()).startsWith('/'));
});

// U3: read without a connection, told when it is there.
test(import.meta.url, 'what was read offline is read on the other device after the return', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const wire = await stage.wire(server);
  const writer = await stage.guest(server, 'Wang');
  const tea = await writer.create('Tea');
  const ada = await stage.signedIn(wire, 'Ada');
  ada.watch.expectUnreachable();
  await ada.join('Tea');
  const desk = await device(stage, server, ada);
  await desk.isLive();
  await desk.open('lobby');
  // The reader looks at something older while the messages come, so that they are held and not read.
  await talk(writer, tea, 1, 60);
  await ada.sees(text(60));
  await isRead(desk, 'Tea');
  await scrollAndWatch(ada, -600);
  await talk(writer, tea, 61, 62);
  await hasUnread(desk, 'Tea', 2);
  await until('the button says so', async () => /2 new messages/.test(await ada.toPresent.innerText()));
  wire.cut();
  await ada.isNotLive();
  await ada.toPresent.click();
  await ada.sees(text(62));
  await isRead(ada, 'Tea');
  await hasUnread(desk, 'Tea', 2);
  wire.mend();
  await ada.isLive(40_000);
  await isRead(desk, 'Tea');
});

test(import.meta.url, 'a room opens at the first unread message under a line, and nothing moves from there', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const writer = await stage.guest(server, 'Wang');
  const tea = await writer.create('Tea');
  const ada = await stage.signedIn(server, 'Ada');
  await ada.join('Tea');
  await talk(writer, tea, 1, 100);
  await ada.sees(text(100));
  await isRead(ada, 'Tea');
  await ada.open('lobby');
  await talk(writer, tea, 101, 700);
  await until('much is unread', async () => (await badge(ada, 'Tea').innerText()).includes('99+'));
  await ada.reload();
  await ada.isLive();
  await ada.open('Tea');
  await ada.sees(text(101));
  assert.deepEqual(await firstNew(ada), [['false', text(101)]]);
  const line = await divider(ada).boundingBox();
  const log = await ada.log.boundingBox();
  assert.ok(line.y > log.y && line.y < log.y + log.height / 2, `the line is at ${line.y - log.y} of ${log.height}`);
  let strayed = 0;
  const seen = new Set(await ada.bodies());
  const go = async (distance) => {
    const step = await scrollAndWatch(ada, distance);
    strayed = Math.max(strayed, step.strayed);
    step.seen.forEach((body) => seen.add(body));
  };
  for (let n = 0; n < 4; n++) await go(-500);
  for (let n = 0; n < 200 && (await measure(ada)).below > 0; n++) await go(600);
  for (let n = 101; n <= 700; n++) assert.ok(seen.has(text(n)), `${text(n)} was never in the page`);
  assert.ok(strayed <= 1, `a row moved by ${strayed} px`);
  stage.note(`from the line to the end a row strayed by ${strayed.toFixed(2)} px at most`);
  await isRead(ada, 'Tea');
  await ada.open('lobby');
  await ada.open('Tea');
  await ada.sees(text(700));
  assert.equal(await divider(ada).count(), 0, 'the line is gone with the room');
}, { whole: true });

test(import.meta.url, 'the jump to the present passes over what is unread, and says how much it is', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const writer = await stage.guest(server, 'Wang');
  const tea = await writer.create('Tea');
  const ada = await stage.signedIn(server, 'Ada');
  await ada.join('Tea');
  await ada.open('lobby');
  await talk(writer, tea, 1, 80);
  await hasUnread(ada, 'Tea', 80);
  await ada.open('Tea');
  await ada.sees(text(1));
  await until('the button counts', async () => /\d+ new messages/.test(await ada.toPresent.innerText()));
  await ada.toPresent.click();
  await ada.sees(text(80));
  await until('the end is on the screen', async () => (await measure(ada)).below <= 8);
  await isRead(ada, 'Tea');
});

// U5
test(import.meta.url, 'a room that is marked unread from a message stays so until it is opened again', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const writer = await stage.guest(server, 'Wang');
  const tea = await writer.create('Tea');
  const ada = await stage.signedIn(server, 'Ada');
  await ada.join('Tea');
  const desk = await device(stage, server, ada);
  await desk.isLive();
  await desk.open('lobby');
  await talk(writer, tea, 1, 6);
  await ada.sees(text(6));
  await isRead(desk, 'Tea');
  await ada.actOn(text(4), 'Mark unread from here');
  await hasUnread(desk, 'Tea', 3);
  await hasUnread(ada, 'Tea', 3);
  assert.deepEqual(await firstNew(ada), [['false', text(4)]]);
  await talk(writer, tea, 7, 7);
  await ada.sees(text(7));
  await hasUnread(desk, 'Tea', 4);
  await ada.open('lobby');
  await hasUnread(ada, 'Tea', 4);
  await ada.open('Tea');
  await isRead(desk, 'Tea');
});

test(import.meta.url, 'Esc marks the open room as read and Shift+Esc all, after what is open and not while composing', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const writer = await stage.guest(server, 'Wang');
  const [tea, cake] = [await writer.create('Tea'), await writer.create('Cake')];
  const ada = await stage.signedIn(server, 'Ada');
  await ada.join('Tea');
  await ada.join('Cake');
  await talk(writer, cake, 1, 4);
  await ada.sees(text(4));
  await ada.actOn(text(2), 'Mark unread from here');
  await hasUnread(ada, 'Cake', 3);
  await talk(writer, tea, 1, 2);
  await hasUnread(ada, 'Tea', 2);
  // A dialog, then the panel, close first.
  await ada.button('New room').click();
  await ada.dialog.waitFor();
  await ada.page.keyboard.press('Escape');
  await ada.dialog.waitFor({ state: 'hidden' });
  await ada.status.click();
  await ada.page.locator('.shell[data-panel="true"]').waitFor();
  await ada.page.keyboard.press('Escape');
  await ada.page.locator('.shell[data-panel="false"]').waitFor();
  await hasUnread(ada, 'Cake', 3);
  // An input method keeps its Esc.
  await ada.composer.evaluate((area) => {
    for (const init of [{ isComposing: true }, { keyCode: 229 }]) {
      area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, ...init }));
    }
  });
  await hasUnread(ada, 'Cake', 3);
  const before = await ada.message(text(1)).boundingBox();
  await ada.page.keyboard.press('Escape');
  await isRead(ada, 'Cake');
  const after = await ada.message(text(1)).boundingBox();
  assert.ok(Math.abs(after.y - before.y) <= 1, 'and nothing moves');
  assert.deepEqual(await firstNew(ada), [['true', text(2)]], 'the line only fades');
  await hasUnread(ada, 'Tea', 2);
  await ada.page.keyboard.press('Shift+Escape');
  await isRead(ada, 'Tea');
  await ada.reload();
  await ada.isLive();
  await isRead(ada, 'Tea');
  await isRead(ada, 'Cake');
});

test(import.meta.url, 'a reader who left a room further up is back there, if nothing is new', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const writer = await stage.guest(server, 'Wang');
  const tea = await writer.create('Tea');
  const ada = await stage.signedIn(server, 'Ada');
  await ada.join('Tea');
  await talk(writer, tea, 1, 120);
  await ada.sees(text(120));
  await isRead(ada, 'Tea');
  for (let n = 0; n < 3; n++) await scrollAndWatch(ada, -600);
  const top = () => ada.log.evaluate((log) => {
    const edge = log.getBoundingClientRect().top;
    return [...log.querySelectorAll('.message-body')].find((body) => body.getBoundingClientRect().bottom > edge)?.textContent;
  });
  const before = Number(/\d+/.exec(await top())[0]);
  await ada.open('lobby');
  await ada.open('Tea');
  await until('the reader is back', async () => Math.abs(Number(/\d+/.exec(await top())[0]) - before) <= 1);
});

// D8
test(import.meta.url, 'who types is named to the others in the room until it is said', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const lin = await stage.signedIn(server, 'Lin', { phone: true, context: { viewport: { width: 390, height: 844 } } });
  const line = (person) => person.page.locator('.typing');
  await ada.type('I think');
  await line(lin).filter({ visible: true }).waitFor();
  assert.equal(await line(lin).innerText(), 'Ada is typing…');
  assert.equal(await line(ada).isVisible(), false, 'not to oneself');
  await ada.page.keyboard.press('Enter');
  await lin.sees('I think');
  await line(lin).waitFor({ state: 'hidden' });
});

test(import.meta.url, 'a date that is picked is gone to, and marked', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const writer = await stage.guest(server, 'Wang');
  const lobby = writer.room('lobby');
  await talk(writer, lobby, 1, 300);
  const ada = await stage.signedIn(server, 'Ada');
  await ada.sees(text(300));
  await scrollAndWatch(ada, -300);
  const picker = ada.page.getByLabel('Jump to a date');
  await until('the day is named', async () => (await picker.count()) === 1 && (await picker.inputValue()) !== '');
  // Everything here is of today.
  const today = await picker.inputValue();
  await picker.evaluate((input, value) => {
    input.value = value;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, today);
  await until('the first message of the day is there', async () => (await ada.bodies()).includes(text(1)));
  await ada.page.locator('[data-marked="true"]').waitFor();
  assert.equal(await ada.page.evaluate(() => document.activeElement.matches('.row')), true, 'it has the focus');
  await ada.page.locator('[data-marked="true"]').waitFor({ state: 'detached' });
  await ada.toPresent.click();
  await ada.sees(text(300));
  await until('the end is on the screen', async () => (await measure(ada)).below <= 8);
});
