import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const MEMBERS = 'People in this room';

/** Opens the panel and puts somebody into the room. */
async function add(person, name) {
  const panel = person.page.getByRole('complementary');
  if ((await panel.count()) === 0) await person.button(MEMBERS).click();
  await panel.getByRole('button', { name: 'Add people' }).click();
  await panel.getByRole('searchbox').fill(name);
  await panel.getByRole('button', { name: `Add ${name}` }).click();
  await until(`${name} is in the list`, async () => (await members(person)).includes(name));
}

/** Who is in the panel. */
function members(person) {
  return person.page.locator('#members .part > .people .person-name').allInnerTexts();
}

async function createPrivate(person, name) {
  await person.button('New room').click();
  await person.dialog.getByRole('radio', { name: 'Only who is in it' }).check();
  await person.dialog.getByRole('textbox').fill(name);
  await person.dialog.getByRole('textbox').press('Enter');
  await person.isIn(name);
}

/** Types into the switcher and goes where it says first. */
async function switchTo(person, text, goal) {
  await person.page.keyboard.press('Control+k');
  await person.dialog.getByRole('combobox').fill(text);
  const first = person.dialog.getByRole('option').first();
  await until(`${goal} is first`, async () => (await first.locator('.room-name').innerText().catch(() => '')) === goal);
  await person.page.keyboard.press('Enter');
  await person.dialog.waitFor({ state: 'hidden' });
}

/** What the lines between the messages say, without the time. */
function quietLines(person) {
  return person.log.locator('.quiet-line').evaluateAll((lines) => lines.map((line) => line.firstChild.textContent.trim()));
}

test(import.meta.url, 'a private room is seen by those who are put in, offline or not, and by no one else', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  const cy = await stage.signedIn(wire, 'Cy');
  const dan = await stage.signedIn(server, 'Dan');
  await createPrivate(ada, 'Plans');
  await ada.say('before the others');
  await add(ada, 'Bob');
  await bob.open('Plans');
  await bob.sees('before the others');
  await until('Bob reads who added him', async () => (await quietLines(bob)).some((line) => line.startsWith('Ada added you')));

  // Cy is away when it happens.
  wire.cut();
  cy.watch.expectUnreachable();
  await cy.isNotLive();
  await ada.page.getByRole('complementary').getByRole('searchbox').fill('Cy');
  await ada.page.getByRole('complementary').getByRole('button', { name: 'Add Cy' }).click();
  await until('Cy is in the list', async () => (await members(ada)).includes('Cy'));
  await ada.say('and Cy');
  wire.mend();
  await cy.isLive(40_000);
  await cy.open('Plans');
  await cy.sees('and Cy');

  // For Dan there is no such room: not in the directory, not by its address.
  assert.equal(await dan.room('Plans').count(), 0);
  await dan.button('Browse rooms').click();
  await dan.dialog.getByRole('button', { name: 'Open lobby' }).waitFor();
  assert.equal(await dan.dialog.getByText('Plans').count(), 0);
  await dan.page.keyboard.press('Escape');
  await dan.visit(`/r/${ada.roomId}`);
  await dan.page.getByText('You are not in this room').waitFor();
  await dan.page.getByRole('main').getByRole('button', { name: 'Join' }).click();
  await dan.page.getByText('there is no such room, or you are not in it').waitFor();

  // Who made it takes Bob out, and it is gone for him.
  await ada.button('Remove Bob from the room').click();
  await ada.dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await until('the room is gone', async () => (await bob.room('Plans').count()) === 0);
  await until('Bob is out of the list', async () => !(await members(ada)).includes('Bob'));
  await until('Cy reads it', async () => (await quietLines(cy)).includes('Ada removed Bob'));
});

test(import.meta.url, 'a direct message reaches who was away, and both write in one room', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(wire, 'Bob');
  wire.cut();
  bob.watch.expectUnreachable();
  await bob.isNotLive();
  await ada.button('New direct message').click();
  await ada.dialog.getByRole('searchbox').fill('bo');
  await ada.dialog.getByRole('button', { name: 'Choose Bob' }).click();
  await ada.dialog.getByRole('button', { name: 'Open conversation' }).click();
  await ada.isIn('Bob');
  await ada.page.getByText('This is the beginning of your conversation with Bob.').waitFor();
  wire.mend();
  await bob.isLive(40_000);
  assert.equal(await bob.room('Ada').count(), 0, 'nothing was said yet');
  await ada.say('are you there?');
  await ada.allStored();
  await bob.open('Ada');
  await bob.sees('are you there?');
  await bob.say('now I am');
  await ada.sees('now I am');
  assert.deepEqual(await quietLines(ada), [], 'who entered goes without saying');

  // Opened from the other side it is the same room.
  await bob.open('lobby');
  await bob.button(MEMBERS).click();
  await bob.button('Message Ada').click();
  await bob.isIn('Ada');
  assert.equal(bob.roomId, ada.roomId);
});

test(import.meta.url, 'the switcher goes to rooms and people by a few letters', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const zoe = await stage.signedIn(server, 'Zoë Quick');
  await ada.create('Team Alpha');
  await ada.open('lobby');
  await switchTo(ada, 'alp', 'Team Alpha');
  await ada.isIn('Team Alpha');
  await until('the composer has the focus', async () => (await ada.focused()) === 'Message Team Alpha');
  await switchTo(ada, 'zoe', 'Zoë Quick');
  await ada.isIn('Zoë Quick');
  await ada.say('hello Zoë');
  await zoe.open('Ada');
  await zoe.sees('hello Zoë');
  await switchTo(ada, 'LOB', 'lobby');
  await ada.isIn('lobby');

  // Now there is a room with her; the arrow keys go on, Esc leaves everything as it was.
  await ada.page.keyboard.press('Control+k');
  await ada.dialog.getByRole('combobox').fill('zq');
  await until('her initials find her once', async () => (await ada.dialog.getByRole('option').count()) === 1);
  await ada.page.keyboard.press('Escape');
  await ada.dialog.waitFor({ state: 'hidden' });
  await ada.isIn('lobby');
  await ada.page.keyboard.press('Control+k');
  const chosen = () => ada.dialog.locator('[aria-selected="true"] .room-name').innerText();
  await until('the rooms are listed', async () => (await ada.dialog.getByRole('option').count()) >= 3);
  const first = await chosen();
  await ada.page.keyboard.press('ArrowDown');
  await until('the next one is chosen', async () => (await chosen()) !== first);
  await ada.page.keyboard.press('ArrowUp');
  await until('the first one is chosen', async () => (await chosen()) === first);
});

test(import.meta.url, 'a room is renamed, archived, found and taken back', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(wire, 'Bob');
  await ada.create('Tea');
  await bob.join('Tea');
  await bob.say('still here');
  await ada.sees('still here');
  wire.cut();
  bob.watch.expectUnreachable();
  await bob.isNotLive();
  await ada.button('About this room').click();
  await ada.dialog.getByLabel('Room name').fill('Cake');
  // What happens in the room meanwhile does not take it away.
  const lin = await stage.guest(server, 'Lin');
  await lin.join(ada.roomId);
  await lin.sendAll(ada.roomId, ['a word from Lin']);
  await ada.sees('a word from Lin');
  assert.equal(await ada.dialog.getByLabel('Room name').inputValue(), 'Cake');
  await ada.dialog.getByRole('button', { name: 'Save' }).click();
  await ada.isIn('Cake');
  await ada.button('About this room').click();
  await ada.dialog.getByRole('button', { name: 'Archive this room' }).click();
  await ada.page.getByText('This room is archived.').waitFor();
  assert.equal(await ada.room('Cake').count(), 0);
  wire.mend();
  await bob.isLive(40_000);
  await bob.page.getByText('This room is archived.').waitFor();
  await until('it is called by its new name', async () => (await quietLines(bob)).includes('Ada renamed the room to Cake'));
  assert.equal(await bob.button('Take back').count(), 0, 'only who made it may');
  await bob.sees('still here');

  await ada.open('lobby');
  await ada.button('Browse rooms').click();
  await ada.dialog.getByRole('heading', { name: 'Archived' }).waitFor();
  await ada.dialog.getByRole('button', { name: 'Open Cake' }).click();
  await ada.button('Take back').click();
  await ada.composer.waitFor();
  await ada.say('and here again');
  await bob.sees('and here again');
  await ada.room('Cake').waitFor();
});

test(import.meta.url, 'several who join one after the other share a line', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await ada.create('Hall');
  const hall = ada.roomId;
  const names = ['Bob', 'Cy', 'Dan', 'Eve', 'Fay'];
  for (const [n, name] of names.entries()) {
    await (await stage.guest(server, name)).join(hall);
    const expected = ['Bob joined', 'Bob and Cy joined', 'Bob, Cy and Dan joined', 'Bob, Cy and 2 others joined', 'Bob, Cy and 3 others joined'][n];
    await until(expected, async () => {
      const lines = await quietLines(ada);
      return lines.length === 2 && lines[1].startsWith(expected);
    });
  }
});

test(import.meta.url, 'on a phone the switcher is a button and the members are a sheet', async (stage) => {
  const server = await stage.server();
  const lin = await stage.guest(server, 'Lin');
  const ada = await stage.signedIn(server, 'Ada', { phone: true });
  await ada.button(MEMBERS).click();
  await until('the sheet lists two', async () => (await members(ada)).length === 2);
  await ada.button('Message Lin').click();
  await ada.isIn('Lin');
  await ada.write('hello from a phone');
  await ada.allStored();
  await ada.button('Back to the rooms').click();
  await ada.button(/Go to/).filter({ visible: true }).first().click();
  await ada.dialog.getByRole('combobox').fill('lob');
  await ada.dialog.getByRole('option', { name: 'lobby' }).click();
  await ada.isIn('lobby');
  lin.close();
});
