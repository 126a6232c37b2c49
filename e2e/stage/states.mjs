// The states of the app that are looked at as a whole: by the accessibility checks and for the pictures. Each
// brings one person's page into the state, in any language and on any screen.

import { until } from './until.mjs';

const TALK = [
  ['Lin', 'Morning! Is the new build on the test server?'],
  ['Lin', 'I would like to try it before the call at ten.'],
  ['me', 'Yes, since last night: https://example.org/builds/42'],
  ['me', 'Restart it as often as you like. Nothing gets lost, I have tried.'],
  ['Wang', '我刚才在地铁上断网了五分钟，出来以后消息都自己补上了 👍'],
  ['Wang', '顺序也没乱。'],
  ['Lin', 'Same here, train through three tunnels. The banner counted down, then everything was there.'],
  ['me', 'A small list of what is left:\n1. the pictures for the README\n2. 中文文档再校一遍\n3. cake 🎂'],
  ['Lin', 'I bring the cake.'],
];

/** A server with some rooms and a conversation, and `me` signed in and looking at it. */
export async function scene(stage, look) {
  const server = await stage.server('--send-rate', '10000');
  const wire = await stage.wire(server);
  const me = await stage.person(wire, look.language === 'zh' ? '阿达' : 'Ada', look);
  me.watch.expectUnreachable();
  return { stage, server, wire, me, look };
}

async function inLobby(scene) {
  await scene.me.visit();
  await scene.me.signIn();
}

async function talk(scene) {
  const { stage, server, me } = scene;
  const others = { Lin: await stage.guest(server, 'Lin'), Wang: await stage.guest(server, '王小明') };
  await inLobby(scene);
  const lobby = others.Lin.room('lobby');
  for (const [who, body] of TALK) {
    if (who === 'me') await me.composer.fill(body), await me.composer.press('Enter');
    else await others[who].sendAll(lobby, [body]);
    await me.sees(body);
  }
  await me.allStored();
  for (const name of ['Design', '下午茶', 'Release 1.0', 'A room with a rather long name, to see what happens']) {
    const room = await others.Lin.create(name);
    await others.Wang.join(room);
    scene.rooms = { ...scene.rooms, [name]: room };
  }
  scene.others = others;
  return others;
}

/** On a phone the rail is a view of its own. */
async function toRail({ me, look }) {
  if (look.phone) await me.button(/Back to the rooms|返回房间列表/).click();
}

async function cut(scene) {
  scene.wire.cutSockets();
  await scene.me.isNotLive();
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
  rail: async (scene) => {
    const others = await talk(scene);
    for (const name of ['Design', '下午茶']) await joinAs(scene, name);
    await scene.me.page.goto(`${scene.me.origin}/r/${others.Lin.room('lobby')}`);
    await scene.me.isLive();
    await others.Wang.sendAll(scene.rooms['下午茶'], ['喝茶吗？', '三点半，老地方。']);
    await toRail(scene);
    await until('unread messages are counted', async () => (await scene.me.page.locator('.badge:not([hidden])').count()) === 1);
  },
  'waiting-and-failed': async (scene) => {
    await talk(scene);
    const { me, stage, server } = scene;
    await cut(scene);
    await me.composer.fill('This one will be refused.');
    await me.composer.press('Enter');
    await stage.useUpFirstDraft(server, me);
    scene.wire.mend();
    await me.isLive(40_000);
    await me.page.locator('.trouble[data-state="failed"]').waitFor();
    await cut(scene);
    await me.composer.fill('This one waits for the connection.');
    await me.composer.press('Enter');
    await until('it waits', async () => (await me.timeline()).some(({ state }) => state === 'queued'));
  },
  reconnecting: async (scene) => {
    await talk(scene);
    const { me } = scene;
    await cut(scene);
    await me.composer.fill('Written in the tunnel.');
    await me.composer.press('Enter');
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
    scene.wire.pinch();
    await scene.me.isNotLive();
    await scene.me.isLive(40_000);
    await scene.me.status.click();
    await scene.me.page.getByRole('complementary').waitFor();
    await until('a round trip was measured', async () => /\d+ (ms|毫秒)/.test(await scene.me.page.getByRole('complementary').innerText()));
  },
  settings: async (scene) => {
    await talk(scene);
    await toRail(scene);
    await scene.me.openSettings();
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
    const { me, wire } = scene;
    wire.cut();
    await me.isNotLive();
    for (let n = 0; n < 30; n++) {
      await others.Lin.sendAll(others.Lin.room('lobby'), Array.from({ length: 20 }, (_, k) => `Line ${n * 20 + k + 1} of a long protocol`));
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
  'not-in-room': async (scene) => {
    await inLobby(scene);
    await scene.me.visit('/r/ffffffffffffffff');
    await scene.me.page.getByText(/You are not in this room|你不在这个房间里/).waitFor();
  },
};

async function joinAs({ me, rooms }, name) {
  await me.visit(`/r/${rooms[name]}`);
  await me.page.getByRole('main').getByRole('button', { name: /^(Join|加入)$/ }).click();
  await me.seesRoom();
}
