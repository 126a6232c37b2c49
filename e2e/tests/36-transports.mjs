// The ways on which messages travel: the same on each, down when the better one is blocked, and up again.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { view } from '../stage/inspector.mjs';
import { Proxy } from '../stage/proxy.mjs';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const TRANSPORTS = ['websocket', 'events', 'long-poll', 'poll'];
const FALLS_BACK_MS = 5_000;

/** Requests by which messages travel, by kind. */
function count(tab) {
  const made = { websocket: 0, events: 0, polls: 0, said: 0 };
  tab.page.on('websocket', () => made.websocket++);
  tab.page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (/^\/api\/pipe\/.*\/events$/.test(pathname)) made.events++;
    else if (/^\/api\/pipe\/./.test(pathname) && request.method() === 'GET') made.polls++;
    else if (/^\/api\/pipe\/./.test(pathname) && request.method() === 'POST') made.said++;
  });
  return made;
}

/** What the panel says that messages travel by. */
async function travelsBy(person) {
  const shown = person.page.locator('[data-transport]');
  if ((await shown.count()) === 0) await person.status.click();
  return shown.getAttribute('data-transport');
}

/** Somebody before whom there is a proxy that was told nothing: it takes no large body either, which the panel tries when it is opened. */
async function behindProxy(stage, proxy, look) {
  const person = await stage.person(proxy, 'Ada', look);
  person.watch.expectUnreachable();
  person.watch.expected.push(/status of 413/);
  return person;
}

/** What the panel says by itself, soon after it was opened: nobody asks it to look. */
async function isExplained(person, words) {
  await view(person, /^(Now|当前)$/);
  const doctor = person.page.locator('.doctor[data-fell-back="true"]');
  const said = () => doctor.innerText();
  await until('the reasons are named', async () => {
    const text = await said();
    return words.every((word) => text.includes(word));
  }, 30_000);
  assert.ok((await said()).includes(`parlance doctor ${person.origin}`), await said());
}

/** Ada, on Server-Sent Events soon after she signed in through a place that lets no WebSocket through. */
async function fallsBack(stage, place) {
  const ada = await behindProxy(stage, place);
  await ada.visit();
  await ada.page.getByRole('textbox').fill('Ada');
  const began = performance.now();
  await ada.page.getByRole('textbox').press('Enter');
  await ada.seesRoom();
  await ada.isLive(FALLS_BACK_MS);
  const ms = performance.now() - began;
  stage.note(`live ${Math.round(ms)} ms after signing in`);
  assert.ok(ms < FALLS_BACK_MS);
  assert.match(await ada.status.textContent(), /Live · Server-Sent Events/);
  assert.equal(await travelsBy(ada), 'events');
  return ada;
}

for (const transport of TRANSPORTS) {
  // W2, C14
  test(import.meta.url, `two tabs and somebody else agree over ${transport}, also after a cut`, async (stage) => {
    const server = await stage.server('--send-rate', '1000');
    const wire = await stage.wire(server);
    const first = await stage.person(wire, 'Ada');
    await first.page.context().addInitScript((name) => localStorage.setItem('parlance.transport', name), transport);
    const made = count(first);
    first.watch.expectUnreachable();
    await first.visit();
    await first.signIn();
    const second = await stage.tab(first.page.context(), wire, 'Ada in another tab');
    second.watch.expectUnreachable();
    await second.visit();
    await second.seesRoom();
    await second.isLive();
    const bob = await stage.signedIn(server, 'Bob');
    const said = [];
    const say = async (person, text) => {
      said.push(text);
      await person.say(text);
    };
    await say(first, 'from the first');
    await second.sees('from the first');
    await bob.sees('from the first');
    await say(bob, 'from somebody else');
    for (const tab of [first, second]) await tab.sees('from somebody else');
    await say(second, 'from the second');
    for (const tab of [first, bob]) await tab.sees('from the second');
    await Promise.all([first.allStored(), second.allStored()]);

    wire.cutSockets();
    await Promise.all([first.isNotLive(), second.isNotLive()]);
    await say(bob, 'said meanwhile');
    await first.say('written meanwhile');
    wire.mend();
    for (const tab of [first, second]) await tab.isLive(40_000);
    await bob.sees('written meanwhile', 20_000);
    said.push('written meanwhile');
    await Promise.all([first.allStored(20_000), second.allStored(20_000)]);
    for (const person of [first, second, bob]) {
      await until('all is seen', async () => (await person.bodies()).length === said.length);
      assert.deepEqual(await person.bodies(), said, 'once, and in the order of the log');
    }
    assert.equal(await travelsBy(first), transport);
    assert.equal(made.websocket > 0, transport === 'websocket');
    assert.equal(made.events > 0, transport === 'events');
    assert.equal(made.polls > 0, transport === 'long-poll' || transport === 'poll');
    assert.equal(made.said > 0, transport !== 'websocket');
    stage.note(`${transport}: ${JSON.stringify(made)}`);
  }, { seconds: 120 });
}

// C14, C15
test(import.meta.url, 'where upgrades are refused the app falls back within five seconds and climbs back when they are not', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  wire.refuseUpgrades();
  const ada = await fallsBack(stage, wire);
  await ada.page.getByText('WebSocket does not get through here.').waitFor();
  const bob = await stage.signedIn(server, 'Bob');
  await ada.say('without a WebSocket');
  await bob.sees('without a WebSocket');

  // A better way is tried again by itself, half a minute after the last time.
  wire.mend();
  for (let n = 1; n <= 20; n++) await bob.say(`meanwhile ${n}`);
  await until('Ada is back on a WebSocket', async () => (await ada.status.textContent()).trim() === 'Live', 45_000);
  await ada.say('with a WebSocket');
  await bob.sees('with a WebSocket');
  await ada.sees('meanwhile 20');
  const bodies = await ada.bodies();
  const meanwhile = Array.from({ length: 20 }, (_, n) => `meanwhile ${n + 1}`);
  assert.deepEqual(bodies.filter((body) => body.startsWith('meanwhile')), meanwhile);
  assert.deepEqual(bodies.filter((body) => body.startsWith('with')), ['without a WebSocket', 'with a WebSocket']);
}, { seconds: 120 });

// C14
test(import.meta.url, 'behind an nginx that was told nothing of upgrades the app falls back by itself, and the doctor names the missing lines', async (stage) => {
  const server = await stage.server();
  const nginx = stage.opened(await Proxy.nginx(server));
  const ada = await fallsBack(stage, nginx);
  const bob = await stage.signedIn(server, 'Bob');
  await ada.say('through nginx');
  await bob.sees('through nginx');
  await bob.say('and back');
  await ada.sees('and back');
  await isExplained(ada, ['No WebSocket gets through here', 'WebSockets do not get through: something on the way refuses them']);
  const doctor = spawn(process.env.PARLANCE_BIN, ['doctor', nginx.origin, '--proxy', 'nginx', '--patience', '2'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  doctor.stdout.on('data', (piece) => { said += piece; });
  const [code] = await once(doctor, 'close');
  assert.equal(code, 1, said);
  assert.match(said, /proxy_set_header Upgrade \$http_upgrade;/);
  assert.match(said, /proxy_set_header Connection /);
}, { seconds: 120 });

const HOLD_BACK = [
  ['nginx', 'en', Proxy.nginxThatHoldsBack, ['was held back on it', 'WebSockets do not get through', 'Answers are kept back on the way']],
  ['HAProxy', 'zh', Proxy.haproxyThatHoldsBack, ['被扣住', 'WebSocket 不通', '响应在中途被攒到完整才放行']],
];

for (const [name, language, start, words] of HOLD_BACK) {
  // C14, Y2
  test(import.meta.url, `behind ${name} that refuses upgrades and holds streams back both hear each other within five seconds, by polls that wait`, async (stage) => {
    const server = await stage.server();
    const proxy = stage.opened(await start(server));
    const bob = await stage.signedIn(server, 'Bob');
    const ada = await behindProxy(stage, proxy, { language });
    await ada.visit();
    await ada.page.getByRole('textbox').fill('Ada');
    const began = performance.now();
    await ada.page.getByRole('textbox').press('Enter');
    await ada.seesRoom();
    await ada.write('through it');
    await bob.write('and back');
    await Promise.all([bob.sees('through it', FALLS_BACK_MS), ada.sees('and back', FALLS_BACK_MS)]);
    const ms = performance.now() - began;
    stage.note(`both had heard ${Math.round(ms)} ms after signing in`);
    assert.ok(ms < FALLS_BACK_MS, `${ms} ms`);
    assert.equal(await travelsBy(ada), 'long-poll');
    // What comes later is not late either.
    await bob.write('said later');
    await ada.sees('said later', 2_000);
    await ada.write('answered later');
    await bob.sees('answered later', 2_000);
    await isExplained(ada, words);
    const establishing = await view(ada, /^(Establishing|建立过程)$/);
    await establishing.getByRole('button', { name: /after=0/ }).waitFor();
    assert.equal(await establishing.getByText('101 Switching Protocols').count(), 0, 'nothing was switched');
  }, { seconds: 120, alone: true });
}

// C14
test(import.meta.url, 'a person chooses the way and the browser keeps the choice', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  assert.equal(await travelsBy(ada), 'websocket');
  await ada.page.getByLabel('Travels by').selectOption('Long polling');
  await until('it is so', async () => (await travelsBy(ada)) === 'long-poll');
  await ada.isLive();
  await ada.page.getByText('You chose this way').waitFor();
  assert.equal(await ada.page.locator('.doctor[data-fell-back="true"]').count(), 0, 'what was chosen needs no doctor');
  await bob.say('heard by a poll');
  await ada.sees('heard by a poll');
  await ada.reload();
  await ada.isLive();
  assert.match(await ada.status.textContent(), /Live · Long polling/);
  assert.equal(await travelsBy(ada), 'long-poll');
  await ada.page.getByLabel('Travels by').selectOption('Automatic');
  await until('it is a WebSocket again', async () => (await travelsBy(ada)) === 'websocket');
  await ada.isLive();
  await ada.say('and back');
  await bob.sees('and back');
});

// The transports side by side, on real connections.
test(import.meta.url, 'the theatre plays all four and shows what each costs', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  await ada.status.click();
  await ada.page.getByRole('link', { name: 'Compare all four' }).click();
  const theatre = ada.page.getByRole('main');
  await theatre.getByRole('heading', { name: 'Transport theatre' }).waitFor();
  assert.equal(new URL(ada.page.url()).pathname, '/theatre', 'a page of its own');
  await theatre.getByRole('button', { name: 'Play for a minute' }).click();
  const cells = (way) => theatre.locator(`[data-way="${way}"] td`).allTextContents();
  const figures = async () => Object.fromEntries(await Promise.all(
    TRANSPORTS.map(async (way) => [way, (await cells(way)).map((text) => Number(text.replaceAll(/\D/g, '') || NaN))]),
  ));
  await bob.say('heard by all four');
  await until('each has measured its latency', async () => Object.values(await figures()).every((it) => it[3] >= 0 && it[0] > 0), 20_000);
  await until('the polls add up', async () => (await figures()).poll[0] > 12, 20_000);
  await theatre.getByRole('button', { name: /Stop/ }).click();
  const played = await figures();
  stage.note(JSON.stringify(played));
  const [requests, overhead] = [0, 1];
  assert.equal(played.websocket[requests], 1, 'one upgrade');
  assert.ok(played.events[requests] < played['long-poll'][requests], 'a stream needs no request for what it brings');
  for (const way of TRANSPORTS.slice(1)) assert.ok(played.websocket[overhead] < played[way][overhead], way);
  await ada.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await theatre.getByRole('button', { name: 'Copy as Markdown' }).click();
  await theatre.getByText('Copied').waitFor();
  const table = await ada.page.evaluate(() => navigator.clipboard.readText());
  assert.match(table, /^\| Way \| Requests \| Header bytes \| Message bytes \| Latency p50 \(ms\) \| Latency p95 \(ms\) \| Server wake-ups \|\n/);
  assert.equal(table.trim().split('\n').length, 2 + TRANSPORTS.length);
  // What was played is over: nothing of it stays behind, and the app's own connection was not touched.
  await ada.isLive();
  await ada.page.goBack();
  await ada.seesRoom();
  const lobby = await stage.guest(server, 'Reader');
  assert.equal((await lobby.messages(lobby.room('lobby'))).length, 1, 'nothing was written into a room');
}, { seconds: 90 });

test(import.meta.url, 'the theatre has an address that can be opened, shared and loaded again', async (stage) => {
  const server = await stage.server();
  const ada = await stage.person(server, 'Ada');
  await ada.visit('/theatre');
  await ada.page.getByRole('textbox').fill('Ada');
  await ada.page.getByRole('textbox').press('Enter');
  const begin = ada.button('Play for a minute');
  await begin.waitFor();
  await ada.page.reload();
  await begin.waitFor();
  await ada.rooms.first().click();
  await ada.seesRoom();
  assert.match(new URL(ada.page.url()).pathname, /^\/r\//);
});
