import assert from 'node:assert/strict';
import {
  closeDialog, comeIn, expectRefusals, fillPassword, holdBack, makeAccount, member, openAccount, openOrder, owner, PASSWORD,
  shownLink, signInWithPassword,
} from '../stage/account.mjs';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const OVER = 'Your session has ended. Sign in to go on.';

// A10
test(import.meta.url, 'the printed address makes the owner once, and guests chat meanwhile', async (stage) => {
  const server = await stage.server();
  const guest = await stage.signedIn(server, 'Guest');
  await guest.say('is anybody here?');
  const ada = await owner(stage, server, 'Ada');
  assert.equal(new URL(ada.page.url()).hash, '', 'the code does not stay in the address bar');
  await ada.sees('is anybody here?');
  await ada.say('yes');
  await guest.log.locator('.message-head').getByText('Owner').waitFor();
  await openOrder(ada);
  await ada.dialog.getByRole('heading', { name: 'Who may come' }).waitFor();
  await closeDialog(ada);
  const eve = await stage.person(server, 'Eve');
  expectRefusals(eve);
  await eve.visit(await server.setup);
  await eve.page.getByLabel('Your name').fill('Eve');
  await eve.page.getByLabel('Password').fill(PASSWORD);
  await eve.page.keyboard.press('Enter');
  await eve.page.getByText('the link does not work any more').waitFor();
  await guest.openSettings();
  assert.equal(await guest.dialog.getByRole('button', { name: 'People and invitations' }).count(), 0);
});

// A8
test(import.meta.url, 'a guest becomes an account, and signs in as the same person in another browser', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await ada.say('as a guest');
  await makeAccount(ada);
  await ada.say('with an account');
  await ada.allStored();
  const second = await stage.person(server, 'ada');
  expectRefusals(second);
  await signInWithPassword(second, 'wrong password');
  await second.page.getByText('That did not work: the name or the password is wrong.').waitFor();
  await fillPassword(second, PASSWORD);
  await second.seesRoom();
  await second.sees('as a guest');
  const mine = (await second.timeline()).map(({ author, state }) => [author, state]);
  assert.deepEqual(mine, [['Ada', 'stored'], ['Ada', 'stored']], 'they are hers');
  const other = await stage.person(server, 'Ada');
  expectRefusals(other);
  await other.visit();
  await other.page.getByLabel('Your name').fill('АDA');
  await other.page.keyboard.press('Enter');
  await other.page.getByText('it is taken, or looks too much like one that is').waitFor();
});

// A11
test(import.meta.url, 'signing out everywhere else shows the sign-in there, and nothing here', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await makeAccount(ada);
  const second = await stage.person(server, 'Ada');
  expectRefusals(second);
  await signInWithPassword(second);
  await second.isLive();
  await openAccount(ada);
  await ada.dialog.getByText('This browser').waitFor();
  await ada.dialog.getByText('Open now').waitFor();
  const began = performance.now();
  await ada.dialog.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await second.page.getByText(OVER).waitFor();
  assert.ok(performance.now() - began < 2_000);
  await closeDialog(ada);
  await ada.say('still here');
  await ada.allStored();
  // The session ended while a message waited: it goes out when she is back.
  await second.button('I have an account').click();
  await fillPassword(second, PASSWORD);
  await second.sees('still here');
});

// A13
test(import.meta.url, 'an invitation lets somebody in when the door is closed', async (stage) => {
  const server = await stage.server();
  const ada = await owner(stage, server, 'Ada');
  await openOrder(ada);
  await ada.dialog.getByRole('button', { name: 'Make a link' }).click();
  const link = await shownLink(ada);
  await ada.dialog.getByText('1 person, until').waitFor();
  await ada.dialog.getByLabel('Anybody, as a guest with a name only').uncheck();
  await closeDialog(ada);

  const bob = await stage.person(server, 'Bob', { phone: false });
  expectRefusals(bob);
  await bob.visit();
  await bob.page.getByText('New people come here by invitation.').waitFor();
  await bob.visit(link);
  await bob.page.getByRole('heading', { name: 'You are invited' }).waitFor();
  await bob.page.reload();
  await bob.page.getByText('New people come here by invitation.').waitFor();
  await bob.visit(link);
  await comeIn(bob, PASSWORD);
  await bob.say('thank you');
  await ada.sees('thank you');

  const eve = await stage.person(server, 'Eve');
  expectRefusals(eve);
  await eve.visit(link);
  await eve.page.getByLabel('Your name').fill('Eve');
  await eve.page.keyboard.press('Enter');
  await eve.page.getByText('the link does not work any more').waitFor();
});

// A12
test(import.meta.url, 'a link carries the same person to a phone, once', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await ada.say('from the desk');
  await ada.allStored();
  await openAccount(ada);
  await ada.dialog.getByRole('button', { name: 'Continue on my phone' }).click();
  const link = await shownLink(ada);
  const phone = await stage.person(server, 'Ada', { phone: true });
  expectRefusals(phone);
  await phone.visit(link);
  await phone.page.getByRole('heading', { name: 'Go on here' }).waitFor();
  assert.equal(new URL(phone.page.url()).hash, '');
  await phone.button('Continue').click();
  await phone.room('lobby').click();
  await phone.sees('from the desk');
  assert.equal((await phone.timeline())[0].state, 'stored', 'it is hers there too');
  const other = await stage.person(server, 'Eve');
  expectRefusals(other);
  await other.visit(link);
  await other.button('Continue').click();
  await other.page.getByText('the link does not work any more').waitFor();
});

// A7, D7
test(import.meta.url, 'a new name and colour reach who is here, and who was away', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(server, 'Ada');
  const [here, away] = [await stage.signedIn(server, 'Here'), await stage.signedIn(wire, 'Away')];
  away.watch.expectUnreachable();
  await ada.say('hello');
  await away.sees('hello');
  await here.sees('hello');
  wire.cutSockets();
  await away.isNotLive();
  await openAccount(ada);
  await ada.dialog.getByLabel('Your name').fill('Countess');
  await ada.dialog.getByLabel('Status').fill('counting');
  await ada.dialog.getByRole('button', { name: 'Save' }).click();
  await ada.dialog.getByText('Saved.').waitFor();
  await ada.dialog.getByRole('radio', { name: 'Colour 7', exact: true }).check({ force: true });
  await closeDialog(ada);
  wire.mend();
  for (const person of [ada, here, away]) {
    await until(`${person.name} sees the name`, async () => (await person.timeline())[0]?.author === 'Countess', 45_000);
    const avatar = person.log.locator('.avatar').first();
    await until(`${person.name} sees the colour`, async () => (await avatar.getAttribute('data-tone')) === '6');
    await person.log.locator('.message-head').getByText('counting').waitFor();
  }
  await ada.page.locator('.rail-me').getByText('Countess').waitFor();
  await ada.page.reload();
  await ada.page.locator('.rail-me').getByText('Countess').waitFor();
});

// A7
test(import.meta.url, 'a colour stays chosen while the server has not answered, and goes back if it refuses', async (stage) => {
  const server = await stage.server();
  const [ada, bob] = [await stage.signedIn(server, 'Ada'), await stage.signedIn(server, 'Bob')];
  await bob.say('hello');
  await ada.sees('hello');
  const refuse = await holdBack(ada, /\/account(\?|$)/);
  await openAccount(ada);
  const color = ada.dialog.locator('.colors input:checked');
  const before = await color.getAttribute('aria-label');
  const other = before === 'Colour 7' ? 'Colour 6' : 'Colour 7';
  await ada.dialog.getByRole('radio', { name: other, exact: true }).check({ force: true });
  await openAccount(bob);
  await bob.dialog.getByLabel('Your name').fill('Bobby');
  await bob.dialog.getByRole('button', { name: 'Save' }).click();
  await until('Ada hears of another name', async () => (await ada.timeline())[0]?.author === 'Bobby');
  assert.equal(await color.getAttribute('aria-label'), other);
  refuse();
  await ada.dialog.getByText('That did not work').waitFor();
  assert.equal(await color.getAttribute('aria-label'), before);
});

// A14
test(import.meta.url, 'a role and the door stay as chosen while the server has not answered, and go back if it refuses', async (stage) => {
  const server = await stage.server();
  const ada = await owner(stage, server, 'Ada');
  await member(stage, server, 'Bob');
  await openOrder(ada);
  const role = ada.dialog.getByLabel('Role of Bob');
  const chosen = () => role.evaluate((field) => field.selectedOptions[0].label);
  const door = ada.dialog.getByLabel('Anybody, as a guest with a name only');
  const drawAnew = () => ada.dialog.getByRole('button', { name: 'Shut out Bob' }).click();
  const problem = ada.dialog.getByText('That did not work');

  const refuseRole = await holdBack(ada, /\/people\/\d+/);
  await role.selectOption('Moderator');
  await drawAnew();
  await ada.dialog.getByText('Also delete everything').waitFor();
  assert.equal(await chosen(), 'Moderator');
  const looked = ada.page.waitForResponse(/\/people\?text=Bob/);
  await ada.dialog.getByRole('searchbox').fill('Bob');
  await looked;
  await until('only Bob is listed', async () => (await ada.dialog.locator('.entry-role').count()) === 1);
  assert.equal(await chosen(), 'Moderator');
  refuseRole();
  await problem.waitFor();
  assert.equal(await chosen(), 'Member');

  const refuseDoor = await holdBack(ada, /\/door/);
  await door.click();
  await ada.dialog.getByRole('button', { name: 'Cancel' }).click();
  await until('it is drawn anew', async () => (await ada.dialog.getByText('Also delete everything').count()) === 0);
  assert.equal(await door.isChecked(), false);
  refuseDoor();
  await until('it goes back', () => door.isChecked());
});

// A14
test(import.meta.url, 'who is shut out sees the sign-in at once and is let in again', async (stage) => {
  const server = await stage.server();
  const ada = await owner(stage, server, 'Ada');
  const bob = await member(stage, server, 'Bob');
  await openOrder(ada);
  await ada.dialog.getByLabel('Role of Bob').selectOption('Moderator');
  await bob.openSettings();
  await bob.dialog.getByRole('button', { name: 'People and invitations' }).waitFor();
  await bob.page.keyboard.press('Escape');
  await ada.dialog.getByRole('button', { name: 'Shut out Bob' }).click();
  await ada.dialog.getByRole('button', { name: 'Shut out', exact: true }).click();
  await bob.page.getByRole('heading', { name: 'You are shut out' }).waitFor({ timeout: 3_000 });
  await bob.button('I have an account').click();
  await fillPassword(bob, PASSWORD);
  await bob.page.getByText('you are shut out of this server').waitFor();
  await ada.dialog.getByRole('button', { name: 'Let in Bob again' }).click();
  await ada.dialog.getByRole('button', { name: 'Shut out Bob' }).waitFor();
  await fillPassword(bob, PASSWORD);
  await bob.seesRoom();
});

// A5
test(import.meta.url, 'two accounts in two tabs of one browser are two people', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  await makeAccount(ada);
  const bob = await stage.tab(ada.page.context(), server, 'Bob');
  await bob.visit();
  await bob.seesRoom();
  await bob.useAnotherName();
  await bob.signIn('Bob');
  await makeAccount(bob);
  for (const [tab, name] of [[ada, 'Ada'], [bob, 'Bob']]) {
    await tab.reload();
    await openAccount(tab);
    assert.equal(await tab.dialog.getByLabel('Your name').inputValue(), name);
    await closeDialog(tab);
  }
});
