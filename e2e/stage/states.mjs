// The states of the app that are looked at as a whole: by the accessibility checks and for the pictures. Each
// brings one person's page into the state, in any language and on any screen.

import { notes, png } from './image.mjs';
import { view } from './inspector.mjs';
import { script } from './script.mjs';
import { until } from './until.mjs';

/** A server, and a person who can be cut off from it and has not signed in yet. */
export async function scene(stage, look) {
  const server = await stage.server('--send-rate', '10000');
  const wire = await stage.wire(server);
  const words = script(look.language);
  const me = await stage.person(wire, words.me, look);
  me.watch.expectUnreachable();
  return { stage, server, wire, words, me, look };
}

async function inLobby(scene) {
  await scene.me.visit();
  await scene.me.signIn();
}

/** A conversation in the lobby, other rooms, and something unread in one of them. */
async function talk(scene) {
  const { stage, server, words, me } = scene;
  const others = { Lin: await stage.guest(server, 'Lin'), Wang: await stage.guest(server, '王小明') };
  await inLobby(scene);
  for (const [who, body] of words.talk) {
    if (who === 'me') await me.write(body);
    else await others[who].sendAll(others[who].room('lobby'), [body]);
    await me.sees(body);
  }
  await me.allStored();
  const program = await stage.programOf(server, me);
  const rooms = [];
  for (const name of words.rooms) rooms.push(await others.Lin.create(name));
  for (const room of rooms.slice(0, 2)) await program.join(room);
  await until('the rooms are in the rail', async () => (await me.page.locator('.rooms li').count()) === 3);
  await others.Lin.sendAll(rooms[1], words.unread);
  await until('unread messages are counted', async () => (await me.page.locator('.badge:not([hidden])').count()) === 1);
  return others;
}

/** On a phone the rail is a view of its own. */
async function toRail({ me, look }) {
  if (look.phone) await me.button(/Back to the rooms|返回房间列表/).click();
}

async function openFromSettings(scene, name) {
  await toRail(scene);
  await scene.me.openSettings();
  await scene.me.dialog.getByRole('button', { name }).click();
}

async function seqOf(guest, body) {
  const log = await guest.log(guest.room('lobby'));
  return log.find((event) => event.content.body === body).seq;
}

/** Shows the bar of a message. */
async function pointAt({ me, look }, body) {
  const row = me.message(body);
  if (look.phone) await row.locator('.message-body').tap();
  else await row.hover();
  await row.getByRole('toolbar').waitFor();
  return row;
}

async function openMenu(scene, body) {
  const { me } = scene;
  const row = await pointAt(scene, body);
  await row.getByRole('button', { name: /^(More|更多)$/ }).click();
  await me.page.getByRole('menuitem').first().waitFor();
}

async function imagesThere(me, count) {
  const there = await me.log.locator('.picture img').evaluateAll((all) => all.filter((image) => image.complete && image.naturalWidth > 0).length);
  return there >= count;
}

async function cut(scene) {
  scene.wire.cutSockets();
  await scene.me.isNotLive();
}

async function inspect(scene, name) {
  await talk(scene);
  await view(scene.me, name);
}

export const STATES = {
  'sign-in': async ({ me }) => {
    await me.visit();
    await me.page.getByRole('textbox').waitFor();
  },
  'sign-in-refused': async ({ me }) => {
    await me.visit();
    await me.page.getByRole('textbox').press('Enter');
    await until('the reason is there', async () => (await me.page.getByRole('alert').innerText()) !== '');
  },
  'empty-room': inLobby,
  room: talk,
  formatted: async (scene) => {
    await inLobby(scene);
    const { me, stage, server, words } = scene;
    const lin = await stage.guest(server, 'Lin');
    for (const [n, body] of words.formatted.entries()) {
      if (n % 2) await me.write(body);
      else await lin.sendAll(lin.room('lobby'), [body]);
      await me.page.locator('.message-body').nth(n).waitFor();
    }
    await me.allStored();
  },
  files: async (scene) => {
    const { Lin } = await talk(scene);
    const { me } = scene;
    const lobby = Lin.room('lobby');
    const share = async (...files) => {
      const attachments = [];
      for (const file of files) attachments.push(await Lin.bring(file));
      await Lin.act(lobby, { kind: 'message', attachments });
    };
    await share(png('harbour.png', 1_200, 700), png('tower.png', 500, 900));
    await share(notes('minutes of the meeting.pdf', 'x'.repeat(183_000)), notes('会议纪要.docx'));
    await me.log.locator('a.file').nth(1).waitFor();
    await until('the images are there', () => imagesThere(me, 2));
    await me.page.locator('#composer-files').setInputFiles([png('sunset.png', 800, 600), notes('notes.txt')]);
    await me.page.locator('.attached').nth(1).waitFor();
  },
  viewer: async (scene) => {
    const { Lin } = await talk(scene);
    const { me } = scene;
    const attachments = [await Lin.bring(png('harbour.png', 1_200, 700)), await Lin.bring(png('tower.png', 500, 900))];
    await Lin.act(Lin.room('lobby'), { kind: 'message', attachments });
    await until('the images are there', () => imagesThere(me, 2));
    await me.log.getByRole('button', { name: 'harbour.png' }).click();
    await until('the image is there', () => me.page.locator('.viewer img').evaluate((image) => image.complete && image.naturalWidth > 0));
  },
  emoji: async (scene) => {
    await inLobby(scene);
    const { me } = scene;
    await me.page.locator('.composer-emoji').click();
    await me.dialog.locator('button.emoji').nth(20).waitFor();
  },
  offered: async (scene) => {
    await inLobby(scene);
    const { me } = scene;
    const fetched = me.page.waitForResponse(/emoji\.txt$/);
    await me.composer.pressSequentially(':sm');
    await (await fetched).finished();
    await me.composer.pressSequentially('i');
    await me.page.getByRole('option').nth(3).waitFor();
  },
  rail: async (scene) => {
    await talk(scene);
    await toRail(scene);
  },
  'waiting-and-failed': async (scene) => {
    await talk(scene);
    const { me, stage, server, words } = scene;
    await cut(scene);
    await me.write(words.refused);
    await stage.useUpFirstDraft(server, me);
    scene.wire.mend();
    await me.isLive(40_000);
    await me.page.locator('.trouble[data-state="failed"]').waitFor();
    await cut(scene);
    await me.write(words.waiting);
    await until('it waits', async () => (await me.timeline()).some(({ state }) => state === 'queued'));
  },
  reconnecting: async (scene) => {
    await talk(scene);
    const { me, words } = scene;
    await cut(scene);
    await me.write(words.waiting);
    await until('the banner announces some seconds', async () => /([4-9]|1\d|20)/.test(await me.page.locator('.banner .countdown').innerText()), 60_000);
  },
  directory: async (scene) => {
    await talk(scene);
    await toRail(scene);
    await scene.me.button(/Browse rooms|浏览房间/).click();
    await scene.me.dialog.getByRole('listitem').nth(4).waitFor();
  },
  'new-room': async (scene) => {
    await talk(scene);
    await toRail(scene);
    await scene.me.button(/New room|新建房间/).filter({ visible: true }).click();
    await scene.me.dialog.getByRole('textbox').fill('Lobby');
    await scene.me.page.keyboard.press('Enter');
    await until('the reason is there', async () => (await scene.me.dialog.getByRole('alert').innerText()) !== '');
  },
  connection: async (scene) => {
    await talk(scene);
    await cut(scene);
    scene.wire.mend();
    await scene.me.isLive(40_000);
    await scene.me.status.click();
    await scene.me.page.getByRole('complementary').waitFor();
    await until('a round trip was measured', async () => /\d+ (ms|毫秒)/.test(await scene.me.page.getByRole('complementary').innerText()));
  },
  doctor: async (scene) => {
    await talk(scene);
    await blockOnTheWay(scene.me);
    await scene.me.status.click();
    await scene.me.button(/Check the connection|检查连接/).click();
    await scene.me.page.locator('.doctor li').nth(1).waitFor();
  },
  'fell-back': async (scene) => {
    scene.wire.refuseUpgrades();
    await talk(scene);
    await view(scene.me, /^(Now|当前)$/);
    await scene.me.page.locator('.doctor li').first().waitFor();
  },
  theatre: async (scene) => {
    await STATES.connection(scene);
    const { page } = scene.me;
    await page.locator('#transport + a').click();
    await page.locator('.theatre .button.primary').click();
    const trips = () => page.locator('[data-way] td:nth-of-type(4)').allInnerTexts();
    await until('all four have answered', async () => (await trips()).every((trip) => trip !== '–'));
  },
  establishing: async (scene) => {
    await inspect(scene, /^(Establishing|建立过程)$/);
    await scene.me.page.locator('[data-step="accept"]').waitFor();
  },
  'past-connections': async (scene) => {
    await talk(scene);
    await cut(scene);
    scene.wire.mend();
    await scene.me.isLive(40_000);
    await view(scene.me, /^(History|历史)$/);
    await until('both are listed', async () => (await scene.me.page.locator('.history-item').count()) >= 2);
  },
  frames: async (scene) => {
    await inspect(scene, /^(Frames|帧)$/);
    await scene.me.page.locator('.frame-line', { hasText: 'welcome' }).click();
    await scene.me.page.locator('.frame-decoded').waitFor();
  },
  journey: async (scene) => {
    await talk(scene);
    const mine = scene.words.talk.find(([who]) => who === 'me')[1];
    await openMenu(scene, mine);
    await scene.me.page.getByRole('menuitem', { name: /^(Journey|消息之旅)$/ }).click();
    await scene.me.dialog.locator('time').first().waitFor();
  },
  weather: async (scene) => {
    await inspect(scene, /^(Weather|天气)$/);
    await scene.me.page.locator('#connection').getByRole('radio').nth(2).check();
    await until('the line says so', async () => (await scene.me.page.locator('.weather-line').innerText()) !== '');
  },
  changes: async (scene) => {
    const others = await talk(scene);
    const { me, words, server, stage } = scene;
    const lobby = others.Lin.room('lobby');
    const log = await others.Lin.log(lobby);
    const seq = (body) => log.find((event) => event.content.body === body).seq;
    const [first, , , mine, far, , list] = words.talk.map(([, body]) => body);
    const program = await stage.programOf(server, me);
    await program.act(lobby, { kind: 'topic', topic: words.topic });
    await others.Lin.act(lobby, { kind: 'delete', target: seq(first) });
    await program.act(lobby, { kind: 'edit', target: seq(mine), body: `${mine} 🙂` });
    for (const who of [others.Lin, others.Wang, program]) {
      await who.act(lobby, { kind: 'react', target: seq(list), emoji: '🎂', on: true });
    }
    await others.Lin.act(lobby, { kind: 'react', target: seq(list), emoji: '👍', on: true });
    await others.Wang.act(lobby, { kind: 'react', target: seq(far), emoji: '👍', on: true });
    await others.Wang.act(lobby, { kind: 'leave' });
    await me.page.locator('.message', { hasText: list.split('\n')[0] }).locator('.chip').nth(1).waitFor();
    await pointAt(scene, `${mine} 🙂`);
  },
  // Answers, a mention, something pinned, and where reading goes on.
  answers: async (scene) => {
    const others = await talk(scene);
    const { me, words, stage, server } = scene;
    const lobby = others.Lin.room('lobby');
    const [question, , answer] = words.talk.map(([, body]) => body);
    await others.Lin.act(lobby, { kind: 'pin', target: await seqOf(others.Lin, answer), on: true });
    await others.Wang.act(lobby, { kind: 'message', body: words.reply, reply_to: await seqOf(others.Lin, question) });
    await me.sees(words.reply);
    // What comes while another room is open is unread.
    await toRail(scene);
    await me.room(words.rooms[0]).click();
    await until('another room is open', async () => (await me.log.getAttribute('aria-label')).includes(words.rooms[0]));
    const program = await stage.programOf(server, me);
    const named = { kind: 'message', body: words.mention, reply_to: await seqOf(others.Lin, answer), mentions: [program.me.id] };
    await others.Lin.act(lobby, named);
    await toRail(scene);
    await until('somebody is named', async () => (await me.page.locator('.badge:not([hidden])').count()) === 2);
    await me.room('lobby').click();
    await me.sees(words.mention);
    const row = await pointAt(scene, words.reply);
    await row.getByRole('toolbar').getByRole('button', { name: /^(Reply|回复)$/ }).click();
    await me.page.locator('.composer-answer:not([hidden])').waitFor();
  },
  history: async (scene) => {
    const others = await talk(scene);
    const { me, words, stage, server } = scene;
    const body = words.talk[3][1];
    const program = await stage.programOf(server, me);
    await program.act(program.room('lobby'), { kind: 'edit', target: await seqOf(others.Lin, body), body: `${body} 🙂` });
    await me.sees(`${body} 🙂`);
    await openMenu(scene, `${body} 🙂`);
    await me.page.getByRole('menuitem', { name: /^(Earlier versions|编辑记录)$/ }).click();
    await me.dialog.locator('.version').nth(1).waitFor();
  },
  menu: async (scene) => {
    await talk(scene);
    await openMenu(scene, scene.words.talk[3][1]);
  },
  members: async (scene) => {
    await talk(scene);
    await scene.me.button(/^(People in this room|房间里的人)$/).click();
    await scene.me.page.getByRole('complementary').getByText('王小明').waitFor();
  },
  switcher: async (scene) => {
    await talk(scene);
    const { me } = scene;
    await me.page.keyboard.press('Control+k');
    await me.dialog.getByRole('option').nth(1).waitFor();
  },
  search: async (scene) => {
    await talk(scene);
    const { me, words } = scene;
    await me.page.keyboard.press('Control+Shift+F');
    const panel = me.page.getByRole('complementary');
    await until('the index has followed', async () => {
      await panel.getByRole('searchbox').fill(words.asked);
      await panel.getByRole('searchbox').press('Enter');
      await panel.locator('.hit').first().waitFor({ timeout: 1_000 });
      return true;
    }, 15_000);
  },
  editing: async (scene) => {
    await talk(scene);
    await scene.me.composer.press('ArrowUp');
    await scene.me.page.locator('.composer-editing').filter({ visible: true }).waitFor();
  },
  deleting: async (scene) => {
    await talk(scene);
    await openMenu(scene, scene.words.talk[3][1]);
    await scene.me.page.getByRole('menuitem', { name: /^(Delete|删除)$/ }).click();
    await scene.me.dialog.getByRole('button', { name: /^(Delete|删除)$/ }).waitFor();
  },
  about: async (scene) => {
    await talk(scene);
    await scene.me.button(/About this room|关于此房间/).click();
    await scene.me.dialog.getByRole('button', { name: /Leave this room|离开房间/ }).click();
    await scene.me.dialog.getByRole('button', { name: /^(Leave|离开)$/ }).waitFor();
  },
  'not-kept': async (scene) => {
    await scene.me.page.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('refused', 'SecurityError');
      };
    });
    await talk(scene);
    await cut(scene);
    await scene.me.write(scene.words.waiting);
    await until('it waits', async () => (await scene.me.timeline()).some(({ state }) => state === 'queued'));
  },
  'part-failed': async (scene) => {
    await scene.me.page.route(/\/places-\w+\.wasm$/, (route) => route.abort());
    await talk(scene);
    await scene.me.page.locator('[aria-controls="search"]').filter({ visible: true }).click();
    await scene.me.page.getByText(/This could not be loaded|这部分没有加载成功/).waitFor();
  },
  'change-refused': async (scene) => {
    await talk(scene);
    const { me, words, server, stage } = scene;
    const [, , , mine] = words.talk.map(([, body]) => body);
    await cut(scene);
    const row = await pointAt(scene, mine);
    await row.getByRole('toolbar').getByRole('button').first().click();
    const program = await stage.programOf(server, me);
    const lobby = program.room('lobby');
    const target = (await program.log(lobby)).find((event) => event.content.body === mine).seq;
    await program.act(lobby, { kind: 'delete', target });
    scene.wire.mend();
    await me.isLive(40_000);
    await me.page.getByText(/was not accepted|未被接受/).waitFor();
  },
  settings: async (scene) => {
    await talk(scene);
    await toRail(scene);
    await scene.me.openSettings();
  },
  'sign-in-password': async ({ me }) => {
    await me.visit();
    await me.button(/^(I have an account|我有账号)$/).click();
    await me.page.locator('#password').fill('correct horse');
  },
  setup: async ({ me, server }) => {
    await me.visit(await server.setup);
    await me.page.getByRole('heading', { name: /Set up your server|设置你的服务器/ }).waitFor();
  },
  invited: async ({ me }) => {
    await me.visit('/invite#AAAA');
    await me.page.getByRole('heading', { name: /You are invited|有人邀请你/ }).waitFor();
  },
  pass: async ({ me }) => {
    await me.visit('/pass#AAAA');
    await me.page.getByRole('heading', { name: /Go on here|在这里继续/ }).waitFor();
  },
  account: async (scene) => {
    await inLobby(scene);
    await openFromSettings(scene, /^(Your account|我的账号)$/);
    await scene.me.dialog.getByRole('radio').first().waitFor();
  },
  'account-phone': async (scene) => {
    const { me } = scene;
    await inLobby(scene);
    await openFromSettings(scene, /^(Your account|我的账号)$/);
    await me.dialog.getByRole('button', { name: /Continue on my phone|在手机上继续/ }).click();
    await me.dialog.locator('.qr').scrollIntoViewIfNeeded();
  },
  order: async (scene) => {
    const { me, server, stage } = scene;
    await me.visit(await server.setup);
    await me.page.locator('#name').fill(scene.words.me);
    await me.page.locator('#password').fill('correct horse');
    await me.page.locator('#password').press('Enter');
    if (scene.look.phone) await me.room('lobby').click();
    await me.seesRoom();
    for (const name of ['Lin', '王小明']) await stage.guest(server, name);
    await openFromSettings(scene, /^(People and invitations|成员与邀请)$/);
    await me.dialog.getByRole('button', { name: /Make a link|生成链接/ }).click();
    await me.dialog.locator('.qr').waitFor();
    await me.dialog.getByText('王小明').waitFor();
  },
  'sign-out': async (scene) => {
    await inLobby(scene);
    await toRail(scene);
    await scene.me.openSettings();
    await scene.me.dialog.getByRole('button', { name: /Sign out|退出登录/ }).click();
    await scene.me.page.getByRole('heading', { name: /Sign out\?|确定退出吗/ }).waitFor();
  },
  gap: async (scene) => {
    const others = await talk(scene);
    const { me, wire, words } = scene;
    wire.cut();
    await me.isNotLive();
    for (let n = 0; n < 30; n++) {
      await others.Lin.sendAll(others.Lin.room('lobby'), Array.from({ length: 20 }, (_, k) => words.protocol(n * 20 + k + 1)));
    }
    wire.mend();
    await me.isLive(40_000);
    const gap = me.page.locator('.gap', { hasText: /not loaded|未加载/ });
    await until('the gap comes into the page', async () => {
      await me.log.evaluate((log) => (log.scrollTop -= 400));
      return (await gap.count()) === 1;
    });
    await gap.evaluate((row) => row.scrollIntoView({ block: 'center' }));
  },
  'taken-out': async (scene) => {
    const { Lin } = await talk(scene);
    const { me, words } = scene;
    await toRail(scene);
    await me.room(words.rooms[0]).click();
    await me.seesRoom();
    await until('the address is that of the room', async () => /\/r\/[0-9a-f]{16}/.test(me.page.url()));
    const room = me.roomId;
    const joined = (await Lin.log(room)).find((event) => event.author.name === words.me);
    await Lin.act(room, { kind: 'ban', person: joined.author, on: true });
    await me.page.getByText(/banned you from this room|把你移出了这个房间/).waitFor();
  },
  'not-in-room': async (scene) => {
    await inLobby(scene);
    await scene.me.visit('/r/ffffffffffffffff');
    await scene.me.page.getByText(/You are not in this room|你不在这个房间里/).waitFor();
  },
};

/** Does to the doctor's probes what a badly set up proxy does; the chat's own socket has a query and goes through. */
export async function blockOnTheWay({ page, watch }) {
  watch.expected.push(/^Failed to load resource: the server responded with a status of 413/);
  await page.routeWebSocket(/\/ws$/, (socket) => socket.close());
  await page.route('**/api/doctor/body', (route) => route.fulfill({ status: 413, body: 'Request Entity Too Large' }));
}
