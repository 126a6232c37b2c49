import assert from 'node:assert/strict';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

/** What the last message consists of, as tags and text. */
const last = (person) => person.page.locator('.message-body').last().evaluate((body) => {
  const clean = body.cloneNode(true);
  for (const part of clean.querySelectorAll('[hidden], button')) part.remove();
  for (const part of clean.querySelectorAll('*')) {
    for (const { name } of [...part.attributes]) if (name !== 'href') part.removeAttribute(name);
  }
  return clean.innerHTML;
});

async function shows(person, text, html) {
  const before = await person.page.locator('.message-body').count();
  await person.write(text);
  await until('it is there', async () => (await person.page.locator('.message-body').count()) > before);
  assert.equal(await last(person), html, text);
}

test(import.meta.url, 'a message has styles, lists, quotes and links, for the writer and for the others', async (stage) => {
  const server = await stage.server('--send-rate', '1000');
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  const cases = [
    ['**bold** *italic* ~~gone~~ `code`', '<strong>bold</strong> <em>italic</em> <s>gone</s> <code>code</code>'],
    ['这是**重点（注）**请看', '这是<strong>重点（注）</strong>请看'],
    ['snake_case, 2*3*4 :) *.rs', 'snake_case, 2*3*4 :) *.rs'],
    ['<b>not</b> &amp; <script>x</script>', '&lt;b&gt;not&lt;/b&gt; &amp;amp; &lt;script&gt;x&lt;/script&gt;'],
    ['two\nlines\n\n  and space', 'two\nlines\n\n  and space'],
    ['> said\n- one\n- two', '<blockquote><p>said</p></blockquote><ul><li><span>• </span>one</li><li><span>• </span>two</li></ul>'],
    ['3. c\n5. e', '<ol><li><span>3. </span>c</li><li><span>5. </span>e</li></ol>'],
    ['看https://a.example/b_c，好', '看<a href="https://a.example/b_c">https://a.example/b_c</a>，好'],
    ['ada@a.example', '<a href="mailto:ada@a.example">ada@a.example</a>'],
    ['[docs](https://a.example/b)', '<a href="https://a.example/b">docs</a>'],
    ['[x](javascript:alert(1))', '[x](javascript:alert(1))'],
  ];
  for (const [text, html] of cases) {
    await shows(ada, text, html);
    await until(`Bob sees ${html}`, async () => (await last(bob)) === html);
  }
  const link = bob.page.locator('.message-body a').last();
  assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
  assert.match(await link.getAttribute('title'), /^https:\/\/a\.example\/b · /);
});

test(import.meta.url, 'a link that looks like another address says where it leads', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const shown = async (text) => {
    await ada.write(text);
    await ada.allStored();
    return (await ada.page.locator('.message-body').last().innerText()).replaceAll(/\s+/g, ' ');
  };
  assert.equal(await shown('[https://bank.example](https://evil.example/bank.example)'), 'https://bank.example (evil.example)');
  // Of letters that look like others the browser tells which they are.
  await shown('https://\u0430pple.example/x');
  assert.match(await ada.page.locator('.link-host').last().innerText(), /^ ?\(xn--/);
  await shown('[the docs](https://a.example)');
  assert.equal(await ada.page.locator('.message-body').last().locator('.link-host').count(), 0);
});

test(import.meta.url, 'code has colours, scrolls by itself and can be copied', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada', { context: { permissions: ['clipboard-read', 'clipboard-write'] } });
  const code = `fn main() { // ${'long '.repeat(60)}\n    println!("<b>hi</b>", 42);\n}`;
  await ada.write(`see\n\`\`\`rust\n${code}\n\`\`\``);
  await ada.allStored();
  const block = ada.page.locator('.code-block');
  assert.equal(await block.locator('pre').innerText(), code);
  assert.equal(await block.locator('.code-keyword').first().innerText(), 'fn');
  assert.equal(await block.locator('.code-text').innerText(), '"<b>hi</b>"');
  assert.equal(await block.locator('.code-value').innerText(), '42');
  const [inner, outer] = await block.locator('pre').evaluate((pre) => [pre.scrollWidth > pre.clientWidth, document.documentElement.scrollWidth > innerWidth]);
  assert.deepEqual([inner, outer], [true, false]);
  await block.getByRole('button', { name: 'Copy the code' }).click();
  await block.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await ada.page.evaluate(() => navigator.clipboard.readText()), code);
  await block.getByRole('button', { name: 'Copy the code' }).waitFor();
});

test(import.meta.url, 'a few emoji alone are large, and what is read aloud has no signs', async (stage) => {
  const server = await stage.server();
  const ada = await stage.signedIn(server, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  const size = () => bob.page.locator('.message-body').last().evaluate((body) => parseFloat(getComputedStyle(body).fontSize));
  await ada.say('👍 ok');
  await bob.sees('👍 ok');
  const normal = await size();
  await ada.say('👍🏽❤️');
  await bob.sees('👍🏽❤️');
  assert.ok((await size()) > 2 * normal);
  await ada.say('**Hello** `x` [docs](https://a.example)');
  await until('it is read aloud', async () => (await bob.page.locator('[aria-live="polite"]').allInnerTexts()).includes('Ada: Hello x docs'));
});

test(import.meta.url, 'the end stays in view while many messages of different heights arrive', async (stage) => {
  const server = await stage.server('--send-rate', '10000');
  const ada = await stage.signedIn(server, 'Ada');
  const writer = await stage.guest(server, 'Wang');
  const body = (n) => [`line ${n}`, `- one\n- two\n- ${n}`, `\`\`\`\nfn a() {}\n${n}\n\`\`\``, `**bold**\n\n${n}`][n % 4];
  for (let n = 0; n < 900; n += 30) {
    await writer.sendAll(writer.room('lobby'), Array.from({ length: 30 }, (_, k) => body(n + k)));
    await writer.send(writer.room('lobby'), `after ${n + 30}`);
    await ada.sees(`after ${n + 30}`);
    assert.equal(await ada.toPresent.isVisible(), false, `the end was left after ${n + 30}`);
  }
  assert.ok((await ada.page.locator('.row').count()) <= 300);
});
