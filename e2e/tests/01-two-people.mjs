import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const SAID = [
  ['Ada', 'Hello, is anybody there?'],
  ['小明', '在呢，早上好！'],
  ['Ada', 'Emoji too: 👋🏽 👨‍👩‍👧‍👦 🇨🇳 é ñ ß'],
  ['小明', '第一行\nsecond line\n\n    第四行 with spaces'],
  ['Ada', '<b>not bold</b> &amp; https://example.org/a?b=c&d=(e)'],
  ['小明', '🎉'],
];

test(import.meta.url, 'two people chat both ways and see the same', async (stage) => {
  const server = await stage.server();
  const people = { Ada: await stage.signedIn(server, 'Ada'), 小明: await stage.signedIn(server, '小明') };
  for (const [author, body] of SAID) {
    await people[author].say(body);
    for (const person of Object.values(people)) assert.equal(await person.sees(body), 1, body);
  }
  for (const person of Object.values(people)) {
    await person.allStored();
    const seen = (await person.timeline()).map(({ author, body }) => [author, body]);
    assert.deepEqual(seen, SAID);
  }
});

test(import.meta.url, 'a reload keeps the name and the history', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  await ada.say('before the reload');
  await bob.say('answered');
  await ada.sees('answered');
  await ada.allStored();
  await ada.reload();
  await ada.isLive();
  await ada.say('after the reload');
  await bob.sees('after the reload');
  const expected = [
    ['Ada', 'before the reload'],
    ['Bob', 'answered'],
    ['Ada', 'after the reload'],
  ];
  for (const person of [ada, bob]) {
    await until('all is seen', async () => (await person.bodies()).length === expected.length);
    assert.deepEqual((await person.timeline()).map(({ author, body }) => [author, body]), expected);
  }
});

test(import.meta.url, 'two tabs of one person show the same', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const second = await stage.tab(ada.page.context(), server, 'Ada in a second tab');
  await second.visit();
  await second.seesRoom();
  await second.isLive();
  await ada.say('from the first');
  await second.sees('from the first');
  await second.say('from the second');
  await ada.sees('from the second');
  await second.allStored();
  for (const tab of [ada, second]) {
    assert.deepEqual(await tab.timeline(), [
      { author: 'Ada', body: 'from the first', state: 'stored' },
      { author: 'Ada', body: 'from the second', state: 'stored' },
    ]);
  }
});
