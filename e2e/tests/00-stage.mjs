import assert from 'node:assert/strict';
import { morning } from '../stage/browser.mjs';
import { test } from '../stage/test.mjs';

test(import.meta.url, 'at every hour there is a place where it is ten in the morning', async () => {
  for (let hour = 0; hour < 24; hour += 1) {
    const there = new Intl.DateTimeFormat('en-GB', { timeZone: morning(hour), hour: 'numeric' });
    assert.equal(there.format(Date.UTC(2026, 0, 1, hour)), '10', `at ${hour} UTC`);
  }
});
