import assert from 'node:assert/strict';
import { blockOnTheWay } from '../stage/states.mjs';
import { test } from '../stage/test.mjs';

const MINUTE = 60_000;

async function checks(person) {
  await person.button('Check the connection').click();
  return person.page.getByRole('status').filter({ hasText: /Nothing is wrong|should know/ }).waitFor({ timeout: MINUTE });
}

// Y3, Y5
test(import.meta.url, 'the check says what is refused on the way, and where the lines are that mend it', async (stage) => {
  const ada = await stage.signedIn(await stage.server(), 'Ada');
  await blockOnTheWay(ada);
  await ada.status.click();
  await checks(ada);
  const panel = await ada.page.getByRole('complementary').innerText();
  assert.match(panel, /WebSockets do not get through/);
  assert.match(panel, /Files of .* are refused on the way/);
  assert.ok(panel.includes(`parlance doctor ${ada.origin}`), panel);
});

// Y1 to Y5: with nothing in between all of them are answered, and nobody closes what is silent.
test(import.meta.url, 'the check finds nothing where nothing is wrong', async (stage) => {
  const ada = await stage.signedIn(await stage.server(), 'Ada');
  await ada.status.click();
  await checks(ada);
  const panel = await ada.page.getByRole('complementary').innerText();
  assert.match(panel, /Nothing is wrong on the way/);
  assert.equal(await ada.page.locator('.doctor li').count(), 0);
  // The chat itself went on.
  await ada.isLive(1_000);
});
