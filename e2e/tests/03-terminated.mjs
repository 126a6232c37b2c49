import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';

test(import.meta.url, 'a planned restart exits with 0 within five seconds and brings every tab back', async (stage) => {
  const server = await stage.server();
  const people = [];
  for (const name of ['Ada', 'Bob', 'Cleo']) people.push(await stage.signedIn(server, name));
  for (const person of people) person.watch.expectUnreachable();
  await people[0].say('before');
  await people[2].sees('before');

  const { code, signal, ms } = await server.terminate();
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  assert.ok(ms < 5_000, `it took ${ms} ms`);
  stage.note(`SIGTERM with ${people.length} tabs open: exit 0 after ${Math.round(ms)} ms`);

  await Promise.all(people.map((person) => person.isNotLive()));
  await people[1].say('while it was away');
  await server.start();
  const began = performance.now();
  await Promise.all(people.map((person) => person.isLive(30_000)));
  stage.note(`all tabs live again ${Math.round(performance.now() - began)} ms after the start`);
  for (const person of people) {
    await person.sees('while it was away');
    assert.deepEqual(await person.bodies(), ['before', 'while it was away']);
  }
});
