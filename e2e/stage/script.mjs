// What people say in the states that are looked at, in the language of the page.

const CODE = '```rust\n/// How many wait.\nfn waiting(outbox: &[Entry]) -> usize {\n    // Those that were never sent, whatever became of the ones that were written before them in this room\n    outbox.iter().filter(|entry| entry.attempts == 0).count() + 42\n}\nlet name = "lobby";\n```';

const EN = {
  me: 'Ada',
  talk: [
    ['Lin', 'Morning! Is the new build on the test server?'],
    ['Lin', 'I would like to try it before the call at ten.'],
    ['me', 'Yes, since last night: https://example.org/builds/42'],
    ['me', 'Restart it as often as you like. Nothing gets lost, I have tried.'],
    ['Wang', '我刚才在地铁上断网了五分钟，出来以后消息都自己补上了 👍'],
    ['Lin', 'Same here, train through three tunnels. The banner counted down, then everything was there.'],
    ['me', 'What is left:\n1. the pictures for the README\n2. one more look at the Chinese pages\n3. cake 🎂'],
    ['Lin', 'I bring the cake.'],
  ],
  rooms: ['Design', 'Tea', 'Release 1.0', 'A room with a rather long name, to see what happens'],
  unread: ['Tea at half past three?', 'The usual place.'],
  topic: 'Release 1.0 by Friday, and cake',
  reply: 'It is, and it is fast.',
  mention: '@Ada could you look at the second page again?',
  asked: 'cake from:Lin',
  refused: 'This one will be refused.',
  waiting: 'This one waits for the connection.',
  protocol: (n) => `Line ${n} of a long protocol`,
  formatted: [
    '**Release 1.0** is *nearly* done, ~~Thursday~~ **Friday**. See https://example.org/builds/42_rc and [the notes](https://example.org/notes), or `git log`.',
    '> Is the new build on the test server?\n\nSince last night. What is left:\n1. the pictures for the README\n2. one more look at the Chinese pages\n   - rooms\n   - `settings`\n3. cake 🎂',
    CODE,
    '[https://bank.example](https://evil.example/bank)',
    '🎂🎉👍🏽',
  ],
};

const ZH = {
  me: '阿达',
  talk: [
    ['Lin', '早！新版本上测试服务器了吗？'],
    ['Lin', '十点开会前我想先试试。'],
    ['me', '昨晚就上了：https://example.org/builds/42'],
    ['me', '随便重启，消息一条都不会丢，我试过了。'],
    ['Wang', '我刚才在地铁上断网了五分钟，出来以后消息都自己补上了 👍'],
    ['Lin', 'Same here on the train. The banner counted down, then everything was there.'],
    ['me', '还剩几件小事：\n1. README 的截图\n2. 中文文档再校一遍\n3. 蛋糕 🎂'],
    ['Lin', '蛋糕我带。'],
  ],
  rooms: ['设计', '下午茶', '发布 1.0', '一个名字特别长的房间，看看一行放不下的时候会怎么样，要不要省略'],
  unread: ['三点半喝茶吗？', '老地方。'],
  topic: '周五发布 1.0，还有蛋糕',
  reply: '上了，而且很快。',
  mention: '@阿达 第二页能再看一下吗？',
  asked: '蛋糕 from:Lin',
  refused: '这一条会被拒绝。',
  waiting: '这一条要等连接恢复。',
  protocol: (n) => `会议记录第 ${n} 行`,
  formatted: [
    '**发布 1.0**差不多了，~~周四~~**周五**上线。看https://example.org/builds/42_rc，或者[发布说明](https://example.org/notes)，也可以用`git log`。',
    '> 新版本上测试服务器了吗？\n\n昨晚就上了。还剩：\n1. README 的截图\n2. 中文页面再看一遍\n   - 房间\n   - `设置`\n3. 蛋糕 🎂',
    CODE,
    '[https://bank.example](https://evil.example/bank)',
    '🎂🎉👍🏽',
  ],
};

export const script = (language) => (language === 'zh' ? ZH : EN);
