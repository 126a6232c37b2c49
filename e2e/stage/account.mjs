// What a person does about accounts: the dialogs, and the links that come out of them.

import assert from 'node:assert/strict';

export const PASSWORD = 'correct horse';

// What the server refuses on purpose stands on the console of the browser.
const REFUSED = /^Failed to load resource: the server responded with a status of 4\d\d/;

/** From here on the server may refuse what the person asks for. */
export function expectRefusals(person) {
  person.watch.expected.push(REFUSED);
}

/** What is sent there from now on is not answered until the returned function is called, and is refused then. */
export async function holdBack(person, address) {
  let refuse;
  const refused = new Promise((resolve) => { refuse = resolve; });
  expectRefusals(person);
  await person.page.route(address, async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    await refused;
    return route.fulfill({ status: 409, json: { error: { code: 'archived' } } });
  });
  return refuse;
}

export async function openAccount(person) {
  await openFromSettings(person, 'Your account');
  await person.dialog.getByRole('heading', { name: 'What others see' }).waitFor();
}

export async function openOrder(person) {
  await openFromSettings(person, 'People and invitations');
  await person.dialog.getByRole('heading', { name: 'Invitations', exact: true }).waitFor();
}

async function openFromSettings(person, name) {
  await person.openSettings();
  await person.dialog.getByRole('button', { name }).click();
}

export async function closeDialog(person) {
  await person.dialog.getByRole('button', { name: 'Close' }).click();
  await person.dialog.waitFor({ state: 'hidden' });
}

/** Makes an account of a guest. */
export async function makeAccount(person, password = PASSWORD) {
  await openAccount(person);
  await person.dialog.getByLabel('Password', { exact: true }).fill(password);
  await person.dialog.getByRole('button', { name: 'Make an account' }).click();
  await person.dialog.getByText('Saved.').waitFor();
  await closeDialog(person);
}

/** Somebody who has set up a server, and may be refused things. */
export async function owner(stage, server, name) {
  const person = await stage.person(server, name);
  expectRefusals(person);
  await setUp(server, person);
  return person;
}

/** Somebody with an account, who may be refused things. */
export async function member(stage, server, name) {
  const person = await stage.signedIn(server, name);
  expectRefusals(person);
  await makeAccount(person);
  return person;
}

/** Comes in with the page that the server printed. */
async function setUp(server, person) {
  await person.visit(await server.setup);
  await comeIn(person, PASSWORD);
}

/** Fills the form of a link that was followed. */
export async function comeIn(person, password) {
  await person.page.getByLabel('Your name').fill(person.name);
  if (password) await person.page.getByLabel('Password').fill(password);
  await person.page.getByRole('button', { name: 'Come in' }).click();
  await person.seesRoom();
  await person.isLive();
}

export async function signInWithPassword(person, password = PASSWORD) {
  await person.visit();
  await person.button('I have an account').click();
  await fillPassword(person, password);
}

export async function fillPassword(person, password) {
  await person.page.getByLabel('Your name').fill(person.name);
  await person.page.getByLabel('Password').fill(password);
  await person.page.getByLabel('Password').press('Enter');
}

/** The path of the link that is shown, which is drawn as a QR code too. */
export async function shownLink(person) {
  const field = person.dialog.getByLabel('Link', { exact: true });
  await field.waitFor();
  const url = new URL(await field.inputValue());
  const drawn = await person.dialog.getByRole('img', { name: 'The link as a QR code' }).locator('path').getAttribute('d');
  assert.ok(drawn.length > 500, drawn);
  return url.pathname + url.hash;
}
