import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { notes, png } from '../stage/image.mjs';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const attached = (person) => person.page.locator('.attached');

/** Chooses files with the button, as the browser's own window would. */
async function choose(person, files) {
  await person.page.locator('#composer-files').setInputFiles(files);
  await until('the files are in the composer', async () => (await attached(person).count()) >= files.length);
}

/** Lets files come by a paste or a drop. */
function bring(person, kind, files) {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, bytes: buffer.toString('base64') }));
  return person.page.evaluate(([kind, given]) => {
    const data = new DataTransfer();
    for (const { name, mimeType, bytes } of given) {
      const buffer = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
      data.items.add(new File([buffer], name, { type: mimeType }));
    }
    const target = document.querySelector(kind === 'paste' ? '#composer' : '.timeline');
    const event = kind === 'paste'
      ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
      : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
    target.dispatchEvent(event);
  }, [kind, given]);
}

/** The images on the screen that are there, by name, with the place that they take. */
function pictures(person) {
  return person.log.locator('.picture img').evaluateAll((all) => all.filter((image) => image.complete && image.naturalWidth > 0)
    .map((image) => [image.alt, image.width, image.height, image.currentSrc.startsWith('blob:')]));
}

const fileNames = (person) => person.log.locator('.file .file-name').allInnerTexts();

const seesPicture = (person, name) =>
  until(`${person.name} sees ${name}`, async () => (await pictures(person)).some(([alt, , , local]) => alt === name && !local));

// B1, B5, B6
test(import.meta.url, 'an image and a file arrive, the image in small and the file to be saved', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob', { phone: true });
  await choose(ada, [png('harbour.png', 1_200, 800), notes('list.txt')]);
  await ada.type('look at this');
  await ada.page.keyboard.press('Enter');
  assert.equal(await attached(ada).count(), 0);
  await ada.allStored();
  for (const person of [ada, bob]) {
    await seesPicture(person, 'harbour.png');
    assert.deepEqual(await fileNames(person), ['list.txt']);
  }
  assert.deepEqual(await bob.bodies(), ['look at this']);
  const [, width, height] = (await pictures(ada))[0];
  assert.deepEqual([width, height], [360, 240]);

  const saving = bob.page.waitForEvent('download');
  await bob.log.locator('a.file').click();
  const saved = await saving;
  assert.equal(saved.suggestedFilename(), 'list.txt');
  assert.equal(await readFile(await saved.path(), 'utf8'), 'milk, eggs, tea');
});

test(import.meta.url, 'images are looked at one after the other, and the focus comes back', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  for (const name of ['one.png', 'two.png', 'three.png']) {
    await choose(ada, [png(name)]);
    await ada.composer.press('Enter');
    await seesPicture(ada, name);
  }
  const opened = ada.log.getByRole('button', { name: 'two.png' });
  await opened.focus();
  await ada.page.keyboard.press('Enter');
  const viewer = ada.page.getByRole('dialog', { name: 'two.png' });
  await viewer.getByRole('img', { name: 'two.png' }).waitFor();
  assert.equal(await viewer.getByRole('status').innerText(), '2 of 3');
  await ada.page.keyboard.press('ArrowRight');
  await ada.page.getByRole('dialog', { name: 'three.png' }).waitFor();
  await ada.page.keyboard.press('ArrowRight');
  await ada.page.keyboard.press('ArrowLeft');
  await ada.page.keyboard.press('ArrowLeft');
  const first = ada.page.getByRole('dialog', { name: 'one.png' });
  await first.waitFor();
  assert.ok(await first.getByRole('button', { name: 'Previous image' }).isDisabled());
  await ada.page.keyboard.press('Escape');
  await until('the focus is where it was', () => opened.evaluate((element) => element === document.activeElement));
});

// B9, P5
test(import.meta.url, 'what is sent without a connection is kept with its files over a reload, and arrives once and in order', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(wire, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  ada.watch.expectUnreachable();
  wire.cutSockets();
  await ada.isNotLive();
  await ada.say('before');
  await choose(ada, [png('kept.png', 900, 900), notes('kept.txt')]);
  await ada.say('with files');
  await ada.say('behind');
  await choose(ada, [png('not sent yet.png')]);
  await ada.type('half a sen');
  await until('the image is shown from here', async () => (await pictures(ada)).some(([alt, , , local]) => alt === 'kept.png' && local));

  await ada.reload();
  await until('everything is back', async () => (await ada.timeline()).filter(({ state }) => state === 'queued').length === 3);
  await until('with the image', async () => (await pictures(ada)).some(([alt, , , local]) => alt === 'kept.png' && local));
  assert.equal(await ada.composer.inputValue(), 'half a sen');
  assert.deepEqual(await attached(ada).locator('.file-name').allInnerTexts(), ['not sent yet.png']);

  wire.mend();
  await ada.isLive(40_000);
  await ada.allStored(30_000);
  await seesPicture(bob, 'kept.png');
  await bob.sees('behind');
  for (const person of [ada, bob]) {
    assert.deepEqual(await person.bodies(), ['before', 'with files', 'behind']);
    assert.deepEqual(await fileNames(person), ['kept.txt']);
  }
  await ada.composer.press('Enter');
  await seesPicture(bob, 'not sent yet.png');
  await until('nothing is kept any more', async () => (await ada.keptFiles()) === 0);
});

test(import.meta.url, 'files come by paste and by drop, are taken away again, and need no words', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  await bring(ada, 'paste', [png('pasted.png')]);
  await attached(ada).first().waitFor();
  await bring(ada, 'dragover', [notes('dropped.txt')]);
  await ada.page.locator('.conversation[data-drop="true"]').waitFor();
  await bring(ada, 'drop', [notes('dropped.txt'), notes('wrong.txt')]);
  await until('all three are there', async () => (await attached(ada).count()) === 3);
  assert.equal(await ada.page.locator('.conversation[data-drop="true"]').count(), 0);
  await ada.button('Remove wrong.txt').click();
  assert.deepEqual(await attached(ada).locator('.file-name').allInnerTexts(), ['pasted.png', 'dropped.txt']);
  await ada.composer.focus();
  await ada.page.keyboard.press('Enter');
  await ada.allStored();
  await seesPicture(bob, 'pasted.png');
  assert.deepEqual(await fileNames(bob), ['dropped.txt']);

  const many = Array.from({ length: 12 }, (_, n) => notes(`${n}.txt`));
  await choose(ada, many.slice(0, 3));
  await ada.page.locator('#composer-files').setInputFiles(many.slice(3));
  await ada.page.getByText('2 files were left out: a message carries 10.').waitFor();
  await until('ten are there', async () => (await attached(ada).count()) === 10);
});

// B8
test(import.meta.url, 'a message that only carries files is answered and deleted like any other', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  await choose(ada, [notes('plan.txt')]);
  await ada.composer.press('Enter');
  await until('Bob has it', async () => (await fileNames(bob)).length === 1);
  const row = (person) => person.log.locator('.row', { has: person.page.locator('.file') });
  await row(bob).hover();
  await row(bob).getByRole('toolbar').getByRole('button', { name: 'Reply' }).click();
  await bob.say('a good one');
  await ada.sees('a good one');
  assert.match(await ada.log.locator('.quote').innerText(), /plan\.txt/);
  await row(ada).hover();
  await row(ada).getByRole('toolbar').getByRole('button', { name: 'More' }).click();
  await ada.page.getByRole('menuitem', { name: 'Delete' }).click();
  await ada.dialog.getByRole('button', { name: 'Delete' }).click();
  await until('it is gone for Bob', async () => (await fileNames(bob)).length === 0);
  await bob.log.getByText('Message deleted').first().waitFor();
});

// B3
test(import.meta.url, 'a file that is too large is refused with the reason, and the message can be written anew', async (stage) => {
  const server = await stage.server('--file-mib', '1');
  const ada = await stage.signedIn(server, 'Ada');
  // The browser says so of every refusal.
  ada.watch.expected.push(/status of 413/);
  await choose(ada, [notes('large.txt', 'x'.repeat(1_100_000)), notes('small.txt')]);
  await ada.say('two files');
  const trouble = ada.page.locator('.trouble[data-state="failed"]');
  await trouble.getByText('a file has 1 MiB at most').waitFor();
  await ada.say('the next one goes');
  await until('it is stored', async () => (await ada.timeline()).some(({ body, state }) => body === 'the next one goes' && state === 'stored'));
  await trouble.getByRole('button', { name: 'Edit' }).click();
  assert.deepEqual(await attached(ada).locator('.file-name').allInnerTexts(), ['large.txt', 'small.txt']);
  await ada.button('Remove large.txt').click();
  await ada.composer.press('Enter');
  await ada.allStored();
  assert.deepEqual(await fileNames(ada), ['small.txt']);
});
