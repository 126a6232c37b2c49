import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const REFUSED = [
  ['', 'Type a name first.'],
  ['   ', 'Type a name first.'],
  ['x'.repeat(41), 'That name will not do: too long: 41, and 40 is the limit.'],
  ['Ada\u202egnitirw', 'That name will not do: it has an invisible or control character.'],
  ['A\u200bda', 'That name will not do: it has an invisible or control character.'],
];

test(import.meta.url, 'names that will not do are refused in words, and the text is kept', async (stage) => {
  const server = await stage.server();
  const ada = await stage.person(server, 'Ada');
  await ada.visit();
  const field = ada.page.getByLabel('Your name');
  for (const [name, why] of REFUSED) {
    await field.fill(name);
    await field.press('Enter');
    await ada.page.getByText(why).waitFor();
    assert.equal(await field.inputValue(), name);
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    assert.equal(await ada.focusedId(), 'name', 'the field has the focus');
  }
  await field.fill('  阿达  🎈 ');
  await field.press('Enter');
  await ada.seesRoom();
  await ada.isLive();
  await ada.say('in');
  await ada.sees('in');
  assert.equal((await ada.timeline())[0].author, '阿达 🎈');
});

test(import.meta.url, 'signing out returns to the sign-in, for good', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await ada.say('hello');
  await ada.allStored();
  await ada.signOut();
  await ada.page.getByLabel('Your name').waitFor();
  await ada.page.reload();
  await ada.page.getByLabel('Your name').waitFor();
  await ada.signIn('Ada the second');
  await ada.sees('hello');
  assert.equal((await ada.timeline())[0].state, null, 'the message belongs to another person');
});

test(import.meta.url, 'a session that is revoked elsewhere shows the sign-in, and nothing waiting is lost', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(wire, 'Ada');
  ada.watch.expectUnreachable();
  wire.cutSockets();
  await ada.isNotLive();
  await ada.say('still to be sent');
  await stage.revoke(server, ada);
  wire.mend();
  await ada.page.getByText('Your session has ended. Sign in to go on.').waitFor({ timeout: 40_000 });
  await ada.page.getByText('1 message is not sent yet and kept here').waitFor();
  await ada.signIn('Ada again');
  await ada.sees('still to be sent');
  await ada.allStored();
  assert.deepEqual(await ada.timeline(), [{ author: 'Ada again', body: 'still to be sent', state: 'stored' }]);
});

test(import.meta.url, 'a live tab notices at once that its session was revoked', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await stage.revoke(server, ada);
  await ada.page.getByText('Your session has ended. Sign in to go on.').waitFor();
});

test(import.meta.url, 'one browser holds two names in two tabs, and each tab keeps its own', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.tab(ada.page.context(), server, 'Bob');
  await bob.visit();
  await bob.seesRoom();
  await bob.useAnotherName();
  await bob.signIn('Bob');
  await ada.say('from the first tab');
  await bob.sees('from the first tab');
  await bob.say('from the second tab');
  await ada.sees('from the second tab');
  for (const tab of [ada, bob]) {
    await tab.reload();
    await tab.isLive();
    await tab.sees('from the second tab');
    assert.deepEqual((await tab.timeline()).map(({ author }) => author), ['Ada', 'Bob']);
  }
  assert.deepEqual((await ada.timeline()).map(({ state }) => state), ['stored', null]);
  assert.deepEqual((await bob.timeline()).map(({ state }) => state), [null, 'stored']);
});

test(import.meta.url, 'an address that is none of ours shows the app', async (stage) => {
  const server = await stage.server();
  const ada = await stage.person(server, 'Ada');
  await ada.visit('/no/such/page');
  await ada.signIn();
  await ada.visit('/neither/this');
  await ada.seesRoom();
  await ada.isLive();
  await ada.visit('/r/ffffffffffffffff');
  await ada.page.getByText('You are not in this room').waitFor();
  await ada.page.getByRole('main').getByRole('button', { name: 'Join' }).click();
  await ada.page.getByText('You could not join the room: there is no such room, or you are not in it').waitFor();
});
