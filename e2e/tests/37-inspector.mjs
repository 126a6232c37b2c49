import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { view } from '../stage/inspector.mjs';
import { meter } from '../stage/meter.mjs';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

async function behindWire(stage) {
  const server = await stage.server('--send-rate', '10000');
  const wire = await stage.wire(server);
  const ada = await stage.person(wire, 'Ada');
  ada.watch.expectUnreachable();
  await ada.visit();
  await ada.signIn();
  return { server, wire, ada };
}

test(import.meta.url, 'the accept value is worked out as anybody can, and the end of a connection is said in words', async (stage) => {
  const { wire, ada } = await behindWire(stage);
  const establishing = await view(ada, 'Establishing');
  const step = (name) => establishing.locator(`[data-step="${name}"]`).innerText();
  const key = await step('key');
  assert.match(key, /^[\w+/]{22}==$/);
  const hash = createHash('sha1').update(key + GUID).digest();
  assert.equal(await step('joined'), key + GUID);
  assert.equal(await step('hash'), hash.toString('hex'));
  assert.equal(await step('accept'), hash.toString('base64'));
  await establishing.getByText('The server answered exactly this.').waitFor();
  assert.match(await establishing.locator('pre').innerText(), new RegExp(`sec-websocket-accept: ${hash.toString('base64').replace(/[+/]/g, '\\$&')}`));

  await establishing.getByRole('button', { name: 'GET /ws, Upgrade' }).click();
  const head = await establishing.locator('pre').filter({ visible: true }).innerText();
  assert.ok(head.includes(`sec-websocket-key: ${key}`), head);
  assert.ok(head.includes(`origin: ${wire.origin}`), head);
  assert.ok(head.includes('sec-websocket-protocol: parlance.v1'), head);
  assert.match(head, /cookie: \(\d+ bytes, not shown\)/);
  for (const { value } of await ada.page.context().cookies()) assert.ok(!head.includes(value), 'no secret');
  await establishing.getByRole('button', { name: 'Name, TCP, TLS' }).click();
  await establishing.getByText(/For the page itself it took: name \d/).waitFor();

  wire.cutSockets();
  await ada.isNotLive();
  wire.mend();
  await ada.isLive(40_000);
  const history = await view(ada, 'History');
  const ended = await history.getByRole('listitem').filter({ hasText: 'No. 1,' }).innerText();
  for (const words of ['1006', 'Broken off, no goodbye was heard', 'ended by the server or the network', 'not wasClean']) {
    assert.ok(ended.includes(words), ended);
  }
  assert.match(ended, /next try after [\d,]+ ms\n+then No. 2, WebSocket/);
  const again = await view(ada, 'Establishing');
  assert.notEqual(await again.locator('[data-step="key"]').innerText(), key, 'each connection has a key of its own');
  await again.getByRole('combobox').selectOption('1');
  await until('the first one is shown again', async () => (await again.locator('[data-step="key"]').innerText()) === key);
});

test(import.meta.url, 'the messages of both ways are listed, filtered, masked and held up', async (stage) => {
  const { ada } = await behindWire(stage);
  await ada.write('a secret plan');
  await ada.allStored();
  const frames = await view(ada, 'Frames');
  const rows = frames.getByRole('listitem');
  await frames.getByRole('searchbox').fill('secret plan');
  const kinds = () => frames.locator('.frame-kind').allInnerTexts();
  await until('what was sent and what came of it', async () => (await kinds()).includes('send') && (await kinds()).includes('event'));
  assert.ok(!(await kinds()).includes('hello'));
  await frames.getByRole('combobox').selectOption('out');
  await until('what was sent', async () => (await rows.count()) === 1);
  await rows.getByRole('button').click();
  const decoded = rows.locator('pre');
  assert.equal(JSON.parse(await decoded.innerText()).action.body, 'a secret plan');
  await frames.getByRole('checkbox').check();
  await until('it is hidden', async () => JSON.parse(await decoded.innerText()).action.body === '•'.repeat(13));
  await frames.getByRole('searchbox').fill('"send"');
  await frames.getByRole('button', { name: 'Pause' }).click();
  const before = await rows.count();
  await ada.write('while it is held up');
  await ada.allStored();
  await frames.getByRole('button', { name: 'Go on' }).waitFor();
  assert.equal(await rows.count(), before);
  await frames.getByRole('button', { name: 'Go on' }).click();
  await until('the newest one is there', async () => (await rows.count()) > before);
});

test(import.meta.url, 'what is recorded is saved for Wireshark and as a page, without what people wrote if that is wanted', async (stage) => {
  const { ada } = await behindWire(stage);
  await ada.say('a word of Ada');
  await ada.allStored();
  const frames = await view(ada, 'Frames');
  const saved = async (name) => {
    const download = ada.page.waitForEvent('download');
    await frames.getByRole('button', { name }).click();
    const file = await download;
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  };
  const capture = await saved('For Wireshark');
  assert.equal(capture.name, 'parlance.pcapng');
  assert.equal(capture.bytes.readUInt32LE(0), 0x0a0d0d0a, 'a section header block');
  assert.match(capture.bytes.toString('latin1'), /sec-websocket-accept: /i);
  assert.ok(capture.bytes.includes('"type":"stored"'), 'what the server sends is not masked');
  const page = await saved('As Markdown');
  assert.equal(page.name, 'parlance.md');
  assert.match(page.bytes.toString(), /^# Connections to `ws:\/\/127\.0\.0\.1:\d+\/ws`/);
  assert.ok(page.bytes.includes('a word of Ada'));
  const { address, connections } = JSON.parse((await saved('As JSON')).bytes.toString());
  assert.match(address, /^ws:/);
  assert.equal(connections.at(-1).handshake.headers.length > 0, true);
  await frames.getByRole('checkbox').check();
  const hidden = await saved('As Markdown');
  assert.ok(hidden.bytes.includes('stored'));
  assert.ok(!hidden.bytes.includes('a word of Ada'), 'what was written is hidden');
});

test(import.meta.url, 'the tabs are one stop for the keyboard, with arrows between them', async (stage) => {
  const { ada } = await behindWire(stage);
  await view(ada, 'Now');
  await ada.page.keyboard.press('ArrowRight');
  await ada.page.keyboard.press('ArrowRight');
  const chosen = ada.page.getByRole('tab', { selected: true });
  assert.equal(await chosen.innerText(), 'Frames');
  assert.ok(await chosen.evaluate((tab) => tab === document.activeElement));
  await ada.page.keyboard.press('Home');
  assert.equal(await chosen.innerText(), 'Establishing');
  assert.equal(await ada.page.locator('[role=tab][tabindex="0"]').count(), 1);
});

test(import.meta.url, 'the inspector at rest takes less than two of a hundred of a core, and holds no more than its messages', async (stage) => {
  const { server, ada } = await behindWire(stage);
  const bob = await stage.guest(server, 'Bob');
  const many = Array.from({ length: 700 }, (_, n) => `number ${n}`);
  await bob.sendAll(bob.room('lobby'), many);
  await ada.sees(many.at(-1), 60_000);
  const frames = await view(ada, 'Frames');
  const more = await frames.getByText(/more; use the filter/).innerText();
  await frames.getByRole('combobox').selectOption('in');
  await until('500 of one way are held', async () => /^400 more/.test(await frames.getByText(/more; use the filter/).innerText()));
  assert.ok(Number.parseInt(more, 10) <= 900, more);
  const spent = await meter(ada);
  for (const name of ['Frames', 'Now']) {
    await view(ada, name);
    await ada.isDrawn();
    await until(`${name} at rest takes less than 2 % of a core`, async () => (await restOf(ada, spent, stage, name)) < 2, 25_000);
  }
}, { alone: true, seconds: 120 });

/**
 * What the page takes in ten seconds, in hundredths of a core. Now and then the browser has work of its own in them (it
 * collects what 700 messages left behind, for one), which is over in the next ten; what the page does itself, it does in all.
 */
async function restOf(person, spent, stage, name) {
  const before = await spent();
  // At rest, so that there is nothing to wait for but the time itself.
  await person.page.waitForTimeout(10_000);
  const after = await spent();
  const percent = (metric) => (after[metric] - before[metric]) * 10;
  const parts = [['scripts', 'ScriptDuration'], ['layout', 'LayoutDuration'], ['styles', 'RecalcStyleDuration']];
  const said = parts.map(([part, metric]) => `${part} ${percent(metric).toFixed(2)}`).join(', ');
  stage.note(`${name} at rest: ${percent('TaskDuration').toFixed(2)} % of a core (${said})`);
  return percent('TaskDuration');
}
