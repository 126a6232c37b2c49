// The connection panel.

/** One of its views, opened. */
export async function view(person, name) {
  const panel = person.page.locator('#connection');
  if ((await panel.count()) === 0) await person.status.click();
  await panel.getByRole('tab', { name, exact: true }).click();
  return panel.getByRole('tabpanel', { name });
}
