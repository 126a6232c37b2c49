// The browser: one process for all tests, a context of its own for every person.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { watched } from './children.mjs';

const FLAGS = [
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

const DEBIANS_SHELL = '/usr/bin/chromium-headless-shell';

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** The browser that people have. Only it keeps its profile through a violent end, and shows pages again from its cache. */
export const whole = () => process.env.CHROMIUM ?? '/usr/bin/chromium';

/** The same engine without windows and toolbars, and the processes that draw them: half the work for the same page. */
export const headless = () =>
  process.env.HEADLESS_SHELL ?? process.env.CHROMIUM ?? (existsSync(DEBIANS_SHELL) ? DEBIANS_SHELL : whole());

/** @param {string} executablePath */
export function launch(executablePath) {
  return chromium.launch({
    executablePath,
    args: FLAGS,
    chromiumSandbox: false,
  });
}

/** A browser with a profile of its own on the disk, which can be ended, killed and started again. */
export class OwnBrowser {
  #child = null;
  #connection = null;
  #folder;

  static async make() {
    const browser = new OwnBrowser();
    browser.#folder = await mkdtemp(path.join(tmpdir(), 'parlance-profile-'));
    return browser;
  }

  async start() {
    const flags = [...FLAGS, '--headless=new', '--no-sandbox', '--remote-debugging-port=0', `--user-data-dir=${this.#folder}`];
    const child = watched(spawn(whole(), [...flags, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] }));
    this.#child = child;
    this.#connection = await chromium.connectOverCDP(await heardAddress(child));
    this.context = this.#connection.contexts()[0];
  }

  /** Ends it as a person would. */
  async end() {
    const gone = exit(this.#child);
    const chrome = await this.#connection.newBrowserCDPSession();
    await chrome.send('Browser.close').catch(() => {});
    await gone;
  }

  /** Ends it without a goodbye. */
  async kill() {
    const gone = exit(this.#child);
    this.#child.kill('SIGKILL');
    await gone;
  }

  async close() {
    if (this.#child?.exitCode === null && this.#child.signalCode === null) await this.kill();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const exit = (child) => new Promise((resolve) => child.once('exit', resolve));

function heardAddress(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the browser names no address')), 20_000);
    createInterface({ input: child.stderr }).on('line', (line) => {
      const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (!address) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}

/**
 * The options of a context.
 * @param {{language?: 'en' | 'zh', theme?: 'light' | 'dark', phone?: boolean}} look
 */
export function contextOptions({ language = 'en', theme = 'light', phone = false }) {
  return {
    viewport: phone ? PHONE : DESKTOP,
    hasTouch: phone,
    isMobile: phone,
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
    timezoneId: morning(),
    colorScheme: theme,
    reducedMotion: 'reduce',
    // With it answers come from elsewhere than the server; the tests of the shell say that they want it.
    serviceWorkers: 'block',
  };
}

/** A time zone in which it is ten in the morning, so that no test runs over midnight and every picture is of a day. */
export function morning(hour = new Date().getUTCHours()) {
  // Zones reach from twelve hours behind to fourteen ahead.
  const ahead = hour === 23 ? 11 : 10 - hour;
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}
