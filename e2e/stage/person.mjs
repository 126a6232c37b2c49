// A person at a page: what they see and do, in words of the chat. The one place that knows the page's structure.

import { until } from './until.mjs';

export class Person {
  /** @param {boolean} phone on a phone the rooms are a view of their own, and the first one */
  constructor(page, origin, name, watch, phone) {
    this.page = page;
    this.phone = phone;
    this.origin = origin;
    this.name = name;
    this.watch = watch;
    this.log = page.getByRole('log');
    this.composer = page.locator('.composer textarea');
    // There is one in the rail and one in the head of the room, for the phone.
    this.status = page.locator('button[aria-controls="connection"]').filter({ visible: true });
    this.banner = page.locator('.banner[data-shown="true"]');
    this.dialog = page.getByRole('dialog');
    this.rooms = page.locator('.rooms').getByRole('link');
    this.toPresent = page.locator('.to-present');
  }

  button(name) {
    return this.page.getByRole('button', { name });
  }

  async visit(path = '/') {
    await this.page.goto(this.origin + path);
  }

  async signIn(name = this.name) {
    await this.page.getByRole('textbox').fill(name);
    await this.page.getByRole('textbox').press('Enter');
    if (this.phone) await this.room('lobby').click();
    await this.seesRoom();
    await this.isLive();
  }

  /** Waits until a room and its composer are there. */
  async seesRoom() {
    await this.log.waitFor();
    await this.composer.waitFor();
  }

  /** Waits until the page knows what the browser has kept. */
  async isRestored() {
    await this.page.locator('.shell[data-kept="kept"]').waitFor();
  }

  isLive(ms) {
    return until(`${this.name} is live`, async () => (await this.tone()) === 'good', ms);
  }

  isNotLive(ms) {
    return until(`${this.name} is not live`, async () => (await this.tone()) !== 'good', ms);
  }

  tone() {
    return this.page.evaluate(() => document.querySelector('[aria-controls="connection"]')?.dataset.tone);
  }

  /** Writes into the composer without sending. Lines are separated by Shift+Enter, as a person does it. */
  async type(text) {
    await this.composer.focus();
    for (const [n, line] of text.split('\n').entries()) {
      if (n > 0) await this.page.keyboard.press('Shift+Enter');
      await this.page.keyboard.insertText(line);
    }
  }

  async say(text) {
    await this.type(text);
    await this.page.keyboard.press('Enter');
  }

  /** Puts a text into the composer in one go and sends it. */
  async write(text) {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /**
   * The messages in the page, from the oldest: who, what, and how far an own one has come.
   * @returns {Promise<{author: string, body: string, state: string | null}[]>}
   */
  timeline() {
    return this.log.evaluate((log) => {
      // As typed, but for the signs of styles.
      const BLOCKS = new Set(['P', 'UL', 'OL', 'LI', 'BLOCKQUOTE', 'DIV', 'PRE']);
      const said = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return node.data;
        let text = '';
        for (const child of node.childNodes) {
          if (child.hidden) continue;
          if (text && BLOCKS.has(child.tagName)) text += '\n';
          text += child.className === 'marker' ? child.textContent.replace('•', '-') : said(child);
        }
        return text;
      };
      let author = null;
      return [...log.querySelectorAll('.message')].map((message) => {
        if (message.dataset.first === 'true') author = message.querySelector('.message-author').textContent;
        const state = message.querySelector('.tick')?.dataset.state ?? null;
        const body = message.querySelector('.message-body');
        return { author, body: body && said(body), state };
      });
    });
  }

  /** What the messages say; those that were deleted say nothing. */
  async bodies() {
    return (await this.timeline()).map((message) => message.body).filter((body) => body !== null);
  }

  /** What the browser keeps in its outbox, in order, of whoever uses it. */
  async kept() {
    return (await this.#keptIn('outbox')).map((record) => JSON.parse(record.draft));
  }

  /** What the browser keeps of the composers. */
  async keptTexts() {
    return (await this.#keptIn('texts')).map((record) => JSON.parse(record).text);
  }

  /** How many files the browser keeps. */
  async keptFiles() {
    return (await this.#keptIn('files')).length;
  }

  #keptIn(store) {
    return this.page.evaluate((store) => new Promise((resolve, reject) => {
      const opening = indexedDB.open('parlance');
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const database = opening.result;
        const all = database.transaction(store).objectStore(store).getAll();
        all.onerror = () => reject(all.error);
        all.onsuccess = () => {
          database.close();
          resolve(all.result);
        };
      };
    }), store);
  }

  /** Waits until the browser keeps as many messages as that. */
  keeps(count, ms) {
    return until(`${count} messages of ${this.name} are kept`, async () => (await this.kept()).length === count, ms);
  }

  /** The message that says something. */
  message(body) {
    return this.log.locator('.row', { has: this.page.locator('.message-body', { hasText: body }) });
  }

  /** Points at a message and clicks something in its bar. */
  async actOn(body, name) {
    const row = this.message(body);
    await row.hover();
    await row.getByRole('toolbar').getByRole('button', { name }).click();
  }

  /** Changes a message through its bar. */
  async edit(body, text) {
    await this.actOn(body, 'Edit');
    await until('the message is in the composer', async () => (await this.composer.inputValue()) === body);
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  async delete(body) {
    await this.actOn(body, 'More');
    await this.page.getByRole('menuitem', { name: 'Delete' }).click();
    await this.dialog.getByRole('button', { name: 'Delete' }).click();
  }

  /** The reactions below a message: emoji, how many, whether one is one's own. */
  reactions(body) {
    return this.message(body).locator('.chip').evaluateAll((chips) =>
      chips.map((chip) => [[...chip.children].slice(0, 2).map((part) => part.innerText).join(' '), chip.getAttribute('aria-pressed') === 'true']));
  }

  /** Waits until a message is on the screen, and returns how often it is. */
  async sees(body, ms) {
    await until(`${this.name} sees ${JSON.stringify(body.slice(0, 60))}`, async () => (await this.bodies()).includes(body), ms);
    return (await this.bodies()).filter((other) => other === body).length;
  }

  /** Waits until what the page knows now is drawn: that comes with the next frame at the latest. One that is hidden has none. */
  isDrawn() {
    return this.page.evaluate(() => {
      const frame = () => new Promise((shown) => requestAnimationFrame(shown));
      return document.hidden ? null : frame().then(frame).then(() => null);
    });
  }

  /** Waits until every own message is stored. */
  async allStored(ms) {
    await this.isDrawn();
    await until(
      `everything that ${this.name} wrote is stored`,
      async () => (await this.timeline()).every(({ state }) => state === null || state === 'stored'),
      ms,
    );
  }

  /** The room in the address bar. */
  get roomId() {
    return /\/r\/([0-9a-f]{16})/.exec(this.page.url())?.[1];
  }

  /** A room in the rail. */
  room(name) {
    return this.rooms.filter({ hasText: name });
  }

  async open(name) {
    await this.room(name).click();
    await this.isIn(name);
  }

  async openSettings() {
    await this.button(/^(Settings|设置)$/).filter({ visible: true }).click();
    await this.dialog.waitFor();
  }

  async signOut() {
    await this.openSettings();
    await this.dialog.getByRole('button', { name: 'Sign out' }).click();
    await this.page.getByRole('heading', { name: 'Sign out?' }).waitFor();
    await this.dialog.getByRole('button', { name: 'Sign out' }).click();
  }

  async useAnotherName() {
    await this.openSettings();
    await this.dialog.getByRole('button', { name: 'Use another name in this tab' }).click();
    await this.page.getByLabel('Your name').waitFor();
  }

  /** Makes a room through the form. */
  async create(name) {
    await this.button('New room').click();
    await this.dialog.getByRole('textbox').fill(name);
    await this.page.keyboard.press('Enter');
    await this.isIn(name);
  }

  async join(name) {
    await this.button('Browse rooms').click();
    await this.dialog.getByRole('button', { name: `Join ${name}` }).click();
    await this.isIn(name);
  }

  isIn(name) {
    return until(`${this.name} is in ${name}`, async () => (await this.log.getAttribute('aria-label')) === `Messages in ${name}`);
  }

  /** Lets the renderer of the page crash. What follows needs another tab. */
  async crash() {
    this.watch.expected.push(/^the page crashed/);
    const crashed = this.page.waitForEvent('crash');
    const chrome = await this.page.context().newCDPSession(this.page);
    // There is nobody left to answer.
    chrome.send('Page.crash').catch(() => {});
    await crashed;
  }

  async reload() {
    await this.page.reload();
    await this.seesRoom();
  }

  /** What has the focus, by its name. */
  focused() {
    return this.page.evaluate(() => {
      const { activeElement: at } = document;
      const shown = at.cloneNode(true);
      for (const hidden of shown.querySelectorAll('[hidden]')) hidden.remove();
      return at.getAttribute('aria-label') || shown.textContent.trim() || at.tagName;
    });
  }

  focusedId() {
    return this.page.evaluate(() => document.activeElement.id);
  }
}
