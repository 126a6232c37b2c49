// The browser: one process for all tests, a context of its own for every person.

import { chromium } from 'playwright-core';

const FLAGS = [
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: FLAGS,
    chromiumSandbox: false,
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
  };
}

/** A time zone in which it is ten in the morning, so that no test runs over midnight and every picture is of a day. */
function morning() {
  const ahead = 10 - new Date().getUTCHours();
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}
