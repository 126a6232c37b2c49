import assert from 'node:assert/strict';
import { PAYLOADS } from '../stage/payloads.mjs';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

// What a message may consist of, and what each of these may have. Nothing else is ever to be found in one.
const OWN = {
  p: ['dir'], strong: [], em: [], s: [], code: [], blockquote: [], ol: ['role'], ul: ['role'], li: ['dir'],
  a: ['href', 'target', 'rel', 'title'], span: ['class', 'dir', 'hidden'], div: ['class', 'dir'], pre: ['tabindex', 'role', 'aria-label'],
  button: ['type', 'class', 'aria-label', 'title'], svg: ['class', 'viewBox', 'aria-hidden', 'focusable'], path: ['d'],
};

/** Counts dialogs, reports of the content security policy, and calls of what the payloads call. */
async function guarded(person) {
  const seen = [];
  person.page.on('dialog', (dialog) => {
    seen.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  person.page.on('popup', (page) => seen.push(`a window: ${page.url()}`));
  await person.page.addInitScript(() => {
    window.seen = [];
    window.pwned = () => window.seen.push('a script of a message ran');
    addEventListener('securitypolicyviolation', (event) => window.seen.push(`a report: ${event.violatedDirective} ${event.blockedURI}`));
  });
  return async () => [...seen, ...(await person.page.evaluate(() => window.seen))];
}

/** Somebody who means ill, and somebody whose page is watched from the start. */
async function meet(stage) {
  const server = await stage.server('--send-rate', '100000');
  const mallory = await stage.guest(server, 'Mallory');
  const lobby = mallory.room('lobby');
  const ada = await stage.person(server, 'Ada');
  const seen = await guarded(ada);
  await ada.visit();
  await ada.signIn();
  return { server, mallory, lobby, ada, seen };
}

/** Waits for a message at the end, wherever the flood has left the reader. */
async function seesAtEnd(person, body) {
  await until(`${body} is there`, async () => {
    if ((await person.bodies()).includes(body)) return true;
    if (await person.toPresent.isVisible()) await person.toPresent.click();
    return false;
  });
}

/** What is in the page that is not ours. */
function strange(page) {
  return page.evaluate((own) => {
    const found = [];
    for (const body of document.querySelectorAll('.message-body')) {
      for (const element of body.querySelectorAll('*')) {
        const allowed = own[element.localName];
        if (!allowed) found.push(`<${element.localName}> in ${body.textContent.slice(0, 80)}`);
        const extra = [...element.attributes].filter(({ name }) => !allowed?.includes(name));
        found.push(...extra.map(({ name, value }) => `${element.localName} ${name}=${value}`));
        if (element.localName === 'a' && !['http:', 'https:', 'mailto:'].includes(element.protocol)) found.push(`a link to ${element.href}`);
        if (element.localName === 'a' && element.rel !== 'noopener noreferrer') found.push(`rel=${element.rel}`);
      }
    }
    for (const element of document.querySelectorAll('*')) {
      const handlers = [...element.attributes].filter(({ name }) => name.startsWith('on'));
      found.push(...handlers.map(({ name, value }) => `${element.localName} ${name}=${value}`));
      if (/^(iframe|object|embed|base|frame|math|portal|applet|img|video|audio|style)$/.test(element.localName)) found.push(`<${element.localName}>`);
    }
    const scripts = [...document.scripts].filter((script) => !script.src.startsWith(location.origin));
    return [...found, ...scripts.map((script) => script.outerHTML)];
  }, OWN);
}

/** People who make rooms, each fewer than a hundred. */
const MAKERS = 6;

test(import.meta.url, 'no message becomes more than text', async (stage) => {
  assert.ok(PAYLOADS.length >= 300, `${PAYLOADS.length} payloads`);
  const { mallory, lobby, ada, seen } = await meet(stage);
  // Each by itself while somebody looks on, and many in one message, in quotes and in lists, one behind the other.
  const many = [];
  for (let at = 0; at < PAYLOADS.length; at += 40) many.push(PAYLOADS.slice(at, at + 40).filter((payload) => payload.length < 300));
  const bodies = [
    ...PAYLOADS,
    ...many.map((part) => part.join('\n')),
    ...many.map((part) => part.map((payload) => `> ${payload.replaceAll('\n', '\n> ')}`).join('\n')),
    ...many.map((part) => part.map((payload) => `- **${payload}**`).join('\n')),
    ...many.map((part) => part.join(' ')),
  ];
  const answers = [];
  for (let at = 0; at < bodies.length; at += 60) {
    const part = bodies.slice(at, at + 60);
    answers.push(...(await Promise.all(part.map((body) => mallory.send(lobby, body)))));
    await mallory.send(lobby, `part ${at} is over`);
    await seesAtEnd(ada, `part ${at} is over`);
    assert.deepEqual(await strange(ada.page), [], `part ${at}`);
  }
  const stored = answers.filter((answer) => answer.type === 'stored').length;
  stage.note(`${PAYLOADS.length} payloads in ${bodies.length} messages, ${stored} of them stored`);
  assert.ok(stored >= 300);
  // What is pointed at and has the focus shows more.
  for (const link of (await ada.page.locator('.message-body a').all()).slice(-10)) await link.hover();
  await ada.page.keyboard.press('Tab');
  assert.deepEqual(await seen(), []);
});

test(import.meta.url, 'no name, topic or room name becomes more than text', async (stage) => {
  const { server, mallory, lobby, ada, seen } = await meet(stage);
  const tried = { names: 0, topics: 0, rooms: 0 };
  // One person may not make so many rooms.
  const makers = [];
  for (let n = 0; n < MAKERS; n++) makers.push(await stage.guest(server, `Maker ${n}`));
  for (const [n, payload] of PAYLOADS.entries()) {
    const line = payload.replaceAll('\n', ' ');
    // As much of it as a topic takes.
    const topic = [...line].slice(0, 200).join('');
    tried.topics += (await mallory.act(lobby, { kind: 'topic', topic })).type === 'stored' ? 1 : 0;
    const room = [...line].slice(0, 60).join('');
    const made = await makers[n % MAKERS].create(room).catch(() => null);
    tried.rooms += made ? 1 : 0;
  }
  const short = PAYLOADS.map((payload) => payload.replaceAll('\n', ' ').replace('pwned(1)', 'pwned()')).filter((payload) => payload.length <= 40);
  for (const name of short) {
    const answer = await fetch(`${server.origin}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    tried.names += answer.status === 201 ? 1 : 0;
  }
  stage.note(`stored: ${tried.names} names, ${tried.topics} topics, ${tried.rooms} names of rooms`);
  assert.ok(tried.names >= 30 && tried.topics >= 300 && tried.rooms >= 200, JSON.stringify(tried));
  await mallory.send(lobby, 'all of it was said');
  await seesAtEnd(ada, 'all of it was said');
  await until('the topic is in the head', async () => (await ada.page.locator('.place-topic').innerText()) !== '');
  await ada.button('Browse rooms').click();
  await until('the directory lists them', async () => (await ada.dialog.getByRole('listitem').count()) > 200);
  assert.deepEqual(await strange(ada.page), []);
  await ada.page.keyboard.press('Escape');
  await ada.log.evaluate((log) => log.scrollTo(0, 0));
  assert.deepEqual(await strange(ada.page), []);
  assert.deepEqual(await seen(), []);
});

// B7
test(import.meta.url, 'no name of a file becomes more than text', async (stage) => {
  const { mallory, lobby, ada, seen } = await meet(stage);
  const names = PAYLOADS.map((payload) => payload.slice(0, 2_000));
  let target;
  for (let at = 0; at < names.length; at += 10) {
    const attachments = await Promise.all(names.slice(at, at + 10).map((name) => mallory.bring({ name, buffer: Buffer.from(`<script>pwned(${at})</script>`) })));
    for (const { name } of attachments) assert.ok(name.length <= 240 && !/[\u0000-\u001f\u202a-\u202e/\\]/.test(name), name);
    const answer = await mallory.act(lobby, { kind: 'message', attachments });
    assert.equal(answer.type, 'stored');
    target = answer.seq;
  }
  await mallory.act(lobby, { kind: 'message', body: 'all of it was brought', reply_to: target });
  await seesAtEnd(ada, 'all of it was brought');
  await until('the files are there', async () => (await ada.log.locator('a.file').count()) >= 10);
  assert.deepEqual(await strange(ada.page), []);
  await ada.log.locator('a.file').last().hover();
  assert.deepEqual(await seen(), []);
});
