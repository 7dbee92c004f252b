/** What a payload does when it is taken for code. */
const RUN = 'window.__pwned=1'

/** One of each kind, for tests that look at each by itself. */
export const PAYLOADS = [
  `<script>${RUN}</script>`,
  `</script><script>${RUN}</script>`,
  `<img src=x onerror=${RUN}>`,
  `<svg onload=${RUN}>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>">`,
  `<a href="javascript:${RUN}">pay here</a>`,
  `<style>@import 'javascript:${RUN}'</style>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${RUN}&gt;">`,
  `"><img src=x onerror=${RUN}>`,
  `' autofocus onfocus=${RUN} x='`,
  `\${${RUN}}`,
  `{{constructor.constructor('${RUN}')()}}`,
  `javascript:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  '__proto__',
  'constructor',
]

const TAGS = [
  'img src=x',
  'svg',
  'body',
  'details open',
  'video',
  'audio src=x',
  'iframe',
  'input autofocus',
  'object data=x',
  'select autofocus',
  'marquee',
  'math',
  'a href=x',
  'style',
]
const HANDLERS = [
  'onerror',
  'onload',
  'onfocus',
  'ontoggle',
  'onloadstart',
  'onbegin',
  'onstart',
  'onpointerenter',
  'onanimationstart',
  'onbeforeinput',
]
const BEFORE = ['', '">', "'>", '</script>', '</style>', '</textarea>', '-->', ']]>', '<b>', '\u0000', '<!--<img src="--><', '&lt;/p&gt;']
const SPELLINGS: ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase().replace('WINDOW.__PWNED', 'window.__pwned'),
  (text) => text.replaceAll(' ', '/'),
]

/** Thousands of ways to be taken for markup: every tag with every handler, behind what would end a context, in several spellings. */
export function manyPayloads(): string[] {
  return TAGS.flatMap((tag) =>
    HANDLERS.flatMap((handler) => BEFORE.flatMap((before) => SPELLINGS.map((spell) => `${before}${spell(`<${tag} ${handler}=${RUN}>`)}`))),
  )
}
