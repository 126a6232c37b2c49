import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

// Fewer than a page holds when one writes (80 rows): whatever the moment of the kill, both pages have all.
const EACH = 36;
const line = (name, n) => `${name} ${n}`;

/** Writes from..to, waiting at each step only until the composer has taken the text. */
async function write(person, from, to) {
  for (let n = from; n <= to; n++) await person.say(line(person.name, n));
}

test(
  import.meta.url,
  'a server killed while both write loses, doubles and reorders nothing',
  async (stage) => {
    const server = await stage.server();
    const people = [await stage.signedIn(server, 'Ada'), await stage.signedIn(server, 'Bob')];
    const [ada, bob] = people;
    for (const person of people) person.watch.expectUnreachable();

    const streams = Promise.all(people.map((person) => write(person, 1, EACH)));
    await Promise.all([ada.sees(line('Bob', 10)), bob.sees(line('Ada', 10))]);
    await server.kill();
    await Promise.all(people.map((person) => person.isNotLive()));
    await streams;
    await ada.say('written while it was down');
    await until('it is shown as waiting', async () => {
      const mine = (await ada.timeline()).find(({ body }) => body === 'written while it was down');
      return mine?.state === 'queued';
    });
    assert.ok(!(await bob.bodies()).includes('written while it was down'));

    await server.start();
    await Promise.all(people.map((person) => person.isLive(40_000)));
    for (const person of people) {
      await person.sees('written while it was down', 30_000);
      await person.sees(line('Ada', EACH), 30_000);
      await person.sees(line('Bob', EACH), 30_000);
      await person.allStored(30_000);
    }
    const [hers, his] = await Promise.all(people.map((person) => person.timeline()));
    const plain = ({ author, body }) => `${author}: ${body}`;
    assert.deepEqual(hers.map(plain), his.map(plain), 'both see the same');

    const reader = await stage.guest(server, 'Reader');
    const log = await reader.messages(reader.room('lobby'));
    assert.deepEqual(log.map(plain), hers.map(plain), 'what they see is what the log holds');
    for (const { name } of people) {
      const numbered = log.filter(({ body }) => body.startsWith(`${name} `)).map(({ body }) => body);
      assert.deepEqual(numbered, Array.from({ length: EACH }, (_, n) => line(name, n + 1)), `${name}'s stream`);
    }
    assert.equal(log.length, 2 * EACH + 1);
  },
  { seconds: 150 },
);

test(
  import.meta.url,
  'the banner counts down, and "try now" does not wait',
  async (stage) => {
    const server = await stage.server();
    const ada = await stage.signedIn(server, 'Ada');
    ada.watch.expectUnreachable();
    await server.kill();
    await ada.isNotLive();
    await ada.say('one that waits');
    // The waits grow with every attempt and are random: one of several seconds comes within a few.
    const countdown = ada.page.locator('.banner .countdown');
    await until('the banner says reconnecting, in seconds, and what waits', async () => {
      const text = await ada.page.locator('.banner[data-shown="true"]').innerText();
      return /Reconnecting/.test(text) && /in ([4-9]|1\d|20) s/.test(text) && /1 message waits/.test(text);
    }, 60_000);
    const first = Number(/\d+/.exec(await countdown.innerText())[0]);
    await until('it counts down', async () => Number(/\d+/.exec(await countdown.innerText())[0]) < first, 5_000);
    await server.start();
    const began = performance.now();
    await ada.button('Try now').click();
    await ada.isLive();
    stage.note(`"try now" brought the page back in ${Math.round(performance.now() - began)} ms, ${first} s were announced`);
    await ada.allStored();
    assert.equal(await ada.page.locator('.banner[data-shown="true"]').count(), 0, 'no banner when all is well');
    assert.equal(await ada.sees('one that waits'), 1);
  },
  { seconds: 120 },
);
