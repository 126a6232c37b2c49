// What a page says, and whether it is in one language.

/** Every text that a person can read or hear: text, names, titles, hints in fields. */
function texts(page) {
  return page.evaluate(() => {
    const NAMES = ['aria-label', 'title', 'placeholder', 'alt'];
    const found = [document.title];
    // What people wrote is in no language of ours, and it is also said to screen readers.
    const said = [...document.querySelectorAll('.message-body')].map((body) => body.textContent);
    const ours = (text) => said.reduce((text, body) => text.replace(body, ''), text).trim();
    // Emoji have names that are written in Latin letters in Chinese too.
    const own = '.inspector pre, .frame-kind, .computation dd, .picker-grid, .completion, .message-body, .message-author, .room-name, .rail-me, .place-title, .place-topic, .avatar, noscript, script, style';
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
      if (element.closest(own)) continue;
      if (node === element) NAMES.forEach((name) => element.getAttribute(name) && found.push(element.getAttribute(name)));
      else if (ours(node.data)) found.push(ours(node.data));
    }
    return [...new Set(found)];
  });
}

// What is written with Latin letters in Chinese too: names, keys, units, and what people called their rooms.
const LATIN_IN_CHINESE = /https:\S+|parlance doctor \S+|Parlance|fsync|Wireshark|JSON|Sec-WebSocket-Accept|WebSocket|readyState|bufferedAmount|wasClean|CONNECTING|OPEN|CLOSING|CLOSED|\b(hello|welcome|resumed|open|text)\b|GET \/ws|Switching Protocols|Upgrade|Connection|Version|Origin|Protocol|Accept|Key|HTTP|https\b|RFC|SHA|base64|DNS|TCP|TLS|SSE|POST|Markdown|Enter|Esc|Shift|Ctrl|Chrome|Linux|English|UTF-8|\b[kM]?B\b|lobby|Lobby|Lin|harbour|tower|sunset|notes|minutes of the meeting|\.(png|pdf|docx|txt)|\b(in|from|before|after|on|has):|has:file|\bfile\b|@room/g;
const CHINESE_IN_ENGLISH = /简体中文|王小明|会议纪要/g;

/** What in a page is not in its language. */
export async function foreign(page, language) {
  const [own, other] = language === 'zh' ? [LATIN_IN_CHINESE, /[A-Za-z]{2,}/] : [CHINESE_IN_ENGLISH, /[\u3400-\u9fff]/];
  return (await texts(page)).map((text) => text.replace(own, '')).filter((text) => other.test(text));
}
