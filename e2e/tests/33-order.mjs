// Keeping order: an owner, a moderator and members, some of them away when it happens.

import assert from 'node:assert/strict';
import { closeDialog, fillPassword, member, openOrder, owner, PASSWORD } from '../stage/account.mjs';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

/** Takes somebody out of the room through the panel. */
async function takeOut(person, name, { ban = false, erase = false } = {}) {
  const panel = person.page.locator('#members');
  if ((await panel.count()) === 0) await person.button('People in this room').filter({ visible: true }).click();
  await panel.getByRole('button', { name: `Remove ${name} from the room` }).click();
  const dialog = person.page.getByRole('dialog', { name: `Remove ${name} from the room?` });
  if (ban) await dialog.getByText('Ban: they cannot come back').click();
  if (erase) await dialog.getByText('Also delete everything they said here').click();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** The notes in the rail about rooms that one was taken out of. */
function notes(person) {
  return person.page.locator('.taken-out p').allInnerTexts();
}

function quietLine(person, text) {
  return person.log.locator('.quiet-line', { hasText: text }).waitFor();
}

async function chooseSlow(person, label) {
  await person.button('About this room').click();
  await person.dialog.getByLabel('Slow mode').selectOption(label);
  await person.dialog.getByRole('button', { name: 'Save' }).click();
  await person.dialog.waitFor({ state: 'hidden' });
}

// O2, D5
test(import.meta.url, 'who is taken out is told by whom, at once or on return, on each device once', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(server, 'Ada');
  await ada.create('Tea');
  const bob = await stage.signedIn(server, 'Bob');
  const cy = await stage.signedIn(wire, 'Cy', { phone: true });
  cy.watch.expectUnreachable();
  await bob.join('Tea');
  await cy.button('Back to the rooms').click();
  await cy.join('Tea');
  wire.cut();
  await cy.isNotLive();
  await cy.say('said while away');
  for (const name of ['Bob', 'Cy']) await takeOut(ada, name);
  await quietLine(ada, 'Ada removed Bob');
  await until('Bob is told', async () => (await notes(bob)).includes('Ada removed you from Tea.'));
  await bob.page.getByText('Ada removed you from this room.').waitFor();
  const second = await stage.tab(bob.page.context(), server, 'Bob');
  await second.visit();
  await second.seesRoom();
  await until('the other tab says it', async () => (await notes(second)).length === 1);
  await bob.page.locator('.taken-out').getByRole('button', { name: 'Dismiss' }).click();
  for (const tab of [bob, second]) await until('it was read', async () => (await notes(tab)).length === 0);
  await second.reload();
  await second.isLive();
  assert.deepEqual(await notes(second), []);

  wire.mend();
  await cy.isLive(40_000);
  await cy.page.getByText('Ada removed you from this room.').waitFor();
  await cy.page.getByRole('button', { name: 'Join', exact: true }).click();
  await cy.isIn('Tea');
  assert.deepEqual(await notes(cy), [], 'whoever is back has nothing to be told');
});

// O3, O5
test(import.meta.url, 'who is banned from a room does not find it until the ban is lifted, and what they said goes', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await ada.create('Tea');
  const bob = await stage.signedIn(server, 'Bob');
  const cy = await stage.signedIn(server, 'Cy');
  for (const person of [bob, cy]) await person.join('Tea');
  for (const text of ['rude', 'ruder']) await bob.say(text);
  await cy.say('I stay');
  await ada.sees('I stay');
  await takeOut(ada, 'Bob', { ban: true, erase: true });
  await until('Bob is told', async () => (await notes(bob))[0] === 'Ada banned you from Tea.');
  await bob.page.getByText('Only those who look after it can let you in again').waitFor();
  assert.equal(await bob.page.locator('.nowhere').getByRole('button', { name: 'Join' }).count(), 0);
  for (const person of [ada, cy]) {
    const gone = person.log.getByText('Deleted by Ada');
    await until(`${person.name} sees that it was deleted, and by whom`, async () => (await gone.count()) === 2);
    assert.deepEqual(await person.bodies(), ['I stay']);
  }
  await bob.button('Browse rooms').click();
  await bob.dialog.getByRole('button', { name: 'Open lobby' }).waitFor();
  // What was listed before is shown until the server has answered.
  await until('it is not listed', async () => (await bob.dialog.getByRole('button', { name: 'Join Tea' }).count()) === 0);
  await closeDialog(bob);
  await ada.page.getByRole('button', { name: 'Lift the ban on Bob' }).click();
  await quietLine(ada, 'Ada lets Bob join again');
  await bob.join('Tea');
  await bob.sees('I stay');
});

// O4
test(import.meta.url, 'those who keep order delete what others said, also for who is away, and others cannot', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(server, 'Ada');
  await ada.create('Tea');
  const bob = await stage.signedIn(server, 'Bob');
  const cy = await stage.signedIn(wire, 'Cy');
  cy.watch.expectUnreachable();
  for (const person of [bob, cy]) await person.join('Tea');
  await bob.say('rude');
  await cy.sees('rude');
  await cy.actOn('rude', 'More');
  await cy.page.getByRole('menuitem', { name: 'Reply' }).waitFor();
  assert.equal(await cy.page.getByRole('menuitem', { name: 'Delete' }).count(), 0);
  await cy.page.keyboard.press('Escape');
  wire.cut();
  await cy.isNotLive();
  await ada.sees('rude');
  await ada.actOn('rude', 'More');
  await ada.page.getByRole('menuitem', { name: 'Delete' }).click();
  await ada.dialog.getByText('Everyone sees that you deleted it').waitFor();
  await ada.dialog.getByRole('button', { name: 'Delete' }).click();
  await bob.log.getByText('Deleted by Ada').waitFor();
  wire.mend();
  await cy.isLive(40_000);
  await cy.log.getByText('Deleted by Ada').waitFor();
  await cy.reload();
  await cy.log.getByText('Deleted by Ada').waitFor();
});

// O6, S8
test(import.meta.url, 'in a slow room what is written waits and goes out by itself, in order, and the composer takes text', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await ada.create('Tea');
  const bob = await stage.signedIn(server, 'Bob', { phone: true });
  await bob.button('Back to the rooms').click();
  await bob.join('Tea');
  await chooseSlow(ada, '5 seconds');
  await quietLine(bob, 'Ada turned on slow mode: 5 seconds between two messages');
  const hint = bob.page.locator('.composer .pace');
  await hint.getByText('Slow mode: 5 seconds between two messages').waitFor();
  for (const text of ['one', 'two', 'three']) await bob.say(text);
  await ada.sees('one');
  await hint.getByText('your next message can go out in').waitFor();
  await bob.message('two').locator('.tick[data-state="waiting"]').waitFor();
  assert.ok(await bob.composer.isEnabled());
  await ada.say('I need not wait');
  await ada.say('not at all');
  await bob.sees('not at all');
  await bob.page.reload();
  await bob.seesRoom();
  await bob.allStored(30_000);
  const said = (await ada.bodies()).filter((body) => ['one', 'two', 'three'].includes(body));
  assert.deepEqual(said, ['one', 'two', 'three']);
  await chooseSlow(ada, 'Off');
  await quietLine(bob, 'Ada turned off slow mode');
  await until('nothing is said below the composer', async () => !(await hint.isVisible()));
});

// O8, O7, O5
test(import.meta.url, 'a moderator shuts somebody out, who is told so, and the owner reads what was done', async (stage) => {
  const server = await stage.server();
  const ada = await owner(stage, server, 'Ada');
  const bob = await member(stage, server, 'Bob');
  const cy = await member(stage, server, 'Cy');
  await openOrder(ada);
  await ada.dialog.getByLabel('Role of Bob').selectOption('Moderator');
  await until('Bob is a moderator', () => bob.page.locator('.shell').evaluate(() => true));
  await closeDialog(ada);
  await cy.say('rude');
  await ada.sees('rude');
  await openOrder(bob);
  const people = bob.dialog.getByRole('region', { name: 'People' });
  await people.getByText('Cy', { exact: true }).waitFor();
  assert.equal(await people.getByRole('combobox').count(), 0, 'no roles to give');
  assert.ok(!(await people.getByRole('button', { name: 'Shut out Ada' }).isVisible()));
  await people.getByRole('button', { name: 'Shut out Cy' }).click();
  await people.getByText('Also delete everything they wrote').click();
  await people.getByRole('button', { name: 'Shut out', exact: true }).click();
  await cy.page.getByRole('heading', { name: 'You are shut out' }).waitFor({ timeout: 3_000 });
  await ada.log.getByText('Deleted by Bob').waitFor();
  await cy.page.reload();
  await cy.page.getByRole('heading', { name: 'You are shut out' }).waitFor();
  await cy.button('I have an account').click();
  await fillPassword(cy, PASSWORD);
  await cy.page.getByText('you are shut out of this server').waitFor();
  await people.getByRole('button', { name: 'Let in Cy again' }).click();
  await people.getByRole('button', { name: 'Shut out Cy' }).waitFor();
  await fillPassword(cy, PASSWORD);
  await cy.seesRoom();

  await openOrder(ada);
  const done = ada.dialog.getByRole('region', { name: 'What was done' });
  const lines = () => done.locator('.deed > span:first-child').allInnerTexts();
  await until('the owner reads it', async () => (await lines()).length === 4);
  assert.deepEqual(await lines(), [
    'Bob let Cy in again',
    'Bob had everything deleted that Cy wrote',
    'Bob shut Cy out',
    'Ada changed the role of Bob: Moderator',
  ]);
  await ada.dialog.getByRole('button', { name: 'What Ada did, and what was done to them' }).click();
  await until('only what Ada did', async () => (await lines()).length === 1);
  await done.getByRole('button', { name: 'Show everybody' }).click();
  await until('everything again', async () => (await lines()).length === 4);
});
